"""Checkpoints (c2sp.org/tlog-checkpoint v1.0.0): of which log, how many leaves, and which root."""

import base64
import binascii
import re
from dataclasses import dataclass

from uitvoering.integrity.merkle import HASH_BYTES
from uitvoering.integrity.note import NoteMalformedError

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    """The address of the log without scheme and trailing slash; also the name of its key."""
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines, no extension lines (they would not be audited)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def checkpoint_of(text: str) -> Checkpoint:
    """Of a note's text; NoteMalformedError when it is no checkpoint of three lines."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:  # noqa: PLR2004 three lines and their last newline
        raise NoteMalformedError(cause="a checkpoint has three lines")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size) or int(size) > LARGEST:
        raise NoteMalformedError(cause="the size of a checkpoint is a plain number")
    return Checkpoint(origin, int(size), hash_of(root))


def hash_of(line: str) -> bytes:
    """Of 32 bytes in base64, in the one spelling they have. NoteMalformedError."""
    try:
        raw = base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise NoteMalformedError(cause="a hash is not base64") from error
    if len(raw) != HASH_BYTES or base64.b64encode(raw).decode() != line:
        raise NoteMalformedError(cause="a hash has 32 bytes")
    return raw
