"""A hedge is put where a writer would put it, and counted only where nothing was flagged before."""

import pytest

from benchmarks.judged_sets import Judged
from benchmarks.one_hedge import HEDGES, hedged, in_restatement, in_same_words

FAITHFUL = "De toeslag van 300 huurders is stopgezet door een fout van ons kantoor."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De toeslag is stopgezet.", "De toeslag is mogelijk stopgezet."),
        ("Daardoor zijn zij ontruimd.", "Daardoor zijn zij mogelijk ontruimd."),
        ("41 tenants were evicted.", "41 tenants were mogelijk evicted."),
        ("Twaalf gezinnen wachten.", "Mogelijk twaalf gezinnen wachten."),
        ("UWV betaalt niet.", "Mogelijk UWV betaalt niet."),
    ],
)
def test_a_hedge_stands_behind_the_finite_verb_or_in_front(text: str, expected: str) -> None:
    assert hedged(text, "mogelijk") == expected


def test_there_are_ten_of_each_language() -> None:
    assert {lang: len(set(words)) for lang, words in HEDGES.items()} == {"nl": 10, "en": 10}


def _row(judged: str, said: str) -> Judged:
    pair = {
        "id": "1",
        "lang": "nl",
        "original": {"text": FAITHFUL},
        "original_on": "2026-01-15",
        "restated": {"text": FAITHFUL},
        "restated_on": "2026-03-05",
        "gold": {"overall": judged, "dimensions": {}},
    }
    return pair, {"overall": said}


def test_given_a_faithful_text_then_an_added_hedge_is_seen() -> None:
    assert in_restatement(_row("unchanged", "unchanged"), [0]) == 1.0
    assert in_same_words(_row("unchanged", "unchanged"), [0]) == 1.0


@pytest.mark.parametrize(("judged", "said"), [("softened", "softened"), ("unchanged", "mixed")])
def test_given_what_is_flagged_or_softened_already_then_a_hedge_shows_nothing(
    judged: str, said: str
) -> None:
    assert in_restatement(_row(judged, said), [0]) is None
