"""Which words carry the information of a text, and under what can each be found back?"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from uitvoering.softening.lemmas import Language, parts, rarity
from uitvoering.softening.thesaurus import thesaurus
from uitvoering.softening.tokens import Token

_SHORTEST = 3
"""Letters below which a word says too little by itself to be missed."""
_STEM = 6
"""Letters of a shared beginning that count as the same word in another form."""


class Word(NamedTuple):
    """One content word, and everything under which another text may name the same."""

    lemma: str
    keys: frozenset[str]
    parts: tuple[frozenset[str], ...]
    """Keys of the parts of a compound: 'huurachterstand' is half found back in 'huur'."""
    weight: float
    start: int
    end: int
    at: int
    """Position of its token."""
    sentence: int


_start, _at = attrgetter("start"), attrgetter("at")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The content words of a text, and all keys under which it can be asked for others."""

    words: tuple[Word, ...]
    keys: frozenset[str]
    lemmas: tuple[str, ...]
    """Of every token, content or not."""

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that begin in a stretch of the text."""
        first = bisect_left(self.words, start, key=_start)
        return self.words[first : bisect_left(self.words, end, lo=first, key=_start)]

    def near(self, first: int, last: int) -> tuple[Word, ...]:
        """The words among these tokens, the last one counted."""
        lo = bisect_left(self.words, first, key=_at)
        return self.words[lo : bisect_left(self.words, last + 1, lo=lo, key=_at)]

    def missing(self, other: "Vocabulary") -> tuple[tuple[Word, float], ...]:
        """The words of the other text that are not found back in this one, and how much of each."""
        apart = self.keys.isdisjoint
        found: list[tuple[Word, float]] = []
        for word in other.words:
            if apart(word.keys):
                parts = word.parts
                share = len([1 for part in parts if apart(part)]) / len(parts) if parts else 1.0
                if share:
                    found.append((word, share))
        return tuple(found)


def vocabulary(
    tokens: Sequence[Token],
    found: Sequence[str],
    language: Language,
    skip: frozenset[str],
    numeric: frozenset[int],
) -> Vocabulary:
    """`found` are the lemmas of the tokens; `numeric` the tokens that are part of a number."""
    named: dict[int, set[str]] = {}
    everything = set(found)
    everything.update(*map(thesaurus().concepts, everything))
    for concept, places in thesaurus().expressions(found):
        everything.add(concept)
        for at in places:
            named.setdefault(at, set()).add(concept)
    content: list[Word] = []
    for at, (token, of) in enumerate(zip(tokens, found, strict=True)):
        word = token.word
        if (
            len(word) < _SHORTEST
            or word in skip
            or of in skip
            or at in numeric
            or not word[0].isalpha()
        ):
            continue
        known = _known(word, of, language)
        keys = known.keys | named[at] if at in named else known.keys
        everything |= known.asked
        content.append(
            Word(of, keys, known.parts, known.weight, token.start, token.end, at, token.sentence)
        )
    return Vocabulary(tuple(content), frozenset(everything), tuple(found))


class _Known(NamedTuple):
    """What is known of one word in any text."""

    keys: frozenset[str]
    parts: tuple[frozenset[str], ...]
    asked: frozenset[str]
    """The keys, and those of the parts: under any of these another text may ask for it."""
    weight: float


@lru_cache(maxsize=65536)
def _known(word: str, of: str, language: Language) -> _Known:
    keys, pieces = _keys(of), tuple(_keys(part) for part in parts(of, language))
    return _Known(keys, pieces, keys.union(*pieces), rarity(word, language))


@lru_cache(maxsize=65536)
def _keys(of: str) -> frozenset[str]:
    """The lemma, its first letters when it is long, and the concepts of the thesaurus."""
    stem = (f"{of[:_STEM]}-",) if len(of) >= _STEM else ()
    return frozenset({of, *stem, *thesaurus().concepts(of)})
