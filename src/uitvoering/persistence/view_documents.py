"""What does a stored view hold? A document per subject, read one by one, written by folding."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Protocol, Self, TypeVar

from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.transactions import Statements

_READ = (
    "SELECT document FROM view_document WHERE kind = ? AND key = ? AND generation ="
    " (SELECT generation FROM view_generation WHERE name = ? AND version = ? AND live = 1)"
)
_READ_ALL = (
    "SELECT key, document FROM view_document WHERE kind = ? AND generation ="
    " (SELECT generation FROM view_generation WHERE name = ? AND version = ? AND live = 1)"
    " ORDER BY key"
)
_READ_OWN = "SELECT document FROM view_document WHERE generation = ? AND kind = ? AND key = ?"
_READ_ALL_OWN = (
    "SELECT key, document FROM view_document WHERE generation = ? AND kind = ? ORDER BY key"
)
_WRITE = (
    "INSERT INTO view_document (generation, kind, key, document) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (generation, kind, key) DO UPDATE SET document = excluded.document"
)


class Stored(Protocol):
    """What a document must be to be kept here: the documents of the projections are."""

    VIEW: ClassVar[str]

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, /) -> Self: ...

    def model_dump_json(self) -> str: ...


S = TypeVar("S", bound=Stored)
Place = tuple[str, int]
"""Name and version of the view that holds documents of a kind."""


class StoredDocuments:
    """The live documents, for reading; each call sees the store as it is at that moment."""

    def __init__(self, recorder: Recorder, place: Callable[[str], Place]) -> None:
        self._recorder = recorder
        self._place = place

    def get(self, model: type[S], key: str) -> S | None:
        place = self._place(model.VIEW)
        with self._recorder.reading() as statements:
            row = statements.one(_READ, (model.VIEW, key, *place))
        return None if row is None else model.model_validate_json(row[0])

    def put(self, key: str, document: Stored) -> None:
        raise PermissionError(f"{document.VIEW} {key}: stored documents are written by folding")

    def all(self, model: type[S]) -> Iterator[tuple[str, S]]:
        """In key order, all from one moment: a rebuild that switches meanwhile is not seen."""
        place = self._place(model.VIEW)
        with self._recorder.reading() as statements:
            for key, document in statements.each(_READ_ALL, (model.VIEW, *place)):
                yield key, model.model_validate_json(document)


class PageDocuments:
    """The documents of one view while a page is folded: read once, written once at its end."""

    def __init__(self, statements: Statements, generation: int) -> None:
        self._statements = statements
        self._generation = generation
        self._known: dict[tuple[str, str], Any] = {}
        self._changed: set[tuple[str, str]] = set()
        self.store_failed = False
        """Whether an error came from the store: the fact being folded is not to blame."""

    def get(self, model: type[S], key: str) -> S | None:
        place = (model.VIEW, key)
        if place not in self._known:
            row = self._asked(_READ_OWN, (self._generation, *place))
            self._known[place] = None if row is None else model.model_validate_json(row[0])
        found: S | None = self._known[place]
        return found

    def put(self, key: str, document: Stored) -> None:
        place = (document.VIEW, key)
        self._known[place] = document
        self._changed.add(place)

    def all(self, model: type[S]) -> Iterator[tuple[str, S]]:
        """What was put is merged in, so that a fold sees its own work."""
        own = sorted(key for kind, key in self._changed if kind == model.VIEW)
        stored = self._asked_each(_READ_ALL_OWN, (self._generation, model.VIEW))
        for key, document in stored:
            while own and own[0] < key:
                yield own[0], self._known[model.VIEW, own.pop(0)]
            if own and own[0] == key:
                yield key, self._known[model.VIEW, own.pop(0)]
            else:
                yield key, model.model_validate_json(document)
        for key in own:
            yield key, self._known[model.VIEW, key]

    def write(self, statements: Statements) -> None:
        """Write what was put; `statements` may be of another transaction than the reads were."""
        if self._changed:
            rows = [
                (self._generation, *place, self._known[place].model_dump_json())
                for place in sorted(self._changed)
            ]
            statements.execute_many(_WRITE, rows)

    def _asked(self, statement: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        try:
            return self._statements.one(statement, values)
        except BaseException:
            self.store_failed = True
            raise

    def _asked_each(self, statement: str, values: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._statements.each(statement, values)
        except Exception:
            self.store_failed = True
            raise
