"""Which facts a command about a follow-up comes to."""

from collections.abc import Sequence
from typing import assert_never

from uitvoering.application.context import Context
from uitvoering.commands.follow_up import (
    AccountFor,
    FollowUpCommand,
    GiveResponse,
    LapseCondition,
    MakeResponseDue,
    MeetCondition,
)
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.follow_up import ResponseFellDue
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.follow_up import FollowUp, evolve
from uitvoering.domain.refusals_of_tests import FollowUpNotOpenedError

__all__ = ["decide", "evolve", "fold"]


def fold(past: Sequence[AnyRecorded]) -> FollowUp:
    state: FollowUp | None = None
    for event in past:
        state = evolve(state, event)
    if state is None:
        raise FollowUpNotOpenedError
    return state


def decide(
    state: FollowUp | None, command: FollowUpCommand, act: Act, _: Context
) -> tuple[Fact, ...]:
    if isinstance(command, MakeResponseDue):
        due = ResponseFellDue(
            matter=command.matter,
            of=command.of,
            of_stream=command.of_stream,
            code=command.code,
            proposal=command.proposal,
            theme=command.theme,
            statement=command.statement,
            due_on=command.due_on,
        )
        return (due,) if state is None else state.make_response_due_again(act, due)
    if state is None:
        raise FollowUpNotOpenedError
    match command:
        case GiveResponse() as c:
            return state.give_response(
                act, outcome=c.outcome, reason=c.reason, statement=c.statement, to=c.to
            )
        case AccountFor(carrier=carrier, locator=locator):
            return state.account_for(act, carrier=carrier, locator=locator)
        case MeetCondition(evidence=evidence):
            return state.meet_condition(act, evidence=evidence)
        case LapseCondition(reason=reason):
            return state.lapse_condition(act, reason=reason)
        case _:
            assert_never(command)
