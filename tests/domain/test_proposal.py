"""Versions of a bill, decree or measure: immutable, amended, in force once (DOMAIN 7.6)."""

from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.given import By, Given, act, recorded
from uitvoering.application import proposals
from uitvoering.application.context import Context
from uitvoering.commands.command import Command
from uitvoering.commands.proposal import (
    AddVersion,
    AmendProposal,
    EnterIntoForce,
    ProposalCommand,
    RegisterProposal,
    SetEntryIntoForce,
    WithdrawVersion,
)
from uitvoering.domain.acts import Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.proposal import (
    EnteredIntoForce,
    EntryIntoForceSet,
    ProposalAmended,
    ProposalRegistered,
    RetestFellDue,
    RetestLapsed,
    VersionAdded,
    VersionKind,
    VersionWithdrawn,
)
from uitvoering.domain.proposal import Proposal, evolve, register
from uitvoering.domain.refusals_of_policies import (
    AmendmentAfterEntryError,
    ProposalAlreadyRegisteredError,
    ProposalInForceError,
    ProposalVersionTakenError,
    ProposalVersionWithdrawnError,
)
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Level, Statement
from uitvoering.errors import (
    ProposalVersionUnknownError,
    SubjectUnknownError,
)
from uitvoering.projections.documents import InMemory

REGISTERED = ProposalRegistered(title="Wet bijverdienen")
CONCEPT = VersionAdded(version="concept 1", kind=VersionKind.CONCEPT)
SECOND = VersionAdded(version="concept 2", kind=VersionKind.CONCEPT)
WITHDRAWN = VersionWithdrawn(version="concept 1", reason="opnieuw berekend")
AMENDED = ProposalAmended(version="concept 2", material=True, summary="per maand")
RETEST = RetestFellDue(version="concept 2")
ENTRY_SET = EntryIntoForceSet(entry_on=date(2026, 7, 1))
ENTERED = EnteredIntoForce(to=Level.PARLIAMENT)


def given(*facts: Fact | By) -> Given[Proposal]:
    return Given(evolve, facts)


def amend(state: Proposal, *, material: bool = True, tested: bool = True) -> tuple[Fact, ...]:
    return state.amend(
        act(), version="concept 2", material=material, summary="per maand", tested=tested
    )


def test_a_proposal_is_registered() -> None:
    given().when(lambda p: register(p, act(), title="Wet bijverdienen", locator=None)).then(
        REGISTERED
    )


def test_a_proposal_is_registered_once() -> None:
    given(REGISTERED).when(
        lambda p: register(p, act(), title="Andere wet", locator=None)
    ).then_refused(ProposalAlreadyRegisteredError, because="registered as 'Wet bijverdienen'")


def test_a_version_is_added() -> None:
    given(REGISTERED).when(
        lambda p: p.add_version(act(), version="concept 1", kind=VersionKind.CONCEPT, locator=None)
    ).then(CONCEPT)


def test_a_version_never_changes() -> None:
    given(REGISTERED, CONCEPT, SECOND).when(
        lambda p: p.add_version(
            act(), version="concept 1", kind=VersionKind.STAATSBLAD, locator=None
        )
    ).then_refused(ProposalVersionTakenError, because="another name than: concept 1, concept 2")


def test_a_withdrawn_version_keeps_its_name() -> None:
    given(REGISTERED, CONCEPT, WITHDRAWN).when(
        lambda p: p.add_version(
            act(happened_on="2026-02-01"),
            version="concept 1",
            kind=VersionKind.CONCEPT,
            locator=None,
        )
    ).then_refused(ProposalVersionTakenError, because="version concept 1 exists")


def test_a_version_is_withdrawn() -> None:
    given(REGISTERED, CONCEPT).when(
        lambda p: p.withdraw_version(act(), version="concept 1", reason="opnieuw berekend")
    ).then(WITHDRAWN)


def test_only_a_version_that_exists_is_withdrawn() -> None:
    given(REGISTERED, CONCEPT).when(
        lambda p: p.withdraw_version(act(), version="concept 3", reason=None)
    ).then_refused(ProposalVersionUnknownError, because="has no version concept 3")


def test_a_version_is_withdrawn_once() -> None:
    given(REGISTERED, CONCEPT, WITHDRAWN).when(
        lambda p: p.withdraw_version(act(), version="concept 1", reason="nog eens")
    ).then_refused(ProposalVersionWithdrawnError, because="concept 1 was withdrawn")


def test_a_material_amendment_after_a_concluded_test_makes_a_retest_due() -> None:
    given(REGISTERED, CONCEPT, SECOND).when(amend).then(AMENDED, RETEST)


def test_without_a_concluded_test_no_retest_falls_due() -> None:
    given(REGISTERED, SECOND).when(lambda p: amend(p, tested=False)).then(AMENDED)


def test_a_technical_amendment_makes_no_retest_due() -> None:
    given(REGISTERED, SECOND).when(lambda p: amend(p, material=False)).then(
        ProposalAmended(version="concept 2", material=False, summary="per maand")
    )


def test_a_retest_of_a_version_falls_due_once() -> None:
    given(REGISTERED, SECOND, AMENDED, RETEST).when(
        lambda p: p.amend(
            act(), version="concept 2", material=True, summary="per week", tested=True
        )
    ).then(ProposalAmended(version="concept 2", material=True, summary="per week"))


def test_an_amendment_leads_to_an_existing_version() -> None:
    given(REGISTERED, CONCEPT).when(amend).then_refused(
        ProposalVersionUnknownError, because="it has: concept 1"
    )


def test_an_amendment_does_not_lead_to_a_withdrawn_version() -> None:
    given(REGISTERED, CONCEPT, WITHDRAWN).when(
        lambda p: p.amend(act(), version="concept 1", material=True, summary="x", tested=False)
    ).then_refused(ProposalVersionWithdrawnError, because="add a new version")


def test_after_entry_into_force_a_change_is_a_proposal_of_its_own() -> None:
    given(REGISTERED, SECOND, By(ENTERED, act(happened_on="2026-07-01"))).when(amend).then_refused(
        AmendmentAfterEntryError, because="entered into force on 2026-07-01"
    )


def test_the_day_of_entry_may_be_set_again_and_the_last_one_counts() -> None:
    later = EntryIntoForceSet(entry_on=date(2027, 1, 1))
    given(REGISTERED, ENTRY_SET).when(
        lambda p: p.set_entry_into_force(act(), entry_on=date(2027, 1, 1))
    ).then(later)
    state = given(REGISTERED, ENTRY_SET, later).state
    assert state is not None
    assert state.entry_on == date(2027, 1, 1)
    assert state.entered_on is None


def test_a_retest_due_blocks_no_entry_into_force() -> None:
    given(REGISTERED, SECOND, AMENDED, RETEST).when(
        lambda p: p.enter_into_force(act(), statement=None, to=Level.PARLIAMENT)
    ).then(ENTERED)


def test_a_proposal_enters_into_force_once() -> None:
    given(REGISTERED, By(ENTERED, act(happened_on="2026-07-01"))).when(
        lambda p: p.enter_into_force(
            act(happened_on="2026-08-01"), statement=Statement(text="nogmaals"), to=None
        )
    ).then_refused(ProposalInForceError, because="on 2026-07-01; that happens once")


def test_a_due_retest_lapses_at_entry_into_force() -> None:
    lapsed = RetestLapsed(version="concept 2", entered_on=date(2026, 7, 1))
    entered = By(ENTERED, act(happened_on="2026-07-01"))
    history = (REGISTERED, SECOND, AMENDED, RETEST)
    given(*history).when(lambda p: p.retest_lapses(frozenset())).then_nothing()
    given(*history, entered).when(lambda p: p.retest_lapses(frozenset())).then(lapsed)
    given(*history, entered, lapsed).when(lambda p: p.retest_lapses(frozenset())).then_nothing()


def test_a_retest_that_was_held_does_not_lapse() -> None:
    given(REGISTERED, SECOND, AMENDED, RETEST, ENTERED).when(
        lambda p: p.retest_lapses(frozenset({"concept 2"}))
    ).then_nothing()


class EveryProposalTested(Context):
    """Every proposal has a concluded test."""

    def has_concluded_test(self, proposal: str, by: date) -> bool:
        return bool(proposal) and by > date.min


CONTEXT = EveryProposalTested(documents=InMemory(), terms=Terms(()))


def decide(state: Proposal | None, command: Command) -> tuple[Fact, ...]:
    asked: Any = command
    return proposals.decide(state, asked, act(happened_on=str(command.happened_on)), CONTEXT)


def after(*commands: Command) -> Proposal | None:
    facts: list[Fact | By] = []
    state: Proposal | None = None
    for command in commands:
        by = act(happened_on=str(command.happened_on))
        facts += [By(fact, by) for fact in decide(state, command)]
        state = given(*facts).state
    return state


DAY = {"happened_on": "2026-01-05"}
HISTORY: tuple[Command, ...] = (
    RegisterProposal(**DAY, title="Wet bijverdienen"),
    AddVersion(**DAY, version="concept 1", kind=VersionKind.CONCEPT),
    AddVersion(**DAY, version="concept 2", kind=VersionKind.CONCEPT),
    WithdrawVersion(**DAY, version="concept 1"),
    AmendProposal(**DAY, version="concept 2", material=True, summary="per maand"),
    SetEntryIntoForce(**DAY, entry_on=date(2026, 7, 1)),
    EnterIntoForce(**DAY),
)


def test_the_history_holds_every_command() -> None:
    assert {type(command) for command in HISTORY} == set(get_args(ProposalCommand))


@pytest.mark.parametrize("command", HISTORY, ids=lambda command: command.name())
def test_a_repeated_command_records_nothing(command: Command) -> None:
    assert decide(after(*HISTORY), command) == ()


@pytest.mark.parametrize("command", HISTORY[1:], ids=lambda command: command.name())
def test_a_proposal_that_was_never_registered_is_not_found(command: Command) -> None:
    with pytest.raises(SubjectUnknownError, match="no proposals"):
        decide(None, command)


@any_given(st.lists(st.sampled_from([CONCEPT, SECOND, WITHDRAWN, AMENDED, RETEST, ENTRY_SET])))
@settings(max_examples=50)
def test_any_history_folds_to_the_same_state_in_one_go_or_in_steps(facts: list[Fact]) -> None:
    events = recorded([REGISTERED, *facts, ENTERED])
    whole = given(REGISTERED, *facts, ENTERED).state
    state: Proposal | None = None
    for event in events:
        state = evolve(state, event)
    assert state == whole
    assert state is not None
    assert state.version == len(events)


@pytest.mark.parametrize("command", get_args(ProposalCommand), ids=lambda c: c.name())
def test_every_command_has_an_example_that_is_valid(command: type[Command]) -> None:
    for example in command.model_json_schema()["examples"]:
        assert str(command.model_validate(example).happened_on) == example["happenedOn"]


def test_a_public_source_may_tell_of_parts_that_entered_into_force_later() -> None:
    told = act(happened_on="2026-08-01", source=Source(title="Staatsblad"))
    part = Statement(text="hoofdstuk 2")
    given(REGISTERED, By(ENTERED, act(happened_on="2026-07-01"))).when(
        lambda p: p.enter_into_force(told, statement=part, to=None)
    ).then(EnteredIntoForce(statement=part))
    state = given(REGISTERED, By(ENTERED, act(happened_on="2026-07-01")), By(ENTERED, told)).state
    assert state is not None
    assert state.entered_on == date(2026, 7, 1)
