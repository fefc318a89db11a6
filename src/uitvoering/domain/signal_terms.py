"""Which terms ran on a signal: for whom, from when, until when, and when were they met?

A pure reading of its facts, so that the aggregate, the clocks and the read models say the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from uitvoering.domain.events.fact import Recorded
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import (
    AdviceAsked,
    ContradictionAnswered,
    ContradictionFiled,
    ContradictionWithdrawn,
    HardshipSignalled,
    PassagesWithheld,
    SignalAcknowledged,
    SignalDisclosed,
    SignalHandedOn,
    SignalHeldBack,
    SignalMerged,
    SignalRestated,
)
from uitvoering.domain.events.signal_outcome import (
    FeedbackGiven,
    FeedbackImpossible,
    SignalClosed,
    SignalDeclined,
    SignalWithdrawn,
)
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Level, Way


class TermKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    HAND_ON = "hand-on"
    FEEDBACK = "feedback"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """One term, still open or met; a term met after `due_on` lapsed all the same."""

    kind: TermKind
    level: Level | None
    """Who has to act; None where the facts do not say."""
    of: str
    """The event that started it."""
    started_on: date
    due_on: date
    """The last day to act in."""
    party: Level | None = None
    """The lateral or external party that has to be asked, where the term is about that."""
    met_on: date | None = None

    def has_lapsed(self, until: date) -> bool:
        """Whether `until` is past the due day and nothing ended the term in time."""
        return until > self.due_on and (self.met_on is None or self.met_on > self.due_on)


Ends = Callable[[Recorded[Any]], bool]


@dataclass(frozen=True, slots=True)
class _Begun:
    term: OpenTerm
    ends: Ends
    on_any_day: bool = False
    """Where an act dated before the start counts too: there is one such term in a signal."""


_PASSES_OR_REFUSES = (
    SignalHandedOn,
    SignalRestated,
    SignalHeldBack,
    SignalDeclined,
    SignalDisclosed,
    PassagesWithheld,
)
_ENDS_ALL = (SignalWithdrawn, SignalMerged, SignalClosed)


def terms_of(
    facts: Sequence[Recorded[Any]], terms: Terms, top: Level | None
) -> tuple[OpenTerm, ...]:
    """Every term the facts of one signal started, in the order they started.

    `top` is the last level of the body's route: like parliament it has nobody to hand on to.
    """
    levels = {row.event_id: row.level for row in facts}
    acknowledged = next((r.event_id for r in facts if isinstance(r.fact, SignalAcknowledged)), None)
    found: list[OpenTerm] = []
    for row in facts:
        match row.fact:
            case HardshipSignalled():
                begun = [*_acknowledgement(row, terms), *_hand_on(row, terms, top)]
                begun += _parties(row, terms)
            case SignalHandedOn() | SignalRestated():
                begun = [*_hand_on(row, terms, top)]
            case SignalAcknowledged() if row.event_id == acknowledged:
                begun = [_feedback(row, terms)]
            case ContradictionFiled():
                begun = [_contradiction(row, terms, levels.get(row.fact.against))]
            case _:
                begun = []
        found += [replace(b.term, met_on=_met_on(b, row, facts)) for b in begun]
    return tuple(found)


def _arrival(row: Recorded[Any]) -> date:
    arrived: date | None = row.fact.arrived_on
    return arrived or row.happened_on


def _acknowledgement(row: Recorded[Any], terms: Terms) -> Iterator[_Begun]:
    if row.fact.to is None:
        return
    start = _arrival(row)
    yield _Begun(
        OpenTerm(
            TermKind.ACKNOWLEDGEMENT,
            level=row.fact.to,
            of=row.event_id,
            started_on=start,
            due_on=terms.days(PolicyName.ACKNOWLEDGE_DAYS, start),
        ),
        lambda later: isinstance(later.fact, SignalAcknowledged),
        on_any_day=True,
    )


def _hand_on(row: Recorded[Any], terms: Terms, top: Level | None) -> Iterator[_Begun]:
    """Arrival at a line level that has someone above it; a citizen has no such duty."""
    to: Level | None = row.fact.to
    if to is None or to.way is not Way.LINE or to in {Level.CITIZEN, Level.PARLIAMENT, top}:
        return
    start = _arrival(row)
    body: str | None = getattr(row.fact, "to_organisation", None)
    yield _Begun(
        OpenTerm(
            TermKind.HAND_ON,
            level=to,
            of=row.event_id,
            started_on=start,
            due_on=terms.working_days(PolicyName.HAND_ON_WORKING_DAYS, start),
        ),
        # The same level exists in every body: an act counts only from the body that was addressed.
        lambda later: (
            isinstance(later.fact, _PASSES_OR_REFUSES)
            and later.level == to
            and body in {None, later.organisation}
        ),
    )


def _parties(row: Recorded[Any], terms: Terms) -> Iterator[_Begun]:
    """Parties that had to be asked, unless the signal was addressed to them."""
    start = _arrival(row)
    for asked in row.fact.must_ask:
        if asked.level == row.fact.to:
            continue
        term = OpenTerm(
            TermKind.HAND_ON,
            level=row.level,
            of=row.event_id,
            started_on=start,
            due_on=terms.working_days(PolicyName.HAND_ON_WORKING_DAYS, start),
            party=asked.level,
        )
        yield _Begun(term, _reaches(asked.level), on_any_day=True)


def _reaches(party: Level) -> Ends:
    def reached(later: Recorded[Any]) -> bool:
        match later.fact:
            case SignalHandedOn(to=to) | SignalRestated(to=to) | SignalDisclosed(to=to):
                return bool(to == party)
            case AdviceAsked(of=asked):
                return bool(asked == party)
            case _:
                return False

    return reached


def _feedback(row: Recorded[Any], terms: Terms) -> _Begun:
    """From the first acknowledgement only: a second one is no new promise to the reporter."""
    return _Begun(
        OpenTerm(
            TermKind.FEEDBACK,
            level=row.level,
            of=row.event_id,
            started_on=row.happened_on,
            due_on=terms.months(PolicyName.FEEDBACK_MONTHS, row.happened_on),
        ),
        lambda later: isinstance(later.fact, (FeedbackGiven, FeedbackImpossible)),
    )


def _contradiction(row: Recorded[Any], terms: Terms, answers: Level | None) -> _Begun:
    """To be answered by the level that was contradicted; it lapses nothing, it is shown."""

    def ends(later: Recorded[Any]) -> bool:
        match later.fact:
            case ContradictionAnswered(contradiction=of) | ContradictionWithdrawn(contradiction=of):
                return bool(of == row.event_id)
            case _:
                return False

    return _Begun(
        OpenTerm(
            TermKind.CONTRADICTION,
            level=answers,
            of=row.event_id,
            started_on=row.happened_on,
            due_on=terms.working_days(
                PolicyName.CONTRADICTION_ANSWER_WORKING_DAYS, row.happened_on
            ),
        ),
        ends,
    )


def _met_on(begun: _Begun, begin: Recorded[Any], facts: Sequence[Recorded[Any]]) -> date | None:
    days = [
        row.happened_on
        for row in facts
        if (begun.ends(row) and (begun.on_any_day or _follows(row, begin)))
        or (isinstance(row.fact, _ENDS_ALL) and _follows(row, begin))
    ]
    return min(days, default=None)


def _follows(row: Recorded[Any], begin: Recorded[Any]) -> bool:
    """By day, and within the days the start is known to lie in by order of recording."""
    if row.happened_on > begin.happened_on:
        return True
    first_possible = begin.happened_from or begin.happened_on
    return row.happened_on >= first_possible and row.originator_version > begin.originator_version
