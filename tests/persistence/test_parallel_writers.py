"""Many writers at once on PostgreSQL: a reader that follows the log still passes no event."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from tests.faults.promises import until
from tests.persistence.facts import remembered, stream, stream_id, versions
from uitvoering.errors import AppendTooLargeError, OrderUnsoundError, StoreLockedError
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.postgres_order import LARGEST_APPEND, Writers
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.store import ConflictError, Store, migrate, open_store

EXACT = 2**53


@pytest.fixture
def parallel_url(postgres_url: str) -> str:
    migrate(postgres_url, writers=Writers.PARALLEL)
    return postgres_url


@pytest.fixture
def store(parallel_url: str) -> Iterator[Store]:
    with closing(open_store(parallel_url)) as opened:
        yield opened


def opened(url: str) -> tuple[Recorder, Store]:
    recorder = open_recorder(url)
    return recorder, Store(recorder)


def seen_within(store: Store, count: int, seconds: float = 10) -> list[int]:
    """Positions a reader sees once there are so many; others of this server may be writing."""
    limit = time.monotonic() + seconds
    while len(found := [position for position, _ in store.stream()]) < count:
        assert time.monotonic() < limit, f"{len(found)} of {count}"
        time.sleep(0.01)
    return found


def test_what_is_not_ended_holds_readers_back_and_nothing_is_passed(
    parallel_url: str, store: Store
) -> None:
    """The case that loses events without a horizon: the earlier position is committed later."""
    recorder, writer = opened(parallel_url)
    slow = [writer._mapper.to_stored_event(event) for event in stream(1, 2)]  # noqa: SLF001 kept open below
    with closing(recorder):
        with recorder.writing() as statements:
            early = recorder.insert_within(statements, slow)
            (late,) = store.append(stream(2, 1))
            assert early[-1] < late
            assert list(store.stream()) == []
            assert recorder.max_notification_id() is None
            assert len(store.facts(stream_id(2))) == 1  # a stream is read as it is
            assert recorder.horizon_age() > 0
        assert seen_within(store, 3) == [*early, late]
        assert recorder.max_notification_id() == late
        assert recorder.horizon_age() == 0


def test_a_tailing_reader_sees_every_committed_event_once_and_in_order(
    parallel_url: str, store: Store
) -> None:
    writers, each = 6, 25
    seen: list[tuple[int, str]] = []
    appended: list[int] = []

    def write(n: int) -> None:
        chance = random.Random(n)  # noqa: S311 the interleaving is no secret
        with closing(open_store(parallel_url)) as mine:
            for _ in range(each):
                while True:
                    of = chance.randrange(4)
                    after = len(mine.facts(stream_id(of)))
                    try:
                        appended.extend(mine.append(stream(of, chance.randint(1, 3), after=after)))
                    except (ConflictError, StoreLockedError):
                        continue
                    break

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()

    def look() -> None:
        after = seen[-1][0] if seen else 0
        seen.extend((position, event.event_id) for position, event in store.stream(after))

    while any(thread.is_alive() for thread in threads):
        look()
    seen_within(store, len(appended))
    look()
    assert [position for position, _ in seen] == sorted(appended)
    assert seen == [(position, event.event_id) for position, event in store.stream()]
    held: dict[str, list[int]] = {}
    for _, event in store.stream():
        held.setdefault(event.originator_id, []).append(event.originator_version)
    assert all(found == list(range(1, len(found) + 1)) for found in held.values())


def test_an_append_of_thousands_is_taken_and_a_larger_one_refused(store: Store) -> None:
    positions = store.append(stream(1, LARGEST_APPEND))
    assert positions == list(range(positions[0], positions[0] + LARGEST_APPEND))
    with pytest.raises(AppendTooLargeError, match="4096 events"):
        store.append(stream(2, LARGEST_APPEND + 1))
    assert store.facts(stream_id(2)) == []
    assert store.append(stream(2, 1))[0] > positions[-1]


def test_one_transaction_may_append_twice(parallel_url: str) -> None:
    recorder, store = opened(parallel_url)
    with closing(recorder):
        stored = [store._mapper.to_stored_event(event) for event in stream(1, 3)]  # noqa: SLF001 the recorder is under test
        with recorder.writing() as statements:
            first = recorder.insert_within(statements, stored[:2])
            second = recorder.insert_within(statements, stored[2:])
        assert second == [first[-1] + 1]


def test_modes_are_switched_and_positions_go_on_growing(postgres_url: str) -> None:
    migrate(postgres_url)
    positions: list[int] = []
    with closing(open_store(postgres_url)) as store:
        for n, writers in enumerate([*Writers, *Writers, Writers.SERIAL]):
            migrate(postgres_url, writers=writers)
            migrate(postgres_url)
            # The store that was open all along follows: the mode is kept in the database.
            positions += store.append(stream(n, 3))
            positions += store.append(stream(n, 3, after=3))
        assert seen_within(store, len(positions)) == positions == sorted(set(positions))
    assert positions[-1] < EXACT


def test_a_switch_waits_for_appends_under_way(parallel_url: str) -> None:
    recorder, store = opened(parallel_url)
    switched = threading.Event()

    def switch() -> None:
        migrate(parallel_url, writers=Writers.SERIAL)
        switched.set()

    stored = [store._mapper.to_stored_event(event) for event in stream(1, 1)]  # noqa: SLF001 kept open below
    with closing(recorder):
        with recorder.writing() as statements:
            early = recorder.insert_within(statements, stored)
            thread = threading.Thread(target=switch)
            thread.start()
            assert not switched.wait(0.3)
        assert switched.wait(10)
        thread.join()
        (late,) = store.append(stream(2, 1))
        assert late > early[0]
        assert [position for position, _ in store.stream()] == [*early, late]


def test_a_log_from_a_cluster_that_counted_further_is_refused_until_migrated(
    parallel_url: str, store: Store
) -> None:
    """As after restoring into a new cluster: its transactions would get positions of the past."""
    store.append(stream(1, 1))
    store.close()
    with psycopg.connect(parallel_url) as owner:
        owner.execute("UPDATE event_order SET xid_base = xid_base + 1000000")
    with closing(open_store(parallel_url)) as restored:
        with pytest.raises(OrderUnsoundError, match="nothing was recorded, run `uitvoering migr"):
            restored.append(stream(1, 1, after=1))
        migrate(parallel_url)
        restored.append(stream(1, 1, after=1))
        assert len(seen_within(restored, 2)) == 2


def test_an_answer_is_remembered_and_its_key_not_used_twice(store: Store) -> None:
    store.append(stream(1, 1), idempotency=remembered())
    with pytest.raises(ConflictError):
        store.append(stream(2, 1), idempotency=remembered())
    assert versions(store.facts(stream_id(2))) == []


def test_a_commit_elsewhere_rings_the_bell(parallel_url: str, store: Store) -> None:
    recorder = open_recorder(parallel_url)
    with closing(recorder):
        recorder.listen()
        until(lambda: recorder.bell.rung == 1)  # it looked when it began
        store.append(stream(1, 1))
        # Not at the append, which others of this server may hold back, but once it may be read.
        until(lambda: recorder.bell.rung > 1)
        assert recorder.max_notification_id() is not None
