"""Which terms started at which fact of a case, and by which fact were they met?"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from uitvoering.application.context import Context
from uitvoering.cases.told import Told
from uitvoering.domain.events.follow_up import ResponseGiven
from uitvoering.domain.events.implementation_test import TestRequested, VerdictGiven
from uitvoering.domain.events.journey import JourneyEvaluated, Phase, PhaseEntered
from uitvoering.domain.events.proposal import EnteredIntoForce
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.signal_terms import terms_of
from uitvoering.domain.values import Value


class Obligation(Value):
    """`met_by` is null while no fact of the case met it."""

    obligation: str
    after: int
    due_on: date
    met_by: int | None


def obligations(told: Told, context: Context) -> Iterator[Obligation]:
    """By the fact they start at."""
    found = [*_of_signals(told, context), *_of_others(told, context)]
    yield from sorted(found, key=lambda row: (row.after, row.due_on, row.obligation))


def _of_signals(told: Told, context: Context) -> Iterable[Obligation]:
    top = context.route_of(told.case.case).levels[-1:]
    for stream in told.streams.signals:
        numbers = [n for n in told.events if told.streams.of[n] == stream]
        facts = [told.events[n] for n in numbers]
        for term in terms_of(facts, context.terms, top[0] if top else None):
            after = told.number(term.of)
            if after is not None:
                met = [n for n in numbers if told.events[n].happened_on == term.met_on]
                yield Obligation(
                    obligation=term.kind.value,
                    after=after,
                    due_on=term.due_on,
                    met_by=max(met, default=None),
                )


def _of_others(told: Told, context: Context) -> Iterable[Obligation]:
    terms = context.terms
    for n, event in told.events.items():
        day = event.happened_on
        match event.fact:
            case TestRequested(term_days=days):
                due = date.fromordinal(day.toordinal() + days)
                yield _owed("test", n, due, _in_stream(told, event, VerdictGiven))
            case EnteredIntoForce():
                due = terms.months(PolicyName.POST_ENTRY_REVIEW_MONTHS, day)
                yield _owed("post-entry-review", n, due, None)
                due = terms.months(PolicyName.EVALUATION_MONTHS, day)
                yield _owed("evaluation", n, due, _evaluated(told, day))
            case PhaseEntered(phase=Phase.EXECUTE):
                due = terms.months(PolicyName.EVALUATION_MONTHS, day)
                yield _owed("evaluation", n, due, _evaluated(told, day))
            case _ if _is_to_be_answered(event):
                due = terms.months(PolicyName.RESPONSE_MONTHS, day)
                yield _owed("response", n, due, _answer_to(told, n))
            case _:
                pass


def _owed(name: str, after: int, due_on: date, met_by: int | None) -> Obligation:
    return Obligation(obligation=name, after=after, due_on=due_on, met_by=met_by)


def _is_to_be_answered(event: AnyRecorded) -> bool:
    return event.fact.TOPIC in {
        "condition-stated",
        "recommendation-made",
        "verdict-given",
        "advice-given",
        "finding-issued",
    }


def _answer_to(told: Told, n: int) -> int | None:
    stream = told.events[n].event_id
    answers = [
        m
        for m, event in told.events.items()
        if isinstance(event.fact, ResponseGiven)
        and told.streams.of[m] == told.streams.answer_stream(stream)
    ]
    return min(answers, default=None)


def _in_stream(told: Told, start: AnyRecorded, kind: type[Any]) -> int | None:
    found = [
        m
        for m, event in told.events.items()
        if event.originator_id == start.originator_id and isinstance(event.fact, kind)
    ]
    return min(found, default=None)


def _evaluated(told: Told, since: date) -> int | None:
    """Entering the phase evaluate, or an evaluation, after that day."""
    for m, event in told.events.items():
        fact = event.fact
        entered = isinstance(fact, PhaseEntered) and fact.phase is Phase.EVALUATE
        if event.happened_on >= since and (entered or isinstance(fact, JourneyEvaluated)):
            return m
    return None
