"""Who holds this bearer token? Only its SHA-256 is kept: a copy of the store opens no door."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from uitvoering.domain.values import Level, Role
from uitvoering.errors import TokenUnknownError
from uitvoering.persistence.idempotency import as_moment, as_text
from uitvoering.persistence.ids import new_event_id
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.transactions import Row

_COLUMNS = "id, organisation, level, roles, pseudonym, created_at, expires_at, revoked_at"
_RANDOM_BYTES = 32


@dataclass(frozen=True)
class Token:
    """Whom a bearer acts as; the bearer string itself is shown once and kept nowhere."""

    id: str
    organisation: str
    level: Level
    roles: frozenset[Role]
    pseudonym: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class Tokens:
    """The tokens of one store."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def create(
        self,
        *,
        organisation: str,
        level: Level,
        roles: Iterable[Role],
        pseudonym: str,
        created_at: datetime,
        expires_at: datetime,
    ) -> tuple[str, Token]:
        """The bearer string, to be handed over once, and the token it stands for."""
        bearer = secrets.token_urlsafe(_RANDOM_BYTES)
        token = Token(
            id=new_event_id(),
            organisation=organisation,
            level=level,
            roles=frozenset(roles),
            pseudonym=pseudonym,
            created_at=created_at,
            expires_at=expires_at,
        )
        with self._recorder.writing() as statements:
            statements.execute(
                f"INSERT INTO token (sha256, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    _hashed(bearer),
                    token.id,
                    organisation,
                    level.value,
                    " ".join(sorted(token.roles)),
                    pseudonym,
                    as_text(created_at),
                    as_text(expires_at),
                ),
            )
        return bearer, token

    def find(self, bearer: str, at: datetime) -> Token | None:
        """None when nobody was given it, when it was revoked, or when it has expired."""
        with self._recorder.reading() as statements:
            row = statements.one(
                f"SELECT {_COLUMNS} FROM token WHERE sha256 = ?", (_hashed(bearer),)
            )
        token = None if row is None else _token(row)
        return token if token is not None and token.holds(at) else None

    def list(self) -> tuple[Token, ...]:
        """Oldest first, the expired and the revoked among them."""
        with self._recorder.reading() as statements:
            rows = statements.all(f"SELECT {_COLUMNS} FROM token ORDER BY created_at, id")
        return tuple(_token(row) for row in rows)

    def revoke(self, token_id: str, at: datetime) -> None:
        """From now on nobody is let in with it; revoking it again keeps the first moment."""
        with self._recorder.writing() as statements:
            found = statements.execute(
                "UPDATE token SET revoked_at = COALESCE(revoked_at, ?) WHERE id = ?",
                (as_text(at), token_id),
            )
            if not found:
                raise TokenUnknownError(id=token_id)


def _hashed(bearer: str) -> str:
    # A plain hash is enough: 256 random bits cannot be guessed, so there is nothing to slow down.
    return hashlib.sha256(bearer.encode()).hexdigest()


def _token(row: Row) -> Token:
    token_id, organisation, level, roles, pseudonym, created, expires, revoked = row
    return Token(
        id=token_id,
        organisation=organisation,
        level=Level(level),
        roles=frozenset(Role(role) for role in roles.split()),
        pseudonym=pseudonym,
        created_at=as_moment(created),
        expires_at=as_moment(expires),
        revoked_at=None if revoked is None else as_moment(revoked),
    )
