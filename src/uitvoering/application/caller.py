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


class Outcome(Value):
    """What a command came to; kept under the idempotency key so that a retry gets the same."""

    kind: str
    id: str
    version: int
    events: tuple[str, ...]
    """Ids of the events recorded in this stream; empty when the same was recorded before."""
