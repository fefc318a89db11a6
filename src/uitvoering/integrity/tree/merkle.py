"""A Merkle tree as RFC 6962, section 2 (RFC 9162 has the same): its hashes, proofs and judges."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import count
from typing import Protocol

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """`leaf` is the whole entry; the prefix keeps a leaf from passing for a node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def level_above(hashes: bytes) -> bytes:
    """The hashes over the pairs of a row of hashes; a last one without its right half waits."""
    pair = 2 * HASH_BYTES
    starts = range(0, len(hashes) - HASH_BYTES, pair)
    return b"".join([sha256(b"\x01" + hashes[at : at + pair]).digest() for at in starts])


class Nodes(Protocol):
    """Hashes of complete subtrees: in memory, or read from tiles."""

    def node(self, level: int, index: int) -> bytes:
        """The hash over the 2**level leaves from index * 2**level on; only asked when complete."""
        ...


class Tree:
    """All hashes in memory, one flat array per level: 61 MB per million leaves."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self.extend(leaf_hashes)

    @property
    def size(self) -> int:
        return len(self._levels[0]) // HASH_BYTES

    def append(self, leaf_hash: bytes) -> None:
        """Take in the hash of the next leaf; no error, no other order than of the calls."""
        hashed = leaf_hash
        for row in self._levels:
            row.extend(hashed)
            if len(row) & HASH_BYTES:  # an odd number: the last waits for its right half
                return
            hashed = sha256(b"\x01" + row[-2 * HASH_BYTES :]).digest()
        self._levels.append(bytearray(hashed))

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """The same as appending each, in less time: level after level."""
        added, levels = b"".join(leaf_hashes), self._levels
        for level in count():
            if level == len(levels):
                levels.append(bytearray())
            unpaired = len(levels[level]) & HASH_BYTES  # as in `append`
            waiting = levels[level][len(levels[level]) - unpaired :]
            levels[level] += added
            added = level_above(bytes(waiting) + added)
            if not added:
                break

    def node(self, level: int, index: int) -> bytes:
        start = index * HASH_BYTES
        return bytes(self._levels[level][start : start + HASH_BYTES])

    def root(self, size: int | None = None) -> bytes:
        return root(self, self.size if size is None else size)


def root(nodes: Nodes, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _over(nodes, 0, size)


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The hashes from the sibling of the leaf upward; `index` counts from zero.

    ValueError when the leaf is not among the first `size`.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    return _siblings(nodes, 0, index, size)


def consistency_proof(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """What shows that the first `old` leaves of a tree of `size` are the tree of `old` leaves.

    Nothing is needed from the empty tree and from an equal one.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} holds no tree of {old}")
    if old in {0, size}:
        return []
    level, index = 0, old - 1
    while index & 1:  # the largest complete subtree that the old tree ends with
        level, index = level + 1, index >> 1
    # Of an old tree that is one complete subtree, whoever checks knows the hash: it is its root.
    start = [nodes.node(level, index)] if index else []
    return start + _siblings(nodes, level, index, size)


def root_of_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root this proof leads to (RFC 9162, 2.1.3.2); None when it cannot be right."""
    if not 0 <= index < size or not _are_hashes(proof):
        return None
    at, last, result = index, size - 1, hashed
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            result = node_hash(sibling, result)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        at, last = at >> 1, last >> 1
    return result if last == 0 else None


def roots_of_consistency(
    old: int, size: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """The two roots this proof leads to (RFC 9162, 2.1.4.2); None when it cannot be right.

    Both must be compared: the first with the root known of the old tree, the second with the new.
    """
    if not 0 < old < size or not proof or not _are_hashes(proof):
        return None
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return (first, second) if last == 0 else None


def extends(old: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree begins with the whole of the old one."""
    if old == size:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    return roots_of_consistency(old, size, old_root, proof) == (old_root, new_root)


def includes(
    hashed: bytes, index: int, size: int, tree_root: bytes, proof: Sequence[bytes]
) -> bool:
    return root_of_inclusion(hashed, index, size, proof) == tree_root


def _are_hashes(proof: Sequence[bytes]) -> bool:
    # Where one is longer and the next shorter, the same bytes would be hashed for another tree.
    return all(len(hashed) == HASH_BYTES for hashed in proof)


def _siblings(nodes: Nodes, level: int, index: int, size: int) -> list[bytes]:
    path: list[bytes] = []
    last = (size - 1) >> level  # every node before the last of its level is complete
    while last:
        sibling = index ^ 1
        if sibling < last:
            path.append(nodes.node(level, sibling))
        elif sibling == last:
            path.append(_over(nodes, last << level, size))
        # else the node is the last itself, without a sibling, and is passed on upward
        level, index, last = level + 1, index >> 1, last >> 1
    return path


def _over(nodes: Nodes, first: int, end: int) -> bytes:
    """The hash over leaves [first, end); `first` is a multiple of a power of two >= end - first."""
    parts: list[bytes] = []
    while first < end:  # complete subtrees from left to right, each the largest that fits
        level = (end - first).bit_length() - 1
        parts.append(nodes.node(level, first >> level))
        first += 1 << level
    result = parts.pop()
    while parts:
        result = node_hash(parts.pop(), result)
    return result
