"""Every checkpoint there is of a log, held against the tree that its leaves make."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from uitvoering.integrity.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.durable import replaced
from uitvoering.integrity.keys import PublicKey
from uitvoering.integrity.note import NoteMalformedError, SignatureWrongError, parsed
from uitvoering.integrity.pack import CHECKPOINT, checkpoint_path
from uitvoering.integrity.policy import Judgement, Policy
from uitvoering.integrity.verify_findings import Finding, broken, holds, unchecked
from uitvoering.integrity.verify_tree import LeafTree

_KEPT = re.compile(r"(\d{1,19})-([0-9a-f]{16})-(\d{1,12})\.note")
MOST_NOTE = 1_000_000
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
    at: int | None = None
    """Seconds since 1970 when it was kept."""


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
        made_at: str,
        ended: Mapping[PublicKey, int],
    ) -> None:
        """`ended` are keys of the log with the largest tree each may have signed."""
        self._policy = policy
        self._ended = ended
        self._origin = origin
        self._tree = tree
        self._made_at = _seconds(made_at)
        self._signed: set[int] = {0}
        """Sizes at which the tree is what the log signed."""
        self._witnessed: set[int] = {0}
        """Those of them for which somebody else than the log stands."""
        self._forks: list[tuple[Held, Checkpoint, bool]] = []

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
            return
        except NoteMalformedError as error:
            yield _of(held)("note-unreadable", **about, cause=error.values["cause"])
            return
        checkpoint = judgement.checkpoint
        if checkpoint.origin != self._origin:
            yield self._of_another_log(held, checkpoint)
            return
        if not judgement.log_keys and not self._is_known(held, checkpoint):
            yield _of(held)("checkpoint-unsigned", **about, size=checkpoint.size)
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
            yield self._beyond(held, judgement)
        elif not self._tree.is_whole:
            return  # told with what is missing
        elif self._tree.root(checkpoint.size) != checkpoint.root:
            self._forks.append((held, checkpoint, bool(judgement.log_keys)))
        else:
            self._agree(held, judgement, agreed)

    def _is_known(self, held: Held, checkpoint: Checkpoint) -> bool:
        """Without a key that the policy names: one we kept, or of before the keys were replaced."""
        if held.source is not Source.PACK:
            return held.source is Source.KEPT
        if not self._tree.is_whole or checkpoint.size >= self._tree.size:
            return False
        return self._tree.root(checkpoint.size) == checkpoint.root

    def forks(self) -> Iterator[Finding]:
        """Those that the tree does not extend: asked for when all were judged."""
        for held, checkpoint, signed in self._forks:
            # A log that rewrote its past has signed the new one too, at any size it likes.
            agreed = self._signed if held.source is Source.PACK else self._witnessed
            low = max(size for size in agreed if size < max(checkpoint.size, 1))
            code = f"forked-{held.source.value}" if signed else "forked-unsigned"
            yield broken(code, low, file=held.file, size=checkpoint.size, last=checkpoint.size - 1)

    def _agree(self, held: Held, judgement: Judgement, agreed: Agreed) -> None:
        size = judgement.checkpoint.size
        if not judgement.log_keys and held.source is Source.PACK:
            agreed.unknown += 1
            return
        agreed.count += 1
        witnessed = judgement.quorum and not self._policy.unwitnessed
        if witnessed:
            agreed.cosigned += 1
            agreed.last_cosigned = max(agreed.last_cosigned, size)
        if len(self._signed) < _MOST_REMEMBERED:
            self._signed.add(size)
            if witnessed or held.source is not Source.PACK:
                self._witnessed.add(size)

    def _of_another_log(self, held: Held, checkpoint: Checkpoint) -> Finding:
        told = {"file": held.file, "origin": self._origin, "found": checkpoint.origin}
        return _of(held)("checkpoint-elsewhere", **told)

    def _beyond(self, held: Held, judgement: Judgement) -> Finding:
        size = judgement.checkpoint.size
        told = {"file": held.file, "size": size, "leaves": self._tree.size}
        if held.source is Source.PACK:
            return broken("checkpoint-beyond", self._tree.size, **told)
        if held.source is Source.KEPT and self._is_older(held, judgement):
            return unchecked("kept-newer", **told)
        return broken("tail-missing", self._tree.size, **told)

    def _is_older(self, held: Held, judgement: Judgement) -> bool:
        """Whether the pack says it was made before that checkpoint was there to be seen."""
        times = [row.time for row in judgement.cosigned if row.time]
        seen = min(times, default=held.at)
        return seen is not None and self._made_at is not None and self._made_at <= seen


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
        moment = judgement.reached_at
        if moment is None:
            return holds("quorum-undated", size=checkpoint.size, names=names)
        return holds("quorum", size=checkpoint.size, names=names, at=_moment(moment))
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


def kept_of(folder: Path, origin: str) -> Iterator[Held]:
    """What earlier verifications kept of this log."""
    place = _kept_place(folder, origin)
    if not place.is_dir():
        return
    for file in sorted(place.iterdir()):
        found = _KEPT.fullmatch(file.name)
        if found is not None:
            with file.open("rb") as stored:
                yield Held(Source.KEPT, str(file), stored.read(MOST_NOTE + 1), int(found[3]))


def keep(folder: Path, note: bytes, now: int) -> None:
    """For the next time; one that is there already stays as it was. OSError."""
    checkpoint = checkpoint_of(parsed(note).text)
    place = _kept_place(folder, checkpoint.origin)
    name = f"{checkpoint.size}-{checkpoint.root.hex()[:16]}"
    place.mkdir(parents=True, exist_ok=True)
    if not any(place.glob(f"{name}-*.note")):
        replaced(place / f"{name}-{now}.note", note)


def _kept_place(folder: Path, origin: str) -> Path:
    return folder / hashlib.sha256(origin.encode()).hexdigest()[:32]


def _of(held: Held) -> Callable[..., Finding]:
    """What is wrong with a file from elsewhere says nothing of the pack."""
    return broken if held.source is Source.PACK else unchecked


def _seconds(moment: str) -> int | None:
    try:
        read = datetime.fromisoformat(moment)
        return None if read.tzinfo is None else int(read.timestamp())
    except (ValueError, OverflowError):
        return None


def _moment(seconds: int) -> str:
    """In UTC; a witness may state any number."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s"
