"""A store, its log, its keys, two witnesses that really serve, and those who check it all."""

import json
import shutil
from collections.abc import Generator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.application.desk import COUNTER, TEAM_LEAD, WORDS, Clock, handed_on
from tests.attacks.operator_ import Operator
from tests.integrity.watched import Served, serving
from uitvoering.application.caller import Receipt
from uitvoering.application.promises import Promises
from uitvoering.application.sequencing import Sequencing
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import SignalHardship
from uitvoering.domain.values import Level
from uitvoering.errors import UitvoeringError
from uitvoering.integrity import key_files
from uitvoering.integrity.asking import ask_witnesses
from uitvoering.integrity.key_files import KeyFiles
from uitvoering.integrity.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.ledger import Ledger
from uitvoering.integrity.ledger_rows import SignedCheckpoint
from uitvoering.integrity.witness import Witness
from uitvoering.integrity.witness_client import Asked
from uitvoering.integrity.witness_store import WitnessStore
from uitvoering.persistence.store import open_store

ORIGIN = "log.example.nl/uitvoering"
BODIES = ("ministry", "audit-office")
_THRESHOLDS = {"both": "all", "either": "any"}
MILDER = "Bij enkele mensen is de uitkering mogelijk aangepast."
"""What the words of the reporter become in the hands of the operator."""


def witness_keys() -> dict[str, list[PrivateKey]]:
    """Of each body two keys, which count once."""
    return {
        body: [new_key(body, Kind.COSIGNATURE), new_key(body, Kind.MLDSA44)] for body in BODIES
    }


@dataclass
class Scene:
    """Everything below one folder; a copy of it is a history of its own."""

    folder: Path
    store: str
    witness_keys: Mapping[str, list[PrivateKey]]
    clock: Clock = field(default_factory=Clock)
    told: list[UitvoeringError] = field(default_factory=list[UitvoeringError])
    """What the sequencer will try again."""
    served: dict[str, Served] = field(default_factory=dict[str, Served])
    """The witnesses, while they serve."""

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def policy(self) -> Path:
        """In the hands of the auditor: the operator cannot reach it."""
        return self.folder / "auditor" / "policy"

    @property
    def operator(self) -> Operator:
        return Operator(self.store, self.ledger, self.keys)

    @property
    def log(self) -> Ledger:
        return Ledger.opened(self.ledger)

    def policy_text(self, quorum: str = "both", *bodies: str) -> bytes:
        """`bodies` are those whose address is given: only they can be asked."""
        signing = key_files.signing_keys(self.keys, ORIGIN)
        lines = [f"log {key.public}" for key in signing]
        for body in BODIES:
            asked = body in self.served and body in (bodies or BODIES)
            address = f" {self.served[body].url}" if asked else ""
            named = [f"{body}-{key.kind:02x}" for key in self.witness_keys[body]]
            lines += [
                f"witness {name} {key.public}{address}"
                for name, key in zip(named, self.witness_keys[body], strict=True)
            ]
            lines.append(f"group {body} any {' '.join(named)}")
        if quorum in _THRESHOLDS:
            lines.append(f"group {quorum} {_THRESHOLDS[quorum]} {' '.join(BODIES)}")
        return ("\n".join([*lines, f"quorum {quorum}"]) + "\n").encode()

    def pin(self, quorum: str = "both", *asked: str) -> Path:
        """The policy as the auditor has it, and as the log uses it."""
        self.policy.parent.mkdir(exist_ok=True)
        text = self.policy_text(quorum, *asked)
        self.policy.write_bytes(text)
        (self.ledger / "policy").write_bytes(text)
        return self.policy

    @contextmanager
    def app(self) -> Generator[Uitvoering]:
        with closing(open_store(self.store)) as store:
            ledger = self.log
            promises = Promises.of(ledger, key_files.promise_key(self.keys, ORIGIN))
            yield Uitvoering(store, self.clock, promises)

    def file(self, *, hand_on: bool = True, **more: Any) -> Receipt:
        """A signal, and a level up; the receipt of who raised it."""
        given = {"statement": WORDS, "body": "uwv", "to": Level.TEAM_LEAD}
        given |= {"happened_on": "2026-06-01"} | more
        with self.app() as app:
            raised = app.handle(SignalHardship.model_validate(given), COUNTER)
            if hand_on:
                app.handle(handed_on(), TEAM_LEAD, subject=raised.id)
        return raised.receipts[0]

    def sequence(self) -> SignedCheckpoint:
        """Sign what there is and ask the witnesses, as `ledger follow --once` does."""
        self.clock.now += timedelta(minutes=1)
        with closing(open_store(self.store)) as store:
            app = Uitvoering(store, self.clock)
            return Sequencing(app, self.log, KeyFiles(self.keys, ORIGIN), self.told.append).once()

    def ask(self) -> list[Asked]:
        """Show both witnesses the newest checkpoint, without looking first at what they hold."""
        self.clock.now += timedelta(minutes=1)
        with closing(self.log.rows()) as rows:
            return ask_witnesses(self.log, rows, lambda: int(self.clock().timestamp()))

    def evidence(self, body: str) -> list[dict[str, Any]]:
        """What this witness kept of refusals, read from its folder."""
        folders = sorted((self.folder / body / "evidence").glob("*"))
        return [
            json.loads((folder / "refusal.json").read_text("utf-8"))
            | {name: (folder / name).read_bytes() for name in ("offered", "held")}
            for folder in folders
        ]

    def witness(self, body: str) -> Witness:
        file = self.folder / body / "witness.db"
        file.parent.mkdir(exist_ok=True)
        store = WitnessStore(file) if file.exists() else WitnessStore.create(file)
        evidence, keys = self.folder / body / "evidence", self.witness_keys[body]
        witness = Witness(store, evidence, keys, lambda: int(self.clock().timestamp()))
        for key in key_files.signing_keys(self.keys, ORIGIN):
            witness.enrol(key.public)
        return witness

    @contextmanager
    def watched(self) -> Generator[None]:
        """While both witnesses serve; the policy tells where."""
        with ExitStack() as stack:
            self.served = {
                body: stack.enter_context(serving(self.witness(body))) for body in BODIES
            }
            self.pin()
            yield

    def copy(self, folder: Path, store: str | None = None) -> "Scene":
        """What stands there now, in another place; `store` when its database is elsewhere."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        url = store or f"sqlite:///{folder / 'store.db'}"
        return Scene(folder, url, self.witness_keys, Clock(self.clock.now))
