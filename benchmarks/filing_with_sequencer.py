"""How many signals a second are filed while the sequencer works, against while it does not?"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.filing import load, request_of, server, token
from benchmarks.measure import Line, Reach, best
from benchmarks.place import STORES, Place
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.settings import Settings
from uitvoering.wiring import create_ledger, migrate, running

_SECONDS = 3.0
"""Of a round: some checkpoints are signed in each."""
_PATIENCE = 120.0
_PROMISED = "?receipt=promise"
"""Else who files a signal waits for the next checkpoint, and the figure is of that."""


def figures(here: Place) -> Iterator[Line]:
    for number, store in enumerate(STORES):
        yield _filed(here, store, here.folder / f"log-{number}")


def _filed(here: Place, store: str, folder: Path) -> Line:
    given = Settings(
        store=here.empty(store), ledger=str(folder / "ledger"), keys=str(folder / "keys")
    )
    places = {"UITVOERING_LEDGER": given.ledger, "UITVOERING_KEYS": given.keys}
    migrate(given)
    create_ledger(given, "log.example.nl/uitvoering")
    seconds, clients = _SECONDS * max(here.effort.share, 0.1), here.effort.clients
    with server(given.store, "durable", **places) as url:
        request = request_of(url, token(given), _PROMISED)

        def without() -> float:
            return load(url, request, clients, seconds)

        def beside() -> float:
            with _sequencer(given, places):
                return load(url, request, clients, seconds)

        found = best({"beside": beside, "without": without}, here.effort.rounds)
    return Line(
        f"filing over HTTP beside the sequencer, {store}, {clients} connections",
        found["beside"],
        "requests/s",
        "without the sequencer",
        found["without"],
        Reach(0.9),
    )


@contextmanager
def _sequencer(given: Settings, places: dict[str, str]) -> Iterator[None]:
    """Caught up with what was filed while it did not run, and stopped again at the end."""
    command = [sys.executable, "-m", "uitvoering", "ledger", "follow"]
    environment = os.environ | places | {"UITVOERING_STORE": given.store}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            _await_all(given, process)
            yield
            assert process.poll() is None, "the sequencer ended"
        finally:
            process.terminate()


def _await_all(given: Settings, process: "subprocess.Popen[bytes]") -> None:
    ledger, until = Ledger.opened(Path(given.ledger)), time.monotonic() + _PATIENCE
    with running(given) as app:
        last = app.store.position()
        while ledger.positions.index_of(last, ledger.published().checkpoint.size) is None:
            assert process.poll() is None, "the sequencer did not start"
            assert time.monotonic() < until, "the sequencer did not catch up"
            time.sleep(0.05)
