"""The one store of facts, remembered answers, tokens and views; the same on both databases."""

from collections.abc import Iterator, Sequence

from eventsourcing.persistence import IntegrityError

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import OutcomeUnknownError, StoreUnreachableError, UitvoeringError
from uitvoering.persistence.idempotency import Remembered, remembered_within
from uitvoering.persistence.migrations import migrate, open_recorder
from uitvoering.persistence.recorder import Recorder, positioned
from uitvoering.persistence.sealing import Sealing
from uitvoering.persistence.serialisation import FactMapper, StoredFact
from uitvoering.persistence.tokens import Tokens
from uitvoering.persistence.views import Views

__all__ = ["ConflictError", "Store", "migrate", "open_store"]


class ConflictError(Exception):
    """Someone else was first: in this stream, or with this idempotency key. Decide again."""


class Store:
    """A log that only grows, with what belongs in the same transactions."""

    def __init__(self, recorder: Recorder, sealing: Sealing | None = None) -> None:
        self._recorder = recorder
        self._mapper = FactMapper(sealing=sealing)

    def append(
        self, events: Sequence[AnyRecorded], *, idempotency: Remembered | None = None
    ) -> list[int]:
        """All of it or nothing, over any number of streams; the positions, in the order given.

        The same events given again are found and not stored twice, so a caller that never heard
        the answer may repeat the call.
        """
        stored = [self._mapper.to_stored_event(event) for event in events]
        try:
            return self._recorder.insert_events(stored, remembered=idempotency)
        except IntegrityError as error:
            ours = self._recorder.positions_of(stored) if stored else None
            if ours is None:
                raise ConflictError from error
            return ours
        except OutcomeUnknownError as error:
            return self._settled(stored, idempotency, error)

    def facts(self, stream: str, *, after: int = 0, until: int | None = None) -> list[AnyRecorded]:
        """The facts of one stream in order, with versions above `after` up to and with `until`."""
        found = self._recorder.select_events(stream, gt=after, lte=until)
        return [self._mapper.to_domain_event(stored) for stored in found]

    def stream(
        self, after: int = 0, until: int | None = None, page: int = 2000
    ) -> Iterator[tuple[int, AnyRecorded]]:
        """Everything in the order of its positions, a page in memory at a time."""
        while True:
            with self._recorder.reading() as statements:
                rows = self._recorder.rows(statements, after, until, page)
            for row in rows:
                after, stored = positioned(row)
                yield after, self._mapper.to_domain_event(stored)
            if len(rows) < page:
                return

    def position(self) -> int:
        """The highest position; 0 when nothing was recorded."""
        return self._recorder.max_notification_id() or 0

    def event(self, event_id: str) -> tuple[int, AnyRecorded] | None:
        found = self._recorder.select_event(event_id)
        return None if found is None else (found[0], self._mapper.to_domain_event(found[1]))

    def encoded(self, event: AnyRecorded) -> bytes:
        """The bytes this event will be stored as."""
        return self._mapper.to_stored_event(event).state

    def stored_bytes(self, event_id: str) -> bytes | None:
        """The bytes of an event exactly as they stand in the store: what a receipt is made over."""
        found = self._recorder.select_event(event_id)
        return None if found is None else found[1].state

    def remembered(self, caller: str, key: str) -> Remembered | None:
        with self._recorder.reading() as statements:
            return remembered_within(statements, caller, key)

    def views(self) -> Views:
        return Views(self._recorder, self._mapper)

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
