"""Which words stand where in a text, folded for matching, each still pointing at the original?"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from uitvoering.softening.plain import plain

_MARK = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u20d0-\u20ff"
_APOSTROPHES = "'\u2019\u02bc\u00b4`"
_WORD = re.compile(
    "\\d{1,3}(?:[.,\u00a0\u202f]\\d{3}){1,9}(?!\\d)(?:,\\d+)?|\\d+(?:[.,]\\d+)?"
    f"|[^\\W\\d_][{_MARK}]*(?:[^\\W\\d_]|[{_MARK}]|[{_APOSTROPHES}](?=[^\\W\\d_]))*|[%€]"
)
_BREAK = re.compile("[.!?;:\u2022\u2023\u25aa\u25cf\u25e6\n\r\x0b\x0c\x85\u2028\u2029]")
_QUOTED = re.compile(
    "(?<!\\w)(?:[\u2018\u201a\u201b]((?:[^\u2018\u2019\u201a\n]|\u2019(?=\\w)){2,300})\u2019"
    "|'(?![a-zA-Z]\\s)([^'\n]{2,300}(?:'\\w[^'\n]{0,300})?)'"
    '|["\u201c-\u201f\u2033]([^"\u201c-\u201f\u2033\n]{2,300})["\u201c\u201d\u2033]'
    "|\u00ab([^\u00ab\u00bb\n]{2,300})\u00bb|\u2039([^\u2039\u203a\n]{2,300})\u203a)(?!\\w)"
)
_ONE_SIGN = str.maketrans({"\u00a0": ".", "\u202f": "."} | dict.fromkeys(_APOSTROPHES, "'"))
_LONGEST = 64
"""Letters looked at of a word: longer ones are addresses, codes or a stuck key."""


class Token(NamedTuple):
    word: str
    """Lower case, without diacritics, one apostrophe."""
    start: int
    end: int
    sentence: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Scan:
    tokens: tuple[Token, ...]
    quotations: tuple[tuple[str, int, int], ...]
    """What stands between quotation marks, without the marks: its folded words, start and end."""


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower case without diacritics: spelling that differs only so is the same word."""
    return _fold(word)


def _fold(word: str) -> str:
    """Of any length: long words are not kept, so that memory stays flat."""
    if word.isascii():
        return word.lower().replace("`", "'")
    letters = word.translate(_ONE_SIGN)
    # Ligatures and wide letters are those letters; a raised 2 behind a word stays what it is.
    wide = unicodedata.normalize("NFKD" if word.isalpha() else "NFD", letters).casefold()
    return "".join(c for c in wide if not unicodedata.combining(c))


def tokenise(text: str) -> tuple[Token, ...]:
    """Words and numbers in order; what is no writing is left out."""
    return scan(text).tokens


def scan(text: str) -> Scan:
    """One pass, so that long texts stay cheap."""
    bare = plain(text)
    written = bare.text
    quoted = [match.span(match.lastindex or 0) for match in _QUOTED.finditer(written)]
    beyond = len(written) + 1
    ahead = iter((*quoted, (beyond, beyond)))
    open_at, close_at = next(ahead)
    tokens: list[Token] = []
    sentence = seen = 0
    for match in _WORD.finditer(written):
        start, end = match.span()
        gap = written[seen:start]
        if gap != " " and _BREAK.search(gap):
            sentence += 1
        while start >= close_at:
            open_at, close_at = next(ahead)
        piece = match.group()
        word = fold(piece) if end - start <= _LONGEST else _fold(piece)[:_LONGEST]
        tokens.append(Token(word, start, end, sentence, start >= open_at))
        seen = end
    passages = _passages(tokens, quoted)
    if bare.starts is None:
        return Scan(tuple(tokens), passages)
    at = bare.original
    return Scan(
        tuple(Token(t.word, *at(t.start, t.end), t.sentence, t.quoted) for t in tokens),
        tuple((said, *at(start, end)) for said, start, end in passages),
    )


def _passages(
    tokens: list[Token], quoted: list[tuple[int, int]]
) -> tuple[tuple[str, int, int], ...]:
    if not quoted:
        return ()
    starts = [token.start for token in tokens]
    return tuple(
        (" ".join(t.word for t in tokens[bisect_left(starts, a) : bisect_left(starts, b)]), a, b)
        for a, b in quoted
    )
