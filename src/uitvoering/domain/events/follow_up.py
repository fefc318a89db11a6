"""Facts about the answer to one condition, recommendation, advice, finding or signal."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import (
    Code,
    EvidenceReference,
    Id,
    Level,
    Name,
    Reference,
    Statement,
    Text,
)


class Matter(StrEnum):
    """What is to be answered."""

    CONDITION = "condition"
    RECOMMENDATION = "recommendation"
    VERDICT = "verdict"
    ADVICE = "advice"
    FINDING = "finding"
    SIGNAL = "signal"
    RESPONSE = "response"


class Outcome(StrEnum):
    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not-adopted"
    DEFERRED = "deferred"
    NO_RESPONSE = "no-response"


class ResponseFellDue(Fact):
    """An answer is owed from here; nothing is blocked by it."""

    TOPIC: ClassVar[str] = "response-fell-due"
    matter: Matter
    of: Id
    """The event to be answered."""
    of_stream: Id
    code: Code | None = None
    """The condition or recommendation, such as `c1`."""
    proposal: Id | None = None
    theme: Name | None = None
    statement: Statement | None = None
    due_on: date


class ResponseGiven(Fact):
    TOPIC: ClassVar[str] = "response-given"
    outcome: Outcome | None
    """Null: the answer, as the source gives it, does not say."""
    reason: Text | None = None
    statement: Statement | None = None
    to: Level | None = None
    due_on: date | None = None
    """With `no-response`: the day on which the answer was due."""


class AccountedIn(Fact):
    TOPIC: ClassVar[str] = "accounted-in"
    carrier: Reference
    locator: Reference


class ConditionMet(Fact):
    TOPIC: ClassVar[str] = "condition-met"
    evidence: tuple[EvidenceReference, ...]


class ConditionLapsed(Fact):
    TOPIC: ClassVar[str] = "condition-lapsed"
    reason: Text


class EntryWithoutConditionMet(Fact):
    TOPIC: ClassVar[str] = "entry-without-condition-met"
    entry: Id
    """The EnteredIntoForce event."""
    entered_on: date


FollowUpFact = (
    ResponseFellDue
    | ResponseGiven
    | AccountedIn
    | ConditionMet
    | ConditionLapsed
    | EntryWithoutConditionMet
)
