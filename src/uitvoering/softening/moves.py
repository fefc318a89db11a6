"""What moved between two readings, in both directions, once what stayed as it was is set aside?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from uitvoering.softening.facts import Facts, Finding, Known, scope_in_words
from uitvoering.softening.lexicon import Cue
from uitvoering.softening.reading import Reading
from uitvoering.softening.words import Word


@dataclass(frozen=True)
class Moved:
    """One text of a pair: what of it stands in the other word for word, and what does not."""

    reading: Reading
    same: frozenset[int]
    """Sentences that stand in the other text as they are."""
    unmatched: tuple[tuple[Word, float], ...]
    """Content words without counterpart in the other text, each with the share that lacks one."""
    cues: tuple[Cue, ...]
    """Soft and strong concepts that the other text does not name."""

    @cached_property
    def moved(self) -> float:
        """Information in the sentences that do not stand in the other text as they are."""
        by, same = self.reading.by_sentence, self.same
        return sum([amount for at, amount in by.items() if at not in same])

    @cached_property
    def lost(self) -> Mapping[int, float]:
        """Information without counterpart, by sentence."""
        found: dict[int, float] = {}
        for word, share in self.unmatched:
            at = word.sentence
            found[at] = found.get(at, 0) + word.weight * share
        return found

    @cached_property
    def amount(self) -> float:
        return sum(self.lost.values())

    @cached_property
    def share(self) -> float:
        """Of the whole text."""
        return self.amount / self.reading.information if self.reading.information else 0.0

    def about(self, sentence: int) -> float:
        """How far a sentence is about what the other text is about.

        One without content of its own ('reportedly:') is about what stands beside it.
        """
        whole = self.reading.by_sentence.get(sentence, 0.0)
        return 1 - self.lost.get(sentence, 0.0) / whole if whole else 1.0

    def elsewhere(self, sentences: Iterable[int]) -> int:
        """How many of these stand in sentences that moved."""
        same = self.same
        return len([at for at in sentences if at not in same])


@dataclass(frozen=True)
class Moves:
    """A paraphrase loses and gains; a softened text loses, or gains what takes over."""

    before: Reading
    after: Reading
    known: Known

    @cached_property
    def gone(self) -> Moved:
        return _side(self.before, self.after)

    @cached_property
    def new(self) -> Moved:
        return _side(self.after, self.before)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.before, self.after, self.known)

    @cached_property
    def scope(self) -> Finding:
        return scope_in_words(self.before, self.after, self.known)


def _side(one: Reading, other: Reading) -> Moved:
    there = other.sentences
    same = frozenset([at for at, said in enumerate(one.said) if said and said in there])
    there_named = {cue.entry.name for cue in other.moving}
    cues: dict[str, Cue] = {}
    for cue in one.moving:
        if cue.entry.name not in there_named and cue.sentence not in same:
            cues.setdefault(cue.entry.name, cue)
    return Moved(one, same, other.vocabulary.missing(one.vocabulary), tuple(cues.values()))
