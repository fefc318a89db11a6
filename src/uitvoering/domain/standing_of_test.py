"""Where a test stands: what its facts add up to, who may act on it, and until when."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self, assert_never

from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.acts import Act
from uitvoering.domain.events import implementation_test as facts
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
from uitvoering.domain.values import Statement


@dataclass(frozen=True, slots=True)
class StandingOfTest:
    """What later decisions have to know; the words themselves stay in the facts."""

    id: str
    version: int
    said: frozenset[Saying]
    request: facts.TestRequested
    requester: str
    """The organisation that asked: it may comment, and never edits."""
    requested_on: date
    due_on: date
    term_fixed: bool = False
    """Set or extended since the request; from then on it is only extended."""
    accepted: bool = False
    begun: bool = False
    """The tester has put something on record."""
    declined: bool = False
    chain: tuple[str, ...] = ()
    assessed: frozenset[str] = frozenset()
    conditions: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    verdict_given: bool = False
    concluded: bool = False
    superseded_by: str | None = None

    @property
    def tester(self) -> str:
        return self.request.tester

    def next(self, event: Recorded[Any], fact: facts.TestFact) -> Self:
        """Stand one fact further; only evolve calls this."""
        now = replace(
            self,
            version=event.originator_version,
            said=self.said | {saying(fact, event)},
            begun=self.begun or isinstance(fact, _WORK),
        )
        match fact:
            case facts.TestAccepted():
                return replace(now, accepted=True)
            case facts.TestDeclined():
                return replace(now, declined=True)
            case facts.TermSet() | facts.TermExtended():
                return replace(now, due_on=fact.due_on, term_fixed=True)
            case facts.ChainPartyAdded():
                return replace(now, chain=(*self.chain, fact.party))
            case facts.AspectAssessed():
                return replace(now, assessed=self.assessed | {fact.aspect})
            case facts.ConditionStated():
                return replace(now, conditions=(*self.conditions, fact.condition))
            case facts.RecommendationMade():
                return replace(now, recommendations=(*self.recommendations, fact.recommendation))
            case facts.VerdictGiven():
                return replace(now, verdict_given=True)
            case facts.TestConcluded():
                return replace(now, concluded=True)
            case facts.TestSuperseded():
                return replace(now, superseded_by=fact.by)
            case (
                facts.TestRequested()
                | facts.DisruptionRated()
                | facts.CostEstimated()
                | facts.StaffingEstimated()
                | facts.DraftShared()
                | facts.CommentReceived()
                | facts.PassageRewritten()
                | facts.TestPublished()
                | facts.CarrierStated()
            ):
                return now
            case _:
                assert_never(fact)

    def _repeats(self, fact: Fact, act: Act) -> bool:
        return saying(fact, act) in self.said

    def _put_by_tester(self, fact: Fact, act: Act) -> tuple[Fact, ...]:
        """Put a fact that asks for nothing but an open test and the right hand."""
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        return (fact,)

    def _refuse_unless_open_to_tester(self, act: Act) -> None:
        self._refuse_unless_open()
        self._refuse_unless_tester(act)

    def _refuse_unless_open(self) -> None:
        self._refuse_if_declined()
        self._refuse_if_superseded()
        if self.concluded:
            raise refused.TestConcludedError(test=self.id)

    def _refuse_if_declined(self) -> None:
        if self.declined:
            raise refused.TestDeclinedError(tester=self.tester, test=self.id)

    def _refuse_if_superseded(self) -> None:
        if self.superseded_by is not None:
            raise refused.TestSupersededError(test=self.id, by=self.superseded_by)

    def _refuse_unless_tester(self, act: Act) -> None:
        if act.organisation != self.tester:
            raise refused.TesterOnlyError(tester=self.tester, organisation=act.organisation)

    def _refuse_unless_party(self, act: Act, *parties: str) -> None:
        if act.organisation not in parties:
            raise refused.TestPartyOnlyError(parties=parties, organisation=act.organisation)

    def _refuse_half_a_verdict(self, fact: facts.VerdictGiven) -> None:
        match fact.verdict:
            case None:
                raise refused.VerdictMissingError(verdicts=tuple(facts.Verdict))
            case facts.Verdict.FEASIBLE_IF if not self.conditions:
                raise refused.VerdictWithoutConditionError
            case facts.Verdict.FEASIBLE_LATER if fact.feasible_from is None:
                raise refused.VerdictWithoutDateError
            case _:
                pass


_WORK = (
    facts.AspectAssessed,
    facts.DisruptionRated,
    facts.CostEstimated,
    facts.StaffingEstimated,
    facts.ConditionStated,
    facts.RecommendationMade,
    facts.DraftShared,
    facts.PassageRewritten,
    facts.VerdictGiven,
)
"""After any of these the tester can no longer decline."""


def spaced_once(statement: Statement) -> Statement:
    """White space alone is no rewriting."""
    return statement.model_copy(update={"text": " ".join(statement.text.split())})
