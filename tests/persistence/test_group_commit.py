"""Saves that share a commit keep the promises of a save alone, and the disk is asked less often."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from tests.faults.promises import until
from tests.persistence.facts import remembered, stream, stream_id, versions
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import (
    JournalModeError,
    OutcomeUnknownError,
    StoreFullError,
    StoreLockedError,
    StoreUnreachableError,
)
from uitvoering.persistence import sqlite, sqlite_connections
from uitvoering.persistence.group_commit import Save, Turn
from uitvoering.persistence.idempotency import Remembered
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.sqlite import SQLiteRecorder
from uitvoering.persistence.store import ConflictError, Store, migrate


@pytest.fixture
def recorder(sqlite_url: str) -> Iterator[SQLiteRecorder]:
    migrate(sqlite_url)
    with closing(SQLiteRecorder(Path(sqlite_url.removeprefix("sqlite:///")))) as opened:
        yield opened


@pytest.fixture
def commits(recorder: SQLiteRecorder, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each statement without values was run, on every connection of the recorder."""
    seen: Counter[str] = Counter()
    connect = sqlite3.connect

    def traced(*given: object, **more: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)  # type: ignore[call-overload]  # passed on as given
        connection.set_trace_callback(lambda statement: seen.update([statement]))
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    return seen


def so_many_wait(recorder: SQLiteRecorder, number: int) -> bool:
    return len(recorder._line._waiting) == number  # noqa: SLF001 nobody else can tell


@contextmanager
def together(
    recorder: SQLiteRecorder, saves: list[Callable[[], list[int]]]
) -> Iterator[list[Future[list[int]]]]:
    """All saves wait in line, in this order, until the one before them has gone."""
    line, first = recorder._line, Turn()  # noqa: SLF001 a turn that leaves nothing in the file
    assert line.join(first, 1)
    with ThreadPoolExecutor(len(saves)) as pool:
        try:
            futures: list[Future[list[int]]] = []
            for number, save in enumerate(saves, start=1):
                futures.append(pool.submit(save))
                until(partial(so_many_wait, recorder, number))
        finally:
            line.leave(first)
        yield futures


def appending(
    store: Store, events: list[AnyRecorded], row: Remembered | None = None
) -> Callable[[], list[int]]:
    return lambda: store.append(events, idempotency=row)


def raw(recorder: SQLiteRecorder, events: list[AnyRecorded]) -> Callable[[], list[int]]:
    stored = [FactMapper().to_stored_event(event) for event in events]
    return lambda: recorder.insert_events(stored)


def test_many_threads_write_at_once_and_each_hears_its_own_answer(
    recorder: SQLiteRecorder,
) -> None:
    threads, each = 16, 50
    store = Store(recorder)
    answers: list[tuple[AnyRecorded, int]] = []
    refused: list[AnyRecorded] = []

    def write(number: int) -> None:
        alone = 0
        for turn in range(each):
            # Every fifth save is of a stream they all write to: most of those are too late.
            event = stream(0 if turn % 5 == 0 else number + 1, 1, after=alone)[0]
            if turn % 5 == 0:
                event = stream(0, 1, after=len(store.facts(stream_id(0))))[0]
            try:
                answers.append((event, store.append([event])[0]))
            except ConflictError:
                refused.append(event)
            else:
                alone += event.originator_id == stream_id(number + 1)

    log: list[tuple[int, AnyRecorded]] = []
    with ThreadPoolExecutor(threads) as pool:
        work = [pool.submit(write, number) for number in range(threads)]
        while not all(one.done() for one in work):
            # A reader that follows the log: no position appears behind it.
            recorder.bell.wait(recorder.bell.rung, 0.05)
            log += store.stream(log[-1][0] if log else 0)
    for one in work:
        one.result()
    log += store.stream(log[-1][0] if log else 0)

    assert len(answers) + len(refused) == threads * each
    assert [position for position, _ in log] == list(range(1, len(answers) + 1))
    assert sorted(answers, key=lambda answer: answer[1]) == [(one, at) for at, one in log]
    for number in range(threads + 1):
        held = versions(store.facts(stream_id(number)))
        assert held == list(range(1, len(held) + 1))


def test_a_caller_alone_pays_for_its_own_commit_only(
    recorder: SQLiteRecorder, commits: Counter[str]
) -> None:
    store = Store(recorder)
    threads = threading.active_count()
    for after in range(5):
        store.append(stream(1, 1, after=after))
    assert commits["COMMIT"] == 5
    assert not [statement for statement in commits if "SAVEPOINT" in statement]
    assert threading.active_count() == threads


def test_a_refused_save_is_refused_alone(recorder: SQLiteRecorder, commits: Counter[str]) -> None:
    store = Store(recorder)
    store.append(stream(1, 1))
    commits.clear()
    unfit = StoredEvent(stream_id(6), 2**64, "topic", b"")
    saves = [
        appending(store, stream(2, 2), remembered("k2")),
        appending(store, stream(1, 1)),  # somebody else was first
        appending(store, stream(1, 1, after=4)),  # versions are missing
        appending(store, stream(3, 70)),
        appending(store, stream(4, 1), remembered("k2")),  # the key is taken in this very commit
        lambda: recorder.insert_events([unfit]),  # no integer of this database
        appending(store, [], remembered("k5")),
        appending(store, stream(2, 1, after=2)),  # follows what the first of this commit wrote
    ]
    with together(recorder, saves) as futures:
        failures = [future.exception() for future in futures]
    assert [type(failure) for failure in failures] == [
        type(None),
        ConflictError,
        ConflictError,
        type(None),
        ConflictError,
        OverflowError,
        type(None),
        type(None),
    ]
    assert futures[0].result() == [2, 3]
    assert futures[3].result() == list(range(4, 74))
    assert futures[6].result() == []
    assert futures[7].result() == [74]
    assert store.facts(stream_id(4)) == []
    assert store.remembered("p-1", "k2") == remembered("k2")
    assert store.remembered("p-1", "k5") == remembered("k5")
    # The eight together, and a look behind the others by the two whose place was left empty.
    assert commits["COMMIT"] == 1 + 2


def failing(recorder: SQLiteRecorder, *, happened: bool) -> Callable[[sqlite3.Connection], None]:
    """A commit that is never confirmed, once; every later one is sound."""
    commit = recorder._commit  # noqa: SLF001 where the fault strikes
    faults = ["the first commit"]

    def unconfirmed(connection: sqlite3.Connection) -> None:
        if happened or not faults:
            commit(connection)
        if faults:
            faults.clear()
            raise OutcomeUnknownError(store=recorder.name) from sqlite3.OperationalError("disk I/O")

    return unconfirmed


def test_a_commit_that_failed_has_failed_for_all(
    recorder: SQLiteRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "_commit", failing(recorder, happened=False))
    with together(recorder, [raw(recorder, stream(n, 1)) for n in range(4)]) as futures:
        failures = [future.exception() for future in futures]
    assert {type(failure) for failure in failures} == {OutcomeUnknownError}
    assert len({id(failure) for failure in failures}) == 4  # each raises an error of its own


@pytest.mark.parametrize("happened", [True, False])
def test_after_an_unconfirmed_commit_every_caller_looks_for_its_own(
    recorder: SQLiteRecorder, monkeypatch: pytest.MonkeyPatch, *, happened: bool
) -> None:
    store = Store(recorder)
    monkeypatch.setattr(recorder, "_commit", failing(recorder, happened=happened))
    with together(recorder, [appending(store, stream(n, 2)) for n in range(4)]) as futures:
        kinds = {type(future.exception()) for future in futures}
    if happened:
        assert [future.result() for future in futures] == [[1, 2], [3, 4], [5, 6], [7, 8]]
    else:
        assert kinds == {StoreUnreachableError}
        assert store.position() == 0


def test_a_full_disk_refuses_who_does_not_fit(recorder: SQLiteRecorder) -> None:
    store = Store(recorder)
    with recorder.writing() as statements:
        pages = statements.one("PRAGMA page_count")
        assert pages is not None
        statements.one(f"PRAGMA max_page_count = {pages[0] + 20}")
    saves = [appending(store, stream(1, 1)), appending(store, stream(2, 800))]
    with together(recorder, [*saves, appending(store, stream(3, 1))]) as futures:
        assert futures[0].result() == [1]
        assert futures[2].result() == [2]
        with pytest.raises(StoreFullError, match="nothing was recorded, make room"):
            futures[1].result()
    assert store.facts(stream_id(2)) == []


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_leader_that_is_interrupted_leaves_nobody_waiting(
    recorder: SQLiteRecorder, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    store = Store(recorder)
    step = "_insert_all" if moment == "before the commit" else "_commit"
    run = getattr(recorder, step)
    interruptions = [KeyboardInterrupt()]

    def interrupted(*given: object) -> None:
        run(*given)
        if interruptions:
            raise interruptions.pop()

    monkeypatch.setattr(recorder, step, interrupted)
    with together(recorder, [appending(store, stream(n, 1)) for n in range(4)]) as futures:
        with pytest.raises(KeyboardInterrupt):
            futures[0].result()
        others = [future.result(timeout=60) for future in futures[1:]]
    # Nothing was recorded yet and the others go on; or all was, and each finds its own.
    assert others == ([[1], [2], [3]] if moment == "before the commit" else [[2], [3], [4]])
    store.append(stream(9, 1))


def test_a_caller_that_is_interrupted_while_it_waits_is_passed_over(
    recorder: SQLiteRecorder,
) -> None:
    class Impatient:
        """A summons that is interrupted instead of coming."""

        def acquire(self, timeout: float = -1) -> bool:
            if timeout > 0:
                raise KeyboardInterrupt
            return True

    line = recorder._line  # noqa: SLF001 a signal cannot be timed to arrive just here
    with recorder.writing(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(threading, "Lock", Impatient)
        with pytest.raises(KeyboardInterrupt):
            line.save(Save([], 0, None), 5, lambda _: None)
    assert so_many_wait(recorder, 0)
    assert Store(recorder).append(stream(1, 1)) == [1]


def test_who_waits_too_long_for_the_turn_is_told_and_has_recorded_nothing(
    recorder: SQLiteRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    store = Store(recorder)
    with recorder.writing(), ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(store.append, stream(n, 1)) for n in range(3)]:
            with pytest.raises(StoreLockedError, match="nothing was recorded, try again"):
                future.result()
    assert store.position() == 0
    store.append(stream(1, 1))


def test_another_process_that_holds_the_file_too_long_is_named_to_every_caller(
    recorder: SQLiteRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_connections, "BUSY_SECONDS", 0.1)
    store = Store(recorder)
    with closing(sqlite_connections.connect(recorder._file)) as other:  # noqa: SLF001 the same file
        other.execute("BEGIN IMMEDIATE")
        with together(recorder, [appending(store, stream(n, 1)) for n in range(3)]) as futures:
            failures = [future.exception() for future in futures]
    assert {type(failure) for failure in failures} == {StoreLockedError}
    assert store.position() == 0
    store.append(stream(1, 1))


def test_writers_of_other_things_come_in_their_turn(
    recorder: SQLiteRecorder, commits: Counter[str]
) -> None:
    store = Store(recorder)
    seen: list[int] = []

    def look() -> list[int]:
        with recorder.writing() as statements:
            row = statements.one("SELECT count(*) FROM event")
            seen.extend(row or ())
        return []

    saves = [appending(store, stream(n, 1)) for n in range(4)]
    with together(recorder, [*saves[:2], look, *saves[2:]]) as futures:
        assert [future.result() for future in futures] == [[1], [2], [], [3], [4]]
    assert seen == [2]
    # Two saves, the one who looked, two saves.
    assert commits["COMMIT"] == 3


def test_what_is_refused_by_the_store_is_an_integrity_error_of_the_library(
    recorder: SQLiteRecorder,
) -> None:
    save = raw(recorder, stream(1, 1, after=3))
    with pytest.raises(IntegrityError, match="a version of the stream is missing"):
        save()


def test_every_connection_keeps_a_log_and_waits_for_the_disk(recorder: SQLiteRecorder) -> None:
    for transaction in (recorder.reading, recorder.writing):
        with transaction() as statements:
            assert statements.one("PRAGMA journal_mode") == ("wal",)
            assert statements.one("PRAGMA synchronous") == (2,)  # FULL
            assert statements.one("PRAGMA foreign_keys") == (1,)
            assert statements.one("PRAGMA busy_timeout") == (5000,)


def test_a_file_in_another_journal_mode_is_refused_and_migrated(sqlite_url: str) -> None:
    migrate(sqlite_url)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as outside:
        outside.execute("PRAGMA journal_mode=DELETE")
    with closing(SQLiteRecorder(file)) as recorder:
        with pytest.raises(JournalModeError, match="run `uitvoering migrate`"):
            Store(recorder).append(stream(1, 1))
        migrate(sqlite_url)
        Store(recorder).append(stream(1, 1))
