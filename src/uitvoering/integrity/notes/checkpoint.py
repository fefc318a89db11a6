"""Checkpoints (c2sp.org/tlog-checkpoint v1.0.0): of which log, how many leaves, and which root."""

import re
from dataclasses import dataclass

from uitvoering.errors import InvalidError
from uitvoering.integrity.notes.note import (
    MOST_NAME_BYTES,
    NoteMalformedError,
    base64_of,
    bytes_of,
    is_name,
)
from uitvoering.integrity.tree.merkle import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
LARGEST = 2**63 - 1
"""Of sizes and of times: what every implementation can hold."""
_LINES = 4
"""Three, and the nothing after the last newline."""


class OriginMalformedError(InvalidError):
    code = "origin-malformed"
    message = (
        "{origin} cannot be the name of a log; give the address of the log without scheme and"
        " trailing slash, such as log.example.nl/uitvoering"
    )


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    """The address of the log without scheme and trailing slash; also the name of its key."""
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines, no extension lines (they would not be audited)."""
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"


def is_origin(name: str) -> bool:
    """Whether a log or a witness may be called so: an address without scheme, and a key's name."""
    return is_name(name) and "://" not in name and name.strip("/") == name


def size_of(text: str) -> int | None:
    """Leaves, or an index, in the one spelling it has: plain digits, and at most LARGEST."""
    size = int(text) if _SIZE.fullmatch(text) else None
    return size if size is not None and size <= LARGEST else None


def checkpoint_of(text: str) -> Checkpoint:
    """Of a note's text; NoteMalformedError when it is no checkpoint of three lines."""
    lines = text.split("\n")
    if len(lines) > _LINES and lines[-2]:
        raise NoteMalformedError(cause="a checkpoint has no lines after its root")
    if len(lines) != _LINES or lines[-1] or not lines[0]:
        raise NoteMalformedError(cause="a checkpoint has three lines")
    origin, number, root = lines[:3]
    if len(origin.encode()) > MOST_NAME_BYTES:
        raise NoteMalformedError(cause=f"the origin has over {MOST_NAME_BYTES} bytes")
    size = size_of(number)
    if size is None:
        raise NoteMalformedError(cause="the size of a checkpoint is a plain number")
    return Checkpoint(origin, size, hash_of(root))


def hash_of(line: str) -> bytes:
    """Of 32 bytes in base64, in the one spelling they have. NoteMalformedError."""
    raw = bytes_of(line)
    if raw is None:
        raise NoteMalformedError(cause="a hash is not base64")
    if len(raw) != HASH_BYTES:
        raise NoteMalformedError(cause="a hash has 32 bytes")
    return raw
