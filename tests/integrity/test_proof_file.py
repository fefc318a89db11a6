"""A proof file has one spelling, proves one leaf in one tree, and says so without the log."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integrity.trees import LARGEST, flipped, leaves, places, spoiled, tree
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.note import NoteMalformedError
from uitvoering.integrity.notes.proof_file import (
    FORMAT,
    InclusionWrongError,
    Proof,
    ProofMalformedError,
    proof_of,
)
from uitvoering.integrity.tree.merkle import inclusion_proof, leaf_hash

ORIGIN = "log.example.nl/uitvoering"
SIGNED = f"— {ORIGIN} {base64.b64encode(bytes(68)).decode()}\n"
"""In the form of a signature: who signed is judged by a policy, not here."""


def _note(size: int) -> bytes:
    return f"{Checkpoint(ORIGIN, size, tree().root(size)).text}\n{SIGNED}".encode()


def _proof(index: int, size: int, extra: bytes = b"") -> Proof:
    return Proof(index, tuple(inclusion_proof(tree(), index, size)), _note(size), extra)


def test_a_proof_file_has_the_lines_of_the_specification() -> None:
    proof = _proof(5, 8, b"leaf")
    hashes = [base64.b64encode(hashed).decode() for hashed in inclusion_proof(tree(), 5, 8)]
    root = base64.b64encode(tree().root(8)).decode()
    expected = [FORMAT, "extra bGVhZg==", "index 5", *hashes, "", ORIGIN, "8", root, "", SIGNED]
    assert bytes(proof).decode() == "\n".join(expected)
    assert proof_of(bytes(proof)) == proof


def test_without_extra_data_there_is_no_line_for_it() -> None:
    assert bytes(_proof(0, 1)).decode().split("\n")[:3] == [FORMAT, "index 0", ""]
    assert proof_of(bytes(_proof(0, 1))).extra == b""


@given(places(), st.binary(max_size=99))
def test_a_proof_file_gives_its_proof_back_and_proves_its_leaf(
    place: tuple[int, int], extra: bytes
) -> None:
    index, size = place
    proof = _proof(index, size, extra)
    read = proof_of(bytes(proof))
    assert read == proof
    found = read.check(leaf_hash(leaves()[index]))
    assert found == Checkpoint(ORIGIN, size, tree().root(size))


@given(places(), st.data())
def test_a_proof_changed_in_anything_does_not_prove_its_leaf(
    place: tuple[int, int], data: st.DataObject
) -> None:
    index, size = place
    proof = _proof(index, size)
    other = data.draw(st.integers(0, LARGEST - 1).filter(lambda n: n != index), "other leaf")
    with pytest.raises(InclusionWrongError, match=f"leaf {index} .* of {size} leaves"):
        proof.check(leaf_hash(leaves()[other]))
    if proof.hashes:
        changed = Proof(index, tuple(spoiled(data, proof.hashes)), proof.note)
        with pytest.raises(InclusionWrongError):
            changed.check(leaf_hash(leaves()[index]))


@given(places(), st.data())
def test_no_changed_bit_of_a_file_passes_for_the_proof(
    place: tuple[int, int], data: st.DataObject
) -> None:
    index, size = place
    proof = _proof(index, size, leaves()[index])
    try:
        read = proof_of(flipped(data, bytes(proof)))
        checkpoint = read.check(leaf_hash(read.extra))
    except UitvoeringError:
        return
    # What is not proved here: the signature lines, and the origin that they sign.
    assert read.note != proof.note
    assert (checkpoint.root, read.extra) == (tree().root(size), leaves()[index])


@given(st.data())
def test_of_any_text_only_a_proof_file_is_read(data: st.DataObject) -> None:
    whole = bytes(_proof(data.draw(st.integers(0, 40)), 41, b"leaf"))
    first, last = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, len(whole)))
    between = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from([b"\n", b"=", b"0"])))
    changed = whole[:first] + between + whole[last:]
    try:
        read = proof_of(changed)
    except (ProofMalformedError, NoteMalformedError):
        return
    assert bytes(read) == changed


LINE = base64.b64encode(tree().root(2)).decode()
SHORT = base64.b64encode(tree().root(2)[:31]).decode()


@pytest.mark.parametrize(
    ("head", "cause"),
    [
        ("", "is not c2sp.org/tlog-proof@v1"),
        ("c2sp.org/tlog-proof@v2\nindex 0", "is not c2sp.org/tlog-proof@v1"),
        (f" {FORMAT}\nindex 0", "is not c2sp.org/tlog-proof@v1"),
        (FORMAT, "index"),
        (f"{FORMAT}\nindex", "index"),
        (f"{FORMAT}\nindex 00", "index"),
        (f"{FORMAT}\nindex -1", "index"),
        (f"{FORMAT}\nindex  1", "index"),
        (f"{FORMAT}\nindex 1 ", "index"),
        (f"{FORMAT}\nindex 9223372036854775808", "index"),
        (f"{FORMAT}\nindex 1\nextra bGVhZg==", "base64"),
        (f"{FORMAT}\nextra bGVhZg==\nextra bGVhZg==\nindex 1", "index"),
        (f"{FORMAT}\nextra \nindex 1", "one spelling"),
        (f"{FORMAT}\nextra bGVhZh==\nindex 1", "one spelling"),
        (f"{FORMAT}\nextra bGVhZg\nindex 1", "one spelling"),
        (f"{FORMAT}\nextra bGV-Zg==\nindex 1", "one spelling"),
        (f"{FORMAT}\nextrabGVhZg==\nindex 1", "index"),
        (f"{FORMAT}\r\nindex 1\r\n{LINE}", "is not c2sp.org/tlog-proof@v1"),
        (f"{FORMAT}\nindex 1\n{LINE}\r", "base64"),
        (f"{FORMAT}\nindex 1\n{SHORT}", "32 bytes"),
        (f"{FORMAT}\nindex 1\n{LINE}{LINE}", "a hash"),
        (f"{FORMAT}\nindex 1\n{LINE} ", "base64"),
        (f"{FORMAT}\nindex 1\n" + "\n".join([LINE] * 64), "over 63 hashes"),
        (f"{FORMAT}\nindex 1\né", "ASCII"),
        (f"{FORMAT}\nindex 2\n{LINE}", "below the size"),
    ],
)
def test_any_other_form_is_refused_with_its_cause(head: str, cause: str) -> None:
    with pytest.raises(ProofMalformedError, match=cause):
        proof_of(head.encode() + b"\n\n" + _note(2))


def test_a_file_without_a_checkpoint_is_refused() -> None:
    head = f"{FORMAT}\nindex 0"
    for file in (head, head + "\n"):
        with pytest.raises(ProofMalformedError, match="a checkpoint"):
            proof_of(file.encode())
    for note in ("", "\n", "a\nb\nc\n", f"{ORIGIN}\n01\n{LINE}\n\n{SIGNED}"):
        with pytest.raises(NoteMalformedError):
            proof_of(f"{head}\n\n{note}".encode())


def test_a_file_that_is_far_too_long_is_refused() -> None:
    with pytest.raises(ProofMalformedError, match="bytes"):
        proof_of(bytes(_proof(0, 1)) + b"x" * 2_000_000)
