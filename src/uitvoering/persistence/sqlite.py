"""The store in one file: SQLite in WAL mode, every commit on disk before it is confirmed."""

import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent

from uitvoering.errors import (
    OutcomeUnknownError,
    StoreFullError,
    StoreLockedError,
    UitvoeringError,
)
from uitvoering.persistence.group_commit import Batch, Line, Save, Turn
from uitvoering.persistence.idempotency import remember_within
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.sqlite_connections import (
    BUSY_SECONDS,
    Connections,
    SQLiteStatements,
    connect,
    explanation,
)
from uitvoering.persistence.store_errors import StoreReadOnlyError
from uitvoering.persistence.transactions import Row, Statements
from uitvoering.persistence.waking import Bell, Look, Watch

# The plus keeps it from walking the rows themselves: an index is a fifteenth of the work.
_COUNT = "SELECT count(*) FROM event WHERE +position <= ?"


class SQLiteRecorder(Recorder):
    """Readers never wait for the writer; writers of one process take turns before the file lock."""

    def __init__(self, file: Path) -> None:
        self.name = f"sqlite:///{file}"
        self.bell = Bell()
        self._file = file
        self._line = Line()
        # Apart, because the pages a writer keeps in memory stay good as long as it alone writes.
        seen = threading.Event()
        self._readers = Connections(file, self.name, seen)
        self._writers = Connections(file, self.name, seen)
        self._ears = threading.Lock()
        self._watch: Watch | None = None
        self._closed = False

    @contextmanager
    def reading(self) -> Generator[Statements]:
        with self._explained(), self._readers.borrow() as connection:
            connection.execute("BEGIN")
            yield SQLiteStatements(connection)

    @contextmanager
    def writing(self) -> Generator[Statements]:
        place = Turn()
        try:
            if not self._line.join(place, BUSY_SECONDS):
                raise StoreLockedError(store=self.name)
            with self._explained(), self._writers.borrow() as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield SQLiteStatements(connection)
                self._commit(connection)
                self.bell.ring()
        finally:
            self._line.leave(place)

    def look(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        # One statement is a transaction by itself: nothing to begin and nothing to end.
        with self._explained(), self._readers.borrow() as connection:
            return connection.execute(statement, values).fetchall()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:
        save = Save(_values(stored_events), len(stored_events), kwargs.get("remembered"))
        if not self._line.save(save, BUSY_SECONDS, self._write):
            raise StoreLockedError(store=self.name)
        if save.failure is not None:
            raise save.failure
        return save.positions

    def insert_within(self, statements: Statements, events: Sequence[StoredEvent]) -> list[int]:
        if not isinstance(statements, SQLiteStatements):
            raise TypeError(f"{statements} is no transaction of this store")
        last = statements.append(_values(events))
        return list(range(last - len(events) + 1, last + 1))

    def count(self, until: int) -> int:
        ((count,),) = self.look(_COUNT, (until,))
        return int(count)

    def settle(self) -> None:
        """Overwrites in the log of the file what a commit left there that failed while syncing.

        Nobody sees such a transaction, but a crash before the next write would bring it back.
        """
        with self.writing() as statements:
            statements.execute("PRAGMA user_version = 0")  # a page, written though nothing changed

    def await_writers(self, statements: Statements) -> None:
        """Nothing to wait for: this transaction began when the last writer had ended."""

    def listen(self) -> None:
        with self._ears:
            if self._watch is None and not self._closed:
                self._watch = Watch(self.bell, self._data_version)
                self._watch.start()

    def close(self) -> None:
        with self._ears:
            self._closed = True
        if self._watch is not None:
            self._watch.stop()
        self._readers.close()
        self._writers.close()

    def _write(self, batch: Batch) -> None:
        """All saves in one commit; each is settled by its own fate, never by another's."""
        committing = False
        try:
            with self._writers.borrow() as connection:
                self._insert_all(connection, batch)
                committing = True
                self._commit(connection)
        except Exception as error:  # noqa: BLE001 every caller raises it, each in its own thread
            self._fail(batch.saves, error)
        except BaseException as interruption:
            # Before the commit nothing is recorded, and the others begin again without this one.
            if committing:
                self._fail(batch.saves, interruption)
            raise
        else:
            for save in batch.saves:
                save.settled = True
            self.bell.ring()

    def _insert_all(self, connection: sqlite3.Connection, batch: Batch) -> None:
        statements = SQLiteStatements(connection)
        connection.execute("BEGIN IMMEDIATE")
        try:
            while saves := batch.more():
                _insert(statements, saves)
        except Exception:
            if len(batch.saves) == 1:
                raise
            # Somebody's save is refused: begin again and find out whose.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            for save in batch.saves:
                self._insert_apart(connection, save)

    def _insert_apart(self, connection: sqlite3.Connection, save: Save) -> None:
        connection.execute("SAVEPOINT save")
        try:
            _insert(SQLiteStatements(connection), [save])
        except Exception as error:
            if not connection.in_transaction:
                raise  # no refusal of one save: the transaction of all is gone
            connection.execute("ROLLBACK TO save")
            save.fail(self._told(error))
        connection.execute("RELEASE save")

    def _fail(self, batch: list[Save], error: BaseException) -> None:
        for save in batch:
            if not save.settled:
                save.fail(self._told(error))

    def _told(self, error: BaseException) -> Exception:
        """What a caller gets to hear; its own, for several threads raise theirs at once."""
        match error:
            case sqlite3.IntegrityError():
                told: Exception = IntegrityError(str(error))
            case sqlite3.Error():
                told = explanation(error, self.name) or type(error)(*error.args)
            case UitvoeringError():
                told = type(error)(**error.values)
            case Exception():
                return error  # of one save alone, such as a value the driver cannot take
            case _:
                told = OutcomeUnknownError(store=self.name)
        told.__cause__ = error
        return told

    def _commit(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            explained = explanation(error, self.name)
            if isinstance(explained, StoreFullError | StoreLockedError | StoreReadOnlyError):
                raise
            raise OutcomeUnknownError(store=self.name) from error

    @contextmanager
    def _data_version(self) -> Generator[Look]:
        """A number that changes when another connection commits, on one that never commits."""
        with closing(connect(self._file)) as connection:
            yield lambda: connection.execute("PRAGMA data_version").fetchone()

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


def _values(events: Sequence[StoredEvent]) -> list[Any]:
    values: list[Any] = []
    for event in events:
        values += (
            str(event.originator_id),
            event.originator_version,
            event.topic,
            event.state,
            getattr(event, "event_id", None),
        )
    return values


def _insert(statements: SQLiteStatements, batch: list[Save]) -> None:
    """All rows in the order of the line; each save learns the position of its last event."""
    if len(batch) == 1:
        last = statements.append(batch[0].values)
    else:
        last = statements.append([value for save in batch for value in save.values])
    for save in reversed(batch):
        save.last = last
        last -= save.count
    for save in batch:
        if save.remembered is not None:
            remember_within(statements, save.remembered)
