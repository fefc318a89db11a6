"""Which words stand where in a text, folded for matching, each still pointing at the original?"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(
    r"\d{1,3}(?:[.,\u00a0]\d{3})+(?![\d])(?:,\d+)?|\d+(?:[.,]\d+)?"
    r"|[^\W\d_][\u0300-\u036f]*(?:[^\W\d_]|[\u0300-\u036f]|['\u2019](?=[^\W\d_]))*|[%€]"
)
_BREAK = re.compile(r"[.!?;:\u2022\n]")
_MARKUP = re.compile(r"<[^<>]{1,300}>")
_QUOTED = re.compile(
    "(?<!\\w)(?:\u2018([^\u2018\u2019\n]{2,300})\u2019|'(?![a-z]\\s)([^'\n]{2,300}(?:'\\w[^'\n]{0,300})?)'"
    '|["\u201c\u201e]([^"\u201c\u201d\u201e\n]{2,300})["\u201d\u201c])(?!\\w)'
)


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    """Lower case, without diacritics, one apostrophe."""
    start: int
    end: int
    sentence: int
    quoted: bool


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Lower case without diacritics: spelling that differs only so is the same word."""
    plain = unicodedata.normalize("NFD", word.replace("\u2019", "'")).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of what stands between quotation marks, without the marks."""
    return tuple(
        next(match.span(group) for group in (1, 2, 3) if match.group(group) is not None)
        for match in _QUOTED.finditer(text)
    )


def tokenise(text: str) -> tuple[Token, ...]:
    """Words and numbers in order; HTML tags are not words; one pass, so long texts stay cheap."""
    quoted = iter((*quotations(text), (len(text) + 1, len(text) + 1)))
    open_at, close_at = next(quoted)
    bare = _MARKUP.sub(lambda tag: " " * len(tag.group()), text)
    tokens: list[Token] = []
    sentence = seen = 0
    for match in _WORD.finditer(bare):
        start, end = match.span()
        if _BREAK.search(bare, seen, start):
            sentence += 1
        while start >= close_at:
            open_at, close_at = next(quoted)
        tokens.append(Token(fold(match.group()), start, end, sentence, start >= open_at))
        seen = end
    return tuple(tokens)
