"""Does a receipt hold? Checked by who holds it, alone: no account, no server, no network."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from uitvoering.errors import InvalidError, RefusedError, TamperedError
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import SignatureWrongError, parsed
from uitvoering.integrity.notes.policy import Judgement, Policy
from uitvoering.integrity.notes.promise import NAME, Promise, promise_of
from uitvoering.integrity.notes.proof_file import ProofMalformedError, proof_of
from uitvoering.integrity.tree.leaf import OPENING_BYTES, commitment
from uitvoering.integrity.tree.merkle import Tree, leaf_hash
from uitvoering.integrity.tree.tile_store import TileReader


class OpeningMalformedError(InvalidError):
    code = "opening-malformed"
    message = "an opening is 64 hexadecimal digits; copy it from the answer to your filing"


class TextNotFiledError(TamperedError):
    code = "text-not-filed"
    message = (
        "with this opening, this text is not what was filed as event {event}; compare the text to "
        "the last sign, and the opening with the answer to your filing"
    )


class PromiseBrokenError(TamperedError):
    code = "promise-broken"
    message = (
        "event {event} was promised before {due}, and the log of {size} leaves, cosigned after "
        "that, does not hold it; keep promise and log and call an auditor"
    )


class PromiseUnkeptError(TamperedError):
    code = "promise-unkept"
    message = (
        "the leaf of this proof is not the one that was promised for event {event}; keep both files"
        " and call an auditor"
    )


class OtherProofError(InvalidError):
    code = "other-proof"
    message = "this is the proof of another event than {event}; give the one that belongs to it"


class TooEarlyError(RefusedError):
    code = "too-early"
    message = (
        "this copy of the log does not hold event {event}, and nobody your policy asks has signed "
        "it with a time after {due}; fetch the log again after that"
    )


class LogCopyError(TamperedError):
    code = "log-copy"
    message = (
        "the leaves in {log} are not the {size} that {origin} signed, or are of another log; fetch "
        "them again, and if they stay so, call an auditor"
    )


class PromiseKeyError(InvalidError):
    code = "promise-key"
    message = (
        "this promise is not signed by key {key}; give the key that {origin} has published for its"
        " promises"
    )


@dataclass(frozen=True)
class Proved:
    """What is certain of one event, under the keys of the policy."""

    leaf: dict[str, Any]
    """As the log holds it: type, stream, day, digest of the stored bytes."""
    index: int
    checkpoint: Checkpoint
    judgement: Judgement


def check_proof(file: bytes, policy: Policy) -> Proved:
    """The leaf is in a tree that the log signed and the quorum of the policy cosigned.

    Malformed errors, InclusionWrongError, LogUnsignedError, SignatureWrongError,
    QuorumMissingError.
    """
    proof = proof_of(file)
    if not proof.extra:
        raise ProofMalformedError(cause="it does not hold the leaf")
    checkpoint = proof.check(leaf_hash(proof.extra))
    judgement = policy.accept(proof.note)
    try:
        leaf = loads(proof.extra)
    except ValueError as error:
        raise ProofMalformedError(cause="its leaf is no JSON") from error
    held = cast(dict[str, Any], leaf) if isinstance(leaf, dict) else {}
    if held.get("log") != checkpoint.origin:
        raise ProofMalformedError(cause="its leaf is not of the log that signed")
    return Proved(held, proof.index, checkpoint, judgement)


def check_text(leaf: dict[str, Any], text: str, opening: str) -> None:
    """Refuse a text that is not what was filed. OpeningMalformedError, TextNotFiledError."""
    try:
        raw = bytes.fromhex(opening)
    except ValueError as error:
        raise OpeningMalformedError from error
    if len(raw) != OPENING_BYTES:
        raise OpeningMalformedError
    if commitment(raw, text) not in leaf.get("wordingCommits", ()):
        raise TextNotFiledError(event=leaf.get("eventId"))


def check_promise(note: bytes, key: PublicKey) -> Promise:
    """A promise as its key signed it. NoteMalformedError, PromiseKeyError, SignatureWrongError."""
    read = parsed(note)
    promise = promise_of(read.text)
    signed = [s for s in read.signatures if (s.name, s.key_id) == (key.name, key.id)]
    if not signed or key.name != promise.origin + NAME:
        raise PromiseKeyError(key=key.name, origin=promise.origin)
    if not all(key.signed_text(read.text, signature.value) for signature in signed):
        raise SignatureWrongError(name=key.name)
    return promise


@dataclass(frozen=True)
class Kept:
    """That an event which was promised is in the log; and whether that was so in time."""

    checkpoint: Checkpoint
    in_time: bool
    """Shown by a time before the end of the term. Where it is not, a later log shows only that the
    event is in it: the earliest proof at hand says more."""


def refuse_unkept(promise: Promise, proof: bytes, policy: Policy) -> Kept:
    """Refuse a proof that does not hold the very leaf that was promised, under this policy.

    As `check_proof`; OtherProofError for the proof of another event, PromiseUnkeptError for another
    leaf of this one.
    """
    proved = check_proof(proof, policy)
    if (proved.leaf.get("log"), proved.leaf.get("eventId")) != (promise.origin, promise.event_id):
        raise OtherProofError(event=promise.event_id)
    if leaf_hash(proof_of(proof).extra) != promise.leaf_hash:
        raise PromiseUnkeptError(event=promise.event_id)
    return _kept(promise, proved.judgement)


def refuse_broken(promise: Promise, log: Path, policy: Policy) -> Kept:
    """A copy of the log holds what was promised; PromiseBrokenError proves that it does not.

    `log` is the folder with `checkpoint` and `tile`. A log of before the term proves nothing:
    TooEarlyError. All of it is read, and it must be the tree that was cosigned: LogCopyError, also
    for a copy of another log.
    """
    judgement = policy.accept((log / "checkpoint").read_bytes())
    checkpoint = judgement.checkpoint
    tree = Tree()
    found = False
    for leaf in TileReader(log, checkpoint.size).leaves(0, checkpoint.size):
        hashed = leaf_hash(leaf)
        found = found or hashed == promise.leaf_hash
        tree.append(hashed)
    if tree.root() != checkpoint.root or checkpoint.origin != promise.origin:
        raise LogCopyError(log=log, origin=promise.origin, size=checkpoint.size)
    if found:
        return _kept(promise, judgement)
    due = promise.due.isoformat()
    if (_stated(judgement) or 0) <= promise.due.timestamp():
        raise TooEarlyError(event=promise.event_id, due=due)
    raise PromiseBrokenError(event=promise.event_id, due=due, size=checkpoint.size)


def _kept(promise: Promise, judgement: Judgement) -> Kept:
    stated = _stated(judgement)
    return Kept(judgement.checkpoint, stated is not None and stated <= promise.due.timestamp())


def _stated(judgement: Judgement) -> int | None:
    """When the quorum was complete; where no witness is asked, the time the log itself states.

    Against itself a log may be believed: it had signed this size by then.
    """
    return judgement.reached_at if judgement.reached_at is not None else judgement.stated_at
