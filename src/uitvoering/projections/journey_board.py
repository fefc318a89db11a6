"""What was found per phase of a policy journey, and what helps?"""

from datetime import date

from uitvoering.domain.events.journey import ChallengeKind, Phase
from uitvoering.domain.values import Value
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.journey_parts import FoundKind, Help
from uitvoering.projections.journeys import JourneyDocument


class BoardHelp(Value):
    """A recommendation with what can help; actionable only with an instrument or colleague."""

    recommendation: str
    text: str
    instruments: tuple[str, ...]
    colleagues: tuple[str, ...]
    actionable: bool


class BoardItem(Row):
    """One thing on the board of one journey."""

    journey: str
    title: str
    phase: Phase | None
    """Null: a prototype or trial from before any phase was entered."""
    kind: FoundKind
    code: str
    text: str
    found_on: date
    challenge_kind: ChallengeKind | None = None
    basis: str | None = None
    recommendations: tuple[BoardHelp, ...] = ()
    actionable: bool = False
    """Any of its recommendations can be started."""


_PHASES: tuple[Phase | None, ...] = (None, *Phase)


def journey_board(
    documents: Documents,
    moment: Moment,  # noqa: ARG001 every read model is asked at a moment; this one has no terms
    *,
    journey: str | None = None,
) -> list[BoardItem]:
    """List by journey, phase, day and code."""
    rows = [
        row
        for key, known in documents.all(JourneyDocument)
        if journey in (None, key)
        for row in _of_journey(key, known)
    ]
    return sorted(
        rows,
        key=lambda r: (r.journey, _PHASES.index(r.phase), r.found_on, r.kind, r.code),
    )


def _of_journey(key: str, journey: JourneyDocument) -> list[BoardItem]:
    codes = {found.code for found in journey.found}
    found = [
        _item(
            key,
            journey,
            phase=f.phase,
            kind=f.kind,
            code=f.code,
            text=f.text,
            found_on=f.found_on,
            challenge_kind=f.challenge_kind,
            basis=f.basis,
            helps=[h for h in journey.recommendations if h.finding == f.code],
        )
        for f in journey.found
    ]
    alone = [
        _item(
            key,
            journey,
            phase=h.phase,
            kind=FoundKind.RECOMMENDATION,
            code=h.recommendation,
            text=h.text,
            found_on=h.given_on,
            helps=[h],
        )
        for h in journey.recommendations
        if h.finding not in codes
    ]
    prototypes = [
        _item(
            key,
            journey,
            phase=journey.phase_on(p.made_on),
            kind=FoundKind.PROTOTYPE,
            code=p.prototype,
            text=p.text,
            found_on=p.made_on,
        )
        for p in journey.prototypes
    ]
    trials = [
        _item(
            key,
            journey,
            phase=journey.phase_on(t.run_on),
            kind=FoundKind.TRIAL,
            code=t.trial,
            text=t.outcome,
            found_on=t.run_on,
        )
        for t in journey.trials
    ]
    return [*found, *alone, *prototypes, *trials]


def _item(
    key: str,
    journey: JourneyDocument,
    *,
    phase: Phase | None,
    kind: FoundKind,
    code: str,
    text: str,
    found_on: date,
    challenge_kind: ChallengeKind | None = None,
    basis: str | None = None,
    helps: list[Help] | None = None,
) -> BoardItem:
    shown = tuple(
        BoardHelp(
            recommendation=h.recommendation,
            text=h.text,
            instruments=h.instruments,
            colleagues=h.colleagues,
            actionable=h.actionable,
        )
        for h in helps or ()
    )
    return BoardItem(
        journey=key,
        title=journey.title,
        phase=phase,
        kind=kind,
        code=code,
        text=text,
        found_on=found_on,
        challenge_kind=challenge_kind,
        basis=basis,
        recommendations=shown,
        actionable=any(h.actionable for h in shown),
    )
