"""One test (uitvoeringstoets) of one proposal version: requested, assessed, concluded."""

from datetime import date, timedelta
from typing import Any

from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.acts import Act
from uitvoering.domain.events import implementation_test as facts
from uitvoering.domain.events.fact import Fact, Recorded, saying
from uitvoering.domain.standing_of_test import StandingOfTest, spaced_once
from uitvoering.domain.values import Level, Role, Statement
from uitvoering.errors import TamperedError


class ImplementationTest(StandingOfTest):
    """Each decision gives its fact, or () when it was told before, or refuses."""

    __slots__ = ()

    def request_again(self, act: Act, requested: facts.TestRequested) -> tuple[Fact, ...]:
        if self._repeats(requested, act):
            return ()
        raise refused.TestAlreadyRequestedError(
            test=self.id, tester=self.tester, requested_on=self.requested_on
        )

    def accept_test(self, act: Act) -> tuple[Fact, ...]:
        fact = facts.TestAccepted()
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        if self.accepted:
            raise refused.TestAlreadyAcceptedError(tester=self.tester)
        return (fact,)

    def decline_test(self, act: Act, *, reason: str) -> tuple[Fact, ...]:
        fact = facts.TestDeclined(reason=reason)
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        if self.accepted or self.begun:
            raise refused.TestAlreadyAcceptedError(tester=self.tester)
        return (fact,)

    def set_term(self, act: Act, *, due_on: date) -> tuple[Fact, ...]:
        """Once, earlier or later than the term of the request; after that it is extended."""
        fact = facts.TermSet(due_on=due_on)
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open()
        self._refuse_unless_party(act, self.requester, self.tester)
        if self.term_fixed:
            raise refused.TermAlreadySetError(due_on=self.due_on)
        if due_on < self.requested_on:
            raise refused.TermBeforeRequestError(due_on=due_on, requested_on=self.requested_on)
        return (fact,)

    def extend_term(self, act: Act, *, due_on: date, reason: str) -> tuple[Fact, ...]:
        fact = facts.TermExtended(due_on=due_on, reason=reason)
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open()
        self._refuse_unless_party(act, self.requester, self.tester)
        if due_on <= self.due_on:
            raise refused.TermNotLaterError(due_on=due_on, present=self.due_on)
        return (fact,)

    def add_chain_party(self, act: Act, *, party: str) -> tuple[Fact, ...]:
        fact = facts.ChainPartyAdded(party=party)
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open()
        self._refuse_unless_party(act, self.requester, self.tester)
        if party in self.chain:
            raise refused.ChainPartyAlreadyAddedError(party=party, parties=self.chain)
        return (fact,)

    def assess_aspect(
        self,
        act: Act,
        *,
        aspect: str,
        impact: facts.Impact,
        statement: Statement | None = None,
        reason: str | None = None,
    ) -> tuple[Fact, ...]:
        """Another assessment of the same aspect takes the place of the earlier one."""
        fact = facts.AspectAssessed(
            aspect=aspect, impact=impact, statement=statement, reason=reason
        )
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        known = (*self.request.aspects, *self.request.optional_aspects)
        if known and aspect not in known:
            raise refused.AspectUnknownError(
                aspect=aspect, template=self.request.template, aspects=known
            )
        if impact is facts.Impact.NVT and reason is None:
            raise refused.AspectReasonMissingError(aspect=aspect)
        return (fact,)

    def rate_disruption(self, act: Act, *, disruption: facts.Disruption) -> tuple[Fact, ...]:
        return self._put_by_tester(facts.DisruptionRated(disruption=disruption), act)

    def estimate_cost(
        self, act: Act, *, eur: int, recurrence: facts.CostRecurrence, item: facts.CostItem
    ) -> tuple[Fact, ...]:
        return self._put_by_tester(
            facts.CostEstimated(eur=eur, recurrence=recurrence, item=item), act
        )

    def estimate_staffing(
        self, act: Act, *, fte_tenths: int, recurrence: facts.CostRecurrence
    ) -> tuple[Fact, ...]:
        return self._put_by_tester(
            facts.StaffingEstimated(fte_tenths=fte_tenths, recurrence=recurrence), act
        )

    def state_condition(
        self,
        act: Act,
        *,
        condition: str,
        statement: Statement | None = None,
        theme: str | None = None,
        to: Level | None = None,
    ) -> tuple[Fact, ...]:
        fact = facts.ConditionStated(condition=condition, statement=statement, theme=theme, to=to)
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        # A public source may tell that the same condition was stated again.
        if condition in self.conditions and act.source is None:
            raise refused.ConditionAlreadyStatedError(condition=condition, stated=self.conditions)
        return (fact,)

    def make_recommendation(
        self,
        act: Act,
        *,
        recommendation: str,
        statement: Statement | None = None,
        theme: str | None = None,
        to: Level | None = None,
    ) -> tuple[Fact, ...]:
        fact = facts.RecommendationMade(
            recommendation=recommendation, statement=statement, theme=theme, to=to
        )
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        if recommendation in self.recommendations:
            raise refused.RecommendationAlreadyMadeError(
                recommendation=recommendation, made=self.recommendations
            )
        return (fact,)

    def share_draft(
        self, act: Act, *, carrier: str, statement: Statement, to: tuple[Level, ...]
    ) -> tuple[Fact, ...]:
        return self._put_by_tester(
            facts.DraftShared(carrier=carrier, statement=statement, to=to), act
        )

    def comment(self, act: Act, *, comment: str, by: Level | None = None) -> tuple[Fact, ...]:
        """Comment for the own level; the tester also records what others told it."""
        fact = facts.CommentReceived(comment=comment, by=by or act.level)
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open()
        self._refuse_unless_party(act, self.requester, self.tester, *self.chain)
        if act.organisation != self.tester and fact.by is not act.level:
            raise refused.CommentByOtherLevelError(by=by, level=act.level, tester=self.tester)
        return (fact,)

    def rewrite_passage(
        self,
        act: Act,
        *,
        before: Statement,
        after: Statement,
        asked_by: Level,
        reason: str,
        asked_by_organisation: str | None = None,
        carrier: str | None = None,
    ) -> tuple[Fact, ...]:
        """Rewrite at someone's asking; what stood there stays on record."""
        fact = facts.PassageRewritten(
            before=before,
            after=after,
            asked_by=asked_by,
            asked_by_organisation=asked_by_organisation,
            reason=reason,
            carrier=carrier,
        )
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open()
        if act.organisation == self.requester or act.actor_role is Role.REQUESTER:
            raise refused.RequesterMayNotEditError(organisation=act.organisation)
        self._refuse_unless_tester(act)
        if spaced_once(before) == spaced_once(after):
            raise refused.PassageNotRewrittenError
        return (fact,)

    def give_verdict(
        self,
        act: Act,
        *,
        verdict: facts.Verdict | None,
        statement: Statement | None = None,
        feasible_from: date | None = None,
        to: Level | None = None,
    ) -> tuple[Fact, ...]:
        """Give a verdict; until the test is concluded another may follow, and the last one stands.

        What a public source leaves out (which verdict, its condition or date) is never made up.
        """
        fact = facts.VerdictGiven(
            verdict=verdict, statement=statement, feasible_from=feasible_from, to=to
        )
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        missing = tuple(a for a in self.request.aspects if a not in self.assessed)
        if missing:
            raise refused.AspectsMissingError(missing=missing)
        if act.source is None:
            self._refuse_half_a_verdict(fact)
        return (fact,)

    def conclude_test(self, act: Act) -> tuple[Fact, ...]:
        fact = facts.TestConcluded()
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_to_tester(act)
        if not self.verdict_given:
            raise refused.NoVerdictError(test=self.id)
        return (fact,)

    def publish_test(self, act: Act, *, carrier: str) -> tuple[Fact, ...]:
        fact = facts.TestPublished(carrier=carrier)
        if self._repeats(fact, act):
            return ()
        self._refuse_if_declined()
        self._refuse_unless_party(act, self.requester, self.tester)
        if not self.concluded:
            raise refused.TestNotConcludedError(test=self.id)
        return (fact,)

    def supersede_test(self, act: Act, *, by: str) -> tuple[Fact, ...]:
        fact = facts.TestSuperseded(by=by)
        if self._repeats(fact, act):
            return ()
        self._refuse_if_declined()
        self._refuse_if_superseded()
        self._refuse_unless_party(act, self.requester, self.tester)
        if by == self.id:
            raise refused.SupersededByItselfError(test=self.id)
        return (fact,)

    def state_in_carrier(
        self, act: Act, *, carrier: str, stage: facts.CarrierStage, statement: Statement
    ) -> tuple[Fact, ...]:
        """How a document puts the test, also after conclusion; draft and final are the tester's."""
        fact = facts.CarrierStated(carrier=carrier, stage=stage, statement=statement)
        if self._repeats(fact, act):
            return ()
        self._refuse_if_declined()
        if stage in (facts.CarrierStage.DRAFT, facts.CarrierStage.FINAL):
            self._refuse_unless_tester(act)
        return (fact,)


def request_test(act: Act, requested: facts.TestRequested) -> tuple[Fact, ...]:
    if requested.tester == act.organisation:
        raise refused.TesterIsRequesterError(tester=requested.tester)
    return (requested,)


def evolve(state: ImplementationTest | None, event: Recorded[Any]) -> ImplementationTest:
    fact: facts.TestFact = event.fact
    if state is not None:
        return state.next(event, fact)
    if not isinstance(fact, facts.TestRequested):
        raise TamperedError(position=event.originator_version, cause="no request comes first")
    return ImplementationTest(
        id=event.originator_id,
        version=event.originator_version,
        said=frozenset({saying(fact, event)}),
        request=fact,
        requester=event.organisation,
        requested_on=event.happened_on,
        due_on=event.happened_on + timedelta(days=fact.term_days),
    )
