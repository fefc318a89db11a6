"""When and by which route did each level first know?

The origin's own level knows on the day of the origin, by its own way. An addressee knows when what
was passed on arrived, by the sender's way: from outside is external, from beside the line lateral,
from the line line, unless the sender itself first knew from outside: then external travels on with
it (lateral does not). A level that acts without a recorded arrival knew by its act, by a way of
its own. Silence and measures are no reach: a dropped citation, a hold-back, a lapse or a measure
does not show that anyone had the matter.
"""

from collections.abc import Iterator
from datetime import date

from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import (
    AcknowledgementLapsed,
    AdviceAsked,
    AdviceGiven,
    CitationDropped,
    ContradictionFiled,
    FeedbackLapsed,
    HandOnLapsed,
    HardshipSignalled,
    PassagesWithheld,
    ReceiptIssued,
    SignalCited,
    SignalDisclosed,
    SignalHandedOn,
    SignalHeldBack,
    SignalRestated,
)
from uitvoering.domain.events.signal_outcome import (
    IndividualReliefGiven,
    MeasureDecided,
    MeasureProposed,
    MeasureTookEffect,
)
from uitvoering.domain.values import Code, Id, Level, Regime, Role, Way
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.entries import Entry
from uitvoering.projections.signals import SignalDossier

_PASSED_ON: frozenset[str] = frozenset(
    kind.TOPIC
    for kind in (
        HardshipSignalled,
        SignalHandedOn,
        SignalRestated,
        SignalCited,
        PassagesWithheld,
        SignalDisclosed,
        AdviceAsked,
        AdviceGiven,
        ContradictionFiled,
        FindingIssued,
    )
)
_NO_REACH_KINDS: tuple[type[Fact], ...] = (
    CitationDropped,
    SignalHeldBack,
    MeasureProposed,
    MeasureDecided,
    MeasureTookEffect,
    IndividualReliefGiven,
    AcknowledgementLapsed,
    HandOnLapsed,
    FeedbackLapsed,
    ReceiptIssued,
)
_RANK = {level: rank for rank, level in enumerate(Level)}
_NO_REACH = frozenset(kind.TOPIC for kind in _NO_REACH_KINDS)


class FirstReach(Row):
    signal: Id
    body: Code
    regime: Regime
    level: Level
    on: date
    way: Way
    days_since_origin: int
    """Negative where the level had it before the origin was raised here."""
    event_id: Id
    """The event by which it knew."""


def first_reach(
    documents: Documents,
    moment: Moment,
    *,
    signal: str | None = None,
    organisation: str | None = None,
    level: Level | None = None,
    way: Way | None = None,
) -> list[FirstReach]:
    """By signal, then day, then level from low to high."""
    rows = [
        row
        for _, dossier in documents.all(SignalDossier)
        if signal in {None, dossier.signal} and organisation in {None, dossier.body}
        for row in _reaches(dossier, moment)
        if level in {None, row.level} and way in {None, row.way}
    ]
    return sorted(rows, key=lambda row: (row.signal, row.on, _RANK[row.level]))


def all_reaches(documents: Documents, moment: Moment) -> Iterator[FirstReach]:
    """The same of every signal, one in memory at a time."""
    for _, dossier in documents.all(SignalDossier):
        yield from sorted(_reaches(dossier, moment), key=lambda row: (row.on, _RANK[row.level]))


def _reaches(dossier: SignalDossier, moment: Moment) -> list[FirstReach]:
    reached: dict[Level, tuple[date, Way, Entry]] = {}
    for entry in dossier.entries:
        if entry.topic in _NO_REACH or entry.role is Role.CLOCK:
            continue
        known = reached.get(entry.level)
        if known is None or known[0] > entry.happened_on:
            reached[entry.level] = (entry.happened_on, entry.level.way, entry)
        if entry.to is None or entry.topic not in _PASSED_ON:
            continue
        earlier = reached.get(entry.to)
        if earlier is None or entry.reached_on < earlier[0]:
            way = way_passed_on(entry.level, reached[entry.level][1])
            reached[entry.to] = (entry.reached_on, way, entry)
    origin = dossier.origin.happened_on
    return [
        FirstReach(
            signal=dossier.signal,
            body=dossier.body,
            regime=dossier.regime,
            level=level,
            on=on,
            way=way,
            days_since_origin=(on - origin).days,
            event_id=entry.event_id,
        )
        for level, (on, way, entry) in reached.items()
        if on <= moment.today
    ]


def way_passed_on(sender: Level, sender_knew_by: Way) -> Way:
    """By which way an addressee knows: the sender's, and from outside travels on with it."""
    if sender.way is not Way.LINE:
        return sender.way
    return Way.EXTERNAL if sender_knew_by is Way.EXTERNAL else Way.LINE
