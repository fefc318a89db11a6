"""A commit whose confirmation never comes: it happened, or it did not, and the store finds out."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from tests.faults.promises import kept
from tests.persistence.facts import remembered, stream, stream_id
from tests.persistence.folding import CountingView, fold, fold_reading_first
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import OutcomeUnknownError, StoreLockedError, StoreUnreachableError
from uitvoering.persistence import sqlite_connections, views
from uitvoering.persistence.migrations import sqlite_file
from uitvoering.persistence.postgres import PostgresRecorder
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.sqlite import SQLiteRecorder
from uitvoering.persistence.store import ConflictError, Store, migrate, open_store

Commit = Callable[[Any], None]


def stored_but_unconfirmed(connection: Any) -> None:
    connection.commit()
    connection.close()


def lost(connection: Any) -> None:
    connection.close()


def sound(connection: Any) -> None:
    """No fault."""


@contextmanager
def faulty(url: str, fault: Commit, after: int = 0) -> Iterator[tuple[Store, Recorder]]:
    """A store whose first commit, or the first after so many, meets the fault; no other does."""
    pending = [fault, *[sound] * after]

    class FaultySQLite(SQLiteRecorder):
        def _commit(self, connection: sqlite3.Connection) -> None:
            met = pending.pop() if pending else sound
            if met is not lost:
                super()._commit(connection)
            if met is not sound:
                raise OutcomeUnknownError(store=self.name) from sqlite3.OperationalError("disk I/O")

    class FaultyPostgres(PostgresRecorder):
        def _commit(self, connection: psycopg.Connection[Any]) -> None:
            if pending:
                # The connection is really gone then: below is raised what the driver raises.
                pending.pop()(connection)
            super()._commit(connection)

        # An append is one statement that commits by itself, so it is lost with its answer.
        def _append(self, connection: psycopg.Connection[Any], *given: Any) -> list[int]:
            met = pending.pop() if pending else sound
            positions = [] if met is lost else super()._append(connection, *given)
            if met is not sound:
                connection.close()
                raise psycopg.OperationalError("the connection was lost")
            return positions

        def _appended_again(self, *given: Any) -> list[int]:
            pending.append(lost)  # it is sent once more by itself: that is lost too
            return super()._appended_again(*given)

    file = sqlite_file(url)
    recorder = FaultyPostgres(url) if file is None else FaultySQLite(file)
    try:
        yield Store(recorder), recorder
    finally:
        recorder.close()


def test_a_commit_that_happened_is_found_and_answered_as_done(store_url: str) -> None:
    events = [*stream(1, 2), *stream(2, 1)]
    with faulty(store_url, stored_but_unconfirmed) as (store, _):
        assert store.append(events, idempotency=remembered()) == [1, 2, 3]
        assert [event for _, event in store.stream()] == events
        assert store.remembered("p-1", "k1") == remembered()


def test_a_commit_that_did_not_happen_is_refused_and_left_nothing(store_url: str) -> None:
    events = stream(1, 2)
    with faulty(store_url, lost) as (store, _):
        with pytest.raises(StoreUnreachableError, match="nothing was recorded"):
            store.append(events, idempotency=remembered())
        assert store.position() == 0
        assert store.remembered("p-1", "k1") is None
        store.append(events, idempotency=remembered())
        assert store.facts(stream_id(1)) == events


def test_an_answer_alone_is_found_too(store_url: str) -> None:
    with faulty(store_url, stored_but_unconfirmed) as (store, _):
        assert store.append([], idempotency=remembered()) == []
    with faulty(store_url, lost) as (store, _), pytest.raises(StoreUnreachableError):
        store.append([], idempotency=remembered("k2"))


def test_a_retry_after_a_lost_confirmation_is_no_conflict(store_url: str) -> None:
    events = stream(1, 1)
    with faulty(store_url, stored_but_unconfirmed) as (store, recorder):
        with pytest.raises(OutcomeUnknownError):
            recorder.insert_events([store._mapper.to_stored_event(one) for one in events])  # noqa: SLF001 the raw save, without the look afterwards
        assert store.append(events) == [1]
        with pytest.raises(ConflictError):
            store.append(stream(1, 1))


def test_a_store_that_stays_away_admits_that_it_does_not_know(store_url: str) -> None:
    with faulty(store_url, lost) as (store, recorder):
        settle = recorder.positions_of

        def away(events: Any) -> list[int] | None:
            recorder.close()
            return settle(events)

        recorder.positions_of = away  # type: ignore[method-assign]  # the store goes away just here
        with pytest.raises(OutcomeUnknownError, match="send the same request again"):
            store.append(stream(1, 1))


@pytest.mark.parametrize("fault", [stored_but_unconfirmed, lost])
@pytest.mark.parametrize("doing", ["catch_up", "rebuild"])
@pytest.mark.parametrize("folding", [fold, fold_reading_first])
def test_a_view_whose_commit_was_not_confirmed_goes_on_where_it_is(
    store_url: str,
    fault: Commit,
    doing: str,
    folding: Callable[[AnyRecorded, Any], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever of its commits it was: of its beginning, a page, the switch or the sweeping."""
    monkeypatch.setattr(views, "PAGE", 2)
    failures = 0
    with closing(open_store(store_url)) as whole:
        whole.append([*stream(1, 3), *stream(2, 1)])
        kept(whole)
        for after in itertools.count():
            with faulty(store_url, fault, after) as (store, _):
                view = CountingView(folding, version=2 + after)
                work = getattr(store.views([view]), doing)
                try:
                    work()
                except OutcomeUnknownError:
                    failures += 1
                else:
                    break
                work()
                kept(store, views=[view])
        kept(whole)
    assert failures > 2


def test_a_server_that_ends_every_connection_is_found_again(postgres_url: str) -> None:
    migrate(postgres_url)
    store = open_store(postgres_url)
    store.append(stream(1, 1))
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert store.append(stream(1, 1, after=1)) == [2]
    store.close()


@pytest.mark.parametrize("fault", [stored_but_unconfirmed, lost])
def test_an_append_lost_with_its_connection_is_sent_again(postgres_url: str, fault: Commit) -> None:
    migrate(postgres_url)
    pending = [fault]

    class LosingOne(PostgresRecorder):
        def _append(self, connection: psycopg.Connection[Any], *given: Any) -> list[int]:
            met = pending.pop() if pending else sound
            positions = [] if met is lost else super()._append(connection, *given)
            if met is not sound:
                connection.close()
                raise psycopg.OperationalError("the connection was lost")
            return positions

    events = [*stream(1, 2), *stream(2, 1)]
    with closing(LosingOne(postgres_url)) as recorder:
        store = Store(recorder)
        assert store.append(events, idempotency=remembered()) == [1, 2, 3]
        assert [event for _, event in store.stream()] == events
        assert store.remembered("p-1", "k1") == remembered()


def test_a_writer_that_holds_on_is_named_as_the_cause(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_connections, "BUSY_SECONDS", 0.2)
    with closing(open_store(store_url)) as holder, closing(open_store(store_url)) as other:
        recorder = holder._recorder  # noqa: SLF001 the transaction of the holder is kept open
        with recorder.writing() as statements:
            recorder.insert_within(statements, [])
            recorder.await_writers(statements)
            with pytest.raises(StoreLockedError, match="nothing was recorded, try again"):
                other.append(stream(1, 1))
        other.append(stream(1, 1))
