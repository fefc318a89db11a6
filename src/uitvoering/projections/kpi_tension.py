"""Where is a hard indicator green while soft evidence is red?

Hard: a statement that shows fine (`indicators`). Soft: a signal in which anyone stated red, or a
severity of 4 or more, on or before the day the indicator was shown, not withdrawn and not verified
as resolved by then. The two belong together by theme; where either has no theme, a green light is
set beside the signals of the same body. A signal is not set beside its own statements: what was
greened inside one matter stands in its trail.
"""

from datetime import date
from enum import StrEnum

from uitvoering.domain.events.signal_outcome import SignalWithdrawn
from uitvoering.domain.values import Code, Id, Level, Light, Name, Regime, Statement, Value
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.indicators import IndicatorDocument
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.standing import six_dates

SERIOUS = 4
"""DOMAIN 4: 4 is serious harm, 5 is life-disrupting."""


class LinkedBy(StrEnum):
    THEME = "theme"
    BODY = "body"


class SoftEvidence(Value):
    """The heaviest a signal was put by the day of the indicator."""

    signal: Id
    event_id: Id
    """The statement that is red or serious; the first of the heaviest."""
    body: Code
    regime: Regime
    linked_by: LinkedBy
    light: Light
    severity: int | None
    stated_on: date


class KpiTension(Row):
    indicator: Id
    """The event that shows fine."""
    topic: Code
    stream: Id
    organisation: Code
    level: Level
    regime: Regime
    shown_on: date
    theme: Name | None
    light: Light
    severity: int | None
    text: str
    signals: tuple[SoftEvidence, ...]


def kpi_tension(
    documents: Documents,
    moment: Moment,
    *,
    organisation: str | None = None,
    level: Level | None = None,
    theme: str | None = None,
) -> list[KpiTension]:
    """By the day the indicator was shown; only indicators with soft evidence against them."""
    asked = [
        shown
        for _, shown in documents.all(IndicatorDocument)
        if shown.shown_on <= moment.today
        and organisation in {None, shown.organisation}
        and level in {None, shown.level}
    ]
    streams = {shown.stream for shown in asked if shown.theme is None}
    found = (documents.get(SignalDossier, stream) for stream in streams)
    themes = {dossier.signal: dossier.theme for dossier in found if dossier is not None}
    abouts = [(shown, shown.theme or themes.get(shown.stream)) for shown in asked]
    if theme is not None:
        abouts = [(s, about) for s, about in abouts if about and _key(about) == _key(theme)]
    evidence: list[list[SoftEvidence]] = [[] for _ in abouts]
    for _, dossier in documents.all(SignalDossier):
        for n, (shown, about) in enumerate(abouts):
            soft = _soft(dossier, shown, about)
            if soft is not None:
                evidence[n].append(soft)
    rows = [
        _row(shown, about, tuple(soft))
        for (shown, about), soft in zip(abouts, evidence, strict=True)
        if soft
    ]
    return sorted(rows, key=lambda row: (row.shown_on, row.indicator))


def _row(
    shown: IndicatorDocument, theme: str | None, evidence: tuple[SoftEvidence, ...]
) -> KpiTension:
    return KpiTension(
        indicator=shown.event_id,
        topic=shown.topic,
        stream=shown.stream,
        organisation=shown.organisation,
        level=shown.level,
        regime=shown.regime,
        shown_on=shown.shown_on,
        theme=theme,
        light=shown.statement.light,
        severity=shown.statement.severity,
        text=shown.statement.text,
        signals=evidence,
    )


def _soft(
    dossier: SignalDossier, shown: IndicatorDocument, theme: str | None
) -> SoftEvidence | None:
    linked_by = _link(dossier, shown, theme)
    if linked_by is None or dossier.signal == shown.stream or _over(dossier, shown.shown_on):
        return None
    heavy = [
        (entry, entry.statement)
        for entry in dossier.entries
        if entry.happened_on <= shown.shown_on and entry.statement and _heavy(entry.statement)
    ]
    if not heavy:
        return None
    entry, statement = max(heavy, key=lambda pair: _weight(pair[1]))
    return SoftEvidence(
        signal=dossier.signal,
        event_id=entry.event_id,
        body=dossier.body,
        regime=dossier.regime,
        linked_by=linked_by,
        light=statement.light,
        severity=statement.severity,
        stated_on=entry.happened_on,
    )


def _link(dossier: SignalDossier, shown: IndicatorDocument, theme: str | None) -> LinkedBy | None:
    if theme is not None and dossier.theme is not None:
        return LinkedBy.THEME if _key(theme) == _key(dossier.theme) else None
    green = shown.statement.light is Light.GREEN
    return LinkedBy.BODY if green and shown.organisation == dossier.body else None


def _over(dossier: SignalDossier, on: date) -> bool:
    verified = six_dates(dossier).verified_on
    if verified is not None and verified <= on:
        return True
    return any(e.topic == SignalWithdrawn.TOPIC and e.happened_on <= on for e in dossier.entries)


def _heavy(statement: Statement) -> bool:
    return statement.light is Light.RED or (statement.severity or 0) >= SERIOUS


def _weight(statement: Statement) -> tuple[int, bool]:
    return (statement.severity or 0, statement.light is Light.RED)


def _key(theme: str) -> str:
    """Compare themes after trimming and case folding, as groups are."""
    return " ".join(theme.split()).casefold()
