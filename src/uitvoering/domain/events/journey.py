"""Facts about a policy journey (beleidsjourney): phases entered, left, skipped, revisited."""

from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import Code, Id, Name, Reference, Statement, Text


class Phase(StrEnum):
    """Verkennen, ontwikkelen, uitvoeren, evalueren; entered in any order."""

    EXPLORE = "explore"
    DEVELOP = "develop"
    EXECUTE = "execute"
    EVALUATE = "evaluate"


class ChallengeKind(StrEnum):
    WISHFUL_ASSUMPTION = "wishful-assumption"
    LATE_INVOLVEMENT = "late-involvement"
    COHERENCE = "coherence"
    CAPACITY = "capacity"
    DATA = "data"
    OTHER = "other"


class JourneyStarted(Fact):
    TOPIC: ClassVar[str] = "journey-started"
    title: Name
    proposal: Id | None = None


class PhaseEntered(Fact):
    TOPIC: ClassVar[str] = "phase-entered"
    phase: Phase
    statement: Statement | None = None


class PhaseLeft(Fact):
    TOPIC: ClassVar[str] = "phase-left"
    phase: Phase


class PhaseSkipped(Fact):
    TOPIC: ClassVar[str] = "phase-skipped"
    phase: Phase
    reason: Text


class PhaseRevisited(Fact):
    TOPIC: ClassVar[str] = "phase-revisited"
    phase: Phase
    reason: Text


class UserStoryAdded(Fact):
    TOPIC: ClassVar[str] = "user-story-added"
    story: Code
    phase: Phase
    text: Text
    basis: Literal["consent", "synthetic"]
    """`consent`: the person agreed; `synthetic`: made up from several, about nobody."""


class OpportunityFound(Fact):
    TOPIC: ClassVar[str] = "opportunity-found"
    finding: Code
    phase: Phase
    text: Text


class ChallengeFound(Fact):
    TOPIC: ClassVar[str] = "challenge-found"
    finding: Code
    phase: Phase
    kind: ChallengeKind
    text: Text


class RecommendationGiven(Fact):
    TOPIC: ClassVar[str] = "recommendation-given"
    recommendation: Code
    phase: Phase
    text: Text
    finding: Code | None = None


class InstrumentLinked(Fact):
    TOPIC: ClassVar[str] = "instrument-linked"
    recommendation: Code
    instrument: Name


class ColleagueLinked(Fact):
    """A role that can help; never a name."""

    TOPIC: ClassVar[str] = "colleague-linked"
    recommendation: Code
    role: Name


class TestAttached(Fact):
    __test__ = False

    TOPIC: ClassVar[str] = "test-attached"
    test: Id


class SignalAttached(Fact):
    TOPIC: ClassVar[str] = "signal-attached"
    signal: Id


class PrototypeMade(Fact):
    TOPIC: ClassVar[str] = "prototype-made"
    prototype: Code
    text: Text


class TrialRun(Fact):
    TOPIC: ClassVar[str] = "trial-run"
    trial: Code
    outcome: Text
    area: Name | None = None
    """Where it was tried: what works here may not work there."""
    lesson: Text | None = None
    side_effects: Text | None = None


class EvaluationFellDue(Fact):
    TOPIC: ClassVar[str] = "evaluation-fell-due"
    due_on: date
    since: Literal["phase", "entry"]
    """`phase`: the journey entered `execute`; `entry`: its proposal entered into force."""
    started_on: date
    """The day the term runs from; an evaluation of an earlier day does not meet it."""


class EvaluationLapsed(Fact):
    TOPIC: ClassVar[str] = "evaluation-lapsed"
    due_on: date


class JourneyEvaluated(Fact):
    TOPIC: ClassVar[str] = "journey-evaluated"
    findings: Text
    locator: Reference | None = None


class JourneyClosed(Fact):
    TOPIC: ClassVar[str] = "journey-closed"
    reason: Text | None = None
    """Required while an evaluation is due."""


JourneyFact = (
    JourneyStarted
    | PhaseEntered
    | PhaseLeft
    | PhaseSkipped
    | PhaseRevisited
    | UserStoryAdded
    | OpportunityFound
    | ChallengeFound
    | RecommendationGiven
    | InstrumentLinked
    | ColleagueLinked
    | TestAttached
    | SignalAttached
    | PrototypeMade
    | TrialRun
    | EvaluationFellDue
    | EvaluationLapsed
    | JourneyEvaluated
    | JourneyClosed
)
