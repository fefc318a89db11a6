"""From which scores on is a text softer or stronger? The cuts that agree best with judged pairs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import inf

from benchmarks.judged_sets import Pair
from benchmarks.scores import LOSS
from uitvoering.domain.values import Statement
from uitvoering.softening.compare import compare, known_fields
from uitvoering.softening.facets import Dimension, Result
from uitvoering.softening.judging import DOWN, UP, results
from uitvoering.softening.moves import Moves
from uitvoering.softening.reading import read
from uitvoering.softening.signs import signs
from uitvoering.softening.weights import Head

_START = {
    "any": 1.0,
    "hedged": 0.5,
    **{f"{d}-alone": 1.5 for d in DOWN},
    **{f"{d}-with-any": -0.5 for d in DOWN},
    **{f"{d}-up": 1.5 for d in UP},
}
_STEPS = (0.5, 0.25, 0.1)
_ROUNDS = 4
_ALARMS = 0.05
"""Share of faithful pairs called softened above which every further one costs."""
_MOVED = 0.06
"""Of faithful pairs called anything else."""
_LEAST_ANY = 1.0
"""Lowest cut from which a whole statement is called softer: a false alarm is an accusation."""
_LEAST_UP = 0.5
"""Lowest cut from which a text is called sharper: clearly more speaks for it than against it."""


@dataclass
class Learnt:
    """One judged pair, as far as its weights and cuts are to be found."""

    author: str
    pair: Pair
    signs: dict[str, float]
    equal: bool
    """The same words: nothing to ask."""
    apart: frozenset[str]
    """What the fields alone say: softened, sharpened."""
    scope_coded: bool
    """Groups or count changed in the fields, so that the words need not tell."""
    reassessed: bool
    hedged: bool = False
    """Made from a faithful pair by adding one hedge."""
    scores: dict[Head, float] = field(default_factory=dict)

    @classmethod
    def of(cls, pair: Pair, author: str, *, hedged: bool = False) -> "Learnt":
        before = Statement.model_validate(pair["original"])
        after = Statement.model_validate(pair["restated"])
        moves = Moves(read(before.text), read(after.text), known_fields(before, after))
        fields = compare(before, after.model_copy(update={"text": before.text}))
        said = (moves.before.tokens, moves.after.tokens)
        return cls(
            author=author,
            pair=pair,
            signs=signs(moves),
            equal=[t.word for t in said[0]] == [t.word for t in said[1]],
            apart=frozenset(
                "softened" if row.result.is_loss else str(row.result) for row in fields.dimensions
            ),
            scope_coded=(before.affected_groups, before.affected_count)
            != (after.affected_groups, after.affected_count),
            reassessed=pair["gold"]["overall"] == "reassessed",
            hedged=hedged,
        )

    def gold(self, dimension: Dimension) -> str:
        said: str = self.pair["gold"]["dimensions"].get(dimension, "unchanged")
        return Result.SOFTENED if said in LOSS else said

    @property
    def text_softened(self) -> bool:
        lost = [d for d in DOWN if self.gold(d) == Result.SOFTENED]
        return any(d is not Dimension.SCOPE or not self.scope_coded for d in lost)

    def bears_on(self, head: Head) -> bool:
        if head is Head.HEDGED:
            return self.hedged or self.pair["gold"]["overall"] == Result.UNCHANGED
        if self.hedged:
            return False
        coded = head in {Head.SCOPE, Head.SCOPE_UP} and self.scope_coded
        return not self.equal and not coded

    def said(self, cuts: Mapping[str, float]) -> dict[Dimension, Result]:
        if self.equal:
            return dict.fromkeys(DOWN, Result.UNCHANGED)
        return results(self.scores, cuts)


def chosen(rows: Sequence[Learnt]) -> dict[str, float]:
    """By steps up and down, as long as one of them agrees better."""
    cuts = dict(_START)
    best = agreement(rows, cuts)
    for step in _STEPS:
        for _ in range(_ROUNDS):
            moved = False
            for name, by in product(_START, (step, -step)):
                tried = {**cuts, name: round(cuts[name] + by, 2)}
                if tried[name] < _least(name):
                    continue
                value = agreement(rows, tried)
                if value > best + 1e-6:
                    best, cuts, moved = value, tried, True
            if not moved:
                break
    return cuts


def _least(name: str) -> float:
    if name == "any":
        return _LEAST_ANY
    return _LEAST_UP if name.endswith("-up") else -inf


def agreement(learnt: Sequence[Learnt], cuts: Mapping[str, float]) -> float:
    """F1 of the whole and of each dimension, less what false alarms cost."""
    hedged = [row.said(cuts)[Dimension.WORDING] for row in learnt if row.hedged]
    seen = sum(result is Result.SOFTENED for result in hedged) / max(1, len(hedged))
    rows = [row for row in learnt if not row.hedged]
    said = [row.said(cuts) for row in rows]
    lost = [
        "softened" in row.apart or Result.SOFTENED in found.values()
        for row, found in zip(rows, said, strict=True)
    ]
    whole = [
        (row.pair["gold"]["overall"] in LOSS, loss)
        for row, loss in zip(rows, lost, strict=True)
        if not row.reassessed
    ]
    faithful = [
        (loss, loss or "sharpened" in row.apart or Result.SHARPENED in found.values())
        for row, found, loss in zip(rows, said, lost, strict=True)
        if row.pair["gold"]["overall"] == "unchanged"
    ]
    down = [_f1(rows, said, d, Result.SOFTENED) for d in DOWN]
    up = [_f1(rows, said, d, Result.SHARPENED) for d in UP]
    return (
        2 * _score(whole)
        + 0.4 * seen
        + 0.7 * sum(down) / len(down)
        + 0.2 * sum(up) / len(up)
        - 4.0 * max(0.0, _share(faithful, 0) - _ALARMS)
        - 1.0 * max(0.0, _share(faithful, 1) - _MOVED)
    )


def _f1(
    rows: Sequence[Learnt],
    said: Sequence[Mapping[Dimension, Result]],
    dimension: Dimension,
    result: Result,
) -> float:
    return _score(
        (row.gold(dimension) == result, found[dimension] is result)
        for row, found in zip(rows, said, strict=True)
        if row.bears_on(DOWN[dimension])
    )


def _score(pairs: Iterable[tuple[bool, bool]]) -> float:
    rows = list(pairs)
    hit = sum(is_ and said for is_, said in rows)
    wrong = sum(is_ is not said for is_, said in rows)
    return 2 * hit / (2 * hit + wrong) if hit + wrong else 1.0


def _share(rows: Sequence[tuple[bool, bool]], at: int) -> float:
    return sum(row[at] for row in rows) / len(rows) if rows else 0.0


def told_of(learnt: Sequence[Learnt], cuts: Mapping[str, float]) -> str:
    """What to expect of an author who was not learnt from."""
    hedged = [row.said(cuts)[Dimension.WORDING] for row in learnt if row.hedged]
    rows = [row for row in learnt if not row.hedged]
    said = [row.said(cuts) for row in rows]
    lost = [
        "softened" in row.apart or Result.SOFTENED in found.values()
        for row, found in zip(rows, said, strict=True)
    ]
    judged = [row.pair["gold"]["overall"] for row in rows]
    whole = [
        (is_ in LOSS, loss) for is_, loss in zip(judged, lost, strict=True) if is_ != "reassessed"
    ]
    alarms = [loss for is_, loss in zip(judged, lost, strict=True) if is_ == "unchanged"]
    seen = sum(result is Result.SOFTENED for result in hedged)
    dimensions = ", ".join(f"{d} {_f1(rows, said, d, Result.SOFTENED):.2f}" for d in DOWN)
    return (
        f"F1 {_score(whole):.2f}, false alarms {sum(alarms) / len(alarms):.2f}, "
        f"a hedge seen {seen / len(hedged):.2f}, {dimensions}"
    )
