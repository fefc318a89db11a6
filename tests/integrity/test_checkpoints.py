"""A checkpoint: three lines in one spelling, and the messages that cosigners sign, byte by byte."""

import base64
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from uitvoering.integrity.notes.checkpoint import (
    LARGEST,
    Checkpoint,
    checkpoint_of,
    is_origin,
    size_of,
)
from uitvoering.integrity.notes.keys import Kind, PrivateKey, cosigned_message, new_key, public_key
from uitvoering.integrity.notes.note import NoteMalformedError, parsed, signature

ORIGIN = "log.example/a"
ROOT = base64.b64encode(bytes(range(32))).decode()
CHECKPOINT = Checkpoint(ORIGIN, 1234, bytes(range(32)))
TIME = 1_763_805_600
ORIGINS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
CHECKPOINTS = st.builds(
    Checkpoint, ORIGINS, st.integers(0, LARGEST), st.binary(min_size=32, max_size=32)
)

# The example of tlog-cosignature, of the witness and the log named there.
PUBLISHED = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 \
jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


def test_the_published_example_is_read() -> None:
    note = parsed(PUBLISHED.encode())
    checkpoint = checkpoint_of(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == note.text
    cosignature = note.signatures[1].value
    assert struct.unpack(">Q", cosignature[:8]) == (1679315147,)
    message = cosigned_message(Kind.COSIGNATURE, "witness.example.com/w1", 1679315147, checkpoint)
    assert message == f"cosignature/v1\ntime 1679315147\n{note.text}".encode()


@given(CHECKPOINTS)
def test_a_checkpoint_is_read_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert checkpoint_of(checkpoint.text) == checkpoint


MALFORMED = {
    "nothing": "",
    "two lines": f"{ORIGIN}\n5\n",
    "no newline at the end": f"{ORIGIN}\n5\n{ROOT}",
    "an extension line": f"{ORIGIN}\n5\n{ROOT}\nmore\n",
    "an empty line after it": f"{ORIGIN}\n5\n{ROOT}\n\n",
    "no origin": f"\n5\n{ROOT}\n",
    "an origin too long for a cosigner to name": f"{'é' * 128}\n5\n{ROOT}\n",
    "a leading zero": f"{ORIGIN}\n05\n{ROOT}\n",
    "two zeros": f"{ORIGIN}\n00\n{ROOT}\n",
    "a sign": f"{ORIGIN}\n+5\n{ROOT}\n",
    "a negative size": f"{ORIGIN}\n-5\n{ROOT}\n",
    "a size that is no whole number": f"{ORIGIN}\n5.0\n{ROOT}\n",
    "spaces": f"{ORIGIN}\n 5\n{ROOT}\n",
    "digits of another alphabet": f"{ORIGIN}\n٥\n{ROOT}\n",
    "hexadecimal": f"{ORIGIN}\n0x5\n{ROOT}\n",
    "2 to the 63rd": f"{ORIGIN}\n{2**63}\n{ROOT}\n",
    "a size of a thousand digits": f"{ORIGIN}\n{'9' * 1000}\n{ROOT}\n",
    "no size": f"{ORIGIN}\n\n{ROOT}\n",
    "no root": f"{ORIGIN}\n5\n\n",
    "a root of 31 bytes": f"{ORIGIN}\n5\n{base64.b64encode(bytes(31)).decode()}\n",
    "a root of 33 bytes": f"{ORIGIN}\n5\n{base64.b64encode(bytes(33)).decode()}\n",
    "a root in hexadecimal": f"{ORIGIN}\n5\n{'ab' * 32}\n",
    "a root without its end": f"{ORIGIN}\n5\n{ROOT[:-1]}\n",
    "a root with bits that belong to no byte": f"{ORIGIN}\n5\n{ROOT[:-2]}9=\n",
    "a root in the alphabet for addresses": f"{ORIGIN}\n5\n{'_' * 42}8=\n",
    "a space after the root": f"{ORIGIN}\n5\n{ROOT} \n",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_checkpoint_of_three_lines_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformedError):
        checkpoint_of(text)


def test_the_message_of_a_cosignature_is_the_whole_body_under_its_time() -> None:
    assert cosigned_message(Kind.COSIGNATURE, "whoever", TIME, CHECKPOINT) == (
        b"cosignature/v1\ntime 1763805600\nlog.example/a\n1234\n" + ROOT.encode() + b"\n"
    )


def test_the_message_of_an_ml_dsa_cosignature_names_cosigner_and_log() -> None:
    assert cosigned_message(Kind.MLDSA44, "w.example", TIME, CHECKPOINT) == bytes.fromhex(
        "737562747265652f76310a00"  # subtree/v1, a newline, a nul
        "09772e6578616d706c65"  # w.example
        "00000000692189a0"  # the time
        "0d6c6f672e6578616d706c652f61"  # log.example/a
        "0000000000000000"  # from the first leaf
        "00000000000004d2"  # to 1234
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    )


def test_an_ed25519_cosignature_is_its_time_and_the_signature_of_that_message() -> None:
    key = PrivateKey("w.example", Kind.COSIGNATURE, bytes(range(32)))
    value = signature(key.cosignature_line(CHECKPOINT, TIME)[:-1]).value
    assert value[:8] == struct.pack(">Q", TIME)
    assert len(value) == 8 + 64
    signer = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
    signer.verify(value[8:], cosigned_message(Kind.COSIGNATURE, "", TIME, CHECKPOINT))
    assert key.public.cosigned(CHECKPOINT, value) == TIME


def test_an_ml_dsa_cosignature_is_its_time_and_the_signature_of_that_message() -> None:
    key = PrivateKey("w.example", Kind.MLDSA44, bytes(range(32)))
    line = key.cosignature_line(CHECKPOINT, TIME)
    value = signature(line[:-1]).value
    assert value[:8] == struct.pack(">Q", TIME)
    assert len(value) == 8 + 2420
    assert len(line.split(" ")[2].rstrip("\n")) == 3244, "INTEGRITY 1"
    signer = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32))).public_key()
    signer.verify(value[8:], cosigned_message(Kind.MLDSA44, "w.example", TIME, CHECKPOINT))
    assert key.public.cosigned(CHECKPOINT, value) == TIME


@pytest.mark.parametrize("kind", Kind)
def test_a_signature_holds_for_its_checkpoint_alone(kind: Kind) -> None:
    key = new_key("k", kind)
    value = signature(key.cosignature_line(CHECKPOINT, TIME)[:-1]).value
    assert key.public.cosigned(CHECKPOINT, value) is not None
    for other in (
        Checkpoint("log.example/b", CHECKPOINT.size, CHECKPOINT.root),
        Checkpoint(ORIGIN, CHECKPOINT.size + 1, CHECKPOINT.root),
        Checkpoint(ORIGIN, CHECKPOINT.size, bytes(32)),
    ):
        assert key.public.cosigned(other, value) is None
    assert new_key("k", kind).public.cosigned(CHECKPOINT, value) is None
    for cut in (0, 1, 7, 8, len(value) - 1):
        assert key.public.cosigned(CHECKPOINT, value[:cut]) is None
    assert key.public.cosigned(CHECKPOINT, value + b"\0") is None


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE, Kind.MLDSA44])
def test_the_time_is_signed_too(kind: Kind) -> None:
    key = new_key("k", kind)
    value = signature(key.cosignature_line(CHECKPOINT, TIME)[:-1]).value
    assert key.public.cosigned(CHECKPOINT, struct.pack(">Q", TIME - 1) + value[8:]) is None


def test_a_cosigner_by_another_name_has_not_signed_where_the_name_is_signed() -> None:
    for kind, holds in ((Kind.COSIGNATURE, True), (Kind.MLDSA44, False)):
        key = PrivateKey("w.example", kind, bytes(32))
        value = signature(key.cosignature_line(CHECKPOINT, TIME)[:-1]).value
        renamed = PrivateKey("x.example", kind, bytes(32)).public
        assert (renamed.cosigned(CHECKPOINT, value) == TIME) is holds


def test_a_time_that_no_clock_tells_is_not_signed_and_not_taken() -> None:
    key = new_key("k", Kind.MLDSA44)
    with pytest.raises(ValueError, match="in seconds"):
        key.cosignature_line(CHECKPOINT, 2**63)
    with pytest.raises(ValueError, match="in seconds"):
        key.cosignature_line(CHECKPOINT, -1)
    assert key.public.cosigned(CHECKPOINT, b"\xff" * 8 + bytes(2420)) is None


def test_a_log_signs_the_text_and_states_no_time() -> None:
    key = new_key(ORIGIN, Kind.ED25519)
    assert key.cosignature_line(CHECKPOINT, TIME) == key.text_line(CHECKPOINT.text)
    value = signature(key.text_line(CHECKPOINT.text)[:-1]).value
    assert key.public.cosigned(CHECKPOINT, value) == 0
    assert key.public.signed_text(CHECKPOINT.text, value)


def test_a_verifier_key_read_again_checks_the_same() -> None:
    for kind in Kind:
        key = new_key(ORIGIN, kind)
        value = signature(key.cosignature_line(CHECKPOINT, 0)[:-1]).value
        assert public_key(str(key.public)).cosigned(CHECKPOINT, value) == 0


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "00", "01", " 1", "1\n", "1_0", "\u0663", str(LARGEST + 1), "9" * 5_000],
)
def test_a_size_has_one_spelling_and_a_bound(text: str) -> None:
    assert size_of(text) is None
    assert [size_of(str(size)) for size in (0, 1, LARGEST)] == [0, 1, LARGEST]


@pytest.mark.parametrize(
    "name", ["", "/log.example", "log.example/", "https://log.example", "log example", "log+a"]
)
def test_a_log_is_named_by_its_address_without_scheme_and_slash(name: str) -> None:
    assert not is_origin(name)
    assert is_origin(ORIGIN)
