"""Which words soften, which carry hardship, and in whose judgement? Data with sources, tested."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from uitvoering.softening.tokens import Token, tokenise

_PREFIX = 4
"""Characters a term with a trailing star is indexed by; no such term is shorter."""


class Category(StrEnum):
    HEDGE = "hedge"
    EUPHEMISM = "euphemism"
    DENIAL = "denial"
    BOOSTER = "booster"
    HARDSHIP = "hardship"
    ACTION = "action"
    PEOPLE = "people"
    QUANTIFIER = "quantifier"
    LEGAL = "legal"
    NEGATOR = "negator"
    STOPWORD = "stopword"


SOFT = frozenset({Category.HEDGE, Category.EUPHEMISM, Category.DENIAL})
STRONG = frozenset({Category.BOOSTER, Category.HARDSHIP})
_REACH = {Category.HEDGE: 1, Category.EUPHEMISM: 2, Category.QUANTIFIER: 1}
"""How many words before a cue a negator may stand to void it; three for all others."""
_STOPS_NEGATION = frozenset({"en", "maar", "want", "dus", "of", "and", "but", "so", "or", "alleen"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One cue: every term is the same thing said in other words."""

    category: Category
    name: str
    terms: tuple[str, ...]
    weight: float
    source: str
    example: str
    counter: str
    lexical: bool
    """A negation before it does not void it: it is part of the expression."""


@dataclass(frozen=True, slots=True)
class Cue:
    """An entry found in a text."""

    entry: Entry
    start: int
    end: int
    first: int
    last: int
    """Positions of its first and last token."""


@dataclass(frozen=True, slots=True)
class _Term:
    words: tuple[str, ...]
    open_ended: bool
    entry: Entry


_NONE: tuple[_Term, ...] = ()


class Lexicon:
    """The entries, and an index over first words so that reading is linear in the text."""

    def __init__(self, source: bytes) -> None:
        data: dict[str, Any] = tomllib.loads(source.decode())
        self.sources: dict[str, str] = data["source"]
        self.hash = hashlib.sha256(source).hexdigest()[:12]
        self.entries = tuple(
            _entry(category, name, row)
            for category in Category
            for name, row in data[category].items()
        )
        self._by_word: dict[str, list[_Term]] = {}
        self._by_prefix: dict[str, list[_Term]] = {}
        for entry in self.entries:
            for term in entry.terms:
                self._index(term, entry)
        self.stopwords = self.words_of(Category.STOPWORD)
        self.negators = self.words_of(Category.NEGATOR)

    def words_of(self, category: Category) -> frozenset[str]:
        entries = (entry for entry in self.entries if entry.category is category)
        return frozenset(token.word for e in entries for t in e.terms for token in tokenise(t))

    def _index(self, term: str, entry: Entry) -> None:
        words = tuple(token.word for token in tokenise(term.rstrip("*")))
        if term.endswith("*"):
            row = _Term(words, open_ended=True, entry=entry)
            self._by_prefix.setdefault(words[0][:_PREFIX], []).append(row)
        else:
            row = _Term(words, open_ended=False, entry=entry)
            self._by_word.setdefault(words[0], []).append(row)

    def find(self, tokens: Sequence[Token]) -> tuple[Cue, ...]:
        """Per category the longest term at each place; quoted and negated cues left out."""
        found: list[Cue] = []
        covered: dict[Category, int] = {}
        words = [token.word for token in tokens]
        for at, token in enumerate(tokens):
            terms = self._starting(token.word)
            if not terms or token.quoted:
                continue
            best: dict[Category, tuple[int, Entry]] = {}
            for term in terms:
                length = len(term.words)
                if length > 1 and (
                    tuple(words[at : at + length]) != term.words
                    or tokens[at + length - 1].sentence != token.sentence
                ):
                    continue
                if length > best.get(term.entry.category, (0, None))[0]:
                    best[term.entry.category] = (length, term.entry)
            for category, (length, entry) in best.items():
                if at < covered.get(category, 0):
                    continue
                covered[category] = at + length
                if entry.lexical or not self._negated(tokens, at, category):
                    end = tokens[at + length - 1].end
                    found.append(Cue(entry, token.start, end, at, at + length - 1))
        return tuple(found)

    def _starting(self, word: str) -> Sequence[_Term]:
        exact = self._by_word.get(word, _NONE)
        longer = self._by_prefix.get(word[:_PREFIX])
        if longer is None:
            return exact
        return [*exact, *(term for term in longer if word.startswith(term.words[0]))]

    def _negated(self, tokens: Sequence[Token], at: int, category: Category) -> bool:
        for back in range(1, _REACH.get(category, 3) + 1):
            if at < back or tokens[at - back].sentence != tokens[at].sentence:
                return False
            if tokens[at - back].word in _STOPS_NEGATION:
                return False
            if tokens[at - back].word in self.negators:
                return True
        return False


def _entry(category: Category, name: str, row: dict[str, Any]) -> Entry:
    return Entry(
        category=category,
        name=name,
        terms=tuple(row["terms"]),
        weight=float(row["weight"]),
        source=row["source"],
        example=row["example"],
        counter=row["counter"],
        lexical=bool(row.get("lexical", False)),
    )


@cache
def lexicon() -> Lexicon:
    """Read once, on first use: importing stays cheap."""
    return Lexicon(files("uitvoering.softening").joinpath("lexicon.toml").read_bytes())
