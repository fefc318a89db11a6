"""How do the events of the store come into the log? Read as bytes, in their order, never opened."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from itertools import islice

from uitvoering.application.awaited import AWAITED_TOPICS
from uitvoering.application.log_standing import renewed_after
from uitvoering.application.stamping import Authority, Stamping
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import BusyError, UitvoeringError
from uitvoering.integrity.keys.errors import (
    KeysExposedError,
    KeysForeignError,
    KeysLinkedError,
    KeysUnwritableError,
)
from uitvoering.integrity.log.errors import LedgerBusyError
from uitvoering.integrity.log.ledger import Ledger, writable
from uitvoering.integrity.log.opening import opened
from uitvoering.integrity.log.past import Held
from uitvoering.integrity.log.rows import SignedCheckpoint
from uitvoering.integrity.log.sequencer import PAUSE, LoggedEvent, Sequencer, Signer
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.integrity.tree.leaf import leaf_of
from uitvoering.integrity.witness.asking import ask_witnesses, held_by_witnesses
from uitvoering.integrity.witness.client import Asked, WitnessAddressError
from uitvoering.persistence.store import Store

PAGE = 1_000
ASK_SECONDS = 60.0
"""Between two rounds along the witnesses, where nobody waits (INTEGRITY 4)."""
_POLICY_FAULTS = (PolicyMalformedError, WitnessAddressError)
_KEYS_UNUSABLE = (KeysExposedError, KeysForeignError, KeysLinkedError, KeysUnwritableError)
"""Until someone mends it: a disk that is away may leave its bare mount point behind."""
_LONGEST_PAUSE = 30.0
"""Seconds until something that is full or away is looked at again."""


def unheard(_: SignedCheckpoint) -> None:
    """For whom nobody waits."""


class LoggedEvents:
    """The store as the sequencer reads it: a reader's rights are enough."""

    def __init__(self, store: Store, origin: str) -> None:
        self._store = store
        self._origin = origin

    def pages(self, after: int) -> Iterator[Sequence[LoggedEvent]]:
        rows = self._store.rows(after)
        while page := [
            LoggedEvent(position, leaf_of(self._origin, topic, state), topic in AWAITED_TOPICS)
            for position, topic, state in islice(rows, PAGE)
        ]:
            yield page

    def leaf_at(self, position: int) -> bytes | None:
        for _, topic, state in self._store.rows(position - 1, position):
            return leaf_of(self._origin, topic, state)
        return None

    def count(self, until: int) -> int:
        return self._store.count(until)


@dataclass(frozen=True)
class Sequencing:
    """What `ledger follow` does, until it is stopped."""

    app: Uitvoering
    ledger: Ledger
    signer: Signer
    tell: Callable[[UitvoeringError], None]
    """Hears what is tried again by itself."""
    authority: Authority | None = None
    """Who stamps, at least as often as a checkpoint is signed again; nobody where it is None."""

    def once(self, signed: Callable[[SignedCheckpoint], None] = unheard) -> SignedCheckpoint:
        """Sign all there is now, stamp it if due and ask the witnesses; the newest checkpoint.

        What it signs is told, which is nothing where all was signed before.
        LedgerBusyError while another process follows; TamperedError; and when all that is done
        but the asking, PolicyMalformedError or WitnessAddressError.
        """
        with self._opened() as sequencer:
            last = self.app.store.position()
            while (found := sequencer.step(renewed_after(self.app))) is not None:
                signed(found)
                if sequencer.reached >= last:
                    break  # a long backlog is signed in parts; what is filed meanwhile can wait
            newest = sequencer.newest
        # First what no fault in the policy keeps from being done; a stamp is over the text alone.
        self._stamping().look(renewed_after(self.app))
        self.ask()
        return newest

    def follow(self, stopped: threading.Event, signed: Callable[[SignedCheckpoint], None]) -> None:
        """Sign what is filed, at most once a second; stand by while another process does.

        Keys that cannot be used when it begins are refused. From there on what is busy, full, away
        or not to be used is told and tried again; TamperedError ends it: nothing is signed.
        """
        self.signer.checkpoint_keys()
        told, pause, rounds, stamping = "", PAUSE, _Rounds(self), self._stamping()
        while not stopped.is_set():
            try:
                with self._opened() as sequencer:
                    told, pause = "", PAUSE
                    rounds.forget()
                    self._follow(sequencer, rounds, stamping, stopped, signed)
            except (BusyError, *_KEYS_UNUSABLE) as error:
                if error.code != told:  # once, not every second
                    self.tell(error)
                    told = error.code
                stopped.wait(pause)
                if not isinstance(error, LedgerBusyError):  # one that stands by takes over at once
                    pause = min(2 * pause, _LONGEST_PAUSE)

    def ask(self) -> list[Asked]:
        """Ask the witnesses now; also beside a sequencer that runs."""
        keys: Sequence[PublicKey] = ()
        with suppress(UitvoeringError):  # else by those in the policy: who asks need not sign
            keys = self.signer.known_keys()
        with writable(self.ledger), closing(self.ledger.rows()) as rows:
            return ask_witnesses(self.ledger, rows, self._now, keys)

    def _stamping(self) -> Stamping:
        return Stamping(self.authority, self.ledger, self._now, self.tell)

    def _opened(self) -> AbstractContextManager[Sequencer]:
        events = LoggedEvents(self.app.store, self.ledger.origin)
        return opened(self.ledger, self.signer, events, self._now, self._held_elsewhere)

    def _held_elsewhere(self) -> list[Held]:
        keys = self.signer.known_keys()
        try:
            return held_by_witnesses(self.ledger, keys, self.tell)
        except _POLICY_FAULTS:
            return []  # told when they are asked to cosign; the log goes on meanwhile

    def _follow(
        self,
        sequencer: Sequencer,
        rounds: "_Rounds",
        stamping: Stamping,
        stopped: threading.Event,
        signed: Callable[[SignedCheckpoint], None],
    ) -> None:
        bell = self.app.store.bell()
        while not stopped.is_set():
            rung, begun = bell.rung, time.monotonic()
            rounds.refuse()
            renewed = renewed_after(self.app)
            found = sequencer.step(renewed)
            rounds.consider(sequencer.newest, awaited=sequencer.awaited)
            stamping.consider(renewed)
            if found is None:
                bell.wait(rung)
            else:
                signed(found)
                stopped.wait(max(0.0, begun + PAUSE - time.monotonic()))

    def _now(self) -> int:
        return int(self.app.clock().timestamp())


class _Rounds:
    """Along the witnesses, beside the sequencer: a slow witness keeps no event from the log."""

    def __init__(self, sequencing: Sequencing) -> None:
        self._sequencing = sequencing
        self._thread: threading.Thread | None = None
        self._failed: Exception | None = None
        self._begun = -ASK_SECONDS
        self._asked: int = 0
        self._awaited = False
        self._again = False
        self._told = ""

    def refuse(self) -> None:
        """Raise what the last round came to, once."""
        failed = self._failed
        if failed is not None:
            self._failed = None
            raise failed

    def forget(self) -> None:
        """What a round met while the log was out of reach: that was told, and is tried again."""
        if isinstance(self._failed, BusyError):
            self._failed = None

    def consider(self, newest: SignedCheckpoint, *, awaited: bool) -> None:
        """Begin a round if it is time for one."""
        self._awaited = self._awaited or awaited
        if self._thread is not None and self._thread.is_alive():
            return
        now = time.monotonic()
        unasked = newest.number != self._asked
        if not (unasked or self._again):
            return
        if now - self._begun < ASK_SECONDS and not (unasked and self._awaited):
            return
        self._begun, self._asked, self._awaited = now, newest.number, False
        # A daemon: who stops does not wait for a witness; what was answered is kept or is not.
        self._thread = threading.Thread(target=self._round, name="witnesses", daemon=True)
        self._thread.start()

    def _round(self) -> None:
        try:
            found = self._sequencing.ask()
            self._told = ""
            self._again = any(asked.refusal is not None for asked in found)
            for asked in found:
                if asked.refusal is not None:
                    self._sequencing.tell(asked.refusal)
        except _POLICY_FAULTS as error:  # nobody is asked until it is mended
            self._again = True
            if str(error) != self._told:
                self._told = str(error)
                self._sequencing.tell(error)
        except Exception as error:  # noqa: BLE001 raised by the sequencer at its next look
            self._again = True
            self._failed = error
