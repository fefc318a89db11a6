"""Invented cases of every kind: what they expect was written before they were run."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.cases.checker import CHECKS, holds
from tests.cases.stores import loaded, seen
from uitvoering.cases.case import Kind, read_case
from uitvoering.cases.loading import Loading

FILES = {file.stem: file for file in sorted((Path(__file__).parent / "data").glob("*.json"))}
TOLD: dict[str, dict[str, Any]] = {
    name: json.loads(file.read_text(encoding="utf-8")) for name, file in FILES.items()
}
EXPECTED = [
    pytest.param(name, expectation, id=f"{name}-{n}-{expectation['check']}")
    for name, told in TOLD.items()
    for n, expectation in enumerate(told["expected"])
]


@pytest.fixture(scope="module")
def loadings() -> Iterator[dict[str, Loading]]:
    with ExitStack() as stores:
        yield {
            name: stores.enter_context(loaded(read_case(str(file)))) for name, file in FILES.items()
        }


@pytest.mark.parametrize(("name", "expectation"), EXPECTED)
def test_every_expectation_holds(
    loadings: dict[str, Loading], name: str, expectation: dict[str, Any]
) -> None:
    loading = loadings[name]
    match expectation["check"]:
        case "as-of":
            found = seen(loading, expectation["clock"], expectation["on"])["visible"]
            assert found == expectation["facts"]
        case "reply-shown":
            n = expectation["fact"]
            told = next(fact for fact in TOLD[name]["facts"] if fact["n"] == n)
            facts = loading.app.store.facts(loading.streams.of[n])
            event = next(e for e in facts if e.event_id == loading.streams.event_of[n])
            assert event.reply is not None
            assert event.reply.text == told["reply"]["text"]
        case "never-asserted":
            assert expectation["text"] not in json.dumps(seen(loading), ensure_ascii=False)
        case _:
            instead = holds(expectation, seen(loading), TOLD[name])
            assert instead is None, f"{expectation} but seen: {instead}"


def test_together_they_use_every_kind_and_every_check() -> None:
    kinds = {fact["kind"] for told in TOLD.values() for fact in told["facts"]}
    checks = {expectation["check"] for told in TOLD.values() for expectation in told["expected"]}
    assert kinds == set(get_args(Kind))
    assert checks == set(CHECKS)


def test_loading_again_records_nothing_and_the_views_equal_a_replay(
    loadings: dict[str, Loading],
) -> None:
    for loading in loadings.values():
        before, found = loading.app.store.position(), seen(loading)
        again = Loading(loading.app, loading.case)
        again.run()
        assert loading.app.store.position() == before
        assert seen(again) == found
        assert loading.app.reading.stored() == loading.app.reading.replay(
            loading.app.reading.moment()
        )


@pytest.mark.parametrize("clock", ["happened", "recorded"])
def test_every_section_speaks_only_of_what_was_known_then(
    loadings: dict[str, Loading], clock: str
) -> None:
    for name, loading in loadings.items():
        for day in {fact["recorded_on"] for fact in TOLD[name]["facts"]}:
            found = seen(loading, clock, day)
            known = set(found["visible"])
            assert {row["n"] for row in found["facts"]} == known
            assert numbers(found) <= known


def numbers(found: dict[str, Any]) -> set[int]:
    """Every fact number that a section other than `visible` names."""
    pairs = [(row["from_"], row["to"]) for row in found["comparisons"]]
    named = [n for pair in pairs for n in pair]
    named += [row["of"] for row in found["lapses"]]
    named += [n for row in found["obligations"] for n in (row["after"], row["met_by"])]
    named += [row["fact"] for row in found["first_reach"] + found["outcomes"]]
    named += [n for row in found["replies"] for n in (row["fact"], row["of"])]
    named += [n for row in found["repeated_advice"] for n in row["facts"]]
    named += [n for row in found["kpi_tensions"] for n in (*row["soft"], row["hard"])]
    entry = found["conditions_at_entry"]
    return {n for n in (*named, entry and entry["entry"]) if n is not None}
