"""Another clock stamps a log as often as it is signed again, and keeps nobody from signing it."""

import errno
import threading
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.faults.promises import until
from tests.integrity import authority
from tests.integrity.sequenced import DAY, Desk, desk_in
from tests.persistence.facts import stream
from tests.seeded import seeded
from uitvoering.application import sequencing, stamping
from uitvoering.application.sequencing import Sequencing
from uitvoering.application.stamping import Authority
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.rows import StampRow
from uitvoering.integrity.notes.stamps import check
from uitvoering.persistence.store import open_store
from uitvoering.wiring import utc_now

pytestmark = pytest.mark.skipif(
    authority.OPENSSL is None, reason="openssl is the authority, and is not here"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> authority.Authority:
    return authority.authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def failing() -> threading.Event:
    return threading.Event()


@pytest.fixture
def ours(made: authority.Authority, failing: threading.Event) -> Generator[Authority]:
    """One that is out of order while `failing`."""
    replies = authority.replying(made)

    def answer(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        if failing.is_set():
            authority.send(handler, b"", status=503)
        else:
            replies(handler, query)

    with authority.served(answer) as address:
        yield Authority(address, (made.root.read_bytes(),))


def stamps(desk: Desk) -> list[StampRow]:
    with closing(desk.ledger.rows()) as rows:
        return rows.stamps()


def test_a_log_in_which_nothing_is_filed_is_stamped_again(tmp_path: Path, ours: Authority) -> None:
    desk = desk_in(tmp_path, 3)
    done = [ours.stamp_if_due(desk.ledger, desk.clock, DAY) for _ in range(2)]
    desk.clock.now += int(DAY) - 1
    done.append(ours.stamp_if_due(desk.ledger, desk.clock, DAY))
    desk.clock.now += 1
    done.append(ours.stamp_if_due(desk.ledger, desk.clock, DAY))
    desk.clock.now -= 3 * int(DAY)  # a clock that was ahead, and was set right
    done.append(ours.stamp_if_due(desk.ledger, desk.clock, DAY))
    assert done == [True, False, False, True, True]
    assert [row.size for row in stamps(desk)] == [3, 3, 3]
    text = desk.ledger.published().checkpoint.text.encode()
    for row in stamps(desk):
        check(row.response, text, ours.roots)


def test_an_authority_that_fails_is_told_once_and_asked_again_and_keeps_nothing_from_being_signed(
    sqlite_url: str,
    tmp_path: Path,
    ours: Authority,
    failing: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sequencing, "PAUSE", 0.01)
    monkeypatch.setattr(stamping, "LOOK_SECONDS", 0.0)
    desk, told, stopped = desk_in(tmp_path), list[UitvoeringError](), threading.Event()
    looked, look = list[None](), stamping.Stamping.look

    def looked_since(seen: int) -> bool:
        return len(looked) > seen

    def counted(self: stamping.Stamping, after: float) -> None:
        look(self, after)
        looked.append(None)

    monkeypatch.setattr(stamping.Stamping, "look", counted)
    failing.set()
    with closing(open_store(seeded(sqlite_url))) as store:
        app = Uitvoering(store=store, clock=utc_now)
        work = replace(Sequencing(app, desk.ledger, desk.signer, told.append), authority=ours)
        thread = threading.Thread(target=work.follow, args=(stopped, lambda _: None))
        thread.start()
        try:
            for number in range(1, 4):
                seen = len(looked)
                store.append(stream(number, 1))
                until(lambda: desk.ledger.published().checkpoint.size == store.count(2**53))
                until(partial(looked_since, seen))
            assert stamps(desk) == []
            failing.clear()
            store.append(stream(9, 1))
            until(lambda: bool(stamps(desk)))
        finally:
            stopped.set()
            thread.join()
    assert [error.code for error in told] == ["stamp-authority-silent"]
    assert len(stamps(desk)) == 1


def test_an_address_that_cannot_be_read_is_told(tmp_path: Path, ours: Authority) -> None:
    desk, told = desk_in(tmp_path, 1), list[UitvoeringError]()
    wrong = replace(ours, address="http://[tsa")
    work = stamping.Stamping(wrong, desk.ledger, desk.clock, told.append)
    for _ in range(2):
        work.look(DAY)
    assert [error.code for error in told] == ["stamp-refused"]


def test_a_log_whose_folder_is_away_is_no_damage_and_is_stamped_when_it_is_back(
    tmp_path: Path, ours: Authority
) -> None:
    desk, told = desk_in(tmp_path, 1), list[UitvoeringError]()
    ledger = desk.ledger
    work = stamping.Stamping(ours, ledger, desk.clock, told.append)
    ledger.directory.rename(tmp_path / "away")
    for _ in range(2):
        work.look(DAY)
    assert [error.code for error in told] == ["ledger-unwritable"]
    (tmp_path / "away").rename(ledger.directory)
    work.look(DAY)
    assert len(stamps(desk)) == 1


def test_what_the_system_says_of_the_files_of_the_log_is_told(
    tmp_path: Path, ours: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, told = desk_in(tmp_path, 1), list[UitvoeringError]()

    def full(*_: object) -> None:
        raise OSError(errno.EMFILE, "too many open files")

    monkeypatch.setattr(Ledger, "rows", full)
    stamping.Stamping(ours, desk.ledger, desk.clock, told.append).look(DAY)
    assert [error.code for error in told] == ["ledger-unwritable"]
