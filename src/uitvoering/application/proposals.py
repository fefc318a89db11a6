"""What a command about a proposal comes to."""

from typing import assert_never

from uitvoering.application.context import Context
from uitvoering.commands.proposal import (
    AddVersion,
    AmendProposal,
    EnterIntoForce,
    ProposalCommand,
    RegisterProposal,
    SetEntryIntoForce,
    WithdrawVersion,
)
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.proposal import Proposal, register
from uitvoering.errors import SubjectUnknownError


def decide(
    state: Proposal | None, command: ProposalCommand, act: Act, context: Context
) -> tuple[Fact, ...]:
    if isinstance(command, RegisterProposal):
        return register(state, act, title=command.title, locator=command.locator)
    if state is None:
        raise SubjectUnknownError(kind=command.KIND, id="-")
    match command:
        case AddVersion(version=version, kind=kind, locator=locator):
            return state.add_version(act, version=version, kind=kind, locator=locator)
        case WithdrawVersion(version=version, reason=reason):
            return state.withdraw_version(act, version=version, reason=reason)
        case AmendProposal(version=version, material=material, summary=summary):
            tested = context.has_concluded_test(state.id, act.happened_on)
            return state.amend(
                act, version=version, material=material, summary=summary, tested=tested
            )
        case SetEntryIntoForce(entry_on=entry_on):
            return state.set_entry_into_force(act, entry_on=entry_on)
        case EnterIntoForce(statement=statement, to=to):
            return state.enter_into_force(act, statement=statement, to=to)
        case _:
            assert_never(command)
