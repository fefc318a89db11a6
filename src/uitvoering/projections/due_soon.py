"""Which terms end when, and where is a peak coming?

Counts of tasks per ISO week, level and kind: nothing about persons, so small numbers stay.
"""

from collections import Counter
from datetime import date, timedelta

from uitvoering.domain.values import Level
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.open_items import ItemKind, open_items

WEEKS = 8
"""How far ahead one looks without being asked: a choice."""


class DueSoon(Row):
    week: str
    """ISO 8601, such as `2026-W07`."""
    starts_on: date
    """The Monday of that week."""
    level: Level | None
    """Null where the facts do not say who has to act."""
    kind: ItemKind
    terms: int


def due_soon(
    documents: Documents,
    moment: Moment,
    *,
    weeks: int = WEEKS,
    organisation: str | None = None,
    level: Level | None = None,
    kind: ItemKind | None = None,
) -> list[DueSoon]:
    """By week, level and kind; this week and the weeks after it, `weeks` in all."""
    first = moment.today - timedelta(days=moment.today.weekday())
    past_the_last = first + timedelta(weeks=weeks)
    counts = Counter(
        (item.due_on - timedelta(days=item.due_on.weekday()), item.level, item.kind)
        for item in open_items(documents, moment)
        if moment.today <= item.due_on < past_the_last
        and organisation in {None, item.organisation}
        and level in {None, item.level}
        and kind in {None, item.kind}
    )
    return [
        DueSoon(week=_iso_week(monday), starts_on=monday, level=at, kind=what, terms=terms)
        for (monday, at, what), terms in sorted(
            counts.items(), key=lambda row: (row[0][0], row[0][1] or "", row[0][2])
        )
    ]


def _iso_week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"
