"""What does one text say, as far as a comparison needs it? Features of that text alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from uitvoering.softening.lemmas import Language, language_of, lemmas
from uitvoering.softening.lexicon import SOFT, STRONG, Category, Cue, lexicon
from uitvoering.softening.numbers import Kind, Number, implied_numbers, read_numbers
from uitvoering.softening.tokens import Token, scan
from uitvoering.softening.words import Vocabulary, vocabulary

_NEAR = 4
"""Words behind a count in which the people it counts are named."""
_COUNTED_FROM = 2
_SHORT = 600
_KEPT = 10_000
"""Characters; longer texts are read again rather than kept, so that memory stays flat.

A reading takes some 85 bytes a character: all that are kept together at most 160 MB.
"""
_DEFINITE = frozenset({"de", "het", "deze", "die", "alle", "the", "these", "those", "all"})
_MOVING = SOFT | STRONG | {Category.APOLOGY}
BECAUSE = frozenset({
    "omdat", "doordat", "waardoor", "daardoor", "hierdoor", "wegens", "vanwege", "want", "dus",
    "zodat", "gevolg", "oorzaak", "veroorzaken", "leiden", "because", "therefore", "caused",
    "cause", "result",
})  # fmt: skip
"""Words that tie a consequence to its cause."""
_MODALS = frozenset({
    "kunnen", "zullen", "mogen", "willen", "zouden", "can", "could", "may", "might", "would",
    "should", "will",
})  # fmt: skip
_ABSTRACT = (
    "heid", "ing", "atie", "iteit", "isme", "proces", "traject", "aanpak", "beleid", "ment",
    "ness", "tion", "ity",
)  # fmt: skip
"""Endings of nouns that put a happening at a distance."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text and what it says, folded."""

    said: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """Computed once per text and kept: everything here depends on this text only."""

    text: str
    language: Language
    tokens: tuple[Token, ...]
    vocabulary: Vocabulary
    cues: tuple[Cue, ...]
    weights: Mapping[Category, float]
    """Of all cues of a category together."""
    names: frozenset[str]
    """Of the entries of soft and strong cues."""
    numbers: tuple[Number, ...]
    counted: tuple[Number, ...]
    """The numbers that count people or their cases."""
    quotations: tuple[Passage, ...]
    legal: tuple[Passage, ...]
    definite_people: bool
    """Names its people as known: 'the parents', not 'some parents'."""
    pairs: frozenset[tuple[str, str]]
    """Lemmas that stand beside each other: how much of a text is another one verbatim."""
    information: float
    """Of all content words together."""
    by_sentence: Mapping[int, float]
    """Information of each sentence that has any."""
    forceful: frozenset[int]
    """Sentences that name hardship, a number or a wrong."""
    said: tuple[tuple[str, ...], ...]
    """The folded words of each sentence."""
    negations: tuple[int, ...]
    """Sentences of each negation; so for the three below."""
    causes: tuple[int, ...]
    modals: tuple[int, ...]
    abstract: tuple[int, ...]

    def of(self, category: Category) -> tuple[Cue, ...]:
        return self._by_category.get(category, ())

    @cached_property
    def _by_category(self) -> Mapping[Category, tuple[Cue, ...]]:
        found: dict[Category, list[Cue]] = {}
        for cue in self.cues:
            found.setdefault(cue.entry.category, []).append(cue)
        return {category: tuple(cues) for category, cues in found.items()}

    @cached_property
    def moving(self) -> tuple[Cue, ...]:
        """Soft and strong cues and apologies: what can come or go."""
        return tuple(cue for cue in self.cues if cue.entry.category in _MOVING)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(token.word for token in self.tokens)

    @cached_property
    def spoken(self) -> str:
        return " ".join(self.words)

    @cached_property
    def sentences(self) -> frozenset[tuple[str, ...]]:
        return frozenset(self.said)

    @cached_property
    def implied(self) -> tuple[Number, ...]:
        return implied_numbers(self.tokens)

    @cached_property
    def counted_at(self) -> frozenset[int]:
        """The last tokens of the numbers that count people."""
        return frozenset(number.last for number in self.counted)

    @cached_property
    def people(self) -> Mapping[int, Cue]:
        """Who is named, by the position of the first token."""
        return {cue.first: cue for cue in self.of(Category.PEOPLE)}


def read(text: str) -> Reading:
    """Only this function looks at a text; comparing looks at readings."""
    if len(text) <= _SHORT:
        return _short(text)
    return _kept(text) if len(text) <= _KEPT else _read(text)


@lru_cache(maxsize=2048)
def _short(text: str) -> Reading:
    """Most texts, and all requests: a report that is compared again finds all of its own here."""
    return _read(text)


@lru_cache(maxsize=64)
def _kept(text: str) -> Reading:
    return _read(text)


def _read(text: str) -> Reading:
    known = lexicon()
    scanned = scan(text)
    tokens = scanned.tokens
    language = language_of(tokens)
    of = lemmas(tokens, language)
    cues = known.find(tokens, of)
    numbers = read_numbers(tokens)
    named = frozenset(cue.first for cue in cues if cue.entry.category is Category.PEOPLE)
    numeric = frozenset(at for number in numbers for at in range(number.first, number.last + 1))
    content = vocabulary(tokens, of, language, known.stopwords, numeric)
    weights: dict[Category, float] = {}
    by_sentence: dict[int, float] = {}
    for cue in cues:
        category = cue.entry.category
        weights[category] = weights.get(category, 0) + cue.entry.weight
    for word in content.words:
        by_sentence[word.sentence] = by_sentence.get(word.sentence, 0) + word.weight
    return Reading(
        text=text,
        language=language,
        tokens=tokens,
        vocabulary=content,
        cues=cues,
        weights=weights,
        names=frozenset(c.entry.name for c in cues if c.entry.category in SOFT | STRONG),
        numbers=numbers,
        counted=tuple(n for n in numbers if _counts_people(n, tokens, named)),
        quotations=tuple(Passage(*row) for row in scanned.quotations),
        legal=tuple(
            Passage(_stem(tokens[cue.first : cue.last + 1]), cue.start, cue.end)
            for cue in cues
            if cue.entry.category is Category.LEGAL
        ),
        definite_people=any(tokens[at - 1].word in _DEFINITE for at in named if at),
        pairs=frozenset(pairwise(of)),
        information=sum(by_sentence.values()),
        by_sentence=by_sentence,
        forceful=_forceful(tokens, cues, numbers),
        said=_said(tokens),
        negations=tuple(
            token.sentence for token in tokens if token.word in known.negators and not token.quoted
        ),
        causes=_where(tokens, of, BECAUSE),
        modals=_where(tokens, of, _MODALS),
        abstract=tuple(word.sentence for word in content.words if word.lemma.endswith(_ABSTRACT)),
    )


def _said(tokens: Sequence[Token]) -> tuple[tuple[str, ...], ...]:
    sentences: dict[int, list[str]] = {}
    for token in tokens:
        sentences.setdefault(token.sentence, []).append(token.word)
    last = tokens[-1].sentence if tokens else -1
    return tuple(tuple(sentences.get(at, ())) for at in range(last + 1))


def _where(tokens: Sequence[Token], of: Sequence[str], words: frozenset[str]) -> tuple[int, ...]:
    return tuple(token.sentence for token, one in zip(tokens, of, strict=True) if one in words)


def _forceful(
    tokens: Sequence[Token], cues: Sequence[Cue], numbers: Sequence[Number]
) -> frozenset[int]:
    strong = {cue.sentence for cue in cues if cue.entry.category in STRONG}
    return frozenset(strong | {tokens[number.last].sentence for number in numbers})


def _counts_people(number: Number, tokens: Sequence[Token], named: frozenset[int]) -> bool:
    if number.kind is not Kind.COUNT or number.value < _COUNTED_FROM:
        return False
    behind = range(number.last + 1, min(number.last + 1 + _NEAR, len(tokens)))
    sentence = tokens[number.last].sentence
    return any(at in named and tokens[at].sentence == sentence for at in behind)


def _stem(phrase: Sequence[Token]) -> str:
    return " ".join(token.word for token in phrase)[:6]
