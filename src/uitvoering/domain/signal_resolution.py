"""When may someone say it was taken up, helped, mended, resolved, verified, told or closed?"""

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import SignalMerged, SignalSplit
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
from uitvoering.domain.refusals_of_signals import (
    ClaimDisputedError,
    ClaimUnknownError,
    ClaimWithoutEvidenceError,
    FeedbackMissingError,
    MergedIntoItselfError,
    NothingDoneYetError,
    ReliefIsNotEnoughError,
    ReporterOnlyError,
    SignalNotClosedError,
    SplitImpossibleError,
    VerifierIsClaimerError,
    VerifierNotIndependentError,
)
from uitvoering.domain.signal_record import Claim, SignalRecord, refuse_regime
from uitvoering.domain.signal_state import SignalState
from uitvoering.domain.values import Evidence, Level, Statement, Way


class Resolving(SignalRecord):
    """The case loop helps this citizen, the rule loop mends the cause; they stay apart."""

    __slots__ = ()

    def merge(self, act: Act, *, into: str) -> tuple[Fact, ...]:
        """Go on in another signal; the origin stays here to be read."""
        fact = SignalMerged(into=into)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        if into == self.id:
            raise MergedIntoItselfError(signal=self.id)
        return (fact,)

    def split(self, act: Act, *, into: tuple[str, ...]) -> tuple[Fact, ...]:
        """Parts go on as signals of their own beside this one."""
        fact = SignalSplit(into=into)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        if len(set(into)) != len(into) or len(into) < _PARTS or self.id in into:
            raise SplitImpossibleError(signal=self.id, into=into)
        return (fact,)

    def take_up(self, act: Act) -> tuple[Fact, ...]:
        return self._allowed(act, SignalTakenUp())

    def decline(self, act: Act, *, reason: str) -> tuple[Fact, ...]:
        return self._allowed(act, SignalDeclined(reason=reason))

    def give_relief(self, act: Act, *, relief: str | None = None) -> tuple[Fact, ...]:
        return self._allowed(act, IndividualReliefGiven(relief=relief))

    def propose_measure(
        self, act: Act, *, measure: str, statement: Statement | None = None
    ) -> tuple[Fact, ...]:
        return self._allowed(act, MeasureProposed(measure=measure, statement=statement))

    def decide_measure(
        self,
        act: Act,
        *,
        measure: str,
        statement: Statement | None = None,
        to: Level | None = None,
    ) -> tuple[Fact, ...]:
        return self._allowed(act, MeasureDecided(measure=measure, statement=statement, to=to))

    def put_measure_in_effect(
        self,
        act: Act,
        *,
        measure: str,
        statement: Statement | None = None,
        answers: str | None = None,
    ) -> tuple[Fact, ...]:
        """Also without a recorded decision: what is known of real histories is incomplete."""
        fact = MeasureTookEffect(measure=measure, statement=statement, answers=answers)
        return self._allowed(act, fact, answers)

    def claim_resolution(
        self,
        act: Act,
        *,
        evidence: tuple[Evidence, ...],
        statement: Statement | None = None,
    ) -> tuple[Fact, ...]:
        fact = ResolutionClaimed(evidence=evidence, statement=statement)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        if not evidence:
            raise ClaimWithoutEvidenceError(signal=self.id)
        if not (self.mended or self.relieved):
            raise NothingDoneYetError(signal=self.id)
        if self.structural and not self.mended:
            raise ReliefIsNotEnoughError(signal=self.id)
        return (fact,)

    def verify_resolution(self, act: Act, *, claim: str) -> tuple[Fact, ...]:
        """By someone else, at another level, who can see whether it helped."""
        fact = ResolutionVerified(claim=claim)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        claimed = self._claim(claim)
        if claimed.disputed:
            raise ClaimDisputedError(signal=self.id, event=claim)
        if claimed.pseudonym == act.actor_pseudonym or claimed.level is act.level:
            raise VerifierIsClaimerError(level=claimed.level, signal=self.id)
        if act.level.way is Way.LINE and act.level not in {Level.FRONTLINE, Level.CITIZEN}:
            raise VerifierNotIndependentError(level=act.level, signal=self.id)
        return (fact,)

    def dispute_resolution(self, act: Act, *, claim: str, reason: str) -> tuple[Fact, ...]:
        fact = ResolutionDisputed(claim=claim, reason=reason)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        self._claim(claim)
        return (fact,)

    def give_feedback(self, act: Act, *, message: str) -> tuple[Fact, ...]:
        return self._allowed(act, FeedbackGiven(message=message))

    def record_feedback_impossible(self, act: Act, *, reason: str) -> tuple[Fact, ...]:
        return self._allowed(act, FeedbackImpossible(reason=reason))

    def withdraw(self, act: Act, *, reason: str | None = None) -> tuple[Fact, ...]:
        """By the reporter alone; the trail stays."""
        fact = SignalWithdrawn(reason=reason)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        reporter = (self.origin.actor_pseudonym, self.origin.organisation)
        if (act.actor_pseudonym, act.organisation) != reporter:
            raise ReporterOnlyError(signal=self.id, level=act.level, organisation=act.organisation)
        return (fact,)

    def close(self, act: Act, *, reason: str | None = None) -> tuple[Fact, ...]:
        fact = SignalClosed(reason=reason)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        if not self.told:
            raise FeedbackMissingError(signal=self.id)
        return (fact,)

    def reopen(self, act: Act, *, reason: str) -> tuple[Fact, ...]:
        fact = SignalReopened(reason=reason)
        if self.has_said(fact, act):
            return ()
        refuse_regime(act.regime)
        if self.progress is not SignalState.CLOSED:
            raise SignalNotClosedError(signal=self.id, state=self.state)
        return (fact,)

    def _claim(self, claim: str) -> Claim:
        self.refuse_unknown(claim, ClaimUnknownError, ResolutionClaimed)
        return next(c for c in self.claims if c.id == claim)


_PARTS = 2
"""A matter that goes on as one part was not split."""
