"""Somebody with the database in his hands: what the product forbids, he switches off first."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Any

import orjson
import psycopg

_SQLITE_GUARDS = ("event_is_not_changed", "event_is_not_removed", "event_is_next_in_line")
_ASIDE = 2**40
"""A position nobody uses."""


class Intruder:
    """As the owner of the tables, from outside the product."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """One statement with the guards down; `?` for a value."""
        with self._open() as ask:
            found: list[tuple[Any, ...]] = ask(statement, values)
        return found

    def state(self, position: int) -> dict[str, Any]:
        [(state,)] = self("SELECT state FROM event WHERE position = ?", position)
        found: dict[str, Any] = orjson.loads(bytes(state))
        return found

    def rewrite(self, position: int, state: dict[str, Any]) -> None:
        """With the bytes the product itself would have written."""
        self.put(position, orjson.dumps(state, option=orjson.OPT_SORT_KEYS))

    def put(self, position: int, state: bytes) -> None:
        self("UPDATE event SET state = ? WHERE position = ?", state, position)

    def swap(self, one: int, other: int) -> None:
        for old, new in ((one, _ASIDE), (other, one), (_ASIDE, other)):
            self("UPDATE event SET position = ? WHERE position = ?", new, old)

    def insert(self, position: int, like: int, stream: str, event_id: str) -> None:
        """An event as good as any, of a stream and under an id of its own."""
        state = self.state(like) | {
            "originator_id": stream,
            "originator_version": 1,
            "event_id": event_id,
        }
        [(topic,)] = self("SELECT topic FROM event WHERE position = ?", like)
        columns = "position, originator_id, originator_version, topic, state, event_id"
        written = orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
        row = (position, stream, 1, topic, written, event_id)
        self(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?)", *row)

    def skip_positions(self, count: int) -> None:
        """A gap, as a transaction that was rolled back leaves one."""
        if self._url.startswith("sqlite"):
            self("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'event'", count)
        else:
            sequence = "pg_get_serial_sequence('event', 'position')"
            self(f"SELECT setval({sequence}, (SELECT max(position) FROM event) + ?)", count)

    @contextmanager
    def _open(self) -> Generator[Any]:
        if self._url.startswith("sqlite"):
            file = self._url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(file)) as connection, connection:
                for guard in _SQLITE_GUARDS:
                    connection.execute(f"DROP TRIGGER IF EXISTS {guard}")
                yield lambda statement, values: connection.execute(statement, values).fetchall()
            return
        with psycopg.connect(self._url) as server:
            server.execute("ALTER TABLE event DISABLE TRIGGER USER")

            def ask(statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
                cursor = server.execute(statement.replace("?", "%s").encode(), values)
                return cursor.fetchall() if cursor.description else []

            yield ask
