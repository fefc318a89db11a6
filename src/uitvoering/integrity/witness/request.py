"""What a log sends a witness (c2sp.org/tlog-witness): an old size, a proof and a checkpoint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of, hash_of, size_of
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import (
    Note,
    NoteMalformedError,
    Signature,
    base64_of,
    formatted,
    parsed,
    signature_line,
)

MOST_HASHES = 63
"""Of one consistency proof: a tree has fewer than 2^63 leaves."""


@dataclass(frozen=True)
class Request:
    """`old` is the size the sender believes the witness holds."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    def signed_by(self, trusted: Iterable[PublicKey]) -> tuple[Signature, ...]:
        """The signatures of trusted keys; none at all when one of them does not hold.

        A signature of an unknown key is left out, also when its name or its id is a known one.
        """
        known = {(key.name, key.id): key for key in trusted}
        found: dict[PublicKey, Signature] = {}  # one of each: a repeated line is kept once
        for given in self.note.signatures:
            key = known.get((given.name, given.key_id))
            if key is None:
                continue
            if key.cosigned(self.checkpoint, given.value) is None:
                return ()
            found[key] = given
        return tuple(found.values())

    def note_with(self, signatures: Iterable[Signature]) -> bytes:
        """The checkpoint under these signatures alone."""
        lines = (signature_line(s.name, s.key_id, s.value) for s in signatures)
        return formatted(self.note.text, lines)


def request_of(body: bytes) -> Request:
    """NoteMalformedError, whose cause says what is wrong, when it is none."""
    header, between, note = body.partition(b"\n\n")
    first, *lines = header.split(b"\n")
    word, _, number = first.decode("ascii", "replace").partition(" ")
    old = size_of(number)
    if not between or word != "old" or old is None:
        raise NoteMalformedError(cause="it does not begin with old, a size and a proof")
    if len(lines) > MOST_HASHES:
        raise NoteMalformedError(cause=f"the proof has over {MOST_HASHES} hashes")
    try:
        proof = tuple(hash_of(line.decode("ascii")) for line in lines)
    except UnicodeDecodeError as error:
        raise NoteMalformedError(cause="the proof is not base64") from error
    whole = parsed(note)
    return Request(old, proof, whole, checkpoint_of(whole.text))


def body_of(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """What `request_of` reads."""
    lines = [f"old {old}", *map(base64_of, proof), "", ""]
    return "\n".join(lines).encode() + note
