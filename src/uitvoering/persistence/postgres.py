"""The store on a server: PostgreSQL, one order for all writers, every wait with a deadline."""

import itertools
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from uitvoering.errors import (
    OutcomeUnknownError,
    StoreCorruptError,
    StoreFullError,
    StoreLockedError,
    StoreUnreachableError,
    UitvoeringError,
)
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.transactions import Row, Statements

EVENT_LOCK = 0x7569_7476_6F65_7265
"""Held from the first insert of a transaction until its commit, so that positions become visible
in order and no reader can skip one. The number is `uitvoere` in ASCII: one lock per database."""
_WAIT_SECONDS = 5.0
_PAGE = 500
_APPEND = "SELECT append_event(?::text[], ?::bigint[], ?::text[], ?::bytea[], ?::text[])"
_LOST_CLASSES = ("08", "57")
"""SQLSTATE classes of a connection that is gone: connection exception, operator intervention."""

_cursors = itertools.count()
"""Server-side cursors have names, and one transaction may read two at a time."""

Connection = psycopg.Connection[Row]


def address_shown(url: str) -> str:
    """The address without its password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{user}{host}{parts.path}"


def prepare(connection: Connection) -> None:
    """Settings of every connection: durable commits, and no wait without a deadline."""
    connection.execute("SET synchronous_commit = on")
    connection.execute("SET lock_timeout = '1s'")
    connection.execute("SET statement_timeout = '5s'")
    connection.execute("SET idle_in_transaction_session_timeout = '60s'")
    connection.commit()


class PostgresStatements:
    """One transaction on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        return self._connection.execute(_numbered(statement), values).rowcount

    def execute_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_numbered(statement), rows)

    def one(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        return self._connection.execute(_numbered(statement), values).fetchone()

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(_numbered(statement), values).fetchall()

    def each(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        with self._connection.cursor(name=f"each_{next(_cursors)}") as cursor:
            cursor.itersize = _PAGE
            yield from cursor.execute(_numbered(statement), values)

    def locked(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        # Whoever holds it folds a whole page: worth a longer wait than an append.
        self.execute("SET LOCAL lock_timeout = '5s'")
        return self.one(f"{statement} FOR UPDATE", values)


class PostgresRecorder(Recorder):
    """One pool per process; an advisory lock makes commit order and position order the same."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.name = address_shown(url)
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            min_size=1,
            max_size=pool_size,
            timeout=_WAIT_SECONDS,
            reconnect_timeout=_WAIT_SECONDS,
            configure=prepare,
            check=ConnectionPool.check_connection,
            kwargs={"connect_timeout": int(_WAIT_SECONDS)},
            open=True,
        )

    @contextmanager
    def reading(self) -> Generator[Statements]:
        with self._explained(), self._pool.connection() as connection:
            yield PostgresStatements(connection)

    @contextmanager
    def writing(self) -> Generator[Statements]:
        with self._explained(), self._pool.connection() as connection:
            yield PostgresStatements(connection)
            self._commit(connection)

    def insert_within(self, statements: Statements, events: Sequence[StoredEvent]) -> list[int]:
        if not events:
            return []
        rows = statements.all(
            _APPEND,
            (
                [str(event.originator_id) for event in events],
                [event.originator_version for event in events],
                [event.topic for event in events],
                [event.state for event in events],
                [getattr(event, "event_id", None) for event in events],
            ),
        )
        return [row[0] for row in rows]

    def await_writers(self, statements: Statements) -> None:
        statements.one("SELECT pg_advisory_xact_lock(?)", (EVENT_LOCK,))

    def close(self) -> None:
        self._pool.close()

    def _commit(self, connection: Connection) -> None:
        try:
            connection.commit()
        except psycopg.Error as error:
            if _is_lost(error):
                raise OutcomeUnknownError(store=self.name) from error
            raise

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except psycopg.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        except (psycopg.Error, PoolTimeout) as error:
            explained = self._explanation(error)
            if explained is None:
                raise
            raise explained from error

    def _explanation(self, error: psycopg.Error) -> UitvoeringError | None:
        match error:
            case (
                errors.LockNotAvailable()
                | errors.QueryCanceled()
                | errors.DeadlockDetected()
                | errors.SerializationFailure()
            ):
                return StoreLockedError(store=self.name)
            case errors.DiskFull():
                return StoreFullError(store=self.name)
            case errors.DataCorrupted() | errors.IndexCorrupted():
                return StoreCorruptError(store=self.name)
            case errors.TooManyConnections():
                return StoreUnreachableError(store=self.name)
            case _:
                return StoreUnreachableError(store=self.name) if _is_lost(error) else None


def _is_lost(error: psycopg.Error) -> bool:
    """An operational error without SQLSTATE was made by the client: the server is gone."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(_LOST_CLASSES)


def _numbered(statement: str) -> bytes:
    # Statements of this package are written with `?` and hold no other question mark and no percent
    # sign. As bytes, because psycopg takes text only as a literal, to keep values out of it.
    return statement.replace("?", "%s").encode()
