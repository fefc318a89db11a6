"""The one that carries the log on: events in the order of the store become leaves, and are signed.

Nothing waits for it. Whenever it ends, the next one finds a log that it can carry on: tiles follow
from the events, whose order is final, so what was written and not signed is written again; and a
checkpoint that was signed and lost cannot contradict the next.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from uitvoering.integrity.log.errors import KeysOfAnotherLogError
from uitvoering.integrity.log.ledger import Ledger, writable
from uitvoering.integrity.log.past import (
    Held,
    Recorded,
    refuse_other_count,
    refuse_other_last,
    refuse_other_past,
    refuse_standing_fork,
)
from uitvoering.integrity.log.publishing import publish
from uitvoering.integrity.log.rows import LedgerRows, SignedCheckpoint
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.keys import PrivateKey, PublicKey
from uitvoering.integrity.notes.note import formatted, parsed
from uitvoering.integrity.tree.merkle import root
from uitvoering.integrity.tree.tile_store import TileWriter

PAUSE = 1.0
"""Seconds between two checkpoints at least; a long backlog is signed as often while it is read."""
COUNT_SECONDS = 60.0
"""Between two counts of the events in the store: each reads an index of all of them."""


class LoggedEvent(NamedTuple):
    position: int
    leaf: bytes
    awaited: bool
    """Whether its author waits for the witnesses."""


class Events(Recorded, Protocol):
    """What the sequencer asks of the store: it is given leaves, and opens nothing."""

    def pages(self, after: int) -> Iterator[Sequence[LoggedEvent]]:
        """Everything readers may see beyond a position, in its order; no page is empty."""
        ...


class Signer(Protocol):
    """The keys of the log, and the newest note they signed, kept apart from log and store."""

    def checkpoint_keys(self) -> Sequence[PrivateKey]:
        """Every key in use now: asked for each checkpoint, so that a new one signs at once."""
        ...

    def known_keys(self) -> Sequence[PublicKey]:
        """Public halves of those, and of what signed before: what it signed is still its word."""
        ...

    def last_signed(self) -> bytes | None: ...

    def keep_last_signed(self, note: bytes) -> None:
        """On disk when it returns."""
        ...


class Sequencer:
    """Made by `opening.opened`, after its checks; of no use any more once a call has raised."""

    def __init__(
        self,
        ledger: Ledger,
        rows: LedgerRows,
        tiles: TileWriter,
        signer: Signer,
        events: Events,
        now: Callable[[], int],
    ) -> None:
        """`tiles` hold what the newest row says; `now` tells seconds since 1970."""
        self._ledger = ledger
        self._rows = rows
        self._tiles = tiles
        self._signer = signer
        self._events = events
        self._now = now
        self._newest = rows.newest()
        self.awaited = False
        """Whether an author waits for the witnesses of the newest checkpoint."""
        self._after = ledger.position_reached(tiles.size)
        self._counted = time.monotonic()
        self._heard = rows.last_answer()

    @property
    def newest(self) -> SignedCheckpoint:
        """Every log has one from its beginning; LookupError before that."""
        if self._newest is None:
            raise LookupError("nothing was signed yet")
        return self._newest

    @property
    def reached(self) -> int:
        """The position of the last event taken in; 0 before the first."""
        return self._after

    def step(self, renewed_after: float) -> SignedCheckpoint | None:
        """Take in what is new and sign it; None when there was nothing to sign.

        Also where nothing was filed, a checkpoint is signed again after so many seconds, and when a
        key in use has not signed the newest.
        LedgerUnwritableError, also while the folder of the log is away; else as `sign`.
        """
        with writable(self._ledger):
            return self._step(renewed_after)

    def _step(self, renewed_after: float) -> SignedCheckpoint | None:
        begun = time.monotonic()
        self.awaited = False
        for page in self._events.pages(self._after):
            # (1a) A crash here leaves full tiles and positions beyond the signed size: whoever
            # opens the log next forgets them and writes the same again.
            self._tiles.extend(self._tiles.size, [event.leaf for event in page])
            self._ledger.positions.append(event.position for event in page)
            self._after = page[-1].position
            self.awaited = self.awaited or any(event.awaited for event in page)
            if time.monotonic() - begun > PAUSE:
                break
        return self.sign() if self._is_due(renewed_after) else None

    def _is_due(self, renewed_after: float) -> bool:
        newest = self._newest
        if newest is None or newest.checkpoint.size < self._tiles.size:
            return True
        # A clock that was set back does not keep the log from being signed again: hence `abs`.
        if abs(self._now() - newest.signed_at) >= renewed_after:
            return True
        # A key that was made since takes over where nothing is filed too.
        signed = {given.key_id for given in parsed(newest.signed).signatures}
        return any(key.public.id not in signed for key in self._signer.checkpoint_keys())

    def sign(self) -> SignedCheckpoint:
        """The tree as it is now, whether or not it grew.

        KeysOfAnotherLogError; a TamperedError when something signed before is not as it was.
        """
        size = self._tiles.size
        checkpoint = Checkpoint(self._ledger.origin, size, root(self._tiles, size))
        self._refuse_contradiction(checkpoint)
        self._refuse_changes()
        # (1b) Entries, tiles and positions are on disk when this returns. A crash before or after
        # leaves what (1a) says: no checkpoint speaks of them yet.
        self._ledger.positions.sync()
        self._tiles.seal(size)
        at = self._now()
        lines = [key.cosignature_line(checkpoint, at) for key in self._signer.checkpoint_keys()]
        note = formatted(checkpoint.text, lines)
        # (2) One row, one commit. A crash before it loses a note that nobody has seen, and what
        # is signed next extends it, as the order of the store is final. A crash after it leaves
        # a row that nobody has seen: whoever opens the log next publishes it.
        self._newest = signed = self._rows.add_checkpoint(note, at)
        # (3a) First the file that lies apart: nothing may be seen that it does not know of. A
        # crash here leaves a row, and a file that is one checkpoint ahead of what is published.
        self._signer.keep_last_signed(note)
        # (3b) A crash here leaves readers with the checkpoint before, which stays true.
        publish(self._ledger, self._rows)
        # (3c) A crash here leaves partial tiles beside their full one, which harm nobody.
        self._tiles.drop_partial(size)
        # (4) The witnesses are asked by who called. A crash here leaves a checkpoint without
        # cosignatures: they are asked again over the same one or the next.
        return signed

    def _refuse_contradiction(self, checkpoint: Checkpoint) -> None:
        """Whatever was signed before must be the beginning of what is signed now (MUST)."""
        if self._newest is not None:
            held = Held("ledger.db", self._newest.checkpoint)
            refuse_other_past(self._tiles, checkpoint.size, held)
        kept = self._signer.last_signed()
        if kept is None:
            return
        earlier = checkpoint_of(parsed(kept).text)
        if earlier.origin == checkpoint.origin:
            refuse_other_past(self._tiles, checkpoint.size, Held("last-signed", earlier))
        elif self._newest is not None:  # the first of a log may follow the last of another
            raise KeysOfAnotherLogError(other=earlier.origin, origin=checkpoint.origin)

    def _refuse_changes(self) -> None:
        """In what others write while this one works: the store, and the word of the witnesses.

        After the events were read, so that none comes from a store that was put back since.
        """
        if self._newest is None:
            return
        refuse_other_last(self._ledger, self._newest.checkpoint.size, self._events)
        if time.monotonic() - self._counted >= COUNT_SECONDS:
            refuse_other_count(self._ledger, self._tiles.size, self._events)
            self._counted = time.monotonic()
        forked, self._heard = self._rows.fork_told(self._heard)
        if forked:
            refuse_standing_fork(self._ledger, self._rows)
