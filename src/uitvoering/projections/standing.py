"""How far did a signal get, and since when is each of the six facts of principle 2 true?"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from uitvoering.domain.events.signal import SignalAcknowledged
from uitvoering.domain.events.signal_outcome import (
    MeasureDecided,
    MeasureTookEffect,
    ResolutionClaimed,
    ResolutionDisputed,
    ResolutionVerified,
    SignalReopened,
    SignalTakenUp,
)
from uitvoering.domain.signal_state import Standing
from uitvoering.projections.signals import SignalDossier


@dataclass(frozen=True)
class SixDates:
    """Six facts, never one status: each has a day of its own or has not happened."""

    acknowledged_on: date | None = None
    taken_up_on: date | None = None
    decided_on: date | None = None
    in_effect_on: date | None = None
    claimed_on: date | None = None
    verified_on: date | None = None


def standing_of(dossier: SignalDossier) -> Standing:
    """Follow the facts in the order in which they happened."""
    standing = Standing()
    for event in dossier.own_facts:
        fact: Any = event.fact
        standing = standing.after(fact)
    return standing


def six_dates(dossier: SignalDossier) -> SixDates:
    """Take the first day of each; a dispute or reopening undoes the claim and its verification."""
    dates = SixDates()
    for event in dossier.own_facts:
        on = event.happened_on
        match event.fact:
            case SignalAcknowledged() if dates.acknowledged_on is None:
                dates = replace(dates, acknowledged_on=on)
            case SignalTakenUp() if dates.taken_up_on is None:
                dates = replace(dates, taken_up_on=on)
            case MeasureDecided() if dates.decided_on is None:
                dates = replace(dates, decided_on=on)
            case MeasureTookEffect() if dates.in_effect_on is None:
                dates = replace(dates, in_effect_on=on)
            case ResolutionClaimed() if dates.claimed_on is None:
                dates = replace(dates, claimed_on=on)
            case ResolutionVerified() if dates.verified_on is None:
                dates = replace(dates, verified_on=on)
            case ResolutionDisputed() | SignalReopened():
                dates = replace(dates, claimed_on=None, verified_on=None)
            case _:
                pass
    return dates
