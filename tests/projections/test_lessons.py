"""What was learned, in which context, and with which side effects?"""

from tests.projections.policy_facts import JOURNEY, Story, by_ministry, moment
from uitvoering.domain.events.journey import (
    JourneyEvaluated,
    JourneyStarted,
    Phase,
    PhaseEntered,
    TrialRun,
)
from uitvoering.projections.lessons import LessonKind, lessons

TRIED = TrialRun(
    trial="t1",
    outcome="niemand kwam",
    area="Groningen",
    lesson="ga eerst langs",
    side_effects="wantrouwen",
)


def _story() -> Story:
    return Story().tell(
        JOURNEY,
        by_ministry(JourneyStarted(title="Beleid"), "2026-01-01"),
        by_ministry(PhaseEntered(phase=Phase.EXPLORE), "2026-01-02"),
    )


def test_a_failed_trial_teaches_with_where_and_what_else_happened() -> None:
    (row,) = lessons(_story().tell(JOURNEY, by_ministry(TRIED, "2026-02-01")).known(), moment())
    assert (row.kind, row.lesson, row.outcome) == (
        LessonKind.TRIAL,
        "ga eerst langs",
        "niemand kwam",
    )
    assert (row.area, row.side_effects, row.phase) == ("Groningen", "wantrouwen", Phase.EXPLORE)


def test_a_trial_without_a_lesson_is_not_listed() -> None:
    story = _story().tell(JOURNEY, by_ministry(TrialRun(trial="t2", outcome="goed"), "2026-02-01"))
    assert lessons(story.known(), moment()) == []


def test_the_findings_of_an_evaluation_are_a_lesson() -> None:
    evaluated = JourneyEvaluated(findings="werkt niet in de stad", locator="kst-1")
    story = _story().tell(JOURNEY, by_ministry(evaluated, "2026-03-01"))
    story.tell(JOURNEY, by_ministry(TRIED, "2026-02-01"))
    rows = lessons(story.known(), moment())
    assert [r.kind for r in rows] == [LessonKind.TRIAL, LessonKind.EVALUATION]
    assert (rows[1].lesson, rows[1].locator) == ("werkt niet in de stad", "kst-1")


def test_lessons_can_be_asked_by_journey_and_area() -> None:
    known = _story().tell(JOURNEY, by_ministry(TRIED, "2026-02-01")).known()
    assert len(lessons(known, moment(), journey=JOURNEY, area="Groningen")) == 1
    assert lessons(known, moment(), area="Limburg") == []
    assert lessons(known, moment(), journey="other") == []
