"""How are the figures of softening told: by group beside what is wanted, then set by set?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.judged_sets import Group
from benchmarks.measure import Line, Reach, rounded
from benchmarks.scores import Measured

_LOWEST = "lowest dimension"
_COLUMNS = (Group.DEV_HELD, Group.DEV_B, Group.SECOND, Group.PUBLIC, Group.LEARN)


@dataclass(frozen=True)
class SoftLine(Line):
    """A score with its interval and what is wanted of it."""

    figure: str = field(kw_only=True)
    of: str = field(kw_only=True)
    """The group or the set."""
    whole_group: bool = field(kw_only=True)
    pairs: int = field(kw_only=True)
    measured: Measured = field(kw_only=True)
    same_author: Reach | None = field(kw_only=True)
    other_authors: Reach | None = field(kw_only=True)

    def told(self) -> dict[str, Any]:
        return super().told() | {
            "interval": [rounded(self.measured.low), rounded(self.measured.high)],
            "bearing": self.measured.bearing,
            "pairs": self.pairs,
            "targets": [_wanted(self.same_author), _wanted(self.other_authors)],
        }

    @property
    def row(self) -> str:
        """Under which it stands: which dimension is lowest differs from group to group."""
        return _LOWEST if self.figure.startswith(_LOWEST) else self.figure

    def cell(self) -> str:
        found = self.measured
        detail = self.figure.removeprefix(self.row).strip(" ()")
        cell = f"{short(found.value)} ({short(found.low)}-{short(found.high)})"
        if found.bearing < self.pairs:
            cell += f" of {found.bearing}"
        if detail:
            cell += f" {detail}"
        if self.reached is None:
            return cell
        return f"{cell} {'reached' if self.reached else '**MISSED**'}"


def softening_tables(lines: Iterable[SoftLine]) -> str:
    given = list(lines)
    groups = [line for line in given if line.whole_group]
    sets = [line for line in given if not line.whole_group]
    return f"{_by_group(groups)}\n{_by_set(sets)}" if given else ""


def _by_group(lines: Sequence[SoftLine]) -> str:
    found = {(line.row, line.of): line for line in lines}
    sizes = {line.of: line.pairs for line in lines}
    columns = [group.value for group in _COLUMNS if group.value in sizes]
    names = [f"{name} ({sizes[name]})" for name in columns]
    rows = [["", "same author", "other authors", *names]]
    for row in dict.fromkeys(line.row for line in lines):
        one = next(line for line in lines if line.row == row)
        cells = [found[row, name].cell() if (row, name) in found else "" for name in columns]
        rows.append([row, _wanted(one.same_author), _wanted(one.other_authors), *cells])
    return _table(rows)


def _by_set(lines: Sequence[SoftLine]) -> str:
    names = list(dict.fromkeys(line.row for line in lines))
    found = {(line.of, line.row): line for line in lines}
    rows = [["set", "pairs", *names]]
    for name, pairs in {line.of: line.pairs for line in lines}.items():
        cells = [found[name, row].cell() if (name, row) in found else "" for row in names]
        rows.append([name, str(pairs), *cells])
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def short(value: float) -> str:
    """Two decimals, without the zero before the point."""
    return f"{value:.2f}".removeprefix("0")


def _wanted(reach: Reach | None) -> str:
    return "" if reach is None else f"{'≤' if reach.at_most else '≥'} {short(reach.bound)}"
