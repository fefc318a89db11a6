"""Where did this signal lose force, and in whose words?

One row per statement, and one per gap: a lapse, a hold-back, withheld passages, a dropped citation.
"""

from collections.abc import Iterator
from datetime import date, datetime

from uitvoering.domain.acts import Reply
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import (
    ContradictionAnswered,
    ContradictionFiled,
    ContradictionWithdrawn,
)
from uitvoering.domain.values import (
    Code,
    Id,
    Level,
    ReasonCode,
    Regime,
    Role,
    Statement,
    Value,
    Way,
)
from uitvoering.projections.challenged_verdicts import ContestedVerdict, contested_in
from uitvoering.projections.compared_pairs import verdicts_in
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.entries import Entry
from uitvoering.projections.rules_in_force import RulesInForce
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.steps import Step, steps_of
from uitvoering.softening.compare import Comparison, method
from uitvoering.softening.facets import DimensionResult
from uitvoering.softening.justification import Justification
from uitvoering.softening.verdict import Label, Overall


class Answered(Value):
    on: date
    level: Level
    answer: str


class Contradiction(Value):
    """An objection, shown with the statement it is against and with every later row while open."""

    event_id: Id
    against: Id
    level: Level
    organisation: Code
    filed_on: date
    statement: Statement | None
    answers: tuple[Answered, ...]
    """An answer does not close it; the filer does."""
    withdrawn_on: date | None


class TrailRow(Row):
    signal: Id
    body: Code
    regime: Regime
    position: int
    """1 for the first row; a late registration moves the rows after it."""
    event_id: Id
    topic: Code
    gap: bool
    """Something was due, or had been there, and is not."""
    level: Level
    way: Way
    organisation: Code
    to: Level | None
    to_organisation: Code | None
    skipped: tuple[Level, ...]
    """Levels on the route between sender and addressee."""
    happened_from: date | None
    happened_on: date
    arrived_on: date | None
    recorded_at: datetime
    lag_days: int
    """Days between happening and recording."""
    late: bool
    """More days than the policy `late_registration_days` allows; never for what a clock records."""
    statement: Statement | None
    """Null: not known how it was put, nothing was said, or erased since."""
    words: str | None
    carrier: str | None
    due_on: date | None
    party: Level | None
    previous: Id | None
    """The event whose statement the hop is measured from."""
    hop: tuple[DimensionResult, ...] | None
    """Twelve results; null where there is nothing to compare."""
    drift: tuple[DimensionResult, ...] | None
    overall: Overall | None
    drift_overall: Overall | None
    justification: Justification | None
    """Of what the hop lost; `none` is without a stated reason, null is nothing lost."""
    window_ends_on: date | None
    reason_code: ReasonCode | None
    reason: str | None
    labels: tuple[Label, ...]
    contradictions: tuple[Contradiction, ...]
    reply: Reply | None
    challenges: tuple[ContestedVerdict, ...]
    """Of the hop where `from_event` is `previous`, else of the drift; verdicts stay computed."""
    method: str


def signal_trail(
    documents: Documents,
    moment: Moment,
    *,
    signal: str | None = None,
    organisation: str | None = None,
    level: Level | None = None,
) -> list[TrailRow]:
    """By signal, then in the order in which it happened."""
    rows = trails(documents, moment) if signal is None else trail_of(documents, moment, signal)
    return [
        row
        for row in rows
        if organisation in {None, row.organisation} and level in {None, row.level}
    ]


def trails(documents: Documents, moment: Moment) -> Iterator[TrailRow]:
    """Every trail, one signal in memory at a time."""
    rules = RulesInForce(documents)
    for _, dossier in documents.all(SignalDossier):
        yield from _rows(dossier, documents, rules, moment)


def trail_of(documents: Documents, moment: Moment, signal: str) -> list[TrailRow]:
    dossier = documents.get(SignalDossier, signal)
    if dossier is None:
        return []
    return _rows(dossier, documents, RulesInForce(documents), moment)


def _rows(
    dossier: SignalDossier, documents: Documents, rules: RulesInForce, moment: Moment
) -> list[TrailRow]:
    filed = _contradictions(dossier.entries)
    carried: list[Contradiction] = []
    rows: list[TrailRow] = []
    steps = steps_of(dossier, documents, rules, moment)
    contested = contested_in(documents, dossier.signal, verdicts_in(steps, dossier.origin_event))
    for position, step in enumerate(steps, start=1):
        entry = step.entry
        carried += [c for c in filed if c.event_id == entry.event_id and c.withdrawn_on is None]
        against = [c for c in filed if c.against == entry.event_id]
        lag = (entry.recorded_on - entry.happened_on).days
        allowed = rules.terms.value(PolicyName.LATE_REGISTRATION_DAYS, entry.recorded_on)
        rows.append(
            TrailRow(
                signal=dossier.signal,
                body=dossier.body,
                regime=dossier.regime,
                position=position,
                event_id=entry.event_id,
                topic=entry.topic,
                gap=step.is_gap,
                level=entry.level,
                way=entry.level.way,
                organisation=entry.organisation,
                to=entry.to,
                to_organisation=entry.to_organisation,
                skipped=_skipped(entry, dossier.body, rules),
                happened_from=entry.happened_from,
                happened_on=entry.happened_on,
                arrived_on=entry.arrived_on,
                recorded_at=entry.recorded_at,
                lag_days=lag,
                late=lag > allowed and entry.role is not Role.CLOCK,
                statement=entry.statement,
                words=entry.words,
                carrier=entry.carrier,
                due_on=entry.due_on,
                party=entry.party,
                previous=step.previous,
                hop=_dimensions(step.hop),
                drift=_dimensions(step.drift),
                overall=step.overall,
                drift_overall=step.drift_overall,
                justification=step.justification,
                window_ends_on=step.window_ends_on,
                reason_code=entry.reason_code,
                reason=entry.reason,
                labels=step.labels,
                contradictions=_shown(step, against, carried),
                reply=entry.reply,
                challenges=tuple(c for c in contested if c.to_event == entry.event_id),
                method=method(),
            )
        )
    return rows


def _skipped(entry: Entry, body: str, rules: RulesInForce) -> tuple[Level, ...]:
    route = rules.route(body, entry.happened_on)
    return route.skipped(entry.level, entry.to) if entry.to else ()


def _dimensions(comparison: Comparison | None) -> tuple[DimensionResult, ...] | None:
    return comparison.dimensions if comparison is not None else None


def _shown(
    step: Step, against: list[Contradiction], carried: list[Contradiction]
) -> tuple[Contradiction, ...]:
    """With the statement itself: all, also those withdrawn; with every later row: those open."""
    others = [c for c in carried if c.event_id != step.entry.event_id and c not in against]
    return (*against, *others)


def _contradictions(entries: tuple[Entry, ...]) -> list[Contradiction]:
    return [
        Contradiction(
            event_id=filed.event_id,
            against=filed.of or filed.event_id,
            level=filed.level,
            organisation=filed.organisation,
            filed_on=filed.happened_on,
            statement=filed.statement,
            answers=tuple(
                Answered(on=e.happened_on, level=e.level, answer=e.words or "")
                for e in entries
                if e.topic == ContradictionAnswered.TOPIC and e.of == filed.event_id
            ),
            withdrawn_on=next(
                (
                    e.happened_on
                    for e in entries
                    if e.topic == ContradictionWithdrawn.TOPIC and e.of == filed.event_id
                ),
                None,
            ),
        )
        for filed in entries
        if filed.topic == ContradictionFiled.TOPIC
    ]


def open_contradictions(dossier: SignalDossier) -> tuple[Contradiction, ...]:
    """Those filed and not withdrawn: they go along with every later statement."""
    return tuple(c for c in _contradictions(dossier.entries) if c.withdrawn_on is None)
