"""Which signals, conditions and contradictions stopped moving?

Every term that ended without the act that ends it. A recorded lapse, or the clock's own
`no-response`, is no answer: the item stays until someone acts.
"""

from uitvoering.domain.values import Level
from uitvoering.projections.documents import Documents, Moment
from uitvoering.projections.open_items import ItemKind, OpenItem, open_items


class Unanswered(OpenItem):
    """One term that ended; `days_over` is at least 1."""


def unanswered(
    documents: Documents,
    moment: Moment,
    *,
    organisation: str | None = None,
    level: Level | None = None,
    kind: ItemKind | None = None,
    proposal: str | None = None,
    theme: str | None = None,
    at_least_days: int = 1,
) -> list[Unanswered]:
    """Longest over first."""
    return [
        Unanswered.model_validate(dict(item))
        for item in open_items(documents, moment)
        if item.days_over >= max(at_least_days, 1)
        and organisation in {None, item.organisation}
        and level in {None, item.level}
        and kind in {None, item.kind}
        and proposal in {None, item.proposal}
        and theme in {None, item.theme}
    ]
