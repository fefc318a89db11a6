"""A case as it stands in the store: each fact's number with the event that says it."""

from dataclasses import dataclass
from typing import Any

from uitvoering.application.reading import visible
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import Case
from uitvoering.cases.streams import Streams
from uitvoering.domain.events.journey import EvaluationLapsed
from uitvoering.domain.events.signal import AcknowledgementLapsed, FeedbackLapsed, HandOnLapsed
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Statement
from uitvoering.projections.documents import Moment


@dataclass(frozen=True)
class Told:
    """What is visible of it at one moment."""

    case: Case
    streams: Streams
    events: dict[int, AnyRecorded]
    """Only what is visible at the moment asked for."""
    clocked: tuple[AnyRecorded, ...]
    """Lapses the product's own clocks recorded."""

    def number(self, event_id: str | None) -> int | None:
        return next((n for n, e in self.streams.event_of.items() if e == event_id), None)


def told_in(app: Uitvoering, case: Case, streams: Streams, moment: Moment) -> Told:
    by_id = {
        event.event_id: event
        for stream in set(streams.of.values())
        for event in app.store.facts(stream)
        if visible(event, moment)
    }
    said = {n: by_id[e] for n, e in sorted(streams.event_of.items()) if e in by_id}
    own = {event.event_id for event in said.values()}
    lapses = (AcknowledgementLapsed, HandOnLapsed, FeedbackLapsed, EvaluationLapsed)
    clocked = [e for e in by_id.values() if isinstance(e.fact, lapses) and e.event_id not in own]
    clocked.sort(key=lambda e: (e.happened_on, e.fact.TOPIC, e.event_id))
    return Told(case, streams, said, tuple(clocked))


def statement_of(event: AnyRecorded) -> Statement | None:
    fact: Any = event.fact
    found: Statement | None = getattr(fact, "statement", None)
    return found
