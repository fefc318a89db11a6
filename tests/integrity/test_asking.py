"""Several processes ask the witnesses at once: that is no fork; a fork stands until taken back."""

import errno
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.integrity.sequenced import Desk, desk_in
from tests.integrity.test_sequencer import NOBODY, asked, enrolled, policy
from tests.integrity.test_witness_client import KEYS, PUBLIC, SIZE, answering, said
from tests.integrity.watched import NOON, ORIGIN, Clock, log_of, serving, witness_in, witness_keys
from uitvoering.errors import TamperedError, UitvoeringError
from uitvoering.integrity.log.errors import LogForkedError, LogRolledBackError
from uitvoering.integrity.log.publishing import policy_in
from uitvoering.integrity.log.rows import Answer, LedgerRows
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import formatted, parsed
from uitvoering.integrity.notes.policy_file import MOST_ASKED, PolicyMalformedError, policy_of
from uitvoering.integrity.witness import asking
from uitvoering.integrity.witness import client as witness_client
from uitvoering.integrity.witness.asking import ask_witnesses
from uitvoering.integrity.witness.client import (
    WitnessAddressError,
    WitnessAheadError,
    WitnessClient,
    WitnessForkError,
    WitnessRefusedError,
)

Said = Callable[[bytes, socket.socket], None]


def test_a_witness_that_was_shown_more_meanwhile_is_asked_again_over_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ledger witness` read one checkpoint, and the sequencer signed and showed the next."""
    desk, keys = desk_in(tmp_path / "desk"), witness_keys()
    witness = witness_in(tmp_path / "witness", keys=keys, clock=Clock())
    enrolled(witness, desk)
    real, others = witness_client.ask, iter([106, 4])

    def meanwhile(*given: Any) -> Any:
        count = next(others, 0)
        if count:
            desk.sequence(count)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(asking, "ask", real)
                assert asked(desk) == {"one": ""}
        return real(*given)

    monkeypatch.setattr(asking, "ask", meanwhile)
    with serving(witness) as served:
        desk.ledger.policy.write_bytes(policy(desk, one=(served.url, keys)))
        assert asked(desk) == {"one": ""}
    with closing(desk.ledger.rows()) as rows:
        assert [answer.fork for answer in rows.last_answers()] == [False]
    desk.sequence(1)


def conversation(*answers: Said) -> Said:
    """Each in its turn."""
    left = iter(answers)

    def answer(sent: bytes, line: socket.socket) -> None:
        next(left)(sent, line)

    return answer


def conflict(size: int) -> Said:
    return said("409 Conflict", f"{size}\n", SIZE)


def test_a_witness_that_moves_between_two_answers_is_followed() -> None:
    log = log_of(20)
    good = said("200 OK", KEYS[0].cosignature_line(log.checkpoint(), NOON))
    with answering(conversation(conflict(9), conflict(20), good)) as url:
        client = WitnessClient("moving", url, PUBLIC)
        assert len(client.add(log.note(), log.checkpoint(), log.proof, 0)) == 1


def test_a_witness_that_moved_past_the_same_size_is_ahead_and_has_not_forked() -> None:
    log = log_of(9)
    with answering(conversation(conflict(9), conflict(20), said("404 Not Found", ""))) as url:
        client = WitnessClient("moving", url, PUBLIC)
        with pytest.raises(WitnessAheadError) as raised:
            client.add(log.note(), log.checkpoint(), log.proof, 0)
    assert raised.value.seen == 20


def test_a_witness_that_says_now_this_and_now_that_is_left_alone() -> None:
    log = log_of(9)
    with answering(conversation(conflict(9), conflict(3), conflict(9))) as url:
        client = WitnessClient("wavering", url, PUBLIC)
        with pytest.raises(WitnessRefusedError):
            client.add(log.note(), log.checkpoint(), log.proof, 0)


@pytest.mark.parametrize("url", ["http://[::1", "http://ministry.nl:99999", "http://x.nl:a"])
def test_an_address_that_cannot_be_one_is_told_as_such(url: str) -> None:
    with pytest.raises(WitnessAddressError):
        WitnessClient("ombudsman", url, PUBLIC)


# --- a fork that was told


@pytest.fixture
def forked(tmp_path: Path) -> Desk:
    """Witness one said so."""
    desk = desk_in(tmp_path, 3)
    told(desk, Answer("one", desk.signed()[-1].number, refused="log-forked", fork=True))
    return desk


def told(desk: Desk, answer: Answer) -> None:
    with closing(desk.ledger.rows()) as rows:
        rows.add_answer(answer)


def asks(desk: Desk, *names: str) -> None:
    bodies = {name: (NOBODY, witness_keys(f"{name}.example.nl")) for name in names}
    desk.ledger.policy.write_bytes(policy(desk, "both", **bodies))


def test_a_fork_of_a_witness_that_left_the_policy_no_longer_stands(forked: Desk) -> None:
    asks(forked, "one", "two")
    with pytest.raises(LogForkedError, match="one"):
        forked.sequence(1)
    asks(forked, "two")
    assert forked.sequence(1).checkpoint.size == 5


def test_a_fork_stands_while_the_policy_cannot_be_read(forked: Desk) -> None:
    forked.ledger.policy.write_bytes(b"quorum everybody\n")
    with pytest.raises(LogForkedError):
        forked.sequence(1)


def test_a_witness_that_gives_no_answer_takes_no_fork_back(forked: Desk) -> None:
    asks(forked, "one")
    assert asked(forked) == {"one": "witness-unreachable"}
    with pytest.raises(LogForkedError):
        forked.sequence(1)


def test_a_body_that_was_given_another_key_is_still_the_one_that_told_it(forked: Desk) -> None:
    asks(forked, "one", "two")  # at one address: they are asked as "one two"
    newest = forked.signed()[-1]
    line = witness_keys()[0].cosignature_line(newest.checkpoint, NOON)
    told(forked, Answer("one two", newest.number, (line,)))
    forked.sequence(1)
    told(forked, Answer("two one", newest.number, refused="log-forked", fork=True))
    with pytest.raises(LogForkedError):
        forked.sequence(1)


def answered(
    desk: Desk, *answers: Said, keys: list[PrivateKey] | None = None, known: bool = True
) -> UitvoeringError:
    """The refusal of the only witness, which says this; it is kept.

    Where the policy does not name the keys of the log, who asks does.
    """
    with answering(conversation(*answers)) as url:
        text = policy(desk, one=(url, keys or witness_keys()))
        desk.ledger.policy.write_bytes(text if known else text.partition(b"\n")[2])
        ours = () if known else [key.public for key in desk.signer.checkpoint_keys()]
        with closing(desk.ledger.rows()) as rows:
            try:
                [found] = ask_witnesses(desk.ledger, rows, desk.clock, ours)
            except TamperedError as error:
                return error
    assert found.refusal is not None
    return found.refusal


NOTHING = said("404 Not Found", "")


def shows(log: Desk, witness: PrivateKey, size: int, root: bytes = bytes(32)) -> Said:
    """A checkpoint that the keys of this log signed, and a witness cosigned."""
    checkpoint = Checkpoint(ORIGIN, size, root)
    keys = (*log.signer.checkpoint_keys(), witness)
    lines = [key.cosignature_line(checkpoint, NOON) for key in keys]
    return said("200 OK", formatted(checkpoint.text, lines))


@pytest.mark.parametrize("known", [True, False])
def test_a_witness_that_has_seen_more_is_told_as_such_at_the_next_start_too(
    tmp_path: Path, *, known: bool
) -> None:
    desk, keys = desk_in(tmp_path, 3), witness_keys()
    seen = shows(desk, keys[0], 4_000)
    refusal = answered(desk, conflict(4_000), seen, keys=keys, known=known)
    assert isinstance(refusal, WitnessAheadError)
    with pytest.raises(LogRolledBackError, match=r"one has seen this log with 4000 .* it has 3;"):
        desk.sequence(1)
    assert desk.ledger.refusals() == ("one: log-rolled-back 4000",)


@pytest.mark.parametrize("named", [3, 4_000])
def test_a_witness_that_shows_another_history_has_told_of_a_fork_whatever_size_it_names(
    tmp_path: Path, named: int
) -> None:
    desk, keys = desk_in(tmp_path, 3), witness_keys()
    unmoved = [conflict(named)] * (2 if named == 3 else 1)
    refusal = answered(desk, *unmoved, shows(desk, keys[0], 2), keys=keys)
    assert isinstance(refusal, WitnessForkError)
    assert refusal.held is not None
    with pytest.raises(LogForkedError):
        desk.sequence(1)


@pytest.mark.parametrize("named", [3, 4_000])
@pytest.mark.parametrize("shown", ["nothing", "ours", "of another log", "of one key"])
def test_a_size_that_a_witness_only_names_stops_no_log(
    tmp_path: Path, named: int, shown: str
) -> None:
    """Else one liar could stop it for ever, without anything that an auditor could look at."""
    desk, keys = desk_in(tmp_path / "desk", 3), witness_keys()
    true = desk.ledger.published().checkpoint
    view = {
        "nothing": NOTHING,
        "ours": shows(desk, keys[0], true.size, true.root),
        "of another log": shows(desk_in(tmp_path / "other"), keys[0], 4_000),
        "of one key": said("200 OK", f"{true.text}\n{keys[0].cosignature_line(true, NOON)}"),
    }[shown]
    unmoved = [conflict(named)] * (2 if named == 3 else 1)
    refusal = answered(desk, *unmoved, view, keys=keys)
    assert isinstance(refusal, WitnessRefusedError)
    [line] = desk.ledger.refusals()
    assert line.startswith(f"one: witness-refused 409 it names {named} leaves")
    assert desk.sequence(1).checkpoint.size == 4


@pytest.mark.parametrize(
    ("status", "told_so"),
    [("400 Bad Request", "old size above"), ("403 Forbidden", "no trusted \x1b[31mkey\u2028 one")],
)
def test_what_a_witness_said_when_it_refused_is_kept_and_shown_until_it_cosigns(
    tmp_path: Path, status: str, told_so: str
) -> None:
    desk = desk_in(tmp_path, 3)
    assert desk.ledger.refusals() == ()
    answered(desk, said(status, f"{told_so}\nand more"))
    shown = "".join(filter(str.isprintable, told_so))
    line = f"witness-refused {status[:3]} {shown}"
    assert desk.ledger.refusals() == (f"one: {line}",)
    with closing(sqlite3.connect(desk.ledger.rows_file)) as rows:
        assert rows.execute("SELECT refused FROM answer").fetchall() == [(line,)]
    desk.sequence(1)  # it is no fork
    keys = witness_keys()
    witness = witness_in(tmp_path / "witness", keys=keys, clock=Clock())
    enrolled(witness, desk)
    with serving(witness) as served:
        desk.ledger.policy.write_bytes(policy(desk, one=(served.url, keys)))
        assert asked(desk) == {"one": ""}
    assert desk.ledger.refusals() == ()


@pytest.mark.parametrize("full", ["add_answer", "publish", "refusals"])
def test_a_fork_is_told_also_when_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    desk = desk_in(tmp_path, 3)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if full == "add_answer":
        monkeypatch.setattr(LedgerRows, "add_answer", refused)
    else:
        monkeypatch.setattr(asking, "publish" if full == "publish" else "shown", refused)
    refusal = answered(desk, said("422 Unprocessable Entity", ""), NOTHING)
    assert isinstance(refusal, WitnessForkError)
    with pytest.raises(OSError, match="No space left"):
        answered(desk, said("403 Forbidden", "no trusted key"))


@pytest.mark.parametrize(
    ("fault", "error"),
    [(b"quorum everybody\n", PolicyMalformedError), (None, WitnessAddressError)],
)
def test_where_nobody_can_be_asked_nobody_refuses(
    tmp_path: Path, fault: bytes | None, error: type[Exception]
) -> None:
    desk = desk_in(tmp_path, 3)
    answered(desk, said("403 Forbidden", "no trusted key"))
    assert desk.ledger.refusals()
    nowhere = policy(desk, one=("http://ministry.nl:99999", witness_keys()))
    desk.ledger.policy.write_bytes(fault or nowhere)
    with pytest.raises(error):
        asked(desk)
    assert desk.ledger.refusals() == ()


def test_a_witness_that_is_away_refuses_nothing(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    asks(desk, "one")
    assert asked(desk) == {"one": "witness-unreachable"}
    assert desk.ledger.refusals() == ()


def test_a_policy_with_more_witnesses_than_a_checkpoint_has_room_for_is_refused(
    tmp_path: Path,
) -> None:
    """With all of them below it nobody could read it; the log goes on without."""
    desk = desk_in(tmp_path, 1)
    keys = [new_key(f"w{n}.example.nl", Kind.COSIGNATURE) for n in range(MOST_ASKED + 1)]
    many = {f"w{n}": (NOBODY, [key]) for n, key in enumerate(keys)}
    for bodies in (many, dict(list(many.items())[:-1])):
        given = policy(desk, "both", **bodies)
        assert len(policy_of(given).witnesses) == len(bodies)
        desk.ledger.policy.write_bytes(given)
        if bodies is not many:
            assert policy_in(desk.ledger) == policy_of(given)
            break
        with pytest.raises(PolicyMalformedError, match=f"line {MOST_ASKED + 2} .* room for"):
            asked(desk)
        assert desk.sequence(1).checkpoint.size == 2
        with pytest.raises(PolicyMalformedError, match="room for"):
            Desk(tmp_path / "new").create(given)
    newest = desk.signed()[-1]
    for n, key in enumerate(keys[:MOST_ASKED]):
        told(desk, Answer(f"w{n}", newest.number, (key.cosignature_line(newest.checkpoint, 1),)))
    desk.sequence()
    assert len(parsed(desk.ledger.published().note).signatures) == MOST_ASKED + 2


def test_a_policy_that_cannot_be_read_keeps_no_log_from_being_signed(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    desk.ledger.policy.write_bytes(b"quorum everybody\n")
    assert desk.sequence(2).checkpoint.size == 5
    assert desk.ledger.published().checkpoint.size == 5
    with pytest.raises(PolicyMalformedError):
        asked(desk)
