"""The words of a verification, in Dutch and English; they also stand where no labels are."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("nl", "en")
PACKAGE = "uitvoering.integrity.verify"
FILE = "texts.toml"
_LONGEST = 1_000
"""Signs of one value: a whole event is no name."""


def said(code: str, lang: str, values: Mapping[str, Any] | None = None) -> str:
    """One line: whatever the values hold, they neither end it nor steer a terminal."""
    return texts()[code][lang].format_map(
        {name: printable(value) for name, value in (values or {}).items()}
    )


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
