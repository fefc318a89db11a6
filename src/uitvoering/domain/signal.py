"""`Signal` (signaal, melding): one matter, its statements and what was done with it."""

from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from uitvoering.domain.acts import Act, MustAsk
from uitvoering.domain.events.fact import Fact, Recorded, saying
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
from uitvoering.domain.refusals_of_signals import (
    ReceiptDiffersError,
    SeverityMissingError,
    SignalAlreadyRaisedError,
)
from uitvoering.domain.routes import Route
from uitvoering.domain.signal_objection import Objecting
from uitvoering.domain.signal_passing import Passing
from uitvoering.domain.signal_record import RISING, Claim, Contradiction, refuse_regime
from uitvoering.domain.signal_resolution import Resolving
from uitvoering.domain.signal_state import Standing
from uitvoering.domain.signal_terms import OpenTerm, TermKind, terms_of
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Level, Regime, Statement, StatementField, Way
from uitvoering.errors import TamperedError


class Signal(Passing, Objecting, Resolving):
    """Immutable; decisions return facts or refuse, and only `evolve` makes the next state."""

    __slots__ = ()

    def issue_receipt(self, act: Act, *, of: str, sha256: str) -> tuple[Fact, ...]:
        """Proof for the reporter; the same event never gets a second one."""
        fact = ReceiptIssued(of=of, sha256=sha256)
        self.refuse_unknown(of)
        issued = dict(self.receipts).get(of)
        if self.has_said(fact, act) or issued == sha256:
            return ()
        if issued is not None:
            raise ReceiptDiffersError(event=of, signal=self.id)
        return (fact,)

    def open_terms(self, terms: Terms, route: Route) -> tuple[OpenTerm, ...]:
        """Every term that ran or runs, met or not; `route` is that of the body (`self.body`)."""
        return terms_of(self.trail, terms, route.levels[-1] if route.levels else None)

    def lapses(self, until: date, terms: Terms, route: Route) -> tuple[Fact, ...]:
        """Say what was due before `until` and did not come: each once, the earliest first."""
        recorded = {_moment(row.fact) for row in self.trail} - {None}
        due = sorted(
            (term for term in self.open_terms(terms, route) if term.has_lapsed(until)),
            key=lambda term: term.due_on,
        )
        lapses = (_lapse(term) for term in due)
        return tuple(f for f in lapses if f is not None and _moment(f) not in recorded)


def signal_hardship(
    state: Signal | None,
    act: Act,
    *,
    statement: Statement,
    body: str,
    to: Level | None = None,
    arrived_on: date | None = None,
    must_ask: tuple[MustAsk, ...] = (),
    theme: str | None = None,
    proposal: str | None = None,
    journey: str | None = None,
) -> tuple[Fact, ...]:
    """Raise a matter; raising it again in the same words is a retry, in other words refused."""
    fact = HardshipSignalled(
        statement=statement,
        body=body,
        to=to,
        arrived_on=arrived_on,
        must_ask=must_ask,
        theme=theme,
        proposal=proposal,
        journey=journey,
    )
    if state is not None:
        if state.has_said(fact, act):
            return ()
        raise SignalAlreadyRaisedError(signal=state.id, happened_on=state.origin.happened_on)
    refuse_regime(act.regime)
    asked = act.level.way is not Way.EXTERNAL and statement.reads(StatementField.SEVERITY)
    if asked and act.source is None and statement.severity is None:
        raise SeverityMissingError(level=act.level)
    return (fact,)


def evolve(state: Signal | None, event: Recorded[Any]) -> Signal:
    """Make the next state; nothing else does."""
    if state is None:
        state = _born(event)
    elif isinstance(event.fact, HardshipSignalled):
        raise TamperedError(
            position=event.originator_version, cause="the origin of a signal stands only once"
        )
    state = replace(
        state,
        version=event.originator_version,
        said=state.said | {saying(event.fact, event)},
        trail=(*state.trail, event),
        regime=_higher(state.regime, event.regime),
        standing=state.standing.after(event.fact),
    )
    return _with(state, event)


def _born(event: Recorded[Any]) -> Signal:
    if not isinstance(event.fact, HardshipSignalled):
        raise TamperedError(
            position=event.originator_version, cause="a signal starts with hardship-signalled"
        )
    return Signal(event.originator_id, 0, frozenset(), (), event.regime, Standing())


def _with(state: Signal, event: Recorded[Any]) -> Signal:
    fact: SignalFact = event.fact
    match fact:
        case ReceiptIssued():
            return replace(state, receipts=(*state.receipts, (fact.of, fact.sha256)))
        case RegimeRaised():
            return replace(state, regime=_higher(state.regime, fact.to))
        case ContradictionFiled():
            filed = Contradiction(event.event_id, event.level, event.organisation, fact.against)
            return replace(state, contradictions=(*state.contradictions, filed))
        case ContradictionAnswered():
            return _contradicted(state, fact.contradiction, answered=True)
        case ContradictionWithdrawn():
            return _contradicted(state, fact.contradiction, withdrawn=True)
        case IndividualReliefGiven():
            return replace(state, relieved=True)
        case MeasureTookEffect():
            return replace(state, mended=True)
        case ResolutionClaimed():
            claim = Claim(event.event_id, event.level, event.actor_pseudonym)
            return replace(state, claims=(*state.claims, claim))
        case ResolutionDisputed():
            claims = tuple(
                replace(c, disputed=c.disputed or c.id == fact.claim) for c in state.claims
            )
            return replace(state, claims=claims)
        case FeedbackGiven() | FeedbackImpossible():
            return replace(state, told=True)
        case SignalReopened():
            # What the reporter was told at closing no longer says what became of it.
            return replace(state, told=False)
        case (
            HardshipSignalled()
            | EvidenceAttached()
            | SignalAcknowledged()
            | SignalHandedOn()
            | SignalRestated()
            | SignalHeldBack()
            | AcknowledgementLapsed()
            | HandOnLapsed()
            | FeedbackLapsed()
            | AdviceAsked()
            | AdviceGiven()
            | SignalCited()
            | CitationDropped()
            | PassagesWithheld()
            | SignalDisclosed()
            | ReassessmentAccepted()
            | SignalMerged()
            | SignalSplit()
            | SignalTakenUp()
            | SignalDeclined()
            | MeasureProposed()
            | MeasureDecided()
            | ResolutionVerified()
            | SignalWithdrawn()
            | SignalClosed()
        ):
            return state
        case _:
            assert_never(fact)


def _contradicted(
    state: Signal, contradiction: str, *, answered: bool = False, withdrawn: bool = False
) -> Signal:
    return replace(
        state,
        contradictions=tuple(
            replace(c, answered=c.answered or answered, withdrawn=c.withdrawn or withdrawn)
            if c.id == contradiction
            else c
            for c in state.contradictions
        ),
    )


def _higher(one: Regime, other: Regime) -> Regime:
    return max(one, other, key=lambda regime: RISING.index(regime) if regime in RISING else -1)


def _lapse(term: OpenTerm) -> Fact | None:
    match term.kind:
        case TermKind.ACKNOWLEDGEMENT if term.level is not None:
            return AcknowledgementLapsed(level=term.level, due_on=term.due_on)
        case TermKind.HAND_ON if term.level is not None:
            return HandOnLapsed(level=term.level, due_on=term.due_on, party=term.party, of=term.of)
        case TermKind.FEEDBACK:
            return FeedbackLapsed(due_on=term.due_on)
        case _:
            return None  # an unanswered contradiction lapses nothing: it is shown upward


def _moment(fact: Fact) -> tuple[object, ...] | None:
    """Tell due moments apart, also when their term is later counted differently."""
    match fact:
        case AcknowledgementLapsed() | FeedbackLapsed():
            return (fact.TOPIC,)
        case HandOnLapsed():
            return (fact.TOPIC, fact.of, fact.level, fact.party)
        case _:
            return None
