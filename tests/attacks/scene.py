"""A store, its log, its keys, two witnesses that really serve, and those who check it all."""

import json
import shutil
import socket
from collections.abc import Generator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.application.desk import COUNTER, TEAM_LEAD, WORDS, Clock, handed_on
from tests.attacks.operator_ import Operator
from tests.integrity.watched import Served, serving_at
from uitvoering.application import monitor_report
from uitvoering.application.caller import Receipt
from uitvoering.application.evidence_pack import Evidence, export
from uitvoering.application.monitoring import Monitoring
from uitvoering.application.promises import Promises
from uitvoering.application.sequencing import Sequencing
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.registers import AdoptCosigningPolicy
from uitvoering.commands.signal import SignalHardship
from uitvoering.domain.values import Level
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.key_files import KeyFiles
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.rows import SignedCheckpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.verify.findings import Report
from uitvoering.integrity.verify.pack import Asked as Wanted
from uitvoering.integrity.verify.verify import Asking, verify
from uitvoering.integrity.witness.asking import ask_witnesses
from uitvoering.integrity.witness.client import Asked
from uitvoering.integrity.witness.store import WitnessStore
from uitvoering.integrity.witness.witness import Witness
from uitvoering.persistence.store import open_store

ORIGIN = "log.example.nl/uitvoering"
BODIES = ("ministry", "audit-office")
POINTS = ("first", "middle", "signal", "last")
"""Leaves at which an attack may begin: `Scene.leaf` knows which they are."""
_THRESHOLDS = {"both": "all", "either": "any"}
MILDER = "Bij enkele mensen is de uitkering mogelijk aangepast."
"""What the words of the reporter become in the hands of the operator."""


@dataclass(frozen=True)
class Body:
    """One that runs a witness: two keys, which count once, and an address that stays."""

    name: str
    door: socket.socket
    keys: list[PrivateKey]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def lines(self, *, asked: bool) -> list[str]:
        """In a policy."""
        named = [f"{self.name}-{key.kind:02x}" for key in self.keys]
        address = f" {self.address}" if asked else ""
        keys = [
            f"witness {name} {key.public}{address}"
            for name, key in zip(named, self.keys, strict=True)
        ]
        return [*keys, f"group {self.name} any {' '.join(named)}"]


@contextmanager
def outside() -> Generator[dict[str, Body]]:
    """The bodies outside the chain; their doors stay open, whoever answers."""
    with ExitStack() as doors:
        yield {
            name: Body(
                name,
                doors.enter_context(socket.create_server(("127.0.0.1", 0))),
                [new_key(name, Kind.COSIGNATURE), new_key(name, Kind.MLDSA44)],
            )
            for name in BODIES
        }


@dataclass
class Scene:
    """Everything below one folder; a copy of it is a history of its own."""

    folder: Path
    store: str
    bodies: Mapping[str, Body]
    clock: Clock = field(default_factory=Clock)
    signal: int = 0
    """The leaf of the first signal; before it stand the registers."""
    last: int = 0
    """The leaf of the last event in the true history."""
    told: list[UitvoeringError] = field(default_factory=list[UitvoeringError])
    """What the sequencer will try again."""
    served: dict[str, Served] = field(default_factory=dict[str, Served])
    """The witnesses, while they serve."""

    def leaf(self, point: str) -> int:
        known = {"first": 0, "middle": self.signal // 2, "signal": self.signal, "last": self.last}
        return known[point]

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def operator(self) -> Operator:
        return Operator(self.store, self.ledger, self.keys)

    @property
    def log(self) -> Ledger:
        return Ledger.opened(self.ledger)

    def policy_text(self, quorum: str = "both", *asked: str) -> bytes:
        """`asked` are those whose address is given, all when none is named."""
        signing = key_files.signing_keys(self.keys, ORIGIN)
        lines = [f"log {key.public}" for key in signing]
        for name, body in self.bodies.items():
            lines += body.lines(asked=name in (asked or BODIES))
        if quorum in _THRESHOLDS:
            lines.append(f"group {quorum} {_THRESHOLDS[quorum]} {' '.join(BODIES)}")
        return ("\n".join([*lines, f"quorum {quorum}"]) + "\n").encode()

    def pinned(self, quorum: str = "both") -> Policy:
        """As the auditor has it: the operator cannot reach it."""
        return policy_of(self.policy_text(quorum))

    def ask_only(self, *bodies: str) -> None:
        """The operator shows this history to some of the witnesses."""
        (self.ledger / "policy").write_bytes(self.policy_text("both", *bodies))

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
        evidence, keys = self.folder / body / "evidence", self.bodies[body].keys
        witness = Witness(store, evidence, keys, lambda: int(self.clock().timestamp()))
        for key in key_files.signing_keys(self.keys, ORIGIN):
            witness.enrol(key.public)
        return witness

    @contextmanager
    def watched(self) -> Generator[None]:
        """While both witnesses serve."""
        with ExitStack() as stack:
            for name, body in self.bodies.items():
                door = body.door.dup()
                self.served[name] = stack.enter_context(serving_at(door, self.witness(name)))
            yield

    def pack(self, name: str = "pack", *, with_read_models: bool = False) -> Path:
        """As `export` makes it."""
        folder = self.folder / name
        with self.app() as app:
            evidence = Evidence(app, self.log, with_read_models=with_read_models)
            export(evidence, folder, Wanted(), lambda _, __: None)
        return folder

    def asking(self, pack: Path, quorum: str = "both", **given: bytes) -> Asking:
        """With the policy of the auditor, and what else he brings."""
        policy = self.policy_text(quorum)
        return Asking(pack, policy, int(self.clock().timestamp()), given)

    def verified(self, pack: Path | None = None, quorum: str = "both", **given: bytes) -> Report:
        """As `verify` judges it."""
        return verify(self.asking(pack or self.pack(), quorum, **given))

    def monitored(self) -> monitor_report.Report:
        """As `monitor` finds it."""
        keys = [key.public for key in key_files.signing_keys(self.keys, ORIGIN)]
        with self.app() as app:
            return Monitoring(app, self.log, keys, lambda: key_files.last_signed(self.keys)).look()

    def copy(self, folder: Path, store: str | None = None) -> "Scene":
        """What stands there now, in another place; `store` when its database is elsewhere."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        url = store or f"sqlite:///{folder / 'store.db'}"
        clock = Clock(self.clock.now)
        return Scene(folder, url, self.bodies, clock, self.signal, self.last)


def adoption(policy: bytes) -> AdoptCosigningPolicy:
    return AdoptCosigningPolicy.model_validate(
        {
            "happened_on": "2026-06-01",
            "in_force_from": "2026-06-01",
            "source": {"title": "Decision 12"},
            "text": policy.decode(),
        }
    )
