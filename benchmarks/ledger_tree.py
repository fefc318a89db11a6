"""How fast does the log's tree take leaves, and how fast does it prove them?"""

import os
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Line, Reach, Way, best, rate, said
from benchmarks.place import LARGE, Place
from uitvoering.integrity.tree.merkle import (
    HASH_BYTES,
    Tree,
    consistency_proof,
    includes,
    inclusion_proof,
    leaf_hash,
    root,
)
from uitvoering.integrity.tree.tile_store import TileReader, TileWriter
from uitvoering.integrity.tree.tiles import entry_bundle

_LEAF_BYTES = 600
"""About what the leaf of an event has."""
_DIFFERENT = 1_000
_APPENDED = 200_000
_PAGE = 5_000
_ASKED = 2_000
_WRITTEN = 50_000
_PAIR = b"\x01" + bytes(2 * HASH_BYTES)


def figures(here: Place) -> Iterator[Line]:
    yield from _appended(here, here.effort.of(_APPENDED))
    size = here.effort.of(LARGE)
    said(f"a tree of {size:,}")
    tree = Tree(map(leaf_hash, _leaves(size)))
    yield from _proved(here, tree)
    yield from _on_disk(here)


def _leaves(count: int) -> Iterator[bytes]:
    """Not all different: it makes no difference to the tree, and takes no memory."""
    different = [b"%d" % index * _LEAF_BYTES for index in range(_DIFFERENT)]
    return islice(cycle([leaf[:_LEAF_BYTES] for leaf in different]), count)


def _appended(here: Place, size: int) -> Iterator[Line]:
    def appended() -> None:
        tree = Tree()
        for leaf in _leaves(size):
            tree.append(leaf_hash(leaf))

    def by_the_page() -> None:
        tree, leaves = Tree(), _leaves(size)
        while page := list(islice(leaves, _PAGE)):
            tree.extend(map(leaf_hash, page))

    def hashed() -> None:
        # A tree has one node for each leaf but one.
        for leaf in _leaves(size):
            sha256(b"\x00" + leaf).digest()
            sha256(_PAIR).digest()

    ways = {
        "one by one": lambda: rate(size, appended),
        "by the page": lambda: rate(size, by_the_page),
        "bare": lambda: rate(size, hashed),
    }
    found = best(ways, here.effort.rounds)
    for way, reach in (("one by one", Reach(300_000, of_value=True)), ("by the page", None)):
        yield Line(
            f"leaves appended {way}, {size:,}, in memory",
            found[way],
            "leaves/s",
            "sha256 of the same bytes, no tree",
            found["bare"],
            reach,
        )


def _proved(here: Place, tree: Tree) -> Iterator[Line]:
    size = tree.size
    chosen = random.Random(size)  # noqa: S311 the same places in every run
    asked = [chosen.randrange(1, size) for _ in range(here.effort.of(_ASKED, least=500))]
    tree_root = tree.root()
    checked = [(index, tree.node(0, index), inclusion_proof(tree, index, size)) for index in asked]
    depth = (size - 1).bit_length()

    def each(work: Callable[[int], object]) -> Way:
        return lambda: rate(len(asked), lambda: [work(index) for index in asked])

    ways: dict[str, Way] = {
        "inclusion": each(lambda index: inclusion_proof(tree, index, size)),
        "consistency": each(lambda index: consistency_proof(tree, index, size)),
        "root": each(lambda index: root(tree, index)),
        "checked": lambda: rate(
            len(checked),
            lambda: [
                includes(hashed, index, size, tree_root, proof) for index, hashed, proof in checked
            ],
        ),
        "bare": each(lambda _: [sha256(_PAIR).digest() for _ in range(depth)]),
    }
    found = best(ways, here.effort.rounds)
    within = Reach(50, at_most=True, of_value=True)
    for way, name, reach in (
        ("inclusion", "inclusion proof", within),
        ("consistency", "consistency proof", within),
        ("root", "root of an earlier size", None),
        ("checked", "inclusion proof checked", None),
    ):
        yield Line(
            f"{name}, {size:,} leaves, in memory",
            1e6 / found[way],
            "µs",
            f"sha256 of {depth} pairs",
            1e6 / found["bare"],
            reach,
        )


def _on_disk(here: Place) -> Iterator[Line]:
    """As the sequencer writes a log and a reader proves from it."""
    size = here.effort.of(_WRITTEN)
    leaves = list(_leaves(size))
    chosen = random.Random(size)  # noqa: S311 the same places in every run
    asked = [chosen.randrange(size) for _ in range(here.effort.of(_ASKED, least=500))]
    found = best(
        {"tiles": lambda: _tiles(here, leaves), "one file": lambda: _one_file(here, leaves)},
        here.effort.rounds,
    )
    yield Line(
        f"leaves written as tiles and on disk, {size:,}",
        found["tiles"],
        "leaves/s",
        "the same leaves in one file",
        found["one file"],
    )
    with TemporaryDirectory(dir=here.folder) as folder:
        public = Path(folder)
        writer = TileWriter(public)
        writer.extend(0, leaves)
        writer.seal(size)
        tree = Tree(map(leaf_hash, leaves))

        def from_tiles() -> None:
            reader = TileReader(public, size)
            for index in asked:
                inclusion_proof(reader, index, size)

        def from_memory() -> None:
            for index in asked:
                inclusion_proof(tree, index, size)

        found = best(
            {
                "tiles": lambda: rate(len(asked), from_tiles),
                "memory": lambda: rate(len(asked), from_memory),
            },
            here.effort.rounds,
        )
    yield Line(
        f"inclusion proof, {size:,} leaves, from tiles",
        1e6 / found["tiles"],
        "µs",
        "in memory",
        1e6 / found["memory"],
    )


def _tiles(here: Place, leaves: list[bytes]) -> float:
    with TemporaryDirectory(dir=here.folder) as folder:
        writer = TileWriter(Path(folder))

        def written() -> None:
            writer.extend(0, leaves)
            writer.seal(len(leaves))

        return rate(len(leaves), written)


def _one_file(here: Place, leaves: list[bytes]) -> float:
    path = here.file()

    def written() -> None:
        with path.open("wb") as file:
            file.write(entry_bundle(leaves))
            file.flush()
            os.fsync(file.fileno())

    try:
        return rate(len(leaves), written)
    finally:
        path.unlink()
