"""What does one text say, as far as a comparison needs it? Features of that text alone."""

from dataclasses import dataclass
from functools import lru_cache

from uitvoering.softening.content import Pool, Word, content
from uitvoering.softening.lexicon import SOFT, STRONG, Category, Cue, lexicon
from uitvoering.softening.numbers import Kind, Number, read_numbers
from uitvoering.softening.tokens import Token, fold, quotations, tokenise

_NEAR = 4
"""Words behind a count in which the people it counts are named."""
_COUNTED_FROM = 2
_KEPT = 10_000
"""Characters; longer texts are read again rather than kept, so that memory stays flat."""
_DEFINITE = frozenset({"de", "het", "deze", "die", "alle", "the", "these", "those", "all"})


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
    tokens: tuple[Token, ...]
    cues: tuple[Cue, ...]
    numbers: tuple[Number, ...]
    counted: tuple[Number, ...]
    """The numbers that count people or their cases."""
    people: frozenset[Number]
    """The same, to ask whether a number is one of them."""
    quotations: tuple[Passage, ...]
    legal: tuple[Passage, ...]
    words: tuple[Word, ...]
    pool: Pool
    strong: frozenset[str]
    soft: frozenset[str]
    definite_people: bool
    """Names its people as known: 'the parents', not 'some parents'."""

    def of(self, category: Category) -> tuple[Cue, ...]:
        return tuple(cue for cue in self.cues if cue.entry.category is category)


def read(text: str) -> Reading:
    """Only this function looks at a text; `wording.compare` looks at readings."""
    return _kept(text) if len(text) <= _KEPT else _read(text)


@lru_cache(maxsize=512)
def _kept(text: str) -> Reading:
    return _read(text)


def _read(text: str) -> Reading:
    words = lexicon()
    tokens = tokenise(text)
    cues = words.find(tokens)
    numbers = read_numbers(tokens)
    named = frozenset(cue.first for cue in cues if cue.entry.category is Category.PEOPLE)
    counted = tuple(n for n in numbers if _counts_people(n, tokens, named))
    information = content(tokens, words.stopwords)
    return Reading(
        text=text,
        tokens=tokens,
        cues=cues,
        numbers=numbers,
        counted=counted,
        people=frozenset(counted),
        quotations=tuple(_passage(text, start, end) for start, end in quotations(text)),
        legal=tuple(
            Passage(_stem(text[cue.start : cue.end]), cue.start, cue.end)
            for cue in cues
            if cue.entry.category is Category.LEGAL
        ),
        words=information,
        pool=Pool(information),
        strong=frozenset(cue.entry.name for cue in cues if cue.entry.category in STRONG),
        soft=frozenset(cue.entry.name for cue in cues if cue.entry.category in SOFT),
        definite_people=any(tokens[at - 1].word in _DEFINITE for at in named if at),
    )


def _counts_people(number: Number, tokens: tuple[Token, ...], named: frozenset[int]) -> bool:
    if number.kind is not Kind.COUNT or number.value < _COUNTED_FROM:
        return False
    behind = range(number.last + 1, min(number.last + 1 + _NEAR, len(tokens)))
    sentence = tokens[number.last].sentence
    return any(at in named and tokens[at].sentence == sentence for at in behind)


def _passage(text: str, start: int, end: int) -> Passage:
    return Passage(" ".join(token.word for token in tokenise(text[start:end])), start, end)


def _stem(phrase: str) -> str:
    return fold(phrase)[:6]
