"""Facts about one signal (signaal, melding): what each level said, and what was done with it."""

from datetime import date
from typing import ClassVar

from uitvoering.domain.acts import MustAsk
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal_outcome import (
    FeedbackGiven,
    FeedbackImpossible,
    IndividualReliefGiven,
    MeasureDecided,
    MeasureProposed,
    MeasureTookEffect,
    ResolutionClaimed,
    ResolutionDisputed,
    ResolutionVerified,
    SignalClosed,
    SignalDeclined,
    SignalReopened,
    SignalTakenUp,
    SignalWithdrawn,
)
from uitvoering.domain.values import (
    CalendarDate,
    Code,
    EvidenceReference,
    Id,
    Level,
    Name,
    ReasonCode,
    Reference,
    Regime,
    Statement,
    Text,
)


class HardshipSignalled(Fact):
    """Someone raised a matter: the origin, verbatim, never replaced."""

    TOPIC: ClassVar[str] = "hardship-signalled"
    statement: Statement
    body: Code
    """The organisation where the matter arose; its route decides who is next."""
    to: Level | None = None
    arrived_on: CalendarDate | None = None
    """When the addressee had it, if later than `happened_on`; terms run from here."""
    must_ask: tuple[MustAsk, ...] = ()
    theme: Name | None = None
    proposal: Id | None = None
    journey: Id | None = None


class ReceiptIssued(Fact):
    TOPIC: ClassVar[str] = "receipt-issued"
    of: Id
    """The event the receipt is for."""
    sha256: Reference
    """SHA-256 of that event's stored bytes, hexadecimal."""


class EvidenceAttached(Fact):
    TOPIC: ClassVar[str] = "evidence-attached"
    evidence: EvidenceReference


class RegimeRaised(Fact):
    TOPIC: ClassVar[str] = "regime-raised"
    to: Regime
    reason: Text | None = None


class SignalAcknowledged(Fact):
    TOPIC: ClassVar[str] = "signal-acknowledged"


class SignalHandedOn(Fact):
    """Passed on; the statement stands as this level puts it, often the words it was given."""

    TOPIC: ClassVar[str] = "signal-handed-on"
    to: Level | None = None
    """Null: the public source does not say to whom."""
    to_organisation: Code | None = None
    statement: Statement | None = None
    """As this level put it, be it in the words it was given; null: the source does not say."""
    arrived_on: CalendarDate | None = None
    previous: Id | None = None
    """The event whose statement this one follows, if another than the last; see SignalRestated."""


class SignalRestated(Fact):
    """A level put the matter in its own words for the next level."""

    TOPIC: ClassVar[str] = "signal-restated"
    to: Level | None = None
    to_organisation: Code | None = None
    statement: Statement
    reason_code: ReasonCode | None = None
    reason: Text | None = None
    arrived_on: CalendarDate | None = None
    previous: Id | None = None
    """The event whose statement this one restates, if another than the last; it may stand in
    another stream (a finding)."""


class SignalHeldBack(Fact):
    TOPIC: ClassVar[str] = "signal-held-back"
    reason: Text | None = None
    statement: Statement | None = None


class AcknowledgementLapsed(Fact):
    TOPIC: ClassVar[str] = "acknowledgement-lapsed"
    level: Level
    due_on: date


class HandOnLapsed(Fact):
    """The hand-on term ended without any act of this level."""

    TOPIC: ClassVar[str] = "hand-on-lapsed"
    level: Level
    due_on: date
    party: Level | None = None
    """The lateral or external party that had to be asked, where the lapse is about that."""
    of: Id
    """The event that started the term."""


class FeedbackLapsed(Fact):
    TOPIC: ClassVar[str] = "feedback-lapsed"
    due_on: date


class AdviceAsked(Fact):
    TOPIC: ClassVar[str] = "advice-asked"
    of: Level | None = None
    """Null: the public source does not say of whom."""
    statement: Statement | None = None


class AdviceGiven(Fact):
    TOPIC: ClassVar[str] = "advice-given"
    statement: Statement | None = None
    to: Level | None = None
    theme: Name | None = None
    answers: Id | None = None


class SignalCited(Fact):
    """A document (carrier) refers to the signal."""

    TOPIC: ClassVar[str] = "signal-cited"
    carrier: Reference
    statement: Statement | None = None
    to: Level | None = None
    previous: Id | None = None


class CitationDropped(Fact):
    """A later version or successor of a carrier no longer refers to the signal."""

    TOPIC: ClassVar[str] = "citation-dropped"
    carrier: Reference
    previous: Id | None = None
    """The event in which an earlier carrier still referred to it."""
    statement: Statement | None = None
    to: Level | None = None


class PassagesWithheld(Fact):
    TOPIC: ClassVar[str] = "passages-withheld"
    carrier: Reference
    ground: Text
    statement: Statement | None = None
    to: Level | None = None
    previous: Id | None = None


class SignalDisclosed(Fact):
    TOPIC: ClassVar[str] = "signal-disclosed"
    carrier: Reference
    to: Level | None = None
    statement: Statement | None = None
    previous: Id | None = None


class ContradictionFiled(Fact):
    """An objection that travels with the statement and cannot be detached."""

    TOPIC: ClassVar[str] = "contradiction-filed"
    against: Id
    """The event whose statement is contradicted."""
    statement: Statement
    theme: Name | None = None


class ContradictionAnswered(Fact):
    TOPIC: ClassVar[str] = "contradiction-answered"
    contradiction: Id
    answer: Text


class ContradictionWithdrawn(Fact):
    """Withdrawn, or answered to the filer's satisfaction, by the level that filed it."""

    TOPIC: ClassVar[str] = "contradiction-withdrawn"
    contradiction: Id
    reason: Text | None = None


class ReassessmentAccepted(Fact):
    """The reporter or a deliberation accepts a weaker statement as right."""

    TOPIC: ClassVar[str] = "reassessment-accepted"
    of: Id
    """The event whose statement is accepted."""


class SignalMerged(Fact):
    TOPIC: ClassVar[str] = "signal-merged"
    into: Id


class SignalSplit(Fact):
    TOPIC: ClassVar[str] = "signal-split"
    into: tuple[Id, ...]


SignalFact = (
    HardshipSignalled
    | ReceiptIssued
    | EvidenceAttached
    | RegimeRaised
    | SignalAcknowledged
    | SignalHandedOn
    | SignalRestated
    | SignalHeldBack
    | AcknowledgementLapsed
    | HandOnLapsed
    | FeedbackLapsed
    | AdviceAsked
    | AdviceGiven
    | SignalCited
    | CitationDropped
    | PassagesWithheld
    | SignalDisclosed
    | ContradictionFiled
    | ContradictionAnswered
    | ContradictionWithdrawn
    | ReassessmentAccepted
    | SignalMerged
    | SignalSplit
    | SignalTakenUp
    | SignalDeclined
    | IndividualReliefGiven
    | MeasureProposed
    | MeasureDecided
    | MeasureTookEffect
    | ResolutionClaimed
    | ResolutionVerified
    | ResolutionDisputed
    | SignalReopened
    | FeedbackGiven
    | FeedbackImpossible
    | SignalWithdrawn
    | SignalClosed
)
