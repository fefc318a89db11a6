"""What was learned, in which context, and with which side effects?"""

from datetime import date
from enum import StrEnum

from uitvoering.domain.events.journey import Phase
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.journeys import JourneyDocument


class LessonKind(StrEnum):
    """Where a lesson comes from."""

    TRIAL = "trial"
    EVALUATION = "evaluation"


class Lesson(Row):
    """One lesson, from a trial (failed ones included) or an evaluation."""

    journey: str
    title: str
    event: str
    kind: LessonKind
    phase: Phase | None
    trial: str | None
    """The trial it comes from; null for an evaluation."""
    lesson: str
    outcome: str | None
    area: str | None
    """Where it was tried: what works here may not work there."""
    side_effects: str | None
    locator: str | None
    learned_on: date


def lessons(
    documents: Documents,
    moment: Moment,  # noqa: ARG001 every read model is asked at a moment; this one has no terms
    *,
    journey: str | None = None,
    area: str | None = None,
) -> list[Lesson]:
    """List by day, then by event; a trial that taught nothing stands on the board, not here."""
    rows = [
        row
        for key, known in documents.all(JourneyDocument)
        if journey in (None, key)
        for row in _of_journey(key, known)
        if area in (None, row.area)
    ]
    return sorted(rows, key=lambda row: (row.learned_on, row.event))


def _of_journey(key: str, journey: JourneyDocument) -> list[Lesson]:
    tried = [
        Lesson(
            journey=key,
            title=journey.title,
            event=t.event,
            kind=LessonKind.TRIAL,
            phase=journey.phase_on(t.run_on),
            trial=t.trial,
            lesson=t.lesson,
            outcome=t.outcome,
            area=t.area,
            side_effects=t.side_effects,
            locator=None,
            learned_on=t.run_on,
        )
        for t in journey.trials
        if t.lesson is not None
    ]
    evaluated = [
        Lesson(
            journey=key,
            title=journey.title,
            event=e.event,
            kind=LessonKind.EVALUATION,
            phase=journey.phase_on(e.evaluated_on),
            trial=None,
            lesson=e.findings,
            outcome=None,
            area=None,
            side_effects=None,
            locator=e.locator,
            learned_on=e.evaluated_on,
        )
        for e in journey.evaluations
    ]
    return [*tried, *evaluated]
