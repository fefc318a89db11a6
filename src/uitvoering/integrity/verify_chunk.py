"""Some thousands of leaves with their tiles and events, checked in one pass, in any process."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.leaf import LeafUnmadeError, commitment, leaf_from, opening_of
from uitvoering.integrity.merkle import HASH_BYTES, leaf_hash
from uitvoering.integrity.pack import (
    BUNDLES_PER_FILE,
    EVENTS_PER_FILE,
    MOST_LINE,
    Listed,
    events_path,
    line_parts,
)
from uitvoering.integrity.tiles import (
    ENTRIES,
    WIDTH,
    TileDamagedError,
    tile_at,
    unfolded,
)
from uitvoering.integrity.verify_diagnosis import difference, mapping_of, text_in
from uitvoering.integrity.verify_findings import MOST_TOLD, Finding, broken

_BLOCK = 1 << 20
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What a value of another kind than we wrote gives."""


@dataclass(frozen=True)
class Chunk:
    """What to check; small, as it is sent to another process."""

    folder: Path
    number: int
    size: int
    """Leaves in the log."""
    origin: str
    files: dict[str, Listed]
    """Of this chunk, as the manifest has them."""
    wanted: range
    """Leaves of which the pack must hold the event: all, or from the first to the last in it."""
    stream: str | None

    @property
    def leaves(self) -> range:
        first = self.number * EVENTS_PER_FILE
        return range(first, min(first + EVENTS_PER_FILE, self.size))


@dataclass
class Checked:
    """What came of it."""

    hashes: list[bytes] = field(default_factory=list[bytes])
    """The root of every full bundle, and last, of one that is not full, all hashes of its leaves;
    empty for a bundle that cannot be read."""
    events: int = 0
    commits: int = 0
    unopened: int = 0
    """Passages whose opening or text is not there to be read."""
    schemas: set[str] = field(default_factory=set[str])
    seen: dict[tuple[int, str], tuple[int, str]] = field(
        default_factory=dict[tuple[int, str], tuple[int, str]]
    )
    """By size and root of the checkpoint an author had seen, the first such leaf and event."""
    positions: tuple[int, int] | None = None
    """In the store, of the first and the last event."""
    found: list[Finding] = field(default_factory=list[Finding])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, finding: Finding) -> None:
        count = self.counts[finding.code] = self.counts.get(finding.code, 0) + 1
        if count <= MOST_TOLD:
            self.found.append(finding)


def read_listed(folder: Path, name: str, listed: Listed | None) -> bytes | Finding:
    """The bytes of a file if they are those of the manifest; else what is wrong with it."""
    if listed is None:
        return broken("file-missing", file=name)
    try:
        with (folder / name).open("rb") as file:
            # One byte more than there should be says that there are too many.
            data = file.read(listed.bytes + 1)
    except OSError:
        return broken("file-missing", file=name)
    if len(data) != listed.bytes or hashlib.sha256(data).hexdigest() != listed.sha256:
        return broken("file-changed", file=name)
    return data


def is_listed(folder: Path, name: str, listed: Listed) -> Finding | None:
    """The same for a file of any size; nothing of it is kept."""
    try:
        with (folder / name).open("rb") as file:
            digest, size = hashlib.sha256(), 0
            while size <= listed.bytes and (block := file.read(_BLOCK)):
                digest.update(block)
                size += len(block)
    except OSError:
        return broken("file-missing", file=name)
    if size != listed.bytes or digest.hexdigest() != listed.sha256:
        return broken("file-changed", file=name)
    return None


def checked(chunk: Chunk) -> Checked:
    done = Checked()
    leaves = _leaves(chunk, done)
    name = events_path(chunk.leaves.start)
    listed = chunk.files.get(name)
    unseen = chunk.leaves.start
    if listed is not None:
        wrong = is_listed(chunk.folder, name, listed)
        if wrong is not None:
            done.add(wrong)
        unseen = _events(chunk, name, leaves, done)
    _missing(chunk, leaves, range(unseen, chunk.leaves.stop), done)
    return done


def _leaves(chunk: Chunk, done: Checked) -> Sequence[bytes | None]:
    """Every leaf, or None where its bundle cannot be read; tiles are held against bundles."""
    found: list[bytes | None] = []
    first = chunk.number * BUNDLES_PER_FILE
    for number in range(first, first - (-len(chunk.leaves) // WIDTH)):
        bundle, tile = (tile_at(level, number, chunk.size) for level in (ENTRIES, 0))
        hashes = b""
        leaves: list[bytes] = []
        data = _read(chunk, bundle.path, done)
        if data is not None:
            try:
                leaves = bundle.leaves(data)
                hashes = b"".join(map(leaf_hash, leaves))
            except TileDamagedError:
                done.add(broken("tile-damaged", number * WIDTH, file=f"log/{bundle.path}"))
        claimed = _read(chunk, tile.path, done)
        if claimed is not None and hashes and claimed != hashes:
            at = _first_difference(claimed, hashes)
            event = text_in(mapping_of(leaves[at]), "eventId")
            done.add(broken("leaf-not-in-tile", number * WIDTH + at, event=event))
        found += leaves or [None] * bundle.width
        # Without its leaves the tree can still be made, of what the tile says they were.
        hashes = hashes or claimed or b""
        if len(hashes) != bundle.width * HASH_BYTES:
            done.hashes.append(b"")
        else:
            done.hashes.append(unfolded(hashes)[-1] if bundle.is_full else hashes)
    return found


def _read(chunk: Chunk, path: str, done: Checked) -> bytes | None:
    name = f"log/{path}"
    data = read_listed(chunk.folder, name, chunk.files.get(name))
    if isinstance(data, bytes):
        return data
    done.add(data)
    if data.code == "file-missing":
        return None
    try:  # what is there is still looked at: it tells which leaf was changed
        return (chunk.folder / name).read_bytes()
    except OSError:
        return None


def _first_difference(one: bytes, other: bytes) -> int:
    pairs = zip(_each(one), _each(other), strict=False)
    at = next((at for at, (left, right) in enumerate(pairs) if left != right), 0)
    return min(at, len(other) // HASH_BYTES - 1)


def _each(hashes: bytes) -> Iterator[bytes]:
    return (hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))


def _events(chunk: Chunk, name: str, leaves: Sequence[bytes | None], done: Checked) -> int:
    """Every line against its leaf; returns the leaf after the last one met."""
    start, stop = chunk.leaves.start, chunk.leaves.stop
    unseen, last = start, 0
    try:
        with (chunk.folder / name).open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, MOST_LINE), b""), 1):
                parts = line_parts(line)
                if parts is None or not start <= parts[0] < stop:
                    done.add(broken("line-unreadable", file=name, line=number))
                    continue
                index, position, topic, state = parts
                if index < unseen or position <= last:
                    done.add(_out_of_order(index, position, state))
                    continue
                if index > unseen:
                    _missing(chunk, leaves, range(unseen, index), done)
                _event(chunk, index, position, topic, state, leaves[index - start], done)
                unseen, last = index + 1, position
                done.positions = (done.positions[0] if done.positions else position, position)
    except OSError:
        pass  # told where its digest was asked for
    return unseen


def _out_of_order(index: int, position: int, state: bytes) -> Finding:
    event = text_in(mapping_of(state), "event_id")
    return broken("event-out-of-order", index, position=position, event=event)


def _event(
    chunk: Chunk,
    index: int,
    position: int,
    topic: str,
    state: bytes,
    leaf: bytes | None,
    done: Checked,
) -> None:
    done.events += 1
    try:
        held = loads(state)
        made = leaf_from(chunk.origin, topic, held, hashlib.sha256(state).hexdigest())
    except (LeafUnmadeError, ValueError, RecursionError):
        held, made = None, b""
    if leaf is None:
        return  # told with its bundle
    if made != leaf:
        done.add(difference(chunk.origin, index, position, topic, state, leaf))
    elif "proof" in held:
        try:
            _proof(held, index, position, done)
        except _UNREADABLE:
            event = text_in(held, "event_id")
            done.add(broken("proof-unreadable", index, position=position, event=event))


def _proof(held: dict[str, Any], index: int, position: int, done: Checked) -> None:
    """The commitments against the wording; what the author had seen is looked up later."""
    proof = held["proof"]
    if not proof:
        return
    opening = proof.get("opening")
    for commit in proof.get("commits") or ():
        at = commit["at"]
        text = text_at(held, at)
        if not opening or text is None or at in (held.get("sealed") or ()):
            done.unopened += 1
        elif commitment(opening_of(opening, at), text) == commit["hmac"]:
            done.commits += 1
        else:
            done.add(
                broken(
                    "wording-differs", index, position=position, event=held["event_id"], passage=at
                )
            )
    if proof.get("schema_sha256"):
        done.schemas.add(proof["schema_sha256"])
    seen = proof.get("seen")
    if seen:
        done.seen.setdefault((int(seen["size"]), str(seen["root"])), (index, held["event_id"]))


def text_at(held: dict[str, Any], pointer: str) -> str | None:
    """What a JSON Pointer (RFC 6901) leads to; None when it is no text."""
    here: Any = held
    for step in pointer[1:].split("/"):
        if isinstance(here, dict):
            members = cast(dict[str, Any], here)
            here = members.get(step.replace("~1", "/").replace("~0", "~"))
        elif isinstance(here, list) and step.isdecimal():
            items = cast(list[Any], here)
            here = items[int(step)] if int(step) < len(items) else None
        else:
            return None
    return here if isinstance(here, str) else None


def _missing(chunk: Chunk, leaves: Sequence[bytes | None], gap: range, done: Checked) -> None:
    """What the log has in the gap and the pack should have had as well."""
    first, last = max(gap.start, chunk.wanted.start), min(gap.stop, chunk.wanted.stop)
    for index in range(first, last):
        leaf = leaves[index - chunk.leaves.start]
        if leaf is None:
            continue
        logged = mapping_of(leaf)
        if index == 0 and logged is not None and "continues" in logged:
            continue
        if chunk.stream is None or text_in(logged, "stream") == chunk.stream:
            done.add(broken("event-missing", index, event=text_in(logged, "eventId")))
