"""How well does the comparison agree with judged pairs that it was not made on, and how fast is it?

Each figure stands beside that of calling every pair softened on every dimension.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks import comparing, scores
from benchmarks.judged_sets import Answer, Group, Judged, JudgedSet, judged, judged_sets
from benchmarks.measure import Effort, Line, Reach, said
from benchmarks.one_hedge import HEDGES, in_restatement, in_same_words
from benchmarks.scores import Measured, Of, Outcome, Score, measured
from benchmarks.softening_table import SoftLine
from uitvoering.softening.facets import Dimension

DRAWS = 1000
_FEWEST = 30
"""Pairs of a set that are compared at the least effort."""
_BASELINE = "call every pair softened"
_ALL_SOFTENED: Answer = {
    "overall": "softened",
    "dimensions": {dimension.value: {"result": "softened"} for dimension in Dimension},
}


@dataclass(frozen=True)
class Figure:
    """What is wanted of it on pairs by the author of the lexicon, and by others."""

    name: str
    of: Of
    score: Score
    same_author: Reach | None = None
    other_authors: Reach | None = None


def _least(bound: float) -> Reach:
    return Reach(bound, of_value=True)


def _most(bound: float) -> Reach:
    return Reach(bound, at_most=True, of_value=True)


FIGURES = (
    Figure("F1 of softened", scores.softening, scores.f1, _least(0.93), _least(0.88)),
    Figure(
        "F1 where only the text differs", scores.softening_in_text, scores.f1,
        _least(0.91), _least(0.86),
    ),
    Figure(
        "unchanged called softened", scores.false_alarm, scores.share, _most(0.06), _most(0.09)
    ),
    Figure(
        "unchanged called anything else", scores.not_left_alone, scores.share,
        _most(0.10), _most(0.16),
    ),
    Figure(
        "hollow or partial reasons accepted", scores.hollow_accepted, scores.share,
        _most(0), _most(0),
    ),
    Figure(
        "real reassessments recognised", scores.reassessment_recognised, scores.share,
        _least(0.95), _least(0.90),
    ),
)  # fmt: skip
HEDGE = Figure(
    "one hedge added to a faithful text is flagged", lambda _: None, scores.mean,
    _least(0.95), _least(0.90),
)  # fmt: skip
HEDGE_ALONE = Figure("one hedge added to the same words is flagged", lambda _: None, scores.mean)
PUBLIC = (
    Figure("precision of softened", scores.softening, scores.precision, None, _least(0.80)),
    Figure("recall of softened", scores.softening, scores.recall, None, _least(0.45)),
)
_MEAN, _LOWEST = (_least(0.93), _least(0.88)), (_least(0.82), _least(0.76))


@dataclass(frozen=True)
class Answered:
    """The pairs of a set or a group with what the method says of them."""

    name: str
    group: Group
    rows: tuple[Judged, ...]
    hedges: tuple[Outcome, ...]
    """Of each pair: the part of the hedges that is seen in its restatement."""
    hedges_alone: tuple[Outcome, ...]
    """The same in its own original."""


def figures(effort: Effort) -> Iterator[Line]:
    """Of each group, of each set in a group of more than one, and then the speeds."""
    draws = effort.of(DRAWS, least=20)
    sets = [_answered(one, effort) for one in judged_sets()]
    for group in Group:
        members = [one for one in sets if one.group is group]
        yield from _figures(_together(group, members), draws, whole_group=True)
    for one in sets:
        if sum(other.group is one.group for other in sets) > 1:
            yield from _figures(one, draws, whole_group=False)
    yield from comparing.figures(effort)


def _answered(one: JudgedSet, effort: Effort) -> Answered:
    said(f"comparing: {one.name}")
    rows = judged(one.pairs[: effort.of(len(one.pairs), least=_FEWEST)])
    every = len(HEDGES["nl"])
    # Where nothing is to be reached, each pair gets the next of the hedges in turn.
    hedges = 1 if one.group is Group.LEARN else effort.of(every)
    turns = [[(at + more) % every for more in range(hedges)] for at in range(len(rows))]
    return Answered(
        one.name,
        one.group,
        tuple(rows),
        tuple(map(in_restatement, rows, turns)),
        tuple(map(in_same_words, rows, turns)),
    )


def _together(group: Group, members: Sequence[Answered]) -> Answered:
    return Answered(
        group.value,
        group,
        tuple(row for one in members for row in one.rows),
        tuple(part for one in members for part in one.hedges),
        tuple(part for one in members for part in one.hedges_alone),
    )


def _figures(one: Answered, draws: int, *, whole_group: bool) -> Iterator[SoftLine]:
    said(f"drawing: {one.name}")
    flagging = [(pair, _ALL_SOFTENED) for pair, _ in one.rows]
    public = one.group is Group.PUBLIC or one.name.startswith("public")

    def line(figure: Figure, found: Measured | None, baseline: float | None) -> Iterator[SoftLine]:
        if found is None:
            return
        # Real documents have a reach of their own; only words differ in them.
        judged_by = None if public and figure not in PUBLIC else _reach(figure, one.group)
        yield SoftLine(
            f"{one.name}{', all' if whole_group else ''}: {figure.name}", found.value, "score",
            _BASELINE, baseline, judged_by,
            figure=figure.name, of=one.name, whole_group=whole_group, pairs=len(one.rows),
            measured=found, same_author=figure.same_author, other_authors=figure.other_authors,
        )  # fmt: skip

    for figure in FIGURES + (PUBLIC if public else ()) + _over_dimensions(one.rows):
        outcomes = [figure.of(row) for row in one.rows]
        baseline = figure.score(Counter(figure.of(row) for row in flagging))
        yield from line(figure, measured(figure.score, outcomes, draws), baseline)
    yield from line(HEDGE, measured(HEDGE.score, one.hedges, draws), 1.0)
    yield from line(HEDGE_ALONE, measured(HEDGE_ALONE.score, one.hedges_alone, draws), 1.0)


def _reach(figure: Figure, group: Group) -> Reach | None:
    """What the method was fitted on shows nothing, so it has nothing to reach."""
    if group is Group.LEARN:
        return None
    return figure.same_author if group is Group.DEV_HELD else figure.other_authors


def _over_dimensions(rows: Sequence[Judged]) -> tuple[Figure, ...]:
    dimensions = scores.moved_dimensions(rows)
    if not dimensions:
        return ()
    of = scores.by_dimension(dimensions)
    each = scores.dimension_scores(Counter(of(row) for row in rows))
    lowest = min(zip(each, dimensions, strict=True))[1]
    return (
        Figure("mean macro-F1 over the dimensions", of, scores.mean_over_dimensions, *_MEAN),
        Figure(f"lowest dimension ({lowest.value})", of, scores.lowest_dimension, *_LOWEST),
    )
