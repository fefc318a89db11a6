"""What a command about a policy journey comes to."""

from typing import assert_never

from uitvoering.application.context import Context
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
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.journey import PolicyJourney, start
from uitvoering.errors import SubjectUnknownError


def decide(
    state: PolicyJourney | None, command: JourneyCommand, act: Act, context: Context
) -> tuple[Fact, ...]:
    if isinstance(command, StartJourney):
        return start(state, act, title=command.title, proposal=command.proposal)
    if state is None:
        raise SubjectUnknownError(kind=command.KIND, id="-")
    match command:
        case EnterPhase(phase=phase, statement=statement):
            return state.enter_phase(act, phase=phase, statement=statement, terms=context.terms)
        case LeavePhase(phase=phase):
            return state.leave_phase(act, phase=phase)
        case SkipPhase(phase=phase, reason=reason):
            return state.skip_phase(act, phase=phase, reason=reason)
        case RevisitPhase(phase=phase, reason=reason):
            return state.revisit_phase(act, phase=phase, reason=reason)
        case AddUserStory(story=story, phase=phase, text=text, basis=basis):
            return state.add_user_story(act, story=story, phase=phase, text=text, basis=basis)
        case FindOpportunity(finding=finding, phase=phase, text=text):
            return state.find_opportunity(act, finding=finding, phase=phase, text=text)
        case FindChallenge(finding=finding, phase=phase, kind=kind, text=text):
            return state.find_challenge(act, finding=finding, phase=phase, kind=kind, text=text)
        case GiveRecommendation(recommendation=code, phase=phase, text=text, finding=finding):
            return state.give_recommendation(
                act, recommendation=code, phase=phase, text=text, finding=finding
            )
        case LinkInstrument(recommendation=code, instrument=instrument):
            return state.link_instrument(act, recommendation=code, instrument=instrument)
        case LinkColleague(recommendation=code, role=role):
            return state.link_colleague(act, recommendation=code, role=role)
        case AttachTest(test=test):
            return state.attach_test(act, test=test)
        case AttachSignal(signal=signal):
            return state.attach_signal(act, signal=signal)
        case MakePrototype(prototype=prototype, text=text):
            return state.make_prototype(act, prototype=prototype, text=text)
        case RunTrial(trial=trial, outcome=outcome, area=area):
            return state.run_trial(
                act,
                trial=trial,
                outcome=outcome,
                area=area,
                lesson=command.lesson,
                side_effects=command.side_effects,
            )
        case EvaluateJourney(findings=findings, locator=locator):
            return state.evaluate(act, findings=findings, locator=locator)
        case CloseJourney(reason=reason):
            return state.close(act, reason=reason)
        case _:
            assert_never(command)
