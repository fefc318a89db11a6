"""Some thousands of leaves, and whether their tiles hold what they give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from uitvoering.integrity.tree.merkle import HASH_BYTES
from uitvoering.integrity.tree.tiles import (
    ENTRIES,
    LARGEST_LEAF,
    WIDTH,
    TileDamagedError,
    tile_at,
    unfolded,
)
from uitvoering.integrity.verify.diagnosis import mapping_of, text_in
from uitvoering.integrity.verify.findings import MOST_TOLD, Finding, broken
from uitvoering.integrity.verify.moments import NewestBelow
from uitvoering.integrity.verify.pack import (
    BUNDLES_PER_FILE,
    EVENTS_PER_FILE,
    Listed,
)
from uitvoering.integrity.verify.reading import read_listed, taken

_LARGEST = WIDTH * (LARGEST_LEAF + 2)
"""Bytes in a bundle."""


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
    sizes: tuple[int, ...] = ()
    """Of the log, among these leaves, at which it is asked what the newest event was."""

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
    places: tuple[int, int] | None = None
    """Leaves of the same two."""
    recorded: list[NewestBelow] = field(default_factory=list[NewestBelow])
    """For the sizes that were asked for."""
    tiles_agree: bool = True
    """Whether all bundles and tiles are as they are listed, and each bundle gives its tile."""
    found: list[Finding] = field(default_factory=list[Finding])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, finding: Finding) -> None:
        count = self.counts[finding.code] = self.counts.get(finding.code, 0) + 1
        if count <= MOST_TOLD:
            self.found.append(finding)


def leaves_checked(chunk: Chunk, done: Checked) -> Sequence[bytes | None]:
    """Every leaf, or None where its bundle cannot be read; tiles are held against bundles.

    The first to look at a chunk: what it found is about tiles alone.
    """
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
                hashes = b"".join([sha256(b"\0" + leaf).digest() for leaf in leaves])
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
    done.tiles_agree = not done.found
    return found


def _read(chunk: Chunk, path: str, done: Checked) -> bytes | None:
    name = f"log/{path}"
    listed = chunk.files.get(name)
    data = read_listed(chunk.folder, name, listed)
    if isinstance(data, bytes):
        return data
    done.add(data)
    if listed is None or data.code != "file-changed":
        return None
    try:
        # What is there is still looked at: it tells which leaf was changed.
        return taken(chunk.folder / name, _LARGEST)
    except OSError:
        return None


def _first_difference(one: bytes, other: bytes) -> int:
    pairs = zip(_each(one), _each(other), strict=False)
    at = next((at for at, (left, right) in enumerate(pairs) if left != right), 0)
    return min(at, len(other) // HASH_BYTES - 1)


def _each(hashes: bytes) -> Iterator[bytes]:
    return (hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))
