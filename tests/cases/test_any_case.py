"""A case nobody here has seen loads, and what is observed is what the file says."""

import json
from datetime import date
from operator import itemgetter
from typing import Any

import jsonschema
from hypothesis import HealthCheck, Phase, given, settings

from tests.cases.checker import KIND_TOPICS
from tests.cases.stores import loaded, seen
from tests.cases.strategies import cases
from uitvoering.cases.case import parse_case, schema
from uitvoering.cases.loading import Loading


def last_day(fact: dict[str, Any]) -> str:
    day: str = fact["happened_on"] or fact["happened_between"][1]
    return day


def days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_any_case_of_the_schema_loads_and_is_observed_as_told(told: dict[str, Any]) -> None:
    jsonschema.validate(told, schema(), jsonschema.Draft202012Validator)
    with loaded(parse_case(json.dumps(told).encode(), "verzonnen")) as loading:
        is_observed_as_told(loading, told)
        at_a_moment_only_what_was_known_then(loading, told)
        loading_again_records_nothing(loading)
        reading = loading.app.reading
        assert reading.stored() == reading.replay(reading.moment())


def documented(told: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted((f for f in told["facts"] if not f["derived"]), key=lambda f: f["n"])


def is_observed_as_told(loading: Loading, told: dict[str, Any]) -> None:
    found, facts = seen(loading), documented(told)
    assert found["visible"] == [fact["n"] for fact in facts]
    assert [
        (row["n"], row["topic"], row["happened_on"], row["recorded_on"], row["lag_days"])
        for row in found["facts"]
    ] == [
        (
            fact["n"],
            KIND_TOPICS.get(fact["kind"], fact["kind"]),
            last_day(fact),
            fact["recorded_on"],
            days_between(last_day(fact), fact["recorded_on"]),
        )
        for fact in facts
    ]
    stated = sum(fact["statement"] is not None for fact in facts)
    assert len(found["comparisons"]) == stated * (stated - 1) // 2


def at_a_moment_only_what_was_known_then(loading: Loading, told: dict[str, Any]) -> None:
    facts = documented(told)
    asked = facts[len(facts) // 2]["recorded_on"]
    for clock, day in (("happened", last_day), ("recorded", itemgetter("recorded_on"))):
        known = [fact["n"] for fact in facts if day(fact) <= asked]
        assert seen(loading, clock, asked)["visible"] == known


def loading_again_records_nothing(loading: Loading) -> None:
    found, before = seen(loading), loading.app.store.position()
    again = Loading(loading.app, loading.case)
    again.run()
    assert loading.app.store.position() == before
    assert seen(again) == found
