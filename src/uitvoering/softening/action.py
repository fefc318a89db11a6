"""Is less asked than before: from stopping or repairing, to changing, to studying, to nothing?"""

from uitvoering.domain.values import Statement
from uitvoering.softening.facets import Dimension, DimensionResult, Result, as_json, bounded
from uitvoering.softening.lexicon import SOFT, Category
from uitvoering.softening.reading import Reading, read

_DONE = 2.0
"""Classes from here up do something for the citizen; below it, something is looked at or noted."""
_IF_CONVENIENT = 0.5
"""What 'where possible' takes off an ask."""


def action(before: Statement, after: Statement) -> DimensionResult:
    """An ask of no known class is taken to be something to do: only a fall from doing counts."""
    earlier, later = before.requested_action, after.requested_action
    result, strength, rule = _moved(earlier, later)
    return DimensionResult(
        dimension=Dimension.ACTION,
        result=result,
        strength=bounded(strength),
        rule=rule,
        before=as_json(earlier),
        after=as_json(later),
    )


def action_class(asked: str) -> str | None:
    """The name of the class the first verb of the ask belongs to, if the lexicon knows it."""
    cues = read(asked).of(Category.ACTION)
    return cues[0].entry.name if cues else None


def _moved(earlier: str | None, later: str | None) -> tuple[Result, float, str]:
    if earlier is None and later is None:
        return Result.UNCHANGED, 0, "action-equal"
    if later is None:
        return Result.MISSING, 3, "action-gone"
    if earlier is None:
        return Result.SHARPENED, 1, "action-new"
    before, after = read(earlier), read(later)
    if [token.word for token in before.tokens] == [token.word for token in after.tokens]:
        return Result.UNCHANGED, 0, "action-equal"
    had, has = _weight(before), _weight(after)
    if had is None and has is None:
        had = has = _DONE
    elif had is None:
        had = max(_DONE, has or 0)
    elif has is None:
        has = max(_DONE, had)
    had, has = had - _softness(before), (has or 0) - _softness(after)
    if has < had:
        return Result.SOFTENED, had - has, "action-class-lower"
    if has > had:
        return Result.SHARPENED, has - had, "action-class-higher"
    return Result.UNCHANGED, 0, "action-class-equal"


def _weight(asked: Reading) -> float | None:
    cues = asked.of(Category.ACTION)
    return cues[0].entry.weight if cues else None


def _softness(asked: Reading) -> float:
    return _IF_CONVENIENT if any(cue.entry.category in SOFT for cue in asked.cues) else 0.0
