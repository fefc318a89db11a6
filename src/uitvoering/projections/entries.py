"""What does each fact about a signal say, in one shape? One match over every kind of fact."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from uitvoering.domain.acts import Reply
from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.fact import Recorded
from uitvoering.domain.events.signal import (
    AcknowledgementLapsed,
    AdviceAsked,
    AdviceGiven,
    CitationDropped,
    ContradictionAnswered,
    ContradictionFiled,
    ContradictionWithdrawn,
    EvidenceAttached,
    FeedbackLapsed,
    HandOnLapsed,
    HardshipSignalled,
    PassagesWithheld,
    ReassessmentAccepted,
    ReceiptIssued,
    RegimeRaised,
    SignalAcknowledged,
    SignalCited,
    SignalDisclosed,
    SignalFact,
    SignalHandedOn,
    SignalHeldBack,
    SignalMerged,
    SignalRestated,
    SignalSplit,
)
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
from uitvoering.domain.values import Evidence, Level, ReasonCode, Role, Statement

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Entry:
    """One fact about the matter: who, when on both clocks, and what it says."""

    event_id: str
    topic: str
    stream: str
    """Another than the signal's own for a finding about it."""
    version: int
    """In its own stream; no place in the trail, which late registrations change."""
    level: Level
    """Who acted; of a lapse: who did not."""
    organisation: str
    role: Role
    happened_on: date
    happened_from: date | None
    recorded_at: datetime
    reply: Reply | None
    to: Level | None = None
    to_organisation: str | None = None
    arrived_on: date | None = None
    statement: Statement | None = None
    """Null: not known how it was put, or erased since."""
    words: str | None = None
    """What was written beside a statement: the measure, the answer, the message."""
    reason_code: ReasonCode | None = None
    reason: str | None = None
    """The reason, or the ground for withholding."""
    carrier: str | None = None
    previous: str | None = None
    """The event whose statement this one follows, where it names one."""
    of: str | None = None
    """The event this fact is about: contradicted, answered, accepted, claimed or lapsed."""
    due_on: date | None = None
    party: Level | None = None
    """The party that had to be asked, where a lapse is about that."""
    evidence: tuple[Evidence, ...] = ()
    """Attached apart from a statement."""

    @property
    def reached_on(self) -> date:
        """The day the addressee had it."""
        return self.arrived_on or self.happened_on

    @property
    def recorded_on(self) -> date:
        """The day it was recorded, as the calendar on the wall said."""
        return self.recorded_at.astimezone(_AMSTERDAM).date()


def entry_of(event: Recorded[Any]) -> Entry:
    """Read a recorded fact about a signal."""
    said: dict[str, Any] = {"level": event.level, **_contents(event.fact)}
    return Entry(
        event_id=event.event_id,
        topic=event.fact.TOPIC,
        stream=event.originator_id,
        version=event.originator_version,
        organisation=event.organisation,
        role=event.actor_role,
        happened_on=event.happened_on,
        happened_from=event.happened_from,
        recorded_at=event.timestamp,
        reply=event.reply,
        **said,
    )


def _contents(fact: SignalFact | FindingIssued) -> dict[str, Any]:
    """Take over what the fact says; a lapse names its own level and term."""
    match fact:
        case HardshipSignalled():
            return {"statement": fact.statement, "to": fact.to, "arrived_on": fact.arrived_on}
        case SignalHandedOn():
            return {
                "statement": fact.statement,
                "to": fact.to,
                "to_organisation": fact.to_organisation,
                "arrived_on": fact.arrived_on,
                "previous": fact.previous,
            }
        case SignalRestated():
            return {
                "statement": fact.statement,
                "to": fact.to,
                "to_organisation": fact.to_organisation,
                "arrived_on": fact.arrived_on,
                "previous": fact.previous,
                "reason_code": fact.reason_code,
                "reason": fact.reason,
            }
        case SignalHeldBack():
            return {"statement": fact.statement, "reason": fact.reason}
        case AcknowledgementLapsed():
            return {"level": fact.level, "due_on": fact.due_on}
        case HandOnLapsed():
            return {
                "level": fact.level,
                "due_on": fact.due_on,
                "party": fact.party,
                "of": fact.of,
            }
        case FeedbackLapsed():
            return {"due_on": fact.due_on}
        case AdviceAsked():
            return {"statement": fact.statement, "to": fact.of}
        case AdviceGiven():
            return {"statement": fact.statement, "to": fact.to, "of": fact.answers}
        case SignalCited() | CitationDropped() | SignalDisclosed():
            return {
                "statement": fact.statement,
                "to": fact.to,
                "carrier": fact.carrier,
                "previous": fact.previous,
            }
        case PassagesWithheld():
            return {
                "statement": fact.statement,
                "to": fact.to,
                "carrier": fact.carrier,
                "previous": fact.previous,
                "reason": fact.ground,
            }
        case ContradictionFiled():
            return {"statement": fact.statement, "of": fact.against}
        case ContradictionAnswered():
            return {"words": fact.answer, "of": fact.contradiction}
        case ContradictionWithdrawn():
            return {"reason": fact.reason, "of": fact.contradiction}
        case ReassessmentAccepted() | ReceiptIssued():
            return {"of": fact.of}
        case ResolutionVerified():
            return {"of": fact.claim}
        case ResolutionDisputed():
            return {"of": fact.claim, "reason": fact.reason}
        case ResolutionClaimed():
            return {"statement": fact.statement, "evidence": fact.evidence}
        case EvidenceAttached():
            return {"evidence": (fact.evidence,)}
        case MeasureProposed():
            return {"words": fact.measure, "statement": fact.statement}
        case MeasureDecided():
            return {"words": fact.measure, "statement": fact.statement, "to": fact.to}
        case MeasureTookEffect():
            return {"words": fact.measure, "statement": fact.statement, "of": fact.answers}
        case IndividualReliefGiven():
            return {"words": fact.relief}
        case FeedbackGiven():
            return {"words": fact.message}
        case FindingIssued():
            return {"statement": fact.statement, "to": fact.to, "previous": fact.previous}
        case RegimeRaised() | SignalDeclined() | SignalReopened() | FeedbackImpossible():
            return {"reason": fact.reason}
        case SignalWithdrawn() | SignalClosed():
            return {"reason": fact.reason}
        case SignalAcknowledged() | SignalTakenUp() | SignalMerged() | SignalSplit():
            return {}
        case _:
            assert_never(fact)
