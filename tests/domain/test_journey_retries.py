"""Every command of a journey, asked again, records nothing."""

from typing import get_args

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.domain.told_about_a_journey import (
    DAY,
    OTHER,
    ask,
    given,
)
from tests.given import By, recorded
from uitvoering.commands.command import Command
from uitvoering.commands.journey import (
    AddUserStory,
    AttachSignal,
    AttachTest,
    CloseJourney,
    EnterPhase,
    EvaluateJourney,
    FindChallenge,
    FindOpportunity,
    GiveRecommendation,
    JourneyCommand,
    LeavePhase,
    LinkColleague,
    LinkInstrument,
    MakePrototype,
    RevisitPhase,
    RunTrial,
    SkipPhase,
    StartJourney,
)
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import (
    ChallengeKind,
    Phase,
)
from uitvoering.domain.journey import PolicyJourney, evolve
from uitvoering.errors import (
    SubjectUnknownError,
)

HISTORY: tuple[Command, ...] = (
    StartJourney(**DAY, title="Bijverdienen", proposal=OTHER),
    EnterPhase(**DAY, phase=Phase.EXPLORE),
    AddUserStory(**DAY, story="s1", phase=Phase.EXPLORE, text="ik", basis="consent"),
    FindOpportunity(**DAY, finding="f1", phase=Phase.EXPLORE, text="kans"),
    FindChallenge(
        **DAY, finding="f2", phase=Phase.EXPLORE, kind=ChallengeKind.CAPACITY, text="druk"
    ),
    GiveRecommendation(
        **DAY, recommendation="r1", phase=Phase.EXPLORE, text="loop mee", finding="f2"
    ),
    LinkInstrument(**DAY, recommendation="r1", instrument="klantreis"),
    LinkColleague(**DAY, recommendation="r1", role="adviseur"),
    AttachTest(**DAY, test=OTHER),
    AttachSignal(**DAY, signal=OTHER),
    MakePrototype(**DAY, prototype="p1", text="brief"),
    RunTrial(**DAY, trial="t1", outcome="goed"),
    LeavePhase(**DAY, phase=Phase.EXPLORE),
    RevisitPhase(**DAY, phase=Phase.EXPLORE, reason="terug"),
    SkipPhase(**DAY, phase=Phase.DEVELOP, reason="motie"),
    EnterPhase(**DAY, phase=Phase.EXECUTE),
    EvaluateJourney(**DAY, findings="minder"),
    CloseJourney(**DAY),
)


def test_the_history_holds_every_command() -> None:
    assert {type(command) for command in HISTORY} == set(get_args(JourneyCommand))


@pytest.mark.parametrize("command", HISTORY, ids=lambda command: command.name())
def test_a_repeated_command_records_nothing(command: Command) -> None:
    facts: list[Fact | By] = []
    for earlier in HISTORY:
        outcome = given(*facts).when(ask(earlier)).outcome
        assert isinstance(outcome, tuple), outcome
        assert outcome
        facts += outcome
    given(*facts).when(ask(command)).then_nothing()


@pytest.mark.parametrize("command", HISTORY[1:], ids=lambda command: command.name())
def test_a_journey_that_was_never_started_is_not_found(command: Command) -> None:
    given().when(ask(command)).then_refused(SubjectUnknownError, because="no policy-journeys")


@any_given(st.lists(st.sampled_from(HISTORY), max_size=40))
@settings(max_examples=60)
def test_any_history_rebuilds_and_a_retry_records_nothing(commands: list[Command]) -> None:
    facts: list[Fact | By] = []
    for command in commands:
        outcome = given(*facts).when(ask(command)).outcome
        if isinstance(outcome, tuple):
            facts += outcome
            given(*facts).when(ask(command)).then_nothing()
    state: PolicyJourney | None = None
    for event in recorded(facts):
        state = evolve(state, event)
    assert state == given(*facts).state


@pytest.mark.parametrize("command", get_args(JourneyCommand), ids=lambda c: c.name())
def test_every_command_has_an_example_that_is_valid(command: type[Command]) -> None:
    for example in command.model_json_schema()["examples"]:
        assert str(command.model_validate(example).happened_on) == example["happenedOn"]
