"""What a verification found: what holds, what does not, and what it could not check."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from uitvoering.integrity.verify.texts import printable, said

MOST_TOLD = 20
"""Findings of one kind; how many more there are is counted."""
_MOST_SHOWN = 5
"""The same, to be read by a person; the JSON has the rest."""
HOLDS_CODE, BROKEN_CODE = 0, 3
"""Exit codes."""


_EXACT = {"event", "position"}
"""What a finding about one event says; one about a fork says between which leaves it lies."""


_TOPICS = {
    "checkpoint": "brought",
    "checkpoints": "keys",
    "continues": "continued",
    "file": "files",
    "key": "keys",
    "keys": "handover",
    "kept": "kept",
    "note": "brought",
    "only": "part",
    "pack": "older",
    "part": "part",
    "policy": "policy",
    "quorum": "witnesses",
    "read": "models",
    "rotation": "keys",
    "signature": "brought",
    "stamp": "stamps",
    "stamps": "stamps",
    "stream": "part",
    "tail": "kept",
    "unproved": "unproved",
    "verifier": "verifier",
    "wordings": "wordings",
}
"""What a code that was not checked is about, by its first word: said in the verdict."""
_ALWAYS_UNCHECKED = "truth"
"""No verification can check it, so it lessens none."""


class Standing(StrEnum):
    HOLDS = "holds"
    BROKEN = "broken"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Finding:
    standing: Standing
    code: str
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    index: int | None = None
    """The leaf it is about, or the first of them."""

    def text(self, lang: str) -> str:
        return said(self.code, lang, self.values)

    def told(self, lang: str) -> dict[str, Any]:
        return {
            "code": self.code,
            "index": self.index,
            "text": self.text(lang),
            "values": {name: _plain(value) for name, value in self.values.items()},
        }


def holds(code: str, **values: Any) -> Finding:
    return Finding(Standing.HOLDS, code, values)


def broken(code: str, index: int | None = None, /, **values: Any) -> Finding:
    shown = values if index is None else {"index": index, **values}
    return Finding(Standing.BROKEN, code, shown, index)


def unchecked(code: str, **values: Any) -> Finding:
    return Finding(Standing.UNCHECKED, code, values)


@dataclass
class Report:
    """In the order in which a reader should hear it: each list as it was found."""

    folder: str
    origin: str = ""
    size: int | None = None
    root: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])
    _counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, *found: Finding) -> None:
        self.extend(found)

    def extend(self, found: Iterable[Finding], counts: dict[str, int] | None = None) -> None:
        """`counts` says how many there are of a code, where not all of them are given."""
        given = list(found)
        for finding in given:
            if finding not in self.findings:  # a file may be met, and be wrong, more than once
                self._count(finding.code, 1)
                if sum(other.code == finding.code for other in self.findings) < MOST_TOLD:
                    self.findings.append(finding)
        for code, count in (counts or {}).items():
            self._count(code, count - sum(finding.code == code for finding in given))

    def replace(self, old: Finding, new: Finding) -> None:
        """Told more exactly; those of the old code that are only counted go along."""
        self.findings[self.findings.index(old)] = new
        left = any(finding.code == old.code for finding in self.findings)
        moved = 1 if left else self._counts.pop(old.code)
        if left:
            self._counts[old.code] -= moved
        self._count(new.code, moved)

    def _count(self, code: str, more: int) -> None:
        self._counts[code] = self._counts.get(code, 0) + more

    def of(self, standing: Standing) -> list[Finding]:
        return [finding for finding in self.findings if finding.standing is standing]

    @property
    def is_broken(self) -> bool:
        return bool(self.of(Standing.BROKEN))

    @property
    def first(self) -> Finding | None:
        """The first event with which something is wrong; or else, where the first one may be."""
        placed = [found for found in self.of(Standing.BROKEN) if found.index is not None]
        exact = [found for found in placed if _EXACT & found.values.keys()]
        return min(exact or placed, key=lambda found: found.index or 0, default=None)

    @property
    def code(self) -> int:
        return BROKEN_CODE if self.is_broken else HOLDS_CODE

    @property
    def open_topics(self) -> list[str]:
        """What could not be checked, in a word each; the verdict does not reach there."""
        codes = [found.code for found in self.of(Standing.UNCHECKED)]
        topics = [_TOPICS[code.split("-")[0]] for code in codes if code != _ALWAYS_UNCHECKED]
        return list(dict.fromkeys(topics))

    @property
    def verdict(self) -> str:
        if self.is_broken:
            return "broken"
        return "holds-as-checked" if self.open_topics else "holds"

    def more(self) -> dict[str, int]:
        """By code, how many findings were counted and are not told one by one."""
        told: dict[str, int] = {}
        for finding in self.findings:
            told[finding.code] = told.get(finding.code, 0) + 1
        return {
            code: count - told.get(code, 0)
            for code, count in sorted(self._counts.items())
            if count > told.get(code, 0)
        }

    def told(self, lang: str) -> dict[str, Any]:
        """The report as one JSON document."""
        first = self.first
        return {
            "pack": self.folder,
            "origin": printable(self.origin),
            "size": self.size,
            "root": self.root,
            "verdict": self.verdict,
            "not_checked": self.open_topics,
            "first": None if first is None else first.told(lang),
            **{
                standing.value: [finding.told(lang) for finding in self.of(standing)]
                for standing in Standing
            },
            "more": self.more(),
        }

    def lines(self, lang: str) -> list[str]:
        """The report for a reader, without a colour or a sign that only some terminals have."""
        about = {"folder": self.folder, "origin": self.origin, "size": self.size}
        shown = [said("title", lang, about) if self.origin else said("title-unknown", lang, about)]
        more = self.more()
        for standing in (Standing.BROKEN, Standing.HOLDS, Standing.UNCHECKED):
            found = self.of(standing)
            if not found:
                continue
            shown += ["", said(f"{standing.value}-title", lang)]
            for code in dict.fromkeys(finding.code for finding in found):
                alike = [finding for finding in found if finding.code == code]
                shown += [f"  - {finding.text(lang)}" for finding in alike[:_MOST_SHOWN]]
                left = len(alike[_MOST_SHOWN:]) + more.get(code, 0)
                if left:
                    shown.append(said("more", lang, {"count": left}))
        first = self.first
        if first is not None:
            shown += ["", _place(first, lang)]
        topics = ", ".join(said(f"topic-{topic}", lang) for topic in self.open_topics)
        shown += ["", said(f"verdict-{self.verdict}", lang, {"topics": topics})]
        return shown


def _place(first: Finding, lang: str) -> str:
    """Of a fork only the leaves are known between which it lies."""
    last = first.values.get("last") if first.code.startswith("forked") else None
    told = {"index": first.index, "text": first.text(lang)}
    if last is None or last <= (first.index or 0):
        return said("first", lang, told)
    return said("first-among", lang, told | {"last": last})


def _plain(value: Any) -> Any:
    if isinstance(value, (int, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return printable(value)
