"""How many callers at once does one SQLite file serve, each saving one fact and waiting for it?"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from benchmarks import examples, library
from benchmarks.measure import Line, Reach, best, rate
from benchmarks.place import Place

_FACTS = 6_400
"""In a round, by all callers together."""


def figures(here: Place) -> Iterator[Line]:
    callers = here.effort.callers
    each = here.effort.of(_FACTS // callers, least=5)
    with (
        here.opened(here.migrated("SQLite")) as ours,
        closing(library.application(library.on_sqlite(here.file()))) as log,
    ):
        ways: dict[str, Callable[[], float]] = {
            "ours": lambda: _at_once(
                callers, each, lambda event: ours.append([event]), examples.facts
            ),
            "library": lambda: _at_once(
                callers, each, log.save, lambda n: library.events(examples.facts(n))
            ),
            "ours, one caller": lambda: _at_once(
                1, each * 4, lambda event: ours.append([event]), examples.facts
            ),
        }
        found = best(ways, here.effort.rounds)
    yield Line(
        f"append, SQLite, {callers} callers at once, 1 fact each",
        found["ours"],
        "facts/s",
        "library",
        found["library"],
        Reach(4.0),
        1.0,
    )
    yield Line(
        f"append, SQLite, {callers} callers at once, against one",
        found["ours"],
        "facts/s",
        "our own, one caller",
        found["ours, one caller"],
    )


def _at_once(
    callers: int,
    each: int,
    save: Callable[[Any], object],
    prepared: Callable[[int], list[Any]],
) -> float:
    """Threads, as a server has them; all wait at the same line before the clock runs."""
    # A stream must stay with one caller: its facts follow each other.
    per_caller = -(-each // examples.PER_SIGNAL) * examples.PER_SIGNAL
    given = prepared(callers * per_caller)
    line = threading.Barrier(callers + 1)
    failed: list[BaseException] = []

    def call(own: list[Any]) -> None:
        line.wait()
        try:
            for event in own:
                save(event)
        except BaseException as error:  # noqa: BLE001 raised again where it is seen
            failed.append(error)

    threads = [
        threading.Thread(target=call, args=(given[at : at + each],))
        for at in range(0, len(given), per_caller)
    ]
    for thread in threads:
        thread.start()

    def run() -> None:
        line.wait()
        for thread in threads:
            thread.join()

    speed = rate(callers * each, run)
    if failed:
        raise failed[0]
    return speed
