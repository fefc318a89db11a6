"""What the product says about a case: the observations others check (INTERFACES 4).

A case tells less than the product's own users record, so these are read fact by fact, by the
number each has in the file; docs/cases.md says what each section means.
"""

from collections.abc import Iterable
from datetime import date

from uitvoering.application.context import Context
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.advice import AdviceSeen, TensionSeen, repeated, tensions
from uitvoering.cases.case import Case
from uitvoering.cases.comparisons import Compared, comparisons
from uitvoering.cases.entry import EntrySeen, conditions_at_entry
from uitvoering.cases.lapses import LapseSeen, lapses
from uitvoering.cases.obligations import Obligation, obligations
from uitvoering.cases.phases import PhaseSeen, phases
from uitvoering.cases.reaches import ReachSeen, reaches
from uitvoering.cases.replies import ReplySeen, replies
from uitvoering.cases.streams import Streams
from uitvoering.cases.told import Told, told_in
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.values import Value
from uitvoering.projections.documents import Moment


class FactSeen(Value):
    n: int
    topic: str
    happened_on: date
    recorded_on: date
    late: bool
    lag_days: int | None


class OutcomeSeen(Value):
    fact: int
    outcome: str


class CitationSeen(Value):
    fact: int
    of: int | None


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
    """Everything section 4 names, over what was visible at the moment asked for."""
    context = app.context()
    told = told_in(app, case, streams, moment)
    everything = told_in(app, case, streams, app.reading.moment())
    return Observations(
        case=case.case,
        facts=tuple(_facts(told, context)),
        comparisons=tuple(comparisons(told)),
        lapses=tuple(lapses(told, everything, context)),
        obligations=tuple(obligations(told, context)),
        first_reach=tuple(reaches(told)),
        outcomes=tuple(_outcomes(told)),
        citations_dropped=tuple(_citations(told)),
        repeated_advice=tuple(repeated(told)),
        kpi_tensions=tuple(tensions(told)),
        phases=tuple(phases(told)),
        conditions_at_entry=conditions_at_entry(told),
        replies=tuple(replies(told)),
        visible=tuple(told.events),
    )


def _facts(told: Told, context: Context) -> Iterable[FactSeen]:
    for n, event in told.events.items():
        recorded_on = told.case.fact(n).recorded_on
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


def _outcomes(told: Told) -> Iterable[OutcomeSeen]:
    """The outcome or the verdict recorded with a fact, whatever its kind."""
    for n in told.events:
        fact = told.case.fact(n)
        for outcome in (fact.outcome, fact.verdict):
            if outcome is not None:
                yield OutcomeSeen(fact=n, outcome=outcome.value)


def _citations(told: Told) -> Iterable[CitationSeen]:
    """Of the carrier that is named; else the last that cited it, else that leaned on anything."""
    for fact in told.facts:
        if fact.kind != "citation-dropped":
            continue
        of = told.streams.referred(fact)
        if of is None:
            day = (fact.counts_from, fact.n)
            earlier = [other for other in told.facts if (other.counts_from, other.n) < day]
            cited = [other.n for other in earlier if other.kind == "cited"]
            leaned = [o.n for o in earlier if o.statement and o.statement.evidence]
            of = next(iter([*cited[-1:], *leaned[-1:]]), None)
        yield CitationSeen(fact=fact.n, of=of)
