"""A pack that was changed on its way: cut off, edited, or made to look whole again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.attacks.operator_ import relist
from tests.attacks.scene import LAST, SIGNAL, Scene
from tests.attacks.test_store import codes, first
from uitvoering.application.evidence_replay import replayed
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.merkle import leaf_hash
from uitvoering.integrity.pack import READ_MODELS, line_parts
from uitvoering.integrity.tiles import ENTRIES, Tile, entry_bundle
from uitvoering.integrity.verify import verify

EVENTS = "events/000000001.jsonl"
LEAVES, HASHES = (f"log/tile/{level}/000.p/{LAST + 1}" for level in ("entries", "0"))


def cut_between_two_events(pack: Path) -> None:
    lines = (pack / EVENTS).read_bytes().splitlines(keepends=True)
    (pack / EVENTS).write_bytes(b"".join(lines[:SIGNAL]))


def cut_within_an_event(pack: Path) -> None:
    data = (pack / EVENTS).read_bytes()
    lines = data.splitlines(keepends=True)
    (pack / EVENTS).write_bytes(data[: sum(map(len, lines[:SIGNAL])) + 100])


@pytest.mark.parametrize("cut", [cut_between_two_events, cut_within_an_event])
def test_a_truncated_pack_misses_every_event_from_there(
    scene: Scene, cut: Callable[[Path], None]
) -> None:
    pack = scene.pack()
    lines = (pack / EVENTS).read_bytes().splitlines(keepends=True)
    parts = line_parts(lines[SIGNAL])
    assert parts is not None
    cut(pack)
    assert "file-changed" in codes(scene.verified(pack))
    relist(pack)  # and no digest gives it away
    report = scene.verified(pack)
    assert first(report) == ("event-missing", SIGNAL, loads(parts[3])["event_id"])
    assert "file-changed" not in codes(report)
    missing = report.more().get("event-missing", 0) + sum(
        found.code == "event-missing" for found in report.findings
    )
    assert missing == LAST + 1 - SIGNAL


@pytest.mark.parametrize("name", [EVENTS, LEAVES, HASHES, "log/checkpoint"])
def test_a_pack_without_one_of_its_files(scene: Scene, name: str) -> None:
    pack = scene.pack()
    (pack / name).unlink()
    report = scene.verified(pack)
    assert {"file-missing"} <= codes(report)
    relist(pack)
    assert scene.verified(pack).code == 3


def test_a_pack_without_its_manifest(scene: Scene) -> None:
    pack = scene.pack()
    (pack / "manifest.json").unlink()
    assert codes(scene.verified(pack)) == {"manifest-wrong"}


def test_a_truncated_tile(scene: Scene) -> None:
    pack = scene.pack()
    (pack / LEAVES).write_bytes((pack / LEAVES).read_bytes()[:-10])
    relist(pack)
    assert "tile-damaged" in codes(scene.verified(pack))


def test_an_event_edited_in_the_pack(scene: Scene) -> None:
    pack = scene.pack()
    lines = (pack / EVENTS).read_bytes().splitlines(keepends=True)
    lines[SIGNAL] = lines[SIGNAL].replace(b'"severity":4', b'"severity":1')
    (pack / EVENTS).write_bytes(b"".join(lines))
    relist(pack)
    parts = line_parts(lines[SIGNAL])
    assert parts is not None
    event = loads(parts[3])["event_id"]
    assert first(scene.verified(pack)) == ("event-changed", SIGNAL, event)


@pytest.mark.parametrize("hidden", [False, True], ids=["alone", "with its hash"])
def test_a_leaf_written_anew_with_the_same_meaning(scene: Scene, *, hidden: bool) -> None:
    pack = scene.pack()
    bundle = Tile(ENTRIES, 0, LAST + 1)
    leaves = bundle.leaves((pack / LEAVES).read_bytes())
    event = loads(leaves[SIGNAL])["eventId"]
    leaves[SIGNAL] = leaves[SIGNAL].replace(b'","', b'", "', 1)
    (pack / LEAVES).write_bytes(entry_bundle(leaves))
    if hidden:
        (pack / HASHES).write_bytes(b"".join(map(leaf_hash, leaves)))
    relist(pack)
    report = scene.verified(pack)
    found = {each.code: each for each in report.findings}
    assert found["leaf-re-encoded"].index == SIGNAL
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
