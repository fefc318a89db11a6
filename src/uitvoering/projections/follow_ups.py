"""What became of one condition, recommendation, advice or finding?"""

from datetime import date
from typing import ClassVar, assert_never

from uitvoering.domain.events.follow_up import (
    AccountedIn,
    ConditionLapsed,
    ConditionMet,
    EntryWithoutConditionMet,
    FollowUpFact,
    Matter,
    Outcome,
    ResponseFellDue,
    ResponseGiven,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Evidence, Level, Regime, Statement, Value
from uitvoering.projections.advice import AdviceDocument
from uitvoering.projections.documents import Document, Documents
from uitvoering.projections.implementation_tests import TestDocument


class Answer(Value):
    """One answer; a later one becomes current, the earlier ones stay."""

    event: str
    outcome: Outcome | None
    """Null: the answer, as the source gives it, does not say."""
    reason: str | None
    statement: Statement | None
    to: Level | None
    answered_on: date
    level: Level
    organisation: str


class Account(Value):
    """Where the answer was accounted for."""

    carrier: str
    locator: str
    accounted_on: date


class EntryWithoutMet(Value):
    """The law entered into force with this condition open."""

    entry: str
    entered_on: date


class FollowUpDocument(Document):
    """One matter until it is met or lapses."""

    VIEW: ClassVar[str] = "follow-ups"

    matter: Matter
    of: str
    """The event to be answered."""
    of_stream: str
    code: str | None
    proposal: str | None
    theme: str | None
    statement: Statement | None
    due_on: date
    since: date
    """When the answer became due."""
    organisation: str
    level: Level
    body: str
    """The organisation whose condition, advice or finding it is."""
    regime: Regime
    answers: tuple[Answer, ...] = ()
    """In the order in which they were recorded; the last is current."""
    accounts: tuple[Account, ...] = ()
    met_on: date | None = None
    evidence: tuple[Evidence, ...] = ()
    lapsed_on: date | None = None
    lapse_reason: str | None = None
    entries_without_met: tuple[EntryWithoutMet, ...] = ()

    @property
    def outcome(self) -> Outcome | None:
        """Of the answer that stands; the clock's `no-response` yields to a later answer."""
        current = self.answer_by(date.max)
        return current.outcome if current else None

    @property
    def answered_on(self) -> date | None:
        current = self.answer_by(date.max)
        return current.answered_on if current else None

    def answer_by(self, day: date) -> Answer | None:
        """Give the latest answer on or before the day; of one day, the last recorded."""
        given = [a for a in self.answers if a.answered_on <= day]
        return max(reversed(given), key=lambda a: a.answered_on) if given else None


def fold(event: AnyRecorded, documents: Documents) -> None:
    """After `advice` and `implementation_tests`, from which it reads whose matter it is."""
    fact = event.fact
    if not isinstance(fact, FollowUpFact):
        return
    before = documents.get(FollowUpDocument, event.originator_id)
    if isinstance(fact, ResponseFellDue):
        if before is None:
            documents.put(event.originator_id, _opened(event, fact, documents))
    elif before is not None:
        changes = _changes(event, fact, before)
        documents.put(event.originator_id, before.model_copy(update=changes))


def _opened(event: AnyRecorded, fact: ResponseFellDue, documents: Documents) -> FollowUpDocument:
    return FollowUpDocument(
        matter=fact.matter,
        of=fact.of,
        of_stream=fact.of_stream,
        code=fact.code,
        proposal=fact.proposal,
        theme=fact.theme,
        statement=fact.statement,
        due_on=fact.due_on,
        since=event.happened_on,
        organisation=event.organisation,
        level=event.level,
        body=_body(fact, documents) or event.organisation,
        regime=event.regime,
    )


def _body(fact: ResponseFellDue, documents: Documents) -> str | None:
    advised = documents.get(AdviceDocument, fact.of_stream)
    for given in advised.advice if advised else ():
        if given.event == fact.of:
            return given.organisation
    test = documents.get(TestDocument, fact.of_stream)
    return test.tester if test else None


def _changes(event: AnyRecorded, fact: FollowUpFact, before: FollowUpDocument) -> dict[str, object]:
    on = event.happened_on
    match fact:
        case ResponseFellDue():
            return {}
        case ResponseGiven():
            return {"answers": (*before.answers, _answer(event, fact))}
        case AccountedIn():
            account = Account(carrier=fact.carrier, locator=fact.locator, accounted_on=on)
            return {"accounts": (*before.accounts, account)}
        case ConditionMet():
            return {"met_on": on, "evidence": fact.evidence}
        case ConditionLapsed():
            return {"lapsed_on": on, "lapse_reason": fact.reason}
        case EntryWithoutConditionMet():
            entry = EntryWithoutMet(entry=fact.entry, entered_on=fact.entered_on)
            return {"entries_without_met": (*before.entries_without_met, entry)}
        case _:
            assert_never(fact)


def _answer(event: AnyRecorded, fact: ResponseGiven) -> Answer:
    return Answer(
        event=event.event_id,
        outcome=fact.outcome,
        reason=fact.reason,
        statement=fact.statement,
        to=fact.to,
        answered_on=event.happened_on,
        level=event.level,
        organisation=event.organisation,
    )
