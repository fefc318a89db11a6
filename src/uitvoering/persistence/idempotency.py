"""Was this request answered before? Kept in the transaction of its events, for 24 hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eventsourcing.persistence import IntegrityError

from uitvoering.persistence.transactions import Statements

KEPT = timedelta(hours=24)
_FORGET = (
    "DELETE FROM idempotency WHERE (caller, key) IN (SELECT caller, key FROM idempotency"
    " WHERE recorded_at < ? ORDER BY recorded_at LIMIT 10)"
)
_REMEMBER = (
    "INSERT INTO idempotency (caller, key, fingerprint, outcome, recorded_at)"
    " VALUES (?, ?, ?, ?, ?) ON CONFLICT (caller, key) DO UPDATE SET"
    " fingerprint = excluded.fingerprint, outcome = excluded.outcome,"
    " recorded_at = excluded.recorded_at WHERE idempotency.recorded_at < ?"
)


@dataclass(frozen=True)
class Remembered:
    """The answer to the first request under a caller's key; a retry gets the same."""

    caller: str
    key: str
    fingerprint: str
    """SHA-256 of what was asked, so that a key used for something else is noticed."""
    outcome_json: str
    recorded_at: datetime


def remember_within(statements: Statements, row: Remembered) -> None:
    """Raises the store's IntegrityError when the key was used less than 24 hours before.

    A few that have expired are removed each time, so that nobody waits for those of a whole day.
    """
    expired = as_text(row.recorded_at - KEPT)
    statements.execute(_FORGET, (expired,))
    values = (row.caller, row.key, row.fingerprint, row.outcome_json, as_text(row.recorded_at))
    if statements.execute(_REMEMBER, (*values, expired)) == 0:
        raise IntegrityError("this key was used")


def remembered_within(statements: Statements, caller: str, key: str) -> Remembered | None:
    row = statements.one(
        "SELECT caller, key, fingerprint, outcome, recorded_at FROM idempotency"
        " WHERE caller = ? AND key = ?",
        (caller, key),
    )
    if row is None:
        return None
    caller, key, fingerprint, outcome, recorded_at = row
    return Remembered(caller, key, fingerprint, outcome, as_moment(recorded_at))


def as_text(moment: datetime) -> str:
    """UTC to the microsecond in a fixed width: the order of the texts is the order in time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
