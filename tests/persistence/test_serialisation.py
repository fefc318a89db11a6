"""The same event has the same bytes for ever, and bytes are held to their shape when read."""

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, computed_field, field_serializer

from tests.persistence.any_fact import any_fact
from tests.persistence.facts import stream
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import HardshipSignalled
from uitvoering.domain.events.signal_outcome import SignalClosed
from uitvoering.domain.events.topics import FACTS, AnyRecorded
from uitvoering.domain.values import Value
from uitvoering.errors import StateUnreadableError
from uitvoering.persistence.serialisation import FactMapper, StoredFact
from uitvoering.persistence.shape import shape_of
from uitvoering.persistence.topics import Topics

mapper = FactMapper()


def rebuilt(event: AnyRecorded) -> bytes:
    """The bytes as another implementation makes them: pydantic's values, Python's own JSON."""
    state = event.model_dump(mode="json", by_alias=False)
    state["timestamp"] = event.timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if event.proof is not None:  # of no answer, and still in the bytes
        state["proof"] = event.proof.model_dump(mode="json", by_alias=False)
    if event.fact.class_version > 1:
        state["class_version"] = event.fact.class_version
    dumped = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return dumped.encode()


@pytest.mark.parametrize("kind", FACTS.values(), ids=FACTS)
def test_bytes_are_canonical_and_bytes_and_facts_are_each_others_inverse(kind: type[Fact]) -> None:
    @given(event=any_fact(kind), seed=st.integers(0, 9))
    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def check(event: AnyRecorded, seed: int) -> None:
        stored = mapper.to_stored_event(event)
        assert stored.state == rebuilt(event)
        read = mapper.to_domain_event(stored)
        assert read == event
        assert mapper.to_stored_event(read) == stored
        # Built elsewhere: typed by no more than `Fact`, and its fields in any order.
        fields = list(dict(event).items())
        random.Random(seed).shuffle(fields)  # noqa: S311 a shuffled order, no secret
        loose = AnyRecorded.model_construct(**dict(fields))
        vars(loose).clear()
        vars(loose).update(fields)
        assert mapper.to_stored_event(loose) == stored

    check()


[EVENT] = stream(1, 1)
STORED = mapper.to_stored_event(EVENT)


def with_state(**changed: Any) -> StoredFact:
    """The stored event with other values in its state, by pointer with dots for slashes."""
    state = orjson.loads(STORED.state)
    for pointer, value in changed.items():
        *way, last = pointer.split("__")
        place = state
        for step in way:
            place = place[step]
        place[last] = value
    return StoredFact(
        STORED.originator_id,
        STORED.originator_version,
        STORED.topic,
        orjson.dumps(state),
        STORED.event_id,
    )


def test_a_timestamp_is_written_in_utc_whatever_its_zone() -> None:
    here = timezone(timedelta(hours=2))
    there = EVENT.model_copy(update={"timestamp": EVENT.timestamp.astimezone(here)})
    assert mapper.to_stored_event(there) == STORED


def test_a_timestamp_without_a_zone_is_neither_written_nor_read() -> None:
    naive = EVENT.model_copy(update={"timestamp": datetime(2026, 1, 5, 12)})  # noqa: DTZ001 the case
    with pytest.raises(ValueError, match="has no time zone"):
        mapper.to_stored_event(naive)
    with pytest.raises(StateUnreadableError, match="timestamp timezone_aware"):
        mapper.to_domain_event(with_state(timestamp="2026-01-05T12:00:00"))


def test_a_fact_that_is_not_registered_is_not_written() -> None:
    with pytest.raises(TypeError, match="HardshipSignalled is not the fact registered"):
        FactMapper(Topics({"hardship-signalled": SignalClosed})).to_stored_event(EVENT)


def test_a_rule_made_stricter_later_leaves_history_readable() -> None:
    """What may be said was judged when it was recorded."""
    read = mapper.to_domain_event(
        with_state(
            fact__statement__text=" ",
            fact__statement__severity=9,
            fact__statement__causes=["policy", "law", "law"],
            fact__body="Belastingdienst/Toeslagen",
            happened_from="2026-02-01",
        )
    )
    fact = read.fact
    assert isinstance(fact, HardshipSignalled)
    assert (fact.statement.text, fact.statement.severity) == (" ", 9)
    assert fact.statement.causes == ("policy", "law", "law")


@pytest.mark.parametrize(
    "changed",
    [
        {"happened_on": 0},
        {"happened_on": "20260105"},
        {"happened_on": "2026-01-05T00:00:00"},
        {"originator_version": "1"},
        {"originator_version": True},
        {"timestamp": 1_767_614_400},
        {"level": "king"},
        {"actorRole": "line"},
        {"fact__unheard_of": 1},
        {"fact__statement": None},
        {"fact__statement__text": 1},
        {"fact__statement__severity": 4.0},
        {"fact__statement__severity": "4"},
        {"fact__statement__affected_count": 2**53},
        {"fact__statement__causes": ["luck"]},
        {"fact__statement__causes": "law"},
        {"fact__statement__evidence": ["a locator alone"]},
    ],
    ids=str,
)
def test_names_types_and_closed_lists_are_held_to_strictly(changed: dict[str, Any]) -> None:
    with pytest.raises(StateUnreadableError):
        mapper.to_domain_event(with_state(**changed))


def test_a_state_in_names_spoken_outside_is_not_read() -> None:
    state = orjson.loads(STORED.state)
    state["happenedOn"] = state.pop("happened_on")
    spoken = StoredFact(STORED.originator_id, 1, STORED.topic, orjson.dumps(state), STORED.event_id)
    with pytest.raises(StateUnreadableError, match="happenedOn"):
        mapper.to_domain_event(spoken)


class Share(Value):
    share: float


class InPart(Value):
    parts: tuple[Share, ...]


class Doubled(Value):
    count: int

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no property under a decorator
    @property
    def double(self) -> int:
        return 2 * self.count


class Remembering(Value):
    count: int

    @cached_property
    def double(self) -> int:
        return 2 * self.count


class Open(BaseModel):
    count: int


class Shouted(Value):
    word: str

    @field_serializer("word")
    def _shout(self, word: str) -> str:
        return word.upper()


class Hiding(Value):
    word: str = Field(exclude=True)


class AtMoment(Value):
    at: datetime


class ByName(Value):
    names: dict[str, str]


@pytest.mark.parametrize(
    ("model", "because"),
    [
        (Share, "share: float has no canonical bytes"),
        (InPart, r"parts\.\*\.share: float has no canonical bytes"),
        (AtMoment, "at: datetime has no canonical bytes"),
        (ByName, "names: dict has no canonical bytes"),
        (Doubled, "Doubled may hold more than its fields"),
        (Remembering, "Remembering may hold more than its fields"),
        (Open, "Open may hold more than its fields"),
        (Shouted, "word: a serializer of its own"),
        (Hiding, "word: a fact is stored whole"),
    ],
)
def test_what_has_no_canonical_bytes_is_refused(model: type[BaseModel], because: str) -> None:
    with pytest.raises(TypeError, match=because):
        shape_of(model)
