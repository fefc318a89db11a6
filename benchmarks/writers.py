"""How do many writer processes on one PostgreSQL get on, against INSERT without any lock?

The store is in `parallel` mode: its readers find their order by transaction, not by a lock.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from benchmarks import examples, library, raw
from benchmarks.measure import Line, Reach, Way, best
from benchmarks.place import Place
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import migrate, open_store

_EACH = 200
"""Facts of one process in a round."""
_PAUSE = 0.2
"""Seconds from the word to the start, so that every process is at the line."""


def figures(here: Place) -> Iterator[Line]:
    processes = here.effort.processes
    each = here.effort.of(_EACH, least=examples.PER_SIGNAL)
    addresses = {
        "raw": _parallel(here),
        "ours": _parallel(here),
        "ours, serial": here.migrated("PostgreSQL"),
        "library": here.empty("PostgreSQL"),
    }
    library.application(library.on_postgres(addresses["library"])).close()
    with _writers(processes, addresses) as lines:
        ways: dict[str, Way] = {name: _round(lines, name, each) for name in addresses}
        found = best(ways, here.effort.rounds)
    yield Line(
        f"append, PostgreSQL, {processes} writer processes, parallel mode",
        found["ours"],
        "facts/s",
        "raw driver, our table, no lock",
        found["raw"],
        Reach(0.9),
        found["library"] / found["raw"],
    )
    yield Line(
        f"append, PostgreSQL, {processes} writer processes, serial mode",
        found["ours, serial"],
        "facts/s",
        "raw driver, our table, no lock",
        found["raw"],
        None,
        found["library"] / found["raw"],
    )


def _parallel(here: Place) -> str:
    url = here.empty("PostgreSQL")
    migrate(url, writers=Writers.PARALLEL)
    return url


@contextmanager
def _writers(processes: int, addresses: dict[str, str]) -> Iterator[list[Connection]]:
    """Processes that write when told to; they start anew, so that none shares a connection."""
    context = SpawnContext()
    lines: list[Connection] = []
    started: list[SpawnProcess] = []
    try:
        for _ in range(processes):
            mine, theirs = context.Pipe()
            process = context.Process(target=_writer, args=(theirs, addresses), daemon=True)
            process.start()
            theirs.close()
            lines.append(mine)
            started.append(process)
        yield lines
    finally:
        for line in lines:
            line.close()
        for process in started:
            process.join(timeout=10)


def _round(lines: list[Connection], name: str, each: int) -> Way:
    def one_round() -> float:
        for line in lines:
            line.send((name, each))
        for line in lines:
            assert line.recv() == "ready"
        start = time.monotonic() + _PAUSE
        for line in lines:
            line.send(start)
        ended: list[float] = [line.recv() for line in lines]
        return each * len(lines) / (max(ended) - start)

    return one_round


def _writer(line: Connection, addresses: dict[str, str]) -> None:
    """Write so many facts, one a commit, as soon as the moment is there; tell when it was done."""
    with line:
        while True:
            try:
                name, each = line.recv()
            except EOFError:
                return
            with closing(_opened(name, addresses[name])) as store:
                for one in store.prepared(examples.PER_SIGNAL):  # connected, statements prepared
                    store.append(one)
                given = store.prepared(each)
                line.send("ready")
                time.sleep(max(0.0, line.recv() - time.monotonic()))
                for one in given:
                    store.append(one)
                # Of the whole machine: the same clock in every process.
                line.send(time.monotonic())


@dataclass(frozen=True)
class _Opened:
    append: Callable[[Any], object]
    encoded: Callable[[Sequence[AnyRecorded]], Any]
    close: Callable[[], None]

    def prepared(self, facts: int) -> list[Any]:
        return [self.encoded([event]) for event in examples.facts(facts)]


def _opened(name: str, url: str) -> _Opened:
    """Connected once at a time: a server has a limit on connections."""
    match name:
        case "raw":
            bare = raw.RawPostgres(url, in_turns=False)
            return _Opened(bare.append, raw.rows, bare.close)
        case "library":
            log = library.application(library.on_postgres(url, pool=1) | {"CREATE_TABLE": "n"})
            return _Opened(lambda given: log.save(*given), library.events, log.close)
        case _:
            store = open_store(url, pool_size=2)
            return _Opened(store.append, list, store.close)
