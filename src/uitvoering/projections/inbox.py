"""What must this level do, by when?"""

from uitvoering.domain.values import Level, Statement
from uitvoering.projections.documents import Documents, Moment
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.open_items import ItemKind, OpenItem, open_items
from uitvoering.projections.signal_trail import Contradiction, open_contradictions
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.steps import latest_statement


class InboxItem(OpenItem):
    """One open term with the words it is about, side by side."""

    origin: Statement | None
    """As it was first put; null when not known or erased."""
    previous: Statement | None
    """As it reached this level; null when the source does not say."""
    contradictions: tuple[Contradiction, ...]
    """Open ones: they go along when it is handed on."""


def inbox(
    documents: Documents,
    moment: Moment,
    *,
    organisation: str | None = None,
    level: Level | None = None,
    kind: ItemKind | None = None,
) -> list[InboxItem]:
    """What is due first, or longest over, first."""
    return [
        _row(item, documents)
        for item in open_items(documents, moment)
        if organisation in {None, item.organisation}
        and level in {None, item.level}
        and kind in {None, item.kind}
    ]


def _row(item: OpenItem, documents: Documents) -> InboxItem:
    dossier = documents.get(SignalDossier, item.id)
    if dossier is not None:
        begun = next((e for e in dossier.entries if e.event_id == item.of), None)
        arrived = begun.statement if begun else None
        last = latest_statement(dossier.entries)
        return _with(
            item,
            origin=dossier.origin.statement,
            previous=arrived or (last.statement if last else None),
            contradictions=open_contradictions(dossier),
        )
    matter = documents.get(FollowUpDocument, item.id)
    return _with(item, origin=matter.statement if matter else None)


def _with(
    item: OpenItem,
    *,
    origin: Statement | None,
    previous: Statement | None = None,
    contradictions: tuple[Contradiction, ...] = (),
) -> InboxItem:
    return InboxItem.model_validate(
        {
            **dict(item),
            "origin": origin,
            "previous": previous,
            "contradictions": contradictions,
        }
    )
