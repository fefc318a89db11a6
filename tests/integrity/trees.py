"""Trees to test on: published ones, one to slice any size from, and the definition itself."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from hypothesis import strategies as st

from uitvoering.integrity.tree.merkle import EMPTY_ROOT, Tree, leaf_hash

PUBLISHED_LEAVES = tuple(
    map(
        bytes.fromhex,
        (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ),
    )
)
"""Of the reference tree of RFC 6962's authors, as its implementations have it in their tests."""
PUBLISHED_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""By size."""
LARGEST = 3000


@cache
def leaves(count: int = LARGEST) -> tuple[bytes, ...]:
    """All different, of different lengths."""
    return tuple(b"%d" % index * (1 + index % 7) for index in range(count))


@cache
def tree(count: int = LARGEST) -> Tree:
    """Over `leaves(count)`; every smaller tree is in it."""
    return Tree(map(leaf_hash, leaves(count)))


@cache
def defined_root(first: int, end: int) -> bytes:
    """MTH over leaves [first, end), word for word as RFC 6962, 2.1 defines it."""
    count = end - first
    if count == 0:
        return EMPTY_ROOT
    if count == 1:
        return sha256(b"\x00" + leaves()[first]).digest()
    split = first + _split(count)
    return sha256(b"\x01" + defined_root(first, split) + defined_root(split, end)).digest()


def defined_inclusion(index: int, first: int, end: int) -> list[bytes]:
    """PATH for the leaf `index` of [first, end), as RFC 6962, 2.1.1 defines it."""
    if end - first == 1:
        return []
    split = first + _split(end - first)
    if index < split:
        return [*defined_inclusion(index, first, split), defined_root(split, end)]
    return [*defined_inclusion(index, split, end), defined_root(first, split)]


def defined_consistency(old: int, size: int) -> list[bytes]:
    """PROOF, as RFC 6962, 2.1.2 defines it."""
    return _defined_consistency(old, 0, size, whole=True)


def _defined_consistency(old: int, first: int, end: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF; `old` is where the old tree ends."""
    if old == end:
        return [] if whole else [defined_root(first, end)]
    split = first + _split(end - first)
    if old <= split:
        left = _defined_consistency(old, first, split, whole=whole)
        return [*left, defined_root(split, end)]
    right = _defined_consistency(old, split, end, whole=False)
    return [*right, defined_root(first, split)]


def _split(count: int) -> int:
    """The largest power of two below the count."""
    split = 1
    while split * 2 < count:
        split *= 2
    return split


sizes = st.one_of(
    st.integers(1, LARGEST),
    # Where a tree or a tile is just full, or just not.
    st.sampled_from([1, 2, 3, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 2047, 2048, 2049]),
)


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    """A leaf, and the size of a tree it is in."""
    size = draw(sizes)
    return draw(st.integers(0, size - 1)), size


@st.composite
def growths(draw: st.DrawFn) -> tuple[int, int]:
    """The sizes of a tree before and after it grew, neither empty."""
    size = draw(sizes.filter(lambda size: size > 1))
    return draw(st.integers(1, size - 1)), size


def flipped(data: st.DataObject, whole: bytes) -> bytes:
    """The same bytes but for one bit; there is at least one byte."""
    bit = data.draw(st.integers(0, 8 * len(whole) - 1), "bit")
    return (int.from_bytes(whole, "big") ^ (1 << bit)).to_bytes(len(whole), "big")


def spoiled(data: st.DataObject, proof: Sequence[bytes]) -> list[bytes]:
    """The same proof with a hash changed in one bit, left out, put in, put in twice or swapped.

    Only for proofs with at least one hash.
    """
    hashes = list(proof)
    at = data.draw(st.integers(0, len(hashes) - 1), "at")
    ways = ["bit", "left out", "put in", "twice"] + ["swapped"] * (len(hashes) > 1)
    match data.draw(st.sampled_from(ways), "way"):
        case "bit":
            hashes[at] = flipped(data, hashes[at])
        case "left out":
            del hashes[at]
        case "put in":
            end = data.draw(st.integers(0, len(hashes)), "before")
            hashes.insert(end, data.draw(st.binary(min_size=32, max_size=32), "hash"))
        case "twice":
            hashes.insert(at, hashes[at])
        case _:
            other = data.draw(st.sampled_from([n for n in range(len(hashes)) if n != at]), "other")
            hashes[at], hashes[other] = hashes[other], hashes[at]
    return hashes
