"""May this log be carried on? Only when all that was signed before is found again."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from uitvoering.integrity.log.errors import (
    EventNotAsLoggedError,
    KeysOfAnotherLogError,
    LastSignedMissingError,
    LedgerDamagedError,
    LogForkedError,
    LogRolledBackError,
    RootWrongError,
    StoreDiffersError,
)
from uitvoering.integrity.log.ledger import Ledger, writable
from uitvoering.integrity.log.publishing import policy_in, publish
from uitvoering.integrity.log.rows import LedgerRows, SignedCheckpoint
from uitvoering.integrity.log.sequencer import Events, Sequencer, Signer
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.integrity.tree.merkle import root
from uitvoering.integrity.tree.tile_store import TileReader, TileWriter


class Held(NamedTuple):
    """The newest checkpoint of this log that someone else keeps."""

    holder: str
    checkpoint: Checkpoint


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

    LedgerBusyError; LedgerUnwritableError, also for what is done within; and a TamperedError for
    each check.
    """
    with ledger.carried_on(), writable(ledger):
        rows = ledger.rows()
        try:
            newest = rows.newest()
            if newest is None:
                raise LedgerDamagedError(file=ledger.rows_file, cause="it holds no checkpoint")
            tiles = TileWriter.opened(ledger.public, newest.checkpoint.size)
            _refuse_other_tiles(ledger, tiles, newest.checkpoint)
            _refuse_other_store(ledger, newest.checkpoint.size, events)
            _refuse_standing_fork(ledger, rows)
            # Others are asked last, and not at all while the store is away.
            _refuse_other_holder(ledger, tiles, newest.checkpoint, signer, elsewhere)
            # All is as it was signed: now undo and finish what a crash left. See sequencer.py.
            ledger.positions.cut(newest.checkpoint.size)
            _finish(ledger, rows, newest, signer)
            yield Sequencer(ledger, rows, tiles, signer, events, now)
        finally:
            rows.close()


def _refuse_other_tiles(ledger: Ledger, tiles: TileWriter, signed: Checkpoint) -> None:
    if signed.origin != ledger.origin:
        raise LedgerDamagedError(file=ledger.rows_file, cause=f"it is of the log {signed.origin}")
    if root(tiles, signed.size) != signed.root:
        raise RootWrongError(size=signed.size)
    if len(ledger.positions) < signed.size:
        raise LedgerDamagedError(
            file=ledger.directory / "positions", cause="it is shorter than the log"
        )


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
    _refuse_other_past(tiles, signed, Held("last-signed", last))
    for held in elsewhere():
        _refuse_other_past(tiles, signed, held)


def _refuse_other_past(tiles: TileWriter, signed: Checkpoint, held: Held) -> None:
    seen = held.checkpoint
    if seen.size > signed.size:
        raise LogRolledBackError(holder=held.holder, seen=seen.size, size=signed.size)
    if root(tiles, seen.size) != seen.root:
        raise LogForkedError(holder=held.holder, size=seen.size)


def _refuse_standing_fork(ledger: Ledger, rows: LedgerRows) -> None:
    """A witness that said so keeps the log from being signed until it cosigns again.

    One that left the policy does not: the policy is adopted in public, so that others see it go.
    """
    last = {name: answer for answer in rows.last_answers() for name in answer.witness.split(" ")}
    try:
        policy = policy_in(ledger)
        asked_for = {witness.name for witness in (() if policy is None else policy.witnesses)}
    except PolicyMalformedError:
        asked_for = set(last)  # nobody left as long as nobody can say who is in it
    for name, answer in last.items():
        if answer.fork and name in asked_for:
            [asked] = rows.numbered(answer.checkpoint)
            raise LogForkedError(holder=answer.witness, size=asked.checkpoint.size)


def _refuse_other_store(ledger: Ledger, size: int, events: Events) -> None:
    """The store has every event of the log and none in between, and the last is what it was."""
    if size <= ledger.first_event:
        return
    last, leaves = size - 1, size - ledger.first_event
    position = ledger.positions.at(last)
    found = events.count(position)
    if found != leaves:
        raise StoreDiffersError(leaves=leaves, position=position, events=found)
    if events.leaf_at(position) != TileReader(ledger.public, size).leaf(last):
        raise EventNotAsLoggedError(position=position, index=last)


def _finish(ledger: Ledger, rows: LedgerRows, newest: SignedCheckpoint, signer: Signer) -> None:
    if signer.last_signed() != newest.signed:
        signer.keep_last_signed(newest.signed)
    publish(ledger, rows, rows.last_answered())
