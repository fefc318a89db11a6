"""How are events written and read back? What the SQLite and the PostgreSQL recorder share."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription

from uitvoering.persistence.serialisation import StoredFact
from uitvoering.persistence.subscription import WokenSubscription
from uitvoering.persistence.transactions import Row, Statements
from uitvoering.persistence.waking import Bell

# Columns are named in every statement: SQLite would give `rowid` back under the name `position`.
_STREAM = (
    "SELECT originator_id, originator_version, topic, state, event_id FROM event"
    " WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?"
    " ORDER BY originator_version {order} LIMIT ?"
)
_LOG = (
    "SELECT position, originator_id, originator_version, topic, state, event_id FROM event"
    " WHERE position > ? AND position <= ? AND {readable} {topics} ORDER BY position LIMIT ?"
)
_EVENT = (
    "SELECT position, originator_id, originator_version, topic, state, event_id FROM event"
    " WHERE event_id = ?"
)
_PLACE = (
    "SELECT position, event_id, state FROM event WHERE originator_id = ? AND originator_version = ?"
)
_LAST = "SELECT max(position) FROM event WHERE {readable}"
_COUNT = "SELECT count(*) FROM event WHERE topic IN ({topics})"
_OF_TOPICS = (
    "SELECT position, originator_id, originator_version, topic, state, event_id FROM event"
    " WHERE topic IN ({topics}) AND position > ? ORDER BY position"
)
_NO_LIMIT = 2**62


class Recorder(ApplicationRecorder):
    """One log of events with a position that only grows; an event, once there, never changes."""

    name: str
    """How the store is called in messages: its address without a password."""
    readable: ClassVar[str] = "true"
    """Which rows a reader that follows the log may see, so that none appears behind it later."""
    bell: Bell
    """Rings after every commit of this process and, once `listen` was called, of any other."""

    @abstractmethod
    def listen(self) -> None:
        """Hear the commits of other processes too, until `close`; again is no harm."""

    def horizon_age(self) -> float:
        """Seconds for which the oldest committed event has been kept from readers of the log."""
        return 0.0

    @abstractmethod
    def reading(self) -> AbstractContextManager[Statements]: ...

    @abstractmethod
    def writing(self) -> AbstractContextManager[Statements]:
        """Commits at the end, or rolls back when anything is raised."""

    def look(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of one statement, where nothing else is asked of the same moment."""
        with self.reading() as statements:
            return statements.all(statement, values)

    @abstractmethod
    def insert_within(self, statements: Statements, events: Sequence[StoredEvent]) -> list[int]:
        """Positions in order; IntegrityError when a version is there or one is skipped."""

    @abstractmethod
    def await_writers(self, statements: Statements) -> None:
        """Returns when every append that was under way has committed or failed."""

    def settle(self) -> None:
        """Makes final what became of a commit that was not confirmed, before it is looked for."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:
        """Write events, and with `remembered=` the answer to their request, in one transaction."""

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        rows = self.stream_rows(str(originator_id), gt, lte, limit=limit, desc=desc)
        return [_stored(row) for row in rows]

    def stream_rows(
        self,
        stream: str,
        after: int | None,
        until: int | None,
        *,
        limit: int | None = None,
        desc: bool = False,
    ) -> list[Row]:
        """Of one stream, also beyond what a tailing reader sees: version order is its own."""
        statement = _STREAM.format(order="DESC" if desc else "ASC")
        low, high = -1 if after is None else after, _NO_LIMIT if until is None else until
        values = (stream, low, high, _NO_LIMIT if limit is None else limit)
        return self.look(statement, values)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        after = (start or 0) - 1 if inclusive_of_start else (start or 0)
        with self.reading() as statements:
            rows = self.rows(statements, after, stop, limit, topics)
        return [
            Notification(
                originator_id=row[1],
                originator_version=row[2],
                topic=row[3],
                state=row[4],
                id=row[0],
            )
            for row in rows
        ]

    def max_notification_id(self) -> int | None:
        last: int | None = self.look(_LAST.format(readable=self.readable))[0][0]
        return last

    def last_recorded(self) -> int:
        """The highest position of all that is committed, also beyond what a reader may see yet."""
        last: int | None = self.look(_LAST.format(readable="true"))[0][0]
        return last or 0

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        self.listen()
        return WokenSubscription(self, self.bell, gt, topics)

    def rows(
        self,
        statements: Statements,
        after: int,
        until: int | None,
        limit: int,
        topics: Sequence[str] = (),
    ) -> list[Row]:
        """A page of the log: position, stream, version, topic, state, event id."""
        marks = ", ".join("?" * len(topics))
        wanted = f"AND topic IN ({marks})" if topics else ""
        statement = _LOG.format(readable=self.readable, topics=wanted)
        high = _NO_LIMIT if until is None else until
        return statements.all(statement, (after, high, *topics, limit))

    def select_event(self, event_id: str) -> tuple[int, StoredEvent] | None:
        rows = self.look(_EVENT, (event_id,))
        return positioned(rows[0]) if rows else None

    def count_of(self, topics: frozenset[str]) -> int:
        """How many events of these topics there are."""
        with self.reading() as statements:
            row = statements.one(_COUNT.format(topics=_listed(topics)))
        return 0 if row is None else row[0]

    @abstractmethod
    def count(self, until: int) -> int:
        """How many events there are up to and with a position."""

    def rows_of(self, topics: frozenset[str], after: int) -> list[Row]:
        """Every event of these topics that is committed, also beyond what a tailing reader sees."""
        with self.reading() as statements:
            return statements.all(_OF_TOPICS.format(topics=_listed(topics)), (after,))

    def positions_of(self, events: Sequence[StoredFact]) -> list[int] | None:
        """Where these very events stand; None when they are not all there. The answer is final.

        Another event in the place of one of ours is final as it stands; only for a place that is
        empty those are waited for who may be about to fill it.
        """
        with self.reading() as statements:
            positions, empty = _places_of(statements, events)
        if empty:
            with self.writing() as statements:
                self.await_writers(statements)
                positions, _ = _places_of(statements, events)
        return positions


def _places_of(
    statements: Statements, events: Sequence[StoredFact]
) -> tuple[list[int] | None, bool]:
    """The positions if all are ours, and whether that failed because a place is empty."""
    positions: list[int] = []
    for event in events:
        row = statements.one(_PLACE, (event.originator_id, event.originator_version))
        # By its bytes too: what opens an event is random, so one id may come with other bytes.
        if row is None or row[1] != event.event_id or bytes(row[2]) != event.state:
            return None, row is None
        positions.append(row[0])
    return positions, False


@cache
def _listed(topics: frozenset[str]) -> str:
    # As literals and in order: only so does a store know the condition of its partial index.
    return ", ".join(f"'{topic}'" for topic in sorted(topics))


def positioned(row: Row) -> tuple[int, StoredEvent]:
    """A row of the log as the mapper takes it."""
    return row[0], _stored(row[1:])


def _stored(row: Row) -> StoredEvent:
    stream, version, topic, state, event_id = row
    if event_id is None:
        # Written through the library's own interface, which knows no event id.
        return StoredEvent(stream, version, topic, state)
    return StoredFact(stream, version, topic, state, event_id)
