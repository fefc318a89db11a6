"""How is a figure taken, judged and told? Every way in turns, the best of each, one line."""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Way = Callable[[], float]
"""One round of one way of doing the work: how much it did per second."""


@dataclass(frozen=True)
class Effort:
    """How long the benchmarks may take."""

    rounds: int = 5
    """Of each way; the best counts, as another process can only make a round slower."""
    share: float = 1.0
    """Of the work of a full run."""
    processes: int = 16
    callers: int = 64
    clients: int = 32

    def of(self, whole: int, least: int = 1) -> int:
        return max(least, int(whole * self.share))


QUICK = Effort(rounds=3, share=0.05)
"""Shows where a figure stands, not what it is."""


@dataclass(frozen=True)
class Reach:
    """What a figure is to come to."""

    bound: float
    at_most: bool = False
    of_value: bool = False
    """The value is judged, not its ratio to the baseline."""

    def __str__(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {self.bound:g}"


@dataclass(frozen=True)
class Line:
    """One figure beside its baseline from the same run."""

    name: str
    value: float
    unit: str
    baseline: str
    """What the baseline is."""
    baseline_value: float | None
    reach: Reach | None = None
    library: float | None = None
    """The same ratio for the event library's own path."""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline_value if self.baseline_value else None

    @property
    def reached(self) -> bool | None:
        judged = self.value if self.reach is not None and self.reach.of_value else self.ratio
        if self.reach is None or judged is None:
            return None
        # As it is shown: a figure that reads .70 has reached .70.
        shown = rounded(judged)
        return shown <= self.reach.bound if self.reach.at_most else shown >= self.reach.bound

    def told(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "baseline": {"what": self.baseline, "value": _maybe(self.baseline_value)},
            "ratio": _maybe(self.ratio),
            "reach": None if self.reach is None else str(self.reach),
            "library": _maybe(self.library),
            "reached": self.reached,
        }

    def print(self) -> None:
        sys.stdout.write(json.dumps(self.told()) + "\n")
        sys.stdout.flush()


def best(ways: Mapping[str, Way], rounds: int) -> dict[str, float]:
    """What each way did per second in its best round.

    The ways take turns, and another begins each round, so that a slow minute of the machine is
    shared by all.
    """
    # What earlier subjects left in memory is not looked through again in the midst of a round.
    gc.collect()
    gc.freeze()
    found = dict.fromkeys(ways, 0.0)
    names = list(ways)
    for turn in range(rounds):
        at = turn % len(names)
        for name in names[at:] + names[:at]:
            said(f"round {turn + 1} of {rounds}: {name}")
            found[name] = max(found[name], ways[name]())
    return found


class Stopwatch:
    """Seconds of the last `with` block."""

    seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds = time.perf_counter() - start


def rate(count: int, work: Callable[[], object]) -> float:
    """How many per second when this much is done once."""
    watch = Stopwatch()
    with watch.running():
        work()
    return count / watch.seconds


def said(what: str) -> None:
    """Where the run is: only for who is watching."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what}")
        sys.stderr.flush()


def rounded(value: float) -> float:
    """Two decimals below a hundred; speeds as whole numbers."""
    return round(value, 2) if abs(value) < 100 else float(round(value))  # noqa: PLR2004 as said


def _maybe(value: float | None) -> float | None:
    return None if value is None else rounded(value)


def markdown(lines: Iterable[Line]) -> str:
    """The tables for the documentation: what has a reach first, then what is told beside it."""
    given = list(lines)
    judged = [line for line in given if line.reach is not None]
    beside = [line for line in given if line.reach is None]
    tables = []
    if judged:
        head = "| figure | value | baseline | ratio | library | reach | |\n" + "|---" * 7 + "|\n"
        tables.append(head + "".join(_row(line) for line in judged))
    if beside:
        head = "| beside it | value | baseline | ratio | library |\n" + "|---" * 5 + "|\n"
        tables.append(head + "".join(_row(line) for line in beside))
    return "\n".join(tables)


def _row(line: Line) -> str:
    cells = [
        line.name,
        f"{_short(line.value)} {line.unit}",
        f"{line.baseline}: {_short(line.baseline_value)}",
        _short(line.ratio),
        _short(line.library),
    ]
    if line.reach is not None:
        judged = f"value {line.reach}" if line.reach.of_value else str(line.reach)
        cells += [judged, "reached" if line.reached else "**MISSED**"]
    return f"| {' | '.join(cells)} |\n"


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"  # noqa: PLR2004 as `rounded`
