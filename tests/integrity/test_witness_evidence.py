"""What proves a fork always finds room: it cannot be crowded out by what anyone can send."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integrity.watched import Log, log_of, witness_in
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.tree.merkle import roots_of_consistency
from uitvoering.integrity.witness import judging
from uitvoering.integrity.witness import witness as witness_module
from uitvoering.integrity.witness.judging import Reason, judged, reason_to_keep
from uitvoering.integrity.witness.request import body_of, request_of
from uitvoering.integrity.witness.store import NOTHING, Cosigned, Refused
from uitvoering.integrity.witness.witness import Witness

FALSE = [bytes(32)]
"""No proof of anything."""


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness_module, "MOST_KEPT", dict.fromkeys(Reason, 3))
    monkeypatch.setattr(witness_module, "MOST_UNSHOWN", 3)


def kept(witness: Witness, *reasons: Reason) -> list[Refused]:
    with witness.store.reading() as record:
        return [row for row in record.refused() if not reasons or row.reason in reasons]


def passed_on(witness: Witness, log: Log, old: int, sizes: range) -> None:
    """By a stranger without any key: what the log signed, with a false proof."""
    for size in sizes:
        assert witness.add_checkpoint(body_of(old, FALSE, log.note(size))).status == 422


def test_who_passes_true_checkpoints_on_takes_no_room_from_a_fork(tmp_path: Path) -> None:
    log = log_of(30)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0, 10))
    passed_on(witness, log, 10, range(11, 20))
    assert len(kept(witness)) == 3
    fork = log.rewritten(4)
    answer = witness.add_checkpoint(fork.request(10, 25))
    assert (answer.status, answer.about.split()[-1]) == (422, "other-past")
    [row] = kept(witness, Reason.OTHER_PAST)
    assert (row.root, row.held.root) == (fork.tree.root(25), log.tree.root(10))
    assert witness.add_checkpoint(log.request(10)).status == 200, "and the log goes on"
    passed_on(witness, log.grown(60), 30, range(31, 40))
    assert witness.add_checkpoint(fork.grown(60).request(30)).status == 422
    assert len(kept(witness, Reason.OTHER_PAST)) == 2


def test_what_was_kept_shows_the_fork_to_anyone(tmp_path: Path) -> None:
    """Two checkpoints that the log signed, and hashes that join the one to another past."""
    log = log_of(30)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0, 11))
    witness.add_checkpoint(log.rewritten(4).request(11))
    folder = tmp_path / "evidence" / "000001"
    held = checkpoint_of(parsed((folder / "held").read_bytes()).text)
    request = request_of((folder / "request").read_bytes())
    offered = request.checkpoint
    assert offered == log.rewritten(4).checkpoint()
    roots = roots_of_consistency(held.size, offered.size, held.root, request.proof)
    assert roots is not None
    assert roots[1] == offered.root
    assert roots[0] != held.root


def test_another_past_is_kept_also_when_it_is_shown_from_an_older_size(tmp_path: Path) -> None:
    """Refused with 409, as who asks what is held; what it carries proves a fork all the same."""
    log = log_of(30)
    witness = witness_in(tmp_path, log)
    for old, size in ((0, 10), (10, 20)):
        witness.add_checkpoint(log.request(old, size))
    for size in (15, 25):
        assert witness.add_checkpoint(log.request(10, size)).status == 409
        assert witness.add_checkpoint(log.rewritten(4).request(10, size)).status == 409
    rows = kept(witness, Reason.OTHER_PAST)
    assert [(row.size, row.held.size) for row in rows] == [(15, 10), (25, 10)]


def test_beside_a_power_of_two_each_size_has_its_own_room(tmp_path: Path) -> None:
    """No proof from there holds the root of what was cosigned: a fork looks like a false proof."""
    log = log_of(80)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0, 10))
    passed_on(witness, log, 10, range(11, 16))
    witness.add_checkpoint(log.request(10, 16))
    fork = log.rewritten(4)
    assert witness.add_checkpoint(fork.request(16, 25)).status == 422
    assert [row.root for row in kept(witness)][-1] == fork.tree.root(25)
    passed_on(witness, log, 16, range(17, 30))
    assert len(kept(witness)) == 6
    witness.add_checkpoint(log.request(16, 64))
    assert witness.add_checkpoint(fork.request(64, 70)).status == 422
    assert [row.root for row in kept(witness)][-1] == fork.tree.root(70)


def test_what_is_kept_beside_powers_of_two_takes_no_room_from_other_sizes(tmp_path: Path) -> None:
    log = log_of(80)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0, 8))
    for old, size in ((8, 16), (16, 32)):
        passed_on(witness, log, old, range(old + 1, old + 6))
        witness.add_checkpoint(log.request(old, size))
    witness.add_checkpoint(log.request(32, 50))
    assert len(kept(witness)) == 6
    passed_on(witness, log, 50, range(51, 60))
    assert [row.size for row in kept(witness)[6:]] == [51, 52, 53]


def test_the_keys_of_a_log_do_not_fill_the_disk_with_other_pasts(tmp_path: Path) -> None:
    log = log_of(30)
    witness = witness_in(tmp_path, log)
    witness.add_checkpoint(log.request(0, 11))
    for index in range(10):
        for _ in range(2):
            assert witness.add_checkpoint(log.rewritten(index).request(11)).status == 422
    assert len(kept(witness)) == 3


@given(st.data())
def test_a_proof_shows_another_past_just_when_there_is_one(data: st.DataObject) -> None:
    """Of any two sizes; a false proof of a true checkpoint never does."""
    old = data.draw(st.integers(1, 40))
    size = data.draw(st.integers(old + 1, 70))
    true = log_of(size)
    held = Cosigned(1, old, true.tree.root(old), true.note(old), 0)
    changed = data.draw(st.none() | st.integers(0, size - 1))
    log = true if changed is None else true.rewritten(changed)
    proof = log.proof(old)
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(proof) - 1))
        proof = [*proof[:at], bytes(32), *proof[at + 1 :]]
        changed = None
    request = request_of(body_of(old, proof, log.note()))
    found = reason_to_keep(request, judged(request, held), held, NOTHING, held)
    shown = found is not None and found[0] is Reason.OTHER_PAST
    is_forked = changed is not None and changed < old and old.bit_count() > 1
    assert shown == is_forked
    assert judging.MOST_KEPT[Reason.OTHER_PAST] >= 1000
