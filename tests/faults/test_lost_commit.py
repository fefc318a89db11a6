"""A commit whose confirmation never comes: it happened, or it did not, and the store finds out."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from tests.persistence.facts import remembered, stream, stream_id
from uitvoering.errors import OutcomeUnknownError, StoreLockedError, StoreUnreachableError
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


@contextmanager
def faulty(url: str, fault: Commit) -> Iterator[tuple[Store, Recorder]]:
    """A store whose first commit meets the fault; every later one is sound."""
    pending = [fault]

    class FaultySQLite(SQLiteRecorder):
        def _commit(self, connection: sqlite3.Connection) -> None:
            if pending:
                if pending.pop() is stored_but_unconfirmed:
                    connection.execute("COMMIT")
                raise OutcomeUnknownError(store=self.name) from sqlite3.OperationalError("disk I/O")
            super()._commit(connection)

    class FaultyPostgres(PostgresRecorder):
        def _commit(self, connection: psycopg.Connection[Any]) -> None:
            if pending:
                pending.pop()(connection)
                # The connection is really gone: this raises what the driver raises then.
            super()._commit(connection)

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


def test_a_writer_that_holds_on_is_named_as_the_cause(store_url: str) -> None:
    with closing(open_store(store_url)) as holder, closing(open_store(store_url)) as other:
        recorder = holder._recorder  # noqa: SLF001 the transaction of the holder is kept open
        with recorder.writing() as statements:
            recorder.insert_within(statements, [])
            recorder.await_writers(statements)
            with pytest.raises(StoreLockedError, match="nothing was recorded, try again"):
                other.append(stream(1, 1))
        other.append(stream(1, 1))
