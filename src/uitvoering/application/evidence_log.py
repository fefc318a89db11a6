"""What of the log goes into an evidence pack: read apart from where the pack is written.

So an error says which of the two it is of. LedgerAwayError and LedgerUnreadableError of a log that
is out of reach, TamperedError of one that is not what was written.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from uitvoering.integrity.log.ledger import Ledger, readable
from uitvoering.integrity.log.rows import SignedCheckpoint, newest_of_each_key
from uitvoering.integrity.tree.merkle import HASH_BYTES
from uitvoering.integrity.tree.tile_store import stored_tile
from uitvoering.integrity.tree.tiles import ENTRIES, Tile, entry_bundle


def positions(ledger: Ledger, size: int) -> Iterator[int]:
    """Of the events of the first leaves; 0 is of no event."""
    with readable(ledger):
        ledger.positions.refuse_shorter(size)
        yield from ledger.positions.between(0, size)


def tile(ledger: Ledger, asked: Tile) -> bytes:
    """As it was served at that size: the beginning of the full one where that has come since."""
    with readable(ledger):
        found, data = stored_tile(ledger.public, asked)
    if found.width == asked.width:
        return data
    if asked.level == ENTRIES:
        return entry_bundle(found.leaves(data)[: asked.width])
    return data[: asked.width * HASH_BYTES]


def checkpoints(ledger: Ledger, size: int) -> Iterator[SignedCheckpoint]:
    """All that were signed over so many leaves or fewer, one of each size."""
    with readable(ledger), closing(ledger.rows()) as rows:
        yield from _one_of_each_size(rows.checkpoints(), size)


def stamps(ledger: Ledger, size: int) -> list[tuple[int, bytes]]:
    """Size and answer, the first of each size up to this one."""
    with readable(ledger), closing(ledger.rows()) as rows:
        found = {row.size: row.response for row in reversed(rows.stamps())}
    return sorted((stamped, response) for stamped, response in found.items() if stamped <= size)


def policy(ledger: Ledger) -> bytes | None:
    """None where there is none."""
    with readable(ledger):
        return ledger.policy.read_bytes() if ledger.policy.exists() else None


def _one_of_each_size(rows: Iterable[SignedCheckpoint], size: int) -> Iterator[SignedCheckpoint]:
    """The same tree may be signed again later: one note then has the newest line of each key."""
    waiting: SignedCheckpoint | None = None
    for row in rows:
        if row.checkpoint.size > size:
            break
        if waiting is not None and waiting.checkpoint == row.checkpoint:
            lines = newest_of_each_key((*waiting.cosignatures, *row.cosignatures))
            waiting = replace(row, cosignatures=lines)
            continue
        if waiting is not None:
            yield waiting
        waiting = row
    if waiting is not None:
        yield waiting
