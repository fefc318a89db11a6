"""How fast does a stored view catch up, with rows and position in the same transaction?

The view counts the facts of each level, here and on the library's side.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar

from benchmarks import examples, library
from benchmarks.measure import Line, Reach, best, rate
from benchmarks.place import BULK, STORES, Place, fill
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.store import Store
from uitvoering.projections.documents import Document, Documents

_FACTS = 20_000
_REACH = {"SQLite": 30, "PostgreSQL": 40}


class Count(Document):
    VIEW: ClassVar[str] = "count-of-level"
    facts: int = 0


def _fold(event: AnyRecorded, documents: Documents) -> None:
    counted = documents.get(Count, event.level) or Count()
    documents.put(event.level, Count(facts=counted.facts + 1))


@dataclass(frozen=True)
class Counting:
    """One per round: a version that nobody built yet begins at position 0."""

    version: int
    name: str = "counts"
    kinds: frozenset[str] = frozenset({Count.VIEW})
    fold: Callable[[AnyRecorded, Any], None] = _fold


def figures(here: Place) -> Iterator[Line]:
    for store in STORES:
        yield _caught_up(here, store)


def _caught_up(here: Place, store: str) -> Line:
    rounds = here.effort.rounds
    facts = here.effort.of(_FACTS, least=40)
    # A share of the facts in each round: one by one, all of them would take minutes.
    part = facts // (rounds + 1)
    sqlite = store == "SQLite"
    env = library.on_sqlite(here.file()) if sqlite else library.on_postgres(here.empty(store))
    with ExitStack() as open_ones:
        ours = open_ones.enter_context(here.opened(here.migrated(store)))
        log = open_ones.enter_context(closing(library.application(env)))
        fill(ours, facts)
        for page in examples.pages(BULK, facts):
            log.save(*library.events(page))
        more = (
            library.polled_on_sqlite(log, library.on_sqlite(here.file()))
            if sqlite
            else library.run_on_postgres(env)
        )
        found = best(
            {"ours": _way(ours, facts), "library": lambda: more(part)},
            rounds,
        )
    return Line(
        f"catch-up of a stored view, {store}",
        found["ours"],
        "facts/s",
        "library, a loop that polls" if sqlite else "library, its runner",
        found["library"],
        Reach(_REACH[store]),
        1.0,
    )


def _way(store: Store, facts: int) -> Callable[[], float]:
    versions = count(1)

    def one_round() -> float:
        views = store.views((Counting(next(versions)),))
        return rate(facts, views.catch_up)

    return one_round
