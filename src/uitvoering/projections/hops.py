"""What changed in one hop, when words follow words and when nothing follows at all?"""

from dataclasses import dataclass
from functools import lru_cache

from uitvoering.domain.events.signal import CitationDropped, HandOnLapsed
from uitvoering.domain.values import Statement
from uitvoering.projections.entries import Entry
from uitvoering.softening.compare import Comparison, compare, method
from uitvoering.softening.facets import Dimension, DimensionResult, Result


@dataclass(frozen=True)
class _Pair:
    before: Statement
    after: Statement


def compared(before: Statement, after: Statement) -> Comparison:
    """Compare once: statements are frozen and the method of a running process does not change."""
    return _compared(_Pair(before, after))


@lru_cache(maxsize=20_000)
def _compared(pair: _Pair) -> Comparison:
    return compare(pair.before, pair.after)


def hop_of(entry: Entry, before: Statement | None) -> Comparison | None:
    """Compare with the statement before; of a gap, say what is not there."""
    if entry.topic == HandOnLapsed.TOPIC:
        return _only(Dimension.OMISSION, Result.MISSING, 3, "statement-never-came")
    words = compared(before, entry.statement) if before and entry.statement else None
    if entry.topic == CitationDropped.TOPIC:
        if words is None:
            return _only(Dimension.EVIDENCE, Result.SOFTENED, 1, "citation-dropped")
        if not words.of(Dimension.EVIDENCE).result.is_loss:
            # The fact itself says that the reference is gone, whatever the fields show.
            return _with(words, _CITATION_GONE)
    return words


_CITATION_GONE = DimensionResult(
    dimension=Dimension.EVIDENCE, result=Result.SOFTENED, strength=1, rule="citation-dropped"
)


def _only(dimension: Dimension, result: Result, strength: int, rule: str) -> Comparison:
    """Nothing was stated, so nothing is compared but the one thing that is not there."""
    nothing = Comparison(
        dimensions=tuple(DimensionResult(dimension=d) for d in Dimension), method=method()
    )
    row = DimensionResult.model_validate(
        {"dimension": dimension, "result": result, "strength": strength, "rule": rule}
    )
    return _with(nothing, row)


def _with(comparison: Comparison, row: DimensionResult) -> Comparison:
    dimensions = tuple(
        row if known.dimension is row.dimension else known for known in comparison.dimensions
    )
    return comparison.model_copy(update={"dimensions": dimensions})
