"""Which logs are trusted, and which witnesses must have cosigned a checkpoint (tlog-policy)?

A policy is pinned by whoever verifies and is never fetched from the log it judges.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from uitvoering.errors import RefusedError
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import (
    Note,
    Signature,
    SignatureWrongError,
    parsed,
)


class LogUnsignedError(RefusedError):
    code = "log-unsigned"
    message = (
        "no key that the policy names for {origin} has signed this checkpoint; compare the policy "
        "with the keys that the log has published"
    )


class QuorumMissingError(RefusedError):
    code = "quorum-missing"
    message = (
        "the checkpoint of {origin} over {size} leaves lacks the cosignatures that the policy asks "
        "for; cosigned by: {cosigned}; not by: {absent}; without them another history may be shown "
        "to others"
    )


@dataclass(frozen=True)
class Log:
    key: PublicKey
    """Its name is the origin of the log."""
    url: str = ""


@dataclass(frozen=True)
class Witness:
    name: str
    """In this policy only; its key has a name of its own."""
    key: PublicKey
    url: str = ""


@dataclass(frozen=True)
class Group:
    threshold: int
    """How many of the members must have witnessed."""
    members: tuple[bytes, ...]


@dataclass(frozen=True)
class Cosigned:
    witness: Witness
    time: int
    """Seconds since 1970; never 0, which states nothing."""
    signature: Signature


@dataclass(frozen=True)
class Judgement:
    """What a policy says of one checkpoint; whether that is enough is for the reader to say."""

    checkpoint: Checkpoint
    log_keys: tuple[PublicKey, ...]
    """Of this origin, and right; none: the log did not sign this, as far as the policy knows."""
    cosigned: tuple[Cosigned, ...]
    """In the order of the policy."""
    absent: tuple[Witness, ...]
    quorum: bool
    """Whether the cosignatures are those the policy asks for; always so with `quorum none`."""
    reached_at: int | None
    """Seconds since 1970 at which the quorum was complete; None when that cannot be said."""
    stated_at: int | None = None
    """Seconds since 1970 at which the log says it signed (0x06): its word, good against itself."""

    @property
    def accepted(self) -> bool:
        return bool(self.log_keys) and self.quorum


@dataclass(frozen=True)
class Policy:
    logs: tuple[Log, ...]
    """All of them are accepted; more than one of an origin while its keys are replaced."""
    named: dict[bytes, Witness | Group] = field(default_factory=dict[bytes, Witness | Group])
    """In the order of the file: a group stands below its members. Names are octets."""
    quorum: bytes | None = None
    """None for `quorum none`: a checkpoint is then as good as the word of the log."""

    @property
    def unwitnessed(self) -> bool:
        """To be said in every report: nobody but the log is asked."""
        return self.quorum is None

    @cached_property
    def witnesses(self) -> tuple[Witness, ...]:
        return tuple(entry for entry in self.named.values() if isinstance(entry, Witness))

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(log.key.name for log in self.logs)

    def judge(self, note: bytes | Note) -> Judgement:
        """Every signature of a known key is checked; the others are ignored.

        NoteMalformedError; SignatureWrongError when one known key's signature fails: then the
        whole note is rejected.
        """
        read = parsed(note) if isinstance(note, bytes) else note
        checkpoint = checkpoint_of(read.text)
        log_keys: list[PublicKey] = []
        found: dict[bytes, Cosigned] = {}
        stated: list[int] = []
        for signature in read.signatures:
            known = self._known.get((signature.name, signature.key_id))
            if known is None:
                continue
            name, key = known
            time = key.cosigned(checkpoint, signature.value)
            if time is None:
                raise SignatureWrongError(name=signature.name)
            entry = self.named.get(name) if name else None
            if isinstance(entry, Witness):
                if not time:  # no statement (tlog-cosignature); a witness never makes such a one
                    continue
                earlier = found.get(name)
                if earlier is None or earlier.time < time:
                    found[name] = Cosigned(entry, time, signature)
            # The key of another log may stand here too, and says nothing about this one.
            elif key.name == checkpoint.origin and key not in log_keys:
                log_keys.append(key)
                stated += [time] if time else []
        return Judgement(
            checkpoint,
            log_keys=tuple(log_keys),
            cosigned=tuple(found[name] for name in self.named if name in found),
            absent=tuple(
                entry
                for name, entry in self.named.items()
                if isinstance(entry, Witness) and name not in found
            ),
            quorum=self.holds(found),
            reached_at=self._reached_at({name: cosigned.time for name, cosigned in found.items()}),
            stated_at=max(stated, default=None),
        )

    def accept(self, note: bytes | Note) -> Judgement:
        """Judge, and refuse what is not accepted: LogUnsignedError, QuorumMissingError."""
        judgement = self.judge(note)
        checkpoint = judgement.checkpoint
        if not judgement.log_keys:
            raise LogUnsignedError(origin=checkpoint.origin)
        if not judgement.quorum:
            raise QuorumMissingError(
                origin=checkpoint.origin,
                size=checkpoint.size,
                cosigned=[row.witness.name for row in judgement.cosigned],
                absent=[witness.name for witness in judgement.absent],
            )
        return judgement

    def holds(self, cosigned: Iterable[bytes]) -> bool:
        """Whether these witnesses, by their names in the file, are a quorum."""
        witnessed = set(cosigned)
        for name, entry in self.named.items():  # members stand above their group: one pass is all
            if isinstance(entry, Group):
                count = sum(member in witnessed for member in entry.members)
                if count >= entry.threshold:
                    witnessed.add(name)
        return self.quorum is None or self.quorum in witnessed

    def _reached_at(self, times: dict[bytes, int]) -> int | None:
        if self.quorum is None:
            return None
        for moment in sorted(set(times.values())):
            if self.holds(name for name, time in times.items() if time <= moment):
                return moment
        return None

    @cached_property
    def _known(self) -> dict[tuple[str, bytes], tuple[bytes, PublicKey]]:
        """By name and id, both: one alone says nothing. A log has no name in the policy."""
        known = {(log.key.name, log.key.id): (b"", log.key) for log in self.logs}
        for name, entry in self.named.items():
            if isinstance(entry, Witness):
                known[entry.key.name, entry.key.id] = (name, entry.key)
        return known


def unwitnessed_policy(keys: Iterable[PublicKey]) -> Policy:
    """Of whoever has no policy file: the log is known by its keys, and no witness is asked."""
    return Policy(tuple(Log(key) for key in keys))
