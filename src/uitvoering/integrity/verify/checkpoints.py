"""Every checkpoint there is of a log, held against the tree that its leaves make."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import (
    NoteMalformedError,
    Signature,
    SignatureWrongError,
    parsed,
)
from uitvoering.integrity.notes.policy import Judgement, Policy
from uitvoering.integrity.verify.findings import Finding, broken, holds, unchecked
from uitvoering.integrity.verify.moments import Newest, moment, too_late
from uitvoering.integrity.verify.pack import CHECKPOINT, checkpoint_path
from uitvoering.integrity.verify.tree import LeafTree

_MOST_REMEMBERED = 100_000
"""Sizes that agree are remembered only to say after which leaf a fork begins."""


class Source(StrEnum):
    """Whose word it is that there was such a checkpoint."""

    PACK = "pack"
    GIVEN = "given"
    """Brought by who verifies."""
    KEPT = "kept"
    """From an earlier verification here."""


@dataclass(frozen=True)
class Held:
    """A checkpoint with where it came from."""

    source: Source
    file: str
    note: bytes


@dataclass
class Agreed:
    """What a whole series of checkpoints came to; the series itself is not kept in memory."""

    count: int = 0
    cosigned: int = 0
    """With the quorum of the policy."""
    unknown: int = 0
    """That agree, and are signed with no key that the policy names."""
    last_cosigned: int = 0
    """The largest tree that a quorum signed."""


class Checkpoints:
    """Judges one after the other; a fork is told with the leaves between which it lies."""

    def __init__(
        self,
        policy: Policy,
        origin: str,
        tree: LeafTree,
        ended: Mapping[PublicKey, int],
        newest: Newest,
        *,
        older: bool,
        before: Checkpoint | None = None,
    ) -> None:
        """`ended` are keys of the log with the largest tree each may have signed.

        `older`: who verifies knows that the log has gone on since, and says so himself.
        `before`: where this log says that the one before it ended.
        """
        self._policy = policy
        self._ended = ended
        self._origin = origin
        self._tree = tree
        self._newest = newest
        self._older = older
        self._before = before
        self._signed: set[int] = {0}
        """Sizes at which the tree is what the log signed."""
        self._witnessed: set[int] = {0}
        """Those of them for which somebody else than the log stands."""
        self._forks: list[tuple[Source, str, int, bool]] = []

    def judged(self, held: Iterable[Held], agreed: Agreed) -> Iterator[Finding]:
        """What is wrong with each; what is right is counted."""
        for one in held:
            yield from self._judged(one, agreed)

    def _judged(self, held: Held, agreed: Agreed) -> Iterator[Finding]:
        about = {"file": held.file, "source": held.source.value}
        try:
            judgement = self._policy.judge(held.note)
        except SignatureWrongError as error:
            yield _of(held)("signature-wrong", **about, name=error.values["name"])
            own = None if held.source is Source.PACK else self._own_word(held.note)
            if own is None:
                return
            judgement = own
        except NoteMalformedError as error:
            yield _of(held)("note-unreadable", **about, cause=error.values["cause"])
            return
        checkpoint = judgement.checkpoint
        before = self._before if held.source is not Source.PACK else None
        if checkpoint.origin not in {self._origin, before and before.origin}:
            yield self._of_another_log(held, checkpoint)
            return
        if not judgement.log_keys and not self._is_known(held, checkpoint):
            yield _of(held)("checkpoint-unsigned", **about, size=checkpoint.size)
            return
        if before is not None and checkpoint.origin == before.origin:
            yield _of_the_log_before(held, checkpoint, before)
            return
        if held.source is Source.PACK and held.file not in {
            CHECKPOINT,
            checkpoint_path(checkpoint.size),
        }:
            yield broken("checkpoint-misnamed", file=held.file, size=checkpoint.size)
        for key in judgement.log_keys:
            if checkpoint.size > self._ended.get(key, checkpoint.size):
                told = {"size": checkpoint.size, "last": self._ended[key], "key": key.id.hex()}
                yield broken("key-ended", file=held.file, **told)
        if checkpoint.size > self._tree.size:
            yield self._beyond(held, checkpoint.size)
        elif not self._tree.is_whole:
            return  # told with what is missing
        elif self._tree.root(checkpoint.size) != checkpoint.root:
            fork = (held.source, held.file, checkpoint.size, bool(judgement.log_keys))
            self._forks.append(fork)
        else:
            yield from self._agree(held, judgement, agreed)

    def _is_known(self, held: Held, checkpoint: Checkpoint) -> bool:
        """Without a key that the policy names: one we kept, or of before the keys were replaced."""
        if held.source is not Source.PACK:
            return held.source is Source.KEPT
        if not self._tree.is_whole or checkpoint.size >= self._tree.size:
            return False
        return self._tree.root(checkpoint.size) == checkpoint.root

    def _own_word(self, note: bytes) -> Judgement | None:
        """What the log alone signed: a wrong line, which anybody can add, takes nothing from it."""
        read, log = parsed(note), Policy(self._policy.logs)
        right: list[Signature] = []
        for signature in read.signatures:
            try:
                if log.judge(replace(read, signatures=(signature,))).log_keys:
                    right.append(signature)
            except SignatureWrongError:
                continue
        if not right:
            return None
        return replace(log.judge(replace(read, signatures=tuple(right))), quorum=False)

    def forks(self) -> Iterator[Finding]:
        """Those that the tree does not extend: asked for when all were judged."""
        signed, witnessed = sorted(self._signed), sorted(self._witnessed)
        for source, file, size, known in self._forks:
            # A log that rewrote its past has signed the new one too, at any size it likes.
            agreed = signed if source is Source.PACK else witnessed
            low = agreed[bisect_left(agreed, max(size, 1)) - 1]
            code = f"forked-{source.value}" if known else "forked-unsigned"
            yield broken(code, low, file=file, size=size, last=size - 1)

    def _agree(self, held: Held, judgement: Judgement, agreed: Agreed) -> Iterator[Finding]:
        size = judgement.checkpoint.size
        if not judgement.log_keys and held.source is Source.PACK:
            agreed.unknown += 1
            return
        agreed.count += 1
        witnessed = judgement.quorum and not self._policy.unwitnessed
        if witnessed:
            agreed.cosigned += 1
            agreed.last_cosigned = max(agreed.last_cosigned, size)
            if judgement.reached_at is not None:
                yield from too_late(
                    self._newest, size, judgement.reached_at, "recorded-after-cosigned"
                )
        if len(self._signed) < _MOST_REMEMBERED:
            self._signed.add(size)
            if witnessed or held.source is not Source.PACK:
                self._witnessed.add(size)

    def _of_another_log(self, held: Held, checkpoint: Checkpoint) -> Finding:
        told = {"file": held.file, "origin": self._origin, "found": checkpoint.origin}
        return _of(held)("checkpoint-elsewhere", **told)

    def _beyond(self, held: Held, size: int) -> Finding:
        told = {"file": held.file, "size": size, "leaves": self._tree.size}
        if held.source is Source.PACK:
            return broken("checkpoint-beyond", self._tree.size, **told)
        if self._older:
            return unchecked("pack-older", **told)
        return broken("tail-missing", self._tree.size, **told)


def _of_the_log_before(held: Held, checkpoint: Checkpoint, ended: Checkpoint) -> Finding:
    """Its leaves are not here, so of an older state only its number of leaves can be compared."""
    told = {
        "file": held.file,
        "origin": ended.origin,
        "size": checkpoint.size,
        "ended": ended.size,
    }
    if checkpoint.size > ended.size:
        return broken("continues-cut", 0, **told)
    if checkpoint.size < ended.size:
        return unchecked("continues-earlier", **told)
    if checkpoint.root != ended.root:
        return broken("continues-forked", 0, **told)
    return holds("continues-agrees", **told)


def own_checkpoint(
    note: bytes, policy: Policy, origin: str, size: int
) -> tuple[Judgement | None, list[Finding]]:
    """Of the pack itself: signed by the log, over these leaves, and with the quorum asked for."""
    about = {"file": CHECKPOINT, "source": Source.PACK.value}
    try:
        judgement = policy.judge(note)
    except SignatureWrongError as error:
        return None, [broken("signature-wrong", **about, name=error.values["name"])]
    except NoteMalformedError as error:
        return None, [broken("note-unreadable", **about, cause=error.values["cause"])]
    checkpoint = judgement.checkpoint
    found: list[Finding] = []
    if checkpoint.origin != origin:
        found.append(
            broken(
                "checkpoint-elsewhere",
                file=CHECKPOINT,
                origin=origin,
                found=checkpoint.origin,
            )
        )
    if checkpoint.size != size:
        found.append(broken("size-differs", size=checkpoint.size, leaves=size))
    if not judgement.log_keys:
        found.append(broken("checkpoint-unsigned", **about, size=checkpoint.size))
    return judgement, found


def quorum_found(judgement: Judgement, policy: Policy, last_cosigned: int) -> Finding:
    """Whether those whom the policy names have seen this very tree."""
    checkpoint = judgement.checkpoint
    names = ", ".join(row.witness.name for row in judgement.cosigned) or "-"
    if policy.unwitnessed:
        return unchecked("quorum-none", size=checkpoint.size)
    if judgement.quorum:
        reached = judgement.reached_at
        if reached is None:
            return holds("quorum-undated", size=checkpoint.size, names=names)
        return holds("quorum", size=checkpoint.size, names=names, at=moment(reached))
    absent = ", ".join(witness.name for witness in judgement.absent) or "-"
    if last_cosigned:
        return broken(
            "quorum-older",
            last_cosigned,
            size=checkpoint.size,
            names=names,
            absent=absent,
            last=last_cosigned - 1,
        )
    return broken("quorum-missing", size=checkpoint.size, names=names, absent=absent)


def _of(held: Held) -> Callable[..., Finding]:
    """What is wrong with a file from elsewhere says nothing of the pack."""
    return broken if held.source is Source.PACK else unchecked
