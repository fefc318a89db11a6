"""Our witness asked by a client that is not ours, and a witness that is not ours by our client.

Both are real programs, and both are asked the same: to cosign a log that grows, and then the
histories that a log which rewrites its past would show (INTEGRITY, section 6).
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from judge_evidence import absent

from tests.integrity.watched import Log, log_of
from uitvoering.integrity.keys import Kind, new_key, public_key
from uitvoering.integrity.witness_client import (
    WitnessAheadError,
    WitnessClient,
    WitnessForkError,
    WitnessRefusedError,
)

HERE = Path(__file__).parent
BUILD = Path("build/witnesses").resolve()
AICS = Path("build/judges-aics/bin").absolute()
OURS = Path(sys.executable).with_name("uitvoering-witness")


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
    log_key = str(asked[0].log.keys[0].public)
    with our_witness(log_key) as (url, key):
        mistakes = judged(
            "uitvoering-witness, asked by aics-witness", asked, their_client(url, key)
        )
    with their_witness(log_key) as (url, key):
        mistakes += judged("aics-witness, asked by uitvoering", asked, our_client(url, key))
    if mistakes:
        sys.exit("a witness and a client disagree")


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
        lines = "\n".join(map(line, asked))
        said = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
        found = [str(json.loads(answer)) for answer in said.stdout.splitlines()]
        return [same.get(answer, answer) for answer in found]

    return ask


@contextmanager
def our_witness(log_key: str) -> Generator[tuple[str, str]]:
    """Its address, and its key of the kind that aics-witness knows."""
    environment = os.environ | {"UITVOERING_WITNESS": str(BUILD / "ours"), "UITVOERING_LANG": "en"}

    def said(*words: str) -> str:
        done = subprocess.run(
            [OURS, *words], env=environment, stdout=subprocess.PIPE, check=True, text=True
        )
        return done.stdout

    made = json.loads(said("create", "witness.example.nl", "--json"))
    (key,) = (key["vkey"] for key in made["keys"] if key["kind"] == "ed25519")
    said("enrol", log_key)
    port = free_port()
    with started([OURS, "serve", "--port", str(port)], environment, port) as url:
        yield url, key


@contextmanager
def their_witness(log_key: str) -> Generator[tuple[str, str]]:
    port, config = free_port(), str(BUILD / "theirs.json")
    name = "witness.example.org"
    origin = log_key.partition("+")[0]
    made = ["init", "-c", config, "--name", name, "--listen", f"127.0.0.1:{port}"]
    program = str(AICS / "aics-witness")
    told = subprocess.run([program, *made], stdout=subprocess.PIPE, check=True, text=True)
    enrolled = ["add-log", "-c", config, "--origin", origin, "--vkey", log_key]
    subprocess.run([program, *enrolled], stdout=subprocess.DEVNULL, check=True)
    key = next(line for line in told.stdout.splitlines() if line.startswith(name + "+"))
    with started([program, "serve", "-c", config], dict(os.environ), port) as url:
        yield url, key


@contextmanager
def started(
    command: Sequence[str | Path], environment: dict[str, str], port: int
) -> Generator[str]:
    with (
        (BUILD / f"{port}.log").open("wb") as told,
        subprocess.Popen(command, env=environment, stdout=told, stderr=told) as program,
    ):
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            program.terminate()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"nobody listens at port {port}; see {BUILD}")


if __name__ == "__main__":
    main()
