"""A view for the tests: how many facts each stream has, and how many streams there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tests.persistence.facts import Tally, Total
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Value

V = TypeVar("V", Tally, Total)


class Documents(Protocol):
    def get(self, model: type[V], key: str) -> V | None: ...

    def put(self, key: str, document: Tally | Total) -> None: ...

    def all(self, model: type[V]) -> Iterator[tuple[str, V]]: ...


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Counting shows at once when an event was folded twice or not at all."""
    stream = event.originator_id
    tally = documents.get(Tally, stream)
    if tally is None:
        total = documents.get(Total, "all") or Total()
        documents.put("all", Total(streams=total.streams + 1))
    count = 0 if tally is None else tally.count
    documents.put(stream, Tally(count=count + 1, last=event.event_id))


def fold_reading_first(event: AnyRecorded, documents: Documents) -> None:
    """Comes to the same, and reads all its documents at every event."""
    tally = documents.get(Tally, event.originator_id) or Tally()
    counted = Tally(count=tally.count + 1, last=event.event_id)
    documents.put(event.originator_id, counted)
    documents.put("all", Total(streams=len(list(documents.all(Tally)))))


@dataclass(frozen=True)
class CountingView:
    """Two of them in one store must have other names and kinds."""

    fold: Callable[[AnyRecorded, Any], None] = fold
    version: int = 1
    name: str = "counts"
    kinds: frozenset[str] = frozenset({Tally.VIEW, Total.VIEW})


COUNTS = (CountingView(),)


def rows(documents: Documents) -> list[tuple[str, Value]]:
    return [*documents.all(Tally), *documents.all(Total)]
