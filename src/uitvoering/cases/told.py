"""A case as it stands in the store: each fact's number with the event that says it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from uitvoering.application.reading import visible
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.answers import followed
from uitvoering.cases.case import Case, CaseFact
from uitvoering.cases.streams import Streams
from uitvoering.cases.telling import moment_on
from uitvoering.domain.events.signal import AcknowledgementLapsed, FeedbackLapsed, HandOnLapsed
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Statement
from uitvoering.projections.documents import Moment


@dataclass(frozen=True)
class Told:
    """What is visible of it at one moment."""

    case: Case
    streams: Streams
    events: dict[int, AnyRecorded]
    """By number; only what is visible at the moment asked for."""
    clocked: tuple[AnyRecorded, ...]
    """Lapses of signals that the product's own clocks recorded."""
    moment: Moment

    def number(self, event_id: str | None) -> int | None:
        return self._numbers.get(event_id) if event_id else None

    def level(self, identifier: str) -> Level:
        return self.case.level(identifier).level

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {e: n for n, e in sorted(self.streams.event_of.items(), reverse=True)}

    @cached_property
    def facts(self) -> tuple[CaseFact, ...]:
        """The facts that are visible, by day; on one day as numbered."""
        known = [self.case.fact(n) for n in self.events]
        return tuple(sorted(known, key=lambda fact: (fact.counts_from, fact.n)))

    @cached_property
    def answered(self) -> dict[int, int]:
        """The number of each visible answer, and of the fact it answers."""
        answers = [fact for fact in self.facts if fact.kind == "response-given"]
        found = {fact.n: followed(fact, self.case) for fact in answers}
        return {n: of for n, of in found.items() if of is not None}

    @cached_property
    def statements(self) -> dict[int, Statement]:
        """What is stored of how each fact was put; where the file has no words there are none."""
        stated: dict[int, Statement] = {}
        for n, event in self.events.items():
            told = self.case.fact(n).statement
            fact: Any = event.fact
            if told is not None:
                stated[n] = getattr(fact, "statement", None) or told
        return stated


def told_in(app: Uitvoering, case: Case, streams: Streams, moment: Moment) -> Told:
    by_id = {
        event.event_id: event
        for stream in set(streams.of.values())
        for event in app.store.facts(stream)
    }
    said = {
        n: by_id[e] for n, e in sorted(streams.event_of.items()) if _is_known(case.fact(n), moment)
    }
    own = set(streams.event_of.values())
    lapses = (AcknowledgementLapsed, HandOnLapsed, FeedbackLapsed)
    clocked = [
        e
        for e in by_id.values()
        if isinstance(e.fact, lapses) and e.event_id not in own and visible(e, moment)
    ]
    clocked.sort(key=lambda e: (e.happened_on, e.fact.TOPIC, e.originator_id, e.originator_version))
    return Told(case, streams, said, tuple(clocked), moment)


def _is_known(fact: CaseFact, moment: Moment) -> bool:
    """By the fact's own two days: one event may say two facts told in the same words."""
    if moment.happened_as_of is not None and fact.counts_from > moment.happened_as_of:
        return False
    return moment.recorded_as_of is None or moment_on(fact.recorded_on) <= moment.recorded_as_of
