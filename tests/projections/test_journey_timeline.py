"""Which phases, when, for how long, and which is missing?"""

from datetime import date

from tests.projections.policy_facts import JOURNEY, Story, by_ministry, moment
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import (
    EvaluationFellDue,
    EvaluationLapsed,
    JourneyEvaluated,
    JourneyStarted,
    Phase,
    PhaseEntered,
    PhaseLeft,
    PhaseRevisited,
    PhaseSkipped,
    PrototypeMade,
    TrialRun,
)
from uitvoering.projections.journey_timeline import JourneyPhase, journey_timeline


def _story(*facts: tuple[str, Fact]) -> Story:
    story = Story().tell(JOURNEY, by_ministry(JourneyStarted(title="Beleid"), "2026-01-01"))
    return story.tell(JOURNEY, *(by_ministry(fact, on) for on, fact in facts))


def _rows(story: Story, day: str = "2026-06-30") -> dict[Phase | None, JourneyPhase]:
    return {row.phase: row for row in journey_timeline(story.known(), moment(day))}


def _missing(row: JourneyPhase) -> tuple[date | None, date | None, int]:
    return row.missing_from, row.missing_until, row.days_missing


NOT_MISSING = (None, None, 0)


def test_a_journey_has_its_four_phases_in_order() -> None:
    rows = journey_timeline(_story().known(), moment())
    assert [row.phase for row in rows] == list(Phase)
    assert all(row.entered_on is None and _missing(row) == NOT_MISSING for row in rows)


def test_a_phase_shows_when_it_was_entered_and_left_and_for_how_long() -> None:
    story = _story(
        ("2026-01-02", PhaseEntered(phase=Phase.EXPLORE)),
        ("2026-01-12", PhaseLeft(phase=Phase.EXPLORE)),
        ("2026-01-12", PhaseEntered(phase=Phase.DEVELOP)),
    )
    rows = _rows(story, "2026-01-15")
    assert (rows[Phase.EXPLORE].left_on, rows[Phase.EXPLORE].days) == (date(2026, 1, 12), 10)
    assert (rows[Phase.DEVELOP].left_on, rows[Phase.DEVELOP].days) == (None, 3)


def test_a_revisit_opens_the_phase_again_with_its_reason() -> None:
    story = _story(
        ("2026-01-02", PhaseEntered(phase=Phase.EXPLORE)),
        ("2026-01-12", PhaseLeft(phase=Phase.EXPLORE)),
        ("2026-02-01", PhaseRevisited(phase=Phase.EXPLORE, reason="nieuw inzicht")),
    )
    row = _rows(story, "2026-02-03")[Phase.EXPLORE]
    assert (row.entered_on, row.left_on, row.revisits, row.days) == (date(2026, 1, 2), None, 1, 12)
    assert [v.revisit_reason for v in row.visits] == [None, "nieuw inzicht"]


def test_leaving_closes_the_last_open_visit_only() -> None:
    story = _story(
        ("2026-01-02", PhaseEntered(phase=Phase.EXPLORE)),
        ("2026-01-03", PhaseLeft(phase=Phase.EXPLORE)),
        ("2026-02-01", PhaseRevisited(phase=Phase.EXPLORE, reason="nieuw")),
        ("2026-02-02", PhaseLeft(phase=Phase.EXPLORE)),
    )
    left = [v.left_on for v in _rows(story)[Phase.EXPLORE].visits]
    assert left == [date(2026, 1, 3), date(2026, 2, 2)]


def test_a_phase_passed_over_is_missing_until_the_moment_of_asking() -> None:
    story = _story(
        ("2026-01-02", PhaseEntered(phase=Phase.EXPLORE)),
        ("2026-03-01", PhaseEntered(phase=Phase.EXECUTE)),
    )
    rows = _rows(story, "2026-03-11")
    assert _missing(rows[Phase.DEVELOP]) == (date(2026, 3, 1), date(2026, 3, 11), 10)
    assert _missing(rows[Phase.EXPLORE]) == NOT_MISSING


def test_a_phase_entered_later_than_its_successor_was_missing_until_then() -> None:
    story = _story(
        ("2026-03-01", PhaseEntered(phase=Phase.EXECUTE)),
        ("2026-03-31", PhaseEntered(phase=Phase.DEVELOP)),
    )
    rows = _rows(story)
    assert _missing(rows[Phase.DEVELOP]) == (date(2026, 3, 1), date(2026, 3, 31), 30)
    assert rows[Phase.EXPLORE].missing_from == date(2026, 3, 1)


def test_phases_entered_on_one_day_leave_nothing_missing() -> None:
    story = _story(
        ("2026-03-01", PhaseEntered(phase=Phase.EXECUTE)),
        ("2026-03-01", PhaseEntered(phase=Phase.DEVELOP)),
        ("2026-03-01", PhaseEntered(phase=Phase.EXPLORE)),
    )
    rows = _rows(story)
    assert _missing(rows[Phase.EXPLORE]) == _missing(rows[Phase.DEVELOP]) == NOT_MISSING


def test_a_phase_skipped_with_a_reason_is_still_missing_and_shows_the_reason() -> None:
    story = _story(
        ("2026-02-01", PhaseSkipped(phase=Phase.DEVELOP, reason="spoed")),
        ("2026-03-01", PhaseEntered(phase=Phase.EXECUTE)),
    )
    row = _rows(story)[Phase.DEVELOP]
    assert [s.reason for s in row.skips] == ["spoed"]
    assert row.missing_from == date(2026, 3, 1)


def test_evaluation_is_missing_from_the_entry_into_execute_until_it_comes() -> None:
    story = _story(("2026-03-01", PhaseEntered(phase=Phase.EXECUTE)))
    assert _missing(_rows(story, "2026-03-11")[Phase.EVALUATE])[2] == 10
    evaluated = by_ministry(JourneyEvaluated(findings="werkt deels"), "2026-04-01")
    row = _rows(story.tell(JOURNEY, evaluated))[Phase.EVALUATE]
    assert _missing(row) == (date(2026, 3, 1), date(2026, 4, 1), 31)
    assert (row.entered_on, row.evaluated_on) == (None, date(2026, 4, 1))


def test_a_due_and_a_lapsed_evaluation_stand_with_the_phase_evaluate() -> None:
    story = _story(("2026-03-01", PhaseEntered(phase=Phase.EXECUTE)))
    due = date(2028, 3, 1)
    story.tell(
        JOURNEY,
        by_ministry(
            EvaluationFellDue(due_on=due, since="phase", started_on=date(2026, 3, 1)), "2026-03-01"
        ),
    )
    story.tell(JOURNEY, by_ministry(EvaluationLapsed(due_on=due), "2028-03-02"))
    rows = _rows(story)
    assert rows[Phase.EVALUATE].evaluation_due_on == due
    assert rows[Phase.EVALUATE].evaluation_lapsed_on == due
    assert rows[Phase.EXECUTE].evaluation_due_on is None


def test_of_two_terms_the_first_that_no_evaluation_met_is_shown() -> None:
    first, second = date(2027, 1, 1), date(2028, 1, 1)
    story = _story(
        (
            "2026-01-01",
            EvaluationFellDue(due_on=second, since="phase", started_on=date(2026, 1, 1)),
        ),
        ("2026-01-02", EvaluationFellDue(due_on=first, since="entry", started_on=date(2026, 1, 2))),
    )
    assert _rows(story)[Phase.EVALUATE].evaluation_due_on == first
    story.tell(JOURNEY, by_ministry(JourneyEvaluated(findings="te vroeg"), "2026-01-01"))
    assert _rows(story)[Phase.EVALUATE].evaluation_due_on == first
    story.tell(JOURNEY, by_ministry(JourneyEvaluated(findings="werkt"), "2026-05-01"))
    row = _rows(story)[Phase.EVALUATE]
    assert (row.evaluation_due_on, row.evaluation_lapsed_on) == (second, None)


def test_a_prototype_and_a_trial_stand_in_the_phase_in_which_they_were_made() -> None:
    story = _story(
        ("2026-01-01", PrototypeMade(prototype="p0", text="schets")),
        ("2026-01-02", PhaseEntered(phase=Phase.EXPLORE)),
        ("2026-02-02", PhaseEntered(phase=Phase.DEVELOP)),
        ("2026-02-03", PrototypeMade(prototype="p1", text="formulier")),
        ("2026-02-04", TrialRun(trial="t1", outcome="mislukt")),
    )
    rows = _rows(story)
    assert [p.prototype for p in rows[None].prototypes] == ["p0"]
    assert [p.prototype for p in rows[Phase.DEVELOP].prototypes] == ["p1"]
    assert [t.trial for t in rows[Phase.DEVELOP].trials] == ["t1"]


def test_one_journey_can_be_asked_for() -> None:
    known = _story().known()
    assert len(journey_timeline(known, moment(), journey=JOURNEY)) == 4
    assert journey_timeline(known, moment(), journey="other") == []
