"""One condition, recommendation, advice or finding until it is answered, met or lapses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
from uitvoering.domain.events.follow_up import (
    AccountedIn,
    ConditionLapsed,
    ConditionMet,
    EntryWithoutConditionMet,
    FollowUpFact,
    Matter,
    Outcome,
    ResponseFellDue,
    ResponseGiven,
)
from uitvoering.domain.values import Evidence, Level, Statement
from uitvoering.errors import TamperedError

_WITH_A_REASON = (Outcome.PARTLY, Outcome.NOT_ADOPTED, Outcome.DEFERRED)
_ANSWERS = tuple(outcome for outcome in Outcome if outcome is not Outcome.NO_RESPONSE)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, or the lack of one; every one of them stays."""

    outcome: Outcome | None
    given_on: date
    level: Level
    reason: str | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Each decision gives its fact, or () when it was told before, or refuses."""

    id: str
    version: int
    said: frozenset[Saying]
    due: ResponseFellDue
    opened_on: date
    responses: tuple[Response, ...] = ()
    met_on: date | None = None
    lapsed_on: date | None = None
    entries: frozenset[str] = frozenset()
    """Entries into force for which an open condition was recorded."""

    @property
    def current(self) -> Response | None:
        """The answer that stands: the newest one; `no-response` only while there is no other."""
        answers = [r for r in self.responses if r.outcome is not Outcome.NO_RESPONSE]
        in_order = sorted(answers or self.responses, key=lambda response: response.given_on)
        return in_order[-1] if in_order else None

    def make_response_due_again(self, act: Act, due: ResponseFellDue) -> tuple[Fact, ...]:
        if self._repeats(due, act):
            return ()
        raise refused.FollowUpAlreadyOpenedError(due_on=self.due.due_on)

    def give_response(
        self,
        act: Act,
        *,
        outcome: Outcome | None,
        reason: str | None = None,
        statement: Statement | None = None,
        to: Level | None = None,
    ) -> tuple[Fact, ...]:
        """Answer, also after the term; earlier answers stay beside it.

        What a public source leaves out (outcome, reason) is never made up.
        """
        fact = ResponseGiven(outcome=outcome, reason=reason, statement=statement, to=to)
        if self._repeats(fact, act):
            return ()
        if act.source is None:
            if outcome is None:
                raise refused.OutcomeMissingError(outcomes=_ANSWERS)
            if outcome is Outcome.NO_RESPONSE:
                raise refused.NoResponseIsNoAnswerError(outcomes=_ANSWERS)
            if outcome in _WITH_A_REASON and reason is None:
                raise refused.ResponseReasonMissingError(outcome=outcome)
        return (fact,)

    def account_for(self, act: Act, *, carrier: str, locator: str) -> tuple[Fact, ...]:
        fact = AccountedIn(carrier=carrier, locator=locator)
        return () if self._repeats(fact, act) else (fact,)

    def meet_condition(self, act: Act, *, evidence: Sequence[Evidence]) -> tuple[Fact, ...]:
        fact = ConditionMet(evidence=tuple(evidence))
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_condition()
        if not fact.evidence:
            raise refused.ConditionEvidenceMissingError
        return (fact,)

    def lapse_condition(self, act: Act, *, reason: str) -> tuple[Fact, ...]:
        fact = ConditionLapsed(reason=reason)
        if self._repeats(fact, act):
            return ()
        self._refuse_unless_open_condition()
        return (fact,)

    def lapses(self, until: date) -> tuple[Fact, ...]:
        """Record once that the term ended without an answer; an answer on the last day counts."""
        if until <= self.due.due_on:
            return ()
        for response in self.responses:
            if response.outcome is Outcome.NO_RESPONSE or response.given_on <= self.due.due_on:
                return ()
        return (ResponseGiven(outcome=Outcome.NO_RESPONSE, due_on=self.due.due_on),)

    def entry_check(self, entry: str, entered_on: date) -> tuple[Fact, ...]:
        """Record once per entry into force that this condition was open then; nothing is blocked.

        Judged by the days on which things happened: a condition met the day after was open.
        """
        if self.due.matter is not Matter.CONDITION or entry in self.entries:
            return ()
        if self.opened_on > entered_on:
            return ()  # stated about a law already in force
        ended = [day for day in (self.met_on, self.lapsed_on) if day is not None]
        if any(day <= entered_on for day in ended):
            return ()
        return (EntryWithoutConditionMet(entry=entry, entered_on=entered_on),)

    def _repeats(self, fact: Fact, act: Act) -> bool:
        return saying(fact, act) in self.said

    def _refuse_unless_open_condition(self) -> None:
        if self.due.matter is not Matter.CONDITION:
            raise refused.NotAConditionError(matter=self.due.matter)
        if self.met_on is not None:
            raise refused.ConditionAlreadyMetError(met_on=self.met_on)
        if self.lapsed_on is not None:
            raise refused.ConditionHasLapsedError(lapsed_on=self.lapsed_on)


def evolve(state: FollowUp | None, event: Recorded[Any]) -> FollowUp:
    fact: FollowUpFact = event.fact
    told = saying(fact, event)
    if state is None:
        if not isinstance(fact, ResponseFellDue):
            raise TamperedError(position=event.originator_version, cause="nothing fell due first")
        return FollowUp(
            id=event.originator_id,
            version=event.originator_version,
            said=frozenset({told}),
            due=fact,
            opened_on=event.happened_on,
        )
    now = replace(state, version=event.originator_version, said=state.said | {told})
    match fact:
        case ResponseGiven():
            response = Response(
                outcome=fact.outcome,
                given_on=event.happened_on,
                level=event.level,
                reason=fact.reason,
            )
            return replace(now, responses=(*state.responses, response))
        case ConditionMet():
            return replace(now, met_on=event.happened_on)
        case ConditionLapsed():
            return replace(now, lapsed_on=event.happened_on)
        case EntryWithoutConditionMet():
            return replace(now, entries=state.entries | {fact.entry})
        case ResponseFellDue() | AccountedIn():
            return now
        case _:
            assert_never(fact)
