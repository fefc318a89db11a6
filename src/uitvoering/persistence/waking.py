"""How does a waiting reader hear that something was committed? By a bell, never by sleeping."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

LONGEST_WAIT = 1.0
"""Seconds; a notice that was lost delays a reader by no more than this."""
PAUSE = 0.02
"""Seconds; a commit in one process is heard in another about this much later."""


class Bell:
    """Rings after every commit; counted, so that a ring between a look and a wait is heard."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = 0

    @property
    def rung(self) -> int:
        """How often it has rung: ask before looking at the store, and wait with the answer."""
        return self._rung

    def ring(self) -> None:
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def wait(self, rung: int, timeout: float = LONGEST_WAIT) -> bool:
        """Whether it rang since it had rung so often; at most `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._rung != rung, min(timeout, LONGEST_WAIT))


Look = Callable[[], object]
"""Something that differs from before when anything was committed."""


class Watch:
    """Looks at the store every twenty milliseconds, and rings when it differs from before."""

    def __init__(self, bell: Bell, looking: Callable[[], AbstractContextManager[Look]]) -> None:
        self._bell = bell
        self._looking = looking
        self._stopped = threading.Event()
        # A daemon: a process that ends does not wait for someone who only watches.
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._looking() as look:
                    self._ring_at_changes(look)
            except Exception:  # noqa: BLE001 whatever befell the store, readers look for themselves
                # What was committed until the store is found again is not seen here: ring for it.
                self._bell.ring()
                self._stopped.wait(LONGEST_WAIT)

    def _ring_at_changes(self, look: Look) -> None:
        seen = look()
        # Whatever was committed before the first look counts as news.
        self._bell.ring()
        while not self._stopped.wait(PAUSE):
            found = look()
            if found != seen:
                seen = found
                self._bell.ring()
