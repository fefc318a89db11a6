"""A store on top of another: commands are decided as if recorded; nothing is until `perform`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.idempotency import Remembered
from uitvoering.persistence.store import ConflictError, Store
from uitvoering.persistence.views import Views
from uitvoering.projections.documents import D, Document, Documents, InMemory

Fold = Callable[[AnyRecorded, Documents], None]


class Overlay:
    """Documents of which the newer ones are held here; the rest is read from below."""

    def __init__(self, below: Documents) -> None:
        self._below = below
        self._own = InMemory()

    def get(self, model: type[D], key: str) -> D | None:
        return self._own.get(model, key) or self._below.get(model, key)

    def put(self, key: str, document: Document) -> None:
        self._own.put(key, document)

    def all(self, model: type[D]) -> Iterator[tuple[str, D]]:
        merged = dict(self._below.all(model)) | dict(self._own.all(model))
        yield from sorted(merged.items())


class RehearsedViews(Views):
    """The stored views as they would be."""

    def __init__(self, real: Views, events: list[AnyRecorded]) -> None:
        self._real = real
        self._events = events
        self._folded = 0
        self._overlay: Overlay | None = None

    def catch_up(self, fold: Any, version: int, progress: Any = None) -> int:
        if self._overlay is None:
            self._real.catch_up(fold, version, progress)
            self._overlay = Overlay(self._real.documents(version))
        new = self._events[self._folded :]
        for event in new:
            fold(event, self._overlay)
        self._folded += len(new)
        return len(new)

    def documents(self, version: int | None = None) -> Any:
        return self._overlay or self._real.documents(version)


class Rehearsal(Store):
    """Reads what is recorded and what was rehearsed; one `perform` appends it all or nothing."""

    def __init__(self, real: Store) -> None:
        self._below = real
        self._events: list[AnyRecorded] = []
        self._streams: dict[str, list[AnyRecorded]] = {}
        self._places: dict[str, int] = {}
        """Of each rehearsed event its place in `_events`."""
        self._views = RehearsedViews(real.views(), self._events)

    def append(
        self, events: Sequence[AnyRecorded], *, idempotency: Remembered | None = None
    ) -> list[int]:
        """All or nothing, as in the store itself."""
        if idempotency is not None:
            raise ValueError("a rehearsal remembers no answers")
        versions: dict[str, int] = {}
        for event in events:
            stream = event.originator_id
            last = versions[stream] if stream in versions else self._version(stream)
            if event.originator_version != last + 1 or self.event(event.event_id) is not None:
                raise ConflictError
            versions[stream] = last + 1
        before = self.position()
        for event in events:
            self._places[event.event_id] = len(self._events)
            self._events.append(event)
            self._streams.setdefault(event.originator_id, []).append(event)
        return list(range(before + 1, before + len(events) + 1))

    def facts(self, stream: str, *, after: int = 0, until: int | None = None) -> list[AnyRecorded]:
        own = [
            event
            for event in self._streams.get(stream, ())
            if event.originator_version > after
            and (until is None or event.originator_version <= until)
        ]
        return [*self._below.facts(stream, after=after, until=until), *own]

    def stream(
        self, after: int = 0, until: int | None = None, page: int = 2000
    ) -> Iterator[tuple[int, AnyRecorded]]:
        yield from self._below.stream(after, until, page)
        for position, event in enumerate(self._events, start=self._below.position() + 1):
            if position > after and (until is None or position <= until):
                yield position, event

    def position(self) -> int:
        return self._below.position() + len(self._events)

    def event(self, event_id: str) -> tuple[int, AnyRecorded] | None:
        place = self._places.get(event_id)
        if place is None:
            return self._below.event(event_id)
        return self._below.position() + place + 1, self._events[place]

    def encoded(self, event: AnyRecorded) -> bytes:
        return self._below.encoded(event)

    def views(self) -> Views:
        return self._views

    def close(self) -> None:
        """The store below stays open: it is not ours."""

    def perform(self) -> list[int]:
        """Append all that was rehearsed in one transaction; ConflictError records nothing."""
        return self._below.append(self._events) if self._events else []

    def _version(self, stream: str) -> int:
        own = self._streams.get(stream)
        past = own or self._below.facts(stream)
        return past[-1].originator_version if past else 0
