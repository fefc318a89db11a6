"""Which terms ran out in a case: as the clocks recorded it, or as a document tells?"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from uitvoering.application.context import Context
from uitvoering.cases.case import CaseFact
from uitvoering.cases.loading import known_until
from uitvoering.cases.obligations import Obligation, evaluations, parties_to_ask
from uitvoering.cases.telling import moment_on
from uitvoering.cases.told import Told
from uitvoering.domain.events.journey import EvaluationLapsed
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import HandOnLapsed
from uitvoering.domain.values import Level, Value


class LapseSeen(Value):
    topic: str
    of: int | None
    """The fact that started the term."""
    level: Level
    """Who had to act."""
    due_on: date


def lapses(told: Told, everything: Told, context: Context) -> Iterator[LapseSeen]:
    """Each term once per level, and once per party that had to be asked.

    What came too late to be known at the moment asked for still ended a term: a lapse is judged on
    `everything`, and shown from its due day and from the day its origin was recorded.
    """
    found = [
        *_clocked(told),
        *_run_out(everything, evaluations(everything, context), EvaluationLapsed.TOPIC),
        *_run_out(everything, parties_to_ask(everything, context), HandOnLapsed.TOPIC),
    ]
    shown = [row for row in found if _is_known(row, told)]
    told_of = [row for fact in told.facts for row in _told(fact, everything, context)]
    news = [row for row in dict.fromkeys(told_of) if row not in shown]
    yield from sorted([*shown, *news], key=lambda row: (row.due_on, row.topic, row.of or 0))


def _clocked(told: Told) -> Iterator[LapseSeen]:
    for event in told.clocked:
        fact: Any = event.fact
        of = told.number(getattr(fact, "of", None)) or _origin(told, event.originator_id)
        level = getattr(fact, "level", event.level)
        yield LapseSeen(topic=fact.TOPIC, of=of, level=level, due_on=fact.due_on)


def _origin(told: Told, stream: str) -> int | None:
    """The first told fact of the stream: what a term without a named start runs from."""
    return min((n for n, other in told.streams.of.items() if other == stream), default=None)


def _run_out(told: Told, owed: Iterable[Obligation], topic: str) -> Iterator[LapseSeen]:
    until = known_until(told.case)
    for row in owed:
        met = None if row.met_by is None else told.case.fact(row.met_by).counts_from
        if until > row.due_on and (met is None or met > row.due_on):
            level = told.level(told.case.fact(row.after).by)
            yield LapseSeen(topic=topic, of=row.after, level=level, due_on=row.due_on)


def _is_known(row: LapseSeen, told: Told) -> bool:
    """On the recorded clock the later of the due day and the day the origin was recorded."""
    moment = told.moment
    if moment.happened_as_of is not None and row.due_on > moment.happened_as_of:
        return False
    if moment.recorded_as_of is not None and moment_on(row.due_on) > moment.recorded_as_of:
        return False
    return row.of in told.events


def _told(fact: CaseFact, everything: Told, context: Context) -> Iterator[LapseSeen]:
    """On the day the document gives, and on the day the term gives where that is another."""
    level = everything.level(fact.by)
    match fact.kind:
        case "hand-on-lapsed":
            of = everything.streams.referred(fact) or _started_hand_on(fact, everything)
            due = None if of is None else everything.case.fact(of).starts_terms_on
            policy = PolicyName.HAND_ON_WORKING_DAYS
            days = {fact.counts_from, *([context.terms.working_days(policy, due)] if due else [])}
            topic = HandOnLapsed.TOPIC
        case "evaluation-lapsed":
            starts = list(evaluations(everything, context))
            of = everything.streams.referred(fact) or _started_evaluation(fact, starts, everything)
            days = {fact.counts_from, *(row.due_on for row in starts if row.after == of)}
            topic = EvaluationLapsed.TOPIC
        case _:
            return
    for day in sorted(days):
        yield LapseSeen(topic=topic, of=of, level=level, due_on=day)


def _started_hand_on(fact: CaseFact, told: Told) -> int | None:
    """What last arrived at the level before, else the origin."""
    mine = told.streams.of[fact.n]
    before = [
        other
        for other in told.facts
        if told.streams.of[other.n] == mine
        and other.kind in {"signalled", "handed-on", "restated"}
        and other.counts_from <= fact.counts_from
    ]
    arrived = [other for other in before if other.to == fact.by]
    return (arrived or before)[-1].n if before else None


def _started_evaluation(fact: CaseFact, starts: list[Obligation], told: Told) -> int | None:
    """The start whose term ended on that day, else the last one before."""
    ended = [row.after for row in starts if row.due_on == fact.counts_from]
    before = [
        row.after for row in starts if told.case.fact(row.after).counts_from <= fact.counts_from
    ]
    return next(iter([*ended, *before[-1:]]), None)
