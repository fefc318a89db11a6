"""kill -9 of the sequencer between any two steps: the next one goes on with the same tree."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults import sequencers
from tests.faults.promises import noted, until
from tests.integrity.watched import ORIGIN, serving, witness_in, witness_keys
from tests.persistence.facts import stream
from tests.persistence.processes import finish, start
from tests.seeded import register_rows
from uitvoering.application.sequencing import LoggedEvents
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.key_files import KeyFiles, Use
from uitvoering.integrity.log import founding
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.tree.leaf import leaf_of
from uitvoering.integrity.tree.merkle import Tree, leaf_hash, root
from uitvoering.integrity.tree.tile_store import TileWriter
from uitvoering.integrity.tree.tiles import tiles_of
from uitvoering.integrity.witness.witness import Witness
from uitvoering.persistence.store import Store, open_store
from uitvoering.wiring import utc_now

_KILLED = -9
_BEFORE, _EACH = 230, 7
"""Events signed before, and filed for every life: with them full tiles are completed, and partial
ones removed."""
_FIRST = 20
"""Steps after which nothing was written yet."""


@dataclass
class Log:
    """What stands on disk, seen from outside, and the tree it ought to be."""

    store: Store
    folder: Path
    tree: Tree = field(default_factory=Tree)
    leaves: list[bytes] = field(default_factory=list)
    _position: int = 0

    @property
    def ledger(self) -> Ledger:
        return Ledger.opened(self.folder / "ledger")

    @property
    def signer(self) -> KeyFiles:
        return KeyFiles(self.folder / "keys", ORIGIN)

    def file(self, number: int, events: int = _EACH) -> None:
        self.store.append(stream(number, events))
        for position, topic, state in self.store.rows(self._position):
            self.leaves.append(leaf_of(ORIGIN, topic, state))
            self.tree.append(leaf_hash(self.leaves[-1]))
            self._position = position

    def is_true(self, checkpoint: Checkpoint) -> bool:
        return checkpoint.root == self.tree.root(checkpoint.size)

    def holds(self) -> int:
        """Whatever a crash left: nothing is in other hands that the next does not build on."""
        shown = self.ledger.published().checkpoint
        kept = checkpoint_of(parsed(self.signer.last_signed() or b"").text)
        with closing(self.ledger.rows()) as rows:
            signed = [row.checkpoint for row in rows.checkpoints()]
        assert shown.size <= kept.size <= signed[-1].size
        assert all(map(self.is_true, (shown, kept, *signed)))
        tree = self.ledger.tree(shown.size)
        assert root(tree, shown.size) == shown.root
        if shown.size:
            assert tree.leaf(shown.size - 1) == self.leaves[shown.size - 1]
        return shown.size


@pytest.fixture
def log(any_url: str, tmp_path: Path) -> Iterator[Log]:
    key_files.create(tmp_path / "keys", ORIGIN, [Use.CHECKPOINT], utc_now())
    ledger = Ledger(tmp_path / "ledger", ORIGIN, "2026-11-21T12:00:00Z")
    founding.create(ledger, KeyFiles(tmp_path / "keys", ORIGIN), sequencers.now)
    with closing(open_store(any_url)) as store:
        yield Log(store, tmp_path)


@pytest.fixture
def witness(log: Log, tmp_path: Path) -> Iterator[Witness]:
    keys = witness_keys()
    witness = witness_in(tmp_path / "witness", keys=keys)
    own = log.signer.checkpoint_keys()
    for key in own:
        witness.enrol(key.public)
    with serving(witness) as served:
        rows = (f"log {own[0].public}", f"witness one {keys[0].public} {served.url}")
        log.ledger.policy.write_text("\n".join((*rows, "quorum one", "")))
        yield witness


def held(witness: Witness) -> int:
    with witness.store.reading() as record:
        return record.held(ORIGIN).size


def test_killed_at_any_step_the_next_goes_on_and_makes_the_tree_of_one_go(
    log: Log, witness: Witness, any_url: str, tmp_path: Path
) -> None:
    """From its first look at the rows to the publication of what the witness signed."""
    alone = any_url.startswith("sqlite")
    log.file(0, _BEFORE)
    assert finish([start(sequencers.sequence_until_dead, any_url, str(tmp_path), 10_000)]) == [0]
    shown, steps, lives, died = [log.holds()], _FIRST, 0, True
    while died:
        log.file(lives + 1)
        life = start(sequencers.sequence_until_dead, any_url, str(tmp_path), steps)
        [code] = finish([life])
        assert code in {_KILLED, 0}
        died = code == _KILLED
        shown.append(log.holds())
        assert held(witness) <= shown[-1]
        # Between two statements no server is asked: there a step of the way tells as much.
        steps += 1 if alone else 5
        lives += 1
    assert shown == sorted(shown)
    assert len(set(shown)) > 3
    assert shown[-1] == held(witness) == log.tree.size == _BEFORE + _EACH * lives
    cosigned = log.ledger.cosigned()
    assert cosigned == log.ledger.published()
    assert_made_in_one_go(log, tmp_path / "again")


def assert_made_in_one_go(log: Log, public: Path) -> None:
    """Every tile of the newest checkpoint is the same, byte for byte."""
    public.mkdir()
    whole = TileWriter(public)
    whole.extend(0, log.leaves)
    whole.seal(len(log.leaves))
    for tile in tiles_of(len(log.leaves)):
        made, found = (folder / tile.path for folder in (public, log.ledger.public))
        assert made.read_bytes() == found.read_bytes(), tile.path
    events = LoggedEvents(log.store, ORIGIN)
    positions = [event.position for page in events.pages(0) for event in page]
    assert list(log.ledger.positions.between(0, len(log.leaves))) == positions


# --- one that follows


def followed(log: Log) -> bool:
    return log.ledger.published().checkpoint.size == log.tree.size


def test_filing_goes_on_while_the_sequencer_is_halted(
    log: Log, any_url: str, tmp_path: Path
) -> None:
    log.store.append(register_rows())
    log.file(0)
    follower = start(sequencers.follow, any_url, str(tmp_path), str(tmp_path / "said"))
    try:
        until(lambda: followed(log))
        assert follower.pid is not None
        os.kill(follower.pid, signal.SIGSTOP)
        before = log.ledger.published()
        for number in range(1, 20):
            log.file(number, 1)
        assert log.ledger.published() == before
        os.kill(follower.pid, signal.SIGCONT)
        until(lambda: followed(log))
        log.holds()
    finally:
        follower.kill()
        follower.join()
    assert noted(tmp_path / "said") == []


def test_a_second_sequencer_stands_by_and_takes_over(
    log: Log, any_url: str, tmp_path: Path
) -> None:
    log.store.append(register_rows())
    log.file(0)
    followers, notes = [], [tmp_path / "first", tmp_path / "second"]
    try:
        for note in notes:
            followers.append(start(sequencers.follow, any_url, str(tmp_path), str(note)))
            until(lambda: followed(log))
        until(lambda: noted(notes[1]) == ["ledger-busy"])
        log.file(1)
        until(lambda: followed(log))
        followers[0].kill()
        log.file(2)
        until(lambda: followed(log))
        log.holds()
    finally:
        for follower in followers:
            follower.kill()
            follower.join()
    assert noted(*notes) == ["ledger-busy"]
