"""What became of what I raised?"""

from collections.abc import Iterator
from datetime import date

from uitvoering.domain.events.signal_outcome import FeedbackGiven, FeedbackImpossible
from uitvoering.domain.signal_state import SignalState
from uitvoering.domain.values import Code, Id, Level, Reference, Regime, Statement, Value
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.entries import Entry
from uitvoering.projections.open_items import OpenItem, items_of
from uitvoering.projections.rules_in_force import RulesInForce
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.standing import standing_of
from uitvoering.projections.steps import latest_statement


class Told(Value):
    """What the reporter was told, or why telling was not possible."""

    on: date
    level: Level
    message: str | None
    impossible_because: str | None


class MySignal(Row):
    signal: Id
    body: Code
    regime: Regime
    receipt_of: Id
    """The event the receipt is for: the origin."""
    receipt: Reference | None
    """SHA-256 of that event; null while no receipt was issued."""
    raised_on: date
    state: SignalState
    progress: SignalState
    merged_into: Id | None
    own_words: Statement | None
    """As raised, verbatim; null when erased."""
    wording_now: Statement | None
    """As it was last put, to be read beside the own words."""
    worded_by: Level | None
    worded_on: date | None
    terms: tuple[OpenItem, ...]
    """What is still owed, and by when."""
    told: tuple[Told, ...]


def my_signals(
    documents: Documents,
    moment: Moment,
    *,
    pseudonym: str,
    organisation: str,
    state: SignalState | None = None,
) -> list[MySignal]:
    """Raised last first; only what was raised under this pseudonym in this organisation."""
    rules = RulesInForce(documents)
    rows = [
        _row(dossier, tuple(items_of(dossier, rules, moment)))
        for _, dossier in documents.all(SignalDossier)
        if dossier.reporter == pseudonym and dossier.organisation == organisation
    ]
    asked = (row for row in rows if state in {None, row.state, row.progress})
    return sorted(asked, key=lambda row: (-row.raised_on.toordinal(), row.signal))


def all_signals(documents: Documents, moment: Moment) -> Iterator[MySignal]:
    """Rebuild every reporter's rows, for the digest of a replay: no row says whose it is."""
    rules = RulesInForce(documents)
    for _, dossier in documents.all(SignalDossier):
        yield _row(dossier, tuple(items_of(dossier, rules, moment)))


def _row(dossier: SignalDossier, terms: tuple[OpenItem, ...]) -> MySignal:
    origin, standing, entries = dossier.origin, standing_of(dossier), dossier.entries
    now: Entry | None = latest_statement(entries)
    return MySignal(
        signal=dossier.signal,
        body=dossier.body,
        regime=dossier.regime,
        receipt_of=origin.event_id,
        receipt=dossier.receipt,
        raised_on=origin.happened_on,
        state=standing.state,
        progress=standing.progress,
        merged_into=dossier.merged_into,
        own_words=origin.statement,
        wording_now=now.statement if now else None,
        worded_by=now.level if now else None,
        worded_on=now.happened_on if now else None,
        terms=terms,
        told=tuple(
            Told(on=e.happened_on, level=e.level, message=e.words, impossible_because=e.reason)
            for e in entries
            if e.topic in {FeedbackGiven.TOPIC, FeedbackImpossible.TOPIC}
        ),
    )
