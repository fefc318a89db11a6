"""How do the events of the store come into the log? Read as bytes, in their order, never opened."""

from collections.abc import Iterator, Sequence
from itertools import islice

from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.domain.events.registers import PolicyName
from uitvoering.integrity.leaf import leaf_of
from uitvoering.integrity.sequencer import LoggedEvent
from uitvoering.persistence.store import Store

PAGE = 1_000
AWAITED = frozenset({"hardship-signalled"})
"""Whose author waits for the receipt by default (INTEGRITY 5): the witnesses are asked at once."""
_HOUR = 3_600.0


class LoggedEvents:
    """The store as the sequencer reads it: a reader's rights are enough."""

    def __init__(self, store: Store, origin: str) -> None:
        self._store = store
        self._origin = origin

    def pages(self, after: int) -> Iterator[Sequence[LoggedEvent]]:
        rows = self._store.rows(after)
        while page := [
            LoggedEvent(position, leaf_of(self._origin, topic, state), topic in AWAITED)
            for position, topic, state in islice(rows, PAGE)
        ]:
            yield page

    def leaf_at(self, position: int) -> bytes | None:
        for _, topic, state in self._store.rows(position - 1, position):
            return leaf_of(self._origin, topic, state)
        return None

    def count(self, until: int) -> int:
        return self._store.count(until)


def renewed_after(app: Uitvoering) -> float:
    """Seconds after which a checkpoint is signed again although nothing was filed."""
    today = app.clock().astimezone(AMSTERDAM).date()
    return app.context().terms.value(PolicyName.CHECKPOINT_HOURS, today) * _HOUR
