"""How many comparisons a second on one core, with texts not met before and with texts known?

The baseline reads and writes the same lines and compares nothing.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

from benchmarks.judged_sets import Pair, to_learn_from
from benchmarks.measure import Effort, Line, Reach, best, rate
from uitvoering.softening.lines import Pair as ParsedPair
from uitvoering.softening.lines import answer, compared

PAIRS = 100
"""Few enough that the texts and requests of all are kept at once."""


def figures(effort: Effort) -> Iterator[Line]:
    pairs = [pair for row in to_learn_from() for pair in row.pairs if pair["restated"]["text"]]
    pairs = pairs[:: max(1, len(pairs) // PAIRS)][: effort.of(PAIRS, least=5)]
    lines = [json.dumps(pair) for pair in pairs]
    answers = [answer(line) for line in lines]
    turn = count(2)
    speeds = best(
        {
            "cold": lambda: _lines_a_second(_not_met_before(pairs, next(turn))),
            "warm": lambda: _warm(lines),
            "known": lambda: _known(lines),
            "json": lambda: _json_alone(lines, answers),
        },
        effort.rounds,
    )
    what = "reading and writing the JSON lines only"

    def line(name: str, speed: float, least: float | None) -> Line:
        reach = None if least is None else Reach(least, of_value=True)
        return Line(name, speed, "comparisons/s", what, speeds["json"], reach)

    yield line("compare, texts not met before", speeds["cold"], 300)
    yield line("compare, texts known", speeds["known"], 5000)
    yield line("compare, texts known, reading and writing the lines included", speeds["warm"], None)
    yield from _imports(effort)


def _not_met_before(pairs: Sequence[Pair], turn: int) -> list[str]:
    """The same texts with another stretch of white space, so that nothing kept is of use."""
    return [
        json.dumps(
            {
                **pair,
                **{
                    side: {**pair[side], "text": pair[side]["text"].replace(" ", " " * turn, 1)}
                    for side in ("original", "restated")
                },
            }
        )
        for pair in pairs
    ]


def _lines_a_second(lines: Sequence[str]) -> float:
    return rate(len(lines), lambda: [json.dumps(answer(line)) for line in lines])


def _warm(lines: Sequence[str]) -> float:
    _lines_a_second(lines)
    return _lines_a_second(lines)


def _known(lines: Sequence[str]) -> float:
    """The comparison by itself, as the trail asks for it."""
    parsed = [ParsedPair.model_validate_json(line) for line in lines]
    once: Callable[[], object] = lambda: [compared(pair) for pair in parsed]  # noqa: E731
    once()
    return rate(len(parsed), once)


def _json_alone(lines: Sequence[str], answers: Sequence[dict[str, Any]]) -> float:
    def through() -> None:
        for line, said in zip(lines, answers, strict=True):
            json.loads(line)
            json.dumps(said)

    return rate(len(lines), through)


def _imports(effort: Effort) -> Iterator[Line]:
    bare = _start("pass", effort.rounds)
    what = "the interpreter alone"
    package = _start("import uitvoering", effort.rounds) - bare
    yield Line(
        "import uitvoering", max(0.0, package), "ms", what, bare,
        Reach(300, at_most=True, of_value=True),
    )  # fmt: skip
    program = "from uitvoering.softening.lines import answer; answer('{}')"
    whole = _start(program, effort.rounds) - bare
    yield Line("import of the comparison", max(0.0, whole), "ms", what, bare)


def _start(program: str, rounds: int) -> float:
    """Milliseconds; the best of some, as another process can only make one slower."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        found.append(1000 * (time.perf_counter() - start))
    return min(found)
