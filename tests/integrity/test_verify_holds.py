"""What a verification says that holds: no other finding of the same report may contradict it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integrity.evidence import (
    COSIGNED_AT,
    NOW,
    ORIGIN,
    Event,
    Keys,
    Made,
    codes,
    events,
    judged,
    relisted,
    with_proof,
)
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.key_notes import Retirement, Rotation, signed
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.tree.leaf import continuation_leaf, leaf_of
from uitvoering.integrity.tree.merkle import leaf_hash
from uitvoering.integrity.tree.tiles import ENTRIES, tile_at
from uitvoering.integrity.verify.findings import Finding, Report, Standing, holds
from uitvoering.integrity.verify.kept import keep
from uitvoering.integrity.verify.pack import (
    CHECKPOINT,
    MANIFEST,
    POLICY,
    READ_MODELS,
    README,
    VERIFIER,
    checkpoint_path,
    events_path,
    schema_path,
)
from uitvoering.persistence.event_schemas import newest

COUNT = 257
"""Leaves: one more than a full tile, so that there is a second level."""
OLD = "log.example.nl/old"
ENDED_AT = 9
ROTATION, RETIREMENT = "keys/rotations/0001.note", "keys/retired/0001.note"
PROGRAM = b"a program of ours"
LAST = Checkpoint(OLD, 7, b"\7" * 32)
KEYS, EARLIER, BEFORE = Keys(), new_key(ORIGIN, Kind.ED25519), new_key(OLD, Kind.ED25519)
POLICY_TEXT = f"log {EARLIER.public}\nlog {BEFORE.public}\n".encode() + KEYS.policy()

_OF_EVENTS = {"events", "complete", "wordings", "seen", "schemas", "read-models"}
_OF_LEAVES = {"tree", "continues", "continues-agrees", *_OF_EVENTS}
SPEAKS = {
    **{f"log/{tile_at(ENTRIES, at, COUNT).path}": {"quorum", *_OF_LEAVES} for at in (0, 1)},
    **{f"log/{tile_at(0, at, COUNT).path}": _OF_LEAVES for at in (0, 1)},
    f"log/{tile_at(1, 0, COUNT).path}": _OF_LEAVES,
    CHECKPOINT: {"quorum", *_OF_LEAVES},
    checkpoint_path(100): {"checkpoints"},
    events_path(0): _OF_EVENTS,
    schema_path(newest()): {"schemas"},
    ROTATION: {"rotation"},
    RETIREMENT: {"retirement"},
    VERIFIER: {"verifier-same"},
    README: set[str](),
    POLICY: set[str](),
    READ_MODELS: {"read-models"},
}
"""Of a file, what is said that holds of its matter."""
_COMPARED_ELSEWHERE = READ_MODELS
"""Only a replay finds that it was changed by who lists it anew."""


def ended(key: PrivateKey, last_size: int) -> bytes:
    text = Retirement(key.public, "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", last_size).text
    return signed(text, [KEYS.log])


def read_models(*_: object) -> Iterator[Finding]:
    yield holds("read-models", count=1)


def of_the_log_before(checkpoint: Checkpoint = LAST) -> bytes:
    lines = [BEFORE.cosignature_line(checkpoint, 0)]
    lines += [key.cosignature_line(checkpoint, COSIGNED_AT) for key in (KEYS.ministry, KEYS.audit)]
    return formatted(checkpoint.text, lines)


def verified(folder: Path, **more: Any) -> Report:
    asked = {"policy": POLICY_TEXT, "own": {VERIFIER: PROGRAM}, "replay": read_models, **more}
    return judged(folder, KEYS, **asked)


def held(report: Report) -> set[str]:
    return codes(report, Standing.HOLDS)


@pytest.fixture(scope="module")
def facts() -> list[Event]:
    return events(COUNT - 1)


@pytest.fixture(scope="module")
def whole(facts: list[Event], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack in which every kind of file is that the log, its keys or our product speak of."""
    first = continuation_leaf(ORIGIN, of_the_log_before())
    seen = {"root": leaf_hash(first).hex(), "size": 1}
    told = [*facts[:-1], with_proof(facts[-1], seen=seen)]
    leaves = [first, *(leaf_of(ORIGIN, event.topic, event.state) for event in told)]
    rotation = Rotation("2026-01-05T00:00:00Z", 5, (EARLIER.public,), (KEYS.log.public,))
    further = {
        ROTATION: signed(rotation.text, [EARLIER, KEYS.log]),
        RETIREMENT: ended(EARLIER, ENDED_AT),
        VERIFIER: PROGRAM,
        README: b"read me",
        READ_MODELS: b"{}",
    }
    made = Made(KEYS, told, sizes=(0, 100), leaves=leaves)
    folder = tmp_path_factory.mktemp("holds") / "pack"
    return made.write(folder, list(enumerate(told, 1)), further=further)


def test_all_that_can_hold_of_a_whole_pack_is_said(whole: Path) -> None:
    report = verified(whole, given={"mine": of_the_log_before()})
    assert not report.is_broken
    assert held(report) >= {"files", *(code for spoken in SPEAKS.values() for code in spoken)}


@pytest.mark.parametrize("listed_anew", [False, True], ids=["changed", "listed anew"])
@pytest.mark.parametrize("name", SPEAKS)
def test_nothing_is_said_to_hold_of_a_file_in_which_one_byte_was_changed(
    whole: Path, name: str, *, listed_anew: bool
) -> None:
    file, manifest = whole / name, (whole / MANIFEST).read_bytes()
    before = file.read_bytes()
    at = len(before) // 2
    try:
        file.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
        if listed_anew:
            relisted(whole)
        report = verified(whole, given={"mine": of_the_log_before()})
    finally:
        file.write_bytes(before)
        (whole / MANIFEST).write_bytes(manifest)
    if not listed_anew:
        assert codes(report) >= {"file-changed"}
        assert "files" not in held(report)
    if not (listed_anew and name == _COMPARED_ELSEWHERE):
        assert held(report) & SPEAKS[name] == set()


def test_of_a_pack_whose_manifest_was_changed_nothing_holds(whole: Path, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(whole, tmp_path / "pack"))
    (pack / MANIFEST).write_bytes((pack / MANIFEST).read_bytes().replace(b"257", b"256", 1))
    assert held(verified(pack)) == set()


def test_a_file_beside_the_tree_that_is_missing_says_nothing_of_the_tiles(
    whole: Path, tmp_path: Path
) -> None:
    pack = Path(shutil.copytree(whole, tmp_path / "pack"))
    (pack / README).unlink()
    report = verified(pack)
    assert codes(report) == {"file-missing"}
    assert "tree" in held(report)
    assert "files" not in held(report)


# --- checkpoints that contradict each other, or the leaves


@pytest.fixture
def removed(facts: list[Event], tmp_path: Path) -> Path:
    """A pack of a log without event 40, signed again by all."""
    return Made(KEYS, facts[:40] + facts[41:60], sizes=(20,)).write(tmp_path / "removed")


def test_where_history_was_rewritten_it_is_not_said_that_no_event_is_missing(
    removed: Path, facts: list[Event]
) -> None:
    report = verified(removed, given={"mine": Made(KEYS, facts[:60]).note(50)})
    assert codes(report) == {"forked-given"}
    assert held(report) & _OF_EVENTS == set()
    assert {"files", "tree", "quorum", "checkpoints"} <= held(report)
    assert "given" not in held(report)


def test_where_one_of_several_kept_checkpoints_was_left_nothing_holds_of_all(
    removed: Path, facts: list[Event], tmp_path: Path
) -> None:
    for size in (30, 50):
        keep(tmp_path / "kept", Made(KEYS, facts[:60]).note(size), NOW)
    report = verified(removed, kept=tmp_path / "kept")
    assert codes(report) == {"forked-kept"}
    assert "kept" not in held(report)


def test_a_key_that_signed_after_its_end_is_not_said_to_have_signed_no_more(
    facts: list[Event], tmp_path: Path
) -> None:
    """Where two notes end one key, the smaller size counts."""
    further = {RETIREMENT: ended(EARLIER, 5), "keys/retired/0002.note": ended(EARLIER, 20)}
    made = Made(KEYS, facts[:20])
    folder = made.write(tmp_path / "pack", further=further)
    assert "retirement" in held(verified(folder))
    checkpoint = Checkpoint(ORIGIN, 9, made.tree.root(9))
    note = formatted(checkpoint.text, [EARLIER.cosignature_line(checkpoint, 0)])
    (folder / checkpoint_path(9)).write_bytes(note)
    relisted(folder)
    report = verified(folder)
    assert codes(report) == {"key-ended"}
    assert held(report) & {"retirement", "checkpoints"} == set()


def test_a_checkpoint_of_another_log_is_not_said_to_be_signed_by_this_one(
    whole: Path, tmp_path: Path
) -> None:
    pack = Path(shutil.copytree(whole, tmp_path / "pack"))
    (pack / CHECKPOINT).write_bytes(of_the_log_before(Checkpoint(OLD, COUNT, bytes(32))))
    relisted(pack)
    report = verified(pack)
    assert codes(report) == {"checkpoint-elsewhere"}
    assert held(report) & {"quorum", "tree"} == set()
