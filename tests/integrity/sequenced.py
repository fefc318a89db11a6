"""A log carried on over events in memory, with real keys and real files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.integrity.watched import NOON, ORIGIN, Clock
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.key_files import KeyFiles, Use
from uitvoering.integrity.log import founding
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.opening import nothing_held, opened
from uitvoering.integrity.log.past import Held
from uitvoering.integrity.log.rows import SignedCheckpoint
from uitvoering.integrity.log.sequencer import LoggedEvent, Sequencer
from uitvoering.integrity.tree.merkle import Tree, leaf_hash
from uitvoering.wiring import utc_now

DAY = 24 * 3_600.0
PAGE = 7


@dataclass
class Shelf:
    """Events by their positions, which are not those of their leaves."""

    events: list[LoggedEvent] = field(default_factory=list)

    def file(self, count: int, *, awaited: bool = False) -> None:
        for _ in range(count):
            position = 3 * len(self.events) + 5
            self.events.append(LoggedEvent(position, b"leaf %d" % position, awaited))

    def pages(self, after: int) -> Iterator[Sequence[LoggedEvent]]:
        rest = [event for event in self.events if event.position > after]
        for at in range(0, len(rest), PAGE):
            yield rest[at : at + PAGE]

    def leaf_at(self, position: int) -> bytes | None:
        return next((event.leaf for event in self.events if event.position == position), None)

    def count(self, until: int) -> int:
        return sum(event.position <= until for event in self.events)

    def tree(self, first: Sequence[bytes] = ()) -> Tree:
        """Made in one go."""
        return Tree(map(leaf_hash, (*first, *(event.leaf for event in self.events))))


@dataclass
class Desk:
    """Everything a sequencer needs, and what it left behind."""

    folder: Path
    origin: str = ORIGIN
    shelf: Shelf = field(default_factory=Shelf)
    clock: Clock = field(default_factory=lambda: Clock(NOON))

    @property
    def ledger(self) -> Ledger:
        return Ledger.opened(self.folder / "ledger")

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def signer(self) -> KeyFiles:
        return KeyFiles(self.keys, self.origin)

    def create(self, policy: bytes | None = None, continues: str | None = None) -> SignedCheckpoint:
        if not (self.keys / "checkpoint-ed25519.key").exists() or continues:
            key_files.create(self.keys, self.origin, [Use.CHECKPOINT], utc_now())
        ledger = Ledger(self.folder / "ledger", self.origin, "2026-11-21T12:00:00Z", continues)
        return founding.create(ledger, self.signer, self.clock, policy)

    def opened(
        self, elsewhere: Callable[[], Sequence[Held]] = nothing_held
    ) -> AbstractContextManager[Sequencer]:
        return opened(self.ledger, self.signer, self.shelf, self.clock, elsewhere)

    def sequence(self, count: int = 0) -> SignedCheckpoint:
        """File so many and sign all there is."""
        self.shelf.file(count)
        self.clock.now += 1
        with self.opened() as sequencer:
            while sequencer.step(DAY) is not None:
                pass
            return sequencer.newest

    def signed(self) -> list[SignedCheckpoint]:
        with closing(self.ledger.rows()) as rows:
            return list(rows.checkpoints())


def desk_in(folder: Path, events: int = 0) -> Desk:
    """A log that was begun, over so many events if any."""
    desk = Desk(folder)
    desk.create()
    if events:
        desk.sequence(events)
    return desk
