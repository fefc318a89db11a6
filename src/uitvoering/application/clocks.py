"""The process managers (DOMAIN 8): what was due and did not come is recorded, each moment once.

Time comes from outside. A clock runs on the recorded clock: a lapse about a signal registered late
is recorded when the clock next runs, with its true due day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from uitvoering.application.context import Context
from uitvoering.application.identity import (
    derived_event_id,
    envelope_of,
    fold,
    highest_regime,
    stamp,
)
from uitvoering.application.reactions import entry_checks
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.domain import follow_up, journey, proposal, signal
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Role
from uitvoering.errors import UitvoeringError
from uitvoering.persistence.store import ConflictError
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.journeys import JourneyDocument
from uitvoering.projections.proposals import ProposalDocument
from uitvoering.projections.signals import SignalDossier

Stamp = Callable[[date, list[AnyRecorded]], datetime]
"""When a lapse with this due day, in this stream, counts as recorded."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Clocks:
    """Run by `serve` every so often, by `uitvoering tick` once, and by a case at its end."""

    app: Uitvoering
    stamped: Stamp | None = None
    """For histories told from sources; otherwise every lapse is recorded now."""

    def tick(self, now: datetime, progress: Progress | None = None) -> int:
        """Record every due moment up to now; return how many there were.

        A stream that cannot be read stops itself alone: the others are looked at first, then the
        first of what went wrong is raised.
        """
        until = now.astimezone(AMSTERDAM).date()
        context = self.app.context()
        found, wrong = 0, list[UitvoeringError]()
        streams = list(_streams(context))
        for n, (stream, lapses) in enumerate(streams, start=1):
            try:
                # Again until nothing new is due: an evaluation that fell due may have lapsed too.
                while new := self._record(stream, lapses, context, until, now):
                    found += new
            except UitvoeringError as error:
                wrong.append(error)
            if progress is not None:
                progress(n, len(streams))
        found += self._check_entries(context, now)
        if wrong:
            raise wrong[0]
        return found

    def _record(
        self, stream: str, lapses: "Lapses", context: Context, until: date, now: datetime
    ) -> int:
        past = self.app.store.facts(stream)
        events: list[AnyRecorded] = []
        for day, fact in lapses(past, context, until):
            # Someone may have acted while this run was under way: a stream's stamps only rise.
            at = self.stamped(day, past) if self.stamped else max(now, past[-1].timestamp)
            act = envelope_of(
                past[0],
                happened_on=day,
                happened_from=None,
                actor_role=Role.CLOCK,
                actor_pseudonym="clock",
                level=_level(fact, past),
                on_behalf_of=None,
                source=None,
                reply=None,
                regime=highest_regime(past),
                causation_id=past[0].event_id,
            )
            version = past[-1].originator_version + len(events)
            told = self.stamped is not None  # a history told from sources: the same ids anywhere
            cause = (past[0].event_id, fact.TOPIC, f"{day} {version}")
            first = derived_event_id(at, *cause) if told else None
            events += stamp((fact,), act, stream, version, at, first)
        return self._append(events)

    def _check_entries(self, context: Context, now: datetime) -> int:
        """Again for bills that entered into force: a condition may have been filed meanwhile."""
        found = 0
        for stream, bill in context.documents.all(ProposalDocument):
            if bill.entered_on is None:
                continue
            past = self.app.store.facts(stream)
            entry = next(e for e in past if e.fact.TOPIC == "entered-into-force")
            found += self._append(entry_checks(entry, self.app.store, context, now))
        return found

    def _append(self, events: list[AnyRecorded]) -> int:
        if not events:
            return 0
        try:
            self.app.record(events)
        except ConflictError:
            return 0  # someone acted in this stream meanwhile: the next tick looks again
        return len(events)


Dated = tuple[date, Fact]
"""A due moment: the day it fell on, and the fact that says so."""
Lapses = Callable[[list[AnyRecorded], Context, date], list[Dated]]


def _streams(context: Context) -> Iterator[tuple[str, Lapses]]:
    """Every stream in which a term may have ended."""
    for stream, _ in context.documents.all(SignalDossier):
        yield stream, _signal_lapses
    for stream, _ in context.documents.all(FollowUpDocument):
        yield stream, _follow_up_lapses
    for stream, _ in context.documents.all(JourneyDocument):
        yield stream, _journey_lapses
    for stream, _ in context.documents.all(ProposalDocument):
        yield stream, _retests_overlooked


def _signal_lapses(past: list[AnyRecorded], context: Context, until: date) -> list[Dated]:
    state = fold(signal.evolve, past)
    route = context.route_of(state.body, state.origin.happened_on)
    lapses: Any = state.lapses(until, context.terms, route)
    return [(fact.due_on, fact) for fact in lapses]


def _follow_up_lapses(past: list[AnyRecorded], _: Context, until: date) -> list[Dated]:
    state = fold(follow_up.evolve, past)
    return [(state.due.due_on, fact) for fact in state.lapses(until)]


def _journey_lapses(past: list[AnyRecorded], context: Context, until: date) -> list[Dated]:
    state = fold(journey.evolve, past)
    entered = state.proposal and context.documents.get(ProposalDocument, state.proposal)
    if entered and entered.entered_on is not None:
        due = state.evaluation_due_from_entry(entered.entered_on, context.terms)
        if due:
            return [(entered.entered_on, fact) for fact in due]
    lapses: Any = state.lapses(until)
    return [(fact.due_on, fact) for fact in lapses]


def _retests_overlooked(past: list[AnyRecorded], context: Context, _: date) -> list[Dated]:
    """A test may have been concluded while the amendment was recorded, or told of later."""
    stream = past[0].originator_id
    known = (test.concluded_on for test in context.tests_of(stream))
    concluded = tuple(day for day in known if day is not None)
    return list(fold(proposal.evolve, past).retests_overlooked(concluded))


def _level(fact: Any, past: list[AnyRecorded]) -> Level:
    level: Level = getattr(fact, "level", past[0].level)
    return level
