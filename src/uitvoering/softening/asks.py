"""What does one request ask to be done: which asks, of which class, and how much of each holds?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from uitvoering.softening.lemmas import Language, lemma
from uitvoering.softening.lexicon import Category
from uitvoering.softening.reading import Reading
from uitvoering.softening.verbs import (
    AT_ONCE,
    AUXILIARIES,
    CUTS_BOTH_WAYS,
    DETERMINERS,
    DO,
    INFINITIVE,
    LIGHT,
    NO_VERB,
    PARTICLES,
    REQUESTING,
    TRANSPARENT,
    imperatives,
    index,
    stems,
)

LONGEST = 120
"""Words of a request that are read for asks; one sentence has fewer, and the cost is bounded."""
_AND = frozenset({"en", "and", "plus", "alsmede", "evenals", "maar", "but", "then", "daarna"})
_POLITE = frozenset({
    "graag", "please", "kindly", "gelieve", "ook", "also", "alsnog", "wij", "we", "ik", "i", "dus",
    "daarom", "dan", "zelf", "eerst", "verder", "to", "u",
})  # fmt: skip
_OPENS_A_CLAUSE = frozenset({
    "of", "hoe", "wat", "welke", "waarom", "dat", "die", "om", "zodat", "totdat", "zolang",
    "indien", "zodra", "omdat", "voordat", "nadat", "waar", "waarbij", "waardoor", "wie", "wanneer",
    "whether", "if", "how", "what", "which", "who", "that", "until", "because", "when", "where",
    "why", "so",
})  # fmt: skip
"""Behind these stands a complement: what is studied, not what is asked."""
_LINKS_A_REQUEST = frozenset({"om", "tot", "for"})
_NEGATORS = frozenset({"niet", "geen", "nooit", "not", "never", "no", "don't", "nimmer"})
_NOT_ONLY = frozenset({"alleen", "slechts", "only", "just", "later"})
_ANY_MORE = frozenset({"meer", "langer", "longer", "more", "nooit", "never"})
_INFLECTED = ("de", "te")
_ADJECTIVE = ("ig", "lijk", "isch", "baar", "e", "s")
_NOTHING = frozenset({"niets", "nothing", "none", "nihil"})
_SPEAKERS = frozenset({"wij", "we", "ik", "i"})
_HANDS_ON = frozenset({"laten", "gaan", "blijven"})
_ENGLISH = frozenset({
    "the", "to", "and", "for", "with", "a", "an", "from", "all", "be", "on", "at", "by", "this",
    "their", "them", "these", "no", "not", "whether", "how", "residents", "until", "into", "about",
})  # fmt: skip
"""Words no Dutch request has: 'of', 'is' and 'was' are words of both."""


@dataclass(frozen=True, slots=True)
class Ask:
    kind: str
    """Name of an entry of the lexicon, or DO."""
    verb: str
    first: int
    last: int
    """Positions of the tokens of its clause."""
    negated: bool


class _Clauses:
    """The tokens of one request, with what is known of each."""

    def __init__(self, reading: Reading) -> None:
        self.tokens = reading.tokens[:LONGEST]
        self.words = [token.word for token in self.tokens]
        english = not _ENGLISH.isdisjoint(self.words)
        self.language: Language = "en" if reading.language == "en" and english else "nl"
        self.joined = reading.vocabulary.lemmas
        self.lemmas = [self._of(word) for word in self.words]
        self.text = reading.text
        known = index()[0]
        self.kinds = {
            at: known.get(word) or known[of]
            for at, (word, of) in enumerate(zip(self.words, self.lemmas, strict=True))
            if word in known or of in known
        }
        self.phrases = {
            cue.first: cue.entry.name
            for cue in reading.of(Category.ACTION)
            if cue.last > cue.first and cue.entry.name != AT_ONCE
        }
        self.kinds |= self.phrases
        self.soft = {
            at
            for cue in reading.of(Category.ACTION_SOFTENER)
            if cue.last > cue.first
            for at in range(cue.first, cue.last + 1)
        }

    def _of(self, word: str) -> str:
        """The infinitive of a verb, also where the dictionary takes it for a noun."""
        if self.language == "en":
            return lemma(word, "en")
        if word in imperatives():
            return imperatives()[word]
        if word in index()[0] or word in LIGHT or word in TRANSPARENT or word in REQUESTING:
            return word
        return lemma(word, "nl")

    def asks(self) -> Iterator[Ask]:
        for first, last in self._clauses():
            yield self._ask(first, last)

    def _clauses(self) -> Iterator[tuple[int, int]]:
        start = 0
        for at in range(1, len(self.words) + 1):
            if at < len(self.words) and not self._cuts(start, at):
                continue
            last = at - 1
            if self.words[start] in _AND and start < last:
                start += 1
            yield start, last
            start = at

    def _cuts(self, start: int, at: int) -> bool:
        if self.tokens[at].sentence != self.tokens[at - 1].sentence:
            return True
        comma = "," in self.text[self.tokens[at - 1].end : self.tokens[at].start]
        if self.words[at] not in _AND and not comma:
            return False
        behind = at + 1 if self.words[at] in _AND else at
        if behind >= len(self.words):
            return False
        if self._is_imperative(behind):
            return True
        complement = any(word in _OPENS_A_CLAUSE for word in self.words[start:at])
        return not complement and self._verb(behind, self._end(behind)) is not None

    def _end(self, start: int) -> int:
        """Last token before the next coordinator or sentence."""
        for at in range(start + 1, len(self.words)):
            new = self.tokens[at].sentence != self.tokens[start].sentence
            if new or self.words[at] in _AND:
                return at - 1
        return len(self.words) - 1

    def _is_imperative(self, at: int) -> bool:
        word, of = self.words[at], self.lemmas[at]
        if word in NO_VERB or not word[0].isalpha():
            return False
        behind = self.words[at + 1] if at + 1 < len(self.words) else ""
        if self.language == "en" and behind == "of":
            return False
        if self.language == "en":
            return at in self.kinds or behind in DETERMINERS or word in LIGHT | TRANSPARENT
        if word.endswith(INFINITIVE) and of == word:
            return at in self.kinds and (behind in _OPENS_A_CLAUSE or behind in NO_VERB)
        if word in imperatives():  # 'onderzoek', also a noun: 'onderzoek doen'
            return not (behind.endswith(INFINITIVE) and self._end(at) == at + 1)
        if of != word and of.endswith(INFINITIVE):
            return word in stems(of)
        return behind in DETERMINERS and not word.endswith(_ADJECTIVE)

    def _ask(self, first: int, last: int) -> Ask:
        if all(word in _NEGATORS or word in _NOTHING for word in self.words[first : last + 1]):
            return Ask("nothing", "", first, last, negated=False)
        at = first
        while at < last and self.words[at] in _POLITE:
            at += 1
        subject = not _SPEAKERS.isdisjoint(self.words[first:at])
        behind = self.words[at + 1] if at < last else ""
        if not REQUESTING.isdisjoint({self.words[at], self.lemmas[at]}) and (
            subject or behind in _LINKS_A_REQUEST
        ):
            kind, verb = self._descend(at + 1, last)
        elif self._is_imperative(at):
            kind, verb = self._imperative(at, last)
        else:
            found = self._verb(first, self._main(first, last))
            found = self._verb(first, last) if found is None else found
            kind, verb = self._noun(first, last), first
            if found is not None:
                kind, verb = self._of_verb(found, first, last), found
        return self._made(kind or DO, verb, first, last)

    def _made(self, kind: str, verb: int, first: int, last: int) -> Ask:
        of = self._whole(verb, last)
        negated = any(
            self.words[at] in _NEGATORS
            and self.phrases.get(at) != "nothing"
            and (at == last or self.words[at + 1] not in _NOT_ONLY)
            for at in range(first, self._main(verb, last) + 1)
        )
        if negated:
            kind = self._refrained(kind, of, first, last)
        return Ask(kind, of, first, last, negated)

    def _refrained(self, kind: str, of: str, first: int, last: int) -> str:
        """To refrain from harm is something done; to refrain from help is nothing."""
        if kind in {DO, "change", "nothing"} or of in CUTS_BOTH_WAYS:
            return DO
        ends = any(word in _ANY_MORE for word in self.words[first : last + 1])
        return DO if kind == "study" and ends else "nothing"

    def _main(self, verb: int, last: int) -> int:
        """Last token before a complement or relative clause opens."""
        for at in range(verb + 1, last + 1):
            if self.words[at] in _OPENS_A_CLAUSE and at not in self.soft:
                return at - 1
        return last

    def _imperative(self, at: int, last: int) -> tuple[str | None, int]:
        if at in self.phrases:
            return self.phrases[at], at
        known, alone, whole = index()[0], self.lemmas[at], self._whole(at, last)
        if whole in known:
            return known[whole], at
        if whole != alone and whole not in LIGHT:
            return DO, at
        if alone in TRANSPARENT or self.words[at] in TRANSPARENT:
            return self._descend(at + 1, last)
        if alone in LIGHT or self.words[at] in LIGHT:
            return self._noun(at + 1, self._main(at, last)), at
        return self.kinds.get(at), at

    def _whole(self, verb: int, last: int) -> str:
        """A Dutch verb with the particle that stands apart: 'trek de erkenning in'."""
        of = self.lemmas[verb]
        if self.language == "en":
            return of
        for at in range(verb + 1, last + 1):
            behind = self.words[at + 1] if at < last else ""
            free = behind not in DETERMINERS or behind in _OPENS_A_CLAUSE
            if self.words[at] in PARTICLES and free and self.words[at] + of in index()[0]:
                return self.words[at] + of
        joined = self.joined[verb]
        return joined if joined.endswith(of) else of

    def _descend(self, first: int, last: int) -> tuple[str | None, int]:
        """What the asked one is to do, or see to."""
        found = self._verb(first, last, helped=True)
        if found is None:
            return self._noun(first, last), first - 1
        return self._of_verb(found, first, last), found

    def _of_verb(self, at: int, first: int, last: int) -> str | None:
        of = self.lemmas[at]
        if of in LIGHT or of in TRANSPARENT:
            return self._noun(first, last)
        return self.kinds.get(at)

    def _verb(self, first: int, last: int, *, helped: bool = False) -> int | None:
        """The verb that closes a clause; one the lexicon knows before one it does not."""
        span = range(first, last + 1)
        helper = next((at for at in span if self.lemmas[at] in AUXILIARIES), None)
        if self.language == "en" and helper is not None:
            span = range(helper + 1, last + 1)
        helped = helped or helper is not None
        found = [at for at in span if self._is_verb(at, helped=helped)]
        return next((at for at in found if at in self.kinds), found[0] if found else None)

    def _is_verb(self, at: int, *, helped: bool) -> bool:
        word, of = self.words[at], self.lemmas[at]
        before = self.words[at - 1] if at else ""
        if word in NO_VERB or before in DETERMINERS or of in AUXILIARIES:
            return False
        if self.language == "en":
            return helped and at in self.kinds
        if not of.endswith(INFINITIVE) or of in _HANDS_ON:
            return False
        if word == of:
            return before not in {"van", "te"} or helped
        return helped and not word.endswith((*_INFLECTED, "en"))

    def _noun(self, first: int, last: int) -> str | None:
        for at in range(first, last + 1):
            if at in self.phrases or (at in self.kinds and at not in self.soft):
                return self.kinds[at]
            word = self.words[at]
            kind = None if at in self.soft else _kind_by_noun(word)
            if kind is not None:
                return kind
        return None


@lru_cache(maxsize=16384)
def _kind_by_noun(word: str) -> str | None:
    """Of a compound that ends in a noun of asking."""
    ends = (kind for noun, kind in index()[1] if word.endswith(noun) and word != noun)
    return next(ends, None)


def asks(reading: Reading) -> tuple[Ask, ...]:
    """In the order of the text; at least one for any text that has words."""
    return tuple(_Clauses(reading).asks()) if reading.tokens else ()
