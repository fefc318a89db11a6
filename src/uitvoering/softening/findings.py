"""What does one text dimension show, and on which words does it rest?"""

from collections.abc import Iterable
from dataclasses import dataclass

from uitvoering.softening.facets import Result, Side, Span
from uitvoering.softening.lexicon import Cue
from uitvoering.softening.numbers import Number
from uitvoering.softening.reading import Passage, Reading
from uitvoering.softening.tokens import Token
from uitvoering.softening.words import Word

_SPANS = 12
"""Most words shown per side: a reader needs the words, not the whole text again."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one text dimension shows, with the words it rests on."""

    result: Result = Result.UNCHANGED
    weight: float = 0.0
    rule: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the fields of the later statement say, so that a text need not repeat it."""

    numbers: tuple[Number, ...] = ()
    said: str = ""
    same_count: bool = False
    """The field `affected_count` stands and did not go down."""
    count_before: int | None = None
    """The earlier field, by which a bare number in the text is known to count people."""


def spans(
    reading: Reading, side: Side, parts: Iterable[Cue | Passage | Number | Token | Word]
) -> tuple[Span, ...]:
    return tuple(
        Span(side=side, start=part.start, end=part.end, text=reading.text[part.start : part.end])
        for part in parts
    )[:_SPANS]
