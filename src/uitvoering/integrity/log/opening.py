"""May this log be carried on? Only when all that was signed before is found again."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager

from uitvoering.integrity.log.errors import (
    KeysOfAnotherLogError,
    LastSignedMissingError,
    LedgerDamagedError,
    RootWrongError,
)
from uitvoering.integrity.log.ledger import Ledger, writable
from uitvoering.integrity.log.past import (
    Held,
    refuse_other_count,
    refuse_other_last,
    refuse_other_past,
    refuse_standing_fork,
)
from uitvoering.integrity.log.publishing import publish
from uitvoering.integrity.log.rows import LedgerRows, SignedCheckpoint
from uitvoering.integrity.log.sequencer import Events, Sequencer, Signer
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.tree.merkle import root
from uitvoering.integrity.tree.tile_store import TileWriter


def nothing_held() -> Sequence[Held]:
    """Where there are no witnesses."""
    return ()


@contextmanager
def opened(
    ledger: Ledger,
    signer: Signer,
    events: Events,
    now: Callable[[], int],
    elsewhere: Callable[[], Sequence[Held]] = nothing_held,
) -> Generator[Sequencer]:
    """The sequencer of this log, alone in it; `elsewhere` tells what the witnesses hold.

    LedgerBusyError; LedgerUnwritableError, also while its folder is away; KeysOfAnotherLogError;
    KeysAwayError and what else keeps keys from being used; and a TamperedError for each check.
    """
    with ExitStack() as held:
        with writable(ledger):  # and not what is done within: that is not all with its files
            held.enter_context(ledger.carried_on())
            rows = ledger.rows()
            held.callback(rows.close)
            newest = rows.newest()
            if newest is None:
                raise LedgerDamagedError(file=ledger.rows_file, cause="it holds no checkpoint")
            tiles = TileWriter.opened(ledger.public, newest.checkpoint.size)
            _refuse_other_tiles(ledger, tiles, newest.checkpoint)
            # It hears of every fork that is told from here on.
            sequencer = Sequencer(ledger, rows, tiles, signer, events, now)
            refuse_other_count(ledger, newest.checkpoint.size, events)
            refuse_other_last(ledger, newest.checkpoint.size, events)
            refuse_standing_fork(ledger, rows)
            # Others are asked last, and not at all while the store is away.
            _refuse_other_holder(ledger, tiles, newest.checkpoint, signer, elsewhere)
            # All is as it was signed: now undo and finish what a crash left. See sequencer.py.
            ledger.positions.cut(newest.checkpoint.size)
            _finish(ledger, rows, newest, signer)
        yield sequencer


def _refuse_other_tiles(ledger: Ledger, tiles: TileWriter, signed: Checkpoint) -> None:
    if signed.origin != ledger.origin:
        raise LedgerDamagedError(file=ledger.rows_file, cause=f"it is of the log {signed.origin}")
    if root(tiles, signed.size) != signed.root:
        raise RootWrongError(size=signed.size)
    ledger.positions.refuse_shorter(signed.size)


def _refuse_other_holder(
    ledger: Ledger,
    tiles: TileWriter,
    signed: Checkpoint,
    signer: Signer,
    elsewhere: Callable[[], Sequence[Held]],
) -> None:
    """The file beside the keys, and the witnesses: none may have seen more, or another past."""
    kept = signer.last_signed()
    if kept is None:  # `create` signed the first: someone took it away
        raise LastSignedMissingError(origin=ledger.origin)
    last = checkpoint_of(parsed(kept).text)
    if last.origin != ledger.origin:
        raise KeysOfAnotherLogError(other=last.origin, origin=ledger.origin)
    for held in (Held("last-signed", last), *elsewhere()):
        refuse_other_past(tiles, signed.size, held)


def _finish(ledger: Ledger, rows: LedgerRows, newest: SignedCheckpoint, signer: Signer) -> None:
    if signer.last_signed() != newest.signed:
        signer.keep_last_signed(newest.signed)
    publish(ledger, rows, rows.last_answered())
