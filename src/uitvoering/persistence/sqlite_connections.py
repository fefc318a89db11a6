"""Connections to one SQLite file that lose nothing, and what their errors mean."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from uitvoering.errors import (
    JournalModeError,
    SchemaMissingError,
    StoreAddressError,
    StoreCorruptError,
    StoreFullError,
    StoreLockedError,
    StoreUnreachableError,
    UitvoeringError,
)
from uitvoering.persistence.store_errors import StoreReadOnlyError
from uitvoering.persistence.transactions import Row

BUSY_SECONDS = 5.0
_LONG_LOG = 64 * 1024 * 1024
"""Bytes the write-ahead log may keep on disk once everything in it stands in the file itself."""
_PRIMARY = 0xFF
"""The low byte of an extended result code is its kind (sqlite.org/rescode.html)."""
_DISK_CODES = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
_COLUMNS = 5
_INSERTS = tuple(
    (
        rows * _COLUMNS,
        "INSERT INTO event (originator_id, originator_version, topic, state, event_id) VALUES "
        + ", ".join(["(?, ?, ?, ?, ?)"] * rows),
    )
    for rows in (64, 32, 16, 8, 4, 2, 1)
)
"""The number of values and the statement that takes them. One statement for many rows opens one
undo journal for all of them, where a table with a trigger otherwise opens one for each row, and
the driver lets other threads in between statements only. Few sizes, so that all stay prepared."""


def connect(file: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection that waits for other writers and calls nothing durable before it is on disk."""
    try:
        if file.is_dir():
            raise StoreAddressError(store=file)
        if not create and not file.exists():
            raise SchemaMissingError(store=file)
    except OSError as error:  # a folder that is closed to us, or whose disk does not answer
        raise StoreUnreachableError(store=f"sqlite:///{file}") from error
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,  # transactions are begun by us: the driver's begin deferred
        check_same_thread=False,  # a connection serves one thread at a time, through the pool
    )
    try:
        if not create:
            _refuse_other_mode(connection, file)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # A log that one long reader made grow gives its room back after that.
        connection.execute(f"PRAGMA journal_size_limit={_LONG_LOG}")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_other_mode(connection: sqlite3.Connection, file: Path) -> None:
    # In any other mode a reader stops the writer. The mode belongs to the file: `migrate` sets it.
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        raise JournalModeError(store=f"sqlite:///{file}")


def explanation(error: sqlite3.Error, store: str) -> UitvoeringError | None:
    """What the driver's error means to a caller; None when we cannot tell."""
    # An error of the driver itself, such as a closed connection, carries no result code.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    if code in _DISK_CODES:
        return StoreFullError(store=store)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:  # away while it was open
        return StoreUnreachableError(store=store)
    match code & _PRIMARY:
        # The last of these: nobody let it begin for ten seconds.
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return StoreLockedError(store=store)
        case sqlite3.SQLITE_READONLY:
            return StoreReadOnlyError(store=store)
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

    def append(self, values: Sequence[Any]) -> int:
        """Rows of events, value after value in the order of the columns; the last one's position.

        Positions of one call follow each other: nobody else writes meanwhile.
        """
        last, start = 0, 0
        for width, statement in _INSERTS:
            while len(values) - start >= width:
                given = values[start : start + width]
                last = self._connection.execute(statement, given).lastrowid or 0
                start += width
        return last

    def locked(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        # There is one writer in the whole file, and this transaction is it.
        return self.one(statement, values)


class Connections:
    """Open connections to one file that nobody uses just now."""

    def __init__(self, file: Path, store: str, seen: threading.Event) -> None:
        """`seen` is set once the file was there, for all who share it."""
        self._file = file
        self._seen = seen
        self._store = store
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    def borrow(self) -> "Borrowed":
        """For a `with`: whatever was begun there and not committed is undone at its end."""
        return Borrowed(self)

    def take(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreUnreachableError(store=self._store)
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            connection = connect(self._file)
        except SchemaMissingError as error:
            if not self._seen.is_set():
                raise
            # It was there when the store was opened: away now, not never made.
            raise StoreUnreachableError(store=self._store) from error
        self._seen.set()
        return connection

    def give_back(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()
            return
        self._idle.append(connection)
        if self._closed:
            self.close()

    def close(self) -> None:
        """Those in use are closed when they are given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()


class Borrowed:
    """A class and no generator, because every read and every save goes through it."""

    __slots__ = ("_connection", "_connections")

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def __enter__(self) -> sqlite3.Connection:
        self._connection = self._connections.take()
        return self._connection

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, sqlite3.OperationalError):
            self._connection.close()  # the file may be gone or another: the next one opens anew
        else:
            self._connections.give_back(self._connection)
