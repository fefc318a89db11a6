"""Which judged pairs are there, and which of them may be learnt from?

The first half of the domains of `softening_dev` and all of `learn` may be seen. What is held out
is judged by the program alone: nobody reads those pairs while the method is being made.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from uitvoering.softening.facets import Dimension
from uitvoering.softening.lines import answer

DATA = Path(__file__).parent.parent / "tests" / "softening" / "data"
Pair = dict[str, Any]
"""The input of `uitvoering compare`, with `domain` and `gold`."""
Answer = dict[str, Any]
Judged = tuple[Pair, Answer]
"""A pair and what the method says of it."""
REFUSED: Answer = {
    "overall": "unchanged",
    "dimensions": {dimension.value: {"result": "unchanged"} for dimension in Dimension},
}
"""A pair without a text is refused; for the score that is a softening not found."""


class Group(StrEnum):
    LEARN = "learn"
    DEV_HELD = "dev, held half"
    DEV_B = "dev_b"
    SECOND = "second set"
    PUBLIC = "public, held"


@dataclass(frozen=True)
class JudgedSet:
    """Pairs by one author, or from public documents."""

    name: str
    group: Group
    pairs: tuple[Pair, ...]


def judged_sets() -> tuple[JudgedSet, ...]:
    """Those to learn from first."""
    seen, held = halves(read_pairs(DATA / "softening_dev.jsonl"))
    held_files = sorted((DATA / "held").glob("*.jsonl"))
    return (
        JudgedSet("dev, learn half", Group.LEARN, seen),
        *(
            JudgedSet(path.stem, Group.LEARN, read_pairs(path))
            for path in sorted((DATA / "learn").glob("*.jsonl"))
        ),
        JudgedSet("dev, held half", Group.DEV_HELD, held),
        JudgedSet("dev_b", Group.DEV_B, read_pairs(DATA / "softening_dev_b.jsonl")),
        *(JudgedSet(path.stem, _held_group(path), read_pairs(path)) for path in held_files),
    )


def to_learn_from() -> tuple[JudgedSet, ...]:
    return tuple(row for row in judged_sets() if row.group is Group.LEARN)


def halves(pairs: Sequence[Pair]) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Split by domain, so that no half knows the matters of the other."""
    domains = sorted({pair["domain"] for pair in pairs}, key=str.casefold)
    first = set(domains[: (len(domains) + 1) // 2])
    return (
        tuple(pair for pair in pairs if pair["domain"] in first),
        tuple(pair for pair in pairs if pair["domain"] not in first),
    )


def read_pairs(path: Path) -> tuple[Pair, ...]:
    return tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def judged(pairs: Iterable[Pair]) -> list[Judged]:
    return [(pair, answered(pair)) for pair in pairs]


def answered(pair: Pair) -> Answer:
    said = answer(json.dumps(pair))
    return said if "error" not in said else REFUSED


def _held_group(path: Path) -> Group:
    return Group.PUBLIC if path.stem.startswith("public") else Group.SECOND
