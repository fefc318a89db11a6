"""The tree as the leaves of a pack make it; a hash in memory for every 256 leaves."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from uitvoering.integrity.tree.merkle import HASH_BYTES, Tree, leaf_hash, root
from uitvoering.integrity.tree.tiles import (
    ENTRIES,
    HEIGHT,
    WIDTH,
    Tile,
    TileDamagedError,
    tile_at,
    unfolded,
)
from uitvoering.integrity.verify.reading import taken

_KEPT_BUNDLES = 64
LOG = "log"


class LeafTree:
    """Filled in order with what the chunks found, and then asked for any older root."""

    def __init__(self, folder: Path, size: int) -> None:
        self.size = size
        self.is_whole = True
        """False once a bundle gave no hashes: then no root can be asked for."""
        self._log = folder / LOG
        self._roots = Tree()
        """Of the full bundles."""
        self._edge = b""
        """Leaf hashes of the bundle that is not full."""
        self._below = lru_cache(_KEPT_BUNDLES)(self._unfolded)

    def take(self, hashes: Sequence[bytes]) -> None:
        """As `Checked.hashes`."""
        for found in hashes:
            if not found:
                self.is_whole = False
            elif self._roots.size < self.size // WIDTH:
                self._roots.append(found)
            else:
                self._edge = found

    def node(self, level: int, index: int) -> bytes:
        if level >= HEIGHT:
            return self._roots.node(level - HEIGHT, index)
        number, at = divmod(index, WIDTH >> level)
        hashes = self._below(number)[level]
        return hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES]

    def root(self, size: int) -> bytes:
        """Over the first so many leaves, which must have been taken in."""
        return root(self, size)

    def leaves(self) -> Iterator[tuple[int, bytes]]:
        """All that can be read, with their index."""
        for number in range(-(-self.size // WIDTH)):
            for at, leaf in enumerate(self._bundle(number)):
                yield number * WIDTH + at, leaf

    def tile(self, tile: Tile) -> bytes:
        """What a tile above level 0 must hold."""
        first = tile.index * WIDTH
        return b"".join(self.node(HEIGHT * tile.level, first + at) for at in range(tile.width))

    def _unfolded(self, number: int) -> list[bytes]:
        if number == self.size // WIDTH:
            return unfolded(self._edge)
        leaves = self._bundle(number)
        if leaves:
            return unfolded(b"".join(map(leaf_hash, leaves)))
        return unfolded(taken(self._log / Tile(0, number).path))

    def _bundle(self, number: int) -> list[bytes]:
        tile = tile_at(ENTRIES, number, self.size)
        try:
            return tile.leaves(taken(self._log / tile.path))
        except (OSError, TileDamagedError):
            return []
