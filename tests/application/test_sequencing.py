"""Events come from the store into the log as they stand there; witnesses are asked in time."""

import errno
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from tests.faults.promises import until
from tests.integrity.sequenced import DAY, Desk
from tests.integrity.watched import ORIGIN, Log, Served, serving, witness_in, witness_keys
from tests.persistence.facts import SIGNALLED, stream
from tests.seeded import seeded
from uitvoering.application import sequencing
from uitvoering.application.sequencing import LoggedEvents, Sequencing
from uitvoering.application.stamping import Stamping
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.events.signal import SignalAcknowledged
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.keys.errors import KeysAwayError, KeysExposedError
from uitvoering.integrity.log.errors import LogForkedError
from uitvoering.integrity.log.opening import opened
from uitvoering.integrity.log.rows import SignedCheckpoint
from uitvoering.integrity.log.sequencer import LoggedEvent, Sequencer
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.integrity.tree.leaf import leaf_of
from uitvoering.integrity.witness.client import Asked, WitnessForkError
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import Store, migrate, open_store
from uitvoering.wiring import utc_now


def test_every_stored_event_is_a_leaf_made_of_its_bytes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "PAGE", 4)
    for number in range(5):
        store.append(stream(number, 3))
    events = LoggedEvents(store, ORIGIN)
    pages = list(events.pages(0))
    found = [event for page in pages for event in page]
    expected = []
    for position, event in store.stream():
        stored = store.stored(event.event_id)
        assert stored is not None
        leaf = leaf_of(ORIGIN, stored.topic, stored.state)
        expected.append(LoggedEvent(position, leaf, event.fact == SIGNALLED))
        assert events.leaf_at(position) == leaf
        assert events.count(position) == len(expected)
    assert found == expected
    assert [len(page) for page in pages] == [4, 4, 4, 3]
    assert [event for page in events.pages(found[6].position) for event in page] == found[7:]
    last = found[-1].position
    assert list(events.pages(last)) == []
    assert events.leaf_at(last + 1) is None
    assert events.count(0) == 0


def test_no_leaf_is_made_of_an_event_before_which_another_may_still_appear(
    postgres_url: str, tmp_path: Path
) -> None:
    """In parallel mode an older transaction may commit below it: the log would skip that."""
    migrate(postgres_url, writers=Writers.PARALLEL)
    desk = Desk(tmp_path)
    desk.create()
    with closing(open_store(postgres_url)) as store, closing(open_store(postgres_url)) as another:
        events = LoggedEvents(store, ORIGIN)
        with opened(desk.ledger, desk.signer, events, desk.clock) as sequencer:
            with psycopg.connect(postgres_url) as older:
                older.execute("SELECT pg_current_xact_id()")  # it has a number and does not end
                another.append(stream(1, 2))
                assert sequencer.step(DAY) is None
            signed = sequencer.step(DAY)
    assert signed is not None
    assert signed.checkpoint.size == 2


def _work(
    desk: Desk, store: Store, tell: Callable[[UitvoeringError], None] | None = None
) -> Sequencing:
    told: list[UitvoeringError] = []
    app = Uitvoering(store=store, clock=utc_now)
    return Sequencing(app, desk.ledger, desk.signer, tell or told.append)


# --- one that follows


@pytest.fixture
def seeded_store(sqlite_url: str) -> Iterator[Store]:
    with closing(open_store(seeded(sqlite_url))) as store:
        yield store


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "desk")
    desk.create()
    return desk


@pytest.fixture
def served(desk: Desk, tmp_path: Path) -> Iterator[Served]:
    """The witness of this log's policy."""
    keys, own = witness_keys(), desk.signer.checkpoint_keys()
    witness = witness_in(tmp_path / "witness", keys=keys)
    for key in own:
        witness.enrol(key.public)
    with serving(witness) as found:
        rows = (f"log {own[0].public}", f"witness one {keys[0].public} {found.url}", "quorum one")
        desk.ledger.policy.write_text("\n".join((*rows, "")))
        yield found


def ignored(_: SignedCheckpoint) -> None:
    """Nobody reads along."""


@contextmanager
def following(
    work: Sequencing, signed: Callable[[SignedCheckpoint], None] = ignored
) -> Iterator[list[BaseException]]:
    """Until left; whatever ended it before that."""
    stopped, ended = threading.Event(), list[BaseException]()

    def follow() -> None:
        try:
            work.follow(stopped, signed)
        except BaseException as error:  # noqa: BLE001 for the test to look at
            ended.append(error)

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield ended
    finally:
        stopped.set()
        thread.join()


def sizes(desk: Desk) -> tuple[int, int]:
    cosigned = desk.ledger.cosigned()
    return desk.ledger.published().checkpoint.size, cosigned.checkpoint.size if cosigned else 0


def test_witnesses_are_asked_at_once_when_an_author_waits_and_else_once_in_a_while(
    desk: Desk, served: Served, seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "PAUSE", 0.05)
    with following(_work(desk, seeded_store)) as ended:
        size = seeded_store.count(2**53)
        until(lambda: sizes(desk) == (size, size))  # the first round is at the start
        seeded_store.append(stream(1, 2, first=SignalAcknowledged()))
        until(lambda: sizes(desk)[0] == size + 2)
        time.sleep(0.3)  # other looks at the store, and nobody waits
        assert sizes(desk) == (size + 2, size)
        seeded_store.append(stream(2, 1))
        until(lambda: sizes(desk) == (size + 3, size + 3))
    assert ended == []
    assert len([line for line in served.told if "add-checkpoint" in line]) == 2


def test_what_is_filed_in_one_go_is_signed_in_few(
    desk: Desk, seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, begun = Sequencer.step, list[float]()

    def seen(sequencer: Sequencer, renewed_after: float) -> SignedCheckpoint | None:
        begins = time.monotonic()
        found = step(sequencer, renewed_after)
        if found is not None:
            begun.append(begins)
        return found

    monkeypatch.setattr(sequencing, "PAUSE", 0.5)
    monkeypatch.setattr(Sequencer, "step", seen)
    with following(_work(desk, seeded_store)):
        for number in range(20):
            seeded_store.append(stream(number, 1))
            time.sleep(0.02)
        until(lambda: sizes(desk)[0] == seeded_store.count(2**53))
    assert len(begun) > 1
    assert all(later - earlier > 0.3 for earlier, later in pairwise(begun))


def test_a_witness_that_gave_no_answer_is_asked_again_without_anything_filed(
    desk: Desk, served: Served, seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "ASK_SECONDS", 0.2)
    policy = desk.ledger.policy.read_text()
    desk.ledger.policy.write_text(policy.replace(served.url, "http://127.0.0.1:1"))
    told: list[UitvoeringError] = []
    with following(_work(desk, seeded_store, told.append)):
        until(lambda: bool(told) and told[-1].code == "witness-unreachable")
        assert sizes(desk)[1] == 0
        desk.ledger.policy.write_text(policy)
        until(lambda: sizes(desk)[1] == seeded_store.count(2**53))


def test_a_witness_that_holds_another_history_ends_it_and_filing_goes_on(
    desk: Desk, served: Served, seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "ASK_SECONDS", 0.2)
    another = Log([b"another past"] * 3, desk.signer.checkpoint_keys())
    assert served.add(another.request(0)).status == 200
    policy = desk.ledger.policy.read_text()
    desk.ledger.policy.write_text(policy.replace(served.url, "http://127.0.0.1:1"))
    told: list[UitvoeringError] = []
    with following(_work(desk, seeded_store, told.append)) as ended:
        until(lambda: bool(told))
        desk.ledger.policy.write_text(policy)
        until(lambda: bool(ended))
        assert isinstance(ended[0], WitnessForkError)
        shown = desk.ledger.published()
        seeded_store.append(stream(1, 1))
    with following(_work(desk, seeded_store)) as again:  # nor by starting it again
        until(lambda: bool(again))
    assert isinstance(again[0], LogForkedError)
    assert desk.ledger.published() == shown


def test_nothing_is_signed_after_a_fork_was_told(
    desk: Desk, seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was filed meanwhile waits in the store."""
    size, filed = seeded_store.count(2**53), threading.Event()

    def told(_: Sequencing) -> list[Asked]:
        seeded_store.append(stream(1, 1))
        filed.set()
        raise WitnessForkError(holder="one", size=size, offered=b"", held=None)

    monkeypatch.setattr(Sequencing, "ask", told)
    with following(_work(desk, seeded_store)) as ended:
        until(lambda: bool(ended))
    assert filed.is_set()
    assert isinstance(ended[0], WitnessForkError)
    assert sizes(desk)[0] == size


@pytest.mark.parametrize(
    ("written", "code"),
    [("quorum everybody\n", "policy-malformed"), ("ftp://x.nl", "witness-address")],
)
def test_a_policy_that_cannot_be_read_is_told_once_and_the_log_goes_on(
    desk: Desk,
    served: Served,
    seeded_store: Store,
    monkeypatch: pytest.MonkeyPatch,
    written: str,
    code: str,
) -> None:
    monkeypatch.setattr(sequencing, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(sequencing, "PAUSE", 0.1)
    policy = desk.ledger.policy.read_text()
    wrong = policy.replace(served.url, written) if "\n" not in written else written
    desk.ledger.policy.write_text(wrong)
    told: list[UitvoeringError] = []
    for number in range(2):  # and one that is started anew
        told.clear()
        with following(_work(desk, seeded_store, told.append)) as ended:
            until(lambda: bool(told))
            for more in range(3):
                seeded_store.append(stream(10 * number + more, 1))
                until(lambda: sizes(desk)[0] == seeded_store.count(2**53))
                time.sleep(0.2)
            assert sizes(desk)[1] == 0
            if number:
                desk.ledger.policy.write_text(policy)
                seeded_store.append(stream(99, 1))
                until(lambda: sizes(desk)[1] == seeded_store.count(2**53))
        assert ended == []
        assert [error.code for error in told] == [code]


def test_what_goes_wrong_in_telling_of_a_checkpoint_is_not_blamed_on_the_log(
    desk: Desk, seeded_store: Store
) -> None:
    def full(_: SignedCheckpoint) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    told: list[UitvoeringError] = []
    with following(_work(desk, seeded_store, told.append), full) as ended:
        until(lambda: bool(told or ended))
    assert told == []
    assert [type(error) for error in ended] == [OSError]


@pytest.mark.parametrize(
    ("left", "refusal"), [(None, KeysAwayError), (0o700, KeysAwayError), (0o755, KeysExposedError)]
)
def test_keys_that_cannot_be_used_when_it_begins_are_refused(
    desk: Desk, seeded_store: Store, left: int | None, refusal: type[UitvoeringError]
) -> None:
    shutil.rmtree(desk.keys)
    if left is not None:
        desk.keys.mkdir(left)
    stopped = threading.Event()
    stopped.set()
    work = _work(desk, seeded_store)
    for begun in (work.once, lambda: work.follow(stopped, ignored)):
        with pytest.raises(refusal):
            begun()
    assert desk.ledger.published().checkpoint.size == 0


def test_once_ends_at_what_was_there_when_it_began(
    desk: Desk, seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, pages, asked = seeded_store.count(2**53), LoggedEvents.pages, list[int]()

    def filed_meanwhile(events: LoggedEvents, after: int) -> Iterator[Sequence[LoggedEvent]]:
        yield from list(pages(events, after))
        asked.append(after)
        assert len(asked) < 5, "it never ends"
        seeded_store.append(stream(len(asked), 1))

    monkeypatch.setattr(LoggedEvents, "pages", filed_meanwhile)
    assert _work(desk, seeded_store).once().checkpoint.size == size


def test_once_stamps_also_where_the_policy_cannot_be_read(
    desk: Desk, seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Stamping] = []
    monkeypatch.setattr(Stamping, "look", lambda self, _: looked.append(self))
    desk.ledger.policy.write_text("quorum everybody\n")
    with pytest.raises(PolicyMalformedError):
        _work(desk, seeded_store).once()
    assert len(looked) == 1
    assert desk.ledger.published().checkpoint.size == seeded_store.count(2**53)
