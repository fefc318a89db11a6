"""Which numbers, quotations, legal terms and people of a text stand nowhere in the next one?"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from uitvoering.softening.content import Word
from uitvoering.softening.facets import Result, Side, Span
from uitvoering.softening.lexicon import Category, Cue
from uitvoering.softening.numbers import Kind, Number, NumberPool
from uitvoering.softening.reading import Passage, Reading
from uitvoering.softening.tokens import tokenise

_SPANS = 12
"""Most words shown per side: a reader needs the words, not the whole text again."""
_SMALL = 12
"""Bare numbers up to here are often put in other words ('both', 'each'): a weak sign alone."""


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


@dataclass(frozen=True)
class Facts:
    """What can be checked off one by one, in either direction."""

    before: Reading
    after: Reading
    fields: Known

    @cached_property
    def lost(self) -> tuple[Number | Passage, ...]:
        return (*self._numbers_lost, *self._passages_lost)

    @cached_property
    def _numbers_lost(self) -> tuple[Number, ...]:
        kept = NumberPool((*self.after.numbers, *self.fields.numbers))
        return tuple(
            number
            for number in self.before.numbers
            if not kept.holds(number) and not self._raised(number)
        )

    def _raised(self, number: Number) -> bool:
        """A higher count in its place takes nothing away."""
        return number in self.before.people and number.value < self._most_after

    @cached_property
    def _most_after(self) -> float:
        return max((number.value for number in self.after.people), default=0.0)

    @cached_property
    def _passages_lost(self) -> tuple[Passage, ...]:
        there = " ".join(token.word for token in self.after.tokens)
        there += " " + " ".join(token.word for token in tokenise(self.fields.said))
        legal = (passage for passage in self.before.legal if not self._said_otherwise(passage))
        passages = (*self.before.quotations, *legal)
        return tuple(passage for passage in passages if passage.said not in there)

    def _said_otherwise(self, legal: Passage) -> bool:
        """'Unlawful' is found back in 'against the law': the same concept in other words."""
        return any(
            cue.start == legal.start and cue.entry.name in self.after.strong
            for cue in self.before.of(Category.HARDSHIP)
        )

    @cached_property
    def decisive(self) -> bool:
        """A number with a unit or of people, a quotation or a legal term: enough by itself."""
        return bool(self._passages_lost) or any(
            number.kind is not Kind.COUNT or number.value > _SMALL or number in self.before.people
            for number in self._numbers_lost
        )

    @cached_property
    def anchors(self) -> int:
        """What is found back for certain: numbers, passages and hardship in whatever words."""
        there = NumberPool(self.after.numbers)
        kept = sum(1 for number in self.before.numbers if there.holds(number))
        return kept + len(self.before.strong & self.after.strong)

    @cached_property
    def shown(self) -> tuple[Span, ...]:
        return spans(self.before, Side.ORIGINAL, self.lost)

    @cached_property
    def new(self) -> tuple[Span, ...]:
        known = NumberPool(self.before.numbers)
        fresh = [
            number
            for number in self.after.numbers
            if (number.kind is not Kind.COUNT or number.value > _SMALL) and not known.holds(number)
        ]
        return spans(self.after, Side.RESTATED, fresh)


def scope_in_words(before: Reading, after: Reading, fields: Known) -> Finding:
    """Fewer people in the text alone, whatever the fields say."""
    counted = [n for n in before.numbers if n in before.people or n.value == fields.count_before]
    counted = [n for n in counted if n.kind is Kind.COUNT]
    if counted:
        most = max(counted, key=lambda number: number.value)
        if not NumberPool(after.numbers).holds(most):
            return _count_gone(before, after, most, fields)
    ranks = _quantifiers(before), _quantifiers(after)
    if ranks[0] and ranks[1]:
        was, now = (max(rank, key=lambda cue: cue.entry.weight) for rank in ranks)
        moved = now.entry.weight - was.entry.weight
        words = (*spans(before, Side.ORIGINAL, [was]), *spans(after, Side.RESTATED, [now]))
        if moved < 0:
            return Finding(Result.SOFTENED, -moved, "fewer-in-words", words)
        if moved > 0:
            return Finding(Result.SHARPENED, moved, "more-in-words", words)
    return Finding(rule="scope-even")


def _quantifiers(reading: Reading) -> tuple[Cue, ...]:
    """Those that stand before people: 'some tenants', not 'some time'."""
    people = {cue.first for cue in reading.of(Category.PEOPLE)}
    return tuple(
        cue
        for cue in reading.of(Category.QUANTIFIER)
        if {cue.last + 1, cue.last + 2, cue.last + 3} & people
    )


def _count_gone(before: Reading, after: Reading, most: Number, fields: Known) -> Finding:
    higher = [number for number in after.counted if number.value > most.value]
    if higher:
        return Finding(
            Result.SHARPENED, 1, "higher-count-in-words", spans(after, Side.RESTATED, higher)
        )
    if fields.same_count and after.definite_people and not _quantifiers(after):
        return Finding(rule="count-kept-in-field")  # 'the parents' with the count beside it
    words = (
        *spans(before, Side.ORIGINAL, [most]),
        *spans(after, Side.RESTATED, [*after.counted, *_quantifiers(after)]),
    )
    return Finding(Result.SOFTENED, 1 if after.people else 2, "count-gone-in-words", words)


def spans(
    reading: Reading, side: Side, parts: Iterable[Cue | Passage | Number | Word]
) -> tuple[Span, ...]:
    return tuple(
        Span(side=side, start=part.start, end=part.end, text=reading.text[part.start : part.end])
        for part in parts
    )[:_SPANS]
