"""A case nobody here has seen loads, and what is observed is what the file says."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from tests.cases.checker import KIND_TOPICS
from tests.cases.stores import seen
from tests.cases.strategies import cases
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import parse_case, schema
from uitvoering.cases.loading import Loading
from uitvoering.persistence.store import open_store
from uitvoering.settings import Settings
from uitvoering.wiring import migrate, utc_now


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Uitvoering]:
    """One migrated store; a case with a name of its own leaves the others alone."""
    stored = Settings(store=f"sqlite:///{tmp_path_factory.mktemp('any') / 'any.db'}")
    migrate(stored)
    store = open_store(stored.store)
    yield Uitvoering(store=store, clock=utc_now)
    store.close()


def last_day(fact: dict[str, Any]) -> str:
    day: str = fact["happened_on"] or fact["happened_between"][1]
    return day


def days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


_tried = [0]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_any_case_of_the_schema_loads_and_is_observed_as_told(
    seeded: Uitvoering, told: dict[str, Any]
) -> None:
    _tried[0] += 1
    told = told | {"case": f"z-verzonnen-{_tried[0]}"}
    jsonschema.validate(told, schema(), jsonschema.Draft202012Validator)
    case = parse_case(json.dumps(told).encode(), "verzonnen")
    loading = Loading(seeded, case)
    loading.run()
    found = seen(loading)

    documented = sorted((f for f in told["facts"] if not f["derived"]), key=lambda f: f["n"])
    assert found["visible"] == [fact["n"] for fact in documented]
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
        for fact in documented
    ]
    stated = sum(fact["statement"] is not None for fact in documented)
    assert len(found["comparisons"]) == stated * (stated - 1) // 2

    asked = documented[len(documented) // 2]["recorded_on"]
    for clock, day in (("happened", last_day), ("recorded", lambda fact: fact["recorded_on"])):
        known = [fact["n"] for fact in documented if day(fact) <= asked]
        assert seen(loading, clock, asked)["visible"] == known

    before = seeded.store.position()
    again = Loading(seeded, case)
    again.run()
    assert seeded.store.position() == before
    assert seen(again) == found


def test_the_stored_views_of_all_these_cases_say_what_a_replay_says(seeded: Uitvoering) -> None:
    assert seeded.reading.stored() == seeded.reading.replay(seeded.reading.moment())
