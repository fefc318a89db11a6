"""The store in one file: SQLite in WAL mode, every commit on disk before it is confirmed."""

import sqlite3
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent

from uitvoering.errors import (
    OutcomeUnknownError,
    SchemaMissingError,
    StoreAddressError,
    StoreCorruptError,
    StoreFullError,
    StoreLockedError,
    StoreUnreachableError,
    UitvoeringError,
)
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.transactions import Row, Statements

_BUSY_SECONDS = 5.0
_PRIMARY = 0xFF
"""The low byte of an extended result code is its kind (sqlite.org/rescode.html)."""
_DISK_CODES = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE}
)
_INSERT = (
    "INSERT INTO event (originator_id, originator_version, topic, state, event_id)"
    " VALUES (?, ?, ?, ?, ?)"
)


def connect(file: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection that waits for other writers and calls nothing durable before it is on disk."""
    if file.is_dir():
        raise StoreAddressError(store=file)
    if not create and not file.exists():
        raise SchemaMissingError(store=file)
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,  # transactions are begun by us: the driver's begin deferred
        check_same_thread=False,  # a connection serves one thread at a time, through the pool
    )
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def explanation(error: sqlite3.Error, store: str) -> UitvoeringError | None:
    """What the driver's error means to a caller; None when we cannot tell."""
    # An error of the driver itself, such as a closed connection, carries no result code.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    if code in _DISK_CODES:
        return StoreFullError(store=store)
    match code & _PRIMARY:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLockedError(store=store)
        case sqlite3.SQLITE_READONLY:
            return StoreFullError(store=store)
        case sqlite3.SQLITE_CORRUPT:
            return StoreCorruptError(store=store)
        case sqlite3.SQLITE_NOTADB:
            return StoreAddressError(store=store)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR:
            return StoreUnreachableError(store=store)
        case _:
            return None


class SQLiteStatements:
    """One transaction on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        return self._connection.execute(statement, values).rowcount

    def execute_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self._connection.executemany(statement, rows)

    def one(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        row: Row | None = self._connection.execute(statement, values).fetchone()
        return row

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    def each(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        yield from self._connection.execute(statement, values)

    def locked(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        # There is one writer in the whole file, and this transaction is it.
        return self.one(statement, values)


class SQLiteRecorder(Recorder):
    """Readers never wait for the writer; writers of one process take turns before the file lock."""

    def __init__(self, file: Path) -> None:
        self.name = f"sqlite:///{file}"
        self._file = file
        self._turn = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def reading(self) -> Generator[Statements]:
        with self._explained(), self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield SQLiteStatements(connection)
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Generator[Statements]:
        if not self._turn.acquire(timeout=_BUSY_SECONDS):
            raise StoreLockedError(store=self.name)
        try:
            with self._explained(), self._connection() as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield SQLiteStatements(connection)
                    self._commit(connection)
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        finally:
            self._turn.release()

    def insert_within(self, statements: Statements, events: Sequence[StoredEvent]) -> list[int]:
        if not events:
            return []
        statements.execute_many(
            _INSERT,
            [
                (
                    str(event.originator_id),
                    event.originator_version,
                    event.topic,
                    event.state,
                    getattr(event, "event_id", None),
                )
                for event in events
            ],
        )
        # Positions of one write transaction follow each other: nobody else writes meanwhile.
        row = statements.one("SELECT last_insert_rowid()")
        last = row[0] if row else 0
        return list(range(last - len(events) + 1, last + 1))

    def await_writers(self, statements: Statements) -> None:
        """Nothing to wait for: this transaction began when the last writer had ended."""

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _commit(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if isinstance(explanation(error, self.name), StoreFullError | StoreLockedError):
                raise
            raise OutcomeUnknownError(store=self.name) from error

    @contextmanager
    def _connection(self) -> Generator[sqlite3.Connection]:
        if self._closed:
            raise StoreUnreachableError(store=self.name)
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self._file)
        try:
            yield connection
        except sqlite3.OperationalError:
            connection.close()
            raise
        except BaseException:
            self._put_back(connection)
            raise
        self._put_back(connection)

    def _put_back(self, connection: sqlite3.Connection) -> None:
        if self._closed or connection.in_transaction:
            connection.close()
        else:
            self._idle.append(connection)

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except sqlite3.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        except sqlite3.Error as error:
            explained = explanation(error, self.name)
            if explained is None:
                raise
            raise explained from error
