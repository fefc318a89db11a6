"""How is a page of events taken into a view, and what when one of them cannot be?"""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
class Folded:
    """What a page made of one view: its documents are written if it is still where it was."""

    was: Standing
    events: int
    position: int
    stop: Stop | None
    documents: PageDocuments


def folded(
    views: Sequence[tuple[View, Standing]],
    rows: Sequence[Row],
    mapper: FactMapper,
    statements: Statements,
) -> list[Folded]:
    """Each view after the page, or after as much of it as it could take in.

    An event is let go before the next is read: a page of them kept would leave the cache, which
    makes decoding twice as slow.
    """
    found: list[Folded] = []
    going = [(view, was, PageDocuments(statements, was.generation)) for view, was in views]
    read, stop = len(rows), None
    for n, row in enumerate(rows):
        try:
            event = mapper.decode(*row[1:])
        except Exception as error:  # noqa: BLE001 whatever it is, it stops the views and is told
            read, stop = n, Stop(row[0], cause(error))  # no view gets past it
            break
        refused: list[tuple[int, Stop]] = []
        for place, (view, _, documents) in enumerate(going):
            try:
                view.fold(event, documents)
            except Exception as error:
                if documents.store_failed:
                    raise
                refused.append((place, Stop(row[0], cause(error))))
        for place, why in reversed(refused):
            # What half a fold put does not count: the facts before it are folded again.
            view, was, _ = going.pop(place)
            [before] = folded([(view, was)], rows[:n], mapper, statements)
            found.append(replace(before, stop=why))
    for _, was, documents in going:
        position = rows[read - 1][0] if read else was.position
        found.append(Folded(was, read, position, stop, documents))
    return found


def cause(error: Exception) -> str:
    """Kind and place (`KeyError at signals.py:152`); its message may hold someone's words."""
    kind = error.code if isinstance(error, UitvoeringError) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    return f"{kind} at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}"
