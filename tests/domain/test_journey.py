"""The road of a policy: phases in any order, and what is found on the way (DOMAIN 7.4)."""

import pytest
from pydantic import ValidationError

from tests.domain.told_about_a_journey import (
    ADVISED,
    CLOSED,
    DAY,
    EXPLORED,
    OPPORTUNITY,
    OTHER,
    STARTED,
    TERMS,
    ask,
    given,
    on,
)
from tests.given import act
from uitvoering.commands.command import Command
from uitvoering.commands.journey import (
    AddUserStory,
    AttachSignal,
    AttachTest,
    EnterPhase,
    EvaluateJourney,
    FindChallenge,
    FindOpportunity,
    GiveRecommendation,
    LeavePhase,
    LinkColleague,
    LinkInstrument,
    MakePrototype,
    RevisitPhase,
    RunTrial,
    SkipPhase,
    StartJourney,
)
from uitvoering.domain.acts import Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import (
    ChallengeFound,
    ChallengeKind,
    ColleagueLinked,
    InstrumentLinked,
    JourneyEvaluated,
    JourneyStarted,
    OpportunityFound,
    Phase,
    PhaseEntered,
    PhaseLeft,
    PhaseRevisited,
    PhaseSkipped,
    PrototypeMade,
    RecommendationGiven,
    SignalAttached,
    TestAttached,
    TrialRun,
    UserStoryAdded,
)
from uitvoering.domain.journey import start
from uitvoering.domain.refusals_of_policies import (
    JourneyAlreadyStartedError,
    JourneyClosedError,
    JourneyCodeTakenError,
    JourneyFindingUnknownError,
    JourneyRecommendationUnknownError,
    PhaseEnteredBeforeError,
    PhaseNeverEnteredError,
    PhaseNotOpenError,
    PhaseNotSkippedError,
)


def test_a_journey_is_started_once() -> None:
    given().when(ask(StartJourney(**DAY, title="Bijverdienen"))).then(STARTED)
    given(STARTED).when(lambda j: start(j, act(), title="Iets anders", proposal=None)).then_refused(
        JourneyAlreadyStartedError, because="started as 'Bijverdienen'"
    )


def test_a_journey_knows_its_proposal() -> None:
    state = given(JourneyStarted(title="Bijverdienen", proposal=OTHER)).state
    assert state is not None
    assert state.proposal == OTHER


def test_phases_are_entered_in_any_order_and_several_are_open() -> None:
    given(STARTED, EXPLORED).when(ask(EnterPhase(**DAY, phase=Phase.EVALUATE))).then(
        PhaseEntered(phase=Phase.EVALUATE)
    )
    state = given(STARTED, PhaseEntered(phase=Phase.EVALUATE), EXPLORED).state
    assert state is not None
    assert state.open == {Phase.EVALUATE, Phase.EXPLORE}


def test_going_back_to_a_phase_is_revisiting_it() -> None:
    given(STARTED, EXPLORED).when(
        ask(EnterPhase(happened_on="2026-03-01", phase=Phase.EXPLORE))
    ).then_refused(PhaseEnteredBeforeError, because="phase explore was entered before; revisit")
    given(STARTED, EXPLORED, PhaseLeft(phase=Phase.EXPLORE)).when(
        ask(RevisitPhase(**DAY, phase=Phase.EXPLORE, reason="flexwerkers ontbreken"))
    ).then(PhaseRevisited(phase=Phase.EXPLORE, reason="flexwerkers ontbreken"))


def test_a_phase_never_entered_is_not_revisited() -> None:
    given(STARTED, EXPLORED).when(
        ask(RevisitPhase(**DAY, phase=Phase.DEVELOP, reason="terug"))
    ).then_refused(PhaseNeverEnteredError, because="entered so far: explore")


def test_a_phase_is_left_by_those_who_are_in_it() -> None:
    given(STARTED, EXPLORED).when(ask(LeavePhase(**DAY, phase=Phase.EXPLORE))).then(
        PhaseLeft(phase=Phase.EXPLORE)
    )
    given(STARTED, EXPLORED).when(ask(LeavePhase(**DAY, phase=Phase.DEVELOP))).then_refused(
        PhaseNotOpenError, because="not in phase develop; leave a phase it is in: explore"
    )


def test_a_phase_revisited_is_left_again() -> None:
    given(
        STARTED,
        EXPLORED,
        PhaseLeft(phase=Phase.EXPLORE),
        PhaseRevisited(phase=Phase.EXPLORE, reason="terug"),
    ).when(ask(LeavePhase(happened_on="2026-05-01", phase=Phase.EXPLORE))).then(
        PhaseLeft(phase=Phase.EXPLORE)
    )


def test_a_phase_is_skipped_with_a_reason_and_may_be_entered_later() -> None:
    skipped = PhaseSkipped(phase=Phase.DEVELOP, reason="motie")
    given(STARTED).when(ask(SkipPhase(**DAY, phase=Phase.DEVELOP, reason="motie"))).then(skipped)
    given(STARTED, skipped).when(ask(EnterPhase(**DAY, phase=Phase.DEVELOP))).then(
        PhaseEntered(phase=Phase.DEVELOP)
    )


def test_a_phase_that_was_entered_was_not_skipped() -> None:
    given(STARTED, EXPLORED).when(
        ask(SkipPhase(**DAY, phase=Phase.EXPLORE, reason="motie"))
    ).then_refused(PhaseNotSkippedError, because="phase explore was entered")


def test_what_is_found_is_written_on_the_board() -> None:
    where = {"phase": Phase.EXPLORE, "text": "tekst"}
    kind = ChallengeKind.WISHFUL_ASSUMPTION
    for command, fact in (
        (
            AddUserStory(**DAY, **where, story="s1", basis="synthetic"),
            UserStoryAdded(**where, story="s1", basis="synthetic"),
        ),
        (FindOpportunity(**DAY, **where, finding="f1"), OpportunityFound(**where, finding="f1")),
        (
            FindChallenge(**DAY, **where, finding="f2", kind=kind),
            ChallengeFound(**where, finding="f2", kind=kind),
        ),
        (
            GiveRecommendation(**DAY, **where, recommendation="r1"),
            RecommendationGiven(**where, recommendation="r1"),
        ),
        (
            MakePrototype(**DAY, prototype="p1", text="brief"),
            PrototypeMade(prototype="p1", text="brief"),
        ),
        (
            RunTrial(**DAY, trial="t1", outcome="6 van 41", area="Zwolle", side_effects="later"),
            TrialRun(trial="t1", outcome="6 van 41", area="Zwolle", side_effects="later"),
        ),
        (AttachTest(**DAY, test=OTHER), TestAttached(test=OTHER)),
        (AttachSignal(**DAY, signal=OTHER), SignalAttached(signal=OTHER)),
        (EvaluateJourney(**DAY, findings="minder"), JourneyEvaluated(findings="minder")),
    ):
        given(STARTED).when(ask(command)).then(fact)


TAKEN: tuple[tuple[Fact, Command], ...] = (
    (
        UserStoryAdded(story="x", phase=Phase.EXPLORE, text="a", basis="consent"),
        AddUserStory(**DAY, story="x", phase=Phase.EXPLORE, text="b", basis="consent"),
    ),
    (
        OpportunityFound(finding="x", phase=Phase.EXPLORE, text="a"),
        FindChallenge(**DAY, finding="x", phase=Phase.EXPLORE, kind=ChallengeKind.DATA, text="b"),
    ),
    (
        ChallengeFound(finding="x", phase=Phase.EXPLORE, kind=ChallengeKind.DATA, text="a"),
        FindOpportunity(**DAY, finding="x", phase=Phase.EXPLORE, text="b"),
    ),
    (
        RecommendationGiven(recommendation="x", phase=Phase.EXPLORE, text="a"),
        GiveRecommendation(**DAY, recommendation="x", phase=Phase.EXPLORE, text="b"),
    ),
    (PrototypeMade(prototype="x", text="a"), MakePrototype(**DAY, prototype="x", text="b")),
    (TrialRun(trial="x", outcome="a"), RunTrial(**DAY, trial="x", outcome="b")),
)


@pytest.mark.parametrize(("fact", "command"), TAKEN, ids=lambda v: type(v).__name__)
def test_a_code_names_one_thing(fact: Fact, command: Command) -> None:
    given(STARTED, fact).when(ask(command)).then_refused(
        JourneyCodeTakenError, because="code x is in use on this journey; choose another than: x"
    )


def test_a_story_and_a_trial_may_share_a_code() -> None:
    given(STARTED, TAKEN[0][0]).when(ask(RunTrial(**DAY, trial="x", outcome="a"))).then(
        TrialRun(trial="x", outcome="a")
    )


def test_a_user_story_has_consent_or_is_synthetic() -> None:
    story = {"story": "s1", "phase": "explore", "text": "ik"}
    with pytest.raises(ValidationError, match="basis"):
        AddUserStory.model_validate(DAY | story)
    with pytest.raises(ValidationError, match="'consent' or 'synthetic'"):
        AddUserStory.model_validate(DAY | story | {"basis": "assumed"})


def test_a_recommendation_rests_on_a_finding_that_was_made() -> None:
    command = GiveRecommendation(
        **DAY, recommendation="r1", phase=Phase.EXPLORE, text="loop mee", finding="f1"
    )
    given(STARTED, OPPORTUNITY).when(ask(command)).then(
        ADVISED.model_copy(update={"finding": "f1"})
    )
    given(STARTED).when(ask(command)).then_refused(
        JourneyFindingUnknownError, because="finding f1 is not on this journey"
    )


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (
            LinkInstrument(**DAY, recommendation="r1", instrument="klantreis"),
            InstrumentLinked(recommendation="r1", instrument="klantreis"),
        ),
        (
            LinkColleague(**DAY, recommendation="r1", role="adviseur klantcontact"),
            ColleagueLinked(recommendation="r1", role="adviseur klantcontact"),
        ),
    ],
)
def test_a_recommendation_is_actionable_only_with_help(command: Command, fact: Fact) -> None:
    before = given(STARTED, ADVISED)
    assert before.state is not None
    assert before.state.actionable == frozenset()
    before.when(ask(command)).then(fact)
    after = given(STARTED, ADVISED, fact).state
    assert after is not None
    assert after.actionable == {"r1"}
    given(STARTED).when(ask(command)).then_refused(
        JourneyRecommendationUnknownError, because="recommendation r1 is not on this journey"
    )


def test_after_closing_nothing_more_happens() -> None:
    given(STARTED, on(CLOSED, "2026-02-01")).when(
        ask(EnterPhase(**DAY, phase=Phase.DEVELOP))
    ).then_refused(JourneyClosedError, because="closed on 2026-02-01; start a new journey")


def test_a_public_source_may_tell_that_a_phase_was_entered_again() -> None:
    told = act(happened_on="2026-03-01", source=Source(title="Kamerbrief"))
    given(STARTED, EXPLORED, PhaseEntered(phase=Phase.DEVELOP)).when(
        lambda j: j.enter_phase(told, phase=Phase.EXPLORE, statement=None, terms=TERMS)
    ).then(PhaseEntered(phase=Phase.EXPLORE))
