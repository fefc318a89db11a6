"""A log's tiles in a directory: written once and on disk before a checkpoint names them, read."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from uitvoering.errors import TamperedError
from uitvoering.integrity.durable import to_disk
from uitvoering.integrity.tree.merkle import HASH_BYTES, Nodes, leaf_hash
from uitvoering.integrity.tree.tiles import (
    ENTRIES,
    HEIGHT,
    LARGEST_LEAF,
    WIDTH,
    LeafTooLargeError,
    Tile,
    TileDamagedError,
    entry_bundle,
    partial_tiles,
    tile_at,
    unfolded,
)

_KEPT_TILES = 64
"""With their inner hashes 16 kB each: the way of several leaves up a tree of any size."""
_KEPT_BUNDLES = 4
_MOST_UNNAMED = 1024
"""Full tiles; with more of them their names are brought to disk before `seal` asks for it."""
_FRESH = ".fresh"
"""A file being written: it gets its path when it is whole, and its path is never served."""


class TileMissingError(TamperedError):
    code = "tile-missing"
    message = "{tile} is not in {directory}; put it back from a copy of the log, or call an auditor"


class TileReader(Nodes):
    """The tree of `size` leaves as its tiles have it; nothing is verified here."""

    def __init__(self, public: Path, size: int) -> None:
        self._public = public
        self.size = size
        self._levels = lru_cache(_KEPT_TILES)(self._unfolded)
        self._bundle = lru_cache(_KEPT_BUNDLES)(self.bundle)

    def node(self, level: int, index: int) -> bytes:
        """The hash over 2**level leaves. ValueError beyond the size; TamperedError."""
        if level < 0 or index < 0 or (index + 1) << level > self.size:
            raise ValueError(f"a tree of {self.size} has no node {index} at level {level}")
        tile_level, height = divmod(level, HEIGHT)
        tile, at = divmod(index, WIDTH >> height)
        return _hash(self._levels(tile_level, tile)[height], at)

    def leaf(self, index: int) -> bytes:
        """ValueError beyond the size; TamperedError."""
        if not 0 <= index < self.size:
            raise ValueError(f"leaf {index} is not in a tree of {self.size}")
        return self._bundle(index // WIDTH)[index % WIDTH]

    def leaves(self, first: int, end: int) -> Iterator[bytes]:
        """Leaves [first, end), one bundle in memory at a time. As `leaf`."""
        if not 0 <= first <= end <= self.size:
            raise ValueError(f"leaves {first} to {end} are not in a tree of {self.size}")
        while first < end:
            number, at = divmod(first, WIDTH)
            found = self.bundle(number)[at : at + end - first]
            yield from found
            first += len(found)

    def bundle(self, number: int) -> list[bytes]:
        """The leaves from number * 256 on, at most 256."""
        tile = tile_at(ENTRIES, number, self.size)
        found, data = stored_tile(self._public, tile)
        return found.leaves(data)[: tile.width]

    def _unfolded(self, level: int, number: int) -> list[bytes]:
        return unfolded(_hashes(self._public, tile_at(level, number, self.size)))


class TileWriter(Nodes):
    """Appends leaves to the tiles in `public`, a folder; one writer, and it began with size 0.

    In memory is the right edge only: less than 256 leaves, and as many hashes for each level.
    """

    def __init__(self, public: Path) -> None:
        self.size = 0
        self._public = public
        self._leaves: list[bytes] = []
        self._edges: list[bytearray] = []
        self._folders: set[Path] = set()
        """With names in them that are not known to be on disk."""
        self._named: set[Path] = set()
        """Folders whose own names are on disk, since this writer brought them there."""
        self._unnamed = 0
        """Full tiles whose names are not known to be on disk."""
        self._partial: set[Tile] = set()
        """Full tiles, there or to come, that have partial ones of sealed sizes beside them."""
        self._sealed: set[Tile] = set()
        self._halfway = False
        self._levels = lru_cache(_KEPT_TILES)(self._unfolded)

    @classmethod
    def opened(cls, public: Path, size: int) -> "TileWriter":
        """Continue after the first `size` leaves, the last that a checkpoint was signed over.

        What lies beyond them was written before a crash and is written again, from the same
        leaves. TamperedError when the right edge of that size is not there or not in itself
        right; that its root is the signed one is for the caller to see.
        """
        writer = cls(public)
        writer.size = size
        while size >> HEIGHT * len(writer._edges):
            writer._edges.append(bytearray())
        for tile in partial_tiles(size):
            if tile.level == ENTRIES:
                found, data = stored_tile(public, tile)
                writer._leaves = found.leaves(data)[: tile.width]
            else:
                writer._edges[tile.level] += _hashes(public, tile)
        writer._partial = {tile.full for tile in partial_tiles(size)}
        if b"".join(map(leaf_hash, writer._leaves)) != b"".join(writer._edges[:1]):
            # They would go into a full bundle, which nobody may change afterwards.
            edge = Tile(ENTRIES, size // WIDTH, size % WIDTH)
            raise TileDamagedError(tile=edge.path, width=edge.width)
        return writer

    def extend(self, first_index: int, leaves: Sequence[bytes]) -> None:
        """Take in the next leaves; full tiles are written, and on disk after `sync` or `seal`.

        ValueError when `first_index` is not the size; LeafTooLargeError, and nothing is taken in.
        """
        if first_index != self.size:
            raise ValueError(f"the next leaf is {self.size}, not {first_index}")
        for index, leaf in enumerate(leaves, first_index):
            if len(leaf) > LARGEST_LEAF:
                raise LeafTooLargeError(index=index, bytes=len(leaf), most=LARGEST_LEAF)
        with self._whole():
            at = 0
            while at < len(leaves):
                taken = leaves[at : at + WIDTH - len(self._leaves)]
                at += len(taken)
                self._take(taken)
                if self._unnamed > _MOST_UNNAMED:
                    self._sync()

    def node(self, level: int, index: int) -> bytes:
        """The hash over 2**level leaves; what is not on the right edge is read from its tile."""
        if level < 0 or index < 0 or (index + 1) << level > self.size:
            raise ValueError(f"a tree of {self.size} has no node {index} at level {level}")
        tile_level, height = divmod(level, HEIGHT)
        tile, at = divmod(index, WIDTH >> height)
        if tile == self.size >> HEIGHT * (tile_level + 1):
            below = self._edges[tile_level][at * HASH_BYTES << height :][: HASH_BYTES << height]
            return unfolded(bytes(below))[-1]
        return _hash(self._levels(tile_level, tile)[height], at)

    def seal(self, size: int) -> None:
        """Write the partial tiles of this size too; after it a checkpoint may be signed.

        ValueError when it is not the size.
        """
        if size != self.size:
            raise ValueError(f"the log has {self.size} leaves, not {size}")
        edge = tuple(partial_tiles(size))
        with self._whole():
            for tile in edge:
                # A tile of a higher level is the same in many sizes.
                if tile not in self._sealed:
                    self._write(tile, self._content(tile))
            self._sync()
            self._sealed = set(edge)
            self._partial |= {tile.full for tile in edge}

    def sync(self) -> None:
        """Bring the names of all that was written to disk; what they stand for is there already."""
        with self._whole():
            self._sync()

    def drop_partial(self, size: int) -> None:
        """Remove partial tiles whose full one belongs to a tree of this size.

        To be called when its checkpoint is what others see: until then whoever reads the one
        before, or copies the folder, finds the tiles of that size under their own paths.
        """
        for tile in [tile for tile in self._partial if tile.is_in(size)]:
            self._remove_partial(tile)
            self._partial.discard(tile)

    @contextmanager
    def _whole(self) -> Generator[None]:
        """After an error halfway, such as a full disk, only opening it again tells what is there.

        An fsync that failed would not fail a second time, whether the bytes are on disk or not.
        """
        if self._halfway:
            raise RuntimeError("the last write failed; open the writer again")
        self._halfway = True
        yield
        self._halfway = False

    def _take(self, leaves: Sequence[bytes]) -> None:
        """At most as many as complete the bundle."""
        if not self._edges:
            self._edges.append(bytearray())
        self._leaves += leaves
        self._edges[0] += b"".join(map(leaf_hash, leaves))
        self.size += len(leaves)
        if len(self._leaves) < WIDTH:
            return
        self._complete(Tile(ENTRIES, self.size // WIDTH - 1))
        self._leaves.clear()
        level = 0
        while len(edge := self._edges[level]) == WIDTH * HASH_BYTES:
            self._complete(Tile(level, (self.size >> HEIGHT * (level + 1)) - 1))
            level += 1
            if level == len(self._edges):
                self._edges.append(bytearray())
            self._edges[level] += unfolded(bytes(edge))[-1]
            edge.clear()

    def _complete(self, tile: Tile) -> None:
        self._write(tile, self._content(tile))
        self._unnamed += 1

    def _content(self, tile: Tile) -> bytes:
        if tile.level == ENTRIES:
            return entry_bundle(self._leaves)
        return bytes(self._edges[tile.level])

    def _write(self, tile: Tile, data: bytes) -> None:
        path = self._public / tile.path
        self._make(path.parent)
        fresh = self._public / _FRESH
        fresh.write_bytes(data)
        # On disk before it has its name: written again after a crash, it may take the place of
        # the only one that holds the leaves of a signed size.
        to_disk(fresh)
        fresh.replace(path)
        for folder in path.parents[: tile.path.count("/") + 1]:
            self._folders.add(folder)
            if folder in self._named:
                break

    def _make(self, folder: Path) -> None:
        """Never the public one: where a disk went away, nothing belongs in its place."""
        if folder != self._public and not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)

    def _sync(self) -> None:
        for folder in sorted(self._folders):
            to_disk(folder)
        self._named |= self._folders
        self._folders.clear()
        self._unnamed = 0

    def _remove_partial(self, full: Tile) -> None:
        folder = (self._public / Tile(full.level, full.index, 1).path).parent
        self._named.discard(folder)
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    def _unfolded(self, level: int, number: int) -> list[bytes]:
        return unfolded(_hashes(self._public, Tile(level, number)))


def _hash(hashes: bytes, at: int) -> bytes:
    return hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES]


def _hashes(public: Path, tile: Tile) -> bytes:
    found, data = stored_tile(public, tile)
    return found.hashes(data)[: tile.width * HASH_BYTES]


def stored_tile(public: Path, tile: Tile) -> tuple[Tile, bytes]:
    """The tile, or the full one that has taken its place. TamperedError."""
    for found in (tile, tile.full):
        path = public / found.path
        try:
            if path.stat().st_size > found.most_bytes:  # not worth the memory
                raise TileDamagedError(tile=found.path, width=found.width)
            return found, path.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
    raise TileMissingError(tile=tile.path, directory=public)
