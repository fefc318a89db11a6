"""Which phases did a policy go through, when, for how long, and which is missing?"""

from datetime import date

from uitvoering.domain.events.journey import Phase
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.journey_parts import Prototype, Skip, Trial, Visit
from uitvoering.projections.journeys import JourneyDocument


class JourneyPhase(Row):
    """One phase of one journey; every journey has the four phases and, if need be, a start row."""

    journey: str
    title: str
    phase: Phase | None
    """Null: what was made or tried before any phase was entered."""
    entered_on: date | None
    """First entry; null: never entered by this moment."""
    left_on: date | None
    """Last leave; null while it is open or was never entered."""
    days: int
    """In the phase, over all visits, an open one counted up to today."""
    visits: tuple[Visit, ...]
    revisits: int
    skips: tuple[Skip, ...]
    missing_from: date | None
    """The day a later phase was entered without this one; for `evaluate` the entry into execute."""
    missing_until: date | None
    """The day it was entered (for `evaluate`: or evaluated), or the moment of asking."""
    days_missing: int
    evaluation_due_on: date | None
    """On the row of `evaluate` only, as are the two below."""
    evaluation_lapsed_on: date | None
    evaluated_on: date | None
    prototypes: tuple[Prototype, ...]
    """Made while this phase was the last one entered; trials alike."""
    trials: tuple[Trial, ...]


def journey_timeline(
    documents: Documents, moment: Moment, *, journey: str | None = None
) -> list[JourneyPhase]:
    """List by journey, then in the order of the phases."""
    return [
        row
        for key, known in documents.all(JourneyDocument)
        if journey in (None, key)
        for row in _of_journey(key, known, moment.today)
    ]


def _of_journey(key: str, journey: JourneyDocument, today: date) -> list[JourneyPhase]:
    rows = [_row(key, journey, phase, today) for phase in (None, *Phase)]
    return [row for row in rows if row.phase or row.prototypes or row.trials]


def _row(key: str, journey: JourneyDocument, phase: Phase | None, today: date) -> JourneyPhase:
    visits = tuple(v for v in journey.visits if v.phase == phase)
    missing = _missing(journey, phase, today) if phase else None
    leaves = [v.left_on for v in visits if v.left_on is not None]
    evaluate = phase == Phase.EVALUATE
    term = journey.term_shown() if evaluate else None
    evaluated = [e.evaluated_on for e in journey.evaluations]
    return JourneyPhase(
        journey=key,
        title=journey.title,
        phase=phase,
        entered_on=_entered(journey, phase) if phase else None,
        left_on=max(leaves) if leaves and len(leaves) == len(visits) else None,
        days=sum(max(0, ((v.left_on or today) - v.entered_on).days) for v in visits),
        visits=visits,
        revisits=max(0, len(visits) - 1),
        skips=tuple(s for s in journey.skips if s.phase == phase),
        missing_from=missing[0] if missing else None,
        missing_until=missing[1] if missing else None,
        days_missing=(missing[1] - missing[0]).days if missing else 0,
        evaluation_due_on=term.due_on if term else None,
        evaluation_lapsed_on=term.due_on if term and term.lapsed else None,
        evaluated_on=min(evaluated) if evaluate and evaluated else None,
        prototypes=tuple(p for p in journey.prototypes if journey.phase_on(p.made_on) == phase),
        trials=tuple(t for t in journey.trials if journey.phase_on(t.run_on) == phase),
    )


def _entered(journey: JourneyDocument, phase: Phase) -> date | None:
    return min((v.entered_on for v in journey.visits if v.phase == phase), default=None)


def _missing(journey: JourneyDocument, phase: Phase, today: date) -> tuple[date, date] | None:
    """From when until when the phase was missing; entering it the same day fills it.

    A phase is missing from the first entry into any later one. Nothing comes after `evaluate`: it
    is missing from the entry into execute, because that entry makes an evaluation due (DOMAIN 7.4).
    """
    order = list(Phase)
    later = [p for p in order if order.index(p) > order.index(phase)] or [Phase.EXECUTE]
    since = min((d for p in later if (d := _entered(journey, p)) is not None), default=None)
    filled = [d for d in (_entered(journey, phase),) if d is not None]
    if phase == Phase.EVALUATE:
        filled += [e.evaluated_on for e in journey.evaluations]
    until = min(filled, default=None)
    if since is None or (until is not None and until <= since):
        return None
    return since, max(since, until or today)
