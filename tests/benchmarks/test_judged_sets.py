"""What is held out shares nothing with what may be learnt from, and every pair can be compared."""

import pytest
from pydantic import ValidationError

from benchmarks.judged_sets import Group, JudgedSet, halves, judged_sets, to_learn_from
from uitvoering.softening.lines import Pair

SETS = judged_sets()
RESULTS = {"softened", "unchanged", "sharpened", "missing"}


def _texts(sets: tuple[JudgedSet, ...]) -> set[str]:
    return {p[side]["text"] for s in sets for p in s.pairs for side in ("original", "restated")}


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
def test_every_pair_is_input_of_compare_and_is_judged(one: JudgedSet) -> None:
    # Only ids are told: what is held out is not read, also not when a test fails.
    refused = [pair["id"] for pair in one.pairs if pair["restated"]["text"] and not _valid(pair)]
    unjudged = [p["id"] for p in one.pairs if not set(p["gold"]["dimensions"].values()) <= RESULTS]
    assert (refused, unjudged) == ([], [])
    assert len({pair["id"] for pair in one.pairs}) == len(one.pairs)


def _valid(pair: dict[str, object]) -> bool:
    try:
        Pair.model_validate(pair)
    except ValidationError:
        return False
    return True


def test_no_text_that_is_held_out_may_be_learnt_from() -> None:
    held = tuple(one for one in SETS if one.group is not Group.LEARN)
    shared = len((_texts(held) & _texts(to_learn_from())) - {""})
    assert shared == 0


def test_every_pair_from_a_public_document_names_its_sources() -> None:
    unsourced = [
        pair["id"]
        for one in SETS
        if one.name.startswith("public")
        for pair in one.pairs
        if not (pair["gold"].get("source_before") and pair["gold"].get("source_after"))
    ]
    assert unsourced == []


def test_halves_are_split_by_domain_in_the_order_of_the_alphabet() -> None:
    pairs = [{"domain": name} for name in ("Zorg", "bijstand", "UWV", "bijstand", "CBR")]
    seen, held = halves(pairs)
    assert {pair["domain"] for pair in seen} == {"bijstand", "CBR"}
    assert {pair["domain"] for pair in held} == {"UWV", "Zorg"}
    assert len(seen) == 3
