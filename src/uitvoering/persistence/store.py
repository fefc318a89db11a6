"""The one store of facts, remembered answers, tokens and views; the same on both databases."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from eventsourcing.persistence import IntegrityError, StoredEvent

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import (
    OutcomeUnknownError,
    StoreUnreachableError,
    TamperedError,
    UitvoeringError,
)
from uitvoering.persistence.idempotency import Remembered, remembered_within
from uitvoering.persistence.migrations import migrate, open_recorder
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.scratch import ScratchDocuments
from uitvoering.persistence.sealing import Sealing
from uitvoering.persistence.serialisation import FactMapper, StoredFact
from uitvoering.persistence.tokens import Tokens
from uitvoering.persistence.view_folding import View
from uitvoering.persistence.views import Views
from uitvoering.persistence.waking import Bell

__all__ = ["ConflictError", "Store", "migrate", "open_store"]


PAGE = 250
"""Events read at a time: so few that they are still in the processor's cache when decoded."""
_MOST_ENCODED = 1_000
MOST_COUNTED = 10_000
"""A backlog is counted so far: beyond it the number matters less than the time to count it."""
_COUNT = (
    "SELECT count(*) FROM (SELECT 1 FROM event WHERE position > ? AND position <= ? LIMIT ?) AS few"
)


@dataclass(frozen=True)
class Backlog:
    events: int
    """At most MOST_COUNTED."""
    since: datetime | None
    """When the first of them was recorded."""


class ConflictError(Exception):
    """Someone else was first: in this stream, or with this idempotency key. Decide again."""


class Store:
    """A log that only grows, with what belongs in the same transactions."""

    def __init__(self, recorder: Recorder, sealing: Sealing | None = None) -> None:
        self._recorder = recorder
        self._mapper = FactMapper(sealing=sealing)
        self._known = threading.Lock()
        self._views: dict[tuple[tuple[str, int], ...], Views] = {}
        self._appended = 0
        self._encoded: dict[str, tuple[AnyRecorded, StoredFact]] = {}
        """By event id, until it is appended."""

    def append(
        self, events: Sequence[AnyRecorded], *, idempotency: Remembered | None = None
    ) -> list[int]:
        """All of it or nothing, over any number of streams; the positions, in the order given.

        The same events given again are found and not stored twice, so a caller that never heard
        the answer may repeat the call.
        """
        stored = [self.encoded(event) for event in events]
        try:
            positions = self._recorder.insert_events(stored, remembered=idempotency)
        except IntegrityError as error:
            ours = self._recorder.positions_of(stored) if stored else None
            if ours is None:
                raise ConflictError from error
            positions = ours
        except OutcomeUnknownError as error:
            positions = self._settled(stored, idempotency, error)
        for event in events:
            self._encoded.pop(event.event_id, None)
        if positions:
            with self._known:
                self._appended = max(self._appended, positions[-1])
        return positions

    def facts(self, stream: str, *, after: int = 0, until: int | None = None) -> list[AnyRecorded]:
        """The facts of one stream in order, with versions above `after` up to and with `until`."""
        decode = self._mapper.decode
        return [decode(*row) for row in self._recorder.stream_rows(stream, after, until)]

    def stream(
        self, after: int = 0, until: int | None = None, page: int = PAGE
    ) -> Iterator[tuple[int, AnyRecorded]]:
        """Everything in the order of its positions, a page in memory at a time."""
        decode = self._mapper.decode
        while True:
            with self._recorder.reading() as statements:
                rows = self._recorder.rows(statements, after, until, page)
            for position, name, version, topic, state, event_id in rows:
                yield position, decode(name, version, topic, state, event_id)
                after = position
            if len(rows) < page:
                return

    def rows(
        self, after: int = 0, until: int | None = None, page: int = PAGE
    ) -> Iterator[tuple[int, str, bytes]]:
        """Position, topic and stored bytes of everything, in order and not decoded."""
        while True:
            with self._recorder.reading() as statements:
                rows = self._recorder.rows(statements, after, until, page)
            for position, _, _, topic, state, _ in rows:
                # Of a number, put there by hand, bytes would make as many as it says.
                yield position, topic, bytes(memoryview(state))
                after = position
            if len(rows) < page:
                return

    def count(self, until: int) -> int:
        """How many facts there are up to and with a position; it reads an index of all of them."""
        return self._recorder.count(until)

    def bell(self) -> Bell:
        """Rings after every commit of this process and of any other, until `close`."""
        self._recorder.listen()
        return self._recorder.bell

    def count_of(self, topics: frozenset[str]) -> int:
        """How many facts of these topics were recorded; quick for those of the registers."""
        return self._recorder.count_of(topics)

    def facts_of(self, topics: frozenset[str], after: int = 0) -> list[tuple[int, AnyRecorded]]:
        """Every fact of these topics, those of one stream in their order; quick as above."""
        rows = self._recorder.rows_of(topics, after)
        return [(row[0], self._mapper.decode(*row[1:])) for row in rows]

    def position(self) -> int:
        """The highest position a reader sees or this process was given; 0 for none.

        Who appended and then reads, reads his own events, also where a reader must still wait for
        a transaction that began before his.
        """
        return max(self._recorder.max_notification_id() or 0, self._appended)

    def last_recorded(self) -> int:
        """The highest position of all that is recorded, also what readers must still wait for."""
        return self._recorder.last_recorded()

    def horizon_age(self) -> float:
        """For how many seconds readers have been kept from a committed event; 0 but in parallel."""
        return self._recorder.horizon_age()

    def backlog(self, after: int) -> Backlog:
        """How much was recorded after a position, and since when the first of it waits."""
        last = self.position()
        with self._recorder.reading() as statements:
            rows = self._recorder.rows(statements, after, None, 1)
            count = statements.one(_COUNT, (after, last, MOST_COUNTED))
        since = None
        if rows:
            with suppress(TamperedError):  # a row that cannot be read has no moment to tell
                since = self._mapper.decode(*rows[0][1:]).timestamp
        return Backlog(0 if count is None else count[0], since)

    def event(self, event_id: str) -> tuple[int, AnyRecorded] | None:
        found = self._recorder.select_event(event_id)
        return None if found is None else (found[0], self._mapper.to_domain_event(found[1]))

    def encoded(self, event: AnyRecorded) -> StoredFact:
        """What this event will be stored as: asked again before it is appended, the same bytes.

        What is sealed differs each time it is sealed, and a promise is made over the bytes.
        """
        kept = self._encoded.get(event.event_id)
        if kept is not None and kept[0] is event:
            return kept[1]
        stored = self._mapper.to_stored_event(event)
        if len(self._encoded) >= _MOST_ENCODED:  # what was decided and then not recorded
            self._encoded.clear()
        self._encoded[event.event_id] = (event, stored)
        return stored

    def plain(self, event: AnyRecorded) -> bytes:
        """The state with every word open, as it is before anything is sealed."""
        return self._mapper.plain(event)

    def stored(self, event_id: str) -> StoredEvent | None:
        """Topic and bytes of an event exactly as they stand in the store."""
        found = self._recorder.select_event(event_id)
        return None if found is None else found[1]

    def remembered(self, caller: str, key: str) -> Remembered | None:
        with self._recorder.reading() as statements:
            return remembered_within(statements, caller, key)

    def views(self, views: Sequence[View]) -> Views:
        """The stored views of these projections; one object per process and set of views."""
        key = tuple((view.name, view.version) for view in views)
        with self._known:
            if key not in self._views:
                self._views[key] = Views(self._recorder, self._mapper, views)
            return self._views[key]

    def scratch(self) -> ScratchDocuments:
        """Where a replay keeps its documents: outside the store, and gone with who holds them."""
        return ScratchDocuments()

    def tokens(self) -> Tokens:
        return Tokens(self._recorder)

    def close(self) -> None:
        self._recorder.close()

    def _settled(
        self,
        stored: Sequence[StoredFact],
        idempotency: Remembered | None,
        lost: OutcomeUnknownError,
    ) -> list[int]:
        """Whether a commit that was never confirmed happened, read from the rows themselves."""
        try:
            self._recorder.settle()
            if stored:
                ours = self._recorder.positions_of(stored)
                happened = ours is not None
            else:
                ours = []
                happened = idempotency is not None and idempotency == self.remembered(
                    idempotency.caller, idempotency.key
                )
        except UitvoeringError:
            raise lost from lost.__cause__
        if not happened or ours is None:
            raise StoreUnreachableError(store=self._recorder.name) from lost
        return ours


def open_store(url: str, sealing: Sealing | None = None, pool_size: int = 10) -> Store:
    """A store that `migrate` has made, of exactly the schema version this product knows."""
    return Store(open_recorder(url, pool_size), sealing)
