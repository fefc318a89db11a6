"""The words of a verification, in Dutch and English; they also stand where no labels are."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("nl", "en")
FILE = "verify_texts.toml"


def said(code: str, lang: str, values: Mapping[str, Any] | None = None) -> str:
    return texts()[code][lang].format_map(dict(values or {}))


@cache
def texts() -> dict[str, dict[str, str]]:
    """By code and language."""
    return tomllib.loads(files("uitvoering.integrity").joinpath(FILE).read_text("utf-8"))
