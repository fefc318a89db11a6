"""Do these words say it weaker, leave something out, or count fewer people than those before?"""

from collections.abc import Mapping
from dataclasses import dataclass

from uitvoering.softening.evidence import instead, shown
from uitvoering.softening.facets import Dimension, Result
from uitvoering.softening.facts import Finding, Known
from uitvoering.softening.lexicon import SOFT, STRONG, Category
from uitvoering.softening.moves import Moved, Moves
from uitvoering.softening.reading import Reading
from uitvoering.softening.signs import signs
from uitvoering.softening.weights import Head, Weights, weights

DOWN = {
    Dimension.WORDING: Head.WORDING,
    Dimension.OMISSION: Head.OMISSION,
    Dimension.SCOPE: Head.SCOPE,
}
UP = {
    Dimension.WORDING: Head.WORDING_UP,
    Dimension.SCOPE: Head.SCOPE_UP,
}
_NOTHING = 0.85
"""Share of the information gone from which the second text is about something else."""
_SHORT = 2
"""Sentences up to which what goes and what comes are about the same."""
_A_STRONG_ONE = 1.0
_A_SOFT_ONE = 0.5
"""Weights from which a concept is plainly there."""
_CLEARLY = 1.5
"""Score above its cut from which a change is more than a step; twice that is the most."""


@dataclass(frozen=True, slots=True)
class Findings:
    wording: Finding
    omission: Finding
    scope: Finding


def judge(
    before: Reading, after: Reading, known: Known | None = None, by: Weights | None = None
) -> Findings:
    """Pure over two readings; the seam behind which the method may get better."""
    if before.words == after.words:
        same = Finding(rule="text-equal")
        return Findings(same, same, same)
    moves = Moves(before, after, known or Known())
    rows = _decided(moves, by or weights())
    if _another_matter(moves) and rows[Dimension.OMISSION].result is not Result.SOFTENED:
        words = shown(moves, (("gone", 1.0),))
        rows[Dimension.OMISSION] = Finding(Result.SOFTENED, 3, "nothing-found-back", words.spans)
    if _soft_for_strong(moves) and rows[Dimension.WORDING].result is not Result.SOFTENED:
        rows[Dimension.WORDING] = Finding(Result.SOFTENED, 1, "soft-words-instead", instead(moves))
    if any(row.result is Result.SOFTENED for row in rows.values()):
        rows = {
            dimension: Finding(rule=f"{dimension}-even") if row.result is Result.SHARPENED else row
            for dimension, row in rows.items()
        }
    return Findings(rows[Dimension.WORDING], rows[Dimension.OMISSION], rows[Dimension.SCOPE])


def _another_matter(moves: Moves) -> bool:
    """Next to nothing of the first text stands in the second, in whatever words."""
    lost = moves.gone.share >= _NOTHING and moves.before.information > 0
    return lost and not moves.facts.anchors


def _soft_for_strong(moves: Moves) -> bool:
    """A short text in which hardship went, none came, and something soft stands in its place.

    Of 130 judged pairs in which this is so, 127 are softened.
    """
    if max(len(moves.before.said), len(moves.after.said)) > _SHORT:
        return False
    came, went = _of_kind(moves.new, STRONG), _of_kind(moves.gone, STRONG)
    return not came and went >= _A_STRONG_ONE and _of_kind(moves.new, SOFT) >= _A_SOFT_ONE


def _of_kind(side: Moved, categories: frozenset[Category]) -> float:
    return sum(cue.entry.weight for cue in side.cues if cue.entry.category in categories)


def _decided(moves: Moves, by: Weights) -> dict[Dimension, Finding]:
    found = {name: amount for name, amount in signs(moves).items() if amount}
    scores = {head: by.score(head, found) for head in Head}
    rows: dict[Dimension, Finding] = {}
    for dimension, result in results(scores, by.cuts).items():
        if result is Result.UNCHANGED:
            rows[dimension] = Finding(rule=f"{dimension}-even")
            continue
        lost = result is Result.SOFTENED
        head, cut = (DOWN, "with-any") if lost else (UP, "up")
        asked = head[dimension]
        if lost and dimension is Dimension.WORDING and scores[Head.HEDGED] >= by.cuts["hedged"]:
            asked = Head.HEDGED
        shares = by.shares(asked, found)
        words = shown(moves, shares, gone=lost and dimension is not Dimension.WORDING)
        over = scores[head[dimension]] - by.cuts[f"{dimension}-{cut}"]
        rows[dimension] = Finding(result, 1 + max(0.0, over) / _CLEARLY, words.rule, words.spans)
    return rows


def results(scores: Mapping[Head, float], cuts: Mapping[str, float]) -> dict[Dimension, Result]:
    """A text that loses on one dimension is not called sharper on another by its words.

    Facts that are added make the wording or the scope sharper; omission tells of what is missing
    (decision 22).
    """
    lost = _softened(scores, cuts)
    if lost:
        return {d: Result.SOFTENED if d in lost else Result.UNCHANGED for d in DOWN}
    sharper = {d for d in UP if scores[UP[d]] >= cuts[f"{d}-up"]}
    return {d: Result.SHARPENED if d in sharper else Result.UNCHANGED for d in DOWN}


def _softened(scores: Mapping[Head, float], cuts: Mapping[str, float]) -> frozenset[Dimension]:
    """A dimension by itself, or less of it in a statement that lost force as a whole."""
    whole = scores[Head.ANY] >= cuts["any"]
    found = {
        dimension
        for dimension, head in DOWN.items()
        if scores[head] >= cuts[f"{dimension}-alone"]
        or (whole and scores[head] >= cuts[f"{dimension}-with-any"])
    }
    if scores[Head.HEDGED] >= cuts["hedged"]:
        found.add(Dimension.WORDING)
    if whole and not found:
        found.add(max(DOWN, key=lambda d: scores[DOWN[d]] - cuts[f"{d}-with-any"]))
    return frozenset(found)
