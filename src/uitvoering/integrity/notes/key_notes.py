"""What is signed when a key takes over or ends, so that anyone can follow the keys of a log.

Both texts begin with a name of their own and their second line is no number: neither can pass for
a checkpoint or a promise. An ML-DSA-44 key signs nothing but trees (tlog-cosignature), so these
notes carry the Ed25519 signatures, and the checkpoints signed by old and new together the other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from uitvoering.integrity.notes.checkpoint import size_of
from uitvoering.integrity.notes.keys import Kind, PrivateKey, PublicKey, public_key
from uitvoering.integrity.notes.note import (
    Note,
    NoteMalformedError,
    SignatureWrongError,
    formatted,
    parsed,
)

ROTATION = "uitvoering-key-rotation/v1"
RETIREMENT = "uitvoering-key-retirement/v1"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_NO_SIZE = "-"
"""Of keys that sign no checkpoints, and of a log that nothing was signed of."""


@dataclass(frozen=True)
class Rotation:
    """New keys beside the old: each side names the other."""

    made_at: str
    last_size: int | None
    """Leaves in the newest tree that the old keys had signed alone."""
    old: tuple[PublicKey, ...]
    new: tuple[PublicKey, ...]

    @property
    def text(self) -> str:
        rows = [f"made {self.made_at}", f"size {_said(self.last_size)}"]
        rows += [f"old {key}" for key in self.old] + [f"new {key}" for key in self.new]
        return "\n".join([ROTATION, *rows]) + "\n"


@dataclass(frozen=True)
class Retirement:
    """The end of a key: it signs no tree of more leaves than this."""

    key: PublicKey
    made_at: str
    retired_at: str
    last_size: int | None

    @property
    def text(self) -> str:
        rows = (
            RETIREMENT,
            f"made {self.made_at}",
            f"retired {self.retired_at}",
            f"size {_said(self.last_size)}",
            f"key {self.key}",
        )
        return "\n".join(rows) + "\n"


def signed(text: str, keys: Iterable[PrivateKey]) -> bytes:
    """By those that can sign a text."""
    return formatted(text, [key.text_line(text) for key in keys if key.kind is Kind.ED25519])


def rotation_of(note: bytes) -> Rotation:
    """Signed by every Ed25519 key that it names, old and new.

    Whether one of the old is a key to trust is for the reader to say: `handed_over_by`.
    NoteMalformedError, SignatureWrongError.
    """
    read = parsed(note)
    rows = _rows(read, ROTATION)
    named = [(word, public_key(value)) for word, value in rows[2:]]
    old = tuple(key for word, key in named if word == "old")
    new = tuple(key for word, key in named if word == "new")
    rotation = Rotation(_time(rows[0], "made"), _size(rows[1]), old, new)
    if not (old and new) or rotation.text != read.text:
        raise NoteMalformedError(cause=f"it is no {ROTATION}")
    asked = [key for key in (*old, *new) if key.kind is Kind.ED25519]
    if signers(read, asked) != tuple(asked):
        raise NoteMalformedError(cause="a key that it names has not signed it")
    return rotation


def handed_over_by(note: bytes, known: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    """The old keys that a reader knows and that signed this rotation: with none it says nothing.

    A key that is named has not signed by that: an ML-DSA-44 key signs no text, so anyone may name
    one that is known among the old and vouch with a key of his own. The errors of `rotation_of`.
    """
    rotation = rotation_of(note)
    return signers(parsed(note), [key for key in known if key in rotation.old])


def retirement_of(note: bytes) -> Retirement:
    """Not yet checked: the reader says by which keys (`signers`). NoteMalformedError."""
    read = parsed(note)
    rows = _rows(read, RETIREMENT)
    if len(rows) != 4 or rows[3][0] != "key":  # noqa: PLR2004 made, retired, size, key
        raise NoteMalformedError(cause=f"it is no {RETIREMENT}")
    key = public_key(rows[3][1])
    return Retirement(key, _time(rows[0], "made"), _time(rows[1], "retired"), _size(rows[2]))


def signers(note: Note, keys: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    """Those of the keys that signed the text. SignatureWrongError when one of theirs is wrong."""
    found: list[PublicKey] = []
    for key in keys:
        values = [s.value for s in note.signatures if (s.name, s.key_id) == (key.name, key.id)]
        if not all(key.signed_text(note.text, value) for value in values):
            raise SignatureWrongError(name=key.name)
        if values:
            found.append(key)
    return tuple(found)


def _rows(note: Note, version: str) -> list[tuple[str, str]]:
    first, *lines = note.text[:-1].split("\n")
    rows = [(word, value) for word, _, value in (line.partition(" ") for line in lines)]
    if first != version or len(rows) < 4:  # noqa: PLR2004 the shortest of the two
        raise NoteMalformedError(cause=f"it is no {version}")
    return rows


def _time(row: tuple[str, str], wanted: str) -> str:
    word, value = row
    if word != wanted or not _TIME.fullmatch(value):
        raise NoteMalformedError(cause=f"{wanted} is no moment")
    return value


def _size(row: tuple[str, str]) -> int | None:
    word, value = row
    if word == "size" and value == _NO_SIZE:
        return None
    size = size_of(value) if word == "size" else None
    if size is None:
        raise NoteMalformedError(cause="the size is no number of leaves")
    return size


def _said(size: int | None) -> str:
    return _NO_SIZE if size is None else str(size)
