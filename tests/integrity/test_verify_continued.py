"""A log that goes on from another: what its first leaf says, held against what others hold."""

from pathlib import Path
from typing import Any

import pytest

from tests.integrity.evidence import (
    COSIGNED_AT,
    NOW,
    ORIGIN,
    Keys,
    Made,
    codes,
    events,
    judged,
    with_proof,
)
from uitvoering.integrity.fast_json import dumps
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.tree.leaf import continuation_leaf, leaf_of
from uitvoering.integrity.verify.brought import CheckpointUnusableError
from uitvoering.integrity.verify.findings import Report, Standing
from uitvoering.integrity.verify.kept import keep

OLD = "log.example.nl/old"
SIZE = 7
ROOT, OTHER = b"\7" * 32, b"\x09" * 32
SOURCES = ["given", "kept"]


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys()


@pytest.fixture(scope="module")
def old() -> PrivateKey:
    return new_key(OLD, Kind.ED25519)


def note_of(
    old: PrivateKey, keys: Keys, size: int = SIZE, root: bytes = ROOT, *, cosigned: bool = True
) -> bytes:
    checkpoint = Checkpoint(old.name, size, root)
    lines = [old.cosignature_line(checkpoint, 0)]
    if cosigned:
        witnesses = (keys.ministry, keys.audit)
        lines += [key.cosignature_line(checkpoint, COSIGNED_AT) for key in witnesses]
    return formatted(checkpoint.text, lines)


def going_on(folder: Path, keys: Keys, first: bytes) -> Path:
    """A pack of a log with this first leaf."""
    told = events(5)
    leaves = [first, *(leaf_of(ORIGIN, event.topic, event.state) for event in told)]
    return Made(keys, told, leaves=leaves).write(folder, list(enumerate(told, 1)))


@pytest.fixture
def pack(keys: Keys, old: PrivateKey, tmp_path: Path) -> Path:
    return going_on(tmp_path / "pack", keys, continuation_leaf(ORIGIN, note_of(old, keys)))


def policy_with(old: PrivateKey, keys: Keys, quorum: str = "both") -> bytes:
    return f"log {old.public}\n".encode() + keys.policy(quorum)


def held(source: str, folder: Path, note: bytes) -> dict[str, Any]:
    """By who verifies, from another or from an earlier verification."""
    if source == "given":
        return {"given": {"mine": note}}
    keep(folder / "kept", note, NOW)
    return {"kept": folder / "kept"}


def values(report: Report, code: str) -> dict[str, Any]:
    (found,) = [finding for finding in report.findings if finding.code == code]
    return found.values


def test_a_log_goes_on_from_a_state_that_was_cosigned(
    pack: Path, keys: Keys, old: PrivateKey
) -> None:
    report = judged(pack, keys, policy=policy_with(old, keys))
    assert not report.is_broken
    assert "continues" in codes(report, Standing.HOLDS)
    assert "continues-unsigned" in codes(judged(pack, keys), Standing.UNCHECKED)


@pytest.mark.parametrize("quorum", ["both", "none"])
def test_what_the_log_before_signed_alone_is_only_what_it_says(
    keys: Keys, old: PrivateKey, tmp_path: Path, quorum: str
) -> None:
    """Its key signs any state: a fork, or one of before its last leaves."""
    first = continuation_leaf(ORIGIN, note_of(old, keys, cosigned=False))
    folder = going_on(tmp_path / "pack", keys, first)
    report = judged(folder, keys, policy=policy_with(old, keys, quorum))
    assert not report.is_broken
    assert "continues" not in codes(report, Standing.HOLDS)
    assert "continues-uncosigned" in codes(report, Standing.UNCHECKED)
    assert "continued" in report.open_topics


@pytest.mark.parametrize("cosigned", [True, False])
@pytest.mark.parametrize("source", SOURCES)
def test_a_tail_cut_off_the_log_before_is_told(
    pack: Path, keys: Keys, old: PrivateKey, tmp_path: Path, source: str, *, cosigned: bool
) -> None:
    more = held(source, tmp_path, note_of(old, keys, 1_000, OTHER, cosigned=cosigned))
    report = judged(pack, keys, policy=policy_with(old, keys), **more)
    assert codes(report) == {"continues-cut"}
    assert values(report, "continues-cut")["size"] == 1_000
    older = judged(pack, keys, policy=policy_with(old, keys), older=True, **more)
    assert codes(older) == {"continues-cut"}  # the first leaf of a log is never older


@pytest.mark.parametrize("source", SOURCES)
def test_a_log_that_goes_on_from_another_history_is_told(
    pack: Path, keys: Keys, old: PrivateKey, tmp_path: Path, source: str
) -> None:
    more = held(source, tmp_path, note_of(old, keys, SIZE, OTHER))
    report = judged(pack, keys, policy=policy_with(old, keys), **more)
    assert codes(report) == {"continues-forked"}
    assert report.first is not None
    assert report.first.index == 0


@pytest.mark.parametrize("source", SOURCES)
def test_a_checkpoint_of_the_log_before_agrees_or_is_too_old_to_tell(
    pack: Path, keys: Keys, old: PrivateKey, tmp_path: Path, source: str
) -> None:
    policy = policy_with(old, keys)
    same = judged(pack, keys, policy=policy, **held(source, tmp_path, note_of(old, keys)))
    assert not same.is_broken
    assert "continues-agrees" in codes(same, Standing.HOLDS)
    assert "checkpoint-elsewhere" not in codes(same, Standing.UNCHECKED)
    earlier = note_of(old, keys, SIZE - 1, OTHER)
    report = judged(pack, keys, policy=policy, **held(source, tmp_path, earlier))
    assert not report.is_broken
    assert "continues-earlier" in codes(report, Standing.UNCHECKED)


def test_what_anybody_could_have_made_accuses_no_log(
    pack: Path, keys: Keys, old: PrivateKey
) -> None:
    stranger = new_key(OLD, Kind.ED25519)
    given = {"his": note_of(stranger, keys, 1_000, OTHER, cosigned=False)}
    with pytest.raises(CheckpointUnusableError, match="no key that your policy names"):
        judged(pack, keys, policy=policy_with(old, keys), given=given)


def test_what_was_kept_counts_when_the_policy_forgot_the_log_before(
    pack: Path, keys: Keys, old: PrivateKey, tmp_path: Path
) -> None:
    more = held("kept", tmp_path, note_of(old, keys, 1_000, OTHER))
    assert codes(judged(pack, keys, **more)) == {"continues-cut"}


def test_a_log_does_not_go_on_from_itself(keys: Keys, tmp_path: Path) -> None:
    first = continuation_leaf(ORIGIN, note_of(keys.log, keys))
    assert codes(judged(going_on(tmp_path / "pack", keys, first), keys)) == {"continues-wrong"}


@pytest.mark.parametrize("further", [{"eventId": "hidden"}, {"log": "log.example.nl/other"}])
def test_the_first_leaf_holds_the_checkpoint_and_nothing_else(
    keys: Keys, old: PrivateKey, tmp_path: Path, further: dict[str, str]
) -> None:
    """Else it would be a leaf of an event that no pack need hold."""
    told = {"continues": note_of(old, keys).decode(), "log": ORIGIN, **further}
    folder = going_on(tmp_path / "pack", keys, dumps(told))
    assert codes(judged(folder, keys)) == {"continues-wrong"}


@pytest.mark.parametrize("note", ["", "no note"])
def test_a_first_leaf_without_a_checkpoint_is_told(keys: Keys, tmp_path: Path, note: str) -> None:
    first = continuation_leaf(ORIGIN, note.encode())
    assert codes(judged(going_on(tmp_path / "pack", keys, first), keys)) == {"continues-wrong"}


AFTER, AMID = SIZE + 3, 3
"""Leaves of an author: after all of the log before, and among those that a restore left."""


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("at", "size", "agrees", "wrong"),
    [
        (AFTER, 0, False, "seen-differs"),  # every log begins with the same nothing
        (AFTER, 2, False, ""),
        (AFTER, SIZE, True, ""),
        (AFTER, SIZE, False, "seen-differs"),
        (AFTER, SIZE + 1, False, "seen-differs"),
        (AMID, SIZE - 1, False, ""),
        (AMID, SIZE, True, ""),
        (AMID, SIZE, False, "seen-later"),
        (AMID, SIZE + 1, False, "seen-later"),
    ],
)
def test_what_authors_saw_of_the_log_before_is_not_held_against_this_one(
    at: int,
    size: int,
    wrong: str,
    keys: Keys,
    old: PrivateKey,
    tmp_path: Path,
    *,
    agrees: bool,
    known: bool,
) -> None:
    """Up to where that log ended, by leaf 0: beyond it nobody can have seen it."""
    rows, root = events(at), ROOT if agrees else OTHER
    rows[-1] = with_proof(rows[-1], seen={"root": root.hex(), "size": size})
    first = continuation_leaf(ORIGIN, note_of(old, keys))
    leaves = [first, *(leaf_of(ORIGIN, event.topic, event.state) for event in rows)]
    folder = Made(keys, rows, leaves=leaves).write(tmp_path / "pack", list(enumerate(rows, 1)))
    report = judged(folder, keys, policy=policy_with(old, keys) if known else keys.policy())
    if wrong:
        assert codes(report) == {wrong}
    else:
        assert not report.is_broken
        told = {code for code in codes(report, Standing.UNCHECKED) if "-seen" in code}
        assert told == {"continues-seen" if known else "continues-seen-unsigned"}
        assert "continued" in report.open_topics
