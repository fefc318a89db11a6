"""The words of a verification, in Dutch and English; they also stand where no labels are."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("nl", "en")
PACKAGE = "uitvoering.integrity.verify"
FILE = "texts.toml"
_CAUSE = "cause"
"""Of an error or a finding the value that says why; in the table, what its causes begin with."""
_FIELD = re.compile(r"\\\{(\w+)\\\}")
"""The place of a value, as it stands in a pattern."""
_LONGEST = 1_000
"""Signs of one value: a whole event is no name."""


def said(code: str, lang: str, values: Mapping[str, Any] | None = None) -> str:
    """One line: whatever the values hold, they neither end it nor steer a terminal."""
    return texts()[code][lang].format_map(
        {name: printable(value) for name, value in explained(values or {}, lang).items()}
    )


def explained(values: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The values of an error or a finding, with its cause in the language of the reader."""
    if _CAUSE not in values:
        return dict(values)
    return {**values, _CAUSE: _cause(str(values[_CAUSE]), lang)}


def _cause(cause: str, lang: str) -> str:
    """Raised in English, and by an operating system so told; one not in the table stays so."""
    for pattern, known in _causes():
        if found := pattern.fullmatch(cause[:_LONGEST]):
            return known[lang].format_map(explained(found.groupdict(), lang))
    return cause


def printable(value: object) -> str:
    """With every sign that is not to be seen written out: an escape as x1b after a backslash."""
    text = str(value)
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


@cache
def texts() -> dict[str, dict[str, str]]:
    """By code and language."""
    return tomllib.loads(files(PACKAGE).joinpath(FILE).read_text("utf-8"))


@cache
def _causes() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    """What a cause looks like in English, in the order of the table."""
    return [
        (re.compile(_FIELD.sub(r"(?P<\1>.+)", re.escape(known["en"])), re.DOTALL), known)
        for code, known in texts().items()
        if code.startswith(f"{_CAUSE}-")
    ]
