"""Signed notes (c2sp.org/signed-note v1.0.0): a text, and who signed it with which key."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from uitvoering.errors import InvalidError, TamperedError

MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100
_NAME = re.compile(r"[^\s+]{1,256}")
"""No Unicode space and no plus sign."""
_SIGNATURE = re.compile(r"— ([^\s+]{1,256}) ([A-Za-z0-9+/]+={0,2})")
_ID_BYTES = 4


class NoteMalformedError(InvalidError):
    code = "note-malformed"
    message = "this is no signed note: {cause}; fetch it again and keep it byte for byte"


class KeyMalformedError(InvalidError):
    code = "key-malformed"
    message = "{key} is no key: {cause}; copy the whole line as its owner published it"


class SignatureWrongError(TamperedError):
    code = "signature-wrong"
    message = (
        "the signature of {name} does not belong to this text; keep the file and call an auditor"
    )


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    """Four bytes: a hint which key to try, not a proof."""
    value: bytes
    """What follows the key id; of a cosignature, its time and then its signature."""


@dataclass(frozen=True)
class Note:
    text: str
    """With its last newline."""
    signatures: tuple[Signature, ...]


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_ID_BYTES]


def is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def parsed(note: bytes) -> Note:
    """The text and its signature lines; none is checked yet. NoteMalformedError."""
    if len(note) > MOST_BYTES:
        raise NoteMalformedError(cause=f"it is over {MOST_BYTES} bytes")
    try:
        whole = note.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise NoteMalformedError(cause="it is not UTF-8") from error
    if any(ord(sign) < 0x20 and sign != "\n" for sign in whole):  # noqa: PLR2004 U+0020, the space
        raise NoteMalformedError(cause="it holds a control character")
    # The text may hold empty lines itself: the last one ends it.
    text, between, lines = whole.rpartition("\n\n")
    if not between or not lines.endswith("\n"):
        raise NoteMalformedError(cause="no signature lines follow an empty line")
    rows = lines[:-1].split("\n")
    if len(rows) > MOST_SIGNATURES:
        raise NoteMalformedError(cause=f"it has over {MOST_SIGNATURES} signatures")
    return Note(text + "\n", tuple(signature(row) for row in rows))


def signature(line: str) -> Signature:
    """One signature line, without its newline. NoteMalformedError."""
    found = _SIGNATURE.fullmatch(line)
    if found is None:
        raise NoteMalformedError(cause="a signature line is not in the form of one")
    try:
        value = base64.b64decode(found[2], validate=True)
    except binascii.Error as error:
        raise NoteMalformedError(cause="a signature is not base64") from error
    if len(value) <= _ID_BYTES:
        raise NoteMalformedError(cause="a signature is too short")
    return Signature(found[1], value[:_ID_BYTES], value[_ID_BYTES:])


def signature_line(name: str, key: bytes, value: bytes) -> str:
    """With its newline; `key` is the key id."""
    return f"— {name} {base64.b64encode(key + value).decode()}\n"


def formatted(text: str, lines: Iterable[str]) -> bytes:
    """The note of a text and its signature lines, each with its newline."""
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends with a newline")
    return (text + "\n" + "".join(lines)).encode()
