"""Where does a signal stand: how far did it get, and what stands beside that?

Acknowledged, taken up, decided, in effect, claimed and verified are six facts, never one status
(DOMAIN 2, principle 2): what stands beside the progress does not undo it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

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


class SignalState(StrEnum):
    """First the progress in order, then what may stand beside it (DOMAIN 7.1)."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    TAKEN_UP = "taken-up"
    DECIDED = "decided"
    IN_EFFECT = "in-effect"
    RESOLUTION_CLAIMED = "resolution-claimed"
    VERIFIED = "verified"
    CLOSED = "closed"
    HELD_BACK = "held-back"
    LAPSED = "lapsed"
    DECLINED = "declined"
    MERGED = "merged"
    DISPUTED = "disputed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


_ORDER = list(SignalState)
_ENDED = frozenset({SignalState.MERGED, SignalState.WITHDRAWN})
_STOPPED = frozenset({SignalState.HELD_BACK, SignalState.LAPSED, SignalState.DECLINED})


@dataclass(frozen=True, slots=True)
class Standing:
    """`reached` only grows: an acknowledgement after a measure takes nothing back."""

    reached: SignalState = SignalState.REPORTED
    """From reported up to in-effect."""
    resolution: SignalState | None = None
    """Resolution-claimed, verified or closed; gone again when disputed or reopened."""
    beside: SignalState | None = None

    @property
    def progress(self) -> SignalState:
        return self.resolution or self.reached

    @property
    def state(self) -> SignalState:
        """The headline: what stands beside the progress, if anything, else the progress."""
        return self.beside or self.progress

    def _forward(self, to: SignalState) -> "Standing":
        return replace(self, reached=max(self.reached, to, key=_ORDER.index), beside=None)

    def _moving(self) -> "Standing":
        """Someone passed it on: it is no longer stuck."""
        return replace(self, beside=None) if self.beside in _STOPPED else self

    def _in_time_again(self) -> "Standing":
        return replace(self, beside=None) if self.beside is SignalState.LAPSED else self

    def _stopped(self, at: SignalState) -> "Standing":
        return replace(self, beside=at)

    def _lapsed(self) -> "Standing":
        # A lapse does not hide an act somebody answers for.
        return self if self.beside is not None else replace(self, beside=SignalState.LAPSED)

    def after(self, fact: SignalFact) -> "Standing":
        """Follow facts in any order of days: an act dated after an ending does not undo it."""
        then = self._after(fact)
        if self.resolution is SignalState.CLOSED and not isinstance(fact, SignalReopened):
            return replace(then, resolution=self.resolution, beside=self.beside)
        return replace(then, beside=self.beside) if self.beside in _ENDED else then

    def _after(self, fact: SignalFact) -> "Standing":
        match fact:
            case HardshipSignalled():
                return Standing()
            case SignalAcknowledged():
                ahead = self._forward(SignalState.ACKNOWLEDGED)
                return replace(ahead, beside=self._in_time_again().beside)
            case SignalTakenUp():
                return self._forward(SignalState.TAKEN_UP)
            case MeasureDecided():
                return self._forward(SignalState.DECIDED)
            case MeasureTookEffect():
                return self._forward(SignalState.IN_EFFECT)
            case ResolutionClaimed():
                return replace(self, resolution=SignalState.RESOLUTION_CLAIMED, beside=None)
            case ResolutionVerified():
                return replace(self, resolution=SignalState.VERIFIED, beside=None)
            case SignalClosed():
                return replace(self, resolution=SignalState.CLOSED, beside=None)
            case ResolutionDisputed():
                return replace(self, resolution=None, beside=SignalState.DISPUTED)
            case SignalReopened():
                return replace(self, resolution=None, beside=SignalState.REOPENED)
            case SignalHandedOn() | SignalRestated() | SignalDisclosed() | PassagesWithheld():
                return self._moving()
            case SignalHeldBack():
                return self._stopped(SignalState.HELD_BACK)
            case SignalDeclined():
                return self._stopped(SignalState.DECLINED)
            case SignalMerged():
                return self._stopped(SignalState.MERGED)
            case SignalWithdrawn():
                return self._stopped(SignalState.WITHDRAWN)
            case AcknowledgementLapsed() | HandOnLapsed() | FeedbackLapsed():
                return self._lapsed()
            case FeedbackGiven() | FeedbackImpossible():
                return self._in_time_again()
            case (
                ReceiptIssued()
                | EvidenceAttached()
                | RegimeRaised()
                | AdviceAsked()
                | AdviceGiven()
                | SignalCited()
                | CitationDropped()
                | ContradictionFiled()
                | ContradictionAnswered()
                | ContradictionWithdrawn()
                | ReassessmentAccepted()
                | SignalSplit()
                | IndividualReliefGiven()
                | MeasureProposed()
            ):
                return self
            case _:
                assert_never(fact)
