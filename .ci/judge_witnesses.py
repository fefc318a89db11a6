"""Our witness asked by a client that is not ours, and a witness that is not ours by our client.

Both are real programs, and both are asked the same: to cosign a log that grows, and then the
histories that a log which rewrites its past would show (INTEGRITY, section 6).
"""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from evidence.witnesses import AICS, our_witness, their_witness
from judge_evidence import absent

from tests.cli.command import Command
from tests.integrity.watched import Log, log_of
from uitvoering.integrity.notes.keys import Kind, new_key, public_key
from uitvoering.integrity.witness.client import (
    WitnessAheadError,
    WitnessClient,
    WitnessForkError,
    WitnessRefusedError,
)

HERE = Path(__file__).parent
BUILD = Path("build/witnesses").resolve()
REAL = "log.example.nl/echt"


class Step(NamedTuple):
    about: str
    log: Log
    old: int
    """What the sender takes the witness to hold."""
    comes_to: str


Ask = Callable[[Sequence[Step]], list[str]]


def main() -> None:
    if not (AICS / "aics-witness").exists():
        absent("aics-witness", "there is no Python 3.12")
        return
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    asked = steps()
    store = Command(BUILD, {"UITVOERING_LANG": "en"})
    did(store, "migrate")
    did(store, "keys", "create", REAL)
    real_key = (BUILD / "store.db.keys/checkpoint-ed25519.pub").read_text().strip()
    log_keys = (str(asked[0].log.keys[0].public), real_key)
    with our_witness(BUILD, *log_keys) as ours, their_witness(BUILD, *log_keys) as theirs:
        mistakes = judged("uitvoering-witness, asked by aics-witness", asked, their_client(*ours))
        mistakes += judged("aics-witness, asked by uitvoering", asked, our_client(*theirs))
        mistakes += cosigned(store, real_key, [ours, theirs])
    if mistakes:
        sys.exit("a witness and a client disagree")


def cosigned(store: Command, log_key: str, witnesses: Sequence[tuple[str, str]]) -> int:
    """A log that the commands made over a case, cosigned by both; judged by aics-tlog."""
    named = [f"witness w{n} {key} {url}" for n, (url, key) in enumerate(witnesses)]
    lines = [f"log {log_key}", *named, "group both all w0 w1", "quorum both", ""]
    (BUILD / "policy").write_text("\n".join(lines), encoding="utf-8")
    did(store, "ledger", "create", REAL, "--policy", str(BUILD / "policy"))
    did(store, "case", "load", "a-caf11")
    did(store, "ledger", "follow", "--once")
    note = (BUILD / "store.db.ledger/public/checkpoint").read_text(encoding="utf-8")
    mistakes = 0
    for about, text, holds in (
        ("cosigned by both", note, True),
        ("without the first", without(note, witnesses[0][1]), False),
        ("without the second", without(note, witnesses[1][1]), False),
    ):
        given = {"kind": "quorum", "vkey": log_key, "note": text, "quorum": 2}
        given["witnesses"] = [key for _, key in witnesses]
        command = [str(AICS / "python"), str(HERE / "evidence/judge_aics.py")]
        found = json.loads(exchanged(command, json.dumps(given)))
        if found["holds"] is not holds:
            mistakes += 1
            print(f"  {about}: {found}")
    print(f"a log of the commands, cosigned by both, judged by aics-tlog: {mistakes} mistakes")
    return mistakes


def without(note: str, vkey: str) -> str:
    name, hint, _ = vkey.split("+", 2)

    def its(line: str) -> bool:
        mark = f"— {name} "
        return line.startswith(mark) and (
            base64.b64decode(line.removeprefix(mark))[:4] == bytes.fromhex(hint)
        )

    return "".join(line for line in note.splitlines(keepends=True) if not its(line))


def did(store: Command, *words: str) -> None:
    done = store(*words)
    if done.code:
        sys.exit(f"{' '.join(words)}: {done.err}")


def exchanged(command: Sequence[str], lines: str) -> str:
    return subprocess.run(
        command, input=lines, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def steps() -> Sequence[Step]:
    log = log_of(613)
    grown, rewritten = log.grown(1_000), log.grown(1_000).rewritten(100)
    elsewhere = Log(grown.leaves, [new_key("log.elders.nl", Kind.ED25519)], "log.elders.nl")
    stranger = Log(grown.leaves, [new_key(log.origin, Kind.ED25519)])
    return (
        Step("a first tree of 613", log, 0, "cosigned"),
        Step("grown to 1,000", grown, 613, "cosigned"),
        Step("from a size it has left behind", grown, 613, "cosigned"),  # 409, and from there
        Step("leaf 100 rewritten, of the same size", rewritten, 1_000, "forked"),
        Step("leaf 100 rewritten, and grown", rewritten.grown(1_100), 1_000, "forked"),
        Step("its tail cut off", log, 0, "ahead"),
        Step("of a log it does not know", elsewhere, 0, "refused with 404"),
        Step("signed by another key of its name", stranger, 1_000, "refused with 403"),
        Step("grown to 1,024 after all that", grown.grown(1_024), 1_000, "cosigned"),
    )


def judged(who: str, asked: Sequence[Step], ask: Ask) -> int:
    mistakes = 0
    for step, found in zip(asked, ask(asked), strict=True):
        if found != step.comes_to:
            mistakes += 1
            print(f"  {step.about}: {found}, not {step.comes_to}")
    print(f"{who}: {len(asked)} requests, {mistakes} mistakes")
    return mistakes


def our_client(url: str, key: str) -> Ask:
    client = WitnessClient("witness", url, [public_key(key)])

    def one(step: Step) -> str:
        try:
            client.add(step.log.note(), step.log.checkpoint(), step.log.proof, step.old)
        except WitnessForkError:
            return "forked"
        except WitnessAheadError:
            return "ahead"
        except WitnessRefusedError as error:
            return f"refused with {error.values['status']}"
        return "cosigned"

    return lambda asked: [one(step) for step in asked]


def their_client(url: str, key: str) -> Ask:
    """It decides itself from which size to prove, among the proofs that are given to it."""
    command = [str(AICS / "python"), str(HERE / "evidence/ask_aics.py"), url, key]
    same = {"refused with 422": "forked", "ahead with 1000": "ahead"}

    def line(step: Step) -> str:
        size = step.log.tree.size
        proofs = {
            old: [base64.b64encode(hashed).decode() for hashed in step.log.proof(old)]
            for old in (0, 613, 1_000, size)
            if old <= size
        }
        return json.dumps({"note": step.log.note().decode(), "old": step.old, "proofs": proofs})

    def ask(asked: Sequence[Step]) -> list[str]:
        said = exchanged(command, "\n".join(map(line, asked)))
        found = [str(json.loads(answer)) for answer in said.splitlines()]
        return [same.get(answer, answer) for answer in found]

    return ask


if __name__ == "__main__":
    main()
