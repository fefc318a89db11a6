"""The tree is RFC 6962's: published figures, the definition itself, and no proof but the right."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrity.trees import (
    LARGEST,
    PUBLISHED_LEAVES,
    PUBLISHED_ROOTS,
    defined_consistency,
    defined_inclusion,
    defined_root,
    flipped,
    growths,
    leaves,
    places,
    sizes,
    spoiled,
    tree,
)
from uitvoering.integrity.tree.merkle import (
    EMPTY_ROOT,
    Tree,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    root_of_inclusion,
    roots_of_consistency,
)

EVERY = 130
"""Of all trees up to this size, every pair."""
PUBLISHED = Tree(map(leaf_hash, PUBLISHED_LEAVES))


def _hex(hashes: list[bytes]) -> list[str]:
    return [hashed.hex() for hashed in hashes]


@pytest.mark.parametrize(("size", "expected"), list(enumerate(PUBLISHED_ROOTS)))
def test_the_root_of_every_published_size_is_the_published_one(size: int, expected: str) -> None:
    assert Tree(map(leaf_hash, PUBLISHED_LEAVES[:size])).root().hex() == expected
    assert PUBLISHED.root(size).hex() == expected


def test_the_published_inclusion_proof_is_ours() -> None:
    assert _hex(inclusion_proof(PUBLISHED, 5, 8)) == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        PUBLISHED_ROOTS[4],
    ]


@pytest.mark.parametrize(
    ("old", "size", "expected"),
    [
        (4, 7, ["837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"]),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                PUBLISHED_ROOTS[4],
            ],
        ),
    ],
)
def test_the_published_consistency_proofs_are_ours(
    old: int, size: int, expected: list[str]
) -> None:
    assert _hex(consistency_proof(PUBLISHED, old, size)) == expected


@given(sizes)
def test_roots_are_as_defined(size: int) -> None:
    assert tree().root(size) == defined_root(0, size)


@given(places())
def test_inclusion_proofs_are_as_defined_and_lead_to_the_root(place: tuple[int, int]) -> None:
    index, size = place
    proof = inclusion_proof(tree(), index, size)
    assert proof == defined_inclusion(index, 0, size)
    assert includes(leaf_hash(leaves()[index]), index, size, tree().root(size), proof)


@given(growths())
def test_consistency_proofs_are_as_defined_and_lead_to_both_roots(growth: tuple[int, int]) -> None:
    old, size = growth
    proof = consistency_proof(tree(), old, size)
    assert proof == defined_consistency(old, size)
    assert extends(old, tree().root(old), size, tree().root(size), proof)


def test_every_leaf_of_every_small_tree_is_included() -> None:
    for size in range(1, EVERY + 1):
        expected = tree().root(size)
        for index in range(size):
            proof = inclusion_proof(tree(), index, size)
            assert proof == defined_inclusion(index, 0, size)
            assert includes(leaf_hash(leaves()[index]), index, size, expected, proof)


def test_every_small_tree_extends_every_smaller_one() -> None:
    for size in range(EVERY + 1):
        for old in range(size + 1):
            proof = consistency_proof(tree(), old, size)
            assert old == 0 or proof == defined_consistency(old, size)
            assert extends(old, tree().root(old), size, tree().root(size), proof)


def test_every_proof_for_another_leaf_of_a_small_tree_is_refused() -> None:
    size = 37
    proofs = [inclusion_proof(tree(), index, size) for index in range(size)]
    for index, hashed in enumerate(map(leaf_hash, leaves()[:size])):
        for claimed in range(size):
            for proof in (proofs[index], proofs[claimed]):
                held = includes(hashed, claimed, size, tree().root(size), proof)
                assert held == (claimed == index)


@given(places(), st.data())
def test_an_inclusion_proof_changed_in_anything_is_refused(
    place: tuple[int, int], data: st.DataObject
) -> None:
    index, size = place
    hashed, expected = leaf_hash(leaves()[index]), tree().root(size)
    proof = inclusion_proof(tree(), index, size)
    if proof:
        assert not includes(hashed, index, size, expected, spoiled(data, proof))
    assert not includes(hashed, index, size, flipped(data, expected), proof)
    other = data.draw(st.integers(0, LARGEST - 1).filter(lambda n: n != index), "other leaf")
    assert not includes(leaf_hash(leaves()[other]), index, size, expected, proof)
    assert not includes(hashed, other, size, expected, proof)


@given(growths(), st.data())
def test_a_consistency_proof_changed_in_anything_is_refused(
    growth: tuple[int, int], data: st.DataObject
) -> None:
    old, size = growth
    roots = tree().root(old), tree().root(size)
    proof = consistency_proof(tree(), old, size)
    assert not extends(old, roots[0], size, roots[1], spoiled(data, proof))
    assert not extends(old, roots[1], size, roots[0], proof)
    assert not extends(size, roots[1], old, roots[0], proof)
    third = data.draw(st.integers(0, LARGEST).filter(lambda n: n not in growth), "third size")
    assert not extends(old, tree().root(third), size, roots[1], proof)
    assert not extends(old, roots[0], size, tree().root(third), proof)


@given(growths(), st.integers(0, LARGEST - 1))
def test_a_tree_with_one_leaf_rewritten_extends_no_tree_that_held_it(
    growth: tuple[int, int], rewritten: int
) -> None:
    old, size = growth
    rewritten %= old
    hashes = list(map(leaf_hash, leaves()[:size]))
    hashes[rewritten] = leaf_hash(b"rewritten")
    forged = Tree(hashes)
    proof = consistency_proof(forged, old, size)
    assert not extends(old, tree().root(old), size, forged.root(), proof)


def test_hashes_that_share_their_bytes_otherwise_are_refused() -> None:
    # The node over (left, right) is also the hash over two parts of 31 and 33 of the same bytes.
    proof = consistency_proof(tree(), 3, 4)
    shifted = [proof[0] + proof[1][:1], proof[1][1:], *proof[2:]]
    assert roots_of_consistency(3, 4, tree().root(3), shifted) is None
    path = inclusion_proof(tree(), 0, 4)
    assert root_of_inclusion(leaf_hash(leaves()[0]), 0, 4, [path[0] + b"\0", path[1]]) is None


def test_the_empty_tree_is_extended_by_every_other_without_a_proof() -> None:
    assert tree().root(0) == EMPTY_ROOT
    assert consistency_proof(tree(), 0, 9) == []
    assert extends(0, EMPTY_ROOT, 9, tree().root(9), [])
    assert not extends(0, tree().root(1), 9, tree().root(9), [])
    assert not extends(0, EMPTY_ROOT, 9, tree().root(9), [EMPTY_ROOT])


def test_a_tree_extends_itself_alone_without_a_proof() -> None:
    same = tree().root(9)
    assert extends(9, same, 9, same, [])
    assert not extends(9, same, 9, same, [same])
    assert not extends(9, same, 9, tree().root(8), [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3), (9, 3)])
def test_a_leaf_beyond_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(tree(), index, size)
    assert root_of_inclusion(EMPTY_ROOT, index, size, []) is None


@pytest.mark.parametrize(("old", "size"), [(-1, 3), (4, 3)])
def test_a_tree_does_not_hold_a_larger_one(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="holds no tree"):
        consistency_proof(tree(), old, size)
    assert not extends(old, EMPTY_ROOT, size, EMPTY_ROOT, [EMPTY_ROOT])


def test_a_leaf_never_passes_for_a_node() -> None:
    left, right = map(leaf_hash, leaves()[:2])
    assert leaf_hash(left + right) != node_hash(left, right)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 70)), max_size=12))
def test_leaves_taken_in_by_the_page_make_the_same_tree(pages: list[tuple[bool, int]]) -> None:
    grown = Tree()
    for at_once, more in pages:
        hashes = [tree().node(0, index) for index in range(grown.size, grown.size + more)]
        if at_once:
            grown.extend(hashes)
        else:
            for hashed in hashes:
                grown.append(hashed)
    for level in range(grown.size.bit_length()):
        for index in range(grown.size >> level):
            assert grown.node(level, index) == tree().node(level, index)
    assert grown.root() == tree().root(grown.size)


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=40), max_size=70))
def test_roots_tell_apart_all_that_was_appended(given_leaves: list[bytes]) -> None:
    grown = Tree()
    seen = [grown.root()]
    for leaf in given_leaves:
        grown.append(leaf_hash(leaf))
        seen.append(grown.root())
    assert grown.size == len(given_leaves)
    assert len(set(seen)) == len(seen)
    assert [root(grown, size) for size in range(grown.size + 1)] == seen
    for old, new in pairwise(range(grown.size + 1)):
        assert extends(old, seen[old], new, seen[new], consistency_proof(grown, old, new))
