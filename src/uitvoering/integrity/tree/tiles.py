"""Tiles and entry bundles (c2sp.org/tlog-tiles v0.1.0): what a log serves, under which paths."""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from uitvoering.errors import InvalidError, TamperedError
from uitvoering.integrity.tree.merkle import HASH_BYTES, level_above

HEIGHT = 8
"""Levels of the tree that one tile spans."""
WIDTH = 1 << HEIGHT
"""Hashes in a full tile, leaves in a full bundle."""
ENTRIES = -1
"""The level of entry bundles: what the leaf hashes of level 0 are made from."""
LARGEST_LEAF = 2**16 - 1
_PATH = re.compile(
    r"tile/(0|[1-9][0-9]?|entries)"
    r"/((?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/([1-9][0-9]{0,2}))?",
    re.ASCII,
)
_HIGHEST_LEVEL = 63
_LENGTH = struct.Struct(">H")


class TilePathMalformedError(InvalidError):
    code = "tile-path-malformed"
    message = "{path} is no path of a tile; it is tile/<level>/<number> or tile/entries/<number>"


class LeafTooLargeError(InvalidError):
    code = "leaf-too-large"
    message = "leaf {index} has {bytes} bytes, and a log takes at most {most}; shorten the event"


class TileDamagedError(TamperedError):
    code = "tile-damaged"
    message = "{tile} does not hold its {width} leaves or hashes; keep the file and call an auditor"


@dataclass(frozen=True)
class Tile:
    level: int
    """ENTRIES for a bundle; else every hash is over 256**level leaves."""
    index: int
    """From zero, within its level."""
    width: int = WIDTH
    """1 to 256; below 256 the tile is partial."""

    @property
    def path(self) -> str:
        """Below the address of the log, or its directory."""
        groups, rest = [f"{self.index % 1000:03}"], self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03}")
            rest //= 1000
        level = "entries" if self.level == ENTRIES else self.level
        full = f"tile/{level}/{'/'.join(reversed(groups))}"
        return full if self.is_full else f"{full}.p/{self.width}"

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    @property
    def full(self) -> "Tile":
        """The tile that takes the place of a partial one."""
        return Tile(self.level, self.index)

    def is_in(self, size: int) -> bool:
        """Whether a tree of so many leaves has all its hashes or leaves."""
        return (self.index * WIDTH + self.width) << HEIGHT * max(self.level, 0) <= size

    @property
    def most_bytes(self) -> int:
        one = _LENGTH.size + LARGEST_LEAF if self.level == ENTRIES else HASH_BYTES
        return self.width * one

    def hashes(self, data: bytes) -> bytes:
        """The hashes in what the path gave. TileDamagedError when it is not as long as they are."""
        if len(data) != self.width * HASH_BYTES:
            raise TileDamagedError(tile=self.path, width=self.width)
        return data

    def leaves(self, data: bytes) -> list[bytes]:
        """The leaves in what the path of a bundle gave, in order. TileDamagedError."""
        leaves: list[bytes] = []
        at = 0
        try:
            while at < len(data):
                (length,) = _LENGTH.unpack_from(data, at)
                at += _LENGTH.size + length
                leaves.append(data[at - length : at])
        except struct.error as error:
            raise TileDamagedError(tile=self.path, width=self.width) from error
        if at != len(data) or len(leaves) != self.width:
            raise TileDamagedError(tile=self.path, width=self.width)
        return leaves


def tile_of(path: str) -> Tile:
    """Of a path below the address of the log, in the one spelling it has.

    TilePathMalformedError for every other, so that none leads outside the directory.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise TilePathMalformedError(path=path)
    level = ENTRIES if found[1] == "entries" else int(found[1])
    index = int(found[2].replace("/", "").replace("x", ""))
    tile = Tile(level, index, int(found[3] or WIDTH))
    # Written again it is the same, unless it had groups of zeros or the width of a full tile.
    if level > _HIGHEST_LEVEL or tile.width > WIDTH or tile.path != path:
        raise TilePathMalformedError(path=path)
    return tile


def tile_at(level: int, index: int, size: int) -> Tile:
    """The tile as wide as a tree of `size` leaves has it. ValueError when it has none there."""
    width = min(WIDTH, (size >> HEIGHT * max(level, 0)) - index * WIDTH)
    if index < 0 or width <= 0:
        raise ValueError(f"a tree of {size} has no tile {index} at level {level}")
    return Tile(level, index, width)


def partial_tiles(size: int) -> Iterator[Tile]:
    """The right edge: at most one for each level, and one for the entries."""
    for tile in _right_edge(size):
        if tile.is_full:
            continue
        if tile.level == 0:
            yield Tile(ENTRIES, tile.index, tile.width)
        yield tile


def tiles_of(size: int) -> Iterator[Tile]:
    """All a tree of this size is served as, bundles first, then level by level."""
    for level in (ENTRIES, *range(_levels(size))):
        for index in range(-(-(size >> HEIGHT * max(level, 0)) // WIDTH)):
            yield tile_at(level, index, size)


def entry_bundle(leaves: Iterable[bytes]) -> bytes:
    """ValueError for a leaf over LARGEST_LEAF bytes; whoever takes leaves in refuses it before."""
    parts: list[bytes] = []
    for leaf in leaves:
        if len(leaf) > LARGEST_LEAF:
            raise ValueError(f"a leaf of {len(leaf)} bytes")
        parts += (_LENGTH.pack(len(leaf)), leaf)
    return b"".join(parts)


def unfolded(hashes: bytes) -> list[bytes]:
    """The complete subtrees of a tile by height: its own hashes first, at most one hash last."""
    levels = [hashes]
    while len(levels[-1]) > HASH_BYTES:
        levels.append(level_above(levels[-1]))
    return levels


def _levels(size: int) -> int:
    return -(-size.bit_length() // HEIGHT)


def _right_edge(size: int) -> Iterator[Tile]:
    for level in range(_levels(size)):
        width = (size >> HEIGHT * level) % WIDTH
        if width:
            yield Tile(level, size >> HEIGHT * (level + 1), width)
