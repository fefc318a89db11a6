"""Is all that was signed before still here? Asked at the start and before each signature."""

from typing import NamedTuple, Protocol

from uitvoering.integrity.log.errors import (
    EventNotAsLoggedError,
    LogForkedError,
    LogRolledBackError,
    StoreDiffersError,
)
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.publishing import policy_in
from uitvoering.integrity.log.rows import LedgerRows
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.integrity.tree.merkle import Nodes, root
from uitvoering.integrity.tree.tile_store import TileReader


class Recorded(Protocol):
    """The store, as far as the log is held against it."""

    def leaf_at(self, position: int) -> bytes | None: ...

    def count(self, until: int) -> int:
        """How many events there are up to and with this position."""
        ...


class Held(NamedTuple):
    """The newest checkpoint of this log that someone else keeps."""

    holder: str
    checkpoint: Checkpoint


def refuse_other_past(tree: Nodes, size: int, held: Held) -> None:
    """The tree of `size` leaves must begin with what is held."""
    seen = held.checkpoint
    if seen.size > size:
        raise LogRolledBackError(holder=held.holder, seen=seen.size, size=size)
    if root(tree, seen.size) != seen.root:
        raise LogForkedError(holder=held.holder, size=seen.size)


def refuse_other_count(ledger: Ledger, size: int, events: Recorded) -> None:
    """The store has every event of the log and none in between; it reads an index of them all."""
    leaves = size - ledger.first_event
    if leaves <= 0:
        return
    position = ledger.positions.at(size - 1)
    found = events.count(position)
    if found != leaves:
        raise StoreDiffersError(leaves=leaves, position=position, events=found)


def refuse_other_last(ledger: Ledger, size: int, events: Recorded) -> None:
    """The last event of the log is what it was: quick, and a store put back has none or another."""
    last = size - 1
    if last < ledger.first_event:
        return
    position = ledger.positions.at(last)
    found = events.leaf_at(position)
    if found is None:  # how much is gone says more
        refuse_other_count(ledger, size, events)
    if found != TileReader(ledger.public, size).leaf(last):
        raise EventNotAsLoggedError(position=position, index=last)


def refuse_standing_fork(ledger: Ledger, rows: LedgerRows) -> None:
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
            size, seen = asked.checkpoint.size, answer.seen
            if seen is not None:
                raise LogRolledBackError(holder=answer.witness, seen=seen, size=size)
            raise LogForkedError(holder=answer.witness, size=size)
