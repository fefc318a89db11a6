"""Which words say the same in this field? Data, each entry with example and counter-example."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from uitvoering.softening.lemmas import Language, lemma
from uitvoering.softening.tokens import tokenise

_GAP = 3
"""Words that may stand between those of one expression: 'raken hun huis kwijt'."""
_LANGUAGES: tuple[Language, ...] = ("nl", "en")
_NONE: frozenset[str] = frozenset()


class Thesaurus:
    """Concepts by word, and by expressions of more words in any order close together."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.entries: dict[str, dict[str, Any]] = tomllib.loads(source.decode())
        self._words: dict[str, frozenset[str]] = {}
        self._expressions: dict[str, dict[tuple[tuple[str, ...], str], None]] = {}
        for name, entry in self.entries.items():
            for term in entry["terms"]:
                self._add(f"={name}", [token.word for token in tokenise(term)])

    def _add(self, concept: str, term: Sequence[str]) -> None:
        """As it stands and as each language would put it in a dictionary."""
        forms = [tuple(term), *(tuple(lemma(w, of) for w in term) for of in _LANGUAGES)]
        for form in forms:
            if len(form) == 1:
                self._words[form[0]] = self.concepts(form[0]) | {concept}
            else:
                self._expressions.setdefault(max(form, key=len), {})[form, concept] = None

    def concepts(self, of: str) -> frozenset[str]:
        return self._words.get(of, _NONE)

    def expressions(self, lemmas: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Concepts named by several words, with where they stand."""
        known, present = self._expressions, frozenset(lemmas)
        for at, one in enumerate(lemmas):
            if one not in known:
                continue
            for term, concept in known[one]:
                if not present.issuperset(term):
                    continue
                reach = len(term) + _GAP
                first = max(0, at - reach)
                around = lemmas[first : at + reach + 1]
                if all(part in around for part in term):
                    yield concept, tuple(first + around.index(part) for part in term)


@cache
def thesaurus() -> Thesaurus:
    """Read once, on first use: importing stays cheap."""
    return Thesaurus(files("uitvoering.softening").joinpath("thesaurus.toml").read_bytes())
