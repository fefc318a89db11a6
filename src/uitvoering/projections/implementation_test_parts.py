"""The parts of what is known of a test: aspects, conditions, carriers, rewrites, publications."""

from datetime import date
from enum import StrEnum

from uitvoering.domain.events.implementation_test import (
    AspectAssessed,
    CarrierStage,
    ConditionStated,
    CostItem,
    CostRecurrence,
    Impact,
    PassageRewritten,
    RecommendationMade,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Statement, Value


class TestState(StrEnum):
    """How far a test has come; computed, never stored as a fact."""

    __test__ = False

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASSESSING = "assessing"
    VERDICT_GIVEN = "verdict-given"
    CONCLUDED = "concluded"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class AssessedAspect(Value):
    """One side of feasibility as last assessed."""

    aspect: str
    impact: Impact
    statement: Statement | None
    reason: str | None
    assessed_on: date


class Stated(Value):
    """A condition or recommendation as the tester put it."""

    event: str
    code: str
    statement: Statement | None
    theme: str | None
    stated_on: date
    level: Level
    organisation: str


class Cost(Value):
    """An estimate in whole euros."""

    eur: int
    recurrence: CostRecurrence
    item: CostItem


class Staffing(Value):
    """An estimate in tenths of a full-time equivalent."""

    fte_tenths: int
    recurrence: CostRecurrence


class Comment(Value):
    """What the requester remarked; a comment changes no text."""

    comment: str
    by: Level
    received_on: date


class Carried(Value):
    """The test as one document puts it on the way from draft to parliament."""

    event: str
    stage: CarrierStage
    carrier: str | None
    statement: Statement
    stated_on: date
    level: Level
    organisation: str


class Rewrite(Value):
    """A passage before and after, and at whose asking it changed."""

    event: str
    before: Statement
    after: Statement
    asked_by: Level
    asked_by_organisation: str | None
    reason: str
    carrier: str | None
    rewritten_on: date


class Publication(Value):
    """Where the test was made public, and when."""

    carrier: str
    published_on: date


def assessed_in(event: AnyRecorded, fact: AspectAssessed) -> AssessedAspect:
    return AssessedAspect(
        aspect=fact.aspect,
        impact=fact.impact,
        statement=fact.statement,
        reason=fact.reason,
        assessed_on=event.happened_on,
    )


def stated_in(event: AnyRecorded, fact: ConditionStated | RecommendationMade, code: str) -> Stated:
    return Stated(
        event=event.event_id,
        code=code,
        statement=fact.statement,
        theme=fact.theme,
        stated_on=event.happened_on,
        level=event.level,
        organisation=event.organisation,
    )


def carried_in(
    event: AnyRecorded, stage: CarrierStage, carrier: str | None, statement: Statement
) -> Carried:
    return Carried(
        event=event.event_id,
        stage=stage,
        carrier=carrier,
        statement=statement,
        stated_on=event.happened_on,
        level=event.level,
        organisation=event.organisation,
    )


def rewrite_in(event: AnyRecorded, fact: PassageRewritten) -> Rewrite:
    return Rewrite(
        event=event.event_id,
        before=fact.before,
        after=fact.after,
        asked_by=fact.asked_by,
        asked_by_organisation=fact.asked_by_organisation,
        reason=fact.reason,
        carrier=fact.carrier,
        rewritten_on=event.happened_on,
    )
