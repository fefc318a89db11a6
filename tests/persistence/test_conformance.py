"""The library's own promises, kept by our recorders."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import TestCase
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import AggregateRecorder, StoredEvent
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.recorder import Recorder


class StreamsOnly(AggregateRecorder):
    """The aggregate half of the interface, which tells no positions."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        self.recorder.insert_events(stored_events, **kwargs)

    def select_events(self, originator_id: UUID | str, **limits: Any) -> list[StoredEvent]:
        return self.recorder.select_events(originator_id, **limits)


class Streams(AggregateRecorderTestCase):
    recorder: Recorder

    def create_recorder(self) -> AggregateRecorder:
        return StreamsOnly(self.recorder)

    def new_originator_id(self) -> UUID | str:
        return str(uuid4())


class Log(ApplicationRecorderTestCase[Recorder]):
    recorder: Recorder

    def create_recorder(self) -> Recorder:
        return self.recorder

    def new_originator_id(self) -> UUID | str:
        return str(uuid4())


class Order(NonInterleavingNotificationIDsBaseCase):
    recorder: Recorder

    def create_recorder(self) -> Recorder:
        return self.recorder

    def new_originator_id(self) -> UUID | str:
        return str(uuid4())


@pytest.fixture
def recorder(store_url: str) -> Iterator[Recorder]:
    opened = open_recorder(store_url)
    yield opened
    opened.close()


CASES: list[tuple[type[TestCase], str]] = [
    (Streams, "test_insert_and_select"),
    (Log, "test_insert_select"),
    (Log, "test_concurrent_no_conflicts"),
    (Log, "test_concurrent_throughput"),
    (Log, "optional_test_insert_subscribe"),
    (Order, "test"),
]


@pytest.mark.parametrize(("case", "name"), CASES, ids=lambda part: getattr(part, "__name__", part))
def test_the_recorder_keeps(case: type[TestCase], name: str, recorder: Recorder) -> None:
    chosen = case(name)
    chosen.recorder = recorder  # type: ignore[attr-defined]  # each case above declares it
    run: Callable[[], None] = getattr(chosen, name)
    run()


# Collected by themselves, the library's cases would ask for a recorder they were not given.
del Streams, Log, Order, AggregateRecorderTestCase, ApplicationRecorderTestCase
del NonInterleavingNotificationIDsBaseCase
