"""What did each ordered field of a statement lose or gain against the one before it (DOMAIN 4)?"""

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from uitvoering.domain.values import (
    Cause,
    Certainty,
    Legality,
    Light,
    Recurrence,
    Statement,
    StatementField,
    Value,
)


class Dimension(StrEnum):
    SEVERITY = "severity"
    LIGHT = "light"
    SCOPE = "scope"
    WORDING = "wording"
    ACTION = "action"
    URGENCY = "urgency"
    EVIDENCE = "evidence"
    OMISSION = "omission"
    CAUSE = "cause"
    CERTAINTY = "certainty"
    RECURRENCE = "recurrence"
    LEGALITY = "legality"


class Result(StrEnum):
    """`missing` counts as softened in every total and is named apart."""

    SOFTENED = "softened"
    UNCHANGED = "unchanged"
    SHARPENED = "sharpened"
    MISSING = "missing"

    @property
    def is_loss(self) -> bool:
        return self in {Result.SOFTENED, Result.MISSING}


class Side(StrEnum):
    ORIGINAL = "original"
    RESTATED = "restated"


class Span(Value):
    """The very words a result rests on; offsets count Unicode characters of that side's text."""

    side: Side
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    text: str


class DimensionResult(Value):
    """One dimension: what came out, how strongly, by which rule, from which two values."""

    dimension: Dimension
    result: Result = Result.UNCHANGED
    strength: Literal[0, 1, 2, 3] = 0
    rule: str = ""
    """Empty: not compared (a field was not coded on both sides), or nothing to say."""
    before: str = ""
    """The value as canonical JSON; empty for text, which is shown through the spans."""
    after: str = ""
    text_only: bool = False
    """No field moved: the result rests on words alone."""
    spans: tuple[Span, ...] = ()


def bounded(strength: float) -> Literal[0, 1, 2, 3]:
    """A strength is 1 (a step) to 3 (three steps or more); 0 says nothing moved."""
    if strength >= 3:  # noqa: PLR2004 the top of the scale of INTERFACES 3
        return 3
    if strength >= 2:  # noqa: PLR2004 the middle of that scale
        return 2
    return 1 if strength > 0 else 0


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def both_read(before: Statement, after: Statement, field: StatementField) -> bool:
    """A field that a source does not support on either side is not compared."""
    return before.reads(field) and after.reads(field)


_LIGHTS = (Light.GREEN, Light.AMBER, Light.RED)
_WEIGHT: dict[Cause, int] = dict.fromkeys((Cause.LAW, Cause.POLICY), 3) | {
    Cause.INDIVIDUAL: 1,
    **dict.fromkeys((Cause.RULES, Cause.PROCESS, Cause.IT, Cause.CHAIN, Cause.STAFFING), 2),
}
"""Weights of DOMAIN 4, row `causes`."""


def _ordinal(
    dimension: Dimension, before: int | None, after: int | None
) -> tuple[Result, int, str]:
    """The rule all ordered fields share; a value that goes is named apart."""
    if before == after:
        return Result.UNCHANGED, 0, f"{dimension}-equal"
    if after is None:
        return Result.MISSING, 3, f"{dimension}-gone"
    if before is None:
        return Result.SHARPENED, 1, f"{dimension}-new"
    if after < before:
        return Result.SOFTENED, before - after, f"{dimension}-lower"
    return Result.SHARPENED, after - before, f"{dimension}-higher"


def _rank(scale: Sequence[StrEnum], value: StrEnum | None) -> int | None:
    return scale.index(value) if value is not None and value in scale else None


def severity(before: Statement, after: Statement) -> DimensionResult:
    return _result(
        Dimension.SEVERITY,
        _ordinal(Dimension.SEVERITY, before.severity, after.severity),
        before.severity,
        after.severity,
    )


def light(before: Statement, after: Statement) -> DimensionResult:
    ranks = _rank(_LIGHTS, before.light), _rank(_LIGHTS, after.light)
    return _result(Dimension.LIGHT, _ordinal(Dimension.LIGHT, *ranks), before.light, after.light)


def certainty(before: Statement, after: Statement) -> DimensionResult:
    scale = tuple(Certainty)
    ranks = _rank(scale, before.certainty), _rank(scale, after.certainty)
    moved = _ordinal(Dimension.CERTAINTY, *ranks)
    return _result(Dimension.CERTAINTY, moved, before.certainty, after.certainty)


def recurrence(before: Statement, after: Statement) -> DimensionResult:
    scale = tuple(Recurrence)
    ranks = _rank(scale, before.recurrence), _rank(scale, after.recurrence)
    moved = _ordinal(Dimension.RECURRENCE, *ranks)
    return _result(Dimension.RECURRENCE, moved, before.recurrence, after.recurrence)


def legality(before: Statement, after: Statement) -> DimensionResult:
    scale = tuple(Legality)
    ranks = _rank(scale, before.legality), _rank(scale, after.legality)
    moved = _ordinal(Dimension.LEGALITY, *ranks)
    return _result(Dimension.LEGALITY, moved, before.legality, after.legality)


def urgency(before: Statement, after: Statement) -> DimensionResult:
    """Fewer days is stronger, so the scale runs the other way."""
    earlier, later = before.act_within_days, after.act_within_days
    if earlier is not None and later is not None and earlier != later:
        low, high = sorted((earlier, later))
        steps = 1 if high < 2 * max(low, 1) else 2 if high < 4 * max(low, 1) else 3
        moved = (
            (Result.SOFTENED, steps, "urgency-later")
            if later > earlier
            else (Result.SHARPENED, steps, "urgency-sooner")
        )
    else:
        moved = _ordinal(Dimension.URGENCY, earlier, later)
    return _result(Dimension.URGENCY, moved, earlier, later)


def evidence(before: Statement, after: Statement) -> DimensionResult:
    """Missing only when the later statement leans on nothing at all."""
    earlier = {reference.locator.strip() for reference in before.evidence}
    later = {reference.locator.strip() for reference in after.evidence}
    gone, new = earlier - later, later - earlier
    if gone and not later:
        moved = (Result.MISSING, 3, "evidence-all-gone")
    elif gone:
        moved = (Result.SOFTENED, len(gone), "evidence-gone")
    elif new:
        moved = (Result.SHARPENED, len(new), "evidence-added")
    else:
        moved = (Result.UNCHANGED, 0, "evidence-equal")
    return _result(Dimension.EVIDENCE, moved, sorted(earlier), sorted(later))


def cause(before: Statement, after: Statement) -> DimensionResult:
    earlier, later = set(before.causes), set(after.causes)
    new = later - earlier
    high = max((_WEIGHT[c] for c in earlier), default=0)
    now = max((_WEIGHT[c] for c in later), default=0)
    if earlier and not later:
        moved = (Result.MISSING, 3, "cause-emptied")
    elif now < high:
        moved = (Result.SOFTENED, high - now, "cause-weight-lower")
    elif earlier and Cause.INDIVIDUAL in new and not new & {Cause.LAW, Cause.POLICY}:
        moved = (Result.SOFTENED, 1, "cause-individual-added")
    elif now > high:
        moved = (Result.SHARPENED, now - high, "cause-weight-higher")
    elif earlier != later:
        moved = (Result.UNCHANGED, 0, "cause-moved")
    else:
        moved = (Result.UNCHANGED, 0, "cause-equal")
    return _result(Dimension.CAUSE, moved, sorted(earlier), sorted(later))


def _result(
    dimension: Dimension, moved: tuple[Result, int, str], before: object, after: object
) -> DimensionResult:
    result, steps, rule = moved
    return DimensionResult(
        dimension=dimension,
        result=result,
        strength=bounded(steps),
        rule=rule,
        before=as_json(before),
        after=as_json(after),
    )


Facet = Callable[[Statement, Statement], DimensionResult]
FACETS: tuple[tuple[Dimension, StatementField, Facet], ...] = (
    (Dimension.SEVERITY, StatementField.SEVERITY, severity),
    (Dimension.LIGHT, StatementField.LIGHT, light),
    (Dimension.URGENCY, StatementField.ACT_WITHIN_DAYS, urgency),
    (Dimension.EVIDENCE, StatementField.EVIDENCE, evidence),
    (Dimension.CAUSE, StatementField.CAUSES, cause),
    (Dimension.CERTAINTY, StatementField.CERTAINTY, certainty),
    (Dimension.RECURRENCE, StatementField.RECURRENCE, recurrence),
    (Dimension.LEGALITY, StatementField.LEGALITY, legality),
)
"""The dimensions that read exactly one field and no text."""
