"""Paths of tiles have one spelling and stay in their directory; tiles hold what they say."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integrity.trees import leaves, sizes, tree
from uitvoering.integrity.tree.merkle import HASH_BYTES, leaf_hash
from uitvoering.integrity.tree.tiles import (
    ENTRIES,
    HEIGHT,
    LARGEST_LEAF,
    WIDTH,
    Tile,
    TileDamagedError,
    TilePathMalformedError,
    entry_bundle,
    partial_tiles,
    tile_at,
    tile_of,
    tiles_of,
    unfolded,
)

tiles = st.builds(
    Tile,
    level=st.integers(ENTRIES, 63),
    index=st.one_of(st.integers(0, 10**7), st.integers(0, 10**21 - 1)),
    width=st.integers(1, WIDTH),
)
bundles = st.lists(st.binary(max_size=50), min_size=1, max_size=WIDTH)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(2, 999, 1), "tile/2/999.p/1"),
        (Tile(ENTRIES, 1000, 255), "tile/entries/x001/000.p/255"),
        (Tile(63, 7), "tile/63/007"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tile_of(path) == tile


@given(tiles)
def test_a_tile_is_known_by_its_path(tile: Tile) -> None:
    assert tile_of(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/001/",
        "/tile/0/001",
        "tile//001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/+1/001",
        "tile/0x1/001",
        "tile/entry/001",
        "tile/data/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/x000/001",
        "tile/0/x000",
        "tile/0/X001/002",
        "tile/0/x1/002",
        "tile/0/x001x002/003",
        "tile/0/001.p",
        "tile/0/001.p/",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/257",
        "tile/0/001.p/1000",
        "tile/0/001.p/-1",
        "tile/0/001.p/1/2",
        "tile/0/x001.p/1/002",
        "tile/0/001.P/1",
        "tile/0/001 ",
        " tile/0/001",
        "tile/0/001\n",
        "tile/0/001\0",
        "tile/0/٠٠١",
        "tile/٠/001",
        "tile/0/001.p/٣",
        "tile/../tile/0/001",
        "tile/0/../0/001",
        "tile/0/x001/../../../../../etc/passwd",
        "../checkpoint",
        "checkpoint",
        "tile/8/0/001",
        "tile\\0\\001",
        "tile/0/%30%30%31",
        "tile/0/" + "x999/" * 7 + "999",
    ],
)
def test_every_other_spelling_is_refused(path: str) -> None:
    with pytest.raises(TilePathMalformedError):
        tile_of(path)


@given(
    st.one_of(
        st.text(max_size=30),
        st.from_regex(r"tile/([0-9x./-]|entries|\.p/|\.\./){1,12}", fullmatch=True),
    )
)
def test_what_is_taken_for_a_path_is_the_path_of_a_tile(text: str) -> None:
    try:
        tile = tile_of(text)
    except TilePathMalformedError:
        return
    assert tile.path == text


def test_a_tree_of_70_000_leaves_has_the_tiles_of_the_specification() -> None:
    every = list(tiles_of(70_000))
    assert Counter((tile.level, tile.is_full) for tile in every) == {
        (ENTRIES, True): 273,
        (ENTRIES, False): 1,
        (0, True): 273,
        (0, False): 1,
        (1, True): 1,
        (1, False): 1,
        (2, False): 1,
    }
    assert {(tile.level, tile.path) for tile in every if not tile.is_full} == {
        (ENTRIES, "tile/entries/273.p/112"),
        (0, "tile/0/273.p/112"),
        (1, "tile/1/001.p/17"),
        (2, "tile/2/000.p/1"),
    }


def test_a_tree_of_256_leaves_has_a_full_tile_and_a_partial_one_above_it() -> None:
    paths = [tile.path for tile in tiles_of(256)]
    assert paths == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]


def test_an_empty_tree_has_no_tiles() -> None:
    assert list(tiles_of(0)) == []
    assert list(partial_tiles(0)) == []


@given(st.integers(1, 2**63 - 1))
def test_partial_tiles_are_as_wide_as_the_specification_says(size: int) -> None:
    widths = {tile.level: tile.width for tile in partial_tiles(size)}
    for level in range(9):
        width = size // 256**level % 256
        assert widths.get(level, 0) == width
        if width:
            tile = tile_at(level, size // 256 ** (level + 1), size)
            assert tile in set(partial_tiles(size))
    assert widths.get(ENTRIES) == widths.get(0)


@given(sizes)
def test_the_tiles_of_a_tree_are_all_it_has(size: int) -> None:
    every = list(tiles_of(size))
    assert len({tile.path for tile in every}) == len(every)
    assert {tile for tile in every if not tile.is_full} == set(partial_tiles(size))
    for level in (ENTRIES, 0):
        assert sum(tile.width for tile in every if tile.level == level) == size
    assert all(tile_at(tile.level, tile.index, size) == tile for tile in every)


@pytest.mark.parametrize(
    ("level", "index", "size"), [(0, 1, 256), (0, 0, 0), (1, 0, 255), (0, -1, 9)]
)
def test_a_tile_beyond_the_tree_is_no_tile(level: int, index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no tile"):
        tile_at(level, index, size)


@given(st.integers(1, WIDTH), st.integers(0, 5))
def test_the_inner_hashes_of_a_tile_are_those_of_the_tree(width: int, index: int) -> None:
    first = index * WIDTH
    hashes = b"".join(map(leaf_hash, leaves()[first : first + width]))
    for height, found in enumerate(unfolded(hashes)):
        count = width >> height
        assert len(found) == count * HASH_BYTES
        assert found == b"".join(tree().node(height, (first >> height) + at) for at in range(count))


def test_a_full_tile_is_folded_into_one_hash() -> None:
    assert len(unfolded(bytes(HASH_BYTES * WIDTH))) == HEIGHT + 1


@given(bundles)
def test_a_bundle_gives_its_leaves_back(given_leaves: list[bytes]) -> None:
    tile = Tile(ENTRIES, 3, len(given_leaves))
    assert tile.leaves(entry_bundle(given_leaves)) == given_leaves


def test_a_bundle_is_the_length_of_each_leaf_in_two_bytes_and_the_leaf() -> None:
    assert entry_bundle([b"ab", b"", b"c" * 256]) == b"\0\2ab" + b"\0\0" + b"\1\0" + b"c" * 256


def test_the_longest_leaf_fits_and_a_longer_one_is_refused() -> None:
    longest = b"x" * LARGEST_LEAF
    bundle = entry_bundle([longest])
    assert Tile(ENTRIES, 0, 1).leaves(bundle) == [longest]
    assert len(bundle) == Tile(ENTRIES, 0, 1).most_bytes
    with pytest.raises(ValueError, match="65536"):
        entry_bundle([longest + b"x"])


@given(bundles, st.data())
def test_a_bundle_cut_off_or_with_more_behind_it_is_damaged(
    given_leaves: list[bytes], data: st.DataObject
) -> None:
    tile = Tile(ENTRIES, 3, len(given_leaves))
    bundle = entry_bundle(given_leaves)
    cut = data.draw(st.integers(0, len(bundle) - 1), "cut")
    more = data.draw(st.binary(min_size=1, max_size=9), "more")
    for damaged in (bundle[:cut], bundle + more):
        with pytest.raises(TileDamagedError) as caught:
            tile.leaves(damaged)
        assert caught.value.values["tile"] == tile.path


@given(st.binary(max_size=600), st.integers(1, WIDTH))
def test_any_bytes_are_the_one_bundle_of_their_leaves_or_damaged(data: bytes, width: int) -> None:
    try:
        found = Tile(ENTRIES, 0, width).leaves(data)
    except TileDamagedError:
        return
    assert len(found) == width
    assert entry_bundle(found) == data


@pytest.mark.parametrize("more", [-HASH_BYTES, -1, 1, HASH_BYTES])
@pytest.mark.parametrize("width", [1, 7, WIDTH])
def test_a_tile_of_another_length_is_damaged(width: int, more: int) -> None:
    tile = Tile(1, 2, width)
    whole = bytes(width * HASH_BYTES)
    assert tile.hashes(whole) == whole
    with pytest.raises(TileDamagedError, match=tile.path):
        tile.hashes(bytes(width * HASH_BYTES + more))
