"""The twin of every figure: the bare driver, same table, same bytes, same durability."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.postgres_order import EVENT_LOCK
from uitvoering.persistence.serialisation import FactMapper

Row = tuple[str, int, str, bytes, str]
"""Stream, version, topic, state, event id: encoded before the clock runs."""
COLUMNS = "originator_id, originator_version, topic, state, event_id"
_TYPES = ("text", "bigint", "text", "bytea", "text")
_ARRAYS = ", ".join(f"%b::{kind}[]" for kind in _TYPES)
"""In the driver's own binary form, which is three times as fast as its text."""
# Lock and notice in the same round trip: what any append has to do whose readers hear of it and
# skip nothing.
_TAKING_TURNS = (
    f", (SELECT pg_advisory_xact_lock({EVENT_LOCK})) AS turn"
    ", (SELECT pg_notify('told', '')) AS bell"
)
_PAGE = 2000


def rows(events: Sequence[AnyRecorded]) -> list[Row]:
    mapper = FactMapper()
    stored = [mapper.to_stored_event(event) for event in events]
    return [
        (str(s.originator_id), s.originator_version, s.topic, s.state, s.event_id) for s in stored
    ]


class RawSQLite:
    """`executemany` in WAL mode with a synchronous commit."""

    def __init__(self, file: Path, table: str = "event") -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._insert = f"INSERT INTO {table} ({COLUMNS}) VALUES (?, ?, ?, ?, ?)"

    def make_bare(self) -> None:
        """The columns and keys of our table, without anything that guards them."""
        self._connection.execute(
            "CREATE TABLE bare (position integer PRIMARY KEY AUTOINCREMENT NOT NULL,"
            " originator_id text NOT NULL, originator_version integer NOT NULL,"
            " topic text NOT NULL, state blob NOT NULL, event_id text UNIQUE,"
            " UNIQUE (originator_id, originator_version))"
        )

    def append(self, given: Sequence[Row]) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        self._connection.executemany(self._insert, given)
        execute("COMMIT")

    def stream(self) -> Iterator[tuple[Any, ...]]:
        after = 0
        while page := self._connection.execute(
            f"SELECT position, {COLUMNS} FROM event WHERE position > ? ORDER BY position LIMIT ?",
            (after, _PAGE),
        ).fetchall():
            yield from page
            after = page[-1][0]

    def close(self) -> None:
        self._connection.close()


class RawPostgres:
    """Five typed arrays in one statement, committed with fsync."""

    def __init__(self, url: str, table: str = "event", *, in_turns: bool = True) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        turns = _TAKING_TURNS if in_turns else ""
        rows = f"unnest({_ARRAYS}) AS g"
        self._insert = f"INSERT INTO {table} ({COLUMNS}) SELECT g.* FROM {rows}{turns}".encode()

    def make_bare(self) -> None:
        """The columns and keys of our table, without anything that guards them."""
        self._connection.execute(
            'CREATE TABLE bare (position bigserial NOT NULL UNIQUE, originator_id text COLLATE "C"'
            " NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT"
            ' NULL, event_id text COLLATE "C" UNIQUE,'
            " PRIMARY KEY (originator_id, originator_version))"
        )

    def append(self, given: Sequence[Row]) -> None:
        arrays = [list(column) for column in zip(*given, strict=True)]
        self._connection.execute(self._insert, arrays, prepare=True, binary=True)

    def stream(self) -> Iterator[tuple[Any, ...]]:
        after = 0
        select = (
            f"SELECT position, {COLUMNS} FROM event WHERE position > %s ORDER BY position LIMIT %s"
        ).encode()
        while page := self._connection.execute(
            select, (after, _PAGE), prepare=True, binary=True
        ).fetchall():
            yield from page
            after = page[-1][0]

    def close(self) -> None:
        self._connection.close()
