"""What belongs in a backup, and over which bytes is its digest taken? The same for both stores."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import orjson

from uitvoering.errors import StateUnreadableError
from uitvoering.persistence.recorder import Recorder, positioned
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.transactions import Row, Statements

Progress = Callable[[int, int], None]
"""Called with how far it is and where it ends: positions, or parts of a file."""

EVENT_COLUMNS = ("position", "originator_id", "originator_version", "topic", "state", "event_id")
_EVENTS = (
    f"SELECT {', '.join(EVENT_COLUMNS)} FROM event WHERE position > ? ORDER BY position LIMIT ?"
)
PAGE = 500
"""Rows; what is in memory at any time."""


@dataclass(frozen=True)
class Table:
    """A table beside the events that cannot be made from them again; read in order of its key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


ANSWERS = Table(
    "idempotency", ("caller", "key", "fingerprint", "outcome", "recorded_at"), ("caller", "key")
)
BESIDE = (
    ANSWERS,
    Table(
        "token",
        (
            *("id", "sha256", "organisation", "level", "roles", "pseudonym"),
            *("created_at", "expires_at", "revoked_at"),
        ),
        ("id",),
    ),
)
"""Stored views are not among them: they are made again from the events."""


@dataclass(frozen=True)
class Tally:
    """What was counted; two copies with the same tally hold the same."""

    events: int
    first_position: int
    last_position: int
    sha256: str
    """Over all events in the order of their positions; docs/operations.md says how."""
    beside_sha256: str
    """The same over the tables beside the events."""


BYTEWISE = ' COLLATE "C"'
"""PostgreSQL would order a key as its language does; SQLite orders by bytes by itself."""


class Content:
    """What one transaction sees, its own writes too; a page in memory at a time."""

    def __init__(self, statements: Statements, *, bytewise: str = "") -> None:
        self._statements = statements
        self._bytewise = bytewise

    def events(self) -> Iterator[Row]:
        """Position, stream, version, topic, state and event id, in the order of positions."""
        after, full = 0, True
        while full:
            page = self.page(after)
            yield from page
            full = len(page) == PAGE
            after = page[-1][0] if page else after

    def page(self, after: int) -> list[Row]:
        return self._statements.all(_EVENTS, (after, PAGE))

    def beside(self, table: Table) -> Iterator[Row]:
        order = ", ".join(f"{column}{self._bytewise}" for column in table.key)
        source = f"{', '.join(table.columns)} FROM {table.name} {self.only(table)}"
        return self._statements.each(f"SELECT {source} ORDER BY {order}")

    def only(self, _table: Table) -> str:
        """Which rows of a table beside the events; all of them."""
        return ""

    def last_position(self) -> int:
        row = self._statements.one("SELECT max(position) FROM event")
        return 0 if row is None else row[0] or 0


class BelowTheHorizon(Content):
    """What a tailing reader may see: never a row that a lower position may still come before."""

    def __init__(self, statements: Statements, recorder: Recorder) -> None:
        super().__init__(statements, bytewise=BYTEWISE)
        self._recorder = recorder

    def page(self, after: int) -> list[Row]:
        return self._recorder.rows(self._statements, after, None, PAGE)

    def only(self, table: Table) -> str:
        return _ANSWERED_BELOW if table is ANSWERS else ""


# An answer rides in the transaction of its events, so it is below the horizon when they are. The
# number of that transaction is its `xmin`, and age() orders two of them across a wraparound.
_ANSWERED_BELOW = (
    "WHERE (SELECT writers = 'serial' FROM event_order)"
    " OR age(xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"
)


class Counting:
    """Counts and hashes rows while they pass by."""

    def __init__(self) -> None:
        self._events, self._first, self._last = 0, 0, 0
        self._sha, self._beside_sha = hashlib.sha256(), hashlib.sha256()

    def events(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            position, stream, version, topic, state, event_id = row
            try:
                head = [position, stream, version, topic, event_id, len(state)]
                self._sha.update(orjson.dumps(head) + b"\n" + state + b"\n")
            except TypeError as error:
                cause = type(error).__name__
                raise StateUnreadableError(stream=stream, version=version, cause=cause) from error
            self._events += 1
            self._first = self._first or position
            self._last = position
            yield row

    def beside(self, table: Table, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._beside_sha.update(orjson.dumps([table.name, *row]) + b"\n")
            yield row

    def tally(self) -> Tally:
        return Tally(
            events=self._events,
            first_position=self._first,
            last_position=self._last,
            sha256=self._sha.hexdigest(),
            beside_sha256=self._beside_sha.hexdigest(),
        )


def pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while page := list(islice(left, PAGE)):
        yield page


class Watched:
    """Tells how far a row stands on the way to the last one, once a page."""

    def __init__(self, last: int, progress: Progress | None) -> None:
        self._last, self._progress = last, progress

    def __call__(self, rows: Iterable[Row]) -> Iterator[Row]:
        for n, row in enumerate(rows):
            if self._progress is not None and n % PAGE == 0:
                self._progress(row[0], max(self._last, row[0]))
            yield row


def tallied(
    content: Content, progress: Progress | None = None, mapper: FactMapper | None = None
) -> Tally:
    """Reads all of it; with a mapper every event is decoded too, or `TamperedError`."""
    counting = Counting()
    for row in Watched(content.last_position(), progress)(counting.events(content.events())):
        if mapper is not None:
            mapper.to_domain_event(positioned(row)[1])
    for table in BESIDE:
        for _ in counting.beside(table, content.beside(table)):
            pass
    return counting.tally()
