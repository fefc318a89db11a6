"""What does our store add to a bare INSERT, one fact a commit and a hundred?"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from typing import Any

from benchmarks import examples, library, raw
from benchmarks.measure import Line, Reach, Way, best, rate
from benchmarks.place import STORES, Place, file_of
from uitvoering.domain.events.topics import AnyRecorded

_REACH = {
    ("SQLite", 1): 0.70,
    ("PostgreSQL", 1): 0.68,
    ("SQLite", 100): 0.65,
    ("PostgreSQL", 100): 0.65,
}
_FACTS = {1: 200, 100: 2_000}
"""In a round: few, because who files has just made his fact, and it is still in the cache."""
_TURNS = 5
"""As many rounds more than of another figure, as they are short."""
Append = Callable[[Any], object]
Prepared = Callable[[Sequence[AnyRecorded]], Sequence[Any]]


def figures(here: Place) -> Iterator[Line]:
    for store in STORES:
        for per_commit in (1, 100):
            yield from _appended(here, store, per_commit)


def _appended(here: Place, store: str, per_commit: int) -> Iterator[Line]:
    facts = here.effort.of(_FACTS[per_commit], least=100)
    with ExitStack() as open_ones:
        ways = {
            name: _way(append, prepared, per_commit, facts)
            for name, (append, prepared) in _ways(here, store, open_ones).items()
        }
        found = best(ways, here.effort.rounds * _TURNS)
    each = "1 fact a commit" if per_commit == 1 else f"{per_commit} facts a commit"
    yield Line(
        f"append, {store}, {each}",
        found["ours"],
        "facts/s",
        "raw driver, our table",
        found["raw"],
        Reach(_REACH[store, per_commit]),
        found["library"] / found["raw"],
    )
    yield Line(
        f"append, {store}, {each}, against a table without guards",
        found["ours"],
        "facts/s",
        "raw driver, bare table",
        found["bare"],
        None,
        found["library"] / found["bare"],
    )


def _ways(here: Place, store: str, open_ones: ExitStack) -> dict[str, tuple[Append, Prepared]]:
    """Each on a database of its own, so that all tables grow alike."""
    ours = open_ones.enter_context(here.opened(here.migrated(store)))
    log = open_ones.enter_context(closing(library.application(_library_env(here, store))))
    guarded = open_ones.enter_context(closing(_raw(here, store, "event")))
    bare = open_ones.enter_context(closing(_raw(here, store, "bare")))
    return {
        "raw": (guarded.append, raw.rows),
        "ours": (ours.append, list),
        "bare": (bare.append, raw.rows),
        "library": (lambda given: log.save(*given), library.events),
    }


def _raw(here: Place, store: str, table: str) -> raw.RawSQLite | raw.RawPostgres:
    url = here.migrated(store)
    made = raw.RawSQLite(file_of(url), table) if store == "SQLite" else raw.RawPostgres(url, table)
    if table == "bare":
        made.make_bare()
    return made


def _library_env(here: Place, store: str) -> dict[str, str]:
    if store == "SQLite":
        return library.on_sqlite(here.file())
    return library.on_postgres(here.empty(store))


def _way(append: Append, prepared: Prepared, per_commit: int, facts: int) -> Way:
    def one_round() -> float:
        given = prepared(examples.facts(facts))
        parts = [given[at : at + per_commit] for at in range(0, facts, per_commit)]

        def write() -> None:
            for part in parts:
                append(part)

        return rate(facts, write)

    return one_round
