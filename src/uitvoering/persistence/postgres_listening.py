"""How does a process hear of commits of others? It listens, and in parallel mode also looks."""

import threading
from collections.abc import Callable

import psycopg

from uitvoering.persistence.transactions import Row
from uitvoering.persistence.waking import Bell

CHANNEL = "uitvoering_event"
"""Appends in serial mode and all other writes are told here, without saying what they were."""
_LOOK_SECONDS = 0.02
"""In parallel mode an append tells nobody: notices would be committed one at a time."""
_HEAR_SECONDS = 0.1
"""How long it listens before it asks whether it should go on."""
_LONGEST_SECONDS = 1.0
"""Until it looks although it heard nothing: the mode may have changed, or a notice got lost. Also
until it tries a server again that was lost."""
_SEEN = (
    b"SELECT writers = 'parallel', (SELECT max(position) FROM event"
    b" WHERE position < (SELECT event_horizon())) FROM event_order"
)


class Listener:
    """A thread with a connection of its own that rings the bell, until it is stopped."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Row]], bell: Bell) -> None:
        self._connect = connect
        self._bell = bell
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._connect() as connection:
                    self._hear(connection)
            except psycopg.Error:
                self._stopped.wait(_LONGEST_SECONDS)

    def _hear(self, connection: psycopg.Connection[Row]) -> None:
        connection.execute(f"LISTEN {CHANNEL}".encode())
        seen: Row | None = None
        unlooked = _LONGEST_SECONDS
        while not self._stopped.is_set():
            parallel = seen is not None and seen[0]
            if parallel or unlooked >= _LONGEST_SECONDS:
                last, seen = seen, connection.execute(_SEEN, prepare=True).fetchone()
                unlooked = 0.0
                if seen != last:
                    self._bell.ring()
            pause = _LOOK_SECONDS if parallel else _HEAR_SECONDS
            for _ in connection.notifies(timeout=pause):
                self._bell.ring()
            unlooked += pause
