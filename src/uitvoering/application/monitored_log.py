"""Are the events those of which the log has leaves? Each held against its leaf, in order.

The store is believed in nothing and the tiles only as far as they lead to what was signed. Whoever
holds the store, the files and the keys changes all of them alike: that is for the witnesses to see.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

from uitvoering.application.monitor_report import Difference, Findings, LogLook, Unchecked
from uitvoering.application.monitored_rows import Stored, every_row
from uitvoering.application.reading import Progress
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.tree.leaf import LeafUnmadeError, continuation_leaf, leaf_of
from uitvoering.integrity.tree.merkle import EMPTY_ROOT, leaf_hash, node_hash, root
from uitvoering.integrity.tree.tile_store import TileReader
from uitvoering.integrity.tree.tiles import HEIGHT
from uitvoering.persistence.store import Store

_STEP = 200
"""Leaves between two looks at the progress."""


def look_at_log(
    store: Store,
    ledger: Ledger,
    checkpoint: Checkpoint,
    findings: Findings,
    progress: Progress,
) -> LogLook:
    """Up to this checkpoint, the newest when this began. TamperedError of files unreadable."""
    tree = ledger.tree(checkpoint.size)
    _look_at_checkpoints(ledger, tree, checkpoint, findings)
    leaves = _Leaves(tree, findings)
    right = _look_at_events(store, ledger, leaves, findings, progress)
    found = leaves.root()
    if found != checkpoint.root:
        findings.alarm(
            Difference.ROOT_DIFFERS,
            size=checkpoint.size,
            root=found.hex(),
            signed=checkpoint.root.hex(),
        )
    if store.last_recorded() > leaves.last:
        findings.unchecked.append(Unchecked.NOT_LOGGED)
    return LogLook(origin=ledger.origin, size=checkpoint.size, right=right, root=found.hex())


def _look_at_checkpoints(
    ledger: Ledger, tree: TileReader, newest: Checkpoint, findings: Findings
) -> None:
    """Every one that was ever signed must be a beginning of the tree."""
    with closing(ledger.rows()) as rows:
        kept = (row.checkpoint for row in rows.checkpoints())
        for earlier in kept:
            # One beyond the newest was signed since this began.
            if earlier.size <= newest.size and root(tree, earlier.size) != earlier.root:
                findings.alarm(Difference.CHECKPOINT_CONTRADICTED, size=earlier.size)


class _Leaves:
    """The leaves in order, each held against the tiles above it; the root they lead to."""

    def __init__(self, tree: TileReader, findings: Findings) -> None:
        self.size = tree.size
        self._tree = tree
        self._findings = findings
        self._right: list[tuple[int, bytes]] = []
        """Level and hash of the complete subtrees so far, as the tiles have them."""
        self._taken = 0
        self.last = 0
        """The position of the last event that has a leaf."""

    def of(self, first: int) -> Iterator[bytes]:
        for leaf in self._tree.leaves(first, self._tree.size):
            self.take(leaf)
            yield leaf

    def first(self) -> bytes:
        leaf = self._tree.leaf(0)
        self.take(leaf)
        return leaf

    def take(self, leaf: bytes) -> None:
        index, self._taken = self._taken, self._taken + 1
        level, hashed = 0, self._tree.node(0, index)
        if leaf_hash(leaf) != hashed:
            self._findings.alarm(Difference.LEAF_DIFFERS, index=index)
        while index & 1:
            _, left = self._right.pop()
            level, index, hashed = level + 1, index >> 1, node_hash(left, hashed)
            if level % HEIGHT == 0 and hashed != self._tree.node(level, index):
                # From here on what is stored counts: what is wrong is told once, where it is.
                self._findings.alarm(Difference.TILE_DIFFERS, level=level // HEIGHT, index=index)
                hashed = self._tree.node(level, index)
        self._right.append((level, hashed))

    def root(self) -> bytes:
        if not self._right:
            return EMPTY_ROOT
        _, found = self._right[-1]
        for _, left in reversed(self._right[:-1]):
            found = node_hash(left, found)
        return found


def _look_at_events(
    store: Store, ledger: Ledger, leaves: _Leaves, findings: Findings, progress: Progress
) -> int:
    """How many events are what their leaf says."""
    size, first = leaves.size, ledger.first_event
    if ledger.continues is not None and size:
        expected = continuation_leaf(ledger.origin, ledger.continues.encode())
        if leaves.first() != expected:
            findings.alarm(Difference.LEAF_DIFFERS, index=0)
    if size <= first:
        return 0
    ledger.positions.refuse_shorter(size)
    leaves.last = ledger.positions.at(size - 1)
    rows = every_row(store, 0, leaves.last)
    row, before, right = next(rows, None), 0, 0
    logged = zip(ledger.positions.between(first, size), leaves.of(first), strict=True)
    for index, (position, leaf) in enumerate(logged, first):
        if index % _STEP == 0:
            progress(index, size)
        if position <= before:
            findings.alarm(Difference.POSITIONS_DISORDERED, index=index, position=position)
            continue
        while row is not None and row[0] < position:
            _tell_inserted(row, findings)
            row = next(rows, None)
        if row is not None and row[0] == position:
            right += _is_as_logged(ledger.origin, row, index, leaf, findings)
            row = next(rows, None)
        else:
            event = _member(leaf, "eventId")
            findings.alarm(Difference.EVENT_DELETED, position=position, event=event, index=index)
        before = position
    return right


def _is_as_logged(origin: str, row: Stored, index: int, leaf: bytes, findings: Findings) -> bool:
    position, topic, state = row
    try:
        made = leaf_of(origin, topic, state)
    except LeafUnmadeError as error:
        event, why = _member(leaf, "eventId"), str(error.values["cause"])
        findings.alarm(
            Difference.EVENT_UNREADABLE, position=position, event=event, index=index, cause=why
        )
        return False
    if made == leaf:
        return True
    found, logged = _member(made, "eventId"), _member(leaf, "eventId")
    if found != logged:
        findings.alarm(
            Difference.EVENT_ELSEWHERE, position=position, event=found, index=index, logged=logged
        )
        return False
    differs = ", ".join(_members_that_differ(made, leaf))
    findings.alarm(
        Difference.EVENT_CHANGED, position=position, event=found, index=index, differs=differs
    )
    return False


def _tell_inserted(row: Stored, findings: Findings) -> None:
    position, _, state = row
    event = _member(state, "event_id")
    findings.alarm(Difference.EVENT_INSERTED, position=position, event=event)


def _members_that_differ(made: bytes, leaf: bytes) -> list[str]:
    ours, theirs = _members(made), _members(leaf)
    names = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
    return names or ["encoding"]  # the same meaning in other bytes


def _member(data: bytes, name: str) -> str:
    return str(_members(data).get(name, "?"))


def _members(data: bytes) -> dict[str, Any]:
    try:
        found: object = loads(data)
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
