"""A pack that was changed on its way: cut off, edited, or made to look whole again."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.attacks.operator_ import relist
from tests.attacks.scene import Scene
from tests.attacks.test_store import codes, first
from uitvoering.application.evidence_replay import replayed
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.tree.merkle import leaf_hash
from uitvoering.integrity.tree.tiles import ENTRIES, Tile, entry_bundle
from uitvoering.integrity.verify.pack import (
    MANIFEST,
    READ_MODELS,
    Asked,
    line_parts,
    manifest_in,
)
from uitvoering.integrity.verify.verify import verify

EVENTS = "events/000000001.jsonl"
LEAVES, HASHES, CHECKPOINT = "log/tile/entries/000.p", "log/tile/0/000.p", "log/checkpoint"


def tile(pack: Path, of: str) -> Path:
    """The only one there is; of a tree this small it is a partial one."""
    (found,) = (pack / of).iterdir()
    return found


def between_two_events(lines: list[bytes]) -> bytes:
    return b"".join(lines)


def within_an_event(lines: list[bytes]) -> bytes:
    return b"".join(lines) + lines[-1][:100]


@pytest.mark.parametrize("cut", [between_two_events, within_an_event])
def test_a_truncated_pack_misses_every_event_from_there(
    scene: Scene, cut: Callable[[list[bytes]], bytes]
) -> None:
    at, pack = scene.signal, scene.pack()
    lines = (pack / EVENTS).read_bytes().splitlines(keepends=True)
    (pack / EVENTS).write_bytes(cut(lines[:at]))
    assert "file-changed" in codes(scene.verified(pack))
    relist(pack)  # and no digest gives it away
    report = scene.verified(pack)
    assert first(report) == ("event-missing", at, event_in(lines[at]))
    assert "file-changed" not in codes(report)
    told = [found.index for found in report.findings if found.code == "event-missing"]
    assert told == list(range(at, scene.last + 1))


def event_in(line: bytes) -> str:
    parts = line_parts(line)
    assert parts is not None
    return str(loads(parts[3])["event_id"])


@pytest.mark.parametrize("name", [EVENTS, LEAVES, HASHES, CHECKPOINT])
def test_a_pack_without_one_of_its_files(scene: Scene, name: str) -> None:
    pack = scene.pack()
    gone = tile(pack, name) if (pack / name).is_dir() else pack / name
    gone.unlink()
    (found,) = [f for f in scene.verified(pack).findings if f.code == "file-missing"]
    assert found.values["file"] == gone.relative_to(pack).as_posix()
    relist(pack)
    assert scene.verified(pack).code == 3


def test_a_pack_without_its_manifest(scene: Scene) -> None:
    pack = scene.pack()
    (pack / "manifest.json").unlink()
    assert codes(scene.verified(pack)) == {"manifest-wrong"}


def test_a_truncated_tile(scene: Scene) -> None:
    pack = scene.pack()
    leaves = tile(pack, LEAVES)
    leaves.write_bytes(leaves.read_bytes()[:-10])
    relist(pack)
    assert "tile-damaged" in codes(scene.verified(pack))


def test_an_event_edited_in_the_pack(scene: Scene) -> None:
    at, pack = scene.signal, scene.pack()
    lines = (pack / EVENTS).read_bytes().splitlines(keepends=True)
    lines[at] = lines[at].replace(b'"severity":4', b'"severity":1')
    (pack / EVENTS).write_bytes(b"".join(lines))
    relist(pack)
    assert first(scene.verified(pack)) == ("event-changed", at, event_in(lines[at]))


def test_whichever_bit_of_an_event_is_turned_its_leaf_is_named(scene: Scene) -> None:
    pack = scene.pack()
    lines = (pack / EVENTS).read_bytes().splitlines(keepends=True)
    chance = Random(20261122)  # noqa: S311 the same bits in every run
    for _ in range(40):
        at = chance.randrange(len(lines))
        parts = line_parts(lines[at])
        assert parts is not None
        bit = chance.randrange(8 * len(parts[3]))
        state = bytearray(parts[3])
        state[bit // 8] ^= 1 << bit % 8
        edited = lines[at].replace(parts[3], state)
        (pack / EVENTS).write_bytes(b"".join([*lines[:at], edited, *lines[at + 1 :]]))
        relist(pack)
        assert first(scene.verified(pack))[1] == at, (at, bit)


@pytest.mark.parametrize("hidden", [False, True], ids=["alone", "with its hash"])
def test_a_leaf_written_anew_with_the_same_meaning(scene: Scene, *, hidden: bool) -> None:
    at, pack = scene.signal, scene.pack()
    bundle = tile(pack, LEAVES)
    leaves = Tile(ENTRIES, 0, scene.last + 1).leaves(bundle.read_bytes())
    event = loads(leaves[at])["eventId"]
    leaves[at] = leaves[at].replace(b'","', b'", "', 1)
    bundle.write_bytes(entry_bundle(leaves))
    if hidden:
        tile(pack, HASHES).write_bytes(b"".join(map(leaf_hash, leaves)))
    relist(pack)
    report = scene.verified(pack)
    found = {each.code: each for each in report.findings}
    assert found["leaf-re-encoded"].index == at
    assert found["leaf-re-encoded"].values["event"] == event
    # The hash in the tile is that of other bytes; or the signed root is that of other leaves.
    other = "forked-pack" if hidden else "leaf-not-in-tile"
    assert codes(report) >= {"leaf-re-encoded", other}


def test_read_models_told_otherwise_than_the_events_make_them(scene: Scene) -> None:
    pack = scene.pack(with_read_models=True)
    asking = replace(scene.asking(pack), replay=replayed)
    assert verify(asking).code == 0
    told = (pack / READ_MODELS).read_bytes()
    digest = loads(told)["read_models"][0]["sha256"].encode()
    (pack / READ_MODELS).write_bytes(told.replace(digest, b"0" * 64))
    relist(pack)
    assert codes(verify(asking)) == {"read-model-differs"}


def told_twice(told: dict[str, Any]) -> None:
    """A reader meets the false row first."""
    rows = told["read_models"]
    told["read_models"] = [{**rows[0], "rows": 7, "sha256": "0" * 64}, *rows]


def told_of_an_earlier_day(told: dict[str, Any]) -> None:
    told["position"] = 5


@pytest.mark.parametrize(
    ("change", "code"),
    [(told_twice, "read-model-twice"), (told_of_an_earlier_day, "read-models-position")],
)
def test_a_row_beside_the_true_read_models_is_told(
    scene: Scene, change: Callable[[dict[str, Any]], None], code: str
) -> None:
    pack = scene.pack(with_read_models=True)
    told = json.loads((pack / READ_MODELS).read_bytes())
    change(told)
    (pack / READ_MODELS).write_text(json.dumps(told))
    relist(pack)
    assert codes(verify(replace(scene.asking(pack), replay=replayed))) == {code}


def test_half_a_pack_that_says_it_was_asked_for(scene: Scene) -> None:
    pack = scene.pack()
    lines = (pack / EVENTS).read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    (pack / EVENTS).write_bytes(b"".join(lines[:half]))
    asked = Asked(last=loads(lines[half - 1])["position"])
    manifest = manifest_in(pack)
    part = replace(manifest, events=half, last_index=half - 1, asked=asked)
    (pack / MANIFEST).write_bytes(part.encoded())
    relist(pack)
    report = scene.verified(pack)
    assert (codes(report), report.code) == ({"asked-differs"}, 3)
