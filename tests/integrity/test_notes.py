"""A signed note: the published vector, any changed byte, and what is no note at all."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitvoering.integrity.notes.key_notes import signers
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key, public_key
from uitvoering.integrity.notes.note import (
    MOST_BYTES,
    MOST_SIGNATURES,
    NoteMalformedError,
    SignatureWrongError,
    as_sent,
    formatted,
    is_name,
    key_id,
    parsed,
    signature,
    signature_line,
)

VECTOR_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
VECTOR_TEXT = "This is an example message.\n"
VECTOR_SIGNATURE = (
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)
VECTOR = f"{VECTOR_TEXT}\n— example.com/foo {VECTOR_SIGNATURE}\n".encode()

KEY = new_key("log.example/a", Kind.ED25519)
OTHER = new_key("log.example/b", Kind.ED25519)
_SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(0x20))))
LINES = st.lists(st.text(_SIGNS, max_size=20), min_size=1, max_size=6)
TEXTS = LINES.map(lambda lines: "\n".join(lines) + "\n")


def noted(text: str, *keys: PrivateKey) -> bytes:
    return formatted(text, [key.text_line(text) for key in keys])


def test_the_published_vector_holds() -> None:
    key = public_key(VECTOR_KEY)
    note = parsed(VECTOR)
    assert note.text == VECTOR_TEXT
    assert signers(note, [key]) == (key,)
    assert note.signatures[0].key_id.hex() == "530d903a"
    assert note.signatures[0].line == f"— example.com/foo {VECTOR_SIGNATURE}\n"
    assert key_id("example.com/foo", 1, key.public) == bytes.fromhex("530d903a")


@pytest.mark.parametrize("quoting", ["", "> ", ">> ", "> > "])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["plain", "windows"])
@pytest.mark.parametrize("coded", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_an_editor_or_a_mail_put_around_a_note_is_taken_away(
    quoting: str, end: str, coded: str
) -> None:
    lines = VECTOR.decode().splitlines()
    came = "".join(f"{quoting}{line}".rstrip(" ") + end for line in lines).encode(coded)
    assert as_sent(came) == VECTOR


def test_a_line_of_marks_alone_is_read_at_once() -> None:
    assert as_sent(b">" * MOST_BYTES).strip(b">") == b""
    assert as_sent(VECTOR + b"> a line\n") == VECTOR + b"> a line\n"


@pytest.mark.parametrize("index", range(len(VECTOR)))
def test_any_changed_byte_of_the_vector_is_refused(index: int) -> None:
    key = public_key(VECTOR_KEY)
    for bit in range(8):
        changed = bytearray(VECTOR)
        changed[index] ^= 1 << bit
        try:
            assert signers(parsed(bytes(changed)), [key]) == ()
        except (NoteMalformedError, SignatureWrongError):
            continue


@given(TEXTS)
def test_a_note_is_read_as_it_was_written(text: str) -> None:
    """Empty lines in the text included: the last one ends it."""
    note = parsed(noted(text, KEY, OTHER))
    assert note.text == text
    assert signers(note, [KEY.public, OTHER.public]) == (KEY.public, OTHER.public)
    assert formatted(note.text, [s.line for s in note.signatures]) == noted(text, KEY, OTHER)


@given(TEXTS, st.data())
def test_a_changed_text_is_signed_by_nobody(text: str, data: st.DataObject) -> None:
    other = data.draw(TEXTS.filter(lambda changed: changed != text))
    forged = formatted(other, [KEY.text_line(text)])
    with pytest.raises(SignatureWrongError, match=r"log\.example/a"):
        signers(parsed(forged), [KEY.public])


@pytest.mark.parametrize(
    "stranger",
    [
        pytest.param(
            ("log.example/a", new_key("log.example/a", Kind.ED25519).public.id), id="name"
        ),
        pytest.param(("log.example/z", KEY.public.id), id="id"),
    ],
)
def test_an_unknown_key_is_ignored_even_when_its_name_or_its_id_is_known(
    stranger: tuple[str, bytes],
) -> None:
    name, identity = stranger
    text = "a\n"
    note = parsed(formatted(text, [signature_line(name, identity, bytes(64)), KEY.text_line(text)]))
    assert signers(note, [KEY.public]) == (KEY.public,)


def test_one_wrong_signature_of_a_known_key_rejects_the_note_whatever_else_holds() -> None:
    lines = [KEY.text_line("a\n"), signature_line(KEY.name, KEY.public.id, bytes(64))]
    for order in (lines, lines[::-1]):
        with pytest.raises(SignatureWrongError):
            signers(parsed(formatted("a\n", order)), [KEY.public])


@pytest.mark.parametrize("count", [1, 16, MOST_SIGNATURES])
def test_a_note_may_have_many_signatures(count: int) -> None:
    lines = [signature_line(f"w{n}", bytes(4), bytes(2428)) for n in range(count)]
    assert len(parsed(formatted("a\n", lines)).signatures) == count


SIGNED = KEY.text_line("a\n")
MALFORMED = {
    "empty": b"",
    "no signatures": b"a\n",
    "no empty line": f"a\n{SIGNED}".encode(),
    "nothing below the empty line": b"a\n\n",
    "an empty line at the end": f"a\n\n{SIGNED}\n".encode(),
    "no newline at the end": f"a\n\n{SIGNED[:-1]}".encode(),
    "a hyphen for a dash": f"a\n\n{SIGNED}".replace("—", "-").encode(),
    "two spaces": f"a\n\n{SIGNED}".replace("— ", "—  ").encode(),
    "a word after it": f"a\n\n{SIGNED[:-1]} x\n".encode(),
    "no key name": f"a\n\n— {base64.b64encode(bytes(68)).decode()}\n".encode(),
    "a plus in the name": f"a\n\n{SIGNED}".replace("/a", "+a").encode(),
    "a space of another kind in the name": f"a\n\n{SIGNED}".replace("/a", "\u2003").encode(),
    "a name of 256 bytes": f"a\n\n{SIGNED}".replace("log.example/a", "é" * 128).encode(),
    "no base64": f"a\n\n{SIGNED[:-3]}!=\n".encode(),
    "bits that belong to no byte": "a\n\n— k AAAAAAB=\n".encode(),
    "base64 without its end": f"a\n\n{SIGNED[:-2]}\n".encode(),
    "a key id alone": "a\n\n— k AAAAAA==\n".encode(),
    "no UTF-8": b"\xff\n\n" + SIGNED.encode(),
    "half a surrogate pair": b"\xed\xa0\x80\n\n" + SIGNED.encode(),
    "a tab": f"a\tb\n\n{SIGNED}".encode(),
    "a carriage return": f"a\r\n\n{SIGNED}".encode(),
    "a nul": f"a\0\n\n{SIGNED}".encode(),
    "an escape in a signature line": f"a\n\n{SIGNED}".replace("/a", "/\x1b").encode(),
    "too many signatures": ("a\n\n" + SIGNED * (MOST_SIGNATURES + 1)).encode(),
    "too large": b"a" * MOST_BYTES + f"\n\n{SIGNED}".encode(),
}


@pytest.mark.parametrize("note", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_signed_note_is_refused(note: bytes) -> None:
    with pytest.raises(NoteMalformedError):
        parsed(note)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        note = parsed(data)
    except NoteMalformedError:
        return
    assert formatted(note.text, [s.line for s in note.signatures]) == data


@given(st.binary(min_size=1, max_size=80), st.binary(min_size=4, max_size=4))
def test_a_signature_line_has_one_spelling(value: bytes, key: bytes) -> None:
    line = signature_line("a/b", key, value)
    assert signature(line[:-1]).line == line


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u2028b", "a\n", "\x01", "é" * 128]
)
def test_a_name_that_would_end_its_field_is_none(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("name", ["a", "log.example/a", "oid/1.3.6.1", "gemeente-é", "x" * 255])
def test_any_other_name_will_do(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("text", ["", "a", "a\tb\n", "a\x00\n"])
def test_no_note_is_made_that_would_not_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="ends with a newline"):
        formatted(text, [SIGNED])
