"""Which terms started at which fact of a case, and by which fact were they met?"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from uitvoering.application.context import Context
from uitvoering.cases.case import CaseFact
from uitvoering.cases.loading import term_of
from uitvoering.cases.telling import code
from uitvoering.cases.told import Told
from uitvoering.domain.events.journey import Phase
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.signal_terms import OpenTerm, TermKind, terms_of
from uitvoering.domain.values import Value

_TO_BE_ANSWERED = frozenset(
    {
        "condition-stated",
        "recommendation-made",
        "verdict-given",
        "advice-given",
        "finding-issued",
    }
)
_ASKS = frozenset({"handed-on", "restated", "disclosed", "advice-asked", "test-requested"})
"""By any of these a party that had to be asked was asked."""


class Obligation(Value):
    """`met_by` is null while no fact of the case met it."""

    obligation: str
    after: int
    due_on: date
    met_by: int | None


def obligations(told: Told, context: Context) -> Iterator[Obligation]:
    """By the fact they start at."""
    found = [
        *_of_signals(told, context),
        *(row for fact in told.facts for row in _of_fact(fact, told, context)),
    ]
    yield from sorted(found, key=lambda row: (row.after, row.due_on, row.obligation))


def parties_to_ask(told: Told, context: Context) -> Iterator[Obligation]:
    """Per party that had to be asked at another fact than a signal, which has terms of its own."""
    for fact in told.facts:
        if fact.kind == "signalled":
            continue
        for asked in fact.must_ask:
            if asked.level != fact.to:
                start = fact.starts_terms_on
                due = context.terms.working_days(PolicyName.HAND_ON_WORKING_DAYS, start)
                put = [f for f in told.facts if f.kind in _ASKS and f.to == asked.level]
                yield _owed("hand-on", fact, due, _first(put))


def evaluations(told: Told, context: Context) -> Iterator[Obligation]:
    """At every entry into the phase execute and every entry into force."""
    for fact in told.facts:
        executes = fact.kind == "phase-entered" and fact.phase is Phase.EXECUTE
        if executes or fact.kind == "entered-into-force":
            due = context.terms.months(PolicyName.EVALUATION_MONTHS, fact.starts_terms_on)
            evaluated = [
                other
                for other in told.facts
                if other.kind == "phase-entered"
                and other.phase is Phase.EVALUATE
                and other.counts_from >= fact.counts_from
            ]
            yield _owed("evaluation", fact, due, _first(evaluated))


def _of_signals(told: Told, context: Context) -> Iterable[Obligation]:
    top = context.route_of(code(told.case.case)).levels[-1:]
    for stream in (*told.streams.signals, told.streams.implied_signal):
        numbers = [n for n in told.events if told.streams.of[n] == stream]
        facts = sorted((told.events[n] for n in numbers), key=lambda e: e.originator_version)
        for term in terms_of(facts, context.terms, top[0] if top else None):
            after = told.number(term.of)
            if after is not None:
                yield Obligation(
                    obligation=term.kind.value,
                    after=after,
                    due_on=term.due_on,
                    met_by=_met_by(term, after, told, numbers),
                )
    yield from parties_to_ask(told, context)


def _met_by(term: OpenTerm, after: int, told: Told, numbers: list[int]) -> int | None:
    """The fact of that day by who had to act, or put to who had to be asked."""
    if term.kind is TermKind.CONTRADICTION:
        return _answer_to(after, told)

    def fits(fact: CaseFact) -> bool:
        if term.party is not None:
            return fact.to is not None and told.level(fact.to) == term.party
        return told.level(fact.by) == term.level

    met = [told.case.fact(n) for n in numbers if told.events[n].happened_on == term.met_on]
    return _first([fact for fact in met if fits(fact) and fact.n != after])


def _of_fact(fact: CaseFact, told: Told, context: Context) -> Iterator[Obligation]:
    start = fact.starts_terms_on

    def months(policy: PolicyName) -> date:
        return context.terms.months(policy, start)

    if fact.kind == "test-requested":
        policy = context.terms.value(PolicyName.TEST_TERM_DAYS, start)
        due = start + timedelta(days=term_of(fact) or policy)
        yield _owed("test", fact, due, _verdict_on(fact, told))
    elif fact.kind == "entered-into-force":
        yield _owed("post-entry-review", fact, months(PolicyName.POST_ENTRY_REVIEW_MONTHS), None)
    elif fact.kind in _TO_BE_ANSWERED:
        due = months(PolicyName.RESPONSE_MONTHS)
        yield _owed("response", fact, due, _answer_to(fact.n, told))
    yield from (row for row in evaluations(told, context) if row.after == fact.n)


def _owed(name: str, after: CaseFact, due_on: date, met_by: int | None) -> Obligation:
    return Obligation(obligation=name, after=after.n, due_on=due_on, met_by=met_by)


def _answer_to(n: int, told: Told) -> int | None:
    return _first([told.case.fact(m) for m, of in told.answered.items() if of == n])


def _verdict_on(request: CaseFact, told: Told) -> int | None:
    """The first verdict in the test that was requested."""
    stream = told.streams.of[request.n]
    return _first(
        [f for f in told.facts if f.kind == "verdict-given" and told.streams.of[f.n] == stream]
    )


def _first(facts: list[CaseFact]) -> int | None:
    return min(facts, key=lambda fact: (fact.counts_from, fact.n)).n if facts else None
