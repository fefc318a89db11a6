"""How long does it take to load one thing: its facts read, decoded and folded into a state?"""

from collections.abc import Callable, Iterator

from benchmarks import examples
from benchmarks.measure import Line, best, rate
from benchmarks.place import Place
from uitvoering.application.identity import fold
from uitvoering.application.kinds import KINDS
from uitvoering.domain.events.topics import AnyRecorded

_LENGTHS = (40, 300)
"""A signal with a full history, and the length at which snapshots are to be thought of again."""
_LOADS = 40


def figures(here: Place) -> Iterator[Line]:
    for length in _LENGTHS:
        yield _loaded(here, length)


def _loaded(here: Place, length: int) -> Line:
    with here.opened(here.migrated("SQLite")) as store:
        facts = examples.one_stream(length)
        store.append(facts)
        stream, evolve = facts[0].originator_id, KINDS["signals"].evolve

        def read() -> list[AnyRecorded]:
            return store.facts(stream)

        found = best(
            {
                "ours": _way(lambda: fold(evolve, read())),
                "decoding alone": _way(read),
            },
            here.effort.rounds,
        )
    return Line(
        f"load of one signal of {length} facts, SQLite",
        found["ours"],
        "loads/s",
        "its facts read and decoded, not folded",
        found["decoding alone"],
    )


def _way(load: Callable[[], object]) -> Callable[[], float]:
    def loads() -> None:
        for _ in range(_LOADS):
            load()

    return lambda: rate(_LOADS, loads)
