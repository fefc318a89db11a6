"""Facts to store: streams of recorded facts built directly, without an aggregate."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from tests.given import By, act, recorded
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import HardshipSignalled, SignalAcknowledged
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Statement, Value
from uitvoering.persistence.idempotency import Remembered
from uitvoering.persistence.ids import new_event_id

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
SIGNALLED = HardshipSignalled(
    statement=Statement(text="Mensen raken hun toeslag kwijt om één fout.", severity=4),
    body="toeslagen",
)


def stream_id(n: int) -> str:
    return str(UUID(int=n + (4 << 76) + (2 << 62)))


def stream(n: int, length: int, *, after: int = 0, first: Fact = SIGNALLED) -> list[AnyRecorded]:
    """Facts `after + 1` up to `after + length` of stream n, each with a new event id."""
    facts: list[Fact | By] = [first, *[SignalAcknowledged()] * (after + length - 1)]
    rows = recorded(facts, stream_id(n))[after:]
    return [row.model_copy(update={"event_id": new_event_id()}) for row in rows]


def remembered(key: str = "k1", outcome: str = "{}", at: datetime = NOON) -> Remembered:
    return Remembered("p-1", key, "f" * 64, outcome, at)


def versions(events: Sequence[AnyRecorded]) -> list[int]:
    return [event.originator_version for event in events]


class Tally(Value):
    """A document: how many facts of a stream there were, and which came last."""

    VIEW: ClassVar[str] = "tally"
    count: int = 0
    last: str = ""


class Total(Value):
    VIEW: ClassVar[str] = "total"
    streams: int = 0


__all__ = [
    "NOON",
    "SIGNALLED",
    "Tally",
    "Total",
    "act",
    "remembered",
    "stream",
    "stream_id",
    "versions",
]
