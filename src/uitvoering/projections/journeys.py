"""What is known of one policy journey: phases, stories, findings, trials and evaluations?"""

from datetime import date
from typing import ClassVar, assert_never

from uitvoering.domain.events.journey import (
    ChallengeFound,
    ColleagueLinked,
    EvaluationFellDue,
    EvaluationLapsed,
    InstrumentLinked,
    JourneyClosed,
    JourneyEvaluated,
    JourneyFact,
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
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.projections.documents import Document, Documents
from uitvoering.projections.journey_parts import (
    Evaluation,
    EvaluationTerm,
    Found,
    Help,
    Prototype,
    Skip,
    Trial,
    Visit,
    challenge_in,
    opportunity_in,
    story_in,
)


class JourneyDocument(Document):
    """One journey."""

    VIEW: ClassVar[str] = "journeys"

    title: str
    proposal: str | None
    started_on: date
    visits: tuple[Visit, ...] = ()
    """In the order in which they were recorded; phases iterate freely."""
    skips: tuple[Skip, ...] = ()
    found: tuple[Found, ...] = ()
    """User stories, opportunities and challenges."""
    recommendations: tuple[Help, ...] = ()
    prototypes: tuple[Prototype, ...] = ()
    trials: tuple[Trial, ...] = ()
    tests: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    terms: tuple[EvaluationTerm, ...] = ()
    """Every evaluation that was ever owed."""
    evaluations: tuple[Evaluation, ...] = ()
    closed_on: date | None = None
    close_reason: str | None = None

    def term_shown(self) -> EvaluationTerm | None:
        """Give the first term that no evaluation since its start has met, else the last met one."""
        last = max((e.evaluated_on for e in self.evaluations), default=date.min)
        by_due = sorted(self.terms, key=lambda t: t.due_on)
        unmet = [t for t in by_due if last < t.started_on or t.lapsed]
        return next(iter(unmet or by_due[-1:]), None)

    def phase_on(self, day: date) -> Phase | None:
        """Name the phase last entered on or before the day; None before any."""
        known = [v for v in self.visits if v.entered_on <= day]
        return max(reversed(known), key=lambda v: v.entered_on).phase if known else None


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Skip a journey whose start is not visible at the moment asked: it is not known then."""
    fact = event.fact
    if not isinstance(fact, JourneyFact):
        return
    if isinstance(fact, JourneyStarted):
        started = JourneyDocument(
            title=fact.title, proposal=fact.proposal, started_on=event.happened_on
        )
        documents.put(event.originator_id, started)
        return
    before = documents.get(JourneyDocument, event.originator_id)
    if before is not None:
        changes = _changes(event, fact, before)
        documents.put(event.originator_id, before.model_copy(update=changes))


def _changes(event: AnyRecorded, fact: JourneyFact, before: JourneyDocument) -> dict[str, object]:
    on = event.happened_on
    match fact:
        case JourneyStarted():
            return {}
        case PhaseEntered() | PhaseRevisited():
            return {"visits": (*before.visits, _visit(event, fact))}
        case PhaseLeft():
            return {"visits": _left(before.visits, fact.phase, on)}
        case PhaseSkipped():
            skip = Skip(phase=fact.phase, skipped_on=on, reason=fact.reason)
            return {"skips": (*before.skips, skip)}
        case UserStoryAdded():
            return {"found": (*before.found, story_in(event, fact))}
        case OpportunityFound():
            return {"found": (*before.found, opportunity_in(event, fact))}
        case ChallengeFound():
            return {"found": (*before.found, challenge_in(event, fact))}
        case RecommendationGiven():
            given = Help(
                recommendation=fact.recommendation,
                phase=fact.phase,
                text=fact.text,
                finding=fact.finding,
                given_on=on,
            )
            return {"recommendations": (*before.recommendations, given)}
        case InstrumentLinked():
            return _helped(before, fact.recommendation, instrument=fact.instrument)
        case ColleagueLinked():
            return _helped(before, fact.recommendation, colleague=fact.role)
        case TestAttached():
            return {"tests": (*before.tests, fact.test)}
        case SignalAttached():
            return {"signals": (*before.signals, fact.signal)}
        case PrototypeMade():
            made = Prototype(prototype=fact.prototype, text=fact.text, made_on=on)
            return {"prototypes": (*before.prototypes, made)}
        case TrialRun():
            return {"trials": (*before.trials, _trial(event, fact))}
        case EvaluationFellDue():
            term = EvaluationTerm(since=fact.since, started_on=fact.started_on, due_on=fact.due_on)
            return {"terms": (*before.terms, term)}
        case EvaluationLapsed():
            return {"terms": _lapsed(before.terms, fact.due_on)}
        case JourneyEvaluated():
            evaluation = Evaluation(
                event=event.event_id, findings=fact.findings, locator=fact.locator, evaluated_on=on
            )
            return {"evaluations": (*before.evaluations, evaluation)}
        case JourneyClosed():
            return {"closed_on": on, "close_reason": fact.reason}
        case _:
            assert_never(fact)


def _visit(event: AnyRecorded, fact: PhaseEntered | PhaseRevisited) -> Visit:
    return Visit(
        event=event.event_id,
        phase=fact.phase,
        entered_on=event.happened_on,
        revisit_reason=fact.reason if isinstance(fact, PhaseRevisited) else None,
        statement=fact.statement if isinstance(fact, PhaseEntered) else None,
    )


def _left(visits: tuple[Visit, ...], phase: Phase, on: date) -> tuple[Visit, ...]:
    """Close the last open visit to the phase."""
    still_open = [n for n, v in enumerate(visits) if v.phase == phase and v.left_on is None]
    return tuple(
        v.model_copy(update={"left_on": on}) if still_open and n == still_open[-1] else v
        for n, v in enumerate(visits)
    )


def _lapsed(terms: tuple[EvaluationTerm, ...], due_on: date) -> tuple[EvaluationTerm, ...]:
    return tuple(t.model_copy(update={"lapsed": True}) if t.due_on == due_on else t for t in terms)


def _helped(
    before: JourneyDocument,
    recommendation: str,
    *,
    instrument: str | None = None,
    colleague: str | None = None,
) -> dict[str, object]:
    return {
        "recommendations": tuple(
            h.with_help(instrument=instrument, colleague=colleague)
            if h.recommendation == recommendation
            else h
            for h in before.recommendations
        )
    }


def _trial(event: AnyRecorded, fact: TrialRun) -> Trial:
    return Trial(
        event=event.event_id,
        trial=fact.trial,
        outcome=fact.outcome,
        area=fact.area,
        lesson=fact.lesson,
        side_effects=fact.side_effects,
        run_on=event.happened_on,
    )
