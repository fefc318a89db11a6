"""How well does the comparison find softening on the two development sets?

One JSON line per figure. `mixed` and `missing` count as softened, and a pair the set calls
reassessed is neither softened nor faithful. The baseline flags every pair.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Line
from uitvoering.softening.facets import Dimension
from uitvoering.softening.lines import answer

_DATA = Path(__file__).parent.parent / "tests" / "softening" / "data"
_LOSS = {"softened", "missing", "mixed"}
_REFUSED: dict[str, Any] = {
    "overall": "unchanged",
    "dimensions": {dimension.value: {"result": "unchanged"} for dimension in Dimension},
}
"""A pair without a text is refused; for the score that is a softening not found."""
Judged = tuple[dict[str, Any], dict[str, Any]]


def judged(path: Path) -> list[Judged]:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [(json.loads(line), answer(line)) for line in lines]
    return [(pair, said if "error" not in said else _REFUSED) for pair, said in rows]


def f1(rows: Iterable[tuple[bool, bool]]) -> float:
    """Of (is, said): the harmonic mean of precision and recall."""
    pairs = list(rows)
    hit = sum(1 for is_, said in pairs if is_ and said)
    wrong = sum(1 for is_, said in pairs if is_ != said)
    return 2 * hit / (2 * hit + wrong) if hit else 0.0


def same_fields(pair: dict[str, Any]) -> bool:
    """Pairs in which only words can have changed."""
    one, other = pair["original"], pair["restated"]
    return all(one.get(k) == other.get(k) for k in {*one, *other} - {"text", "requested_action"})


def overall_f1(rows: Iterable[Judged], keep: Callable[[dict[str, Any]], bool]) -> float:
    return f1(
        (pair["gold"]["overall"] in _LOSS, said["overall"] in _LOSS)
        for pair, said in rows
        if keep(pair)
    )


def dimension_f1(rows: Iterable[Judged], dimension: str, results: set[str]) -> float:
    return f1(
        (
            pair["gold"]["dimensions"].get(dimension, "unchanged") in results,
            said["dimensions"][dimension]["result"] in results,
        )
        for pair, said in rows
    )


def share(rows: Iterable[Judged], gold: str, said_in: set[str]) -> float:
    said = [
        answer["overall"] in said_in for pair, answer in rows if pair["gold"]["overall"] == gold
    ]
    return sum(said) / len(said)


def figures() -> Iterator[Line]:
    """Every figure of each set beside that of flagging every pair."""
    for path in sorted(_DATA.glob("*.jsonl")):
        for name, value, baseline in _scores(path.stem, judged(path)):
            yield Line(name, value, "score", "flag every pair", baseline)


def _scores(name: str, rows: list[Judged]) -> Iterator[tuple[str, float, float]]:
    """Name, value, and the value of flagging every pair."""
    softened = [pair["gold"]["overall"] in _LOSS for pair, _ in rows]
    yield (
        f"{name}: F1 softened",
        overall_f1(rows, lambda _: True),
        f1((is_, True) for is_ in softened),
    )
    text = [pair["gold"]["overall"] in _LOSS for pair, _ in rows if same_fields(pair)]
    yield (
        f"{name}: F1 softened, text only",
        overall_f1(rows, same_fields),
        f1((is_, True) for is_ in text),
    )
    yield f"{name}: false alarms on faithful", share(rows, "unchanged", _LOSS), 1.0
    yield f"{name}: faithful called sharpened", share(rows, "unchanged", {"sharpened"}), 0.0
    for dimension in ("wording", "omission", "scope", "action"):
        yield f"{name}: F1 {dimension} softened", dimension_f1(rows, dimension, _LOSS), 0.0
    yield f"{name}: F1 wording sharpened", dimension_f1(rows, "wording", {"sharpened"}), 0.0
