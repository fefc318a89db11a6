"""May this level pass the matter on, put it in other words, or keep it: and what is then a fact?"""

from datetime import date

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, saying
from uitvoering.domain.events.signal import (
    AdviceAsked,
    AdviceGiven,
    CitationDropped,
    EvidenceAttached,
    HardshipSignalled,
    PassagesWithheld,
    RegimeRaised,
    SignalAcknowledged,
    SignalCited,
    SignalDisclosed,
    SignalHandedOn,
    SignalHeldBack,
    SignalRestated,
)
from uitvoering.domain.refusals_of_signals import (
    AddresseeMissingError,
    CitationUnknownError,
    HoldBackReasonMissingError,
    LevelNotOnRouteError,
    RegimeOnlyRisesError,
)
from uitvoering.domain.routes import Route
from uitvoering.domain.signal_record import RISING, SignalRecord, refuse_regime
from uitvoering.domain.values import Evidence, Level, ReasonCode, Regime, Statement, StatementField


class Passing(SignalRecord):
    """The way up, sideways and out."""

    __slots__ = ()

    def attach_evidence(self, act: Act, *, evidence: Evidence) -> tuple[Fact, ...]:
        return self._allowed(act, EvidenceAttached(evidence=evidence))

    def raise_regime(self, act: Act, *, to: Regime, reason: str | None = None) -> tuple[Fact, ...]:
        fact = RegimeRaised(to=to, reason=reason)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        refuse_regime(to)
        if RISING.index(to) <= RISING.index(self.regime):
            raise RegimeOnlyRisesError(
                signal=self.id, regime=self.regime, to=to, choices=self.higher_regimes
            )
        return (fact,)

    def acknowledge(self, act: Act) -> tuple[Fact, ...]:
        """Say that it arrived and counts; noting is not solving (constateren is niet oplossen)."""
        return self._allowed(act, SignalAcknowledged())

    def hand_on(
        self,
        act: Act,
        *,
        to: Level | None,
        to_organisation: str | None = None,
        statement: Statement | None = None,
        arrived_on: date | None = None,
        previous: str | None = None,
        route: Route,
    ) -> tuple[Fact, ...]:
        fact = SignalHandedOn(
            to=to,
            to_organisation=to_organisation,
            statement=statement,
            arrived_on=arrived_on,
            previous=previous,
        )
        fact = self._in_given_words(act, fact)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        _refuse_off_route(act, route)
        _refuse_nobody(act, to)
        self.refuse_unknown(previous)
        return (fact,)

    def _in_given_words(self, act: Act, fact: SignalHandedOn) -> SignalHandedOn:
        """Handed on without words of its own: the words it was given, stored as they were.

        A history told from a source that does not say how the matter was put keeps none.
        """
        if fact.statement is not None or act.source is not None:
            return fact
        for row in self.trail:
            if isinstance(row.fact, SignalHandedOn):
                wordless = row.fact.model_copy(update={"statement": None})
                if saying(wordless, row) == saying(fact, act):
                    return row.fact  # asked before: in the words it had then
        return fact.model_copy(update={"statement": self._given_words(act, fact.previous)})

    def _given_words(self, act: Act, previous: str | None) -> Statement | None:
        """How the matter was last put by the day of the act, or by the event it names."""
        put = [
            row
            for row in self.trail
            if row.event_id == previous
            or (
                previous is None
                and isinstance(row.fact, HardshipSignalled | SignalHandedOn | SignalRestated)
                and row.happened_on <= act.happened_on
            )
        ] or [self.origin]
        stated = [s for row in put if (s := getattr(row.fact, "statement", None)) is not None]
        return stated[-1] if stated else None

    def restate(
        self,
        act: Act,
        *,
        to: Level | None,
        to_organisation: str | None = None,
        statement: Statement,
        reason_code: ReasonCode | None = None,
        reason: str | None = None,
        arrived_on: date | None = None,
        previous: str | None = None,
        route: Route,
    ) -> tuple[Fact, ...]:
        """`previous` may be an event of another stream, a finding: the application knows those."""
        fact = SignalRestated(
            to=to,
            to_organisation=to_organisation,
            statement=statement,
            reason_code=reason_code,
            reason=reason,
            arrived_on=arrived_on,
            previous=previous,
        )
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        _refuse_off_route(act, route)
        _refuse_nobody(act, to)
        return (fact,)

    def hold_back(
        self, act: Act, *, reason: str | None = None, statement: Statement | None = None
    ) -> tuple[Fact, ...]:
        """Not passing on, with the reason; only a public source may leave the reason out."""
        fact = SignalHeldBack(reason=reason, statement=statement)
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        if reason is None and act.source is None:
            raise HoldBackReasonMissingError(level=act.level, signal=self.id)
        return (fact,)

    def ask_advice(
        self, act: Act, *, of: Level | None, statement: Statement | None = None
    ) -> tuple[Fact, ...]:
        fact = AdviceAsked(of=of, statement=statement)
        if self.has_said(fact, act):
            return ()
        _refuse_nobody(act, of)
        return self._allowed(act, fact)

    def give_advice(
        self,
        act: Act,
        *,
        statement: Statement | None = None,
        to: Level | None = None,
        theme: str | None = None,
        answers: str | None = None,
    ) -> tuple[Fact, ...]:
        """Asked or unasked; it blocks nothing and makes an answer due."""
        fact = AdviceGiven(statement=statement, to=to, theme=theme, answers=answers)
        return self._allowed(act, fact, answers)

    def cite(
        self,
        act: Act,
        *,
        carrier: str,
        statement: Statement | None = None,
        to: Level | None = None,
        previous: str | None = None,
        cites: bool = True,
    ) -> tuple[Fact, ...]:
        """Record a carrier or a new version of one: it refers to the signal, or dropped that."""
        # A history told from a public source says itself whether the reference was dropped.
        lost = act.source is None and self._lost_every_reference(previous, statement)
        dropped = not cites or lost
        kind = CitationDropped if dropped else SignalCited
        # A carrier that names no predecessor follows the last citation there was at the time.
        earlier = (None, *self._cited) if dropped and previous is None else (previous,)
        facts = [
            kind(carrier=carrier, statement=statement, to=to, previous=event) for event in earlier
        ]
        if any(self.has_said(fact, act) for fact in facts):
            return ()
        self.refuse_if_ended(act)
        self.refuse_unknown(previous)
        # Only a public source may say that it was dropped and not where it still stood.
        if dropped and earlier == (None,) and act.source is None:
            raise CitationUnknownError(signal=self.id, carrier=carrier)
        return (facts[-1],)

    def withhold_passages(
        self,
        act: Act,
        *,
        carrier: str,
        ground: str,
        statement: Statement | None = None,
        to: Level | None = None,
        previous: str | None = None,
    ) -> tuple[Fact, ...]:
        fact = PassagesWithheld(
            carrier=carrier, ground=ground, statement=statement, to=to, previous=previous
        )
        return self._allowed(act, fact, previous)

    def disclose(
        self,
        act: Act,
        *,
        carrier: str,
        to: Level | None = None,
        statement: Statement | None = None,
        previous: str | None = None,
    ) -> tuple[Fact, ...]:
        fact = SignalDisclosed(carrier=carrier, to=to, statement=statement, previous=previous)
        return self._allowed(act, fact, previous)

    @property
    def _cited(self) -> tuple[str, ...]:
        return tuple(row.event_id for row in self.trail if isinstance(row.fact, SignalCited))

    def _lost_every_reference(self, previous: str | None, statement: Statement | None) -> bool:
        """Compare with an earlier carrier only: other events have references of their own."""
        earlier = next(
            (
                row.fact.statement
                for row in self.trail
                if row.event_id == previous and isinstance(row.fact, SignalCited)
            ),
            None,
        )
        if earlier is None or statement is None:
            return False
        both = (earlier, statement)
        if not all(s.reads(StatementField.EVIDENCE) for s in both) or not earlier.evidence:
            return False
        was, now = ({reference.locator for reference in s.evidence} for s in both)
        return not was & now


def _refuse_nobody(act: Act, to: Level | None) -> None:
    """Only a public source may leave out to whom: what it does not say is never made up."""
    if to is None and act.source is None:
        raise AddresseeMissingError(level=act.level)


def _refuse_off_route(act: Act, route: Route) -> None:
    if not route.may_restate(act.level):
        raise LevelNotOnRouteError(
            level=act.level, organisation=act.organisation, route=route.levels
        )
