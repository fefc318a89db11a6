"""What of a pasted text is no writing, and where does the rest stand in the original?"""

import re
from dataclasses import dataclass
from html import unescape

_NOISE = re.compile(
    # What stands between <style> or <script> and its end is no text at all.
    r"<(?:style|script)\b[^<]{0,20000}(?=</(?:style|script))"
    r"|<!--[^<>]{0,2000}-->"
    r"|</?(?P<tag>[a-zA-Z][a-zA-Z0-9:]{0,15})(?:[\s/](?:[^<>\"']|\"[^\"<]{0,999}\"|'[^'<]{0,999}'){0,2000})?>"
    r"|&(?:[a-zA-Z]{2,8}[0-9]{0,2}|\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6});"
    # A word broken off at the end of a line, but not 'in- en uitstroom' on two lines.
    r"|[-\u2010\u00ad](?<=[^\W\d_].)[ \t]{0,8}\r?\n[ \t]{0,8}(?=[^\W\d_])(?!(?:en|of|and|or)\b)"
    # Shown as nothing: soft hyphens, zero-width characters, marks of direction, variants.
    r"|[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]+"
    # Read by a machine: the nought in a word and the letter O in a number.
    r"|0(?<=[a-z]0)(?=[a-z])|0(?<=[A-Z]{2}0)(?=[A-Z]{2})|0(?<![^\W_]0)(?=[a-z]{3})"
    r"|[0-9](?<![A-Za-z][0-9])O+(?![^\W\d_])"
)
_MAYBE = re.compile(
    r"[<&\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
    r"|[\ufe00-\ufe0f\ufeff]|[-\u2010]\s|0[A-Za-z]|[0-9]O"
)
"""Quick to ask, and never silent where the other would speak."""
_INLINE = frozenset({
    "a", "abbr", "b", "big", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "mark",
    "o:p", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u", "wbr",
})  # fmt: skip
"""Tags that may stand within a word; at all others a new line begins."""


@dataclass(frozen=True, slots=True)
class Plain:
    """The writing of a text; offsets in it lead back to the original."""

    text: str
    starts: tuple[int, ...] | None
    """Where each character begins in the original; None when nothing was taken out."""
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        return (self.starts[start], self.ends[end - 1]) if self.starts else (start, end)


def plain(text: str) -> Plain:
    """Most texts hold none of this and are left as they are."""
    if _MAYBE.search(text) is None:
        return Plain(text, None, ())
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    seen = 0
    for match in _NOISE.finditer(text):
        first, last = match.span()
        pieces.append(text[seen:first])
        starts.extend(range(seen, first))
        ends.extend(range(seen + 1, first + 1))
        said = _said(match)
        pieces.append(said)
        one_by_one = len(said) == last - first
        starts.extend(range(first, last) if one_by_one else [first] * len(said))
        ends.extend(range(first + 1, last + 1) if one_by_one else [last] * len(said))
        seen = last
    pieces.append(text[seen:])
    starts.extend(range(seen, len(text)))
    ends.extend(range(seen + 1, len(text) + 1))
    return Plain("".join(pieces), tuple(starts), tuple(ends))


def _said(match: re.Match[str]) -> str:
    """What a reader sees in its place."""
    noise = match.group()
    if (tag := match.group("tag")) is not None:
        return "" if tag.lower() in _INLINE else "\n"
    if noise[0] == "&":
        return unescape(noise)
    if noise[0] == "0":
        return "o"
    return noise.replace("O", "0") if noise[0].isdecimal() else ""
