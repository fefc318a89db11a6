"""One open transaction, as the tables see it: the same statements for both stores."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

Row = tuple[Any, ...]


class Statements(Protocol):
    """A placeholder is `?` in both stores; a value never enters the text of a statement."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        """The number of rows it touched."""
        ...

    def execute_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None: ...

    def one(self, statement: str, values: Sequence[Any] = ()) -> Row | None: ...

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Row]: ...

    def each(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Row by row as the store stood at the first, never the whole answer in memory."""
        ...

    def locked(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        """One row that nobody else changes before this transaction ends."""
        ...
