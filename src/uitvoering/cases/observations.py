"""What the product says about a case: the observations others check (INTERFACES 4)."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import Any

from pydantic import ConfigDict, Field

from uitvoering.application.context import Context
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.cases.case import Case
from uitvoering.cases.obligations import Obligation, obligations
from uitvoering.cases.replies import ReplySeen, replies
from uitvoering.cases.streams import Streams
from uitvoering.cases.told import Told, statement_of, told_in
from uitvoering.domain.events.follow_up import ResponseGiven
from uitvoering.domain.events.implementation_test import VerdictGiven
from uitvoering.domain.events.journey import EvaluationLapsed
from uitvoering.domain.events.proposal import EnteredIntoForce
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import (
    AcknowledgementLapsed,
    CitationDropped,
    ContradictionFiled,
    FeedbackLapsed,
    HandOnLapsed,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Value, Way
from uitvoering.projections.conditions_at_entry import at_entry, conditions_at_entry
from uitvoering.projections.documents import Documents, Moment
from uitvoering.projections.first_reach import FirstReach, first_reach
from uitvoering.projections.journey_timeline import journey_timeline
from uitvoering.projections.kpi_tension import kpi_tension
from uitvoering.projections.repeated_advice import repeated_advice
from uitvoering.softening.compare import compare
from uitvoering.softening.justification import Justification
from uitvoering.softening.verdict import overall


class FactSeen(Value):
    n: int
    topic: str
    happened_on: date
    recorded_on: date
    late: bool
    lag_days: int | None


class Compared(Value):
    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    from_: int = Field(serialization_alias="from")
    to: int
    kind: str
    overall: str
    justification: str
    dimensions: dict[str, str]


class LapseSeen(Value):
    topic: str
    of: int | None
    level: Level
    due_on: date


class ReachSeen(Value):
    level: Level
    fact: int
    route: Way


class OutcomeSeen(Value):
    fact: int
    outcome: str


class CitationSeen(Value):
    fact: int
    of: int | None


class AdviceSeen(Value):
    facts: tuple[int, ...]
    days: int


class TensionSeen(Value):
    soft: tuple[int, ...]
    hard: int


class PhaseSeen(Value):
    phase: str
    entered_on: date | None
    left_on: date | None
    missing_until: date | None
    days_missing: int


class EntrySeen(Value):
    entry: int
    met: tuple[str, ...]
    adopted: tuple[str, ...]
    partly: tuple[str, ...]
    not_adopted: tuple[str, ...]
    deferred: tuple[str, ...]
    no_recorded_answer: tuple[str, ...]


_GROUPS: dict[str, tuple[str, ...]] = {
    name: () for name in EntrySeen.model_fields if name != "entry"
}


class Observations(Value):
    case: str
    facts: tuple[FactSeen, ...]
    comparisons: tuple[Compared, ...]
    lapses: tuple[LapseSeen, ...]
    obligations: tuple[Obligation, ...]
    first_reach: tuple[ReachSeen, ...]
    outcomes: tuple[OutcomeSeen, ...]
    citations_dropped: tuple[CitationSeen, ...]
    repeated_advice: tuple[AdviceSeen, ...]
    kpi_tensions: tuple[TensionSeen, ...]
    phases: tuple[PhaseSeen, ...]
    conditions_at_entry: EntrySeen | None
    replies: tuple[ReplySeen, ...]
    visible: tuple[int, ...]


def observe(app: Uitvoering, case: Case, streams: Streams, moment: Moment) -> Observations:
    """Everything section 4 names, computed by the product's own read models."""
    documents = app.reading.replayed(moment)
    context = app.context()
    told = told_in(app, case, streams, moment)
    newest = max((fact.recorded_on for fact in case.told), default=moment.today)
    asked = Moment(
        now=min(moment.now, max(e.timestamp for e in told.events.values()))
        if told.events
        else moment.now,
        happened_as_of=moment.happened_as_of,
        recorded_as_of=moment.recorded_as_of,
    )
    return Observations(
        case=case.case,
        facts=tuple(_facts(told, context)),
        comparisons=tuple(_comparisons(told)),
        lapses=tuple(_lapses(told)),
        obligations=tuple(obligations(told, context)),
        first_reach=tuple(_first_reach(documents, asked, told)),
        outcomes=tuple(_outcomes(told)),
        citations_dropped=tuple(
            CitationSeen(fact=n, of=told.number(event.fact.previous))
            for n, event in told.events.items()
            if isinstance(event.fact, CitationDropped)
        ),
        repeated_advice=tuple(_repeated(documents, asked, told)),
        kpi_tensions=tuple(_tensions(documents, asked, told)),
        phases=tuple(_phases(documents, asked, newest)),
        conditions_at_entry=_at_entry(documents, asked, told),
        replies=tuple(replies(told)),
        visible=tuple(told.events),
    )


def _facts(told: Told, context: Context) -> Iterable[FactSeen]:
    for n, event in told.events.items():
        recorded_on = event.timestamp.astimezone(AMSTERDAM).date()
        lag = (recorded_on - event.happened_on).days
        threshold = context.terms.value(PolicyName.LATE_REGISTRATION_DAYS, event.happened_on)
        yield FactSeen(
            n=n,
            topic=event.fact.TOPIC,
            happened_on=event.happened_on,
            recorded_on=recorded_on,
            late=lag > threshold,
            lag_days=lag,
        )


def _comparisons(told: Told) -> Iterable[Compared]:
    """Every pair of statements, earlier to later as the file numbers them."""
    stated = [(n, s) for n, e in told.events.items() if (s := statement_of(e)) is not None]
    contradicted = {
        e.fact.against for e in told.events.values() if isinstance(e.fact, ContradictionFiled)
    }
    for (first, earlier), (second, later) in combinations(stated, 2):
        found = compare(earlier, later)
        against = told.events[second].event_id in contradicted
        why = Justification.CONTESTED if against else Justification.NONE
        yield Compared(
            from_=first,
            to=second,
            kind=_kind(first, second, [n for n, _ in stated], told),
            overall=overall(found, why).value,
            justification=why.value,
            dimensions={row.dimension.value: row.result.value for row in found.dimensions},
        )


def _kind(first: int, second: int, stated: list[int], told: Told) -> str:
    """hop: the one it weighs, else the last before it in its stream; drift: the first there."""
    named = told.streams.fact(second).compares_with
    mine = [n for n in stated if n < second and told.streams.of[n] == told.streams.of[second]]
    before = named if named in stated else (mine[-1] if mine else None)
    if first == before:
        return "hop"
    return "drift" if mine and first == mine[0] else "other"


def _lapses(told: Told) -> Iterable[LapseSeen]:
    for event in (*told.clocked, *told.events.values()):
        fact: Any = event.fact
        match fact:
            case AcknowledgementLapsed() | HandOnLapsed() | FeedbackLapsed() | EvaluationLapsed():
                of = getattr(fact, "of", None)
                yield LapseSeen(
                    topic=fact.TOPIC,
                    of=told.number(of) if of else _started(event, told),
                    level=getattr(fact, "level", event.level),
                    due_on=fact.due_on,
                )
            case _:
                pass


def _started(event: AnyRecorded, told: Told) -> int | None:
    """The first told fact of the stream: what a term without a named start runs from."""
    mine = [n for n, stream in told.streams.of.items() if stream == event.originator_id]
    return min(mine, default=None)


def _first_reach(documents: Documents, moment: Moment, told: Told) -> Iterable[ReachSeen]:
    """Over all signals of the case together: the earliest by which each level had the matter."""
    earliest: dict[Level, tuple[date, int, FirstReach]] = {}
    for row in first_reach(documents, moment):
        n = told.number(row.event_id)
        if n is None:
            continue
        known = earliest.get(row.level)
        if known is None or (row.on, n) < known[:2]:
            earliest[row.level] = (row.on, n, row)
    for level, (_, n, row) in sorted(earliest.items(), key=lambda item: item[1][:2]):
        yield ReachSeen(level=level, fact=n, route=row.way)


def _outcomes(told: Told) -> Iterable[OutcomeSeen]:
    for n, event in told.events.items():
        match event.fact:
            case ResponseGiven(outcome=outcome) if outcome is not None:
                yield OutcomeSeen(fact=n, outcome=outcome.value)
            case VerdictGiven(verdict=verdict) if verdict is not None:
                yield OutcomeSeen(fact=n, outcome=verdict.value)
            case _:
                pass


def _repeated(documents: Documents, moment: Moment, told: Told) -> Iterable[AdviceSeen]:
    for row in repeated_advice(documents, moment):
        numbers = sorted(n for advice in row.advice if (n := told.number(advice.event)) is not None)
        if len(numbers) > 1:
            yield AdviceSeen(facts=tuple(numbers), days=row.days)


def _tensions(documents: Documents, moment: Moment, told: Told) -> Iterable[TensionSeen]:
    for row in kpi_tension(documents, moment):
        hard = told.number(row.indicator)
        soft = sorted(n for linked in row.signals if (n := told.number(linked.event_id)) is not None)
        if hard is not None and soft:
            yield TensionSeen(soft=tuple(soft), hard=hard)


def _phases(documents: Documents, moment: Moment, newest: date) -> Iterable[PhaseSeen]:
    for row in journey_timeline(documents, moment):
        if row.phase is not None:
            yield PhaseSeen(
                phase=row.phase.value,
                entered_on=row.entered_on,
                left_on=row.left_on,
                missing_until=row.missing_until and min(row.missing_until, newest),
                days_missing=row.days_missing,
            )


def _at_entry(documents: Documents, moment: Moment, told: Told) -> EntrySeen | None:
    """How the conditions stood at the first entry into force; None while nothing entered."""
    entries = [n for n, e in told.events.items() if isinstance(e.fact, EnteredIntoForce)]
    if not entries:
        return None
    groups = _GROUPS.keys()
    for row in at_entry(conditions_at_entry(documents, moment)):
        if told.number(row.entry) == entries[0]:
            return EntrySeen(entry=entries[0], **{name: getattr(row, name) for name in groups})
    return EntrySeen(entry=entries[0], **_GROUPS)
