"""A reader that waits hears of every commit, of its own process and of any other."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest
from eventsourcing.persistence import Notification

from tests.faults import writers
from tests.faults.promises import until
from tests.persistence.facts import remembered, stream
from tests.persistence.processes import finish, start
from uitvoering.persistence import waking
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.sqlite import SQLiteRecorder
from uitvoering.persistence.store import ConflictError, Store, migrate
from uitvoering.persistence.waking import Bell, Look, Watch


@pytest.fixture
def recorder(store_url: str) -> Iterator[Recorder]:
    with closing(open_recorder(store_url)) as opened:
        yield opened


def watchers() -> int:
    return sum(thread.name == "watch" for thread in threading.enumerate())


def test_a_ring_between_a_look_and_a_wait_is_heard() -> None:
    bell = Bell()
    rung = bell.rung
    bell.ring()
    assert bell.wait(rung)
    assert not bell.wait(bell.rung, 0.01)


def test_the_bell_rings_after_every_commit_of_this_process(recorder: Recorder) -> None:
    store, rung = Store(recorder), [recorder.bell.rung]

    def rang() -> bool:
        rung.append(recorder.bell.rung)
        return rung[-1] > rung[-2]

    store.append(stream(1, 1))
    assert rang()
    with recorder.writing() as statements:
        statements.execute("DELETE FROM idempotency")
    assert rang()
    store.append([], idempotency=remembered())
    assert rang()


def test_what_was_refused_rings_no_bell(recorder: Recorder) -> None:
    store = Store(recorder)
    rung = recorder.bell.rung
    with pytest.raises(ConflictError):
        store.append(stream(1, 1, after=1))
    with pytest.raises(RuntimeError), recorder.writing():
        raise RuntimeError
    # The look for our own events after a conflict is a transaction of its own, and rings.
    assert recorder.bell.rung <= rung + 1


def test_a_waiting_reader_hears_of_a_commit_in_its_own_process(recorder: Recorder) -> None:
    store = Store(recorder)
    with ThreadPoolExecutor() as pool, recorder.subscribe(gt=0) as subscription:
        found = pool.submit(lambda: [one.id for one in islice(subscription, 3)])
        store.append(stream(1, 1))
        store.append(stream(1, 2, after=1))
        assert found.result(timeout=60) == [1, 2, 3]


def test_a_waiting_reader_hears_of_a_commit_in_another_process(store_url: str) -> None:
    with closing(open_recorder(store_url)) as recorder:
        recorder.listen()
        until(lambda: recorder.bell.rung == 1)  # the first look counts as news
        other = start(writers.append, store_url, 1)
        assert finish([other]) == [0]
        until(lambda: recorder.bell.rung > 1)
        with recorder.subscribe(gt=0) as subscription:
            assert next(subscription).id == 1


def test_a_reader_that_is_stopped_waits_no_longer(recorder: Recorder) -> None:
    with ThreadPoolExecutor() as pool, recorder.subscribe(gt=0) as subscription:
        following = pool.submit(next, subscription, None)
        subscription.stop()
        assert following.result(timeout=60) is None


def test_events_of_other_topics_are_passed_once(recorder: Recorder) -> None:
    store = Store(recorder)
    store.append(stream(1, 3))
    read: list[int] = []
    select = recorder.select_notifications

    def counted(start: int, limit: int, **more: bool) -> list[Notification]:
        read.append(start)
        return select(start, limit, inclusive_of_start=more["inclusive_of_start"])

    with recorder.subscribe(gt=0, topics=["signal-closed"]) as subscription:
        recorder.select_notifications = counted  # type: ignore[method-assign,assignment]  # counts the looks
        with ThreadPoolExecutor() as pool:
            following = pool.submit(next, subscription, None)
            until(lambda: len(read) > 1)
            subscription.stop()
            assert following.result(timeout=60) is None
    assert read[:2] == [0, 3]


def test_listening_twice_is_no_harm_and_ends_with_the_store(sqlite_url: str) -> None:
    migrate(sqlite_url)
    before = watchers()
    recorder = open_recorder(sqlite_url)
    recorder.listen()
    recorder.listen()
    assert watchers() == before + 1
    recorder.close()
    assert watchers() == before
    recorder.listen()
    assert watchers() == before


def test_a_process_that_loses_the_store_hears_again_once_it_is_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(sqlite_url)
    monkeypatch.setattr(waking, "LONGEST_WAIT", 0.05)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    bell, failures = Bell(), [sqlite3.OperationalError("disk I/O error"), OSError()]
    with closing(SQLiteRecorder(file)) as recorder, closing(open_recorder(sqlite_url)) as other:

        @contextmanager
        def looking() -> Iterator[Look]:
            if len(failures) > 1:
                raise failures.pop()
            with recorder._data_version() as look:  # noqa: SLF001 the look that fails now and then
                yield lambda: look() if not failures else throw(failures.pop())

        def throw(error: Exception) -> object:
            raise error

        watch = Watch(bell, looking)
        watch.start()
        until(lambda: bell.rung == 3)  # at each failure, and for what it may have missed since
        other.insert_events([FactMapper().to_stored_event(stream(1, 1)[0])])
        until(lambda: bell.rung > 3)
        watch.stop()
