"""The real thing: a log that the product's own commands made over a case, and proofs from it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from evidence.cases import ORIGINS, Case, encoded

from uitvoering.integrity.ledger import Ledger
from uitvoering.integrity.merkle import consistency_proof

_ORIGIN = ORIGINS[0]
_PROVED = 5
"""Events of which a receipt is fetched, from the first to the last."""


def real_cases(folder: Path) -> Iterator[Case]:
    store = folder / "real.db"
    said("migrate", store=store)
    said("ledger", "create", _ORIGIN, store=store)
    for case in ("b-fsv", "a-caf11"):
        said("case", "load", case, store=store)
        said("ledger", "follow", "--once", store=store)
    ledger = Ledger.opened(store.with_name("real.db.ledger"))
    keys = store.with_name("real.db.keys")
    vkey, mldsa = (
        (keys / f"checkpoint-{kind}.pub").read_text().strip() for kind in ("ed25519", "mldsa44")
    )
    yield from _served(ledger.public, vkey, mldsa)
    yield from _grown(ledger)
    events = [json.loads(line) for line in said("events", store=store).splitlines()]
    for nth in range(_PROVED):
        event = events[nth * (len(events) - 1) // (_PROVED - 1)]["event"]["event_id"]
        file = said("receipt", "show", event, store=store)
        case = Case("proof-file", f"the receipt of {event}", {"vkey": vkey, "file": file})
        yield case
        yield case.wrong("another index", file=file.replace("\nindex ", "\nindex 1", 1))


def _served(public: Path, vkey: str, mldsa: str) -> Iterator[Case]:
    case = Case("log", "made by the commands", {"vkey": vkey, "directory": str(public)})
    yield case
    note = (public / "checkpoint").read_text(encoding="utf-8")
    signed = Case("cosignature", "made by the commands", {"vkey": mldsa, "note": note})
    yield signed
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


def said(*words: str, store: Path) -> str:
    settings = {"UITVOERING_STORE": f"sqlite:///{store}", "UITVOERING_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "uitvoering", *words],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode()
