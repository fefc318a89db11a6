"""Where does a replay keep its documents? In memory while few, in a passing file beyond that."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from weakref import finalize

from uitvoering.errors import BusyError
from uitvoering.persistence.view_documents import S, Stored

MOST_IN_MEMORY = 2_000
"""Documents; some tens of megabytes of them."""
_AT_ONCE = 500

_TABLE = (
    "CREATE TABLE document (kind text NOT NULL, key text NOT NULL, document text NOT NULL,"
    " PRIMARY KEY (kind, key))"
)
_WRITE = "INSERT OR REPLACE INTO document (kind, key, document) VALUES (?, ?, ?)"
_READ = "SELECT document FROM document WHERE kind = ? AND key = ?"
_TEXTS = "SELECT kind, key, document FROM document ORDER BY kind, key"
_READ_ALL = "SELECT key, document FROM document WHERE kind = ? ORDER BY key"


class ScratchFailedError(BusyError):
    code = "scratch-failed"
    message = "a replay cannot keep its documents: {cause}; make room for temporary files"


class ScratchDocuments:
    """Documents of one replay; gone with the last who holds them, and after a crash.

    ScratchFailedError where its file fails.
    """

    def __init__(self) -> None:
        self._recent: dict[tuple[str, str], Any] = {}
        self._changed: set[tuple[str, str]] = set()
        self._file: sqlite3.Connection | None = None

    def get(self, model: type[S], key: str) -> S | None:
        place = (model.VIEW, key)
        if place not in self._recent and self._file is not None:
            row = next(_rows(self._file, _READ, place), None)
            self._remember(place, None if row is None else model.model_validate_json(row[0]))
        found: S | None = self._recent.get(place)
        return found

    def put(self, key: str, document: Stored) -> None:
        place = (document.VIEW, key)
        self._remember(place, document)
        self._changed.add(place)

    def all(self, model: type[S]) -> Iterator[tuple[str, S]]:
        """Every document of the kind, in key order."""
        if self._file is None:
            for (kind, key), document in sorted(self._recent.items(), key=lambda item: item[0]):
                if kind == model.VIEW:
                    yield key, document
            return
        self._spill(self._file)
        for key, document in _rows(self._file, _READ_ALL, (model.VIEW,)):
            yield key, model.model_validate_json(document)

    def hold(self, texts: Iterable[tuple[str, str, str]]) -> None:
        """Kind, key and document as text, as they come: nothing is said of what is in them."""
        file = self._opened()
        self._spill(file)
        _write(file, texts)

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Every document as it would be stored, by kind and key."""
        if self._file is None:
            for (kind, key), document in sorted(self._recent.items(), key=lambda item: item[0]):
                if document is not None:
                    yield kind, key, document.model_dump_json()
            return
        self._spill(self._file)
        yield from _rows(self._file, _TEXTS)

    def _remember(self, place: tuple[str, str], document: Stored | None) -> None:
        if len(self._recent) >= MOST_IN_MEMORY:
            self._spill(self._opened())
        self._recent[place] = document

    def _opened(self) -> sqlite3.Connection:
        if self._file is None:
            # An empty name is a private file of SQLite's own: it keeps what fits in its cache,
            # and the system removes the rest, also after a crash.
            with _explained():
                self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
                self._file.execute(_TABLE)
            finalize(self, self._file.close)
        return self._file

    def _spill(self, file: sqlite3.Connection) -> None:
        changed = ((*p, self._recent[p].model_dump_json()) for p in sorted(self._changed))
        _write(file, changed)
        self._changed.clear()
        self._recent.clear()


def _write(file: sqlite3.Connection, texts: Iterable[tuple[str, str, str]]) -> None:
    coming = iter(texts)
    # What goes wrong where they come from is no failure of this file.
    while rows := list(islice(coming, _AT_ONCE)):
        with _explained():
            file.execute("BEGIN")
            file.executemany(_WRITE, rows)
            file.execute("COMMIT")


def _rows(file: sqlite3.Connection, statement: str, values: Sequence[str] = ()) -> Iterator[Any]:
    with _explained():
        yield from file.execute(statement, values)


@contextmanager
def _explained() -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ScratchFailedError(cause=error) from error
