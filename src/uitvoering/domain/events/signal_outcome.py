"""Facts about what became of a signal: taken up, decided, resolved, told and closed."""

from typing import ClassVar

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import EvidenceReference, Id, Level, Statement, Text


class SignalTakenUp(Fact):
    TOPIC: ClassVar[str] = "signal-taken-up"


class SignalDeclined(Fact):
    TOPIC: ClassVar[str] = "signal-declined"
    reason: Text


class IndividualReliefGiven(Fact):
    """The citizen was helped; the cause still stands (the case loop, not the rule loop)."""

    TOPIC: ClassVar[str] = "individual-relief-given"
    relief: Text | None = None


class MeasureProposed(Fact):
    TOPIC: ClassVar[str] = "measure-proposed"
    measure: Text
    statement: Statement | None = None


class MeasureDecided(Fact):
    TOPIC: ClassVar[str] = "measure-decided"
    measure: Text
    statement: Statement | None = None
    to: Level | None = None


class MeasureTookEffect(Fact):
    TOPIC: ClassVar[str] = "measure-took-effect"
    measure: Text
    statement: Statement | None = None
    answers: Id | None = None


class ResolutionClaimed(Fact):
    TOPIC: ClassVar[str] = "resolution-claimed"
    evidence: tuple[EvidenceReference, ...]
    statement: Statement | None = None


class ResolutionVerified(Fact):
    TOPIC: ClassVar[str] = "resolution-verified"
    claim: Id


class ResolutionDisputed(Fact):
    TOPIC: ClassVar[str] = "resolution-disputed"
    claim: Id
    reason: Text


class SignalReopened(Fact):
    TOPIC: ClassVar[str] = "signal-reopened"
    reason: Text


class FeedbackGiven(Fact):
    """The reporter or client was told what became of it."""

    TOPIC: ClassVar[str] = "feedback-given"
    message: Text


class FeedbackImpossible(Fact):
    """Telling the reporter is not possible, and why: closing needs this or FeedbackGiven."""

    TOPIC: ClassVar[str] = "feedback-impossible"
    reason: Text


class SignalWithdrawn(Fact):
    TOPIC: ClassVar[str] = "signal-withdrawn"
    reason: Text | None = None


class SignalClosed(Fact):
    TOPIC: ClassVar[str] = "signal-closed"
    reason: Text | None = None
