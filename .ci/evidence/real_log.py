"""The real thing: a log that the product's own commands made over a case, and proofs from it."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from evidence.cases import ORIGINS, Case, encoded

from tests.cli.command import Command
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.tree.merkle import consistency_proof

_ORIGIN = ORIGINS[0]


def real_cases(folder: Path) -> Iterator[Case]:
    command = Command(folder, {"UITVOERING_LANG": "en"})

    def said(*words: str) -> str:
        done = command(*words)
        return done.out if done.code == 0 else sys.exit(f"{' '.join(words)}: {done.err}")

    said("migrate")
    said("ledger", "create", _ORIGIN)
    ledger = Ledger.opened(folder / "store.db.ledger")
    keys = {file.stem: file.read_text().strip() for file in folder.glob("store.db.keys/*.pub")}
    said("case", "load", "b-fsv")
    said("ledger", "follow", "--once")
    said("case", "load", "a-caf11")
    events = [json.loads(line) for line in said("events").splitlines()]
    ids = [event["event"]["event_id"] for event in events]
    note = said("receipt", "show", ids[-1])
    promise = Case("note", "a promise", {"vkey": keys["promise"], "note": note})
    yield promise
    yield promise.wrong("a changed promise", note=note.replace(ids[-1], ids[0]))
    yield promise.wrong("signed as a checkpoint", vkey=keys["checkpoint-ed25519"])
    said("ledger", "follow", "--once")
    for event in (ids[0], ids[len(ids) // 2], ids[-1]):
        file = said("receipt", "show", event)
        given = {"vkey": keys["checkpoint-ed25519"], "file": file}
        case = Case("proof-file", f"the receipt of {event}", given)
        yield case
        yield case.wrong("another index", file=file.replace("\nindex ", "\nindex 1", 1))
    yield from _served(ledger.public, keys["checkpoint-ed25519"], keys["checkpoint-mldsa44"])
    yield from _grown(ledger)


def _served(public: Path, vkey: str, mldsa: str) -> Iterator[Case]:
    case = Case("log", "made by the commands", {"vkey": vkey, "directory": str(public)})
    yield case
    note = (public / "checkpoint").read_text(encoding="utf-8")
    for kind, key in (("checkpoint", vkey), ("cosignature", mldsa)):
        signed = Case(kind, "made by the commands", {"vkey": key, "note": note})
        yield signed
        yield signed.wrong("of another log", note=note.replace("\n", "x\n", 1))
    spoiled = public.with_name("public-with-another-leaf")
    shutil.copytree(public, spoiled)
    for bundle in (spoiled / "tile/entries").rglob("*"):
        if bundle.is_file():
            content = bundle.read_bytes()
            bundle.write_bytes(content.replace(b'"eventId":"0', b'"eventId":"1', 1))
    yield case.wrong("with another leaf", directory=str(spoiled))
    unsigned = public.with_name("public-with-another-checkpoint")
    shutil.copytree(public, unsigned)
    (unsigned / "checkpoint").write_text(note.replace("\n", "x\n", 1), encoding="utf-8")
    yield case.wrong("with another checkpoint", directory=str(unsigned))


def _grown(ledger: Ledger) -> Iterator[Case]:
    """From each checkpoint that was signed to the next."""
    with closing(ledger.rows()) as rows:
        signed = [row.checkpoint for row in rows.checkpoints() if row.checkpoint.size]
    for old, new in pairwise(signed):
        proof = consistency_proof(ledger.tree(new.size), old.size, new.size)
        given = {"old": old.size, "oldRoot": encoded(old.root), "size": new.size}
        given |= {"root": encoded(new.root), "proof": [encoded(hashed) for hashed in proof]}
        case = Case("consistency", f"the real log from {old.size} to {new.size}", given)
        yield case
        yield case.wrong("another old root", oldRoot=encoded(bytes(32)))
