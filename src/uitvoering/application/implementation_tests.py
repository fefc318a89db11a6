"""Which facts a command about an implementation test comes to."""

from collections.abc import Sequence
from typing import assert_never

from uitvoering.application.context import Context
from uitvoering.commands.implementation_test import (
    AcceptTest,
    AddChainParty,
    AssessAspect,
    Comment,
    ConcludeTest,
    DeclineTest,
    EstimateCost,
    EstimateStaffing,
    ExtendTerm,
    GiveVerdict,
    MakeRecommendation,
    PublishTest,
    RateDisruption,
    RequestTest,
    RewritePassage,
    SetTerm,
    ShareDraft,
    StateCondition,
    StateInCarrier,
    SupersedeTest,
    TestCommand,
)
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.implementation_test import TestRequested
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.implementation_test import ImplementationTest, evolve, request_test
from uitvoering.domain.refusals_of_tests import TestNotRequestedError

__all__ = ["decide", "evolve", "fold"]


def fold(past: Sequence[AnyRecorded]) -> ImplementationTest:
    state: ImplementationTest | None = None
    for event in past:
        state = evolve(state, event)
    if state is None:
        raise TestNotRequestedError
    return state


def decide(
    state: ImplementationTest | None, command: TestCommand, act: Act, context: Context
) -> tuple[Fact, ...]:
    if isinstance(command, RequestTest):
        return _request(state, command, act, context)
    if state is None:
        raise TestNotRequestedError
    match command:
        case AcceptTest():
            return state.accept_test(act)
        case DeclineTest(reason=reason):
            return state.decline_test(act, reason=reason)
        case SetTerm(due_on=due_on):
            return state.set_term(act, due_on=due_on)
        case ExtendTerm(due_on=due_on, reason=reason):
            return state.extend_term(act, due_on=due_on, reason=reason)
        case AddChainParty(party=party):
            _refuse_unknown_body(party, act, context)
            return state.add_chain_party(act, party=party)
        case AssessAspect() as c:
            return state.assess_aspect(
                act, aspect=c.aspect, impact=c.impact, statement=c.statement, reason=c.reason
            )
        case RateDisruption(disruption=disruption):
            return state.rate_disruption(act, disruption=disruption)
        case EstimateCost() as c:
            return state.estimate_cost(act, eur=c.eur, recurrence=c.recurrence, item=c.item)
        case EstimateStaffing() as c:
            return state.estimate_staffing(act, fte_tenths=c.fte_tenths, recurrence=c.recurrence)
        case StateCondition() as c:
            return state.state_condition(
                act, condition=c.condition, statement=c.statement, theme=c.theme, to=c.to
            )
        case MakeRecommendation() as c:
            return state.make_recommendation(
                act, recommendation=c.recommendation, statement=c.statement, theme=c.theme, to=c.to
            )
        case ShareDraft() as c:
            return state.share_draft(act, carrier=c.carrier, statement=c.statement, to=c.to)
        case Comment() as c:
            return state.comment(act, comment=c.comment, by=c.by)
        case RewritePassage() as c:
            return state.rewrite_passage(
                act,
                before=c.before,
                after=c.after,
                asked_by=c.asked_by,
                asked_by_organisation=c.asked_by_organisation,
                reason=c.reason,
                carrier=c.carrier,
            )
        case GiveVerdict() as c:
            return state.give_verdict(
                act,
                verdict=c.verdict,
                statement=c.statement,
                feasible_from=c.feasible_from,
                to=c.to,
            )
        case ConcludeTest():
            return state.conclude_test(act)
        case PublishTest(carrier=carrier):
            return state.publish_test(act, carrier=carrier)
        case SupersedeTest(by=by):
            return state.supersede_test(act, by=by)
        case StateInCarrier() as c:
            return state.state_in_carrier(
                act, carrier=c.carrier, stage=c.stage, statement=c.statement
            )
        case _:
            assert_never(command)


def _request(
    state: ImplementationTest | None, command: RequestTest, act: Act, context: Context
) -> tuple[Fact, ...]:
    """Aspects and term are those of the first request: a retry finds them there again."""
    if state is not None:
        first = state.request
        return state.request_again(
            act,
            _requested(
                command,
                command.term_days or first.term_days,
                first.aspects,
                first.optional_aspects,
            ),
        )
    _refuse_unknown_body(command.tester, act, context)
    context.proposal_version_known(command.proposal, command.proposal_version)
    template = context.template(command.template).on(act.happened_on)
    term_days = command.term_days or context.terms.value(PolicyName.TEST_TERM_DAYS, act.happened_on)
    return request_test(act, _requested(command, term_days, template.mandatory, template.optional))


def _refuse_unknown_body(organisation: str, act: Act, context: Context) -> None:
    """A history told from a public source may name a body that the register does not know."""
    if act.source is None:
        context.organisation(organisation)


def _requested(
    command: RequestTest, term_days: int, mandatory: tuple[str, ...], optional: tuple[str, ...]
) -> TestRequested:
    return TestRequested(
        proposal=command.proposal,
        proposal_version=command.proposal_version,
        kind=command.kind,
        template=command.template,
        tester=command.tester,
        term_days=term_days,
        statement=command.statement,
        to=command.to,
        aspects=mandatory,
        optional_aspects=optional,
    )
