"""Which phases did a policy go through, and what was found and tried there (beleidsjourney)?"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, assert_never

from uitvoering.domain import refusals_of_policies as refused
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
from uitvoering.domain.events.journey import (
    ChallengeFound,
    ChallengeKind,
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
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Statement

Basis = Literal["consent", "synthetic"]
Coded = Literal["story", "finding", "recommendation", "prototype", "trial"]


@dataclass(frozen=True, slots=True)
class PolicyJourney:
    id: str
    version: int = 0
    said: frozenset[Saying] = frozenset()
    title: str = ""
    proposal: str | None = None
    entered: frozenset[Phase] = frozenset()
    """Phases the journey was ever in."""
    open: frozenset[Phase] = frozenset()
    """Phases the journey is in now; there may be several."""
    codes: frozenset[tuple[Coded, str]] = frozenset()
    """What has a code of its own, so that a code names one thing of its sort."""
    actionable: frozenset[str] = frozenset()
    """Recommendations with an instrument or a colleague: computed from the links, never claimed."""
    evaluations_due: tuple[EvaluationFellDue, ...] = ()
    evaluated_on: tuple[date, ...] = ()
    lapsed: frozenset[date] = frozenset()
    """Due dates of the evaluations that lapsed."""
    closed_on: date | None = None

    @property
    def evaluation_due(self) -> EvaluationFellDue | None:
        """The evaluation still owed, also after it lapsed."""
        owed = [due for due in self.evaluations_due if not self._evaluated(due, date.max)]
        return owed[-1] if owed else None

    def enter_phase(
        self, act: Act, *, phase: Phase, statement: Statement | None, terms: Terms
    ) -> tuple[Fact, ...]:
        """Enter a new phase; `execute` makes an evaluation due, unless one is owed already."""
        fact = PhaseEntered(phase=phase, statement=statement)
        if self._is_retry(fact, act):
            return ()
        # A public source tells when a phase was entered again, seldom why it was revisited.
        if phase in self.entered and act.source is None:
            raise refused.PhaseEnteredBeforeError(phase=phase)
        if phase is Phase.EXECUTE and self.evaluation_due is None:
            return (fact, _fell_due("phase", act.happened_on, terms))
        return (fact,)

    def leave_phase(self, act: Act, *, phase: Phase) -> tuple[Fact, ...]:
        fact = PhaseLeft(phase=phase)
        if self._is_retry(fact, act):
            return ()
        if phase not in self.open:
            raise refused.PhaseNotOpenError(phase=phase, open=self.open)
        return (fact,)

    def skip_phase(self, act: Act, *, phase: Phase, reason: str) -> tuple[Fact, ...]:
        """Say why a phase is passed over; it may still be entered later."""
        fact = PhaseSkipped(phase=phase, reason=reason)
        if self._is_retry(fact, act):
            return ()
        if phase in self.entered:
            raise refused.PhaseNotSkippedError(phase=phase)
        return (fact,)

    def revisit_phase(self, act: Act, *, phase: Phase, reason: str) -> tuple[Fact, ...]:
        """Go back, also while still in the phase: leaving it is not always written down."""
        fact = PhaseRevisited(phase=phase, reason=reason)
        if self._is_retry(fact, act):
            return ()
        if phase not in self.entered:
            raise refused.PhaseNeverEnteredError(phase=phase, entered=self.entered)
        return (fact,)

    def add_user_story(
        self, act: Act, *, story: str, phase: Phase, text: str, basis: Basis
    ) -> tuple[Fact, ...]:
        fact = UserStoryAdded(story=story, phase=phase, text=text, basis=basis)
        return self._under_code("story", story, fact, act)

    def find_opportunity(
        self, act: Act, *, finding: str, phase: Phase, text: str
    ) -> tuple[Fact, ...]:
        fact = OpportunityFound(finding=finding, phase=phase, text=text)
        return self._under_code("finding", finding, fact, act)

    def find_challenge(
        self, act: Act, *, finding: str, phase: Phase, kind: ChallengeKind, text: str
    ) -> tuple[Fact, ...]:
        fact = ChallengeFound(finding=finding, phase=phase, kind=kind, text=text)
        return self._under_code("finding", finding, fact, act)

    def give_recommendation(
        self, act: Act, *, recommendation: str, phase: Phase, text: str, finding: str | None
    ) -> tuple[Fact, ...]:
        fact = RecommendationGiven(
            recommendation=recommendation, phase=phase, text=text, finding=finding
        )
        given = self._under_code("recommendation", recommendation, fact, act)
        if given and finding is not None and ("finding", finding) not in self.codes:
            raise refused.JourneyFindingUnknownError(finding=finding, known=self._known("finding"))
        return given

    def link_instrument(
        self, act: Act, *, recommendation: str, instrument: str
    ) -> tuple[Fact, ...]:
        fact = InstrumentLinked(recommendation=recommendation, instrument=instrument)
        return self._help(recommendation, fact, act)

    def link_colleague(self, act: Act, *, recommendation: str, role: str) -> tuple[Fact, ...]:
        fact = ColleagueLinked(recommendation=recommendation, role=role)
        return self._help(recommendation, fact, act)

    def attach_test(self, act: Act, *, test: str) -> tuple[Fact, ...]:
        fact = TestAttached(test=test)
        return () if self._is_retry(fact, act) else (fact,)

    def attach_signal(self, act: Act, *, signal: str) -> tuple[Fact, ...]:
        fact = SignalAttached(signal=signal)
        return () if self._is_retry(fact, act) else (fact,)

    def make_prototype(self, act: Act, *, prototype: str, text: str) -> tuple[Fact, ...]:
        fact = PrototypeMade(prototype=prototype, text=text)
        return self._under_code("prototype", prototype, fact, act)

    def run_trial(
        self,
        act: Act,
        *,
        trial: str,
        outcome: str,
        area: str | None,
        lesson: str | None,
        side_effects: str | None,
    ) -> tuple[Fact, ...]:
        fact = TrialRun(
            trial=trial, outcome=outcome, area=area, lesson=lesson, side_effects=side_effects
        )
        return self._under_code("trial", trial, fact, act)

    def evaluate(self, act: Act, *, findings: str, locator: str | None) -> tuple[Fact, ...]:
        fact = JourneyEvaluated(findings=findings, locator=locator)
        return () if self._is_retry(fact, act) else (fact,)

    def close(self, act: Act, *, reason: str | None) -> tuple[Fact, ...]:
        fact = JourneyClosed(reason=reason)
        if self._is_retry(fact, act):
            return ()
        if (due := self.evaluation_due) is not None and reason is None:
            raise refused.ClosingReasonMissingError(due_on=due.due_on)
        return (fact,)

    def evaluation_due_from_entry(self, entered_on: date, terms: Terms) -> tuple[Fact, ...]:
        """Make an evaluation due when the proposal enters into force, unless one fell due."""
        if self.evaluations_due or self.closed_on is not None:
            return ()
        return (_fell_due("entry", entered_on, terms),)

    def lapses(self, until: date) -> tuple[Fact, ...]:
        """Return each evaluation not made by its due date, once; closing in time ends the term."""
        return tuple(
            EvaluationLapsed(due_on=due.due_on)
            for due in self.evaluations_due
            if due.due_on < until
            and due.due_on not in self.lapsed
            and not self._evaluated(due, due.due_on)
            and (self.closed_on is None or self.closed_on > due.due_on)
        )

    def _evaluated(self, due: EvaluationFellDue, by: date) -> bool:
        return any(due.started_on <= day <= by for day in self.evaluated_on)

    def _is_retry(self, fact: Fact, act: Act) -> bool:
        """Recognise a retry, even after closing; anything new is then refused."""
        if saying(fact, act) in self.said:
            return True
        if self.closed_on is not None:
            raise refused.JourneyClosedError(closed_on=self.closed_on)
        return False

    def _under_code(self, sort: Coded, code: str, fact: Fact, act: Act) -> tuple[Fact, ...]:
        if self._is_retry(fact, act):
            return ()
        if (sort, code) in self.codes:
            raise refused.JourneyCodeTakenError(taken=code, known=self._known(sort))
        return (fact,)

    def _help(self, recommendation: str, fact: Fact, act: Act) -> tuple[Fact, ...]:
        if self._is_retry(fact, act):
            return ()
        if ("recommendation", recommendation) not in self.codes:
            raise refused.JourneyRecommendationUnknownError(
                recommendation=recommendation, known=self._known("recommendation")
            )
        return (fact,)

    def _known(self, sort: Coded) -> frozenset[str]:
        return frozenset(code for of, code in self.codes if of == sort)

    def with_code(self, sort: Coded, code: str) -> "PolicyJourney":
        return replace(self, codes=self.codes | {(sort, code)})


def start(
    state: PolicyJourney | None, act: Act, *, title: str, proposal: str | None
) -> tuple[Fact, ...]:
    fact = JourneyStarted(title=title, proposal=proposal)
    if state is None:
        return (fact,)
    if saying(fact, act) in state.said:
        return ()
    raise refused.JourneyAlreadyStartedError(title=state.title)


def _fell_due(since: Literal["phase", "entry"], on: date, terms: Terms) -> EvaluationFellDue:
    due_on = terms.months(PolicyName.EVALUATION_MONTHS, on)
    return EvaluationFellDue(due_on=due_on, since=since, started_on=on)


def evolve(state: PolicyJourney | None, event: Recorded[Any]) -> PolicyJourney:
    fact: JourneyFact = event.fact
    before = state or PolicyJourney(id=event.originator_id)
    after = replace(
        before, version=event.originator_version, said=before.said | {saying(fact, event)}
    )
    match fact:
        case JourneyStarted():
            return replace(after, title=fact.title, proposal=fact.proposal)
        case PhaseEntered() | PhaseRevisited():
            here = {fact.phase}
            return replace(after, entered=after.entered | here, open=after.open | here)
        case PhaseLeft():
            return replace(after, open=after.open - {fact.phase})
        case UserStoryAdded():
            return after.with_code("story", fact.story)
        case OpportunityFound() | ChallengeFound():
            return after.with_code("finding", fact.finding)
        case RecommendationGiven():
            return after.with_code("recommendation", fact.recommendation)
        case InstrumentLinked() | ColleagueLinked():
            return replace(after, actionable=after.actionable | {fact.recommendation})
        case PrototypeMade():
            return after.with_code("prototype", fact.prototype)
        case TrialRun():
            return after.with_code("trial", fact.trial)
        case EvaluationFellDue():
            return replace(after, evaluations_due=(*after.evaluations_due, fact))
        case EvaluationLapsed():
            return replace(after, lapsed=after.lapsed | {fact.due_on})
        case JourneyEvaluated():
            return replace(after, evaluated_on=(*after.evaluated_on, event.happened_on))
        case JourneyClosed():
            return replace(after, closed_on=event.happened_on)
        case PhaseSkipped() | TestAttached() | SignalAttached():
            return after
        case _:
            assert_never(fact)
