"""Evidence made by our own code, and beside each piece the same with one thing wrong."""

import base64
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey
from uitvoering.integrity.notes.note import formatted, parsed, signature_line
from uitvoering.integrity.notes.proof_file import Proof
from uitvoering.integrity.tree.merkle import Tree, consistency_proof, inclusion_proof, leaf_hash
from uitvoering.integrity.tree.tile_store import TileWriter

SMALL = 130
"""Every index and every pair of sizes up to it (INTEGRITY 7)."""
LARGE = 70_000
"""273 full tiles and one of 112 at level 0, one full and one of 17 at level 1, one of 2 at 2."""
TILED = (1, 2, 255, 256, 257, 511, 512, 513, 1_777, 65_535, 65_536, 65_537, LARGE)
ORIGINS = ("log.example.nl/uitvoering", "log.voorbeeld.nl", "lög.example/é~!$&'()*,;=:@-_")
SIZES = (0, 1, 2, 255, 256, 2**31, 2**53 + 1, 2**63 - 1)


@dataclass(frozen=True)
class Case:
    kind: str
    about: str
    given: dict[str, Any]
    holds: bool = True

    def wrong(self, about: str, **changed: object) -> "Case":
        return replace(self, about=about, given=self.given | changed, holds=False)


class Made:
    """All cases of one seed; `folder` gets the tiles."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._random = random.Random(seed)  # noqa: S311 the same cases every time
        self._leaves = [self._leaf(index) for index in range(LARGE)]
        self._tree = Tree(map(leaf_hash, self._leaves))

    def all(self) -> Iterator[Case]:
        yield from self.roots()
        yield from self.inclusions()
        yield from self.consistencies()
        yield from self.checkpoints()
        yield from self.quorums()
        yield from self.proof_files()
        yield from self.tiles()

    def roots(self) -> Iterator[Case]:
        # The empty tree is left to the published vectors: Go's library gives it a root of zeros.
        for size in range(1, SMALL + 1):
            leaves = self._leaves[:size]
            given = {"leaves": [encoded(leaf) for leaf in leaves]}
            case = Case("root", f"{size} leaves", given | {"root": self._root(size)})
            yield case
            changed = [*leaves[:-1], leaves[-1] + b"."]
            yield case.wrong("another leaf", leaves=[encoded(leaf) for leaf in changed])

    def inclusions(self) -> Iterator[Case]:
        pairs = [(index, size) for size in range(1, SMALL + 1) for index in range(size)]
        sizes = (self._random.randint(SMALL, LARGE) for _ in range(200))
        for index, size in [*pairs, *((self._random.randrange(size), size) for size in sizes)]:
            proof = inclusion_proof(self._tree, index, size)
            given = {"leaf": encoded(self._leaves[index]), "index": index, "size": size}
            given |= {"root": self._root(size), "proof": [encoded(hashed) for hashed in proof]}
            case = Case("inclusion", f"leaf {index} of {size}", given)
            yield case
            wrong = [
                case.wrong("another proof", proof=self._spoiled(proof)),
                case.wrong("another leaf", leaf=encoded(self._leaves[index] + b".")),
                case.wrong("another root", root=self._root(size - 1)),
                case.wrong("another index", index=(index + 1) % size),
            ]
            yield self._random.choice(wrong if size > 1 else wrong[:-1])

    def consistencies(self) -> Iterator[Case]:
        pairs = [(old, size) for size in range(1, SMALL + 1) for old in range(1, size + 1)]
        sizes = (self._random.randint(SMALL, LARGE) for _ in range(200))
        for old, size in [*pairs, *((self._random.randint(1, size), size) for size in sizes)]:
            proof = consistency_proof(self._tree, old, size)
            given = {"old": old, "oldRoot": self._root(old), "size": size}
            given |= {"root": self._root(size), "proof": [encoded(hashed) for hashed in proof]}
            case = Case("consistency", f"{old} to {size}", given)
            yield case
            wrong = (
                case.wrong("another proof", proof=self._spoiled(proof)),
                case.wrong("another old root", oldRoot=self._root(old - 1)),
                case.wrong("another new root", root=self._root(size - 1)),
            )
            yield self._random.choice(wrong)

    def checkpoints(self) -> Iterator[Case]:
        for origin in ORIGINS:
            for size in SIZES:
                yield from self._checkpoint(Checkpoint(origin, size, self._random.randbytes(32)))

    def _checkpoint(self, checkpoint: Checkpoint) -> Iterator[Case]:
        """The same note for who knows the Ed25519 key and for who knows the ML-DSA-44 key."""
        log, log_mldsa = self._log(checkpoint.origin)
        witness = self._key("witness.example", Kind.COSIGNATURE)
        time = self._random.randrange(1, 2**40)
        lines = [log_mldsa.cosignature_line(checkpoint, time)]
        lines += [witness.cosignature_line(checkpoint, time), log.text_line(checkpoint.text)]
        self._random.shuffle(lines)
        note = formatted(checkpoint.text, lines)
        about = f"{checkpoint.size} leaves of {checkpoint.origin}"
        stranger = self._key(checkpoint.origin, Kind.ED25519)
        for kind, key, other in (
            ("checkpoint", log, stranger),
            ("cosignature", log_mldsa, self._key(checkpoint.origin, Kind.MLDSA44)),
        ):
            case = Case(kind, about, {"vkey": str(key.public), "note": note.decode()})
            yield case
            for wrong in (
                replace(checkpoint, size=checkpoint.size ^ 1),
                replace(checkpoint, root=self._flipped(checkpoint.root)),
                replace(checkpoint, origin=checkpoint.origin + "x"),
            ):
                yield case.wrong("another text", note=formatted(wrong.text, lines).decode())
            yield case.wrong("another key of the same name", vkey=str(other.public))
            yield case.wrong("a changed signature", note=self._signed_otherwise(note, key).decode())
            kept = [line for line in lines if line != _line_of(note, key)]
            yield case.wrong("not signed by it", note=formatted(checkpoint.text, kept).decode())
            extended = formatted(checkpoint.text + "extension\n", lines)
            if kind == "checkpoint":  # 0x06 does not sign extension lines: we refuse them all
                yield case.wrong("an extension line", note=extended.decode())

    def quorums(self) -> Iterator[Case]:
        """Two of three witnesses; for a judge that counts cosignatures (0x04)."""
        checkpoint = Checkpoint(ORIGINS[0], 5, self._random.randbytes(32))
        log, log_mldsa = self._log(checkpoint.origin)
        names = ("ministerie.example", "ombudsman.example", "rekenkamer.example")
        witnesses = [self._key(name, Kind.COSIGNATURE) for name in names]
        own = [log.text_line(checkpoint.text), log_mldsa.cosignature_line(checkpoint, 0)]
        cosigned = [witness.cosignature_line(checkpoint, 1_795_305_600) for witness in witnesses]
        quorum = 2
        known = {"witnesses": [str(key.public) for key in witnesses], "quorum": quorum}
        for count in range(4):
            note = formatted(checkpoint.text, [*own, *cosigned[:count]])
            given = {"vkey": str(log.public), "note": note.decode()} | known
            about = f"{count} of three witnesses"
            yield Case("quorum", about, given, holds=count >= quorum)
        full = formatted(checkpoint.text, [*own, *cosigned[:2]])
        case = Case("quorum", "two witnesses", {"vkey": str(log.public), "note": ""} | known)
        spoiled = self._signed_otherwise(full, witnesses[0])
        yield case.wrong("a changed cosignature", note=spoiled.decode())
        twice = formatted(checkpoint.text, [*own, cosigned[0], cosigned[0]])
        yield case.wrong("one witness twice", note=twice.decode())

    def proof_files(self) -> Iterator[Case]:
        for size in (1, 2, 255, 256, 257, LARGE):
            checkpoint = Checkpoint(ORIGINS[0], size, self._tree.root(size))
            log, log_mldsa = self._log(checkpoint.origin)
            lines = [log.text_line(checkpoint.text), log_mldsa.cosignature_line(checkpoint, 0)]
            note = formatted(checkpoint.text, lines)
            for index in sorted({0, size // 2, size - 1}):
                leaf = self._leaves[index]
                hashes = tuple(inclusion_proof(self._tree, index, size))
                proof = Proof(index, hashes, note, leaf)
                given = {"vkey": str(log.public), "file": bytes(proof).decode()}
                case = Case("proof-file", f"leaf {index} of {size}", given)
                yield case
                other = replace(checkpoint, root=self._flipped(checkpoint.root))
                for about, wrong in (
                    ("another leaf", replace(proof, extra=self._flipped(leaf))),
                    ("another proof", replace(proof, hashes=(*hashes, bytes(32)))),
                    ("another index", replace(proof, index=index + 1)),
                    ("a changed signature", replace(proof, note=self._signed_otherwise(note, log))),
                    ("another root", replace(proof, note=formatted(other.text, lines))),
                ):
                    yield case.wrong(about, file=bytes(wrong).decode())

    def tiles(self) -> Iterator[Case]:
        """One log as it was at each size, and what is left of its tiles when it has grown."""
        for size in TILED:
            yield self._tiled(f"{size} leaves", self._written(str(size), (size,)), size)
        grown = self._written("grown", (100, 700, 1_300))
        for size in (100, 700, 1_300):
            yield self._tiled(f"{size} leaves of 1,300", grown, size)
        whole = self._written("whole", (513,))
        case = self._tiled("513 leaves", whole, 513)
        yield case
        yield case.wrong("another root", root=self._root(512))
        for number, file in enumerate(sorted(whole.rglob("*"))):
            if not file.is_file():
                continue
            inside = file.relative_to(whole)
            spoiled = self._copied(whole, f"spoiled-{number}")
            (spoiled / inside).write_bytes(self._flipped(file.read_bytes()))
            yield case.wrong(f"a changed bit in {inside}", directory=str(spoiled))
            missing = self._copied(whole, f"missing-{number}")
            (missing / inside).unlink()
            yield case.wrong(f"without {inside}", directory=str(missing))

    def _tiled(self, about: str, public: Path, size: int) -> Case:
        given = {"directory": str(public), "size": size, "root": self._root(size)}
        return Case("tiles", about, given)

    def _written(self, name: str, sizes: Sequence[int]) -> Path:
        public = self._folder / name
        shutil.rmtree(public, ignore_errors=True)
        public.mkdir(parents=True)
        writer = TileWriter(public)
        for size in sizes:
            writer.extend(writer.size, self._leaves[writer.size : size])
            writer.seal(size)
        return public

    def _copied(self, public: Path, name: str) -> Path:
        shutil.rmtree(self._folder / name, ignore_errors=True)
        return Path(shutil.copytree(public, self._folder / name))

    def _leaf(self, index: int) -> bytes:
        """No two alike; most are short, some as long as a bundle takes."""
        longest = 65_000 if self._random.random() < 0.0002 else 60  # noqa: PLR2004 about fourteen
        return b"%d:" % index + self._random.randbytes(self._random.randint(0, longest))

    def _root(self, size: int) -> str:
        return encoded(self._tree.root(size))

    def _spoiled(self, proof: list[bytes]) -> list[str]:
        """Changed, longer, shorter or in another order."""
        changed = [[*proof, self._random.randbytes(32)], [self._random.randbytes(32), *proof]]
        if proof:
            at = self._random.randrange(len(proof))
            changed.append([*proof[:at], self._flipped(proof[at]), *proof[at + 1 :]])
            changed.append([*proof[:at], *proof[at + 1 :]])
        if len(proof) > 1:
            changed.append(proof[::-1])
        return [encoded(hashed) for hashed in self._random.choice(changed)]

    def _flipped(self, data: bytes) -> bytes:
        at = self._random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ 1 << self._random.randrange(8)]) + data[at + 1 :]

    def _signed_otherwise(self, note: bytes, key: PrivateKey) -> bytes:
        line = _line_of(note, key).encode()
        value = next(s.value for s in parsed(note).signatures if s.key_id == key.public.id)
        spoiled = signature_line(key.name, key.public.id, self._flipped(value))
        return note.replace(line, spoiled.encode())

    def _key(self, name: str, kind: Kind) -> PrivateKey:
        return PrivateKey(name, kind, self._random.randbytes(32))

    def _log(self, origin: str) -> tuple[PrivateKey, PrivateKey]:
        return self._key(origin, Kind.ED25519), self._key(origin, Kind.MLDSA44)


def _line_of(note: bytes, key: PrivateKey) -> str:
    found = next(s for s in parsed(note).signatures if s.key_id == key.public.id)
    return signature_line(found.name, found.key_id, found.value)


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
