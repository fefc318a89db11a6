"""When and by which route did each level first know?"""

from tests.given import act
from tests.projections.signal_story import (
    DEPARTMENT,
    LEAD,
    RAISED,
    RED,
    REPORTER,
    SIGNAL,
    Story,
    at,
)
from uitvoering.domain.events.signal import (
    AdviceAsked,
    CitationDropped,
    HandOnLapsed,
    HardshipSignalled,
    SignalAcknowledged,
    SignalHandedOn,
    SignalHeldBack,
)
from uitvoering.domain.events.signal_outcome import MeasureDecided
from uitvoering.domain.values import Level, Role, Way
from uitvoering.projections.first_reach import first_reach


def reached(story: Story, day: str = "2026-06-01") -> dict[Level, tuple[str, Way]]:
    return {row.level: (row.on.isoformat(), row.way) for row in first_reach(story.told(), at(day))}


def raised_by(level: Level, to: Level | None = Level.BOARD) -> Story:
    story = Story()
    fact = HardshipSignalled(statement=RED, body="uwv", to=to)
    story.tell(fact, act(level, "2026-01-05", Role.REPORTER))
    return story


def test_the_line_passes_on_by_line_and_the_origin_knows_at_once() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    event = story.tell(SignalHandedOn(to=Level.DEPARTMENT, statement=RED), LEAD)
    rows = first_reach(story.told(), at("2026-06-01"), signal=SIGNAL)
    assert [(row.level, row.days_since_origin) for row in rows] == [
        (Level.FRONTLINE, 0),
        (Level.TEAM_LEAD, 0),
        (Level.DEPARTMENT, 7),
    ]
    assert rows[2].event_id == event
    assert {row.way for row in rows} == {Way.LINE}


def test_what_came_from_outside_stays_external_up_the_line() -> None:
    """The press asks the board; the board tells the minister: the minister knows from outside."""
    story = raised_by(Level.PRESS)
    story.tell(SignalHandedOn(to=Level.MINISTER), act(Level.BOARD, "2026-01-13"))
    assert reached(story)[Level.BOARD] == ("2026-01-05", Way.EXTERNAL)
    assert reached(story)[Level.MINISTER] == ("2026-01-13", Way.EXTERNAL)


def test_lateral_is_not_passed_on_as_lateral() -> None:
    story = raised_by(Level.EXPERT, to=Level.DIRECTORATE)
    story.tell(SignalHandedOn(to=Level.PARLIAMENT), act(Level.DIRECTORATE, "2026-02-02"))
    assert reached(story)[Level.EXPERT] == ("2026-01-05", Way.LATERAL)
    assert reached(story)[Level.DIRECTORATE] == ("2026-01-05", Way.LATERAL)
    assert reached(story)[Level.PARLIAMENT] == ("2026-02-02", Way.LINE)


def test_an_arrival_counts_from_the_day_it_arrived() -> None:
    story = Story()
    arrived = DEPARTMENT.happened_on
    story.tell(RAISED.model_copy(update={"arrived_on": arrived}), REPORTER)
    assert reached(story)[Level.TEAM_LEAD] == ("2026-01-19", Way.LINE)


def test_the_earliest_arrival_wins() -> None:
    story = Story()
    story.tell(RAISED.model_copy(update={"arrived_on": DEPARTMENT.happened_on}), REPORTER)
    by = act(Level.PRIVACY_OFFICER, "2026-01-13")
    story.tell(SignalHandedOn(to=Level.TEAM_LEAD, statement=RED), by)
    assert reached(story)[Level.TEAM_LEAD] == ("2026-01-13", Way.LATERAL)


def test_a_level_that_acts_without_a_recorded_arrival_counts_from_its_act() -> None:
    story = raised_by(Level.FRONTLINE, to=None)
    story.tell(SignalAcknowledged(), LEAD)
    assert reached(story)[Level.TEAM_LEAD] == ("2026-01-12", Way.LINE)


def test_asking_advice_reaches_who_is_asked() -> None:
    story = raised_by(Level.FRONTLINE, to=None)
    story.tell(AdviceAsked(of=Level.DATA_PROTECTION_OFFICER), LEAD)
    assert reached(story)[Level.DATA_PROTECTION_OFFICER] == ("2026-01-12", Way.LINE)


def test_silence_and_measures_are_no_reach() -> None:
    story = raised_by(Level.FRONTLINE, to=None)
    minister = act(Level.MINISTER, "2026-01-12")
    story.tell(CitationDropped(carrier="tijdlijn", to=Level.PARLIAMENT), minister)
    story.tell(SignalHeldBack(reason="eerst navragen"), DEPARTMENT)
    story.tell(MeasureDecided(measure="compensatie", to=Level.PARLIAMENT), minister)
    lapse = HandOnLapsed(level=Level.BOARD, due_on=LEAD.happened_on, of=story.events[0].event_id)
    story.tell(lapse, act(Level.FRONTLINE, "2026-01-20", Role.CLOCK))
    assert set(reached(story)) == {Level.FRONTLINE}


def test_what_has_not_arrived_yet_is_not_shown() -> None:
    story = Story()
    story.tell(RAISED.model_copy(update={"arrived_on": DEPARTMENT.happened_on}), REPORTER)
    assert set(reached(story, "2026-01-18")) == {Level.FRONTLINE}


def test_rows_are_found_by_level_way_and_body() -> None:
    documents, moment = raised_by(Level.PRESS).told(), at("2026-06-01")
    assert [r.level for r in first_reach(documents, moment, level=Level.BOARD)] == [Level.BOARD]
    assert first_reach(documents, moment, way=Way.LINE) == []
    assert first_reach(documents, moment, organisation="svb") == []
