"""Which words soften, which carry hardship, and in whose judgement? Data with sources, tested."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Any

from uitvoering.softening.lemmas import Language, language_of, lemma, lemmas
from uitvoering.softening.tokens import Token, tokenise

_PREFIX = 4
"""Characters a term with a trailing star is indexed by; no such term is shorter."""


class Category(StrEnum):
    HEDGE = "hedge"
    ATTRIBUTION = "attribution"
    EUPHEMISM = "euphemism"
    PROCESS = "process"
    POSITIVE = "positive"
    NORMALISE = "normalise"
    NORM = "norm"
    ATTENTION = "attention"
    MINIMISE = "minimise"
    DENIAL = "denial"
    RESPONSIBILITY = "responsibility"
    APOLOGY = "apology"
    BOOSTER = "booster"
    HARDSHIP = "hardship"
    WARNING = "warning"
    ACTION = "action"
    ACTION_SOFTENER = "action_softener"
    PEOPLE = "people"
    QUANTIFIER = "quantifier"
    LEGAL = "legal"
    NEGATOR = "negator"
    STOPWORD = "stopword"


SOFT = frozenset({
    Category.HEDGE, Category.ATTRIBUTION, Category.EUPHEMISM, Category.PROCESS,
    Category.POSITIVE, Category.NORMALISE, Category.NORM, Category.ATTENTION,
    Category.MINIMISE, Category.DENIAL, Category.RESPONSIBILITY,
})  # fmt: skip
STRONG = frozenset({Category.BOOSTER, Category.HARDSHIP, Category.WARNING})
_REACH = dict.fromkeys(SOFT, 1) | {Category.QUANTIFIER: 1, Category.EUPHEMISM: 2}
"""How many words before a cue a negator may stand to void it; three for all others."""
_STOPS_NEGATION = frozenset({"en", "maar", "want", "dus", "of", "and", "but", "so", "or", "alleen"})
_LANGUAGES: tuple[Language, ...] = ("nl", "en")


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
    sentence: int


@dataclass(frozen=True, slots=True)
class _Term:
    words: tuple[str, ...]
    lemmas: tuple[str, ...]
    """Of the words, in Dutch: 'raakte kwijt' is met by 'raken kwijt'."""
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Start:
    """Every term that one word can begin, each with its rank: of equals the first one counts."""

    alone: tuple[tuple[int, _Term], ...]
    """Terms of this one word."""
    longer: Mapping[str, tuple[tuple[int, _Term], ...]]
    """Terms of more words, by the second word as it stands and as the dictionary has it."""


_NONE: tuple[tuple[int, _Term], ...] = ()
_rank = itemgetter(0)


class Lexicon:
    """The entries, and an index over two words so that reading is linear in the text."""

    def __init__(self, sources: dict[str, str], tables: dict[Category, dict[str, Any]]) -> None:
        self.sources = sources
        self.entries = tuple(
            _entry(category, name, row)
            for category in Category
            for name, row in tables[category].items()
        )
        self._by_word: dict[str, list[_Term]] = {}
        self._by_prefix: dict[str, list[_Term]] = {}
        for entry in self.entries:
            for term in entry.terms:
                self._index(term, entry)
        self._starting = lru_cache(maxsize=65536)(self._start)
        self.stopwords = self.words_of(Category.STOPWORD)
        self.negators = self.words_of(Category.NEGATOR)

    def words_of(self, category: Category) -> frozenset[str]:
        entries = (entry for entry in self.entries if entry.category is category)
        return frozenset(token.word for e in entries for t in e.terms for token in tokenise(t))

    def _index(self, term: str, entry: Entry) -> None:
        words = [token.word for token in tokenise(term.rstrip("*"))]
        row = _Term(tuple(words), tuple(lemma(word, "nl") for word in words), entry)
        if term.endswith("*"):
            self._by_prefix.setdefault(words[0][:_PREFIX], []).append(row)
            return
        self._by_word.setdefault(words[0], []).append(row)
        for language in _LANGUAGES:
            first = lemma(words[0], language)
            if len(words) > 1 and first != words[0]:
                self._by_word.setdefault(first, []).append(row)

    def read(self, text: str) -> tuple[Cue, ...]:
        """The cues of a text by itself."""
        tokens = tokenise(text)
        return self.find(tokens, lemmas(tokens, language_of(tokens)))

    def find(self, tokens: Sequence[Token], of: Sequence[str]) -> tuple[Cue, ...]:
        """Per category the longest term at each place; quoted and negated cues left out.

        A word of a term is met by the word itself or by its dictionary form.
        """
        found: list[Cue] = []
        covered: dict[Category, int] = {}
        for at, token in enumerate(tokens):
            start = self._starting(token.word, of[at])
            if start is None or token.quoted:
                continue
            terms = start.alone
            if start.longer and at + 1 < len(tokens):
                terms = _with_longer(start, tokens, of, at)
            for category, (length, entry) in _longest(terms).items():
                if at < covered.get(category, 0):
                    continue
                covered[category] = at + length
                if entry.lexical or not self._negated(tokens, at, category):
                    last = at + length - 1
                    found.append(
                        Cue(entry, token.start, tokens[last].end, at, last, token.sentence)
                    )
        return tuple(found)

    def _start(self, word: str, of: str) -> _Start | None:
        """Nothing for most words; asked once per word and its dictionary form."""
        terms = list(self._by_word.get(word, ()))
        if of != word:
            terms += self._by_word.get(of, ())
        terms += (t for t in self._by_prefix.get(word[:_PREFIX], ()) if word.startswith(t.words[0]))
        if not terms:
            return None
        alone: list[tuple[int, _Term]] = []
        longer: dict[str, list[tuple[int, _Term]]] = {}
        for row in enumerate(terms):
            term = row[1]
            if len(term.words) == 1:
                alone.append(row)
            elif term.words[0] in (word, of) or term.lemmas[0] == of:
                for second in dict.fromkeys((term.words[1], term.lemmas[1])):
                    longer.setdefault(second, []).append(row)
        return _Start(tuple(alone), {second: tuple(rows) for second, rows in longer.items()})

    def _negated(self, tokens: Sequence[Token], at: int, category: Category) -> bool:
        for back in range(1, _REACH.get(category, 3) + 1):
            if at < back or tokens[at - back].sentence != tokens[at].sentence:
                return False
            if tokens[at - back].word in _STOPS_NEGATION:
                return False
            if tokens[at - back].word in self.negators:
                return True
        return False


def _with_longer(
    start: _Start, tokens: Sequence[Token], of: Sequence[str], at: int
) -> tuple[tuple[int, _Term], ...]:
    """The terms of one word, and those of more whose second word stands here, in their order."""
    second, its = tokens[at + 1].word, of[at + 1]
    rows = start.longer.get(second, _NONE)
    if its != second:
        rows += start.longer.get(its, _NONE)
    stands = [row for row in rows if _stands(row[1], tokens, of, at)]
    return tuple(sorted((*start.alone, *stands), key=_rank)) if stands else start.alone


def _longest(terms: Iterable[tuple[int, _Term]]) -> dict[Category, tuple[int, Entry]]:
    """Of each category, in the order in which the categories are met."""
    best: dict[Category, tuple[int, Entry]] = {}
    for _, term in terms:
        known = best.get(term.entry.category)
        if known is None or len(term.words) > known[0]:
            best[term.entry.category] = (len(term.words), term.entry)
    return best


def _stands(term: _Term, tokens: Sequence[Token], of: Sequence[str], at: int) -> bool:
    """Whether the words behind the first one follow here, in one sentence."""
    last = at + len(term.words) - 1
    if last >= len(tokens) or tokens[last].sentence != tokens[at].sentence:
        return False
    for n in range(1, len(term.words)):
        word, its = term.words[n], of[at + n]
        if word != its and word != tokens[at + n].word and term.lemmas[n] != its:
            return False
    return True


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


def lexicon_files() -> Iterable[tuple[str, bytes]]:
    """Name and bytes of each, in one order."""
    folder = files("uitvoering.softening").joinpath("lexicon")
    for name in ("sources", *Category):
        yield name, folder.joinpath(f"{name}.toml").read_bytes()


@cache
def lexicon() -> Lexicon:
    """Read once, on first use: importing stays cheap."""
    data = {name: tomllib.loads(source.decode()) for name, source in lexicon_files()}
    return Lexicon(data.pop("sources")["source"], {Category(name): data[name] for name in data})
