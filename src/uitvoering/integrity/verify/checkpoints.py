"""Every checkpoint there is of a log, held against the tree that its leaves make."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
from uitvoering.integrity.verify.findings import Finding, Standing, broken, holds, unchecked
from uitvoering.integrity.verify.moments import Newest, too_late
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
class HeldCheckpoint:
    """With where it came from."""

    source: Source
    file: str
    note: bytes


@dataclass(frozen=True)
class Fork:
    """A checkpoint that is no state of the tree at hand."""

    source: Source
    file: str
    size: int
    signed: bool
    """By a key that the policy names."""


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
    contradicted: bool = False
    """Whether one of them is wrong or of another history: then nothing holds of them all."""


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
        self._forks: list[Fork] = []
        self.signed_on: set[PublicKey] = set()
        """Keys under a tree that is larger than they may have signed."""

    def judged(self, held: Iterable[HeldCheckpoint], agreed: Agreed) -> Iterator[Finding]:
        """What is wrong with each; what is right is counted."""
        for one in held:
            for found in self._judged(one, agreed):
                if found.standing is Standing.BROKEN:
                    agreed.contradicted = True
                yield found

    def _judged(self, held: HeldCheckpoint, agreed: Agreed) -> Iterator[Finding]:
        judgement, wrong = self._read(held)
        yield from wrong
        if judgement is None:
            return
        checkpoint = judgement.checkpoint
        before = self._the_log_before(held, checkpoint)
        if before is None and checkpoint.origin != self._origin:
            told = {"file": held.file, "origin": self._origin, "found": checkpoint.origin}
            yield _of(held)("checkpoint-elsewhere", **told)
        elif not judgement.log_keys and not self._is_known(held, checkpoint):
            yield broken("checkpoint-unsigned", **_about(held), size=checkpoint.size)
        elif before is not None:
            yield _of_the_log_before(held, checkpoint, before)
        else:
            yield from self._compared(held, judgement, agreed)

    def _read(self, held: HeldCheckpoint) -> tuple[Judgement | None, list[Finding]]:
        """What the policy says of it, None where that is nothing; and what is wrong with it."""
        try:
            return self._policy.judge(held.note), []
        except SignatureWrongError as error:
            wrong = _of(held)("signature-wrong", **_about(held), name=error.values["name"])
            own = None if held.source is Source.PACK else own_word(self._policy, held.note)
            return own, [wrong]
        except NoteMalformedError as error:
            cause = error.values["cause"]
            return None, [_of(held)("note-unreadable", **_about(held), cause=cause)]

    def _the_log_before(self, held: HeldCheckpoint, checkpoint: Checkpoint) -> Checkpoint | None:
        """The end of the log before this one, if it is that log's: a pack brings none of it."""
        before = None if held.source is Source.PACK else self._before
        return before if before is not None and before.origin == checkpoint.origin else None

    def _compared(
        self, held: HeldCheckpoint, judgement: Judgement, agreed: Agreed
    ) -> Iterator[Finding]:
        """One of this log, with the tree of its leaves."""
        checkpoint = judgement.checkpoint
        named = {CHECKPOINT, checkpoint_path(checkpoint.size)}
        if held.source is Source.PACK and held.file not in named:
            yield broken("checkpoint-misnamed", file=held.file, size=checkpoint.size)
        for key in judgement.log_keys:
            if checkpoint.size > self._ended.get(key, checkpoint.size):
                self.signed_on.add(key)
                told = {"size": checkpoint.size, "last": self._ended[key], "key": key.id.hex()}
                yield broken("key-ended", file=held.file, **told)
        if checkpoint.size > self._tree.size:
            yield self._beyond(held, checkpoint.size)
        elif not self._tree.is_whole:
            return  # told with what is missing
        elif self._tree.root(checkpoint.size) != checkpoint.root:
            signed = bool(judgement.log_keys)
            self._forks.append(Fork(held.source, held.file, checkpoint.size, signed))
            agreed.contradicted = True
        else:
            yield from self._agree(held, judgement, agreed)

    def _is_known(self, held: HeldCheckpoint, checkpoint: Checkpoint) -> bool:
        """Without a key that the policy names: one we kept, or of before the keys were replaced.

        Of those that were given none is without: they were refused.
        """
        if held.source is not Source.PACK:
            return True
        if not self._tree.is_whole or checkpoint.size >= self._tree.size:
            return False
        return self._tree.root(checkpoint.size) == checkpoint.root

    def forks(self) -> Iterator[Finding]:
        """Those that the tree does not extend: asked for when all were judged."""
        return fork_findings(self._forks, self._signed, self._witnessed)

    def _agree(
        self, held: HeldCheckpoint, judgement: Judgement, agreed: Agreed
    ) -> Iterator[Finding]:
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

    def _beyond(self, held: HeldCheckpoint, size: int) -> Finding:
        told = {"file": held.file, "size": size, "leaves": self._tree.size}
        if held.source is Source.PACK:
            return broken("checkpoint-beyond", self._tree.size, **told)
        if self._older:
            return unchecked("pack-older", **told)
        return broken("tail-missing", self._tree.size, **told)


def own_word(policy: Policy, note: bytes) -> Judgement | None:
    """What the log alone signed: a wrong line, which anybody can add, takes nothing from it."""
    read, log = parsed(note), Policy(policy.logs)
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


def fork_findings(
    forks: Iterable[Fork], signed: Collection[int], witnessed: Collection[int]
) -> Iterator[Finding]:
    """Each with the leaves between which histories part: after the last size before it that agrees.

    `signed` are the sizes at which the tree is what the log signed, and `witnessed` those for which
    somebody else stands; both hold 0.
    """
    signed, witnessed = sorted(signed), sorted(witnessed)
    for fork in forks:
        # A log that rewrote its past has signed the new one too, at any size it likes.
        agreed = signed if fork.source is Source.PACK else witnessed
        low = agreed[bisect_left(agreed, max(fork.size, 1)) - 1]
        code = f"forked-{fork.source.value}" if fork.signed else "forked-unsigned"
        yield broken(code, low, file=fork.file, size=fork.size, last=fork.size - 1)


def _of_the_log_before(held: HeldCheckpoint, checkpoint: Checkpoint, ended: Checkpoint) -> Finding:
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


def _about(held: HeldCheckpoint) -> dict[str, str]:
    return {"file": held.file, "source": held.source.value}


def _of(held: HeldCheckpoint) -> Callable[..., Finding]:
    """What is wrong with a file from elsewhere says nothing of the pack."""
    return broken if held.source is Source.PACK else unchecked
