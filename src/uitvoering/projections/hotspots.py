"""Which level softens most, and on what?

A hop belongs to the level that stated it, so a loss counts where it first appears and not again
where the weaker words are passed on. Counts of hops below `small_number_threshold` are suppressed,
also where a total or another body's row would give them back. Periods are the asker's choice: two
overlapping periods can still be subtracted, so a publisher fixes them beforehand.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.values import Code, Level, Statement, StatementField
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.rules_in_force import RulesInForce
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.small_numbers import Cell, suppressed
from uitvoering.projections.steps import Step, steps_of
from uitvoering.softening.facets import Dimension, Result, both_read
from uitvoering.softening.verdict import Overall

_READS: dict[Dimension, tuple[StatementField, ...]] = {
    Dimension.SEVERITY: (StatementField.SEVERITY,),
    Dimension.LIGHT: (StatementField.LIGHT,),
    Dimension.SCOPE: (
        StatementField.AFFECTED_GROUPS,
        StatementField.AFFECTED_COUNT,
        StatementField.TEXT,
    ),
    Dimension.WORDING: (StatementField.TEXT,),
    Dimension.ACTION: (StatementField.REQUESTED_ACTION,),
    Dimension.URGENCY: (StatementField.ACT_WITHIN_DAYS,),
    Dimension.EVIDENCE: (StatementField.EVIDENCE,),
    Dimension.OMISSION: (StatementField.TEXT,),
    Dimension.CAUSE: (StatementField.CAUSES,),
    Dimension.CERTAINTY: (StatementField.CERTAINTY,),
    Dimension.RECURRENCE: (StatementField.RECURRENCE,),
    Dimension.LEGALITY: (StatementField.LEGALITY,),
}


class Hotspot(Row):
    organisation: Code | None
    """Null: all bodies together."""
    level: Level | None
    """Null: all levels together."""
    dimension: Dimension
    suppressed: bool
    """Too few hops to show without telling who: every count is null."""
    hops: int | None
    """Statements compared on this dimension; a lapse counts on omission alone."""
    softened: int | None
    """Softened or missing, reassessed or not."""
    missing: int | None
    """Of those, missing."""
    sharpened: int | None
    reassessed: int | None
    """Of the softened, those with evidence or acceptance."""
    softened_per_thousand: int | None
    missing_per_thousand: int | None
    sharpened_per_thousand: int | None
    reassessed_per_thousand: int | None


@dataclass
class _Count:
    hops: int = 0
    results: Counter[Result] = field(default_factory=Counter[Result])
    reassessed: int = 0

    def add(self, result: Result, *, reassessed: bool) -> None:
        self.hops += 1
        self.results[result] += 1
        self.reassessed += result.is_loss and reassessed


_Counts = dict[tuple[Cell, Dimension], _Count]


def hotspots(
    documents: Documents,
    moment: Moment,
    *,
    organisation: str | None = None,
    level: Level | None = None,
    dimension: Dimension | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Hotspot]:
    """By level in rank order, all levels last, then dimension; of one body, or of all together."""
    return [
        row
        for row in all_hotspots(documents, moment, since=since, until=until)
        if row.organisation == organisation
        and level in {None, row.level}
        and dimension in {None, row.dimension}
    ]


def all_hotspots(
    documents: Documents,
    moment: Moment,
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[Hotspot]:
    """Rebuild the rows of every body and of all together."""
    rules = RulesInForce(documents)
    counts = _count(documents, rules, moment, since or date.min, until or date.max)
    threshold = rules.terms.value(PolicyName.SMALL_NUMBER_THRESHOLD, moment.today)
    hidden = _hidden(counts, threshold)
    rows = [
        _row(cell, dimension, count, dark=cell in hidden)
        for (cell, dimension), count in counts.items()
    ]
    return sorted(
        rows,
        key=lambda row: (
            row.organisation or "",
            _rank(row.level),
            list(Dimension).index(row.dimension),
        ),
    )


def _count(
    documents: Documents, rules: RulesInForce, moment: Moment, since: date, until: date
) -> _Counts:
    counts: _Counts = {}
    for _, dossier in documents.all(SignalDossier):
        for step in steps_of(dossier, documents, rules, moment):
            if step.hop is None or step.is_contradiction:
                continue
            if not since <= step.entry.happened_on <= until:
                continue
            reassessed = step.overall is Overall.REASSESSED
            body, at = step.entry.organisation, step.entry.level
            for row in step.hop.dimensions:
                if not _was_compared(step, row.dimension):
                    continue
                for cell in ((body, at), (None, at), (body, None), (None, None)):
                    count = counts.setdefault((cell, row.dimension), _Count())
                    count.add(row.result, reassessed=reassessed)
    return counts


def _was_compared(step: Step, dimension: Dimension) -> bool:
    """Leave out what the sources do not support; of a gap, keep only what it says is gone."""
    before: Statement | None = step.before
    after = step.entry.statement
    if step.hop is not None and step.hop.of(dimension).result is not Result.UNCHANGED:
        return True
    if before is None or after is None:
        return False
    return any(both_read(before, after, name) for name in _READS[dimension])


def _hidden(counts: _Counts, threshold: int) -> frozenset[Cell]:
    """A level of a body is shown on all dimensions or on none, so that none gives another back."""
    nothing: frozenset[Cell] = frozenset()
    return nothing.union(
        *(
            suppressed(
                {
                    cell: count.hops
                    for (cell, what), count in counts.items()
                    if what is dimension and None not in cell
                },
                threshold,
            )
            for dimension in Dimension
        )
    )


def _row(cell: Cell, dimension: Dimension, count: _Count, *, dark: bool) -> Hotspot:
    softened = count.results[Result.SOFTENED] + count.results[Result.MISSING]
    figures = {
        "softened": softened,
        "missing": count.results[Result.MISSING],
        "sharpened": count.results[Result.SHARPENED],
        "reassessed": count.reassessed,
    }
    shares = {f"{name}_per_thousand": n * 1000 // count.hops for name, n in figures.items()}
    shown = {"hops": count.hops, **figures, **shares}
    return Hotspot.model_validate(
        {
            "organisation": cell[0],
            "level": cell[1],
            "dimension": dimension,
            "suppressed": dark,
            **(dict.fromkeys(shown) if dark else shown),
        }
    )


def _rank(level: Level | None) -> int:
    return len(Level) if level is None else list(Level).index(level)
