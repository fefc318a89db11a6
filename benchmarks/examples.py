"""What is written and read: signals of four facts, each put in two sentences."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count, islice
from typing import Any
from uuid import uuid4

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import HardshipSignalled, SignalRestated
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level
from uitvoering.persistence.ids import new_event_id
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.topics import recorded_type

PER_SIGNAL = 4
_NOBODY = "00000000-0000-4000-8000-000000000000"
STATEMENT = {
    "text": (
        "Ouders met een laag inkomen verliezen de hele toeslag door één ontbrekend formulier."
        " Wij vragen binnen vier weken een coulanceregeling voor deze groep."
    ),
    "severity": 5,
    "light": "red",
    "affected_groups": ["ouders met een laag inkomen"],
    "act_within_days": 28,
}
_FIRST = datetime(2026, 1, 6, 9, 30, tzinfo=UTC)
_LEVELS = (Level.FRONTLINE, Level.TEAM_LEAD, Level.DEPARTMENT, Level.DIRECTORATE)


def signals() -> Iterator[list[AnyRecorded]]:
    """Signals without end, each raised once and restated by three levels."""
    for number in count():
        stream = str(uuid4())
        yield [
            template.model_copy(
                update={
                    "event_id": new_event_id(),
                    "correlation_id": stream,
                    "originator_id": stream,
                    "timestamp": _FIRST + timedelta(seconds=number),
                }
            )
            for template in _templates()
        ]


def facts(how_many: int) -> list[AnyRecorded]:
    return list(islice((event for signal in signals() for event in signal), how_many))


def one_stream(length: int) -> list[AnyRecorded]:
    """One signal, raised and then restated again and again."""
    raised, restated = _templates()[0], _templates()[1]
    stream = str(uuid4())
    return [
        (raised if version == 1 else restated).model_copy(
            update={
                "event_id": new_event_id(),
                "correlation_id": stream,
                "originator_id": stream,
                "originator_version": version,
            }
        )
        for version in range(1, length + 1)
    ]


def pages(of: int, total: int) -> Iterator[list[AnyRecorded]]:
    """`total` facts, so many at a time: what is appended need not be in memory at once."""
    events = (event for signal in signals() for event in signal)
    for done in range(0, total, of):
        yield list(islice(events, min(of, total - done)))


@cache
def size() -> int:
    """Bytes of one stored fact, the mean of a signal."""
    stored = [FactMapper().to_stored_event(event).state for event in next(signals())]
    return sum(map(len, stored)) // len(stored)


@cache
def _templates() -> tuple[AnyRecorded, ...]:
    raised = {"statement": STATEMENT, "body": "uwv", "to": "team-lead"}
    kinds: list[tuple[type[Fact], dict[str, Any]]] = [(HardshipSignalled, raised)]
    kinds += [(SignalRestated, {"statement": STATEMENT, "to": to}) for to in _LEVELS[2:]]
    kinds += [(SignalRestated, {"statement": STATEMENT})]
    return tuple(
        recorded_type(kind).model_validate(
            {
                "happened_on": date(2026, 1, 5),
                "actor_role": "line",
                "actor_pseudonym": "p-4711",
                "organisation": "uwv",
                "level": level,
                "correlation_id": _NOBODY,
                "event_id": _NOBODY,
                "originator_id": _NOBODY,
                "originator_version": version,
                "timestamp": _FIRST,
                "fact": given,
            }
        )
        for version, (level, (kind, given)) in enumerate(zip(_LEVELS, kinds, strict=True), start=1)
    )
