"""What is known and not solved, and for how long?

Closed without a verified resolution, merged or declined is not solved: it stays in the list with
its state. Only what the reporter withdrew is left out.
"""

from datetime import date

from uitvoering.domain.signal_state import SignalState
from uitvoering.domain.values import Code, Id, Level, Name, Regime
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.standing import six_dates, standing_of


class AcknowledgedNotResolved(Row):
    signal: Id
    body: Code
    regime: Regime
    level: Level
    """Of the origin."""
    theme: Name | None
    proposal: Id | None
    merged_into: Id | None
    severity: int | None
    """As the origin put it."""
    state: SignalState
    progress: SignalState
    reported_on: date
    acknowledged_on: date
    taken_up_on: date | None
    decided_on: date | None
    in_effect_on: date | None
    claimed_on: date | None
    verified_on: date | None
    """Null in every row here: verified is solved."""
    days_since_acknowledged: int


def acknowledged_not_resolved(
    documents: Documents,
    moment: Moment,
    *,
    organisation: str | None = None,
    level: Level | None = None,
    state: SignalState | None = None,
    theme: str | None = None,
    at_least_days: int = 0,
) -> list[AcknowledgedNotResolved]:
    """Longest known first."""
    rows = [
        row
        for _, dossier in documents.all(SignalDossier)
        if organisation in {None, dossier.body} and theme in {None, dossier.theme}
        if (row := _row(dossier, moment)) is not None
        and level in {None, row.level}
        and state in {None, row.state, row.progress}
        and row.days_since_acknowledged >= at_least_days
    ]
    return sorted(rows, key=lambda row: (row.acknowledged_on, row.signal))


def _row(dossier: SignalDossier, moment: Moment) -> AcknowledgedNotResolved | None:
    dates, standing, origin = six_dates(dossier), standing_of(dossier), dossier.origin
    if dates.acknowledged_on is None or dates.verified_on is not None:
        return None
    if standing.state is SignalState.WITHDRAWN:
        return None
    return AcknowledgedNotResolved(
        signal=dossier.signal,
        body=dossier.body,
        regime=dossier.regime,
        level=origin.level,
        theme=dossier.theme,
        proposal=dossier.proposal,
        merged_into=dossier.merged_into,
        severity=origin.statement.severity if origin.statement else None,
        state=standing.state,
        progress=standing.progress,
        reported_on=origin.happened_on,
        acknowledged_on=dates.acknowledged_on,
        taken_up_on=dates.taken_up_on,
        decided_on=dates.decided_on,
        in_effect_on=dates.in_effect_on,
        claimed_on=dates.claimed_on,
        verified_on=dates.verified_on,
        days_since_acknowledged=(moment.today - dates.acknowledged_on).days,
    )
