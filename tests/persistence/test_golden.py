"""Stored bytes are final: what was once written is read, and written, the same for ever."""

import json

import pytest

from tests.persistence.examples import example
from tests.persistence.make_golden import lines, missing, version_of
from uitvoering.domain.events.topics import FACTS
from uitvoering.persistence.serialisation import FactMapper, StoredFact

GOLDEN = lines()
mapper = FactMapper()


def test_every_topic_and_version_has_a_golden_line() -> None:
    assert missing() == [], "run: python -m tests.persistence.make_golden"


@pytest.mark.parametrize("line", GOLDEN, ids=lambda line: line["topic"])
def test_a_golden_line_is_read_and_written_back_to_the_same_bytes(line: dict[str, str]) -> None:
    state = json.loads(line["state"])
    stored = StoredFact(
        state["originator_id"],
        state["originator_version"],
        line["topic"],
        line["state"].encode(),
        state["event_id"],
    )
    event = mapper.to_domain_event(stored)
    assert line["topic"] == event.fact.TOPIC
    if version_of(line) == FACTS[line["topic"]].class_version:
        assert mapper.to_stored_event(event) == stored


def test_a_full_example_of_every_fact_survives_the_way_to_bytes_and_back() -> None:
    for kind in FACTS.values():
        event = example(kind)
        assert mapper.to_domain_event(mapper.to_stored_event(event)) == event


def test_the_bytes_are_canonical() -> None:
    for line in GOLDEN:
        state = json.loads(line["state"])
        canonical = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert line["state"] == canonical
        assert state["timestamp"].endswith("Z")
