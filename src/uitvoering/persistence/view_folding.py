"""How is a page of events taken into a view, and what when one of them cannot be?"""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import UitvoeringError
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.transactions import Row, Statements
from uitvoering.persistence.view_documents import PageDocuments
from uitvoering.persistence.view_standings import Standing, Stop


class View(Protocol):
    """A fold with the kinds of document it keeps; the projections have these."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int:
        """Raised when the fold or a document changes, so that the view is built anew."""
        ...

    @property
    def kinds(self) -> frozenset[str]: ...

    @property
    def fold(self) -> Callable[[AnyRecorded, Any], None]: ...


@dataclass(frozen=True)
class Events:
    """A page of the log, decoded as far as it can be."""

    read: tuple[tuple[int, AnyRecorded], ...]
    stop: Stop | None
    """The first one that could not be decoded: no view gets past it."""


@dataclass(frozen=True)
class Folded:
    """What a page made of one view: its documents are written if it is still where it was."""

    was: Standing
    events: int
    position: int
    stop: Stop | None
    documents: PageDocuments


def decoded(rows: Sequence[Row], mapper: FactMapper) -> Events:
    found: list[tuple[int, AnyRecorded]] = []
    for row in rows:
        try:
            found.append((row[0], mapper.decode(*row[1:])))
        except UitvoeringError as error:
            return Events(tuple(found), Stop(row[0], cause(error)))
    return Events(tuple(found), None)


def folded(view: View, was: Standing, events: Events, statements: Statements) -> Folded:
    """The view after the page, or after as much of it as it could take in."""
    documents = PageDocuments(statements, was.generation)
    position = was.position
    for n, (at, event) in enumerate(events.read):
        try:
            view.fold(event, documents)
        except Exception as error:
            if documents.store_failed:
                raise
            # What half a fold put does not count: the facts before it are folded again.
            return folded(view, was, Events(events.read[:n], Stop(at, cause(error))), statements)
        position = at
    return Folded(was, len(events.read), position, events.stop, documents)


def cause(error: Exception) -> str:
    """Kind and place (`KeyError at signals.py:152`); its message may hold someone's words."""
    kind = error.code if isinstance(error, UitvoeringError) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    return f"{kind} at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}"
