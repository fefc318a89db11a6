"""Every benchmark runs, at a size that says nothing of speed, and tells lines of one shape."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from benchmarks.__main__ import SUBJECTS
from benchmarks.measure import Effort, Line, Reach, best, markdown
from benchmarks.place import Place, context, place
from tests import postgres

TINY = Effort(rounds=1, share=0.0005, processes=2, callers=3, clients=2)
SHAPE = {"name", "value", "unit", "baseline", "ratio", "reach", "library", "reached"}
SLOW = {"filing", "writers"}
"""They start processes of their own."""


@pytest.fixture(scope="module")
def here(postgres_server: postgres.Server) -> Iterator[Place]:
    with place(TINY) as found:
        found.server = postgres_server  # of the tests: nobody looks at how fast it is
        yield found


@pytest.mark.parametrize(
    "subject",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in SUBJECTS],
)
def test_every_subject_tells_its_figures_beside_a_baseline(
    here: Place, subject: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = list(SUBJECTS[subject](here))
    for line in lines:
        line.print()
    told = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert len({row["name"] for row in told}) == len(lines) > 0
    for row in told:
        assert set(row) >= SHAPE
        assert set(row["baseline"]) == {"what", "value"}
        assert row["value"] >= 0
        assert (row["reach"] is None) == (row["reached"] is None)


def test_the_machine_is_told_without_its_name_or_a_date(here: Place) -> None:
    assert "SQLite" in context(here)
    assert "PostgreSQL" in context(here)
    assert "fdatasync/s" in context(here)


@pytest.mark.parametrize(
    ("reach", "value", "baseline", "reached"),
    [
        (Reach(0.7), 70.0, 100.0, True),
        (Reach(0.7), 69.0, 100.0, False),
        (Reach(1.5, at_most=True), 160.0, 100.0, False),
        (Reach(1.5, at_most=True), 90.0, 100.0, True),
        (Reach(64, at_most=True, of_value=True), 65.0, 60.0, False),
        (Reach(64, at_most=True, of_value=True), 63.0, 10.0, True),
        (None, 1.0, 2.0, None),
        (Reach(0.7), 1.0, None, None),
    ],
)
def test_a_line_says_whether_it_was_reached(
    *, reach: Reach | None, value: float, baseline: float | None, reached: bool | None
) -> None:
    assert Line("a", value, "facts/s", "b", baseline, reach).reached is reached


def test_a_miss_is_said_and_is_no_error() -> None:
    table = markdown([Line("slow", 1.0, "facts/s", "raw", 2.0, Reach(0.7), 0.25)])
    assert "| slow | 1.00 facts/s | raw: 2.00 | 0.50 | 0.25 | at least 0.7 | **MISSED** |" in table


def test_ways_take_turns_and_the_best_round_counts() -> None:
    turns: list[str] = []
    speeds = {"ours": iter([1.0, 3.0, 2.0]), "raw": iter([5.0, 4.0, 6.0])}

    def one_round(name: str) -> float:
        turns.append(name)
        return next(speeds[name])

    found = best({name: partial(one_round, name) for name in speeds}, rounds=3)
    assert found == {"ours": 3, "raw": 6}
    assert turns == ["ours", "raw", "raw", "ours", "ours", "raw"]
