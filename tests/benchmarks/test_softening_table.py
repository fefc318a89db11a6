"""Each figure of softening stands beside what is wanted, and a miss says so."""

from benchmarks.measure import Reach
from benchmarks.scores import Measured
from benchmarks.softening_table import SoftLine, softening_tables


def line(value: float, *, group: str = "dev_b", figure: str = "F1 of softened") -> SoftLine:
    return SoftLine(
        f"{group}: {figure}",
        value,
        "score",
        "call every pair softened",
        0.5,
        Reach(0.88, of_value=True),
        figure=figure,
        of=group,
        whole_group=True,
        pairs=110,
        measured=Measured(value, value - 0.1, value + 0.05, 110 if figure[0] == "F" else 40),
        same_author=Reach(0.93, of_value=True),
        other_authors=Reach(0.88, of_value=True),
    )


def test_a_figure_is_told_with_its_interval_and_both_targets() -> None:
    table = softening_tables([line(0.9), line(0.7, group="second set")])
    assert (
        "| F1 of softened | ≥ .93 | ≥ .88 | .90 (.80-.95) reached | .70 (.60-.75) **MISSED** |"
        in (table)
    )


def test_the_lowest_dimension_is_named_in_its_cell_and_pairs_that_bear_are_counted() -> None:
    table = softening_tables([line(0.9, figure="lowest dimension (action)")])
    assert "| lowest dimension | ≥ .93 | ≥ .88 | .90 (.80-.95) of 40 action reached |" in table


def test_a_line_tells_its_interval() -> None:
    told = line(0.9).told()
    assert told["interval"] == [0.8, 0.95]
    assert told["targets"] == ["≥ .93", "≥ .88"]
    assert told["reached"] is True
