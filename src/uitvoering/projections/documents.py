"""What a projection keeps: one frozen document per subject, in memory or in a stored view."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol, TypeVar
from zoneinfo import ZoneInfo

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Value

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
"""Where terms end at midnight (CONVENTIONS 5)."""


class Document(Value):
    """All that is known of one subject (a signal, a test, ...), folded from its facts."""

    VIEW: ClassVar[str]
    """Name of the stored view these documents belong to."""


D = TypeVar("D", bound=Document)


class Documents(Protocol):
    """Where a fold reads and writes; the same fold runs in memory and in the database."""

    def get(self, model: type[D], key: str) -> D | None: ...

    def put(self, key: str, document: Document) -> None: ...

    def all(self, model: type[D]) -> Iterator[tuple[str, D]]:
        """Every document of the view, in key order."""
        ...


class InMemory:
    """Documents in a dictionary: replay, as-of reads and tests."""

    def __init__(self) -> None:
        self._views: dict[str, dict[str, Document]] = {}

    def get(self, model: type[D], key: str) -> D | None:
        found = self._views.get(model.VIEW, {}).get(key)
        return found if isinstance(found, model) else None

    def put(self, key: str, document: Document) -> None:
        self._views.setdefault(document.VIEW, {})[key] = document

    def all(self, model: type[D]) -> Iterator[tuple[str, D]]:
        for key, document in sorted(self._views.get(model.VIEW, {}).items()):
            if isinstance(document, model):
                yield key, document


@dataclass(frozen=True)
class Projection:
    """A fold and the kinds of document it keeps: what is stored, built and rebuilt as one view."""

    name: str
    version: int
    """Raised when the fold or a document changes, so that the stored view is built anew."""
    kinds: frozenset[str]
    fold: Callable[[AnyRecorded, Documents], None]


class Row(Value):
    """One row of a read model; camelCase outside, snake_case inside."""


@dataclass(frozen=True)
class Moment:
    """At which moment a read is answered; both clocks alone or together (CONVENTIONS 5)."""

    now: datetime
    """The moment open terms and windows are judged at, UTC."""
    happened_as_of: date | None = None
    """Only facts that had happened by the end of that day."""
    recorded_as_of: datetime | None = None
    """Only facts recorded at or before it."""

    @property
    def today(self) -> date:
        """The day terms are judged at: the end of the day asked for, or today."""
        days = [self.now.astimezone(_AMSTERDAM).date()]
        if self.happened_as_of is not None:
            days.append(self.happened_as_of)
        if self.recorded_as_of is not None:
            days.append(self.recorded_as_of.astimezone(_AMSTERDAM).date())
        return min(days)
