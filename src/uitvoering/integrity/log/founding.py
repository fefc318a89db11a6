"""How does a log begin? By a command alone, with a name that was never used before."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from uitvoering.integrity.durable import replaced, to_disk
from uitvoering.integrity.log.errors import (
    ContinuationMissingError,
    LedgerDamagedError,
    LedgerExistsError,
    LedgerFolderTakenError,
    LedgerMissingError,
    OriginUsedError,
)
from uitvoering.integrity.log.ledger import LOCK, Ledger
from uitvoering.integrity.log.positions import NO_EVENT
from uitvoering.integrity.log.rows import LedgerRows, SignedCheckpoint
from uitvoering.integrity.log.sequencer import LoggedEvent, Sequencer, Signer
from uitvoering.integrity.notes.checkpoint import (
    Checkpoint,
    OriginMalformedError,
    checkpoint_of,
    is_origin,
)
from uitvoering.integrity.notes.note import is_name, parsed
from uitvoering.integrity.notes.policy_file import MOST_ASKED, policy_of
from uitvoering.integrity.notes.promise import PROMISE_SUFFIX
from uitvoering.integrity.tree.leaf import continuation_leaf
from uitvoering.integrity.tree.merkle import leaf_hash
from uitvoering.integrity.tree.tile_store import TileWriter

MARK = ".creating"
"""Stands in the folder from the first step of `create` to its last: what is there is ours.

It holds the note the log begins with, if any: once that was signed, no other will do.
"""
_SHOWN = 3


def last_checkpoint(source: Path) -> str:
    """Of an older log: its folder, or a file with its last checkpoint. NoteMalformedError."""
    if not source.is_dir():
        note = source.read_bytes()
        checkpoint_of(parsed(note).text)
        return note.decode()
    with closing(Ledger.opened(source).rows()) as rows:
        newest = rows.newest()
    if newest is None:
        raise LedgerMissingError(directory=source)
    return newest.note.decode()


def refuse_creation(ledger: Ledger) -> None:
    """LedgerExistsError, LedgerFolderTakenError, OriginMalformedError."""
    if Ledger.is_in(ledger.directory):
        origin = Ledger.opened(ledger.directory).origin
        raise LedgerExistsError(origin=origin, directory=ledger.directory)
    refuse_origin(ledger.origin)
    _refuse_taken(ledger)


def refuse_origin(origin: str) -> None:
    """OriginMalformedError for what is no address, or no name of a key."""
    if not is_origin(origin) or not is_name(origin + PROMISE_SUFFIX):
        raise OriginMalformedError(origin=origin)


def create(
    ledger: Ledger, signer: Signer, now: Callable[[], int], policy: bytes | None = None
) -> SignedCheckpoint:
    """Make the directory and sign the tree it begins with: empty, or the older log's checkpoint.

    Only in a folder that is empty or not there, or that holds what a `create` left behind.
    LedgerExistsError, LedgerFolderTakenError, OriginUsedError, ContinuationMissingError. A crash
    leaves no log: it is in use once it is kept, and what stands there before is made anew.
    """
    directory = ledger.directory
    refuse_creation(ledger)
    if policy is not None:
        policy_of(policy, MOST_ASKED)
    _refuse_used(ledger, signer)
    directory.mkdir(parents=True, exist_ok=True)
    with ledger.carried_on():
        refuse_creation(ledger)  # another may have made one meanwhile
        (directory / MARK).touch()
        to_disk(directory)
        ledger = _begun(ledger, signer)
        replaced(directory / MARK, (ledger.continues or "").encode())
        _clear(ledger)
        ledger.public.mkdir()
        LedgerRows.create(ledger.rows_file)
        if policy is not None:
            replaced(ledger.policy, policy)
        tiles = TileWriter(ledger.public)
        ledger.positions.append(())
        if ledger.continues is not None:
            tiles.extend(0, [continuation_leaf(ledger.origin, ledger.continues.encode())])
            ledger.positions.append([NO_EVENT])
        with closing(ledger.rows()) as rows:
            signed = Sequencer(ledger, rows, tiles, signer, NoEvents(), now).sign()
        ledger.keep()
        (directory / MARK).unlink()
    return signed


class NoEvents:
    """The store of a log that begins: its events follow in the first step."""

    def pages(self, after: int) -> Iterator[Sequence[LoggedEvent]]:  # noqa: ARG002 as `Events` has it
        return iter(())

    def leaf_at(self, position: int) -> bytes | None:  # noqa: ARG002 as above
        return None

    def count(self, until: int) -> int:  # noqa: ARG002 as above
        return 0


def _begun(ledger: Ledger, signer: Signer) -> Ledger:
    """With the note that a `create` which was cut off has signed, if both are of the same tree.

    That one may have another time, or a cosignature less: the leaf made of it is another.
    """
    mark, kept, given = ledger.directory / MARK, signer.last_signed(), _continued(ledger)
    if given is None or kept is None or not mark.exists():
        return ledger
    signed, begun = checkpoint_of(parsed(kept).text), mark.read_bytes().decode()
    leaf = continuation_leaf(ledger.origin, begun.encode())
    if signed != Checkpoint(ledger.origin, ledger.first_event, leaf_hash(leaf)):
        return ledger
    same = checkpoint_of(parsed(begun.encode()).text) == given
    return replace(ledger, continues=begun) if same else ledger


def _refuse_used(ledger: Ledger, signer: Signer) -> None:
    """These keys may have signed this name, or another log that must not be left without an end."""
    given, kept = _continued(ledger), signer.last_signed()
    if given is not None and given.origin == ledger.origin:
        raise OriginUsedError(origin=given.origin, size=given.size)
    if kept is None:
        return
    last = checkpoint_of(parsed(kept).text)
    if last.origin == ledger.origin:
        if last.size > ledger.first_event:
            raise OriginUsedError(origin=last.origin, size=last.size)
        return
    if given is None or given.origin != last.origin or given.size < last.size:
        raise ContinuationMissingError(origin=last.origin, size=last.size)
    if given.size == last.size and given.root != last.root:
        raise ContinuationMissingError(origin=last.origin, size=last.size)


def _continued(ledger: Ledger) -> Checkpoint | None:
    """NoteMalformedError when it is no checkpoint."""
    return (
        None if ledger.continues is None else checkpoint_of(parsed(ledger.continues.encode()).text)
    )


def _refuse_taken(ledger: Ledger) -> None:
    """What someone else put there, and a log that lost its name, are never cleared away."""
    directory = ledger.directory
    if not directory.exists():
        return
    if not directory.is_dir():
        raise LedgerFolderTakenError(directory=directory, names="a file")
    names = sorted({path.name for path in directory.iterdir()} - {LOCK})
    begun = MARK in names and _size_signed(ledger) <= ledger.first_event
    if names and not begun:
        shown = names[:_SHOWN] + ["..."] * (len(names) > _SHOWN)
        raise LedgerFolderTakenError(directory=directory, names=shown)


def _size_signed(ledger: Ledger) -> int:
    """What the rows there speak of; 0 where there are none yet."""
    with suppress(LedgerDamagedError), closing(ledger.rows()) as rows:
        newest = rows.newest()
        return 0 if newest is None else newest.checkpoint.size
    return 0


def _clear(ledger: Ledger) -> None:
    """What a `create` left that never came to its end; see `_refuse_taken`."""
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "positions", "policy"):
        (ledger.directory / name).unlink(missing_ok=True)
    for file in (ledger.cosigned_file, ledger.refusals_file):
        file.unlink(missing_ok=True)
    shutil.rmtree(ledger.public, ignore_errors=True)
