"""What is the dictionary form of a word, how rare is it, and of which words is it made?"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from math import log10
from typing import Literal

from uitvoering.softening.tokens import Token, fold

Language = Literal["nl", "en"]

_PART = 4
"""Letters of the shortest part of a compound."""
_COMMON_PART = 3.3
"""Zipf frequency from which a stretch of letters is taken to be a word of its own."""
_LINKS = ("", "s", "en", "e", "n")
"""What may stand between the parts of a Dutch compound."""
_RAREST = 2.5
_COMMONEST = 0.4
_UNKNOWN = 2.8
"""Zipf frequency of a word that is not among the thirty thousand commonest."""
_DIAERESIS = {"e": "ë", "i": "ï", "o": "ö", "u": "ü"}
_REACH = 14
"""Words before a particle in which its verb may stand."""
_PARTICLES = frozenset({
    "aan", "achter", "af", "bij", "binnen", "door", "in", "kwijt", "los", "mee", "na", "neer",
    "om", "onder", "op", "open", "over", "plaats", "rond", "stil", "stop", "tegen", "terug", "toe",
    "uit", "vast", "voor", "vrij", "weg", "dicht", "thuis", "samen", "leeg", "vol", "voort",
})  # fmt: skip
"""Words that close a Dutch clause and belong to its verb: 'sluit ... af' is 'afsluiten'."""
_CLAUSE = frozenset({"en", "maar", "omdat", "want", "of", "terwijl", "waardoor", "dat", "als"})
_ENGLISH = frozenset({
    "the", "of", "and", "to", "that", "is", "was", "were", "are", "they", "their", "for", "with",
    "not", "have", "has", "been", "by", "from", "who", "this", "it", "be",
})  # fmt: skip
_DUTCH = frozenset({
    "de", "het", "een", "van", "en", "dat", "niet", "zijn", "voor", "met", "er", "op", "die",
    "wordt", "worden", "hun", "bij", "aan", "om", "te", "geen", "door", "ze", "ook", "of", "is",
    "was",
})  # fmt: skip


def language_of(tokens: Sequence[Token]) -> Language:
    """By the commonest small words; Dutch when they do not tell."""
    words = [token.word for token in tokens]
    english = len([word for word in words if word in _ENGLISH])
    return "en" if english > len([word for word in words if word in _DUTCH]) else "nl"


@cache
def _frequencies(language: Language) -> dict[str, float]:
    """Read on first use, as everything of a language is: importing stays cheap."""
    from wordfreq import get_frequency_dict  # noqa: PLC0415 costs 200 ms

    return get_frequency_dict(language, "small")


@lru_cache(maxsize=65536)
def zipf(word: str, language: Language) -> float:
    """Tenth powers per thousand million words; 0 outside the thirty thousand commonest."""
    found = _frequencies(language).get(word)
    return round(log10(found) + 9, 2) if found else 0.0


@lru_cache(maxsize=65536)
def lemma(word: str, language: Language) -> str:
    """One form for all forms of a word; the word itself if unknown.

    The list leads 'trokken' to 'trekken', that to 'trek' and that to 'trekken' again: where it
    goes round the longest stands for all.
    """
    seen = [word]
    while (found := _listed(seen[-1], language)) != seen[-1]:
        if found in seen:
            return max(seen[seen.index(found) :], key=lambda form: (len(form), form))
        seen.append(found)
    return seen[-1]


@lru_cache(maxsize=65536)
def _listed(word: str, language: Language) -> str:
    """Without the mark of a separable verb; folded as the words of a text are."""
    from simplemma import is_known, lemmatize  # noqa: PLC0415 costs 140 ms

    if language == "nl" and not is_known(word, lang=language):
        word = next((w for w in _with_diaeresis(word) if is_known(w, lang=language)), word)
    return fold(lemmatize(word, lang=language).replace("_", "")) or word


def _with_diaeresis(word: str) -> Iterator[str]:
    """Texts are folded and people leave it out: 'beeindigd' is in the list as 'beëindigd'."""
    for at in range(1, len(word)):
        if word[at] in _DIAERESIS and word[at - 1] in "aeiou":
            yield word[:at] + _DIAERESIS[word[at]] + word[at + 1 :]


@lru_cache(maxsize=65536)
def rarity(word: str, language: Language) -> float:
    """(7 - Zipf) / 2 within bounds: rarer words say more (SOFTENING 2)."""
    known = zipf(word, language) or zipf(lemma(word, language), language) or _UNKNOWN
    return max(_COMMONEST, min(_RAREST, (7 - known) / 2))


@lru_cache(maxsize=65536)
def parts(word: str, language: Language) -> tuple[str, ...]:
    """The lemmas of the two parts of a Dutch compound; nothing for other words."""
    if language != "nl" or len(word) < 2 * _PART or not word.isalpha():
        return ()
    best, split = _COMMON_PART, ("", "")
    for at in range(_PART, len(word) - _PART + 1):
        right = zipf(word[at:], language)
        if right <= best:
            continue
        for link in _LINKS:
            head = word[: at - len(link)]
            if not word[:at].endswith(link) or len(head) < _PART:
                continue
            common = min(zipf(head, language), right)
            if common > best:
                best, split = common, (head, word[at:])
    return tuple(lemma(part, language) for part in split if part)


def lemmas(tokens: Sequence[Token], language: Language) -> tuple[str, ...]:
    """Of every token; a verb whose particle closes the clause gets it back."""
    found = [_listed(token.word, language) for token in tokens]
    if language == "nl":
        for at, token in enumerate(tokens):
            if token.word in _PARTICLES and _closes(tokens, at):
                _rejoin(tokens, found, at)
    return tuple(lemma(of, language) for of in found)


def _closes(tokens: Sequence[Token], at: int) -> bool:
    last = at + 1 == len(tokens) or tokens[at + 1].sentence != tokens[at].sentence
    return last or tokens[at + 1].word in _CLAUSE


def _rejoin(tokens: Sequence[Token], found: list[str], particle: int) -> None:
    for at in range(particle - 1, max(-1, particle - _REACH), -1):
        if tokens[at].sentence != tokens[particle].sentence:
            return
        joined = tokens[particle].word + found[at]
        if found[at].endswith("n") and found[at] != tokens[at].word and _is_a_verb(joined):
            found[at] = joined
            return


@lru_cache(maxsize=16384)
def _is_a_verb(word: str) -> bool:
    """Known as an infinitive, however rare: 'uitleggen', 'kwijtraken'."""
    from simplemma import is_known  # noqa: PLC0415 costs 140 ms

    return is_known(word, lang="nl")
