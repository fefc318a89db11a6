"""Keys: written down in one spelling, checked whole, and never shown."""

import base64
import copy
import json
import pickle

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import (
    Kind,
    PrivateKey,
    PublicKey,
    new_key,
    private_key,
    public_key,
)
from uitvoering.integrity.notes.note import KeyMalformedError

VECTOR = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
KEYS = {kind: new_key("log.example/a", kind) for kind in Kind}
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="+"),
    min_size=1,
    max_size=60,
)


def test_the_published_key_is_read() -> None:
    key = public_key(VECTOR)
    assert (key.name, key.kind, key.id.hex()) == ("example.com/foo", Kind.ED25519, "530d903a")
    assert str(key) == VECTOR


@given(NAMES, st.sampled_from([Kind.ED25519, Kind.COSIGNATURE]))
def test_a_key_is_read_as_it_was_written(name: str, kind: Kind) -> None:
    key = new_key(name, kind)
    assert private_key(key.encoded()) == key
    assert public_key(str(key.public)) == key.public
    assert str(public_key(str(key.public))) == str(key.public)


def test_keys_are_as_long_as_their_kind_asks() -> None:
    assert {kind: len(key.public.public) for kind, key in KEYS.items()} == {
        Kind.ED25519: 32,
        Kind.COSIGNATURE: 32,
        Kind.MLDSA44: 1312,
    }
    assert {len(key.seed) for key in KEYS.values()} == {32}


def test_no_two_keys_are_the_same() -> None:
    assert len({new_key("a", Kind.ED25519).seed for _ in range(100)}) == 100


def test_the_same_key_of_another_kind_has_another_id() -> None:
    one = PrivateKey("a", Kind.ED25519, bytes(32)).public
    other = PrivateKey("a", Kind.COSIGNATURE, bytes(32)).public
    assert one.public == other.public
    assert one.id != other.id


@pytest.mark.parametrize("index", range(len(VECTOR)))
def test_any_changed_byte_of_a_key_is_refused(index: int) -> None:
    for bit in range(7):
        changed = VECTOR[:index] + chr(ord(VECTOR[index]) ^ 1 << bit) + VECTOR[index + 1 :]
        with pytest.raises(KeyMalformedError):
            public_key(changed)


def body(kind: int, length: int) -> str:
    return base64.b64encode(bytes([kind]) + bytes(length)).decode()


MALFORMED = {
    "nothing": "",
    "no parts": "log.example",
    "two parts": "log.example+530d903a",
    "an empty name": f"+530d903a+{body(1, 32)}",
    "a space in the name": f"log example+530d903a+{body(1, 32)}",
    "no base64": "log.example+530d903a+!",
    "nothing in base64": "log.example+530d903a+",
    "a kind alone": f"log.example+530d903a+{body(1, 0)}",
    "an unknown kind": f"log.example+530d903a+{body(2, 32)}",
    "an ECDSA key": f"log.example+530d903a+{body(5, 32)}",
    "too short": f"log.example+530d903a+{body(1, 31)}",
    "too long": f"log.example+530d903a+{body(1, 33)}",
    "too short for ML-DSA": f"log.example+530d903a+{body(6, 1311)}",
    "an id in capitals": VECTOR.replace("530d903a", "530D903A"),
    "a newline after it": VECTOR + "\n",
    "a line that was broken": VECTOR[:50] + "\n" + VECTOR[50:],
    "letters outside ASCII": VECTOR[:-1] + "é",
}


@pytest.mark.parametrize("encoded", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_verifier_key_is_refused(encoded: str) -> None:
    with pytest.raises(KeyMalformedError):
        public_key(encoded)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "é" * 128, "\ud800"])
def test_no_key_is_made_with_a_name_that_a_note_cannot_hold(name: str) -> None:
    with pytest.raises(KeyMalformedError):
        new_key(name, Kind.ED25519)


@pytest.mark.parametrize("key", KEYS.values(), ids=lambda key: key.kind.name)
def test_a_private_key_is_never_shown(key: PrivateKey) -> None:
    secret = base64.b64encode(key.seed).decode()
    encoded = key.encoded()
    spellings = (secret[:20], encoded[-30:], key.seed.hex(), repr(key.seed))
    told = [repr(key), str(key), f"{key!r} {key}", repr([key]), repr(key.public), str(key.public)]
    spoiled = (
        encoded[:-4] + "AAA=",
        encoded[:-1],
        encoded.replace("log.example/a", "log.example/b"),
        encoded.removeprefix("PRIVATE+KEY+"),
        encoded.removeprefix("PRIVATE+"),
        encoded.split("+", 4)[4],
        "x" + encoded,
    )
    for text in spoiled:
        with pytest.raises(KeyMalformedError) as caught:
            private_key(text)
        told += [str(caught.value), repr(caught.value), repr(caught.value.values)]
    for text in (encoded, encoded.split("+", 4)[4], *spoiled):
        with pytest.raises(KeyMalformedError) as caught:
            public_key(text)
        told += [str(caught.value), repr(caught.value.values)]
    assert [one for one in told if any(spelling in one for spelling in spellings)] == []


@pytest.mark.parametrize("key", KEYS.values(), ids=lambda key: key.kind.name)
def test_a_private_key_leaves_its_process_in_its_file_only(key: PrivateKey) -> None:
    for way_out in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, orjson.dumps):
        with pytest.raises(TypeError):
            way_out(key)


@pytest.mark.parametrize("key", KEYS.values(), ids=lambda key: key.kind.name)
def test_a_public_key_may_go_to_another_process(key: PrivateKey) -> None:
    checkpoint = Checkpoint("log.example/a", 0, bytes(32))
    assert key.public.cosigned(checkpoint, b"") is None  # the library holds it by now
    sent: PublicKey = pickle.loads(pickle.dumps(key.public))  # noqa: S301 our own bytes
    assert sent == key.public
    assert (sent.id, str(sent), hash(sent)) == (key.public.id, str(key.public), hash(key.public))


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE, Kind.MLDSA44])
def test_a_cosigner_signs_no_text(kind: Kind) -> None:
    with pytest.raises(ValueError, match="kind 0x01"):
        KEYS[kind].text_line("a\n")
    assert not KEYS[kind].public.signed_text("a\n", bytes(64))


def test_a_key_whose_bytes_are_no_key_of_its_kind_has_signed_nothing() -> None:
    checkpoint = Checkpoint("log.example/a", 0, bytes(32))
    for kind in Kind:
        broken = PublicKey("log.example/a", kind, b"\xff" * 7)
        assert broken.cosigned(checkpoint, bytes(72)) is None
