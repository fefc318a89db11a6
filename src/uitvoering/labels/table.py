"""The words a person reads for every code, in Dutch and English, from one table per language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Self, get_args

from uitvoering.domain.values import Code, Id, Name

LANGUAGES = ("nl", "en")

_PATTERNS: dict[str, str] = {
    get_args(kind)[1].pattern: key for kind, key in ((Name, "blank"), (Code, "code"), (Id, "id"))
}
"""A pattern of the domain is explained in words, not shown."""


class LabelMissingError(LookupError):
    """A code without a label is a defect of ours, never shown to a reader as a bare code."""

    def __init__(self, lang: str, kind: str, key: str) -> None:
        super().__init__(f"{lang}.toml has no [{kind}.{key}]; add it to both label tables")


@dataclass(frozen=True)
class Label:
    """What one code is called; `term` is also a problem's title and a text's own words."""

    term: str
    meaning: str = ""
    source: str = ""
    question: str = ""
    detail: str = ""

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Self:
        given = dict(row)
        term = given.pop("title", None) or given.pop("term")
        return cls(term=term, **given)


class Labels:
    """One language's table; every lookup that finds nothing raises."""

    def __init__(self, lang: str, table: Mapping[str, Any]) -> None:
        self.lang = lang
        self._labels: dict[str, dict[str, Label]] = {
            kind: dict(_flat(rows)) for kind, rows in table.items()
        }

    @staticmethod
    def load(lang: str) -> "Labels":
        """Read the table of a language, once; only the languages of LANGUAGES exist."""
        return _load(lang)

    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted(self._labels))

    def keys(self, kind: str) -> tuple[str, ...]:
        """Every key of a kind in order; a value's key is `<enum>.<value>`."""
        return tuple(sorted(self._labels.get(kind, {})))

    def has(self, kind: str, key: str) -> bool:
        return key in self._labels.get(kind, {})

    def label(self, kind: str, key: str) -> Label:
        try:
            return self._labels[kind][key]
        except KeyError:
            raise LabelMissingError(self.lang, kind, key) from None

    def term(self, kind: str, key: str) -> str:
        return self.label(kind, key).term

    def value(self, member: StrEnum) -> str:
        """Name a member of a closed list; a dimension has a table of its own."""
        name = enum_name(type(member))
        if name == "dimension":
            return self.term(name, member.value)
        return self.term("value", f"{name}.{member.value}")

    def problem(self, code: str, values: Mapping[str, object]) -> tuple[str, str]:
        """Title and detail of an error code, with the values filled in."""
        label = self.label("problem", code)
        given = dict(values)
        kind = str(given.get("kind", ""))
        if self.has("path", kind):  # a resource by its name for a reader, not by its path
            given["kind"] = self.term("path", kind)
        return label.term, label.detail.format_map(given)

    def text(self, key: str, **values: object) -> str:
        return self.term("text", key).format_map(values)

    def reason(self, kind: str, context: Mapping[str, object] | None = None) -> str:
        """Why an input was refused, for pydantic's error type and context.

        Our own validators raise `ValueError("<key>")`, which pydantic reports as `value_error`;
        types of pydantic that have no label of their own read as `other`.
        """
        given = dict(context or {})
        key = str(given.get("error", "")) if kind == "value_error" else kind
        if kind == "string_pattern_mismatch":
            key = _PATTERNS.get(str(given.get("pattern")), kind)
        if "expected" in given:  # pydantic joins the last two choices in English
            given["expected"] = str(given["expected"]).replace(" or ", f" {self.text('or')} ")
        if not self.has("reason", key):
            key = "other"
        return self.term("reason", key).format_map(given)


def enum_name(kind: type[StrEnum]) -> str:
    """Name the table of a closed list: `TestKind` is `test-kind`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


@cache
def _load(lang: str) -> Labels:
    if lang not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise LookupError(f"there are no labels in {lang!r}; choose one of {known}")
    source = files("uitvoering.labels").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return Labels(lang, tomllib.loads(source))


def _flat(rows: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Label]]:
    """Nested tables to dotted keys; a row is a table that holds a term or a title."""
    found: list[tuple[str, Label]] = []
    for name, row in rows.items():
        if isinstance(row.get("term", row.get("title")), str):
            found.append((prefix + name, Label.of(row)))
        else:
            found.extend(_flat(row, f"{prefix}{name}."))
    return found
