"""The store on a server: PostgreSQL, one round trip per append, every wait with a deadline."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from psycopg_pool import ConnectionPool, PoolTimeout

from uitvoering.errors import OutcomeUnknownError
from uitvoering.persistence.idempotency import KEPT, Remembered, as_moment, as_text
from uitvoering.persistence.postgres_arrays import BigintArray, ByteaArray, TextArray
from uitvoering.persistence.postgres_errors import explanation, is_lost
from uitvoering.persistence.postgres_listening import CHANNEL, Listener
from uitvoering.persistence.postgres_order import EVENT_LOCK, HORIZON
from uitvoering.persistence.postgres_statements import (
    DEADLINES,
    WAIT_SECONDS,
    Connection,
    PostgresReading,
    PostgresStatements,
    prepare,
)
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.serialisation import StoredFact
from uitvoering.persistence.transactions import Row, Statements
from uitvoering.persistence.waking import Bell

_MANY = "%s, %s, %s, %s, %s"
# The driver writes five values faster than five arrays of one; the server makes the arrays.
_ONE = "ARRAY[%s::text], ARRAY[%s::bigint], ARRAY[%s::text], ARRAY[%s::bytea], ARRAY[%s::text]"
_ANSWER = ", %s, %s, %s, %s, %s, %s"
_APPEND = {
    (one, answered): f"SELECT append_event({_ONE if one else _MANY}{_ANSWER * answered})".encode()
    for one in (True, False)
    for answered in (True, False)
}
_WITHHELD = (
    "SELECT state, clock_timestamp() FROM event WHERE position >= (SELECT event_horizon())"
    " ORDER BY position LIMIT 1"
)
_COUNT = (
    "SELECT count(*), max(position) FROM (SELECT position FROM event"
    " WHERE position > ? AND position <= ? ORDER BY position LIMIT ?) AS step"
)
_COUNTED_AT_ONCE = 100_000
"""Well within the time a statement may take, also where each has to be read from a disk."""
T = TypeVar("T")


def address_shown(url: str) -> str:
    """The address without its password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{user}{host}{parts.path}"


class PostgresRecorder(Recorder):
    """One pool per process; what was lost with a connection is done again on a fresh one, once."""

    readable = HORIZON

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.name = address_shown(url)
        self.bell = Bell()
        self._url = url
        self._listener: Listener | None = None
        self._listening = Lock()
        # Connections are not asked whether they live before each use: that is a round trip.
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            min_size=1,
            max_size=pool_size,
            timeout=WAIT_SECONDS,
            reconnect_timeout=WAIT_SECONDS,
            configure=prepare,
            kwargs={"autocommit": True, **DEADLINES},
            open=True,
        )

    @contextmanager
    def reading(self) -> Generator[Statements]:
        with (
            self._explained(),
            closing(PostgresReading(self._asked, self._transaction)) as reading,
        ):
            yield reading

    @contextmanager
    def writing(self) -> Generator[Statements]:
        with self._explained(), self._transaction() as connection:
            yield PostgresStatements(connection)
            self._commit(connection)
            self.bell.ring()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:
        """One statement, one round trip.

        When the connection was lost it is not known whether it happened, and it is sent again: an
        append that was there already, or is still under way, is met as a repeated event.
        """
        remembered: Remembered | None = kwargs.get("remembered")
        with self._explained():
            try:
                connection = self._pool.getconn()
                try:
                    positions = self._append(connection, stored_events, remembered)
                finally:
                    self._pool.putconn(connection)
            except psycopg.Error as error:
                if not is_lost(error):
                    raise
                positions = self._appended_again(stored_events, remembered, error)
        self.bell.ring()
        return positions

    def insert_within(self, statements: Statements, events: Sequence[StoredEvent]) -> list[int]:
        statement = _APPEND[False, False].decode().replace("%s", "?")
        row = statements.one(statement, _columns(events))
        return _positions(row, events)

    def await_writers(self, statements: Statements) -> None:
        statements.one("SELECT pg_advisory_xact_lock(?)", (EVENT_LOCK,))

    def count(self, until: int) -> int:
        counted, step, after = 0, _COUNTED_AT_ONCE, 0
        while step == _COUNTED_AT_ONCE:
            ((step, after),) = self.look(_COUNT, (after, until, _COUNTED_AT_ONCE))
            counted += step
        return counted

    def listen(self) -> None:
        with self._listening:
            if self._listener is None:
                self._listener = Listener(self._connect, self.bell)

    def horizon_age(self) -> float:
        rows = self.look(_WITHHELD)
        if not rows:
            return 0.0
        state, now = rows[0]
        age: float = (now - as_moment(orjson.loads(state)["timestamp"])).total_seconds()
        return max(0.0, age)

    def close(self) -> None:
        with self._listening:
            if self._listener is not None:
                self._listener.stop()
        self._pool.close()

    def _connect(self) -> Connection:
        return psycopg.connect(self._url, autocommit=True, **DEADLINES)

    def _append(
        self, connection: Connection, events: Sequence[StoredEvent], remembered: Remembered | None
    ) -> list[int]:
        one = len(events) == 1
        values = _row(events[0]) if one else _columns(events)
        if remembered is not None:
            values += (
                remembered.caller,
                remembered.key,
                remembered.fingerprint,
                remembered.outcome_json,
                as_text(remembered.recorded_at),
                as_text(remembered.recorded_at - KEPT),
            )
        statement = _APPEND[one, remembered is not None]
        found = connection.execute(statement, values, prepare=True, binary=True)
        return _positions(found.fetchone(), events)

    def _appended_again(
        self, events: Sequence[StoredEvent], remembered: Remembered | None, lost: psycopg.Error
    ) -> list[int]:
        try:
            self._pool.check()
            with self._pool.connection() as connection:
                return self._append(connection, events, remembered)
        except psycopg.IntegrityError:
            facts = [event for event in events if isinstance(event, StoredFact)]
            ours = self.positions_of(facts) if facts and len(facts) == len(events) else None
            if ours is None:
                raise
            return ours
        except (psycopg.Error, PoolTimeout) as error:
            if isinstance(error, PoolTimeout) or is_lost(error):
                raise OutcomeUnknownError(store=self.name) from lost
            raise

    def _asked(self, ask: Callable[[Connection], T]) -> T:
        def once() -> T:
            with self._pool.connection() as connection:
                return ask(connection)

        return self._again(once)

    def _again(self, harmless: Callable[[], T]) -> T:
        try:
            return harmless()
        except psycopg.Error as error:
            if not is_lost(error):
                raise
        # What happened to one connection while it was idle happened to its neighbours too.
        self._pool.check()
        return harmless()

    @contextmanager
    def _transaction(self) -> Generator[Connection]:
        """On a connection that lives; rolled back when anything is raised."""
        connection = self._again(self._begun)
        try:
            with connection:
                yield connection
        finally:
            self._pool.putconn(connection)

    def _begun(self) -> Connection:
        connection = self._pool.getconn()
        try:
            connection.execute("BEGIN")
        except BaseException:
            self._pool.putconn(connection)
            raise
        return connection

    def _commit(self, connection: Connection) -> None:
        try:
            connection.execute(f"NOTIFY {CHANNEL}; COMMIT".encode())
        except psycopg.Error as error:
            if is_lost(error):
                raise OutcomeUnknownError(store=self.name) from error
            raise

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except psycopg.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        except (psycopg.Error, PoolTimeout) as error:
            explained = explanation(error, self.name)
            if explained is None:
                raise
            raise explained from error


def _row(event: StoredEvent) -> tuple[Any, ...]:
    return (
        str(event.originator_id),
        event.originator_version,
        event.topic,
        event.state,
        getattr(event, "event_id", None),
    )


def _columns(events: Sequence[StoredEvent]) -> tuple[Any, ...]:
    return (
        TextArray([str(event.originator_id) for event in events]),
        BigintArray([event.originator_version for event in events]),
        TextArray([event.topic for event in events]),
        ByteaArray([event.state for event in events]),
        TextArray([getattr(event, "event_id", None) for event in events]),
    )


def _positions(row: Row | None, events: Sequence[StoredEvent]) -> list[int]:
    if row is None or not events:
        return []
    first: int = row[0]
    return list(range(first, first + len(events)))
