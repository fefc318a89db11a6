"""How well do answers agree with judged pairs, and how far may chance move that figure?

`missing` and `mixed` count as softened. A pair that is judged reassessed is neither softened nor
faithful.
"""

import random
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from benchmarks.judged_sets import Judged, Pair
from uitvoering.softening.facets import Dimension

Outcome = Hashable
"""What one pair shows of a figure; None when it does not bear on it."""
Counts = Counter[Any]
LOSS = frozenset({"softened", "missing", "mixed"})
CLASSES = ("softened", "unchanged", "sharpened")
ENOUGH = 5
"""Pairs in which a dimension moved, from which a score for that dimension says something."""
_SEED = 4
_TAIL = 0.025
"""Of the draws, left out at either end for an interval of 95 %."""


Of = Callable[[Judged], Outcome]
Score = Callable[[Counts], float | None]
"""What all pairs come to; None when no pair bears on it."""


@dataclass(frozen=True)
class Measured:
    """A number over pairs, and how far chance may move it."""

    value: float
    low: float
    high: float
    bearing: int
    """Pairs it rests on."""


def measured(score: Score, outcomes: Sequence[Outcome], draws: int) -> Measured | None:
    """An interval of 95 % by draws of as many pairs, the same draws every time."""
    value = score(Counter(outcomes))
    if value is None:
        return None
    bearing = sum(outcome is not None for outcome in outcomes)
    return Measured(value, *_interval(score, outcomes, draws), bearing)


def _interval(score: Score, outcomes: Sequence[Outcome], draws: int) -> tuple[float, float]:
    # Pairs that show the same are drawn together: as many draws, in a fraction of the time.
    shown = Counter(outcomes)
    kinds, upto = list(shown), list(accumulate(shown.values()))
    chance = random.Random(_SEED)  # noqa: S311 the same draws every time are what is wanted
    values = []
    for _ in range(draws):
        drawn = Counter(chance.choices(range(len(kinds)), cum_weights=upto, k=len(outcomes)))
        found = score(Counter({kinds[at]: times for at, times in drawn.items()}))
        values += [] if found is None else [found]
    values.sort()
    return values[int(_TAIL * len(values))], values[int((1 - _TAIL) * (len(values) - 1))]


def f1(counts: Counts) -> float | None:
    """Of (is, said): the harmonic mean of precision and recall."""
    hit = counts[True, True]
    wrong = counts[True, False] + counts[False, True]
    return 2 * hit / (2 * hit + wrong) if hit + wrong else None


def precision(counts: Counts) -> float | None:
    return _part(counts[True, True], counts[False, True])


def recall(counts: Counts) -> float | None:
    return _part(counts[True, True], counts[True, False])


def share(counts: Counts) -> float | None:
    """Of the pairs that bear on it: how many show it."""
    return _part(counts[True], counts[False])


def mean(counts: Counts) -> float | None:
    """Of the parts that the pairs show."""
    bearing = {part: times for part, times in counts.items() if part is not None}
    times = sum(bearing.values())
    return sum(part * n for part, n in bearing.items()) / times if times else None


def macro_f1(counts: Counts) -> float | None:
    """Of (is, said): the mean over the classes that are judged or said at all."""
    found = []
    for name in CLASSES:
        as_class: Counts = Counter()
        for (is_, said), times in counts.items():
            as_class[is_ == name, said == name] += times
        if (one := f1(as_class)) is not None:
            found.append(one)
    return sum(found) / len(found) if found else None


def softening(pair: Judged) -> Outcome:
    given, said = pair
    return given["gold"]["overall"] in LOSS, said["overall"] in LOSS


def softening_in_text(pair: Judged) -> Outcome:
    return softening(pair) if same_fields(pair[0]) else None


def same_fields(pair: Pair) -> bool:
    """Only words can have changed."""
    one, other = pair["original"], pair["restated"]
    return all(one.get(k) == other.get(k) for k in {*one, *other} - {"text", "requested_action"})


def false_alarm(pair: Judged) -> Outcome:
    given, said = pair
    return said["overall"] in LOSS if given["gold"]["overall"] == "unchanged" else None


def not_left_alone(pair: Judged) -> Outcome:
    given, said = pair
    return said["overall"] != "unchanged" if given["gold"]["overall"] == "unchanged" else None


def hollow_accepted(pair: Judged) -> Outcome:
    """A reason was given for what the judge still calls softened."""
    given, said = pair
    claimed = given.get("reason_code") or given.get("reason")
    hollow = claimed and given["gold"]["overall"] in LOSS
    return said["overall"] == "reassessed" if hollow else None


def reassessment_recognised(pair: Judged) -> Outcome:
    given, said = pair
    real = given["gold"]["overall"] == "reassessed"
    return said["overall"] == "reassessed" if real else None


def moved_dimensions(rows: Sequence[Judged]) -> tuple[Dimension, ...]:
    """In which enough pairs are judged to have moved."""
    return tuple(
        dimension
        for dimension in Dimension
        if sum(_judged(row, dimension) != "unchanged" for row in rows) >= ENOUGH
    )


def by_dimension(dimensions: Sequence[Dimension]) -> Callable[[Judged], Outcome]:
    """What a pair shows on each: (is, said)."""
    return lambda row: tuple((_judged(row, d), _said(row, d)) for d in dimensions)


def mean_over_dimensions(counts: Counts) -> float | None:
    scores = dimension_scores(counts)
    return sum(scores) / len(scores) if scores else None


def lowest_dimension(counts: Counts) -> float | None:
    return min(dimension_scores(counts), default=None)


def dimension_scores(counts: Counts) -> list[float]:
    """Macro-F1 of each dimension in turn."""
    by: list[Counts] = []
    for outcome, times in counts.items():
        by = by or [Counter() for _ in outcome]
        for at, pair in enumerate(outcome):
            by[at][pair] += times
    return [value for one in by if (value := macro_f1(one)) is not None]


def _judged(row: Judged, dimension: Dimension) -> str:
    return _class(row[0]["gold"]["dimensions"].get(dimension.value, "unchanged"))


def _said(row: Judged, dimension: Dimension) -> str:
    return _class(row[1]["dimensions"][dimension.value]["result"])


def _class(result: str) -> str:
    return "softened" if result in LOSS else result


def _part(some: int, rest: int) -> float | None:
    return some / (some + rest) if some + rest else None
