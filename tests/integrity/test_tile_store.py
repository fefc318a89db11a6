"""Tiles in a directory are the tree; what is missing or damaged is named."""

import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrity.tile_folders import files, quick_folder, written
from tests.integrity.trees import LARGEST, leaves, places, tree
from uitvoering.integrity.tree.merkle import HASH_BYTES, consistency_proof, inclusion_proof, root
from uitvoering.integrity.tree.tile_store import TileMissingError, TileReader, TileWriter
from uitvoering.integrity.tree.tiles import (
    ENTRIES,
    LARGEST_LEAF,
    WIDTH,
    LeafTooLargeError,
    Tile,
    TileDamagedError,
    tile_of,
    tiles_of,
)


@pytest.fixture
def quick_path() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def whole() -> Iterator[Path]:
    """The tiles of the whole tree of `LARGEST` leaves."""
    with quick_folder() as public:
        written(public, LARGEST)
        yield public


@settings(max_examples=30)
@given(st.sets(st.integers(0, 1500), min_size=1, max_size=6).map(sorted))
def test_the_tiles_of_every_sealed_size_rebuild_its_tree(sizes: list[int]) -> None:
    with quick_folder() as public:
        writer = TileWriter(public)
        for size in sizes:
            written(public, size, writer=writer)
            for tile in tiles_of(size):
                data = (public / tile.path).read_bytes()
                first = tile.index * WIDTH
                if tile.level == ENTRIES:
                    assert tile.leaves(data) == [*leaves()[first : first + tile.width]]
                else:
                    nodes = range(first, first + tile.width)
                    hashes = b"".join(tree().node(8 * tile.level, node) for node in nodes)
                    assert tile.hashes(data) == hashes
        full = {tile.path for tile in tiles_of(sizes[-1]) if tile.is_full}
        assert {path for path in files(public) if tile_of(path).is_full} == full


def test_every_node_read_from_tiles_is_the_node_of_the_tree(tmp_path: Path) -> None:
    size = 1111
    writer = written(tmp_path, size)
    for nodes in (writer, TileWriter.opened(tmp_path, size), TileReader(tmp_path, size)):
        for level in range(size.bit_length()):
            for index in range(size >> level):
                assert nodes.node(level, index) == tree().node(level, index)
            with pytest.raises(ValueError, match="no node"):
                nodes.node(level, size >> level)
        with pytest.raises(ValueError, match="no node"):
            nodes.node(-1, 0)


@given(places(), st.data())
def test_proofs_from_tiles_are_those_of_the_tree(
    whole: Path, place: tuple[int, int], data: st.DataObject
) -> None:
    reader = TileReader(whole, LARGEST)
    index, size = place
    old = data.draw(st.integers(0, size), "old size")
    assert root(reader, size) == tree().root(size)
    assert inclusion_proof(reader, index, size) == inclusion_proof(tree(), index, size)
    assert consistency_proof(reader, old, size) == consistency_proof(tree(), old, size)
    assert reader.leaf(index) == leaves()[index]
    assert list(reader.leaves(old, size)) == [*leaves()[old:size]]


@pytest.mark.parametrize(("first", "end"), [(-1, 3), (3, 2), (0, LARGEST + 1)])
def test_leaves_beyond_the_size_are_not_read(whole: Path, first: int, end: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        list(TileReader(whole, LARGEST).leaves(first, end))
    for index in (-1, LARGEST):
        with pytest.raises(ValueError, match="not in a tree"):
            TileReader(whole, LARGEST).leaf(index)


def test_partial_tiles_of_sealed_sizes_stay_until_the_full_one_is_published(tmp_path: Path) -> None:
    writer = written(tmp_path, 100, 200)
    partial = {f"tile/{level}/000.p/{width}" for level in ("0", "entries") for width in (100, 200)}
    assert set(files(tmp_path)) == partial
    writer.extend(200, leaves()[200:255])
    writer.sync()
    assert set(files(tmp_path)) == partial
    writer.extend(255, leaves()[255:300])
    writer.seal(300)
    writer.drop_partial(255)
    assert partial < set(files(tmp_path))
    writer.drop_partial(300)
    assert set(files(tmp_path)) == {tile.path for tile in tiles_of(300)}
    assert not (tmp_path / "tile/0/000.p").exists()


def test_readers_of_an_older_size_take_the_full_tile_for_the_partial_one(tmp_path: Path) -> None:
    writer = written(tmp_path, 100)
    reader = TileReader(tmp_path, 100)
    written(tmp_path, 300, writer=writer)
    assert root(reader, 100) == tree().root(100)
    assert list(reader.leaves(0, 100)) == [*leaves()[:100]]
    with pytest.raises(ValueError, match="not in a tree"):
        reader.leaf(100)


def test_a_full_tile_is_written_once(tmp_path: Path) -> None:
    writer = written(tmp_path, 600)
    full = [tmp_path / tile.path for tile in tiles_of(600) if tile.is_full]
    before = [path.stat() for path in full]
    written(tmp_path, 700, 1300, writer=writer)
    assert [path.stat().st_ino for path in full] == [stat.st_ino for stat in before]
    assert [path.stat().st_mtime_ns for path in full] == [stat.st_mtime_ns for stat in before]


def test_nothing_but_tiles_is_left_in_the_directory(whole: Path) -> None:
    assert set(files(whole)) == {tile.path for tile in tiles_of(LARGEST)}


def test_leaves_come_in_order_without_a_gap(tmp_path: Path) -> None:
    writer = written(tmp_path, 10)
    for index in (9, 11, 0):
        with pytest.raises(ValueError, match="next leaf is 10"):
            writer.extend(index, [b"leaf"])
    for size in (9, 11):
        with pytest.raises(ValueError, match="10 leaves"):
            writer.seal(size)
    assert root(writer, 10) == tree().root(10)


def test_a_leaf_too_large_is_refused_with_all_that_came_with_it(tmp_path: Path) -> None:
    writer = written(tmp_path, 10)
    before = files(tmp_path)
    with pytest.raises(LeafTooLargeError, match="leaf 11 has 65536 bytes"):
        writer.extend(10, [b"leaf", b"x" * (LARGEST_LEAF + 1)])
    assert (writer.size, files(tmp_path)) == (10, before)
    writer.extend(10, [b"x" * LARGEST_LEAF])
    writer.seal(11)
    assert TileReader(tmp_path, 11).leaf(10) == b"x" * LARGEST_LEAF


def test_no_leaves_are_no_change(tmp_path: Path) -> None:
    writer = TileWriter.opened(tmp_path, 0)
    writer.extend(0, [])
    writer.seal(0)
    assert (writer.size, files(tmp_path)) == (0, {})


# --- what is missing or damaged is named


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/002.p/88", "tile/entries/002.p/88"])
def test_a_missing_tile_is_named(tmp_path: Path, path: str) -> None:
    written(tmp_path, 600)
    (tmp_path / path).unlink()
    with pytest.raises(TileMissingError, match=path):
        _read_all(tmp_path, 600)


@pytest.mark.parametrize("path", ["tile/0/001", "tile/1/000.p/2", "tile/entries/000"])
@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda data: data[:-1], lambda data: data + b"\0"]
)
def test_a_tile_of_another_length_is_named(
    tmp_path: Path, path: str, damage: Callable[[bytes], bytes]
) -> None:
    written(tmp_path, 600)
    whole = (tmp_path / path).read_bytes()
    (tmp_path / path).write_bytes(damage(whole))
    with pytest.raises(TileDamagedError, match=path):
        _read_all(tmp_path, 600)


def test_a_tile_far_too_long_is_not_read_into_memory(tmp_path: Path) -> None:
    written(tmp_path, 300)
    with (tmp_path / "tile/0/000").open("wb") as file:
        file.truncate(2**40)  # takes no room on disk
    with pytest.raises(TileDamagedError, match="tile/0/000"):
        TileReader(tmp_path, 300).node(8, 0) and TileReader(tmp_path, 300).node(0, 0)


def test_a_directory_in_the_place_of_a_tile_is_a_missing_tile(tmp_path: Path) -> None:
    written(tmp_path, 300)
    (tmp_path / "tile/0/000").unlink()
    (tmp_path / "tile/0/000").mkdir()
    with pytest.raises(TileMissingError, match="tile/0/000"):
        TileReader(tmp_path, 300).node(0, 0)


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"])
def test_a_right_edge_that_is_not_there_is_not_continued(tmp_path: Path, path: str) -> None:
    written(tmp_path, 300)
    (tmp_path / path).unlink()
    with pytest.raises(TileMissingError, match=path):
        TileWriter.opened(tmp_path, 300)


def test_leaves_that_are_not_those_of_their_hashes_are_not_continued(tmp_path: Path) -> None:
    written(tmp_path, 300)
    edge = tmp_path / "tile/entries/001.p/44"
    edge.write_bytes(edge.read_bytes()[:-1] + b"?")
    with pytest.raises(TileDamagedError, match=r"entries/001\.p/44"):
        TileWriter.opened(tmp_path, 300)


def _read_all(public: Path, size: int) -> None:
    reader = TileReader(public, size)
    for index in range(size):
        inclusion_proof(reader, index, size)
        reader.leaf(index)


def test_readers_beside_the_writer_always_find_the_size_that_was_sealed(tmp_path: Path) -> None:
    writer = written(tmp_path, 1)
    failures: list[Exception] = []

    def read() -> None:
        try:
            while (size := writer_at[0]) < LARGEST:
                reader = TileReader(tmp_path, size)
                assert root(reader, size) == tree().root(size)
                assert reader.leaf(size - 1) == leaves()[size - 1]
        except Exception as error:  # noqa: BLE001 told by the thread of the test
            failures.append(error)

    writer_at = [1]
    reading = threading.Thread(target=read)
    reading.start()
    for size in (*range(50, LARGEST, 97), LARGEST):
        written(tmp_path, size, writer=writer)
        writer_at[0] = size
    reading.join()
    assert failures == []


def test_the_writer_keeps_the_right_edge_alone_in_memory(quick_path: Path) -> None:
    writer = TileWriter(quick_path)
    tracemalloc.start()
    try:
        peaks = []
        for _ in range(4):
            tracemalloc.reset_peak()
            for _ in range(20):
                writer.extend(writer.size, [b"x" * 500] * WIDTH)
            writer.seal(writer.size)
            root(writer, writer.size)
            peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert max(peaks) < 20 * WIDTH * 500
    assert max(peaks[1:]) < peaks[0] * 1.1


def test_a_tile_is_no_more_than_its_hashes(whole: Path) -> None:
    for tile in tiles_of(LARGEST):
        if tile.level != ENTRIES:
            assert (whole / tile.path).stat().st_size == tile.width * HASH_BYTES
    assert Tile(0, 0).full == Tile(0, 0)
