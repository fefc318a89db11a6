"""When does a clock that is not ours say how the log stands? At least as often as it is signed."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from uitvoering.errors import UitvoeringError
from uitvoering.integrity.log.ledger import Ledger, writable
from uitvoering.integrity.log.rows import LedgerRows, SignedCheckpoint
from uitvoering.integrity.notes.stamps import Stamp, asked

LOOK_SECONDS = 60.0
"""Between two looks whether it is time, and so between two questions to one that gives nothing."""
_SECONDS = 30.0
"""For the whole answer of the authority."""


@dataclass(frozen=True)
class Authority:
    """One that stamps (RFC 3161), and the certificates by which its answer is trusted."""

    address: str
    roots: tuple[bytes, ...]

    def stamp(self, rows: LedgerRows, signed: SignedCheckpoint, now: Callable[[], int]) -> Stamp:
        """Asked, checked and kept. StampAuthoritySilentError, StampRefusedError."""
        made = asked(self.address, signed.checkpoint.text.encode(), self.roots, _SECONDS)
        rows.add_stamp(signed.number, self.address, made.response, now())
        return made

    def stamp_if_due(self, ledger: Ledger, now: Callable[[], int], after: float) -> bool:
        """When the last stamp is so many seconds old, also where nothing was filed since.

        As `stamp`; LedgerUnwritableError while the folder of the log is away.
        """
        with writable(ledger), closing(ledger.rows()) as rows:
            newest, last = rows.newest(), rows.last_stamped()
            # A clock that was set back does not keep the log from being stamped: hence `abs`.
            if newest is None or (last is not None and abs(now() - last) < after):
                return False
            self.stamp(rows, newest, now)
            return True


class Stamping:
    """Beside the sequencer: what an authority does, or does not, keeps no event from the log."""

    def __init__(
        self,
        authority: Authority | None,
        ledger: Ledger,
        now: Callable[[], int],
        tell: Callable[[UitvoeringError], None],
    ) -> None:
        self._authority, self._ledger, self._now, self._tell = authority, ledger, now, tell
        self._thread: threading.Thread | None = None
        self._looked = -LOOK_SECONDS
        self._told = ""

    def consider(self, after: float) -> None:
        """Look whether it is time, without waiting for the answer."""
        busy = self._thread is not None and self._thread.is_alive()
        if self._authority is None or busy or time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        # A daemon: who stops does not wait for an authority.
        self._thread = threading.Thread(target=self.look, args=(after,), name="stamp", daemon=True)
        self._thread.start()

    def look(self, after: float) -> None:
        """Ask if it is time; a failure is told once, and tried again at the next look."""
        if self._authority is None:
            return
        try:
            self._authority.stamp_if_due(self._ledger, self._now, after)
            self._told = ""
        except UitvoeringError as error:
            if str(error) != self._told:
                self._told = str(error)
                self._tell(error)
