"""A witness never cosigns two histories, says so in the words of the protocol, and keeps both."""

import json
import os
import shutil
import socket
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from errno import ENOSPC
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.as_nobody import as_nobody
from tests.faults.promises import until
from tests.integrity.watched import (
    NOON,
    ORIGIN,
    Clock,
    Log,
    Reply,
    Served,
    log_of,
    serving,
    witness_in,
    witness_keys,
)
from uitvoering.errors import BusyError
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.keys import Kind, PublicKey, new_key
from uitvoering.integrity.notes.note import KeyMalformedError, formatted, parsed, signature
from uitvoering.integrity.tree.merkle import EMPTY_ROOT
from uitvoering.integrity.witness import server as witness_server
from uitvoering.integrity.witness import store as witness_store
from uitvoering.integrity.witness import witness as witness_module
from uitvoering.integrity.witness.judging import MOST_KEPT, Reason
from uitvoering.integrity.witness.request import body_of, request_of
from uitvoering.integrity.witness.store import (
    NOTHING,
    Record,
    Refused,
    WitnessRecordLostError,
    WitnessRecordUnreadableError,
    WitnessStore,
)
from uitvoering.integrity.witness.witness import (
    MOST_AHEAD,
    Witness,
    WitnessClockAheadError,
    WitnessClockBehindError,
    WitnessEvidenceUnwritableError,
)
from uitvoering.labels.table import Labels

TREE_SIZE = "text/x.tlog.size"
PLAIN = "text/plain; charset=utf-8"


def held(witness: Witness, origin: str = ORIGIN) -> tuple[int, bytes]:
    with witness.store.reading() as record:
        found = record.held(origin)
    return found.size, found.root


def evidence(witness: Witness) -> list[Refused]:
    with witness.store.reading() as record:
        return record.refused()


def times(keys: list[PublicKey], checkpoint: Checkpoint, lines: str) -> list[int | None]:
    known = {(key.name, key.id): key for key in keys}
    found = [signature(line) for line in lines.splitlines()]
    return [known[s.name, s.key_id].cosigned(checkpoint, s.value) for s in found]


def cosigned(witness: Witness, log: Log, reply: Reply, at: int = NOON) -> bool:
    """200, and every key of the witness states this time over this checkpoint."""
    assert (reply.status, reply.content_type) == (200, PLAIN)
    return times(witness.keys, log.checkpoint(), reply.text) == [at, at]


def test_growth_is_cosigned_with_both_keys(tmp_path: Path) -> None:
    log = log_of(613)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        assert cosigned(witness, log, served.add(log.request(0)))
        log = log.grown(1000)
        assert cosigned(witness, log, served.add(log.request(613)))
        log = log.grown(1001)
        assert cosigned(witness, log, served.add(log.request(1000)))
    assert held(witness) == (1001, log.tree.root())
    assert evidence(witness) == []
    assert served.tells(f"POST add-checkpoint 200 {ORIGIN} 613")


def test_the_same_tree_is_cosigned_again(tmp_path: Path) -> None:
    log, clock = log_of(5), Clock()
    witness = witness_in(tmp_path, log, clock=clock)
    with serving(witness) as served:
        served.add(log.request(0))
        clock.now += 90
        assert cosigned(witness, log, served.add(log.request(5)), NOON + 90)


def rows(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "witness.db")) as record:
        (found,) = record.execute("SELECT count(*) FROM cosigned").fetchone()
    return int(found)


def test_the_same_tree_sent_again_at_once_is_answered_and_fills_no_disk(tmp_path: Path) -> None:
    """A checkpoint is public: anyone may send it on, as often as he likes."""
    log, clock = log_of(5), Clock()
    witness = witness_in(tmp_path, log, clock=clock)
    with serving(witness) as served:
        served.add(log.request(0))
        for waited in (0, 10, 29, -20):
            clock.now = NOON + waited
            assert cosigned(witness, log, served.add(log.request(5)), NOON)
        assert rows(tmp_path) == 1
        clock.now = NOON + 30
        assert cosigned(witness, log, served.add(log.request(5)), NOON + 30)
        assert served.add(log.rewritten(1).request(5)).status == 422, "another tree is another"
        assert served.add(log.request(0)).status == 409, "as is another old size"
    assert rows(tmp_path) == 2


def test_an_empty_log_is_cosigned_and_may_grow(tmp_path: Path) -> None:
    log = log_of(0)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        assert cosigned(witness, log, served.add(log.request(0)))
        log = log.grown(3)
        assert cosigned(witness, log, served.add(log.request(0)))


def test_another_old_size_is_answered_with_the_size_it_holds(tmp_path: Path) -> None:
    log = log_of(10)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        served.add(log.request(0))
        grown = log.grown(20)
        for old in (0, 4, 12):
            assert served.add(grown.request(old)) == Reply(409, TREE_SIZE, b"10\n")
        fresh = Log(keys=log.keys, origin=ORIGIN).grown(20)
        assert served.add(fresh.request(20)) == Reply(409, TREE_SIZE, b"10\n")
    assert held(witness) == (10, log.tree.root())
    assert evidence(witness) == [], "who asks what is held has done no wrong"


def test_before_the_first_checkpoint_it_holds_zero(tmp_path: Path) -> None:
    log = log_of(10)
    with serving(witness_in(tmp_path, log)) as served:
        assert served.add(log.request(4)) == Reply(409, TREE_SIZE, b"0\n")
        assert served.view().status == 404


def test_a_replay_is_refused_and_says_nothing_of_the_log(tmp_path: Path) -> None:
    log = log_of(20)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        served.add(log.request(0, 10))
        served.add(log.request(10))
        assert served.add(log.request(0, 10)).status == 409
        assert served.add(body_of(20, [], log.note(10))).status == 400
    assert held(witness)[0] == 20
    assert evidence(witness) == []


def test_a_rewritten_leaf_is_refused_and_both_checkpoints_are_kept(tmp_path: Path) -> None:
    """History rewritten from leaf 100 and correctly signed again with the true keys."""
    log = log_of(613)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        served.add(log.request(0))
        forged = log.grown(1000).rewritten(100)
        sent = forged.request(613)
        assert served.add(sent).status == 422
        assert held(witness) == (613, log.tree.root())
        assert served.tells("422 log.example.nl/uitvoering 1000 other-past")
        true = log.grown(1000)
        assert cosigned(witness, true, served.add(true.request(613))), "the log may still mend it"
    (kept,) = evidence(witness)
    assert (kept.reason, kept.status, kept.size, kept.proved_later) == (
        "other-past",
        422,
        1000,
        False,
    )
    folder = tmp_path / "evidence" / "000001"
    assert (folder / "request").read_bytes() == sent
    assert (folder / "offered").read_bytes() == sent.split(b"\n\n", 1)[1]
    stands = parsed((folder / "held").read_bytes())
    assert stands.text == log.checkpoint().text
    names = [s.name for s in stands.signatures]
    assert names == [ORIGIN, ORIGIN, "witness.example.nl", "witness.example.nl"]
    assert json.loads((folder / "refusal.json").read_text())["held"]["size"] == 613


@pytest.mark.parametrize("old", [0, 4, 10])
def test_another_root_at_a_size_it_cosigned_is_proof_whatever_the_old_size(
    tmp_path: Path, old: int
) -> None:
    log = log_of(10)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        served.add(log.request(0))
        status = served.add(log.rewritten(3).request(old)).status
        assert status == (422 if old == 10 else 409)
        served.add(log.grown(30).request(10))
        assert served.add(log.rewritten(2).request(10)).status == 409, "of long ago too"
    assert [kept.reason for kept in evidence(witness)] == ["same-size", "same-size"]
    assert evidence(witness)[1].held.root == log.tree.root()


def test_a_cut_tail_is_refused_and_kept(tmp_path: Path) -> None:
    log = log_of(10)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        served.add(log.request(0))
        assert served.add(body_of(10, [], log.note(7))).status == 400
        assert served.add(body_of(5, log.proof(5, 8), log.note(8))).status == 409
    assert [(kept.reason, kept.size) for kept in evidence(witness)] == [
        ("smaller", 7),
        ("smaller", 8),
    ]
    assert held(witness) == (10, log.tree.root())


def test_a_proof_that_is_no_proof_is_no_cosignature(tmp_path: Path) -> None:
    log = log_of(10)
    grown = log.grown(20)
    true = grown.proof(10)
    wrong = [
        [],
        true[:-1],
        [*true, true[0]],
        [true[1], true[0], *true[2:]],
        [bytes(32), *true[1:]],
        grown.proof(9),
    ]
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        assert served.add(body_of(0, true, grown.note())).status == 422, "old 0 takes no proof"
        served.add(log.request(0))
        for proof in wrong:
            assert served.add(body_of(10, proof, grown.note())).status == 422
        assert served.add(body_of(10, [bytes(32)], log.note())).status == 422
        assert cosigned(witness, grown, served.add(grown.request(10)))
    (kept,) = evidence(witness)
    assert kept.proved_later, "anyone may send a true checkpoint with a false proof: kept once"


def test_the_keys_of_a_log_do_not_fill_the_disk_of_a_witness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_KEPT, Reason.SAME_SIZE, 3)
    log = log_of(10)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0))
    for n in range(6):
        for _ in range(2):
            forged = log.rewritten(n)
            assert witness.add_checkpoint(forged.request(10)).status == 422
    assert len(evidence(witness)) == 3
    assert len(list((tmp_path / "evidence").iterdir())) == 3


def test_old_checkpoints_sent_again_do_not_crowd_out_a_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anyone can send them, and they are no alarm; two roots of one size are."""
    monkeypatch.setattr(witness_module, "MOST_KEPT", dict.fromkeys(Reason, 3))
    log = log_of(10)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0))
    for size in range(1, 10):
        assert witness.add_checkpoint(body_of(10, [], log.note(size))).status == 400
    grown = log.grown(20).rewritten(3)
    for n in range(5):
        assert witness.add_checkpoint(grown.rewritten(n).request(10)).status == 422
    assert witness.add_checkpoint(log.rewritten(3).request(10)).status == 422
    reasons = [kept.reason for kept in evidence(witness)]
    assert reasons == ["smaller"] * 3 + ["other-past"] * 3 + ["same-size"]


def test_few_are_kept_of_what_is_no_alarm() -> None:
    assert set(MOST_KEPT) == set(Reason)
    assert MOST_KEPT[Reason.SMALLER] <= 50 < MOST_KEPT[Reason.SAME_SIZE]


def test_of_a_refused_request_only_what_was_checked_is_kept(tmp_path: Path) -> None:
    """What strangers put under a checkpoint could otherwise be half a megabyte each time."""
    log = log_of(10)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0))
    forged = log.rewritten(1)
    strange = [
        key.cosignature_line(forged.checkpoint(), NOON) for _ in range(40) for key in witness_keys()
    ]
    sent = forged.request(10)
    assert witness.add_checkpoint(sent + "".join(strange).encode()).status == 422
    (kept,) = evidence(witness)
    assert kept.request == sent
    folder = tmp_path / "evidence" / "000001"
    assert (folder / "offered").read_bytes() == sent.partition(b"\n\n")[2]


def test_evidence_that_was_written_is_not_read_again_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(10)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0))
    for n in range(3):
        witness.add_checkpoint(log.rewritten(n).request(10))
    shutil.rmtree(tmp_path / "evidence" / "000002")
    read: list[object] = []
    whole = Record.refused

    def told(record: Record, where: str = "TRUE", *values: object) -> list[Refused]:
        read.extend(values)
        return whole(record, where, *values)

    monkeypatch.setattr(Record, "refused", told)
    witness_in(tmp_path)
    assert read == [2]
    assert (tmp_path / "evidence" / "000002" / "offered").exists()


def test_a_signature_line_that_is_repeated_is_kept_once(tmp_path: Path) -> None:
    """Or whoever passes a true checkpoint on could make the record of a witness grow at will."""
    log = log_of(3)
    witness = witness_in(tmp_path, log)
    checkpoint = log.checkpoint()
    lines = [key.cosignature_line(checkpoint, 0) for key in log.keys] * 50
    assert witness.add_checkpoint(body_of(0, [], formatted(checkpoint.text, lines))).status == 200
    with witness.store.reading() as record:
        assert len(parsed(record.held(ORIGIN).note).signatures) == 2


def test_an_empty_tree_has_one_root(tmp_path: Path) -> None:
    log = log_of(0)
    witness = witness_in(tmp_path, log)
    other = Checkpoint(ORIGIN, 0, bytes(32))
    with serving(witness) as served:
        assert served.add(body_of(0, [], log.signed(other))).status == 422
    (kept,) = evidence(witness)
    assert (kept.reason, kept.held) == ("same-size", NOTHING)
    assert NOTHING.root == EMPTY_ROOT
    assert (tmp_path / "evidence" / "000001" / "held").read_bytes() == b""


def test_a_log_that_is_not_enrolled_is_not_found(tmp_path: Path) -> None:
    log = log_of(3)
    other = Log(origin="log.example.nl/ander", keys=[new_key("log.example.nl/ander", Kind.ED25519)])
    with serving(witness_in(tmp_path, log)) as served:
        assert served.add(other.request(0)).status == 404
        assert served.view("log.example.nl/ander").status == 404


def test_without_a_signature_of_a_trusted_key_nothing_is_looked_at(tmp_path: Path) -> None:
    log = log_of(3)
    thief = Log(log.leaves)  # the same name, keys of its own
    checkpoint = log.checkpoint()
    true = log.keys[0].text_line(checkpoint.text)
    broken = true[:-8] + ("AAAA" if true[-8:-4] != "AAAA" else "BBBB") + true[-4:]
    (_, post) = log.keys
    unsigned = [
        thief.note(),
        formatted(checkpoint.text, [broken]),
        formatted(checkpoint.text, [broken, post.cosignature_line(checkpoint, 0)]),
        formatted(checkpoint.text, [witness_keys(ORIGIN)[0].cosignature_line(checkpoint, NOON)]),
    ]
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        for note in unsigned:
            assert served.add(body_of(0, [], note)).status == 403
        assert served.add(body_of(0, [], checkpoint.text.encode() + b"\n")).status == 400
        mixed = formatted(
            checkpoint.text, [*thief.note().decode().splitlines(keepends=True)[4:], true]
        )
        assert served.add(body_of(0, [], mixed)).status == 200, "unknown keys are ignored"
    assert evidence(witness) == []
    kept = parsed((served_view := witness.view(_digest())) or b"")
    assert served_view is not None
    assert len(kept.signatures) == 3, "what was not checked is not passed on"


def _digest() -> str:
    return sha256(ORIGIN.encode()).hexdigest()


def test_keys_of_a_log_are_replaced_and_withdrawn(tmp_path: Path) -> None:
    log = log_of(3)
    new = Log(log.leaves, [new_key(ORIGIN, Kind.ED25519)])
    witness = witness_in(tmp_path, log)
    assert not witness.enrol(log.keys[0].public)
    with serving(witness) as served:
        assert served.add(new.request(0)).status == 403
        assert witness.enrol(new.keys[0].public)
        assert served.add(new.request(0)).status == 200
        assert served.add(log.grown(4).request(3)).status == 200, "both, while they are replaced"
        assert [witness.withdraw(key.public) for key in log.keys] == [True, True]
        assert not witness.withdraw(log.keys[0].public)
        assert served.add(log.grown(5).request(4)).status == 403
        assert served.add(new.grown(5).request(4)).status == 200
        assert witness.enrol(log.keys[0].public), "and back again"


@pytest.mark.parametrize(("name", "kind"), [(ORIGIN, Kind.COSIGNATURE), ("é" * 128, Kind.ED25519)])
def test_what_cannot_sign_a_log_is_not_enrolled(tmp_path: Path, name: str, kind: Kind) -> None:
    key = PublicKey(name, kind, new_key(ORIGIN, kind).public.public)
    with pytest.raises(KeyMalformedError):
        witness_in(tmp_path).enrol(key)


def test_logs_do_not_touch_each_other(tmp_path: Path) -> None:
    one = log_of(9)
    other = Log(origin="log.example.nl/ander", keys=[new_key("log.example.nl/ander", Kind.ED25519)])
    other = other.grown(4)
    witness = witness_in(tmp_path, one, other)
    with serving(witness) as served:
        assert cosigned(witness, one, served.add(one.request(0)))
        assert cosigned(witness, other, served.add(other.request(0)))
        assert served.add(body_of(4, [], one.note())).text == "9\n"
        assert checkpoint_of(parsed(served.view(other.origin).body).text) == other.checkpoint()


def test_what_it_shows_was_stated_at_most_an_hour_ago(tmp_path: Path) -> None:
    log, clock = log_of(4), Clock()
    witness = witness_in(tmp_path, log, clock=clock)
    with serving(witness, "/getuige") as served:
        served.add(log.request(0))
        for waited, stated in ((49, 0), (52, 52), (60, 52), (300, 300)):
            clock.now = NOON + waited * 60
            shown = served.view()
            assert (shown.status, shown.content_type) == (200, PLAIN)
            note = parsed(shown.body)
            assert checkpoint_of(note.text) == log.checkpoint()
            lines = shown.text.split("\n\n")[1].splitlines()
            known = [key.public for key in log.keys] + witness.keys
            at = times(known, log.checkpoint(), "\n".join(lines))
            assert at == [0, 0, NOON + stated * 60, NOON + stated * 60]
        assert served.ask("HEAD", f"/getuige/{_digest()}/checkpoint").body == b""


def test_under_a_key_that_is_trusted_no_more_nothing_is_stated_anew(tmp_path: Path) -> None:
    log, clock = log_of(4), Clock()
    witness = witness_in(tmp_path, log, clock=clock)
    witness.add_checkpoint(log.request(0))

    def shown_an_hour_later() -> int:
        clock.now += 3600
        shown = (witness.view(_digest()) or b"").decode().rpartition("\n\n")[2]
        known = [key.public for key in log.keys] + witness.keys
        *_, at = times(known, log.checkpoint(), shown)
        return (at or 0) - NOON

    assert shown_an_hour_later() == 3600
    one, other = (key.public for key in log.keys)
    witness.withdraw(one)
    assert shown_an_hour_later() == 7200, "the other key signed it too"
    witness.withdraw(other)
    assert shown_an_hour_later() == 7200
    witness.enrol(one)
    assert shown_an_hour_later() == 4 * 3600


def test_a_restart_keeps_what_it_held(tmp_path: Path) -> None:
    log, keys = log_of(10), witness_keys()
    with serving(witness_in(tmp_path, log, keys=keys)) as served:
        served.add(log.request(0))
        shown = served.view().body
    with serving(witness_in(tmp_path, keys=keys)) as served:
        assert served.view().text.split("\n— witness")[0] == shown.decode().split("\n— witness")[0]
        assert served.add(log.rewritten(1).request(10)).status == 422
        assert served.add(log.grown(12).request(10)).status == 200


def test_a_clock_that_runs_back_states_no_earlier_time(tmp_path: Path) -> None:
    log, clock = log_of(4), Clock()
    witness = witness_in(tmp_path, log, clock=clock)
    with serving(witness) as served:
        served.add(log.request(0))
        clock.now = NOON - 60
        log = log.grown(5)
        assert cosigned(witness, log, served.add(log.request(4)), NOON)
        clock.now = NOON - 61
        assert served.add(log.grown(6).request(5)).status == 503
        assert served.tells("61 seconds behind")
        assert held(witness)[0] == 5
        assert served.view().status == 200
        clock.now = NOON + 1
        assert served.add(log.grown(6).request(5)).status == 200


def test_a_clock_that_jumps_ahead_states_nothing_until_somebody_says_that_it_is_right(
    tmp_path: Path,
) -> None:
    """What was stated is never taken back: a year ahead once, and a year long nothing is."""
    log, clock = log_of(4), Clock()
    witness = witness_in(tmp_path, log, clock=clock)
    with serving(witness) as served:
        served.add(log.request(0))
        clock.now += MOST_AHEAD
        assert cosigned(witness, log, served.add(log.request(4)), clock.now), "a month is no jump"
        before = clock.now
        clock.now += MOST_AHEAD + 1
        log = log.grown(5)
        assert served.add(log.request(4)).status == 503
        assert served.tells(f"{MOST_AHEAD + 1} seconds ahead")
        assert served.view().status == 503, "nor is it stated to who looks"
        clock.now = before + 60
        assert cosigned(witness, log, served.add(log.request(4)), clock.now), "set right"
        clock.now += 2 * MOST_AHEAD
        log = log.grown(6)
        assert served.add(log.request(5)).status == 503
        assert witness.confirm_clock() == clock.now
        assert cosigned(witness, log, served.add(log.request(5)), clock.now)
        clock.now += 2 * MOST_AHEAD
        assert served.add(log.grown(7).request(6)).status == 503, "said of then, not for ever"


def test_a_clock_that_was_said_to_be_right_and_was_not_is_not_believed_later(
    tmp_path: Path,
) -> None:
    log, clock = log_of(4), Clock()
    witness = witness_in(tmp_path, log, clock=clock)
    assert witness.add_checkpoint(log.request(0)).status == 200
    clock.now = NOON + 365 * 86_400
    witness.confirm_clock()
    clock.now = NOON + 180 * 86_400
    log = log.grown(5)
    with pytest.raises(WitnessClockAheadError):
        witness.add_checkpoint(log.request(4))
    clock.now = NOON - 61
    with pytest.raises(WitnessClockBehindError):
        witness.confirm_clock()


@pytest.mark.parametrize("now", [0, -1])
def test_a_clock_before_1970_states_nothing(tmp_path: Path, now: int) -> None:
    log = log_of(4)
    with serving(witness_in(tmp_path, log, clock=Clock(now))) as served:
        assert served.add(log.request(0)).status == 503


def test_of_two_requests_at_once_one_is_told_what_the_other_stored(tmp_path: Path) -> None:
    """Or a slow request for a smaller tree would roll back what a fast one had stored."""
    log = log_of(4)
    witness = witness_in(tmp_path, log)
    sizes = range(5, 17)
    whole = log.grown(16)
    with serving(witness) as served:
        served.add(log.request(0))
        begin = threading.Barrier(len(sizes))
        answers: dict[int, Reply] = {}

        def send(size: int) -> None:
            body = whole.request(4, size)
            begin.wait()
            answers[size] = served.add(body)

        threads = [threading.Thread(target=send, args=(size,)) for size in sizes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    (won,) = [size for size, reply in answers.items() if reply.status == 200]
    rest = {reply.text for size, reply in answers.items() if size != won}
    assert rest == {f"{won}\n"}
    assert held(witness) == (won, whole.tree.root(won))


def test_the_record_only_grows_whatever_the_code_does(tmp_path: Path) -> None:
    log = log_of(4)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        served.add(log.request(0))
        served.add(log.rewritten(1).request(4))
    with closing(sqlite3.connect(tmp_path / "witness.db")) as record:
        record.execute("INSERT INTO clock_confirmed (at) VALUES (1)")
        for table in ("log_key", "cosigned", "refused", "clock_confirmed"):
            for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET at = 0"):
                with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                    record.execute(statement)
        for size, root, at in ((3, b"r", NOON), (4, b"r", NOON), (5, b"r", NOON - 1)):
            with pytest.raises(sqlite3.IntegrityError, match="no other history"):
                record.execute(
                    "INSERT INTO cosigned (origin, size, root, note, at) VALUES (?, ?, ?, x'', ?)",
                    (ORIGIN, size, root, at),
                )


@pytest.mark.parametrize("damage", ["gone", "empty", "other"])
def test_a_witness_does_not_begin_anew_without_its_record(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "witness.db"
    if damage == "empty":
        file.touch()
    if damage == "other":
        file.write_bytes(b"no database" * 100)
    with pytest.raises(WitnessRecordLostError):
        WitnessStore(file)
    assert file.exists() == (damage != "gone")


def test_a_record_that_another_holds_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To say of it that it is lost is to say: never use these keys again."""
    file = tmp_path / "witness.db"
    WitnessStore.create(file)
    monkeypatch.setattr(witness_store, "_WAIT_SECONDS", 0.0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO clock_confirmed (at) VALUES (1)")
        for opened in (WitnessStore, WitnessStore.create):
            with pytest.raises(BusyError, match="locked"):
                opened(file)
        other.execute("ROLLBACK")
    WitnessStore(file)


def test_a_record_that_cannot_be_opened_now_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a process has as many files open as it may."""
    file = tmp_path / "witness.db"
    WitnessStore.create(file)

    def refused(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", refused)
    with pytest.raises(BusyError, match="unable to open"):
        WitnessStore(file)


@pytest.mark.parametrize("closed", ["witness.db", "."])
def test_a_record_of_another_user_is_told_as_such(closed: str) -> None:
    """Waiting would not help, and neither is it lost."""
    with tempfile.TemporaryDirectory() as open_to_all:
        folder = Path(open_to_all, "witness")
        folder.mkdir()
        store = WitnessStore.create(folder / "witness.db")
        (folder / closed).chmod(0o000)
        folder.parent.chmod(0o755)
        try:
            with as_nobody():
                with pytest.raises(WitnessRecordUnreadableError, match=r"witness\.db"):
                    WitnessStore(folder / "witness.db")
                with pytest.raises(WitnessRecordUnreadableError), store.reading():
                    pass
        finally:
            folder.chmod(0o700)
    for lang in ("nl", "en"):
        title, detail = Labels.load(lang).problem("witness-record-unreadable", {"file": "x.db"})
        assert title
        assert "x.db" in detail


MALFORMED = [
    b"",
    b"\n",
    b"\n\n",
    b"old 0",
    b"old 0\n",
    b"old 0\n\n",
    b"old 0\n\n\n\n",
    b"old -1\n\n",
    b"old 00\n\n",
    b"old 01\n\n",
    b"old  0\n\n",
    b"Old 0\n\n",
    b"old 0 \n\n",
    "old ٣\n\n".encode(),
    b"old 9223372036854775808\n\n",
    b"old " + b"9" * 400 + b"\n\n",
    b"old 0\nAAAA\n\n",
    b"old 0\n" + b"A" * 44 + b"\n\n",
    b"old 0\r\n\r\n",
    b"old 0\n" + b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 64 + b"\n",
    b"\xff" * 60,
]


@pytest.mark.parametrize("header", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_request_is_400(shared: Served, header: bytes) -> None:
    good = SHARED.note()
    for body in (header, header + good):
        if body != b"old 0\n\n" + good:
            assert shared.add(body).status == 400


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n3\n",
        f"{ORIGIN}\n03\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n",
        f"{ORIGIN}\n3\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\nextension\n",
        f"{ORIGIN}\n3\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpka=\n",
        "\n3\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n",
        f"{ORIGIN}\n9223372036854775808\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_400(shared: Served, text: str) -> None:
    note = formatted(text, [SHARED.keys[0].text_line(text)])
    assert shared.add(body_of(0, [], note)).status == 400


SHARED = log_of(3)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A witness that holds SHARED and is only asked what must not change it."""
    with serving(witness_in(tmp_path_factory.mktemp("shared"), SHARED)) as served:
        served.add(SHARED.request(0))
        yield served


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Requests that are nearly right: cut, doubled, swapped, or with other bytes in them."""
    good = draw(st.sampled_from([SHARED.request(3), SHARED.rewritten(1).request(3)]))
    at = draw(st.integers(0, len(good)))
    end = draw(st.integers(at, min(len(good), at + 40)))
    put = draw(st.one_of(st.binary(max_size=20), st.sampled_from([b"\n", b"\n\n", b"0", b"+ "])))
    return good[:at] + put + good[end:]


@settings(max_examples=200)
@example(b"")
@given(st.one_of(st.binary(max_size=300), bodies()))
def test_no_body_is_an_error_inside_and_none_changes_what_is_held(body: bytes) -> None:
    answer = nearby().add_checkpoint(body)
    assert answer.status in {200, 400, 403, 404, 409, 422}
    if answer.status == HTTPStatus.OK:
        assert request_of(body).checkpoint == SHARED.checkpoint()
    assert held(nearby()) == (3, SHARED.tree.root())


@cache
def nearby() -> Witness:
    """Without HTTP in between, for all examples the same."""
    witness = witness_in(Path(tempfile.mkdtemp()), SHARED)
    witness.add_checkpoint(SHARED.request(0))
    return witness


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("GET", "/", 404),
        ("GET", "/checkpoint", 404),
        ("GET", f"/{'0' * 64}/checkpoint", 404),
        ("GET", "/../../etc/passwd", 404),
        ("POST", "/elsewhere", 404),
        ("POST", "/add-checkpoint?x=1", 404),
        ("PUT", "/add-checkpoint", 501),
        ("DELETE", "/add-checkpoint", 501),
    ],
)
def test_there_are_two_addresses_and_no_more(
    shared: Served, method: str, path: str, status: int
) -> None:
    reply = shared.ask(method, path, b"x" if method == "POST" else None)
    assert (reply.status, reply.content_type) == (status, PLAIN)
    assert path not in reply.text


RAW = [
    (b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n\r\n", b"411"),
    (b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
    (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"400"),
    (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1_0\r\n\r\n", b"400"),
    (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 524289\r\n\r\n", b"413"),
    (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"413"),
    (b"\x00\x01\x02\r\n\r\n", b"400"),
    (b"GET " + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
    (b"GET / HTTP/9.9\r\n\r\n", b"505"),
    (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", b"431"),
]


@pytest.mark.parametrize(("sent", "status"), RAW, ids=range(len(RAW)))
def test_what_is_no_request_gets_a_short_answer(shared: Served, sent: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", shared.port), timeout=20) as line:
        line.sendall(sent)
        answer = b""
        try:
            while part := line.recv(65536):
                answer += part
        except ConnectionResetError:  # it does not read to the end of what is far too long
            pass
    assert status in answer.split(b"\n")[0]
    assert b"Traceback" not in answer
    assert b"<" not in answer, "no page, and nothing of what was sent"
    assert b"Python" not in answer


def test_a_connection_is_used_again(shared: Served) -> None:
    line = HTTPConnection("127.0.0.1", shared.port, timeout=20)
    for _ in range(3):
        line.request("POST", "/add-checkpoint", SHARED.request(3))
        answer = line.getresponse()
        assert answer.status == 200
        answer.read()
    line.close()


def test_bytes_that_drip_in_do_not_hold_a_connection(
    shared: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_server, "SECONDS", 0.3)
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", shared.port), timeout=20) as line:
        line.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5000\r\n\r\n")
        try:
            while time.monotonic() < begun + 60:
                line.sendall(b"o")
                time.sleep(0.05)
                line.setblocking(False)  # noqa: FBT003 the name of the method says it
                try:
                    if line.recv(10) == b"":
                        break
                except BlockingIOError:
                    line.setblocking(True)  # noqa: FBT003 as above
        except OSError:
            pass  # it hung up
    assert time.monotonic() - begun < 30


def test_more_connections_than_it_can_hold_are_closed_and_the_rest_is_served(
    shared: Served,
) -> None:
    with ExitStack() as waiting:
        for _ in range(witness_server.MOST_CONNECTIONS + 5):
            waiting.enter_context(socket.create_connection(("127.0.0.1", shared.port), timeout=20))
        assert shared.tells("too many connections")
    until(lambda: _answers(shared))


def _answers(served: Served) -> bool:
    try:
        return served.view().status == 200
    except OSError:
        return False


def test_what_goes_wrong_inside_is_told_to_who_runs_it_alone(tmp_path: Path) -> None:
    log = log_of(3)
    with serving(witness_in(tmp_path, log)) as served:
        with closing(sqlite3.connect(tmp_path / "witness.db")) as record:
            record.execute("DROP TRIGGER log_key_keeps_UPDATE")
            record.execute("UPDATE log_key SET key = 'nonsense'")
            record.commit()
        reply = served.add(log.request(0))
        assert (reply.status, reply.text) == (500, "internal server error\n")
        assert served.tells("this text is no key")


def test_a_record_that_is_in_use_is_waited_for_and_then_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uitvoering.integrity.witness.store._WAIT_SECONDS", 0.05)
    log = log_of(3)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served, closing(sqlite3.connect(tmp_path / "witness.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert served.add(log.request(0)).status == 503
        other.execute("ROLLBACK")
        assert served.add(log.request(0)).status == 200


class Unwritable(list[str]):
    """A request log on a full disk."""

    def append(self, _: str) -> None:
        raise OSError(ENOSPC, "No space left on device")


def test_a_line_that_cannot_be_written_keeps_nobody_from_the_answer(tmp_path: Path) -> None:
    log = log_of(3)
    witness = witness_in(tmp_path, log)
    with serving(witness) as served:
        served.told = Unwritable()  # where the next line goes
        assert cosigned(witness, log, served.add(log.request(0)))
        assert served.view().status == 200


def test_evidence_that_could_not_be_written_is_written_later(tmp_path: Path) -> None:
    log = log_of(5)
    witness = witness_in(tmp_path, log)
    folder = tmp_path / "evidence"
    with serving(witness) as served:
        served.add(log.request(0))
        folder.write_text("in the way")
        assert served.add(log.rewritten(1).request(5)).status == 422
        assert served.tells("files not written")
    with pytest.raises(WitnessEvidenceUnwritableError, match="File exists"):
        witness_in(tmp_path)
    folder.unlink()
    witness_in(tmp_path)
    assert (folder / "000001" / "offered").exists()


def test_on_a_full_disk_no_half_evidence_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    log = log_of(5)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0))
    for fault in ("fsync", "rename"):
        with monkeypatch.context() as patched:
            patched.setattr(os, fault, full)
            for _ in range(2):
                answer = witness.add_checkpoint(log.rewritten(1).request(5))
                assert (answer.status, "No space left" in answer.about) == (422, True)
            with pytest.raises(WitnessEvidenceUnwritableError, match="No space left"):
                witness_in(tmp_path)
        assert list((tmp_path / "evidence").iterdir()) == []
    witness_in(tmp_path)
    assert (tmp_path / "evidence" / "000001" / "offered").exists()
