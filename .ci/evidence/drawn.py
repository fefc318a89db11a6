"""Trees, sizes and proofs that hypothesis draws, each held before a judge as it is drawn."""

import json
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager

from evidence.cases import encoded
from hypothesis import given, settings
from hypothesis import strategies as st

from uitvoering.integrity.tree.merkle import Tree, consistency_proof, inclusion_proof, leaf_hash

EXAMPLES = 300
_HASH_BITS = 256

Ask = Callable[..., bool]


@contextmanager
def asked(command: str) -> Generator[Ask]:
    """One program for all examples: a question a line, its answer before the next."""
    with subprocess.Popen(
        [command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as program:
        if program.stdin is None or program.stdout is None:
            raise RuntimeError("it was started with both")
        write, answers = program.stdin.write, program.stdout

        def ask(kind: str, **case: object) -> bool:
            write(json.dumps({"kind": kind} | case) + "\n")
            return bool(json.loads(answers.readline())["holds"])

        yield ask


def hold_drawn_trees_before(ask: Ask) -> None:
    """AssertionError, with the smallest tree that shows it, where we and the judge disagree."""

    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(leaves=st.lists(st.binary(max_size=40), min_size=1, max_size=400), data=st.data())
    def agree(leaves: list[bytes], data: st.DataObject) -> None:
        size = len(leaves)
        index = data.draw(st.integers(0, size - 1), "index")
        old = data.draw(st.integers(1, size), "old size")
        bit = data.draw(st.integers(0, _HASH_BITS - 1), "bit")
        tree = Tree(map(leaf_hash, leaves))
        top, other = tree.root(), flipped(tree.root(), bit)
        if not ask("root", leaves=[encoded(leaf) for leaf in leaves], root=encoded(top)):
            raise AssertionError("another root")
        path = {"leaf": encoded(leaves[index]), "index": index, "size": size}
        growth = {"old": old, "oldRoot": encoded(tree.root(old)), "size": size}
        for kind, case, proof in (
            ("inclusion", path, inclusion_proof(tree, index, size)),
            ("consistency", growth, consistency_proof(tree, old, size)),
        ):
            hashes = [encoded(hashed) for hashed in proof]
            if not ask(kind, **case, root=encoded(top), proof=hashes):
                raise AssertionError(f"{kind}: ours was refused")
            if ask(kind, **case, root=encoded(other), proof=hashes):
                raise AssertionError(f"{kind}: another root was accepted")
            for at, hashed in enumerate(proof):
                wrong = [*hashes[:at], encoded(flipped(hashed, bit)), *hashes[at + 1 :]]
                if ask(kind, **case, root=encoded(top), proof=wrong):
                    raise AssertionError(f"{kind}: a proof with hash {at} changed was accepted")

    agree()


def flipped(hashed: bytes, bit: int) -> bytes:
    return (int.from_bytes(hashed) ^ 1 << bit).to_bytes(len(hashed))
