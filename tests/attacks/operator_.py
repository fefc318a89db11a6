"""The opponent: he runs store and log, holds the keys of both and every file, and has time.

What he does not have is what others keep: the witnesses, an auditor's older checkpoint, a receipt.
"""

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from uitvoering.integrity.fast_json import dumps, loads
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.publishing import publish
from uitvoering.integrity.log.rows import Answer, LedgerRows, SignedCheckpoint
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.tree.leaf import commitment, leaf_of, opening_of
from uitvoering.integrity.tree.merkle import Tree, leaf_hash, root
from uitvoering.integrity.tree.tile_store import TileWriter
from uitvoering.integrity.verify.pack import MANIFEST, Listed, manifest_of
from uitvoering.persistence.ids import new_event_id
from uitvoering.persistence.migrations import sqlite_file

_COLUMNS = "position, originator_id, originator_version, topic, state, event_id"
_SECOND = re.compile(rb'("timestamp":"[-0-9]{10}T[:0-9]{7})\dZ')
Execute = Callable[[str, tuple[Any, ...]], Any]


@dataclass(frozen=True)
class Row:
    """An event as it stands in the store."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    event_id: str

    @property
    def is_signal(self) -> bool:
        return self.topic == "hardship-signalled"

    @property
    def held(self) -> dict[str, Any]:
        found: dict[str, Any] = loads(self.state)
        return found

    def holding(self, held: dict[str, Any]) -> "Row":
        """Written as the store writes."""
        return replace(self, state=dumps(held))

    def moved(self, position: int) -> "Row":
        return replace(self, position=position)

    def one_byte_changed(self) -> "Row":
        """The second in which it was recorded: still a fact that can be read."""
        return replace(self, state=_SECOND.sub(rb"\g<1>7Z", self.state))

    def reworded(self, text: str) -> "Row":
        """A milder text and nothing else."""
        held = self.held
        held["fact"]["statement"]["text"] = text
        return self.holding(held)

    def recommitted(self) -> "Row":
        """With the commitment to its text made anew: the store holds what it takes."""
        held = self.held
        proof, text = held["proof"], held["fact"]["statement"]["text"]
        for commit in proof["commits"]:
            commit["hmac"] = commitment(opening_of(proof["opening"], commit["at"]), text)
        return self.holding(held)

    def forged(self) -> "Row":
        """The same under a name of its own, as if it had been filed as well."""
        stream, event = str(uuid4()), new_event_id()
        state = self.state.replace(self.stream.encode(), stream.encode())
        state = state.replace(self.event_id.encode(), event.encode())
        return replace(self, stream=stream, state=state, event_id=event)

    def fitting(self, tree: Tree, digests: Mapping[str, str]) -> "Row":
        """What it says of the log and of other events, made to fit those as they are now."""
        held = self.held
        seen = (held.get("proof") or {}).get("seen")
        if seen:
            seen["size"] = min(seen["size"], tree.size)
            seen["root"] = tree.root(seen["size"]).hex()
        fact = held["fact"]
        if self.topic == "receipt-issued" and fact["of"] in digests:
            fact["sha256"] = digests[fact["of"]]
        return self if held == self.held else self.holding(held)


@dataclass(frozen=True)
class Operator:
    """Whatever he does to the store he can do to the log as well; see `signs_again`."""

    store: str
    ledger: Path
    keys: Path

    @contextmanager
    def database(self) -> Generator[Execute]:
        """As its owner: what the database refuses to others, he allows himself."""
        file = sqlite_file(self.store)
        if file is None:
            with psycopg.connect(self.store) as server:
                server.execute("ALTER TABLE event DISABLE TRIGGER ALL")
                yield lambda told, values: server.execute(told.replace("?", "%s").encode(), values)
            return
        with closing(sqlite3.connect(file)) as connection, connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            yield connection.execute

    @contextmanager
    def history(self) -> Generator[list[Row]]:
        """All events, to be changed at will; what is put in between moves the others on."""
        with self.database() as execute:
            found = execute(f"SELECT {_COLUMNS} FROM event ORDER BY position", ())
            rows = [replace(Row(*row), state=bytes(row[4])) for row in found.fetchall()]
            yield rows
            last = 0
            for at, row in enumerate(rows):
                last = max(last + 1, row.position)
                rows[at] = row.moved(last)
            execute("DELETE FROM event", ())
            for row in rows:
                values = (row.position, row.stream, row.version, row.topic, row.state, row.event_id)
                execute(f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", values)

    def signs_again(self, *, careless: bool = False) -> None:
        """The log as if the store had always been as it is: consistent, and under the true keys.

        What was signed over leaves that are still the same stays, with its cosignatures. Careless,
        he leaves in later events what their authors had seen of the log.
        """
        ledger = Ledger.opened(self.ledger)
        with closing(ledger.rows()) as rows:
            before = list(rows.checkpoints())
        answers = self._answers()
        tree, leaves, digests = Tree(), list[bytes](), dict[str, str]()
        with self.history() as events:
            for at, event in enumerate(events):
                events[at] = fitted = event if careless else event.fitting(tree, digests)
                digests[event.event_id] = hashlib.sha256(fitted.state).hexdigest()
                leaves.append(leaf_of(ledger.origin, event.topic, fitted.state))
                tree.append(leaf_hash(leaves[-1]))
        positions = [event.position for event in events]
        shutil.rmtree(ledger.public)
        for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "positions", "cosigned"):
            (self.ledger / name).unlink(missing_ok=True)
        ledger.public.mkdir()
        LedgerRows.create(ledger.rows_file)
        ledger.positions.append(positions)
        tiles = TileWriter(ledger.public)
        with closing(ledger.rows()) as rows:
            for old in (row for row in before if row.checkpoint.size <= len(leaves)):
                size = old.checkpoint.size
                tiles.extend(tiles.size, leaves[tiles.size : size])
                number = self._sign(ledger, rows, tiles, old)
                for answer in answers if rows.numbered(number)[0].signed == old.signed else ():
                    if answer.checkpoint == old.number:
                        rows.add_answer(replace(answer, checkpoint=number))
            if tiles.size < len(leaves):
                tiles.extend(tiles.size, leaves[tiles.size :])
                self._sign(ledger, rows, tiles, before[-1])
            publish(ledger, rows)

    def _sign(
        self, ledger: Ledger, rows: LedgerRows, tiles: TileWriter, old: SignedCheckpoint
    ) -> int:
        tiles.seal(tiles.size)
        checkpoint = Checkpoint(ledger.origin, tiles.size, root(tiles, tiles.size))
        note = old.signed
        if checkpoint != old.checkpoint:
            signing = key_files.signing_keys(self.keys, ledger.origin)
            lines = [key.cosignature_line(checkpoint, old.signed_at) for key in signing]
            note = formatted(checkpoint.text, lines)
        key_files.keep_last_signed(self.keys, note)
        return rows.add_checkpoint(note, old.signed_at).number

    def _answers(self) -> list[Answer]:
        columns = "witness, checkpoint, lines, refused, fork, evidence, received_at"
        with closing(sqlite3.connect(self.ledger / "ledger.db")) as connection:
            rows = connection.execute(f"SELECT {columns} FROM answer ORDER BY number").fetchall()
        return [
            Answer(row[0], row[1], tuple(row[2].splitlines(keepends=True)), *row[3:])
            for row in rows
        ]


def relist(pack: Path, **changed: Any) -> None:
    """The manifest of a pack made anew over what is there now, so that no digest gives it away."""
    files: dict[str, Listed] = {}
    for path in _files(pack):
        data = path.read_bytes()
        name = path.relative_to(pack).as_posix()
        files[name] = Listed(len(data), hashlib.sha256(data).hexdigest())
    manifest = manifest_of((pack / MANIFEST).read_bytes())
    (pack / MANIFEST).write_bytes(replace(manifest, files=files, **changed).encoded())


def _files(pack: Path) -> Iterable[Path]:
    return (path for path in sorted(pack.rglob("*")) if path.is_file() and path.name != MANIFEST)
