"""What follows from a fact in the same transaction: receipts, owed answers, entry checks."""

import hashlib
from datetime import date, datetime
from typing import Any, NamedTuple

from uitvoering.application.context import Context
from uitvoering.application.identity import derived_event_id, derived_id, envelope_of, fold, stamp
from uitvoering.domain import follow_up, proposal
from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.follow_up import Matter, ResponseFellDue
from uitvoering.domain.events.implementation_test import (
    ConditionStated,
    RecommendationMade,
    TestRequested,
    VerdictGiven,
)
from uitvoering.domain.events.proposal import EnteredIntoForce, RetestFellDue
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import AdviceGiven, HardshipSignalled, ReceiptIssued
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Role, Statement
from uitvoering.persistence.store import Store


class Owed(NamedTuple):
    """An answer that a fact makes due."""

    matter: Matter
    code: str | None
    theme: str | None
    statement: Statement | None


def consequences(
    events: list[AnyRecorded], store: Store, context: Context, at: datetime
) -> list[AnyRecorded]:
    """Events to be stored together with these; empty for facts nothing follows from."""
    further: list[AnyRecorded] = []
    for event in events:
        match event.fact:
            case HardshipSignalled():
                further += _receipt(event, events[-1].originator_version, store, at)
            case ConditionStated() | RecommendationMade() | VerdictGiven() | AdviceGiven():
                further += _owed_answer(event, _owed(event.fact), store, context, at)
            case FindingIssued():
                further += _owed_answer(event, _owed(event.fact), store, context, at)
            case EnteredIntoForce():
                further += entry_checks(event, store, context, at)
            case _:
                pass
    return further


def _receipt(event: AnyRecorded, version: int, store: Store, at: datetime) -> list[AnyRecorded]:
    digest = hashlib.sha256(store.encoded(event).state).hexdigest()
    fact = ReceiptIssued(of=event.event_id, sha256=digest)
    first = derived_event_id(at, event.event_id, fact.TOPIC)
    return stamp((fact,), envelope_of(event), event.originator_id, version, at, first)


def _owed(fact: Any) -> Owed:
    match fact:
        case ConditionStated():
            return Owed(Matter.CONDITION, fact.condition, fact.theme, fact.statement)
        case RecommendationMade():
            return Owed(Matter.RECOMMENDATION, fact.recommendation, fact.theme, fact.statement)
        case VerdictGiven():
            return Owed(Matter.VERDICT, None, None, fact.statement)
        case AdviceGiven():
            return Owed(Matter.ADVICE, None, fact.theme, fact.statement)
        case _:
            return Owed(Matter.FINDING, None, fact.theme, fact.statement)


def owed_answer_id(event_id: str) -> str:
    """The follow-up stream of the fact that has to be answered."""
    return derived_id("follow-ups", event_id)


def _owed_answer(
    event: AnyRecorded, owed: Owed, store: Store, context: Context, at: datetime
) -> list[AnyRecorded]:
    fact = ResponseFellDue(
        matter=owed.matter,
        of=event.event_id,
        of_stream=event.originator_id,
        code=owed.code,
        theme=owed.theme,
        statement=owed.statement,
        proposal=_proposal_of(event, store),
        due_on=context.terms.months(PolicyName.RESPONSE_MONTHS, event.happened_on),
    )
    act = envelope_of(event, actor_role=Role.CLOCK, causation_id=event.event_id)
    first = derived_event_id(at, event.event_id, fact.TOPIC)
    return stamp((fact,), act, owed_answer_id(event.event_id), 0, at, first)


def _proposal_of(event: AnyRecorded, store: Store) -> str | None:
    first = store.facts(event.originator_id, until=1)
    start = first[0].fact if first else None
    return start.proposal if isinstance(start, (TestRequested, HardshipSignalled)) else None


def entry_checks(
    entry: AnyRecorded, store: Store, context: Context, at: datetime
) -> list[AnyRecorded]:
    """Every open condition of the bill, and every retest that never came; nothing is blocked."""
    further: list[AnyRecorded] = []
    act = envelope_of(entry, actor_role=Role.CLOCK, causation_id=entry.event_id)
    for stream, document in context.follow_ups:
        if document.proposal != entry.originator_id or document.matter is not Matter.CONDITION:
            continue
        past = store.facts(stream)
        state = fold(follow_up.evolve, past)
        facts: tuple[Fact, ...] = state.entry_check(entry.event_id, entry.happened_on)
        first = derived_event_id(at, entry.event_id, stream)
        further += stamp(facts, act, stream, past[-1].originator_version, at, first)
    past = [*store.facts(entry.originator_id)]
    if not past or past[-1].originator_version < entry.originator_version:
        past.append(entry)
    due = {row.fact.version: row.happened_on for row in past if isinstance(row.fact, RetestFellDue)}
    retested = frozenset(
        test.proposal_version
        for test in context.tests_of(entry.originator_id)
        # A test from before the amendment tested another text under the same name.
        if due.get(test.proposal_version, date.max) <= test.requested_on <= entry.happened_on
    )
    lapses = fold(proposal.evolve, past).retest_lapses(retested)
    retests = derived_event_id(at, entry.event_id, "retests")
    return [
        *further,
        *stamp(lapses, act, entry.originator_id, past[-1].originator_version, at, retests),
    ]
