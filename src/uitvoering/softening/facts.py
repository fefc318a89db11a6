"""Which numbers, quotations, legal terms and people of a text stand nowhere in the next one?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from uitvoering.softening.facets import Side, Span
from uitvoering.softening.findings import Finding, Known, spans
from uitvoering.softening.lexicon import Category
from uitvoering.softening.number_pool import NumberPool
from uitvoering.softening.numbers import Kind, Number
from uitvoering.softening.people import scope_in_words
from uitvoering.softening.reading import Passage, Reading
from uitvoering.softening.tokens import tokenise

__all__ = ["Facts", "Finding", "Known", "scope_in_words", "spans"]

_SMALL = 12
"""Bare numbers up to here are often put in other words ('both', 'each'): a weak sign alone."""
_RETOLD = 0.65
"""Share of the information of a quotation that must be found back."""


@dataclass(frozen=True)
class Facts:
    """What can be checked off one by one, in either direction."""

    before: Reading
    after: Reading
    fields: Known

    @cached_property
    def lost(self) -> tuple[Number | Passage, ...]:
        return (*self.numbers_lost, *self.passages_lost)

    @cached_property
    def numbers_lost(self) -> tuple[Number, ...]:
        told = self.before.numbers
        if not told:
            return ()
        there = (*self.after.numbers, *self.fields.numbers)
        kept = NumberPool(there, self.after.implied, told)
        return tuple(n for n in told if not kept.holds(n) and not self._raised(n))

    def _raised(self, number: Number) -> bool:
        """A higher count in its place takes nothing away."""
        return number.last in self.before.counted_at and number.value < self._most_after

    @cached_property
    def _most_after(self) -> float:
        known = NumberPool(self.before.numbers)
        new = (number.value for number in self.after.counted if not known.holds(number))
        return max(new, default=0.0)

    @cached_property
    def passages_lost(self) -> tuple[Passage, ...]:
        if not self.before.quotations and not self.before.legal:
            return ()
        there = f"{self.after.spoken} {' '.join(t.word for t in tokenise(self.fields.said))}"
        quoted = (passage for passage in self.before.quotations if not self._retold(passage))
        legal = (passage for passage in self.before.legal if not self._said_otherwise(passage))
        return tuple(passage for passage in (*quoted, *legal) if passage.said not in there)

    def _retold(self, quotation: Passage) -> bool:
        """Most of what was quoted stands there without the marks or in other words."""
        words = self.before.vocabulary.between(quotation.start, quotation.end)
        there = self.after.vocabulary.keys
        kept = sum(word.weight for word in words if not there.isdisjoint(word.keys))
        return bool(words) and kept >= _RETOLD * sum(word.weight for word in words)

    def _said_otherwise(self, legal: Passage) -> bool:
        """'Unlawful' is found back in 'against the law': the same concept in other words."""
        return not self._names_after.isdisjoint(self._names_before.get(legal.start, ()))

    @cached_property
    def _names_before(self) -> Mapping[int, list[str]]:
        found: dict[int, list[str]] = {}
        for category in (Category.LEGAL, Category.HARDSHIP):
            for cue in self.before.of(category):
                found.setdefault(cue.start, []).append(cue.entry.name)
        return found

    @cached_property
    def _names_after(self) -> frozenset[str]:
        return self.after.names.union(cue.entry.name for cue in self.after.of(Category.LEGAL))

    @cached_property
    def decisive(self) -> bool:
        """A number with a unit or of people, a quotation or a legal term: enough by itself."""
        return bool(self.passages_lost) or any(
            number.kind is not Kind.COUNT
            or number.value > _SMALL
            or number.last in self.before.counted_at
            for number in self.numbers_lost
        )

    @cached_property
    def anchors(self) -> int:
        """What is found back for certain: numbers and concepts in whatever words."""
        told = self.before.numbers
        there = NumberPool(self.after.numbers, self.after.implied) if told else None
        kept = len([number for number in told if there and there.holds(number)])
        return kept + len(self.before.names & self.after.names)

    @cached_property
    def shown(self) -> tuple[Span, ...]:
        return spans(self.before, Side.ORIGINAL, self.lost)

    @cached_property
    def new(self) -> tuple[Span, ...]:
        if not self.after.numbers:
            return ()
        known = NumberPool(self.before.numbers, self.before.implied, self.after.numbers)
        fresh = [
            number
            for number in self.after.numbers
            if (number.kind is not Kind.COUNT or number.value > _SMALL) and not known.holds(number)
        ]
        return spans(self.after, Side.RESTATED, fresh)
