"""On which words of the two texts does a result rest, and by which rule?"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from uitvoering.softening.facets import Side, Span
from uitvoering.softening.facts import spans
from uitvoering.softening.lexicon import SOFT, STRONG, Category, Cue, lexicon
from uitvoering.softening.moves import Moved, Moves
from uitvoering.softening.reading import BECAUSE
from uitvoering.softening.tokens import Token
from uitvoering.softening.words import Word

_SIGNS = 3
"""Kinds of signs whose words are shown, the greatest first."""
_PART = 0.4
"""Of the greatest share that a further sign must have to be shown."""
_MOST = 12
"""Most words shown per side: a reader needs the words, not the whole text again."""

Words = Callable[[Moves], tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Shown:
    rule: str
    spans: tuple[Span, ...]


def shown(moves: Moves, shares: Sequence[tuple[str, float]], *, gone: bool = False) -> Shown:
    """The words of the signs that weigh most; the rule is named after the first of them.

    `gone`: what is left out is shown by the words that went, as far as there are any.
    """
    found: dict[str, tuple[Span, ...]] = {}
    every = shares
    if gone:
        shares = [row for row in shares if _rule(row[0])[0] in _LEFT_OUT]
    for name, share in shares:
        if len(found) == _SIGNS or (found and share < _PART * shares[0][1]):
            break
        rule, words = _rule(name)
        if rule not in found and (shown_by := words(moves)):
            found[rule] = shown_by
    if not found and gone:
        return shown(moves, every)
    if not found:
        found["other-words"] = _other_words(moves)
    return Shown(next(iter(found)), _bounded(span for row in found.values() for span in row))


def instead(moves: Moves) -> tuple[Span, ...]:
    """The strong words that went and the soft ones that came."""
    return (*_cues_gone(STRONG)(moves), *_cues_new(SOFT)(moves))


def _rule(sign: str) -> tuple[str, Words]:
    category, _, entry = sign.partition("/")
    return (f"{category}-added", _entry_new(entry)) if entry else _RULES[sign]


def _bounded(found: Iterable[Span]) -> tuple[Span, ...]:
    by_side: dict[Side, dict[tuple[int, int], Span]] = {side: {} for side in Side}
    for span in found:
        if len(by_side[span.side]) < _MOST:
            by_side[span.side].setdefault((span.start, span.end), span)
    return tuple(span for row in by_side.values() for _, span in sorted(row.items()))


def _other_words(moves: Moves) -> tuple[Span, ...]:
    """What stands in one text only, of whatever kind; at last everything that moved."""
    apart = (
        *spans(moves.before, Side.ORIGINAL, _apart(moves.gone, moves.new)),
        *spans(moves.after, Side.RESTATED, _apart(moves.new, moves.gone)),
    )
    return apart or (
        *spans(moves.before, Side.ORIGINAL, moves.before.tokens),
        *spans(moves.after, Side.RESTATED, moves.after.tokens),
    )


def _apart(one: Moved, other: Moved) -> tuple[Token, ...]:
    there = {token.word for token in other.reading.tokens}
    return tuple(token for token in one.reading.tokens if token.word not in there)


def _cues_new(categories: Collection[Category]) -> Words:
    return lambda moves: spans(moves.after, Side.RESTATED, _of(moves.new, categories))


def _cues_gone(categories: Collection[Category]) -> Words:
    return lambda moves: spans(moves.before, Side.ORIGINAL, _of(moves.gone, categories))


def _entry_new(name: str) -> Words:
    return lambda moves: spans(
        moves.after, Side.RESTATED, [cue for cue in moves.new.cues if cue.entry.name == name]
    )


def _of(side: Moved, categories: Collection[Category]) -> list[Cue]:
    return [cue for cue in side.cues if cue.entry.category in categories]


def _words_gone(moves: Moves) -> tuple[Span, ...]:
    return spans(moves.before, Side.ORIGINAL, _heaviest(moves.gone))


def _words_new(moves: Moves) -> tuple[Span, ...]:
    return spans(moves.after, Side.RESTATED, _heaviest(moves.new))


def _words_changed(moves: Moves) -> tuple[Span, ...]:
    return (*_words_gone(moves), *_words_new(moves))


def _heaviest(side: Moved) -> list[Word]:
    rows = sorted(side.unmatched, key=lambda row: (-row[0].weight * row[1], row[0].start))
    return [word for word, _ in rows[:_MOST]]


def _tokens_gone(words: Collection[str]) -> Words:
    def found(moves: Moves) -> tuple[Span, ...]:
        return spans(moves.before, Side.ORIGINAL, _in_moved(moves.gone, words))

    return found


def _tokens_new(words: Collection[str]) -> Words:
    def found(moves: Moves) -> tuple[Span, ...]:
        return spans(moves.after, Side.RESTATED, _in_moved(moves.new, words))

    return found


def _in_moved(side: Moved, words: Collection[str]) -> list[Token]:
    of = side.reading.vocabulary.lemmas
    return [
        token
        for token, lemma in zip(side.reading.tokens, of, strict=True)
        if token.sentence not in side.same and (token.word in words or lemma in words)
    ]


def _negators_gone(moves: Moves) -> tuple[Span, ...]:
    return _tokens_gone(lexicon().negators)(moves)


def _negators_new(moves: Moves) -> tuple[Span, ...]:
    return _tokens_new(lexicon().negators)(moves)


def _facts_gone(moves: Moves) -> tuple[Span, ...]:
    return moves.facts.shown


def _facts_new(moves: Moves) -> tuple[Span, ...]:
    return moves.facts.new


def _people(moves: Moves) -> tuple[Span, ...]:
    return moves.scope.spans


_GONE = ("information-not-found-back", _words_gone)
_NEW = ("other-words-instead", _words_new)
_CHANGED = ("words-changed", _words_changed)
_FACTS = ("facts-not-found-back", _facts_gone)
_SCOPE = ("people-in-words", _people)
_SOFT_NEW = ("soft-words-added", _cues_new(SOFT))
_SOFT_GONE = ("soft-words-gone", _cues_gone(SOFT))
_STRONG_NEW = ("strong-words-added", _cues_new(STRONG))
_STRONG_GONE = ("strong-words-lost", _cues_gone(STRONG))

_RULES: dict[str, tuple[str, Words]] = {
    **dict.fromkeys(
        (
            "gone", "gone-of-moved", "lost-on-balance", "lost-more", "sentence-gone", "force-gone",
            "shorter", "unanchored", "gone-in-verbatim", "any-gone-in-verbatim", "cut",
            "people-gone",
        ),
        _GONE,
    ),
    **dict.fromkeys(
        ("new", "new-of-moved", "force-new", "longer", "new-in-verbatim", "modal", "abstract"),
        _NEW,
    ),
    **dict.fromkeys(("changed-in-verbatim", "commoner", "anchors"), _CHANGED),
    **dict.fromkeys(
        (
            "numbers-gone", "numbers-share-gone", "numbers-gone-in-verbatim", "passages-gone",
            "decisive-gone",
        ),
        _FACTS,
    ),
    "numbers-new": ("facts-added", _facts_new),
    "scope-down": _SCOPE,
    "scope-up": _SCOPE,
    **dict.fromkeys(("soft-on-balance", "soft-new-in-verbatim", "soft-takes-over"), _SOFT_NEW),
    **dict.fromkeys(("soft-gone", "soft-gone-in-verbatim"), _SOFT_GONE),
    **dict.fromkeys(
        ("strong-on-balance", "strong-gone-in-verbatim", "hardship-share-gone"), _STRONG_GONE
    ),
    "strong-new-in-verbatim": _STRONG_NEW,
    **dict.fromkeys(
        ("negation-gone", "negation-gone-in-verbatim"),
        ("negation-lost", _negators_gone),
    ),
    "negation-new": ("negation-added", _negators_new),
    "cause-gone": ("cause-lost", _tokens_gone(BECAUSE)),
    "cause-new": ("cause-added", _tokens_new(BECAUSE)),
    **{f"{c}-new": (f"{c}-added", _cues_new({c})) for c in SOFT | STRONG | {Category.APOLOGY}},
    **{f"{c}-gone": (f"{c}-lost", _cues_gone({c})) for c in STRONG},
}  # fmt: skip
"""The rule and the words of every sign."""
_LEFT_OUT = frozenset({
    _GONE[0], _FACTS[0], _SCOPE[0], _STRONG_GONE[0], "negation-lost", "cause-lost",
    *(f"{category}-lost" for category in STRONG),
})  # fmt: skip
"""Rules that show words of the first text which the second lacks."""
