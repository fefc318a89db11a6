"""An evidence pack made by hand: real events, a real tree, real keys, and no store."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks import examples
from uitvoering.integrity.fast_json import dumps, loads
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.tree.leaf import commitment, leaf_of, opening_of
from uitvoering.integrity.tree.merkle import Tree, leaf_hash, root
from uitvoering.integrity.tree.tile_store import TileWriter
from uitvoering.integrity.tree.tiles import tiles_of
from uitvoering.integrity.verify.events import unwatched
from uitvoering.integrity.verify.findings import Report, Standing
from uitvoering.integrity.verify.pack import (
    CHECKPOINT,
    MANIFEST,
    POLICY,
    Asked,
    Listed,
    Manifest,
    PackWriter,
    checkpoint_path,
    event_line,
    events_path,
    manifest_of,
    schema_path,
)
from uitvoering.integrity.verify.verify import Asking, verify
from uitvoering.persistence.event_schemas import catalogues, newest
from uitvoering.persistence.serialisation import FactMapper

ORIGIN = "log.example.nl/uitvoering"
MADE_AT = "2026-11-22T12:00:00Z"
COSIGNED_AT = 1_795_000_000
NOW = 1_795_100_000
AT = "/fact/statement/text"
EVERYTHING = Asked()


@dataclass(frozen=True)
class Event:
    position: int
    topic: str
    state: bytes


@dataclass
class Keys:
    log: PrivateKey = field(default_factory=lambda: new_key(ORIGIN, Kind.ED25519))
    ministry: PrivateKey = field(default_factory=lambda: new_key("ministry", Kind.COSIGNATURE))
    audit: PrivateKey = field(default_factory=lambda: new_key("audit-office", Kind.MLDSA44))

    def policy(self, quorum: str = "both") -> bytes:
        lines = [
            f"log {self.log.public}",
            f"witness ministry {self.ministry.public}",
            f"witness audit-office {self.audit.public}",
            "group both all ministry audit-office",
            f"quorum {quorum}",
        ]
        return ("\n".join(lines) + "\n").encode()

    def signed(self, tree: Tree, size: int, *, cosigned: bool = True) -> bytes:
        checkpoint = Checkpoint(ORIGIN, size, root(tree, size))
        lines = [self.log.cosignature_line(checkpoint, 0)]
        if cosigned:
            lines += [
                key.cosignature_line(checkpoint, COSIGNED_AT + size)
                for key in (self.ministry, self.audit)
            ]
        return formatted(checkpoint.text, lines)


def events(count: int) -> list[Event]:
    """Stored facts, each with its proof."""
    mapper = FactMapper()
    made: list[Event] = []
    for number, fact in enumerate(examples.facts(count)):
        stored = mapper.to_stored_event(fact)
        held = loads(stored.state)
        opening = f"{number:064x}"
        held["proof"] = {
            "commits": [
                {
                    "at": AT,
                    "hmac": commitment(opening_of(opening, AT), held["fact"]["statement"]["text"]),
                }
            ],
            "opening": opening,
            "schema_sha256": newest(),
            "seen": None,
        }
        made.append(Event(2 * number + 3, stored.topic, dumps(held)))
    return made


def with_proof(event: Event, **proof: Any) -> Event:
    held = loads(event.state)
    held["proof"] |= proof
    return Event(event.position, event.topic, dumps(held))


@dataclass
class Made:
    """What a pack is made from; change it, and write."""

    keys: Keys
    events: list[Event]
    sizes: tuple[int, ...] = ()
    """Of further checkpoints."""
    cosigned: bool = True
    leaves: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        self.leaves = self.leaves or [leaf_of(ORIGIN, e.topic, e.state) for e in self.events]

    @property
    def tree(self) -> Tree:
        return Tree(map(leaf_hash, self.leaves))

    def note(self, size: int | None = None) -> bytes:
        tree = self.tree
        return self.keys.signed(tree, tree.size if size is None else size, cosigned=self.cosigned)

    def write(
        self,
        folder: Path,
        lines: Sequence[tuple[int, Event]] | None = None,
        asked: Asked = EVERYTHING,
        further: dict[str, bytes] | None = None,
    ) -> Path:
        public = folder.with_name(f"{folder.name}-public")
        public.mkdir()
        writer = TileWriter(public)
        writer.extend(0, self.leaves)
        writer.seal(len(self.leaves))
        folder.mkdir()
        pack = PackWriter(folder)
        size = len(self.leaves)
        for tile in tiles_of(size):
            pack.add(f"log/{tile.path}", (public / tile.path).read_bytes())
        pack.add(CHECKPOINT, self.note())
        for each in {*self.sizes, size}:
            pack.add(checkpoint_path(each), self.note(each))
        pack.add(POLICY, self.keys.policy())
        for sha256, schema in catalogues().items():
            pack.add(schema_path(sha256), schema)
        for name, data in (further or {}).items():
            pack.add(name, data)
        indexed = list(enumerate(self.events)) if lines is None else list(lines)
        files: dict[str, list[bytes]] = {}
        for index, event in indexed:
            line = event_line(index, event.position, event.topic, event.state)
            files.setdefault(events_path(index), []).append(line)
        for name, rows in files.items():
            pack.add(name, b"".join(rows))
        places = [index for index, _ in indexed]
        pack.finish(
            Manifest(
                ORIGIN,
                size,
                MADE_AT,
                len(indexed),
                min(places, default=None),
                max(places, default=None),
                asked,
                pack.files,
            )
        )
        return folder


def relisted(folder: Path, **changed: Any) -> None:
    """The manifest made anew over what is there: as an operator does who hides a change."""
    manifest = manifest_of((folder / MANIFEST).read_bytes())
    files: dict[str, Listed] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST:
            data = path.read_bytes()
            files[name] = Listed(len(data), hashlib.sha256(data).hexdigest())
    found = replace(manifest, files=files, **changed)
    (folder / MANIFEST).write_bytes(found.encoded())


def judged(folder: Path, keys: Keys, **more: Any) -> Report:
    policy, step = more.pop("policy", keys.policy()), more.pop("step", unwatched)
    report = verify(Asking(folder, policy, NOW, **more), step)
    for lang in ("nl", "en"):  # whatever is found can be said
        assert report.lines(lang)
        assert (report.told(lang)["verdict"] == "broken") == report.is_broken
    return report


def codes(report: Report, standing: Standing = Standing.BROKEN) -> set[str]:
    return {finding.code for finding in report.of(standing)}
