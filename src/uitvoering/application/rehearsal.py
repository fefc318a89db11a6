"""A store on top of another: commands are decided as if recorded; nothing is until `perform`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.idempotency import Remembered
from uitvoering.persistence.serialisation import StoredFact
from uitvoering.persistence.store import PAGE, ConflictError, Store
from uitvoering.persistence.view_folding import View
from uitvoering.persistence.views import Views
from uitvoering.projections.documents import D, Document, Documents, InMemory


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

    def __init__(
        self, real: Views, start: int, events: list[AnyRecorded], views: Sequence[View]
    ) -> None:
        self._real = real
        self._start = start
        self._events = events
        self._folds = [view.fold for view in views]
        self._folded = 0
        self._overlay: Overlay | None = None

    def documents(self, until: int = 0, *, whole: bool = False) -> Any:
        # What was recorded when the rehearsal began, and everything rehearsed: whole, as a
        # decision may rest on it.
        del until, whole
        if self._overlay is None:
            self._overlay = Overlay(self._real.documents(self._start, whole=True))
        for event in self._events[self._folded :]:
            for fold in self._folds:
                fold(event, self._overlay)
        self._folded = len(self._events)
        return self._overlay


class Rehearsal(Store):
    """Reads what is recorded and what was rehearsed; one `perform` appends it all or nothing."""

    def __init__(self, real: Store) -> None:
        self._below = real
        self._events: list[AnyRecorded] = []
        self._streams: dict[str, list[AnyRecorded]] = {}
        self._places: dict[str, int] = {}
        """Of each rehearsed event its place in `_events`."""
        self._topics: Counter[str] = Counter()
        """How many rehearsed events there are of each topic."""
        self._start = real.position()
        self._rehearsed: RehearsedViews | None = None

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
            self._topics[event.fact.TOPIC] += 1
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
        self, after: int = 0, until: int | None = None, page: int = PAGE
    ) -> Iterator[tuple[int, AnyRecorded]]:
        yield from self._below.stream(after, min(until or self._start, self._start), page)
        for position, event in enumerate(self._events, start=self._start + 1):
            if position > after and (until is None or position <= until):
                yield position, event

    def count_of(self, topics: frozenset[str]) -> int:
        return self._below.count_of(topics) + sum(self._topics[topic] for topic in topics)

    def facts_of(self, topics: frozenset[str], after: int = 0) -> list[tuple[int, AnyRecorded]]:
        skipped = max(after - self._start, 0)
        own = enumerate(self._events[skipped:], start=self._start + skipped + 1)
        return [
            *self._below.facts_of(topics, after),
            *((position, event) for position, event in own if event.fact.TOPIC in topics),
        ]

    def position(self) -> int:
        return self._start + len(self._events)

    def last_recorded(self) -> int:
        return self.position()

    def event(self, event_id: str) -> tuple[int, AnyRecorded] | None:
        place = self._places.get(event_id)
        if place is None:
            return self._below.event(event_id)
        return self._start + place + 1, self._events[place]

    def encoded(self, event: AnyRecorded) -> StoredFact:
        return self._below.encoded(event)

    def plain(self, event: AnyRecorded) -> bytes:
        return self._below.plain(event)

    def views(self, views: Sequence[View]) -> Views:
        if self._rehearsed is None:
            real = self._below.views(views)
            self._rehearsed = RehearsedViews(real, self._start, self._events, views)
        return self._rehearsed

    def close(self) -> None:
        """The store below stays open: it is not ours."""

    def perform(self) -> list[int]:
        """Append all that was rehearsed in one transaction; ConflictError records nothing."""
        return self._below.append(self._events) if self._events else []

    def _version(self, stream: str) -> int:
        own = self._streams.get(stream)
        past = own or self._below.facts(stream)
        return past[-1].originator_version if past else 0
