"""What somebody changed in the files of the log is an alarm, at the place where it happened."""

import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from tests.monitoring.post import ORIGIN, Post, kinds
from uitvoering.application.monitor_report import (
    Difference,
    Unchecked,
)
from uitvoering.integrity.keys.key_files import KeyFiles
from uitvoering.integrity.log import founding
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import formatted, parsed

pytestmark = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
"""The store behind the log cannot make a difference."""


def tile(post: Post, pattern: str) -> Path:
    [found] = [p for p in post.ledger.public.glob(pattern) if p.is_file()]
    return found


def test_an_event_and_its_entry_changed_alike_is_found_at_the_tile(post: Post) -> None:
    position = post.position_of("hardship-signalled")
    index = post.ledger.positions.index_of(position, len(post.ledger.positions))
    entries = tile(post, "tile/entries/000.p/*")
    old = sha256(orjson.dumps(post.intruder.state(position), option=orjson.OPT_SORT_KEYS))
    state = post.intruder.state(position) | {"happened_on": "2026-05-01"}
    post.intruder.rewrite(position, state)
    new = sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS))
    data = entries.read_bytes()
    start = data.index(old.hexdigest().encode())
    begin = data.rindex(b'{"eventId"', 0, start)
    changed = data[begin:].replace(old.hexdigest().encode(), new.hexdigest().encode(), 1)
    changed = changed.replace(b'"happenedOn":"2026-06-01"', b'"happenedOn":"2026-05-01"', 1)
    entries.write_bytes(data[:begin] + changed)
    report = post.look()
    assert Difference.EVENT_CHANGED not in kinds(report)
    [alarm] = [a for a in report.alarms if a.difference is Difference.LEAF_DIFFERS]
    assert alarm.values["index"] == index


def test_tiles_that_lead_to_another_root_than_was_signed_are_told(post: Post) -> None:
    hashes = tile(post, "tile/0/000.p/*")
    hashes.write_bytes(bytes(32) + hashes.read_bytes()[32:])
    found = kinds(post.look())
    assert {Difference.LEAF_DIFFERS, Difference.ROOT_DIFFERS} <= found
    hashes.unlink()
    assert Difference.LOG_UNREADABLE in kinds(post.look())


def test_positions_that_do_not_ascend_or_end_early_are_told(post: Post) -> None:
    file = post.ledger.directory / "positions"
    data = file.read_bytes()
    file.write_bytes(data[8:16] + data[:8] + data[16:])
    assert Difference.POSITIONS_DISORDERED in kinds(post.look())
    file.write_bytes(data[:-8])
    assert Difference.LOG_UNREADABLE in kinds(post.look())


def test_a_checkpoint_that_no_known_key_signed_is_told(post: Post) -> None:
    file = post.ledger.checkpoint_file
    checkpoint = checkpoint_of(parsed(file.read_bytes()).text)
    other = new_key(ORIGIN, Kind.ED25519)
    file.write_bytes(formatted(checkpoint.text, [other.cosignature_line(checkpoint, 0)]))
    assert kinds(post.look()) == {Difference.CHECKPOINT_UNSIGNED}
    unknown = replace(post.monitoring, keys=()).look()
    assert unknown.alarms == ()
    assert Unchecked.NO_KEYS in unknown.unchecked


def test_a_log_made_again_over_another_past_contradicts_what_was_signed(post: Post) -> None:
    """All files of a fresh log over the rewritten store, and the old rows of what was signed."""
    kept = post.ledger.rows_file.read_bytes()
    position = post.position_of("hardship-signalled")
    post.intruder.rewrite(position, post.intruder.state(position) | {"happened_on": "2026-05-01"})
    shutil.rmtree(post.ledger.directory)
    (post.keys / "last-signed").unlink()
    signer = KeyFiles(post.keys, ORIGIN)
    founding.create(post.ledger, signer, lambda: int(post.app.clock().timestamp()))
    post.sequence()
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (post.ledger.directory / name).unlink(missing_ok=True)
    post.ledger.rows_file.write_bytes(kept)
    found = kinds(post.look())
    assert Difference.CHECKPOINT_CONTRADICTED in found
    assert Difference.EVENT_CHANGED not in found
