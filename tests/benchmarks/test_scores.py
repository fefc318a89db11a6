"""The figures of softening, on rows a person can count."""

from collections import Counter
from typing import Any

import pytest

from benchmarks import scores
from benchmarks.judged_sets import REFUSED, Judged
from benchmarks.scores import measured
from uitvoering.softening.facets import Dimension

TEXT = {"text": "Van 300 huurders is de toeslag stopgezet."}


def row(judged: str, said: str, **more: Any) -> Judged:
    """A pair that is judged so, and what was said of it; dimensions as wording=(is, said)."""
    dimensions = {name: pair for name, pair in more.items() if name in set(Dimension)}
    pair = {
        "original": TEXT,
        "restated": {**TEXT, **more.get("restated", {})},
        "reason_code": more.get("reason_code"),
        "gold": {"overall": judged, "dimensions": {n: is_ for n, (is_, _) in dimensions.items()}},
    }
    answer = {
        "overall": said,
        "dimensions": REFUSED["dimensions"]
        | {n: {"result": s} for n, (_, s) in dimensions.items()},
    }
    return pair, answer


FOUR = [
    row("softened", "softened"),
    row("softened", "unchanged"),
    row("unchanged", "mixed"),
    row("unchanged", "sharpened"),
]
"""One found, one missed, one false alarm, one called something else."""


def of(figure: scores.Of, score: scores.Score, rows: list[Judged]) -> float | None:
    return score(Counter(figure(one) for one in rows))


def test_given_one_found_one_missed_and_one_false_alarm_then_f1_is_a_half() -> None:
    assert of(scores.softening, scores.f1, FOUR) == 0.5
    assert of(scores.softening, scores.precision, FOUR) == 0.5
    assert of(scores.softening, scores.recall, FOUR) == 0.5


def test_given_two_faithful_pairs_then_false_alarms_are_told_apart_from_other_changes() -> None:
    assert of(scores.false_alarm, scores.share, FOUR) == 0.5
    assert of(scores.not_left_alone, scores.share, FOUR) == 1.0


def test_a_pair_judged_reassessed_is_a_false_alarm_of_softened_and_not_faithful() -> None:
    rows = [row("reassessed", "softened", reason_code="new-facts"), row("softened", "softened")]
    assert of(scores.softening, scores.precision, rows) == 0.5
    assert of(scores.false_alarm, scores.share, rows) is None
    assert of(scores.reassessment_recognised, scores.share, rows) == 0.0


def test_a_reason_is_accepted_when_a_softening_with_a_reason_is_called_reassessed() -> None:
    rows = [
        row("softened", "reassessed", reason_code="new-facts"),
        row("softened", "softened", reason_code="new-facts"),
        row("softened", "softened"),
        row("reassessed", "reassessed", reason_code="new-facts"),
    ]
    assert of(scores.hollow_accepted, scores.share, rows) == 0.5
    assert of(scores.reassessment_recognised, scores.share, rows) == 1.0


@pytest.mark.parametrize(
    ("restated", "bears"),
    [
        ({"text": "Anders."}, True),
        ({"requested_action": "Bezie dit."}, True),
        ({"light": "green"}, False),
    ],
)
def test_text_only_leaves_out_pairs_in_which_a_field_moved(
    *, restated: dict[str, str], bears: bool
) -> None:
    found = scores.softening_in_text(row("softened", "softened", restated=restated))
    assert (found is not None) is bears


def test_macro_f1_is_the_mean_over_the_classes_that_are_judged_or_said() -> None:
    # softened: 1 hit, 1 miss; unchanged: 2 hits, 1 false alarm; nobody speaks of sharpened
    counts = Counter(
        {("softened", "softened"): 1, ("softened", "unchanged"): 1, ("unchanged", "unchanged"): 2}
    )
    assert scores.macro_f1(counts) == pytest.approx((2 / 3 + 4 / 5) / 2)
    counts["unchanged", "sharpened"] = 1
    assert scores.macro_f1(counts) == pytest.approx((2 / 3 + 4 / 6 + 0) / 3)


def test_missing_counts_as_softened_in_a_dimension() -> None:
    rows = [row("softened", "softened", action=("softened", "missing"))] * 5
    dimensions = scores.moved_dimensions(rows)
    assert dimensions == (Dimension.ACTION,)
    assert of(scores.by_dimension(dimensions), scores.mean_over_dimensions, rows) == 1.0


def test_a_dimension_that_moved_in_four_pairs_is_not_scored() -> None:
    four = [row("softened", "softened", wording=("softened", "softened"))] * 4
    assert scores.moved_dimensions(four) == ()
    assert of(scores.by_dimension(()), scores.mean_over_dimensions, four) is None


def test_the_lowest_dimension_is_no_mean() -> None:
    rows = [
        *[row("softened", "softened", wording=("softened", "softened"))] * 5,
        *[row("softened", "unchanged", omission=("softened", "unchanged"))] * 5,
    ]
    figure = scores.by_dimension(scores.moved_dimensions(rows))
    assert of(figure, scores.mean_over_dimensions, rows) == pytest.approx((1 + 1 / 3) / 2)
    assert of(figure, scores.lowest_dimension, rows) == pytest.approx(1 / 3)


def test_an_interval_holds_the_value_and_is_the_same_every_time() -> None:
    shown = [True] * 30 + [False] * 10 + [None] * 60
    found = measured(scores.share, shown, draws=300)
    assert found == measured(scores.share, shown, draws=300)
    assert found is not None
    assert found.value == 0.75
    assert found.bearing == 40
    assert 0.55 < found.low < 0.75 < found.high < 0.92


def test_more_pairs_make_a_narrower_interval() -> None:
    few = measured(scores.share, [True, False] * 10, draws=300)
    many = measured(scores.share, [True, False] * 200, draws=300)
    assert few is not None
    assert many is not None
    assert many.high - many.low < (few.high - few.low) / 2


def test_a_figure_on_which_no_pair_bears_has_no_value() -> None:
    assert measured(scores.share, [None, None], draws=10) is None
