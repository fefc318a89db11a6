"""Signed notes (c2sp.org/signed-note v1.0.0): a text, and who signed it with which key."""

import base64
import codecs
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from uitvoering.errors import InvalidError, TamperedError

MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100
MOST_NAME_BYTES = 255
"""A name in a cosigned message (0x06) has its length in one byte."""
ID_BYTES = 4
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
"""No Unicode space, no plus sign and nothing that a note may not hold."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
"""Below U+0020 a note holds newlines alone."""
_QUOTING = re.compile(rb"^> ?", re.MULTILINE)
_MOST_QUOTINGS = 10
"""By mails that were answered and sent on; of marks alone a line may have any number."""
_SIGNATURE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")


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

    @property
    def line(self) -> str:
        """As it stands under a note, with its newline."""
        return signature_line(self.name, self.key_id, self.value)


@dataclass(frozen=True)
class Note:
    text: str
    """With its last newline."""
    signatures: tuple[Signature, ...]


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:ID_BYTES]


def is_name(name: str) -> bool:
    """Whether a key may be called so, in UTF-8 and in at most 255 bytes."""
    try:
        return 0 < len(name.encode()) <= MOST_NAME_BYTES and _NAME.fullmatch(name) is not None
    except UnicodeEncodeError:  # half a surrogate pair, which no file in UTF-8 can hold
        return False


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def bytes_of(text: str) -> bytes | None:
    """What the text stands for, if it is base64 in the one spelling that those bytes have.

    The last sign may hold bits that belong to no byte: left unchecked, a changed signature line
    would still be right.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if base64_of(raw) == text else None


def recoded(data: bytes) -> bytes:
    """In UTF-8 what some shells and editors write in UTF-16; all else as it is."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    return data


def as_sent(data: bytes) -> bytes:
    """Without what editors and mails put before a file and around its lines.

    It makes nothing hold: hashes and signatures are checked over what is left.
    """
    data = recoded(data).removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    for _ in range(_MOST_QUOTINGS):
        if not all(line.startswith(b">") for line in data.split(b"\n") if line.strip()):
            break
        data = _QUOTING.sub(b"", data)
    return data


def parsed(note: bytes) -> Note:
    """The text and its signature lines; none is checked yet. NoteMalformedError."""
    if len(note) > MOST_BYTES:
        raise NoteMalformedError(cause=f"it is over {MOST_BYTES} bytes")
    try:
        whole = note.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise NoteMalformedError(cause="it is not UTF-8") from error
    if _CONTROL.search(whole):
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
    if found is None or not is_name(found[1]):
        raise NoteMalformedError(cause="a signature line is not in the form of one")
    value = bytes_of(found[2])
    if value is None:
        raise NoteMalformedError(cause="a signature is not base64")
    if len(value) <= ID_BYTES:
        raise NoteMalformedError(cause="a signature is too short")
    return Signature(found[1], value[:ID_BYTES], value[ID_BYTES:])


def signature_line(name: str, key: bytes, value: bytes) -> str:
    """With its newline; `key` is the key id."""
    return f"— {name} {base64_of(key + value)}\n"


def formatted(text: str, lines: Iterable[str]) -> bytes:
    """The note of a text and its signature lines, each with its newline."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise ValueError("the text of a note ends with a newline and holds no control character")
    return (text + "\n" + "".join(lines)).encode()
