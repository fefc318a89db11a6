"""Does the trail of one signal stay as quick when a hundred times as much is on file?"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from benchmarks.measure import Line, Reach, best, rate, said
from benchmarks.place import LARGE, SMALL, Place
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.events.signal import HardshipSignalled
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.settings import Settings
from uitvoering.wiring import running

_READS = 200
"""In a round, each of another signal."""


def figures(here: Place) -> Iterator[Line]:
    sizes = {"small": here.effort.of(SMALL, least=100), "large": here.effort.of(LARGE, least=200)}
    reads = here.effort.of(_READS, least=5)
    with ExitStack() as open_ones:
        ways = {}
        for name, facts in sizes.items():
            app = open_ones.enter_context(running(Settings(store=here.filled(facts))))
            app.reading.views.catch_up(_shown)
            ways[name] = _way(app, _signals(app, facts, reads))
        found = best(ways, here.effort.rounds)
    yield Line(
        f"the trail of one signal, {sizes['large']:,} facts in the store, SQLite",
        1000 / found["large"],
        "ms",
        f"{sizes['small']:,} facts",
        1000 / found["small"],
        Reach(1.5, at_most=True),
    )


def _signals(app: Uitvoering, facts: int, wanted: int) -> list[str]:
    """Signals from all over the log, as many as are asked for."""
    last = app.store.position()
    found: list[str] = []
    for start in range(last - facts, last, max(1, facts // wanted)):
        found += [
            event.originator_id
            for _, event in app.store.stream(start, start + 8, page=8)
            if isinstance(event.fact, HardshipSignalled)
        ][:1]
    return found


def _way(app: Uitvoering, signals: list[str]) -> Callable[[], float]:
    def read() -> None:
        for signal in signals:
            moment = app.reading.moment()
            assert signal_trail(app.reading.documents(moment), moment, signal=signal)

    return lambda: rate(len(signals), read)


def _shown(position: int, last: int) -> None:
    said(f"catching up: {position:,} of {last:,}")
