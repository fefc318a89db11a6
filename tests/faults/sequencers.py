"""What another process does with a log: carries it on, and dies at a chosen step or follows."""

import os
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.killing import mortal
from tests.integrity.watched import ORIGIN
from uitvoering.application.sequencing import LoggedEvents, Sequencing
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.keys.key_files import KeyFiles
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.opening import opened
from uitvoering.integrity.witness.asking import ask_witnesses
from uitvoering.persistence.store import open_store
from uitvoering.wiring import utc_now

DAY = 24 * 3_600.0


def now() -> int:
    return int(utc_now().timestamp())


def sequence_until_dead(url: str, folder: str, steps: int) -> None:
    """Once along everything, up to what the witnesses say.

    A step is a statement of SQLite, an exchange with a server, or a file written, brought to disk,
    renamed or removed.
    """
    life = mortal()
    here = pytest.MonkeyPatch()  # for as long as this process lives
    for name in ("fsync", "replace", "rename", "unlink"):
        here.setattr(os, name, life.before(getattr(os, name)))
    here.setattr(Path, "write_bytes", life.before(Path.write_bytes))
    ledger, signer = Ledger.opened(Path(folder) / "ledger"), KeyFiles(Path(folder) / "keys", ORIGIN)
    with closing(open_store(url)) as store:
        life.spend(steps)
        with opened(ledger, signer, LoggedEvents(store, ORIGIN), now) as sequencer:
            while sequencer.step(DAY) is not None:
                pass
        with closing(ledger.rows()) as rows:
            ask_witnesses(ledger, rows, now)


def follow(url: str, folder: str, said: str) -> None:
    """Until killed; notes what it tells."""
    notes = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(error: UitvoeringError) -> None:
        os.write(notes, f"{error.code}\n".encode())

    with closing(open_store(url)) as store:
        app = Uitvoering(store=store, clock=utc_now)
        ledger = Ledger.opened(Path(folder) / "ledger")
        signer = KeyFiles(Path(folder) / "keys", ORIGIN)
        Sequencing(app, ledger, signer, tell).follow(threading.Event(), lambda _: None)
