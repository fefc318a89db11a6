"""What does a stored view hold? A document per subject, read one by one, written by folding."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Protocol, Self, TypeVar

from uitvoering.errors import ViewBehindError
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.transactions import Statements

_READ = "SELECT document FROM view_document WHERE generation = ? AND kind = ? AND key = ?"
_READ_PAGE = (
    "SELECT key, document FROM view_document WHERE generation = ? AND kind = ? AND key > ?"
    " ORDER BY key LIMIT ?"
)
_IS_LIVE = "SELECT 1 FROM view_generation WHERE generation = ? AND live = 1"
_PAGE = 200
"""Documents read at a time: between two pages no connection is held."""
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


class StoredDocuments:
    """The live documents, for reading; each call sees the store as it is at that moment.

    What is not found in a generation that was replaced meanwhile is looked for in the one that
    replaced it: nothing is taken for unknown because a rebuild or a newer version switched.
    """

    def __init__(self, recorder: Recorder, reached: Callable[[str], int]) -> None:
        self._recorder = recorder
        self._reached = reached
        """Gives the live generation of a kind, once it holds all it has to."""
        self._generations: dict[str, int] = {}

    def get(self, model: type[S], key: str) -> S | None:
        for _ in range(2):
            generation = self._generation(model.VIEW)
            rows = self._recorder.look(_READ, (generation, model.VIEW, key))
            if rows:
                return model.model_validate_json(rows[0][0])
            if self._is_live(generation):
                return None
            del self._generations[model.VIEW]
        raise ViewBehindError(view=model.VIEW, position=0)

    def put(self, key: str, document: Stored) -> None:
        raise PermissionError(f"{document.VIEW} {key}: stored documents are written by folding")

    def all(self, model: type[S]) -> Iterator[tuple[str, S]]:
        """In key order, each as it stands when its page is read.

        ViewBehindError when a rebuild switches meanwhile: half of one and half of another is no
        answer.
        """
        generation, after = self._generation(model.VIEW), ""
        while True:
            rows = self._recorder.look(_READ_PAGE, (generation, model.VIEW, after, _PAGE))
            if not self._is_live(generation):
                self._generations.pop(model.VIEW, None)
                if after:
                    raise ViewBehindError(view=model.VIEW, position=0)
                yield from self.all(model)
                return
            for key, document in rows:
                yield key, model.model_validate_json(document)
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    def _generation(self, kind: str) -> int:
        if kind not in self._generations:
            self._generations[kind] = self._reached(kind)
        return self._generations[kind]

    def _is_live(self, generation: int) -> bool:
        return bool(self._recorder.look(_IS_LIVE, (generation,)))


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
