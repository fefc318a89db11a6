"""A log with real keys that can grow and be rewritten, and a witness that really serves."""

import http.client
import socket
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.faults.promises import until
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.tree.merkle import Tree, consistency_proof, leaf_hash
from uitvoering.integrity.witness.request import body_of
from uitvoering.integrity.witness.server import WitnessServer
from uitvoering.integrity.witness.store import WitnessStore
from uitvoering.integrity.witness.witness import Witness

ORIGIN = "log.example.nl/uitvoering"
NOON = 1_795_262_400
"""21 November 2026, 12:00 UTC, in seconds since 1970."""


class Clock:
    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@dataclass
class Log:
    """A history, and the keys to sign any other."""

    leaves: list[bytes] = field(default_factory=list)
    keys: Sequence[PrivateKey] = field(
        default_factory=lambda: [new_key(ORIGIN, Kind.ED25519), new_key(ORIGIN, Kind.MLDSA44)]
    )
    origin: str = ORIGIN

    def __post_init__(self) -> None:
        self.tree = Tree(leaf_hash(leaf) for leaf in self.leaves)

    def grown(self, size: int) -> "Log":
        added = [f"leaf {n}".encode() for n in range(len(self.leaves), size)]
        return Log([*self.leaves, *added], self.keys, self.origin)

    def rewritten(self, index: int, leaf: bytes = b"milder") -> "Log":
        """From this leaf on another history, under the same true keys."""
        return Log([*self.leaves[:index], leaf, *self.leaves[index + 1 :]], self.keys, self.origin)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = self.tree.size if size is None else size
        return Checkpoint(self.origin, size, self.tree.root(size))

    def note(self, size: int | None = None) -> bytes:
        return self.signed(self.checkpoint(size))

    def signed(self, checkpoint: Checkpoint) -> bytes:
        lines = [key.cosignature_line(checkpoint, 0) for key in self.keys]
        return formatted(checkpoint.text, lines)

    def proof(self, old: int, size: int | None = None) -> list[bytes]:
        return consistency_proof(self.tree, old, self.tree.size if size is None else size)

    def request(self, old: int, size: int | None = None) -> bytes:
        """As an honest sender makes it, who takes the witness to hold `old` leaves."""
        return body_of(old, self.proof(old, size), self.note(size))


def log_of(size: int) -> Log:
    return Log().grown(size)


def witness_keys(name: str = "witness.example.nl") -> list[PrivateKey]:
    return [new_key(name, Kind.COSIGNATURE), new_key(name, Kind.MLDSA44)]


def witness_in(
    folder: Path, *logs: Log, keys: Sequence[PrivateKey] = (), clock: Clock | None = None
) -> Witness:
    """Over the record in this folder, which is made the first time."""
    file = folder / "witness.db"
    folder.mkdir(exist_ok=True, parents=True)
    store = WitnessStore(file) if file.exists() else WitnessStore.create(file)
    witness = Witness(store, folder / "evidence", keys or witness_keys(), clock or Clock())
    for log in logs:
        for key in log.keys:
            witness.enrol(key.public)
    return witness


@dataclass(frozen=True)
class Reply:
    status: int
    content_type: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """A witness at an address, and what it wrote to its request log."""

    port: int
    prefix: str
    told: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    def log(self, line: str) -> None:
        self.told.append(line)

    def tells(self, words: str) -> bool:
        """In some line, which is written after the answer."""
        until(lambda: any(words in line for line in self.told))
        return True

    def add(self, body: bytes) -> Reply:
        return self.ask("POST", f"{self.prefix}/add-checkpoint", body)

    def view(self, origin: str = ORIGIN) -> Reply:
        return self.ask("GET", f"{self.prefix}/{sha256(origin.encode()).hexdigest()}/checkpoint")

    def ask(self, method: str, path: str, body: bytes | None = None) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers["Content-Type"], answer.read())
        finally:
            connection.close()


@contextmanager
def serving(witness: Witness, prefix: str = "") -> Generator[Served]:
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        serving_at(door, witness, prefix) as served,
    ):
        yield served


@contextmanager
def serving_at(door: socket.socket, witness: Witness, prefix: str = "") -> Generator[Served]:
    """On a door that is open already, and closed with the server."""
    served = Served(door.getsockname()[1], prefix)
    server = WitnessServer(door, witness, prefix, served.log)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
