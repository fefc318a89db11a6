"""What was found per phase, and what helps?"""

from tests.projections.policy_facts import JOURNEY, SIGNAL, TEST, Story, by_ministry, moment
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import (
    ChallengeFound,
    ChallengeKind,
    ColleagueLinked,
    InstrumentLinked,
    JourneyClosed,
    JourneyStarted,
    OpportunityFound,
    Phase,
    PhaseEntered,
    PrototypeMade,
    RecommendationGiven,
    SignalAttached,
    TestAttached,
    TrialRun,
    UserStoryAdded,
)
from uitvoering.projections.journey_board import BoardItem, journey_board
from uitvoering.projections.journey_parts import FoundKind
from uitvoering.projections.journeys import JourneyDocument

CHALLENGE = ChallengeFound(
    finding="f1", phase=Phase.DEVELOP, kind=ChallengeKind.WISHFUL_ASSUMPTION, text="het lukt wel"
)
ADVICE = RecommendationGiven(
    recommendation="r1", phase=Phase.DEVELOP, text="ga kijken", finding="f1"
)


def _story(*facts: Fact) -> Story:
    story = Story().tell(JOURNEY, by_ministry(JourneyStarted(title="Beleid"), "2026-01-01"))
    return story.tell(JOURNEY, *(by_ministry(fact, "2026-01-02") for fact in facts))


def _board(*facts: Fact) -> list[BoardItem]:
    return journey_board(_story(*facts).known(), moment())


def test_a_recommendation_without_help_is_not_actionable() -> None:
    (item,) = _board(CHALLENGE, ADVICE)
    assert [r.recommendation for r in item.recommendations] == ["r1"]
    assert not item.actionable


def test_an_instrument_or_a_colleague_makes_a_recommendation_actionable() -> None:
    instrument = InstrumentLinked(recommendation="r1", instrument="klantreis")
    colleague = ColleagueLinked(recommendation="r1", role="ontwerper")
    (by_instrument,) = _board(CHALLENGE, ADVICE, instrument)
    (by_colleague,) = _board(CHALLENGE, ADVICE, colleague)
    assert by_instrument.actionable
    assert by_colleague.actionable
    assert by_instrument.recommendations[0].instruments == ("klantreis",)
    assert by_colleague.recommendations[0].colleagues == ("ontwerper",)


def test_help_for_one_recommendation_is_no_help_for_another() -> None:
    other = RecommendationGiven(recommendation="r2", phase=Phase.EXPLORE, text="vraag door")
    items = _board(CHALLENGE, ADVICE, other, InstrumentLinked(recommendation="r2", instrument="i"))
    assert [(i.code, i.actionable) for i in items] == [("r2", True), ("f1", False)]


def test_everything_found_stands_in_its_phase() -> None:
    items = _board(
        PhaseEntered(phase=Phase.EXECUTE),
        TrialRun(trial="t1", outcome="mislukt"),
        PrototypeMade(prototype="p1", text="formulier"),
        OpportunityFound(finding="f2", phase=Phase.EXPLORE, text="kans"),
        UserStoryAdded(story="u1", phase=Phase.EXPLORE, text="ik wacht", basis="synthetic"),
        CHALLENGE,
    )
    assert [(i.phase, i.kind) for i in items] == [
        (Phase.EXPLORE, FoundKind.OPPORTUNITY),
        (Phase.EXPLORE, FoundKind.USER_STORY),
        (Phase.DEVELOP, FoundKind.CHALLENGE),
        (Phase.EXECUTE, FoundKind.PROTOTYPE),
        (Phase.EXECUTE, FoundKind.TRIAL),
    ]
    assert items[1].basis == "synthetic"
    assert items[2].challenge_kind == ChallengeKind.WISHFUL_ASSUMPTION


def test_another_journey_shows_nothing_here() -> None:
    assert journey_board(_story(CHALLENGE).known(), moment(), journey="other") == []


def test_attached_tests_and_signals_and_the_reason_of_closing_stay_in_the_file() -> None:
    story = _story(
        TestAttached(test=TEST), SignalAttached(signal=SIGNAL), JourneyClosed(reason="gestopt")
    )
    journey = story.known().get(JourneyDocument, JOURNEY)
    assert journey is not None
    assert (journey.tests, journey.signals, journey.close_reason) == ((TEST,), (SIGNAL,), "gestopt")
