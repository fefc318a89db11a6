"""Who may contradict a statement, answer or withdraw that, or accept a weaker statement?"""

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import (
    ContradictionAnswered,
    ContradictionFiled,
    ContradictionWithdrawn,
    ReassessmentAccepted,
    SignalRestated,
)
from uitvoering.domain.refusals_of_signals import (
    ContradictionAlreadyWithdrawnError,
    ContradictionNotYoursError,
    ContradictionUnknownError,
    ReassessmentNotYoursError,
    RestatementUnknownError,
)
from uitvoering.domain.signal_record import Contradiction, SignalRecord
from uitvoering.domain.values import Level, Statement

DELIBERATION = (Level.EXPERT, Level.QUALITY)
"""Levels beside the line where a hard case is weighed (choice; DOMAIN 5: the reporter or a
deliberation accepts)."""


class Objecting(SignalRecord):
    """Objections travel with the signal; no act of another level detaches one."""

    __slots__ = ()

    def contradict(
        self, act: Act, *, against: str, statement: Statement, theme: str | None = None
    ) -> tuple[Fact, ...]:
        """A public source may tell of one against a statement elsewhere: a finding, a test."""
        fact = ContradictionFiled(against=against, statement=statement, theme=theme)
        return self._allowed(act, fact, against if act.source is None else None)

    def answer_contradiction(
        self, act: Act, *, contradiction: str, answer: str
    ) -> tuple[Fact, ...]:
        # An answer does not end an objection: only the level that filed it can say so.
        fact = ContradictionAnswered(contradiction=contradiction, answer=answer)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        self._standing_contradiction(contradiction)
        return (fact,)

    def withdraw_contradiction(
        self, act: Act, *, contradiction: str, reason: str | None = None
    ) -> tuple[Fact, ...]:
        fact = ContradictionWithdrawn(contradiction=contradiction, reason=reason)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        filed = self._standing_contradiction(contradiction)
        # The same level exists in every body; a public source names levels, seldom bodies.
        same_body = act.source is not None or filed.organisation == act.organisation
        if filed.level is not act.level or not same_body:
            raise ContradictionNotYoursError(
                event=contradiction,
                filed_by=filed.level,
                filed_in=filed.organisation,
                level=act.level,
                organisation=act.organisation,
            )
        return (fact,)

    def accept_reassessment(self, act: Act, *, of: str) -> tuple[Fact, ...]:
        fact = ReassessmentAccepted(of=of)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        self.refuse_unknown(of, RestatementUnknownError, SignalRestated)
        same_body = act.source is not None or act.organisation == self.origin.organisation
        reported = act.level is self.origin.level and same_body
        if not reported and act.level not in DELIBERATION:
            raise ReassessmentNotYoursError(
                reported_by=self.origin.level,
                reported_in=self.origin.organisation,
                deliberation=DELIBERATION,
                level=act.level,
                organisation=act.organisation,
            )
        return (fact,)

    def _standing_contradiction(self, contradiction: str) -> Contradiction:
        self.refuse_unknown(contradiction, ContradictionUnknownError, ContradictionFiled)
        found = next(c for c in self.contradictions if c.id == contradiction)
        if found.withdrawn:
            raise ContradictionAlreadyWithdrawnError(signal=self.id, event=contradiction)
        return found
