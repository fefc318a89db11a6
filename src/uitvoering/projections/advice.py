"""What was advised, recommended, required or found, by whom and on what theme?"""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.implementation_test import ConditionStated, RecommendationMade
from uitvoering.domain.events.signal import AdviceGiven, HardshipSignalled, RegimeRaised
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Regime, Statement, Value
from uitvoering.projections.documents import Document, Documents


class AdviceKind(StrEnum):
    """By which kind of fact the advice was given."""

    RECOMMENDATION = "recommendation"
    ADVICE = "advice"
    CONDITION = "condition"
    FINDING = "finding"


class GivenAdvice(Value):
    """One piece of advice."""

    event: str
    kind: AdviceKind
    theme: str | None
    statement: Statement | None
    given_on: date
    level: Level
    organisation: str


class AdviceDocument(Document):
    """The advice in one stream, under the highest regime that stream has had."""

    VIEW: ClassVar[str] = "advice"

    regime: Regime
    advice: tuple[GivenAdvice, ...] = ()


_KINDS = {
    RecommendationMade: AdviceKind.RECOMMENDATION,
    AdviceGiven: AdviceKind.ADVICE,
    ConditionStated: AdviceKind.CONDITION,
    FindingIssued: AdviceKind.FINDING,
}


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Let a raised regime also cover what was advised before it was raised."""
    fact = event.fact
    if not isinstance(
        fact,
        RecommendationMade
        | AdviceGiven
        | ConditionStated
        | FindingIssued
        | HardshipSignalled
        | RegimeRaised,
    ):
        return
    known = documents.get(AdviceDocument, event.originator_id)
    regimes = [event.regime, *([known.regime] if known else [])]
    advice = known.advice if known else ()
    match fact:
        case RegimeRaised():
            regimes.append(fact.to)
        case HardshipSignalled():
            if event.regime in (Regime.OPEN, Regime.INTERNAL):
                return
        case _:
            given = GivenAdvice(
                event=event.event_id,
                kind=_KINDS[type(fact)],
                theme=fact.theme,
                statement=fact.statement,
                given_on=event.happened_on,
                level=event.level,
                organisation=event.organisation,
            )
            advice = (*advice, given)
    highest = max(regimes, key=list(Regime).index)
    documents.put(event.originator_id, AdviceDocument(regime=highest, advice=advice))
