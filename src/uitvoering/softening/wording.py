"""Do these words say it weaker, leave something out, or count fewer people than those before?"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from uitvoering.softening.content import Word
from uitvoering.softening.facets import Result, Side
from uitvoering.softening.facts import Facts, Finding, Known, scope_in_words, spans
from uitvoering.softening.lexicon import SOFT, STRONG, Category, Cue
from uitvoering.softening.reading import Reading, read

__all__ = ["Finding", "Findings", "Known", "compare", "read"]

_THRESHOLD = 1.5
"""Sum of signs from which a text is softer or leaves something out; fitted on the first set."""
_EDIT = 0.3
"""Share lost below which the text is the old one with a word changed: one hedge then decides."""
_SIGN = 0.6
"""Least weight of added soft words, or of gained strong ones, that is a sign by itself."""
_NOTHING_NEW = 0.03
"""Share gained below which the text was only cut: no other words can have taken over."""
_HEAVY = 2.5
"""Weight of one concept whose loss decides in an edit: death, hunger, no roof, injustice."""
_UNANCHORED = 0.5
"""Share lost from which a text, with nothing in it that can be checked off, is another text."""
_ANOTHER_STORY = 0.6
"""Share of information without counterpart above which every further loss weighs double."""
_CAP = 3.0
"""No single kind of sign decides more than this."""


@dataclass(frozen=True, slots=True)
class Findings:
    wording: Finding
    omission: Finding
    scope: Finding


@dataclass(frozen=True, slots=True)
class _Moves:
    """Both directions at once: a paraphrase loses and gains, a softened text only loses."""

    soft_new: tuple[Cue, ...]
    soft_gone: tuple[Cue, ...]
    strong_new: tuple[Cue, ...]
    strong_gone: tuple[Cue, ...]
    words_gone: tuple[Word, ...]
    words_new: tuple[Word, ...]
    share_gone: float
    share_new: float


def compare(before: Reading, after: Reading, known: Known | None = None) -> Findings:
    """Pure over two readings; the seam behind which the method may get better."""
    if [token.word for token in before.tokens] == [token.word for token in after.tokens]:
        same_words = Finding(rule="text-equal")
        return Findings(same_words, same_words, same_words)
    fields = known or Known()
    moves = _moves(before, after)
    facts = Facts(before, after, fields)
    return Findings(
        _wording(before, after, moves, facts),
        _omission(before, after, moves, facts),
        scope_in_words(before, after, fields),
    )


def _moves(before: Reading, after: Reading) -> _Moves:
    gone, share_gone = _unmatched(before, after)
    new, share_new = _unmatched(after, before)
    return _Moves(
        soft_new=_only_in(after, before, SOFT),
        soft_gone=_only_in(before, after, SOFT),
        strong_new=_only_in(after, before, STRONG),
        strong_gone=_only_in(before, after, STRONG),
        words_gone=gone,
        words_new=new,
        share_gone=share_gone,
        share_new=share_new,
    )


def _only_in(one: Reading, other: Reading, categories: frozenset[Category]) -> tuple[Cue, ...]:
    """Concepts, not terms: another word for the same thing is no change."""
    there = other.strong | other.soft
    found = {
        cue.entry.name: cue
        for cue in reversed(one.cues)
        if cue.entry.category in categories
        and cue.entry.name not in there
        and not (cue.entry.category in STRONG and _said_apart(cue, one, other))
    }
    return tuple(sorted(found.values(), key=lambda cue: cue.start))


def _said_apart(cue: Cue, one: Reading, other: Reading) -> bool:
    """Its words stand in the other text as well, only not together: 'lose their ... work'."""
    first = bisect_left(one.words, cue.start, key=lambda word: word.start)
    behind = one.words[first : first + cue.last - cue.first + 1]
    parts = [word for word in behind if word.start < cue.end]
    return bool(parts) and all(other.pool.holds(word.stem) for word in parts)


def _unmatched(one: Reading, other: Reading) -> tuple[tuple[Word, ...], float]:
    told = {  # a word inside a concept the other text names in other words is found back
        (cue.start, cue.end) for cue in one.cues if cue.entry.name in other.strong | other.soft
    }
    total = sum(word.weight for word in one.words)
    starts = {start for start, _ in told}
    gone = tuple(
        word for word in one.words if word.start not in starts and not other.pool.holds(word.stem)
    )
    return gone, sum(word.weight for word in gone) / total if total else 0.0


def _weight(cues: Iterable[Cue]) -> float:
    return min(_CAP, sum(cue.entry.weight for cue in cues))


def _wording(before: Reading, after: Reading, moves: _Moves, facts: Facts) -> Finding:
    down = (
        *spans(after, Side.RESTATED, moves.soft_new),
        *spans(before, Side.ORIGINAL, moves.strong_gone),
    )
    up = (
        *spans(after, Side.RESTATED, moves.strong_new),
        *spans(before, Side.ORIGINAL, moves.soft_gone),
    )
    soft, eased = _weight(moves.soft_new), _weight(moves.soft_gone)
    fell, rose = _weight(moves.strong_gone), _weight(moves.strong_new)
    score = (
        1.3 * soft - 0.5 * eased + 0.3 * fell - 0.4 * rose
        + 0.6 * min(2, len(facts.lost)) + _story(moves)
    )  # fmt: skip
    if any(cue.entry.category is Category.DENIAL for cue in moves.soft_new) and soft > eased:
        return Finding(Result.SOFTENED, max(score, 1), "denial-added", down)
    if moves.share_gone < _EDIT and soft - eased >= _SIGN and rose - fell < _SIGN:
        return Finding(Result.SOFTENED, max(score, 1), "soft-words-added", down)
    if moves.share_gone < _EDIT and _heaviest(moves.strong_gone) >= _HEAVY > rose:
        return Finding(Result.SOFTENED, max(score, 1), "strong-words-lost", down)
    if score >= _THRESHOLD and down:
        rule = "soft-words-added" if 1.3 * soft >= 0.3 * fell else "strong-words-lost"
        return Finding(Result.SOFTENED, score, rule, down)
    gain = eased - soft + max(0.0, rose - fell)
    if gain >= _SIGN and up and not soft and not facts.lost and fell < max(rose, _SIGN):
        rule = "soft-words-gone" if eased else "strong-words-added"
        if eased or moves.share_gone < _EDIT:
            return Finding(Result.SHARPENED, gain, rule, up)
    return Finding(rule="wording-even")


def _heaviest(cues: Iterable[Cue]) -> float:
    return max((cue.entry.weight for cue in cues), default=0.0)


def _story(moves: _Moves) -> float:
    return 0.5 * moves.share_gone + 1.5 * max(0.0, moves.share_gone - _ANOTHER_STORY)


def _omission(before: Reading, after: Reading, moves: _Moves, facts: Facts) -> Finding:
    if facts.decisive:
        return Finding(Result.SOFTENED, len(facts.lost), "facts-not-found-back", facts.shown)
    fell, rose = _weight(moves.strong_gone), _weight(moves.strong_new)
    score = (
        0.8 * len(facts.lost)
        + 0.8 * _weight(moves.soft_new) - 0.4 * _weight(moves.soft_gone)
        + 0.4 * fell - 0.4 * rose
        + _story(moves) + max(0.0, 1 - len(after.text) / len(before.text))
    )  # fmt: skip
    another_text = moves.share_gone >= _UNANCHORED and not facts.anchors
    cut = moves.strong_gone and moves.share_new < _NOTHING_NEW and fell - rose >= _SIGN
    if another_text or cut:
        score += _THRESHOLD
    shown = facts.shown or spans(before, Side.ORIGINAL, moves.words_gone)
    if score >= _THRESHOLD and shown:
        return Finding(Result.SOFTENED, score, "information-not-found-back", shown)
    if facts.new and not facts.lost:
        return Finding(Result.SHARPENED, len(facts.new), "facts-added", facts.new)
    return Finding(rule="facts-kept")
