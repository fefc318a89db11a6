"""A log beside the store of a test, carried on when the test says so."""

from dataclasses import dataclass
from pathlib import Path

from uitvoering.application.promises import Promises
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.notes.policy import Log, Policy
from uitvoering.integrity.tree.leaf import leaf_of
from uitvoering.integrity.tree.merkle import root
from uitvoering.integrity.tree.tile_store import TileWriter

ORIGIN = "log.example.nl/uitvoering"


@dataclass
class LogOfTest:
    ledger: Ledger
    key: PrivateKey
    promise_key: PrivateKey
    tiles: TileWriter

    @classmethod
    def begun(cls, folder: Path) -> "LogOfTest":
        ledger = Ledger(folder, ORIGIN, "2026-01-01T00:00:00Z")
        ledger.public.mkdir(parents=True)
        ledger.positions.append(())
        ledger.keep()
        begun = cls(
            ledger,
            new_key(ORIGIN, Kind.ED25519),
            new_key(f"{ORIGIN}/promise", Kind.ED25519),
            TileWriter(ledger.public),
        )
        begun.publish()
        return begun

    @property
    def policy(self) -> Policy:
        return Policy((Log(self.key.public),))

    def promises(self, *, key: bool = True) -> Promises:
        return Promises.of(self.ledger, self.promise_key if key else None)

    def carry_on(self, app: Uitvoering) -> None:
        """Everything in the store, as the sequencer would."""
        known = self.tiles.size
        after = self.ledger.positions.at(known - 1) if known else 0
        rows = list(app.store.stream(after))
        self.tiles.extend(
            known,
            [leaf_of(ORIGIN, e.fact.TOPIC, app.store.encoded(e).state) for _, e in rows],
        )
        self.ledger.positions.append(position for position, _ in rows)
        self.publish()

    def publish(self) -> None:
        size = self.tiles.size
        self.tiles.seal(size)
        checkpoint = Checkpoint(ORIGIN, size, root(self.tiles, size))
        fresh = self.ledger.checkpoint_file.with_suffix(".fresh")
        fresh.write_bytes(formatted(checkpoint.text, [self.key.text_line(checkpoint.text)]))
        fresh.replace(self.ledger.checkpoint_file)
