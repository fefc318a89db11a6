"""What did this statement lose or gain against the one it was given? Twelve dimensions, pure."""

from uitvoering.domain.values import Statement, StatementField, Value
from uitvoering.softening.action import action
from uitvoering.softening.facets import (
    FACETS,
    Dimension,
    DimensionResult,
    Result,
    as_json,
    both_read,
    bounded,
)
from uitvoering.softening.facts import Finding, Known
from uitvoering.softening.judging import Findings, judge
from uitvoering.softening.method import method
from uitvoering.softening.numbers import Kind, Number
from uitvoering.softening.reading import read
from uitvoering.softening.weights import Weights

__all__ = ["Comparison", "compare", "method"]


class Comparison(Value):
    """Never stored: computed, contested, and computed again by a better method."""

    dimensions: tuple[DimensionResult, ...]
    """All twelve, in the order of DOMAIN 4."""
    method: str

    def of(self, dimension: Dimension) -> DimensionResult:
        return next(row for row in self.dimensions if row.dimension is dimension)

    @property
    def softened(self) -> tuple[Dimension, ...]:
        """Softened or missing."""
        return tuple(row.dimension for row in self.dimensions if row.result.is_loss)

    @property
    def sharpened(self) -> tuple[Dimension, ...]:
        return tuple(r.dimension for r in self.dimensions if r.result is Result.SHARPENED)

    @property
    def text_only(self) -> bool:
        """Whether everything that moved rests on words alone: every field is as it was."""
        moved = [row for row in self.dimensions if row.result is not Result.UNCHANGED]
        return bool(moved) and all(row.text_only for row in moved)


def compare(previous: Statement, following: Statement, by: Weights | None = None) -> Comparison:
    """A field that is not coded on both sides reads unchanged, without a rule.

    `by` are other weights than those of the method, to judge them.
    """
    rows = {
        dimension: facet(previous, following)
        if both_read(previous, following, field)
        else DimensionResult(dimension=dimension)
        for dimension, field, facet in FACETS
    }
    if both_read(previous, following, StatementField.REQUESTED_ACTION):
        rows[Dimension.ACTION] = action(previous, following)
    words: Findings | None = None
    if both_read(previous, following, StatementField.TEXT):
        known = known_fields(previous, following)
        words = judge(read(previous.text), read(following.text), known, by)
        rows[Dimension.WORDING] = _from_text(Dimension.WORDING, words.wording)
        rows[Dimension.OMISSION] = _from_text(Dimension.OMISSION, words.omission)
    rows[Dimension.SCOPE] = _scope(previous, following, words.scope if words else None)
    return Comparison(
        dimensions=tuple(rows.get(d, DimensionResult(dimension=d)) for d in Dimension),
        method=method(),
    )


def known_fields(previous: Statement, following: Statement) -> Known:
    numbers: list[Number] = []
    if following.affected_count is not None:
        numbers.append(Number(Kind.COUNT, following.affected_count, 0, 0, 0))
    if following.act_within_days is not None:
        numbers.append(Number(Kind.DAYS, following.act_within_days, 0, 0, 0))
    asked = read(following.requested_action) if following.requested_action else None
    before, after = previous.affected_count, following.affected_count
    return Known(
        numbers=(*numbers, *(asked.numbers if asked else ())),
        said=" ".join((*following.affected_groups, following.requested_action or "")),
        same_count=before is not None and after is not None and after >= before,
        count_before=before,
    )


def _from_text(dimension: Dimension, finding: Finding) -> DimensionResult:
    return DimensionResult(
        dimension=dimension,
        result=finding.result,
        strength=bounded(finding.weight) if finding.result is not Result.UNCHANGED else 0,
        rule=finding.rule,
        text_only=finding.result is not Result.UNCHANGED,
        spans=finding.spans,
    )


def _scope(previous: Statement, following: Statement, text: Finding | None) -> DimensionResult:
    """Groups and count each where both sides are coded; then what the words say beside them."""
    groups = both_read(previous, following, StatementField.AFFECTED_GROUPS)
    count = both_read(previous, following, StatementField.AFFECTED_COUNT)
    if not groups and not count and text is None:
        return DimensionResult(dimension=Dimension.SCOPE)
    result, strength, rule = _scope_fields(previous, following, groups=groups, count=count)
    row = DimensionResult(
        dimension=Dimension.SCOPE,
        result=result,
        strength=bounded(strength),
        rule=rule,
        before=as_json(_people(previous, groups=groups, count=count)),
        after=as_json(_people(following, groups=groups, count=count)),
    )
    if text is None or text.result is Result.UNCHANGED or row.result.is_loss:
        return row
    if row.result is Result.UNCHANGED or text.result.is_loss:  # nothing may have been lost
        return _from_text(Dimension.SCOPE, text).model_copy(
            update={
                "before": row.before,
                "after": row.after,
                "text_only": row.result is Result.UNCHANGED,
            }
        )
    return row.model_copy(update={"spans": text.spans})


def _people(statement: Statement, *, groups: bool, count: bool) -> dict[str, object]:
    return {
        **({"affected_count": statement.affected_count} if count else {}),
        **({"affected_groups": sorted(statement.affected_groups)} if groups else {}),
    }


def _scope_fields(
    previous: Statement, following: Statement, *, groups: bool, count: bool
) -> tuple[Result, int, str]:
    earlier, later = _names(previous, groups=groups), _names(following, groups=groups)
    before = previous.affected_count if count else None
    after = following.affected_count if count else None
    count_gone = before is not None and after is None
    if count_gone and earlier and not later:
        return Result.MISSING, 3, "scope-gone"
    if count_gone:
        return Result.SOFTENED, 2, "count-gone"
    if before is not None and after is not None and after < before:
        return Result.SOFTENED, 2 if after * 2 <= before else 1, "count-lower"
    if earlier - later:
        return Result.SOFTENED, 1 if later else 2, "group-gone"
    if after is not None and before is None:
        return Result.SHARPENED, 1, "count-new"
    if before is not None and after is not None and after > before:
        return Result.SHARPENED, 2 if after >= 2 * before else 1, "count-higher"
    if later - earlier:
        return Result.SHARPENED, 1, "group-added"
    return Result.UNCHANGED, 0, "scope-equal"


def _names(statement: Statement, *, groups: bool) -> set[str]:
    return {" ".join(g.split()).casefold() for g in statement.affected_groups} if groups else set()
