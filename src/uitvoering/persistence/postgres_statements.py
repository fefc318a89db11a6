"""How do the statements of this package reach PostgreSQL: in a transaction, or one by one?"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from typing import Any, TypeVar

import psycopg

from uitvoering.persistence import postgres_arrays
from uitvoering.persistence.transactions import Row

_PAGE = 500
WAIT_SECONDS = 5.0
# Also where a network drops what is sent: the timeouts of the server are of no use there.
DEADLINES: dict[str, Any] = {
    "connect_timeout": int(WAIT_SECONDS),
    "tcp_user_timeout": int(WAIT_SECONDS * 1000),
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 5,
}

_cursors = itertools.count()
"""Server-side cursors have names, and one transaction may read two at a time."""

Connection = psycopg.Connection[Row]
T = TypeVar("T")


def prepare(connection: Connection) -> None:
    """Settings of every connection: durable commits, and no wait without a deadline."""
    connection.execute(
        "SET default_transaction_isolation = 'read committed'; SET synchronous_commit = on;"
        " SET lock_timeout = '1s'; SET statement_timeout = '5s';"
        " SET idle_in_transaction_session_timeout = '60s'"
    )
    postgres_arrays.register(connection)


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
        return self._connection.execute(_numbered(statement), values, binary=True).fetchone()

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        # In text the driver would write out every byte of a stored state as two.
        return self._connection.execute(_numbered(statement), values, binary=True).fetchall()

    def each(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        with self._connection.cursor(name=f"each_{next(_cursors)}", binary=True) as cursor:
            cursor.itersize = _PAGE
            yield from cursor.execute(_numbered(statement), values)

    def locked(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        # Whoever holds it folds a whole page: worth a longer wait than an append. Less than a
        # statement may take, so that it is the lock that is told of.
        self.execute("SET LOCAL lock_timeout = '4s'")
        return self.one(f"{statement} FOR UPDATE", values)


class PostgresReading:
    """Each query by itself, in one round trip, until something needs a transaction around it."""

    def __init__(
        self,
        alone: Callable[[Callable[[Connection], Any]], Any],
        transaction: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._alone = alone
        self._transaction = transaction
        self._held = ExitStack()
        self._begun: PostgresStatements | None = None

    def one(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        return self._asked(lambda statements: statements.one(statement, values))

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._asked(lambda statements: statements.all(statement, values))

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        return self._together().execute(statement, values)

    def execute_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self._together().execute_many(statement, rows)

    def each(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        yield from self._together().each(statement, values)

    def locked(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        return self._together().locked(statement, values)

    def close(self) -> None:
        self._held.close()

    def _together(self) -> PostgresStatements:
        if self._begun is None:
            self._begun = PostgresStatements(self._held.enter_context(self._transaction()))
        return self._begun

    def _asked(self, ask: Callable[[PostgresStatements], T]) -> T:
        if self._begun is not None:
            return ask(self._begun)
        answer: T = self._alone(lambda connection: ask(PostgresStatements(connection)))
        return answer


@cache
def _numbered(statement: str) -> bytes:
    # Statements of this package are written with `?` and hold no other question mark and no percent
    # sign. As bytes, because psycopg takes text only as a literal, to keep values out of it.
    return statement.replace("?", "%s").encode()
