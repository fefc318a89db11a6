"""Does a receipt hold? Checked by who holds it, alone: no account, no server, no network."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from uitvoering.errors import FileUnknownError, InvalidError, RefusedError, TamperedError
from uitvoering.integrity.fast_json import dumps, loads
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import SignatureWrongError, parsed
from uitvoering.integrity.notes.policy import Judgement, Policy
from uitvoering.integrity.notes.promise import PROMISE_SUFFIX, Promise, promise_of
from uitvoering.integrity.notes.proof_file import ProofMalformedError, proof_of
from uitvoering.integrity.tree.leaf import DIGEST, OPENING_BYTES, commitment
from uitvoering.integrity.tree.merkle import Tree, leaf_hash
from uitvoering.integrity.tree.tiles import ENTRIES, WIDTH, tile_at
from uitvoering.integrity.verify.reading import taken


class OpeningMalformedError(InvalidError):
    code = "opening-malformed"
    message = "an opening is 64 hexadecimal digits; copy it from the answer to your filing"


class TextNotFiledError(TamperedError):
    code = "text-not-filed"
    message = (
        "with this opening, this text is not what was filed as event {event}; compare the text to "
        "the last sign, and the opening with the answer to your filing: each opens one passage"
    )


class PassagesTogetherError(RefusedError):
    code = "passages-together"
    message = (
        "the leaf of event {event} holds one digest of all its passages together, so that it says "
        "nothing of one alone; ask for an evidence pack with this event and verify that"
    )


class PromiseBrokenError(TamperedError):
    code = "promise-broken"
    message = (
        "event {event} was promised before {due}, and the log of {size} leaves, which it signed "
        "itself after that, does not hold it; keep promise and log and call an auditor"
    )


class KeepingUnshownError(RefusedError):
    code = "keeping-unshown"
    message = (
        "this copy of the log does not hold event {event}, and the log itself does not state that "
        "it signed these {size} leaves after {due}: witnesses may sign an older state again, so "
        "it is not shown that the promise was kept, nor that it was broken; fetch the log again"
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


class LogUnnamedError(RefusedError):
    code = "log-unnamed"
    message = (
        "this is a promise of {origin}, and the policy names no key of that log; give the policy "
        "that does"
    )


class CopyUnreadableError(RefusedError):
    code = "copy-unreadable"
    message = "{file} of this copy of the log cannot be read: {cause}; copy the log again"


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
    leaf_hash: bytes
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
    hashed = leaf_hash(proof.extra)
    checkpoint = proof.check(hashed)
    judgement = policy.accept(proof.note)
    try:
        leaf = loads(proof.extra)
        spelled = dumps(leaf)
    except (ValueError, TypeError, RecursionError) as error:
        raise ProofMalformedError(cause="its leaf is no JSON") from error
    if spelled != proof.extra:  # of two values for one name, readers may show different ones
        raise ProofMalformedError(cause="its leaf is not canonical JSON")
    held = cast(dict[str, Any], leaf) if isinstance(leaf, dict) else {}
    if held.get("log") != checkpoint.origin:
        raise ProofMalformedError(cause="its leaf is not of the log that signed")
    return Proved(held, hashed, proof.index, checkpoint, judgement)


def check_text(leaf: dict[str, Any], text: str, opening: str, *others: str) -> bool:
    """Refuse a text that none of these openings shows to be what was filed.

    True if it is so to the last sign; False if it is but for what an editor adds or takes away: a
    byte order mark, Windows line endings, newlines at the end. OpeningMalformedError,
    TextNotFiledError; PassagesTogetherError for a leaf that cannot say it.
    """
    raws = [_raw(one) for one in (opening, *others)]
    commits = leaf.get("wordingCommits")
    if not isinstance(commits, list):
        raise ProofMalformedError(cause="its leaf has no list of commitments")
    held = cast(list[object], commits)
    if any(isinstance(commit, str) and commit.startswith(DIGEST) for commit in held):
        raise PassagesTogetherError(event=leaf.get("eventId"))
    for form in _forms(text):
        if any(commitment(raw, form) in held for raw in raws):
            return form == text
    raise TextNotFiledError(event=leaf.get("eventId"))


def _raw(opening: str) -> bytes:
    try:
        raw = bytes.fromhex(opening)
    except ValueError as error:
        raise OpeningMalformedError from error
    if len(raw) != OPENING_BYTES:
        raise OpeningMalformedError
    return raw


def _forms(text: str) -> Iterator[str]:
    """As it is, and then as it may have been before an editor saved it."""
    yield text
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    bare = plain.rstrip("\n")
    for form in (plain, bare, f"{bare}\n"):
        yield form
        yield form.replace("\n", "\r\n")


def check_promise(note: bytes, key: PublicKey) -> Promise:
    """A promise as its key signed it. NoteMalformedError, PromiseKeyError, SignatureWrongError."""
    read = parsed(note)
    promise = promise_of(read.text)
    signed = [s for s in read.signatures if (s.name, s.key_id) == (key.name, key.id)]
    if not signed or key.name != promise.origin + PROMISE_SUFFIX:
        raise PromiseKeyError(key=key.name, origin=promise.origin)
    if not all(key.signed_text(read.text, signature.value) for signature in signed):
        raise SignatureWrongError(name=key.name)
    return promise


def refuse_unnamed(promise: Promise, policy: Policy) -> None:
    """Refuse a promise of a log that this policy says nothing about. LogUnnamedError."""
    if promise.origin not in policy.origins:
        raise LogUnnamedError(origin=promise.origin)


@dataclass(frozen=True)
class Kept:
    """That an event which was promised is in the log; and whether that was so in time."""

    checkpoint: Checkpoint
    in_time: bool
    """Shown by the times of witnesses alone: a log states any time in its own favour. Where it is
    not shown, the event is in a later log: the earliest proof at hand says more."""


def refuse_unkept(promise: Promise, proof: bytes, policy: Policy) -> Kept:
    """Refuse a proof that does not hold the very leaf that was promised, under this policy.

    As `check_proof`; OtherProofError for the proof of another event, PromiseUnkeptError for another
    leaf of this one.
    """
    proved = check_proof(proof, policy)
    if (proved.leaf.get("log"), proved.leaf.get("eventId")) != (promise.origin, promise.event_id):
        raise OtherProofError(event=promise.event_id)
    if proved.leaf_hash != promise.leaf_hash:
        raise PromiseUnkeptError(event=promise.event_id)
    return _kept(promise, proved.judgement)


def refuse_broken(promise: Promise, log: Path, policy: Policy) -> Kept:
    """A copy of the log holds what was promised; PromiseBrokenError proves that it does not.

    `log` is the folder with `checkpoint` and `tile`: FileUnknownError, CopyUnreadableError. All of
    it is read, and it must be the tree that was cosigned: LogCopyError, also for a copy of another
    log. Against a log counts its own time alone (0x06), for whoever asks a witness gets an older
    state signed again today: without such a time after the term, TooEarlyError where nobody states
    a later one, and else KeepingUnshownError.
    """
    judgement = policy.accept(_copied(log, "checkpoint"))
    checkpoint = judgement.checkpoint
    tree = Tree()
    found = False
    for leaf in _leaves(log, checkpoint.size):
        hashed = leaf_hash(leaf)
        found = found or hashed == promise.leaf_hash
        tree.append(hashed)
    if tree.root() != checkpoint.root or checkpoint.origin != promise.origin:
        raise LogCopyError(log=log, origin=promise.origin, size=checkpoint.size)
    if found:
        return _kept(promise, judgement)
    due, ended = promise.due.isoformat(), promise.due.timestamp()
    if judgement.stated_at is not None and judgement.stated_at > ended:
        raise PromiseBrokenError(event=promise.event_id, due=due, size=checkpoint.size)
    if max(judgement.stated_at or 0, judgement.reached_at or 0) > ended:
        raise KeepingUnshownError(event=promise.event_id, due=due, size=checkpoint.size)
    raise TooEarlyError(event=promise.event_id, due=due)


def _kept(promise: Promise, judgement: Judgement) -> Kept:
    reached = judgement.reached_at
    in_time = reached is not None and reached <= promise.due.timestamp()
    return Kept(judgement.checkpoint, in_time)


def _leaves(log: Path, size: int) -> Iterator[bytes]:
    for number in range(-(-size // WIDTH)):
        tile = tile_at(ENTRIES, number, size)
        found = tile if os.path.lexists(log / tile.path) else tile.full
        yield from found.leaves(_copied(log, found.path))[: tile.width]


def _copied(log: Path, name: str) -> bytes:
    try:
        return taken(log / name)
    except FileNotFoundError as error:
        raise FileUnknownError(file=log / name) from error
    except OSError as error:
        raise CopyUnreadableError(file=log / name, cause=error.strerror) from error
