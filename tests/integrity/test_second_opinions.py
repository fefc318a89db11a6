"""What openssl says of our notes and stamps; more judges that are not ours run in `.ci/run`."""

import tempfile
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrity import openssl
from tests.integrity.openssl import OPENSSL
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey
from uitvoering.integrity.notes.note import formatted

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is the judge, and is not here")

NAMES = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="+"), min_size=1, max_size=40
).filter(lambda name: len(name.encode()) < 256 and not any(sign.isspace() for sign in name))
SEEDS = st.binary(min_size=32, max_size=32)
CHECKPOINTS = st.builds(
    Checkpoint, NAMES, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32)
)


@pytest.fixture(scope="module")
def folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@settings(max_examples=25, deadline=None)  # two programs are started for each
@given(checkpoint=CHECKPOINTS, seed=SEEDS, bit=st.integers(0, 511))
def test_openssl_finds_our_signature_good_and_a_changed_one_wrong(
    folder: Path, checkpoint: Checkpoint, seed: bytes, bit: int
) -> None:
    log = PrivateKey(checkpoint.origin, Kind.ED25519, seed)
    also = PrivateKey(checkpoint.origin, Kind.MLDSA44, seed)
    lines = [also.cosignature_line(checkpoint, 1), log.text_line(checkpoint.text)]
    assert openssl.signed(folder, str(log.public), formatted(checkpoint.text, lines))
    other = replace(checkpoint, size=checkpoint.size ^ 1 << bit % 63)
    assert not openssl.signed(folder, str(log.public), formatted(other.text, lines))


@settings(max_examples=10, deadline=None)
@given(checkpoint=CHECKPOINTS, seed=SEEDS)
def test_openssl_finds_no_signature_of_another_key(
    folder: Path, checkpoint: Checkpoint, seed: bytes
) -> None:
    log = PrivateKey(checkpoint.origin, Kind.ED25519, seed)
    stranger = PrivateKey(checkpoint.origin, Kind.ED25519, bytes(byte ^ 1 for byte in seed))
    note = formatted(checkpoint.text, [stranger.text_line(checkpoint.text)])
    assert openssl.signed(folder, str(stranger.public), note)
    assert not openssl.signed(folder, str(log.public), note)
