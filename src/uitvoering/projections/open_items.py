"""Which terms are running or ended without an act, on signals and on matters to be answered?"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.signal_terms import OpenTerm, TermKind
from uitvoering.domain.values import Code, Id, Level, Name, Regime
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.entries import Entry
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.rules_in_force import RulesInForce
from uitvoering.projections.signals import SignalDossier


class ItemKind(StrEnum):
    """What is waited for: four terms on a signal, and the matters that ask for an answer."""

    ACKNOWLEDGEMENT = "acknowledgement"
    HAND_ON = "hand-on"
    FEEDBACK = "feedback"
    CONTRADICTION = "contradiction"
    CONDITION = "condition"
    RECOMMENDATION = "recommendation"
    VERDICT = "verdict"
    ADVICE = "advice"
    FINDING = "finding"
    SIGNAL = "signal"
    RESPONSE = "response"


class OpenItem(Row):
    kind: ItemKind
    id: Id
    """The signal, or the follow-up of the matter."""
    of: Id
    """The event that started the term."""
    level: Level | None
    """Who has to act; null where the facts do not say."""
    organisation: Code
    party: Level | None = None
    """The party that has to be asked, where the term is about that."""
    code: Code | None = None
    """The condition or recommendation, such as `c1`."""
    proposal: Id | None = None
    theme: Name | None = None
    regime: Regime
    since: date
    due_on: date
    days_over: int
    """Days past the last day to act in; zero or less while the term runs."""


def open_items(documents: Documents, moment: Moment) -> list[OpenItem]:
    """By due day, then id, then what is waited for."""
    rules = RulesInForce(documents)
    rows = [
        item
        for _, dossier in documents.all(SignalDossier)
        for item in items_of(dossier, rules, moment)
    ]
    rows += _to_be_answered(documents, moment)
    return sorted(rows, key=lambda row: (row.due_on, row.id, row.kind, row.of, row.party or ""))


def items_of(dossier: SignalDossier, rules: RulesInForce, moment: Moment) -> Iterator[OpenItem]:
    """Read the open terms of one signal."""
    entries = {entry.event_id: entry for entry in dossier.entries}
    for term in rules.terms_of(dossier):
        if term.met_on is None:
            yield OpenItem(
                kind=ItemKind(term.kind),
                id=dossier.signal,
                of=term.of,
                level=term.level,
                organisation=_organisation(dossier, term, entries),
                party=term.party,
                proposal=dossier.proposal,
                theme=dossier.theme,
                regime=dossier.regime,
                since=term.started_on,
                due_on=term.due_on,
                days_over=(moment.today - term.due_on).days,
            )


def _organisation(dossier: SignalDossier, term: OpenTerm, entries: dict[str, Entry]) -> str:
    """Name the body of the level that has to act, as far as the facts say."""
    begun = entries.get(term.of)
    if begun is None:
        return dossier.body
    match term.kind:
        case TermKind.HAND_ON if term.party is not None:
            return begun.organisation
        case TermKind.ACKNOWLEDGEMENT | TermKind.HAND_ON:
            return begun.to_organisation or dossier.body
        case TermKind.FEEDBACK:
            return begun.organisation
        case TermKind.CONTRADICTION:
            against = entries.get(begun.of or "")
            return against.organisation if against else dossier.body


def _to_be_answered(documents: Documents, moment: Moment) -> Iterator[OpenItem]:
    for stream, matter in documents.all(FollowUpDocument):
        answered = any(answer.outcome is not Outcome.NO_RESPONSE for answer in matter.answers)
        if answered or matter.met_on is not None or matter.lapsed_on is not None:
            continue
        yield OpenItem(
            kind=ItemKind(matter.matter),
            id=stream,
            of=matter.of,
            level=matter.level,
            organisation=matter.organisation,
            code=matter.code,
            proposal=matter.proposal,
            theme=matter.theme,
            regime=matter.regime,
            since=matter.since,
            due_on=matter.due_on,
            days_over=(moment.today - matter.due_on).days,
        )
