"""What do the stored read models hold? Documents folded from the events, each event exactly once.

A generation is one build of all documents by one version of the folds. Documents and position of
a generation are written in one transaction, so a crash or a second process never folds an event
twice; a rebuild makes a new generation beside the live one and switches in one transaction.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeVar

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.recorder import Recorder, positioned
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.transactions import Statements

PAGE = 500
"""Events folded in one transaction."""

_LIVE, _BUILDING = 1, 0
_GENERATION = "SELECT generation, position FROM view_generation WHERE version = ? AND live = ?"
_LOCK = "SELECT position FROM view_generation WHERE generation = ? AND live = ?"
_NEWEST = "SELECT max(version) FROM view_generation WHERE live = 1"
_READ = (
    "SELECT document FROM view_document WHERE view = ? AND key = ? AND generation ="
    " (SELECT generation FROM view_generation WHERE live = 1 AND version = ?)"
)
_READ_ALL = (
    "SELECT key, document FROM view_document WHERE view = ? AND generation ="
    " (SELECT generation FROM view_generation WHERE live = 1 AND version = ?) ORDER BY key"
)
_READ_BUILDING = "SELECT document FROM view_document WHERE generation = ? AND view = ? AND key = ?"
_READ_ALL_BUILDING = (
    "SELECT key, document FROM view_document WHERE generation = ? AND view = ? ORDER BY key"
)
_WRITE = (
    "INSERT INTO view_document (generation, view, key, document) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (generation, view, key) DO UPDATE SET document = excluded.document"
)

Progress = Callable[[int, int], None]
"""Called with the position reached and the last position there was at the start."""


class Stored(Protocol):
    """What a document must be to be kept here: the documents of the projections are."""

    VIEW: ClassVar[str]

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, /) -> Self: ...

    def model_dump_json(self) -> str: ...


S = TypeVar("S", bound=Stored)


class StoredDocuments:
    """The live documents, for reading; each call sees the store as it is at that moment."""

    def __init__(self, recorder: Recorder, version: int) -> None:
        self._recorder = recorder
        self._version = version

    def get(self, model: type[S], key: str) -> S | None:
        with self._recorder.reading() as statements:
            row = statements.one(_READ, (model.VIEW, key, self._version))
        return None if row is None else model.model_validate_json(row[0])

    def put(self, key: str, document: Stored) -> None:
        raise PermissionError(f"{document.VIEW} {key}: stored documents are written by folding")

    def all(self, model: type[S]) -> Iterator[tuple[str, S]]:
        """In key order, all from one moment: a rebuild that switches meanwhile is not seen."""
        with self._recorder.reading() as statements:
            for key, document in statements.each(_READ_ALL, (model.VIEW, self._version)):
                yield key, model.model_validate_json(document)


class PageDocuments:
    """The documents of one page while it is folded: read once, written once at its end."""

    def __init__(self, statements: Statements, generation: int) -> None:
        self._statements = statements
        self._generation = generation
        self._known: dict[tuple[str, str], Any] = {}
        self._changed: set[tuple[str, str]] = set()

    def get(self, model: type[S], key: str) -> S | None:
        place = (model.VIEW, key)
        if place not in self._known:
            row = self._statements.one(_READ_BUILDING, (self._generation, *place))
            self._known[place] = None if row is None else model.model_validate_json(row[0])
        found: S | None = self._known[place]
        return found

    def put(self, key: str, document: Stored) -> None:
        place = (document.VIEW, key)
        self._known[place] = document
        self._changed.add(place)

    def all(self, model: type[S]) -> Iterator[tuple[str, S]]:
        self.flush()
        rows = self._statements.each(_READ_ALL_BUILDING, (self._generation, model.VIEW))
        for key, document in rows:
            yield key, model.model_validate_json(document)

    def flush(self) -> None:
        if self._changed:
            rows = [
                (self._generation, *place, self._known[place].model_dump_json())
                for place in sorted(self._changed)
            ]
            self._statements.execute_many(_WRITE, rows)
            self._changed.clear()


Fold = Callable[[AnyRecorded, PageDocuments], None]


@dataclass(frozen=True)
class _Page:
    events: int
    position: int


class Views:
    """The stored documents of one store, by version of the folds that made them."""

    def __init__(self, recorder: Recorder, mapper: FactMapper) -> None:
        self._recorder = recorder
        self._mapper = mapper

    def position(self, version: int) -> int:
        """Tell the last event the live documents of this version hold; 0 when there are none."""
        with self._recorder.reading() as statements:
            row = statements.one(_GENERATION, (version, _LIVE))
        return 0 if row is None else row[1]

    def documents(self, version: int | None = None) -> StoredDocuments:
        """Give the documents of a version; of the newest live one when none is named."""
        if version is None:
            with self._recorder.reading() as statements:
                row = statements.one(_NEWEST)
            version = 0 if row is None else row[0]
        return StoredDocuments(self._recorder, version or 0)

    def catch_up(self, fold: Fold, version: int, progress: Progress | None = None) -> int:
        """Fold what is new into the live documents; the number of events folded by this call.

        A fold that fails stops here: the last whole page stays, nothing is skipped.
        """
        last = self._recorder.max_notification_id() or 0
        folded = 0
        if self.position(version) >= last:
            return folded
        while True:
            generation = self._generation(version, _LIVE)
            with self._recorder.writing() as statements:
                page = self._fold_page(statements, fold, generation, _LIVE)
            if page is None:
                continue  # a rebuild switched just now: go on with the generation it made
            folded += page.events
            if progress is not None:
                progress(page.position, last)
            if page.events < PAGE:
                return folded

    def rebuild(self, fold: Fold, version: int, progress: Progress | None = None) -> int:
        """Build all documents anew beside the live ones; the number of events folded by this call.

        Readers keep the live documents until the switch. A rebuild that was killed is resumed, and
        two at once share the work: each page is folded by one of them. Folds that have changed
        have a new version, so a build is never resumed by other folds than began it.
        """
        last = self._recorder.max_notification_id() or 0
        generation = self._generation(version, _BUILDING)
        folded, events = 0, PAGE
        while events == PAGE:
            with self._recorder.writing() as statements:
                page = self._fold_page(statements, fold, generation, _BUILDING)
                if page is None:
                    return folded  # the other rebuild of the two has switched
                events = page.events
                folded += events
                if events < PAGE:
                    folded += self._switch(statements, fold, version, generation)
            if progress is not None:
                progress(page.position, last)
        return folded

    def _generation(self, version: int, live: int) -> int:
        """Find the generation to fold into, or make it."""
        with self._recorder.reading() as statements:
            row = statements.one(_GENERATION, (version, live))
        while row is None:
            with self._recorder.writing() as statements:
                statements.execute(
                    "INSERT INTO view_generation (version, live, position) VALUES (?, ?, 0)"
                    " ON CONFLICT (version, live) DO NOTHING",
                    (version, live),
                )
                row = statements.one(_GENERATION, (version, live))
        generation: int = row[0]
        return generation

    def _fold_page(
        self, statements: Statements, fold: Fold, generation: int, live: int
    ) -> _Page | None:
        """Fold the next page, alone; None when the generation is not what it was any more."""
        row = statements.locked(_LOCK, (generation, live))
        if row is None:
            return None
        position: int = row[0]
        rows = self._recorder.rows(statements, position, None, PAGE)
        documents = PageDocuments(statements, generation)
        for positioned_row in rows:
            position, stored = positioned(positioned_row)
            try:
                fold(self._mapper.to_domain_event(stored), documents)
            except Exception as error:
                error.add_note(f"while folding position {position}, topic {stored.topic}")
                raise
        documents.flush()
        statements.execute(
            "UPDATE view_generation SET position = ? WHERE generation = ?", (position, generation)
        )
        return _Page(len(rows), position)

    def _switch(self, statements: Statements, fold: Fold, version: int, generation: int) -> int:
        """Make the new generation live; the number of events that came in at the last moment.

        The live one is locked first, so that it cannot get ahead of what replaces it.
        """
        replaced = statements.locked(_GENERATION, (version, _LIVE))
        folded = 0
        while page := self._fold_page(statements, fold, generation, _BUILDING):
            folded += page.events
            if page.events < PAGE:
                break
        if replaced is not None:
            statements.execute("DELETE FROM view_generation WHERE generation = ?", replaced[:1])
            statements.execute("DELETE FROM view_document WHERE generation = ?", replaced[:1])
        statements.execute(
            "UPDATE view_generation SET live = ? WHERE generation = ?", (_LIVE, generation)
        )
        return folded
