"""What is known of one signal when the next act on it is judged, and what every act must pass."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
from uitvoering.domain.events.signal import HardshipSignalled, SignalMerged
from uitvoering.domain.events.signal_outcome import SignalClosed, SignalWithdrawn
from uitvoering.domain.refusals_of_signals import (
    RegimeNotForSignalsError,
    RegimeOnlyRisesError,
    SignalEventUnknownError,
    SignalIsClosedError,
    SignalIsMergedError,
    SignalIsWithdrawnError,
)
from uitvoering.domain.signal_state import SignalState, Standing
from uitvoering.domain.values import Level, Recurrence, Regime, Statement
from uitvoering.errors import NotFoundError

RISING = (Regime.OPEN, Regime.INTERNAL, Regime.CONFIDENTIAL, Regime.WBK)
"""A signal keeps its words, so `no-content` and `no-record` are not for signals."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An objection; it stands until the level that filed it withdraws it."""

    id: str
    level: Level
    organisation: str
    against: str
    answered: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """That the signal is resolved, and by whom it was said."""

    id: str
    level: Level
    pseudonym: str
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class SignalRecord:
    """The trail and what the rules read from it; nothing here decides."""

    id: str
    version: int
    said: frozenset[Saying]
    trail: tuple[Recorded[Any], ...]
    """Every fact so far; the first is the origin and stays so."""
    regime: Regime
    standing: Standing
    contradictions: tuple[Contradiction, ...] = ()
    claims: tuple[Claim, ...] = ()
    receipts: tuple[tuple[str, str], ...] = ()
    """Event and hash of every receipt."""
    relieved: bool = False
    """A citizen was helped: the case loop."""
    mended: bool = False
    """A measure took effect: the rule loop."""
    told: bool = False
    """The reporter was told what became of it, or that is impossible; since the last reopening."""

    @property
    def origin(self) -> Recorded[HardshipSignalled]:
        return self.trail[0]

    @property
    def body(self) -> str:
        """The organisation where the matter arose."""
        return self.origin.fact.body

    @property
    def state(self) -> SignalState:
        return self.standing.state

    @property
    def progress(self) -> SignalState:
        return self.standing.progress

    @property
    def statements(self) -> tuple[tuple[str, Statement], ...]:
        """Every statement with its event, earliest first."""
        return tuple(
            (row.event_id, statement)
            for row in self.trail
            if (statement := getattr(row.fact, "statement", None)) is not None
        )

    @property
    def highest_severity(self) -> int | None:
        """The heaviest anyone put it; kept in view when signals are merged."""
        stated = [s.severity for _, s in self.statements if s.severity is not None]
        return max(stated, default=None)

    @property
    def structural(self) -> bool:
        """Called structural by anyone: a milder later statement does not take that away."""
        return any(s.recurrence is Recurrence.STRUCTURAL for _, s in self.statements)

    @property
    def open_contradictions(self) -> tuple[Contradiction, ...]:
        """They go along in every later hand-on; only the level that filed one withdraws it."""
        return tuple(c for c in self.contradictions if not c.withdrawn)

    def has_said(self, fact: Fact, act: Act) -> bool:
        """Whether this is a repeated request; asked before any rule, so a retry never fails."""
        return saying(fact, act) in self.said

    def refuse_if_ended(self, act: Act) -> None:
        """Refuse every act on a closed, withdrawn or merged signal: it is only read."""
        refuse_regime(act.regime)
        self.refuse_if_over()

    def refuse_if_over(self) -> None:
        if self.progress is SignalState.CLOSED:
            raise SignalIsClosedError(signal=self.id, happened_on=self._last_day(SignalClosed))
        if self.state is SignalState.WITHDRAWN:
            day = self._last_day(SignalWithdrawn)
            raise SignalIsWithdrawnError(signal=self.id, happened_on=day)
        if self.state is SignalState.MERGED:
            row = next(row for row in self.trail if isinstance(row.fact, SignalMerged))
            raise SignalIsMergedError(
                signal=self.id, happened_on=row.happened_on, into=row.fact.into
            )

    def _allowed(self, act: Act, fact: Fact, *mentions: str | None) -> tuple[Fact, ...]:
        """Decide where the only rules are: not ended, and no unknown event named."""
        if self.has_said(fact, act):
            return ()
        self.refuse_if_ended(act)
        for event in mentions:
            self.refuse_unknown(event)
        return (fact,)

    def refuse_lower(self, regime: Regime | None) -> None:
        """Refuse a regime that the caller names and that lies below that of the signal."""
        if regime in RISING and RISING.index(regime) < RISING.index(self.regime):
            raise RegimeOnlyRisesError(
                signal=self.id, regime=self.regime, to=regime, choices=self.higher_regimes
            )

    @property
    def higher_regimes(self) -> tuple[Regime, ...]:
        return RISING[RISING.index(self.regime) + 1 :]

    def refuse_unknown(
        self,
        event: str | None,
        error: type[NotFoundError] = SignalEventUnknownError,
        *kinds: type[Fact],
    ) -> None:
        """Refuse an id that is given and is no event of this signal, of these kinds if any."""
        known = tuple(
            row.event_id for row in self.trail if not kinds or isinstance(row.fact, kinds)
        )
        if event is not None and event not in known:
            raise error(signal=self.id, event=event, known=known)

    def _last_day(self, kind: type[Fact]) -> date:
        days: list[date] = [row.happened_on for row in self.trail if isinstance(row.fact, kind)]
        return days[-1]


def refuse_regime(regime: Regime) -> None:
    if regime not in RISING:
        raise RegimeNotForSignalsError(regime=regime, choices=RISING)
