"""Which information of one text has no counterpart in the other?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from uitvoering.softening.tokens import Token

_SHARED = 5
"""Letters of a shared stem that count as the same word (SOFTENING 2)."""
_ENDINGS = (
    "heden", "ingen", "eerde", "eerd", "ende", "ing", "end", "ers", "ies", "ied",
    "en", "er", "es", "ed", "de", "te", "je", "e", "s", "t", "d", "n",
)  # fmt: skip
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Word:
    stem: str
    start: int
    end: int

    @property
    def weight(self) -> float:
        """Longer words are rarer and say more; a stand-in for frequency until there is a list."""
        return min(1.0, (len(self.stem) - 1) / 7)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Crude on purpose: a lost ending is worth less than a false alarm."""
    bare = word.removeprefix("ge") if len(word) > _SHORTEST + 3 else word
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST:
            bare = bare.removesuffix(ending)
            break
    if len(bare) > _SHORTEST and bare[-1] == bare[-2]:
        bare = bare[:-1]
    return bare.replace("aa", "a").replace("ee", "e").replace("oo", "o").replace("uu", "u")


def content(tokens: Sequence[Token], skip: frozenset[str]) -> tuple[Word, ...]:
    return tuple(
        Word(stem(token.word), token.start, token.end)
        for token in tokens
        if len(token.word) >= _SHORTEST and token.word not in skip and token.word[0].isalpha()
    )


class Pool:
    """The stems of one text, ready to be asked about many words."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._stems = {word.stem for word in words}
        self._starts = {stem[:_SHARED] for stem in self._stems if len(stem) >= _SHARED}
        self._joined = "|".join(sorted(self._stems))

    def holds(self, stem: str) -> bool:
        """The same stem, a shared beginning, or a part of a compound on either side."""
        if stem in self._stems or (len(stem) >= _SHARED and stem[:_SHARED] in self._starts):
            return True
        if len(stem) >= _SHARED and stem in self._joined:
            return True
        return any(stem[at:] in self._stems for at in range(3, len(stem) - _SHORTEST + 1))
