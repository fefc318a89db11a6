"""The library's own promises, kept by our recorders."""

import unittest
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

from uitvoering.persistence.migrations import migrate, open_recorder
from uitvoering.persistence.postgres_order import Writers
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


CASES = [
    (case, name)
    for case in (Streams, Log, Order)
    for name in (*unittest.TestLoader().getTestCaseNames(case), "optional_test_insert_subscribe")
    if hasattr(case, name)
]
# Not among them, because the library asks there for what this product does not have:
# - TrackingRecorderTestCase and ProcessRecorderTestCase: a tracking table of its own, one row per
#   application. Here a view keeps its position in its own rows, in the transaction of its
#   documents; test_views.py holds that to the same promises (never back, never twice).
# - ExampleApplicationTestCase: aggregates of the library with UUID objects as ids, out of an
#   infrastructure factory. Ids are texts here, and wiring.py builds every object.
# - AggregateEventCountersProjectionTestCase: the library's projection runner.


@pytest.mark.parametrize(("case", "name"), CASES, ids=lambda part: getattr(part, "__name__", part))
def test_the_recorder_keeps(case: type[TestCase], name: str, recorder: Recorder) -> None:
    chosen = case(name)
    chosen.recorder = recorder  # type: ignore[attr-defined]  # each case above declares it
    run: Callable[[], None] = getattr(chosen, name)
    run()


class ParallelLog(Log):
    """Many writers at once leave room between their positions."""

    EXPECT_CONTIGUOUS_NOTIFICATION_IDS = False


@pytest.fixture
def parallel_recorder(postgres_url: str) -> Iterator[Recorder]:
    migrate(postgres_url, writers=Writers.PARALLEL)
    opened = open_recorder(postgres_url)
    yield opened
    opened.close()


# `test_insert_select` expects the very numbers 1, 2 and 3, which parallel writers do not give.
PARALLEL = [
    (ParallelLog if case is Log else case, name)
    for case, name in CASES
    if name != "test_insert_select"
]


@pytest.mark.parametrize(
    ("case", "name"), PARALLEL, ids=lambda part: getattr(part, "__name__", part)
)
def test_the_recorder_keeps_with_parallel_writers(
    case: type[TestCase], name: str, parallel_recorder: Recorder
) -> None:
    test_the_recorder_keeps(case, name, parallel_recorder)


# Collected by themselves, the library's cases would ask for a recorder they were not given.
del Streams, Log, ParallelLog, Order, AggregateRecorderTestCase, ApplicationRecorderTestCase
del NonInterleavingNotificationIDsBaseCase
