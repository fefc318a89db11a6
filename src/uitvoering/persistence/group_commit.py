"""How do concurrent saves share one commit? Whoever is first in line writes for those behind."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from uitvoering.persistence.idempotency import Remembered

_LARGEST = 256
"""Saves in one commit: enough for every thread of a server, and never more than a moment's work."""


class Turn:
    """A place in the line of writers."""

    __slots__ = ("gone", "leads", "summons")

    def __init__(self) -> None:
        self.leads = False
        """Whether it is this one's turn to write."""
        self.gone = False
        """Whether its owner was interrupted and waits no longer."""
        self.summons: threading.Lock | None = None
        """Held while its owner waits; let go by whoever calls or serves it."""


class Save(Turn):
    """The events of one caller, whole or not at all, with what became of them."""

    __slots__ = ("count", "failure", "last", "remembered", "settled", "values")

    def __init__(self, values: list[Any], count: int, remembered: Remembered | None) -> None:
        super().__init__()
        self.values = values
        """The columns of its rows, one row after the other."""
        self.count = count
        """The number of its rows."""
        self.remembered = remembered
        self.last = 0
        """The position of its last event; promised to nobody before the commit."""
        self.failure: Exception | None = None
        self.settled = False
        """Whether it was committed or refused."""

    @property
    def positions(self) -> list[int]:
        return list(range(self.last - self.count + 1, self.last + 1))

    def fail(self, failure: Exception) -> None:
        self.failure = failure
        self.settled = True


class Line:
    """Writers of one process take turns in the order they came; a save may take others along.

    There is no thread that writes for all: a caller alone goes straight through, and a caller who
    leads serves one batch, its own save in it, and hands the turn to the next in line.
    """

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._waiting: deque[Turn] = deque()
        self._taken = False

    def join(self, place: Turn, seconds: float) -> bool:
        """Whether the turn came, or the save was served by another, in so many seconds.

        Whatever this returns or raises, `leave` follows.
        """
        try:
            with self._door:
                if not self._taken:
                    self._taken = place.leads = True
                    return True
                summons = place.summons = threading.Lock()
                summons.acquire()
                self._waiting.append(place)
            if not summons.acquire(timeout=seconds):
                if self._withdrawn(place):
                    return False
                # Called or taken along at the last moment: the answer is on its way.
                summons.acquire()
        except BaseException:
            # Interrupted (Ctrl-C): nobody may come to wait for the one who left.
            place.gone = True
            self._withdrawn(place)
            raise
        return True

    def leave(self, place: Turn, companions: Sequence[Save] = ()) -> None:
        """The turn, if this one has it, goes to the next in line; the companions are answered."""
        if not place.leads:
            return
        with self._door:
            for save in reversed(companions):
                # Without an answer because its leader was interrupted: it goes on at the front,
                # unless that happened before it had left the line.
                if not (save.settled or save.gone or save in self._waiting):
                    self._waiting.appendleft(save)
            if self._waiting:
                # First of all, because it is on its way while the others hear their answers.
                following = self._waiting.popleft()
                following.leads = True
                _call(following)
            else:
                self._taken = False
        for save in companions:
            if save.settled:
                _call(save)

    def save(self, save: Save, seconds: float, write: Callable[["Batch"], None]) -> bool:
        """Whether it was settled in time; `write` settles a batch of saves in one commit."""
        batch = Batch(save, self)
        try:
            if not self.join(save, seconds):
                return False
            if save.leads:
                write(batch)
        finally:
            self.leave(save, batch.saves[1:])
        return True

    def take_along(self, saves: list[Save]) -> None:
        """Out of the line with the saves right behind, up to who wants the turn alone."""
        if not self._waiting:
            return  # a caller alone does not knock
        with self._door:
            while self._waiting and len(saves) < _LARGEST:
                place = self._waiting[0]
                if not isinstance(place, Save):
                    break
                saves.append(place)  # in this order: an interruption between loses nobody
                self._waiting.popleft()

    def _withdrawn(self, place: Turn) -> bool:
        """Whether it still stood in the line, and does so no longer."""
        with self._door:
            try:
                self._waiting.remove(place)
            except ValueError:
                return False
            return True


class Batch:
    """The saves that one leader writes; who comes while it writes can still come along."""

    __slots__ = ("_line", "_seen", "saves")

    def __init__(self, leader: Save, line: Line) -> None:
        self._line = line
        self._seen = 0
        self.saves = [leader]

    def more(self) -> list[Save]:
        """Who has come since the last call; at the first, with the leader itself."""
        self._line.take_along(self.saves)
        found = self.saves[self._seen :]
        self._seen = len(self.saves)
        return found


def _call(place: Turn) -> None:
    if place.summons is not None:
        place.summons.release()
