"""How fast is an evidence pack verified, beside reading and hashing what is in it?"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import orjson

from benchmarks import examples
from benchmarks.measure import Line, Reach, best, rate, said
from benchmarks.place import BULK, LARGE, Place
from uitvoering.domain.events.fact import Commitment, Proof, Seen
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.tree.leaf import commitment, leaf_of, opening_of
from uitvoering.integrity.tree.merkle import EMPTY_ROOT, root
from uitvoering.integrity.tree.tile_store import TileReader, TileWriter
from uitvoering.integrity.tree.tiles import tiles_of
from uitvoering.integrity.verify.pack import (
    CHECKPOINT,
    Manifest,
    PackWriter,
    checkpoint_path,
    event_line,
    events_path,
    schema_path,
)
from uitvoering.integrity.verify.tree import LOG
from uitvoering.persistence.event_schemas import catalogues, newest
from uitvoering.persistence.serialisation import FactMapper

_ORIGIN = "log.example.nl/benchmark"
_WORDING = "/fact/statement/text"
_BETWEEN = 1_000
"""Leaves between two checkpoints."""
_MADE_AT = "2027-01-15T12:00:00Z"
_COSIGNED_AT = 1_800_000_000
"""In seconds; after the last event that a benchmark makes was recorded."""
_BUFFER = 1 << 20


@dataclass(frozen=True)
class Pack:
    folder: Path
    policy: Path
    events: int


def figures(here: Place) -> Iterator[Line]:
    pack = _made(here, here.effort.of(LARGE, least=examples.PER_SIGNAL))
    cores = os.cpu_count() or 1
    told: dict[int, dict[str, float]] = {}

    def way(jobs: int) -> float:
        found = _verified(pack, jobs)
        if jobs not in told or found["peak"] < told[jobs]["peak"]:
            told[jobs] = found
        return pack.events / found["seconds"]

    ways = {f"{jobs} processes": partial(way, jobs) for jobs in sorted({1, cores})}
    ways["each line and leaf"] = partial(rate, pack.events, partial(_lines_and_leaves, pack))
    ways["every hash"] = partial(rate, pack.events, partial(_every_hash, pack))
    found = best(ways, min(here.effort.rounds, 3))
    name = f"verify a pack of {pack.events:,} events"
    yield Line(
        f"{name}, {cores} processes",
        found[f"{cores} processes"],
        "events/s",
        "one process reads and hashes each line and leaf",
        found["each line and leaf"],
        Reach(0.5),
    )
    yield Line(
        f"{name}, {cores} processes, against all hashing",
        found[f"{cores} processes"],
        "events/s",
        "one process computes every hash a verifier needs",
        found["every hash"],
    )
    yield Line(
        f"{name}, one process",
        found["1 processes"],
        "events/s",
        "one process reads and hashes each line and leaf",
        found["each line and leaf"],
    )
    yield Line(
        f"memory to {name}",
        max(told[cores]["peak"], told[cores]["others"]),
        "MiB",
        "the same process before it began",
        told[cores]["start"],
        Reach(96, at_most=True, of_value=True),
    )
    shutil.rmtree(pack.folder)


def _verified(pack: Pack, jobs: int) -> dict[str, float]:
    """In a process of its own; the reading of the clock is its own too."""
    command = [sys.executable, "-m", "benchmarks.verifying", str(pack.folder), str(pack.policy)]
    done = subprocess.run([*command, str(jobs)], check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _lines_and_leaves(pack: Pack) -> None:
    for file in sorted((pack.folder / "events").iterdir()):
        with file.open("rb") as lines:
            for line in lines:
                sha256(line).digest()
    for leaf in TileReader(pack.folder / LOG, pack.events).leaves(0, pack.events):
        sha256(leaf).digest()


def _every_hash(pack: Pack) -> None:
    """Of every file, of every event and leaf in it, and of every node above the leaves."""
    for folder, _, names in os.walk(pack.folder):
        for name in names:
            with (Path(folder) / name).open("rb") as file:
                digest = sha256()
                while block := file.read(_BUFFER):
                    digest.update(block)
    _lines_and_leaves(pack)
    pair = bytes(64)
    for _ in range(pack.events):
        sha256(b"\x01" + pair).digest()


def _made(here: Place, events: int) -> Pack:
    """Straight from facts with their proofs: no store, and the same bytes as an export."""
    folder = here.folder / "evidence"
    public, part = folder / "public", folder / "pack"
    part.mkdir(parents=True)
    public.mkdir()
    keys = [new_key(_ORIGIN, kind) for kind in (Kind.ED25519, Kind.MLDSA44)]
    witness = new_key("witness", Kind.COSIGNATURE)
    writer, pack = TileWriter(public), PackWriter(part)

    def note() -> bytes:
        checkpoint = Checkpoint(_ORIGIN, writer.size, root(writer, writer.size))
        signers = (*keys, witness)
        return formatted(
            checkpoint.text, [key.cosignature_line(checkpoint, _COSIGNED_AT) for key in signers]
        )

    rows = _sequenced(events, writer, lambda: pack.add(checkpoint_path(writer.size), note()))
    for path, group in groupby(rows, key=lambda row: events_path(row[0])):
        with pack.file(path) as output:
            for index, topic, state in group:
                output.write(event_line(index, index + 1, topic, state))
    writer.seal(events)
    for tile in tiles_of(events):
        pack.add(f"{LOG}/{tile.path}", (public / tile.path).read_bytes())
    pack.add(CHECKPOINT, note())
    pack.add(schema_path(newest()), catalogues()[newest()])
    pack.finish(Manifest(_ORIGIN, events, _MADE_AT, events, 0, events - 1, files=pack.files))
    policy = folder / "policy"
    lines = [f"log {key.public}" for key in keys]
    lines += [f"witness witness {witness.public}", "quorum witness"]
    policy.write_text("\n".join(lines) + "\n")
    shutil.rmtree(public)
    return Pack(part, policy, events)


def _sequenced(
    events: int, writer: TileWriter, sign: Callable[[], None]
) -> Iterator[tuple[int, str, bytes]]:
    """Every event with its proof, its leaf in the tree, and what its author had seen of that."""
    mapper, seen = FactMapper(), Seen(root=EMPTY_ROOT.hex(), size=0)
    opening = sha256(b"opening").hexdigest()
    wording = opening_of(opening, _WORDING)
    for page in examples.pages(BULK, events):
        said(f"building a pack: {writer.size:,} of {events:,}")
        for event in page:
            text = orjson.loads(mapper.to_stored_event(event).state)["fact"]["statement"]["text"]
            proof = Proof(
                commits=(Commitment(at=_WORDING, hmac=commitment(wording, text)),),
                opening=opening,
                schema_sha256=newest(),
                seen=seen,
            )
            stored = mapper.to_stored_event(event.model_copy(update={"proof": proof}))
            index = writer.size
            writer.extend(index, [leaf_of(_ORIGIN, stored.topic, stored.state)])
            yield index, stored.topic, stored.state
            if writer.size % _BETWEEN == 0:
                sign()
                seen = Seen(root=root(writer, writer.size).hex(), size=writer.size)
