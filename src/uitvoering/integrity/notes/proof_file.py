"""Proof files (c2sp.org/tlog-proof@v1): that a leaf is in a log, to be checked without the log."""

from dataclasses import dataclass
from functools import cached_property

from uitvoering.errors import InvalidError, TamperedError
from uitvoering.integrity.notes.checkpoint import (
    Checkpoint,
    checkpoint_of,
    hash_of,
    size_of,
)
from uitvoering.integrity.notes.note import (
    MOST_BYTES,
    NoteMalformedError,
    base64_of,
    bytes_of,
    parsed,
)
from uitvoering.integrity.tree.merkle import includes

FORMAT = "c2sp.org/tlog-proof@v1"
ENDING = ".tlog-proof"
_INDEX, _EXTRA = "index ", "extra "
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
            lines.append(_EXTRA + base64_of(self.extra))
        lines.append(f"{_INDEX}{self.index}")
        lines += map(base64_of, self.hashes)
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
    extra = bytes_of(line.removeprefix(_EXTRA))
    if not extra:
        raise ProofMalformedError(cause="the extra is not base64 in its one spelling")
    return extra


def _index(line: str) -> int:
    index = size_of(line.removeprefix(_INDEX)) if line.startswith(_INDEX) else None
    if index is None:
        raise ProofMalformedError(cause="a line with the index is not where it belongs")
    return index


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > _MOST_HASHES:
        raise ProofMalformedError(cause=f"it has over {_MOST_HASHES} hashes")
    try:
        return tuple(map(hash_of, lines))
    except NoteMalformedError as error:
        raise ProofMalformedError(cause=error.values["cause"]) from error
