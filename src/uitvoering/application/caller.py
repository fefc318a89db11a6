"""Who acts, in which roles, and what came of it: what goes in and out of every command."""

from dataclasses import dataclass

from uitvoering.domain.values import Level, Role, Value


@dataclass(frozen=True)
class Caller:
    """Taken from a token or from the settings of the command line, never from a body."""

    organisation: str
    level: Level
    roles: frozenset[Role]
    pseudonym: str

    def role_for(self, allowed: frozenset[Role]) -> Role | None:
        """The role to act in: the first held one that the command allows."""
        return next((role for role in Role if role in self.roles and role in allowed), None)


@dataclass(frozen=True)
class IdempotencyKey:
    """The caller's key and the fingerprint (SHA-256) of what was asked under it."""

    key: str
    fingerprint: str


class Opening(Value):
    """Shows that one passage is what was filed: given to its author once, and to nobody else."""

    at: str
    """JSON Pointer to the passage in the stored event."""
    opening: str
    """32 bytes in hex."""


class Receipt(Value):
    """What whoever filed holds, without an account and without the server (INTEGRITY 5)."""

    event: str
    promise: str
    """A signed note: the event stands in the log within a term."""
    openings: tuple[Opening, ...] = ()
    proof: str | None = None
    """The promise kept: a tlog-proof of the event's leaf; none while it is not in the log yet."""


class Outcome(Value):
    """What a command came to; kept under the idempotency key so that a retry gets the same."""

    kind: str
    id: str
    version: int
    events: tuple[str, ...]
    """Ids of the events recorded in this stream; empty when the same was recorded before."""
    receipts: tuple[Receipt, ...] = ()
    """One for each of these events, where the store has a log."""
