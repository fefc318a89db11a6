"""How fast is a replay: every fact read and decoded, in order, a page in memory at a time?"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing

from benchmarks import examples, library, raw
from benchmarks.measure import Line, Reach, best, rate
from benchmarks.place import BULK, STORES, Place, file_of, fill

_FACTS = 50_000


def figures(here: Place) -> Iterator[Line]:
    for store in STORES:
        yield from _replayed(here, store)


def _replayed(here: Place, store: str) -> Iterator[Line]:
    facts = here.effort.of(_FACTS, least=examples.PER_SIGNAL)
    url = here.migrated(store)
    env = (
        library.on_sqlite(here.file())
        if store == "SQLite"
        else library.on_postgres(here.empty(store))
    )
    with ExitStack() as open_ones:
        ours = open_ones.enter_context(here.opened(url))
        log = open_ones.enter_context(closing(library.application(env)))
        bare = open_ones.enter_context(
            closing(raw.RawSQLite(file_of(url)) if store == "SQLite" else raw.RawPostgres(url))
        )
        fill(ours, facts)
        for page in examples.pages(BULK, facts):
            log.save(*library.events(page))
        found = best(
            {
                "ours": _way(facts, ours.stream),
                "library": _way(facts, log.replay),
                "raw": _way(facts, bare.stream),
            },
            here.effort.rounds,
        )
    yield Line(
        f"replay, {store}, read and decode",
        found["ours"],
        "facts/s",
        "library with pydantic",
        found["library"],
        Reach(2.2),
        1.0,
    )
    yield Line(
        f"replay, {store}, against reading alone",
        found["ours"],
        "facts/s",
        "raw driver, nothing decoded",
        found["raw"],
        Reach(0.22),
        found["library"] / found["raw"],
    )


def _way(facts: int, stream: Callable[[], Iterable[object]]) -> Callable[[], float]:
    # A deque of no length takes everything and keeps nothing.
    return lambda: rate(facts, lambda: deque(stream(), maxlen=0))
