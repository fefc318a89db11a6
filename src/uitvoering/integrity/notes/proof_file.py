"""Proof files (c2sp.org/tlog-proof@v1): that a leaf is in a log, to be checked without the log."""

import base64
import binascii
import re
from dataclasses import dataclass
from functools import cached_property

from uitvoering.errors import InvalidError, TamperedError
from uitvoering.integrity.notes.checkpoint import LARGEST, Checkpoint, checkpoint_of, hash_of
from uitvoering.integrity.notes.note import MOST_BYTES, NoteMalformedError, parsed
from uitvoering.integrity.tree.merkle import includes

FORMAT = "c2sp.org/tlog-proof@v1"
ENDING = ".tlog-proof"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_EXTRA = "extra "
_MOST_HASHES = 63
"""Of the deepest tree there can be."""


class ProofMalformedError(InvalidError):
    code = "proof-malformed"
    message = "this is no proof of inclusion: {cause}; fetch it again and keep it byte for byte"


class InclusionWrongError(TamperedError):
    code = "inclusion-wrong"
    message = (
        "this proof does not show that leaf {index} is in the log {origin} of {size} leaves; "
        "keep the file and call an auditor"
    )


@dataclass(frozen=True)
class Proof:
    index: int
    """Of the leaf, from zero."""
    hashes: tuple[bytes, ...]
    """From the sibling of the leaf upward."""
    note: bytes
    """The checkpoint with its signatures, byte for byte; who signed it is judged by a policy."""
    extra: bytes = b""
    """Proved by nothing; a leaf in it may be trusted once `check` holds for its hash."""

    @cached_property
    def checkpoint(self) -> Checkpoint:
        """NoteMalformedError."""
        return checkpoint_of(parsed(self.note).text)

    def check(self, hashed: bytes) -> Checkpoint:
        """The checkpoint whose tree holds the leaf of this hash. InclusionWrongError.

        It proves something only with a checkpoint signed by those whom the reader trusts.
        """
        found = self.checkpoint
        if not includes(hashed, self.index, found.size, found.root, self.hashes):
            raise InclusionWrongError(index=self.index, origin=found.origin, size=found.size)
        return found

    def __bytes__(self) -> bytes:
        """The file."""
        lines = [FORMAT]
        if self.extra:
            lines.append(_EXTRA + _base64(self.extra))
        lines.append(f"index {self.index}")
        lines += map(_base64, self.hashes)
        return "\n".join(lines).encode() + b"\n\n" + self.note


def proof_of(file: bytes) -> Proof:
    """Of a file in the one spelling it has; nothing is proved yet. Malformed errors."""
    if len(file) > 2 * MOST_BYTES:
        raise ProofMalformedError(cause=f"it is over {2 * MOST_BYTES} bytes")
    # No line before the checkpoint is empty, and the checkpoint may hold empty lines.
    head, between, note = file.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ProofMalformedError(cause="a line before the checkpoint is not ASCII") from error
    if not between or lines.pop(0) != FORMAT:
        raise ProofMalformedError(cause=f"it is not {FORMAT}, an empty line and a checkpoint")
    extra = _extra(lines.pop(0)) if lines and lines[0].startswith(_EXTRA) else b""
    proof = Proof(_index(lines.pop(0) if lines else ""), _hashes(lines), note, extra)
    if proof.index >= proof.checkpoint.size:
        raise ProofMalformedError(cause="its index is not below the size of its checkpoint")
    return proof


def _extra(line: str) -> bytes:
    text = line.removeprefix(_EXTRA)
    try:
        extra = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ProofMalformedError(cause="the extra is not base64") from error
    if not extra or _base64(extra) != text:
        raise ProofMalformedError(cause="the extra is not base64 in its one spelling")
    return extra


def _index(line: str) -> int:
    found = _INDEX.fullmatch(line)
    if found is None or int(found[1]) > LARGEST:
        raise ProofMalformedError(cause="a line with the index is not where it belongs")
    return int(found[1])


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > _MOST_HASHES:
        raise ProofMalformedError(cause=f"it has over {_MOST_HASHES} hashes")
    try:
        return tuple(map(hash_of, lines))
    except NoteMalformedError as error:
        raise ProofMalformedError(cause=error.values["cause"]) from error


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
