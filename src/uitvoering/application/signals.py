"""What does a command on a signal decide? One line per command; the rules are in the domain."""

from typing import assert_never

from uitvoering.application.context import Context
from uitvoering.commands.signal import (
    AcceptReassessment,
    AcknowledgeSignal,
    ActOnSignal,
    AnswerContradiction,
    AskAdvice,
    AttachEvidence,
    CiteSignal,
    ClaimResolution,
    CloseSignal,
    Contradict,
    DecideMeasure,
    DeclineSignal,
    DiscloseSignal,
    DisputeResolution,
    GiveAdvice,
    GiveFeedback,
    GiveIndividualRelief,
    HandOn,
    HoldBack,
    MergeSignal,
    ProposeMeasure,
    PutMeasureInEffect,
    RaiseRegime,
    RecordFeedbackImpossible,
    ReopenSignal,
    Restate,
    SignalCommand,
    SignalHardship,
    SplitSignal,
    TakeUpSignal,
    VerifyResolution,
    WithdrawContradiction,
    WithdrawSignal,
    WithholdPassages,
)
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.routes import Route
from uitvoering.domain.signal import Signal, signal_hardship
from uitvoering.domain.values import Way
from uitvoering.errors import SubjectUnknownError


def decide(
    state: Signal | None, command: SignalCommand, act: Act, context: Context
) -> tuple[Fact, ...]:
    """Return the facts; none for a repeated request. A regime named may not lower the signal's."""
    if isinstance(command, SignalHardship):
        return _raise(state, command, act)
    if state is None:
        raise SubjectUnknownError(kind=command.KIND, id="-")
    facts = _decide(state, command, act, context)
    if facts:
        state.refuse_lower(command.regime)
    return facts


def _raise(state: Signal | None, command: SignalHardship, act: Act) -> tuple[Fact, ...]:
    return signal_hardship(
        state,
        act,
        statement=command.statement,
        body=command.body,
        to=command.to,
        arrived_on=command.arrived_on,
        must_ask=command.must_ask,
        theme=command.theme,
        proposal=command.proposal,
        journey=command.journey,
    )


def _route(act: Act, context: Context) -> Route:
    """Look up the actor's own line on that day; a level beside or outside the line needs none."""
    if act.level.way is Way.LINE:
        return context.route_of(act.organisation, act.happened_on)
    return Route(act.organisation, ())


def _decide(state: Signal, command: ActOnSignal, act: Act, context: Context) -> tuple[Fact, ...]:
    match command:
        case AttachEvidence():
            return state.attach_evidence(act, evidence=command.evidence)
        case RaiseRegime():
            return state.raise_regime(act, to=command.to, reason=command.reason)
        case AcknowledgeSignal():
            return state.acknowledge(act)
        case HandOn():
            return state.hand_on(
                act,
                to=command.to,
                to_organisation=command.to_organisation,
                statement=command.statement,
                arrived_on=command.arrived_on,
                previous=command.previous,
                route=_route(act, context),
            )
        case Restate():
            return state.restate(
                act,
                to=command.to,
                to_organisation=command.to_organisation,
                statement=command.statement,
                reason_code=command.reason_code,
                reason=command.reason,
                arrived_on=command.arrived_on,
                previous=command.previous,
                route=_route(act, context),
            )
        case HoldBack():
            return state.hold_back(act, reason=command.reason, statement=command.statement)
        case AskAdvice():
            return state.ask_advice(act, of=command.of, statement=command.statement)
        case GiveAdvice():
            return state.give_advice(
                act,
                statement=command.statement,
                to=command.to,
                theme=command.theme,
                answers=command.answers,
            )
        case CiteSignal():
            return state.cite(
                act,
                carrier=command.carrier,
                statement=command.statement,
                to=command.to,
                previous=command.previous,
                cites=command.cites,
            )
        case WithholdPassages():
            return state.withhold_passages(
                act,
                carrier=command.carrier,
                ground=command.ground,
                statement=command.statement,
                to=command.to,
                previous=command.previous,
            )
        case DiscloseSignal():
            return state.disclose(
                act,
                carrier=command.carrier,
                to=command.to,
                statement=command.statement,
                previous=command.previous,
            )
        case MergeSignal():
            return state.merge(act, into=command.into)
        case SplitSignal():
            return state.split(act, into=command.into)
        case Contradict():
            return state.contradict(
                act, against=command.against, statement=command.statement, theme=command.theme
            )
        case AnswerContradiction():
            return state.answer_contradiction(
                act, contradiction=command.contradiction, answer=command.answer
            )
        case WithdrawContradiction():
            return state.withdraw_contradiction(
                act, contradiction=command.contradiction, reason=command.reason
            )
        case AcceptReassessment():
            return state.accept_reassessment(act, of=command.of)
        case TakeUpSignal():
            return state.take_up(act)
        case DeclineSignal():
            return state.decline(act, reason=command.reason)
        case GiveIndividualRelief():
            return state.give_relief(act, relief=command.relief)
        case ProposeMeasure():
            return state.propose_measure(act, measure=command.measure, statement=command.statement)
        case DecideMeasure():
            return state.decide_measure(
                act, measure=command.measure, statement=command.statement, to=command.to
            )
        case PutMeasureInEffect():
            return state.put_measure_in_effect(
                act, measure=command.measure, statement=command.statement, answers=command.answers
            )
        case ClaimResolution():
            return state.claim_resolution(
                act, evidence=command.evidence, statement=command.statement
            )
        case VerifyResolution():
            return state.verify_resolution(act, claim=command.claim)
        case DisputeResolution():
            return state.dispute_resolution(act, claim=command.claim, reason=command.reason)
        case ReopenSignal():
            return state.reopen(act, reason=command.reason)
        case GiveFeedback():
            return state.give_feedback(act, message=command.message)
        case RecordFeedbackImpossible():
            return state.record_feedback_impossible(act, reason=command.reason)
        case WithdrawSignal():
            return state.withdraw(act, reason=command.reason)
        case CloseSignal():
            return state.close(act, reason=command.reason)
        case _:
            assert_never(command)
