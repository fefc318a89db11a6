"""Two witnesses as real programs: ours, and one that is not ours."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

AICS = Path("build/judges-aics/bin").absolute()
OURS = Path(sys.executable).with_name("uitvoering-witness")


@contextmanager
def our_witness(folder: Path, *log_keys: str) -> Generator[tuple[str, str]]:
    """Its address, and its key of the kind that aics-witness knows."""
    environment = os.environ | {"UITVOERING_WITNESS": str(folder / "ours"), "UITVOERING_LANG": "en"}

    def said(*words: str) -> str:
        done = subprocess.run(
            [OURS, *words], env=environment, stdout=subprocess.PIPE, check=True, text=True
        )
        return done.stdout

    made = json.loads(said("create", "witness.example.nl", "--json"))
    (key,) = (key["vkey"] for key in made["keys"] if key["kind"] == "ed25519")
    for log_key in log_keys:
        said("enrol", log_key)
    port = _free_port()
    with _started(folder, [OURS, "serve", "--port", str(port)], environment, port) as url:
        yield url, key


@contextmanager
def their_witness(folder: Path, *log_keys: str) -> Generator[tuple[str, str]]:
    port, config = _free_port(), str(folder / "theirs.json")
    name = "witness.example.org"
    program = AICS / "aics-witness"

    def said(*words: str) -> str:
        """Both streams: it tells its key on the one and what it made on the other."""
        done = subprocess.run(
            [program, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True
        )
        return done.stdout.decode()

    told = said("init", "-c", config, "--name", name, "--listen", f"127.0.0.1:{port}")
    for log_key in log_keys:
        origin = log_key.partition("+")[0]
        said("add-log", "-c", config, "--origin", origin, "--vkey", log_key)
    key = next(line for line in told.splitlines() if line.startswith(name + "+"))
    with _started(folder, [program, "serve", "-c", config], dict(os.environ), port) as url:
        yield url, key


@contextmanager
def _started(
    folder: Path, command: Sequence[str | Path], environment: dict[str, str], port: int
) -> Generator[str]:
    with (
        (folder / f"{port}.log").open("wb") as told,
        subprocess.Popen(command, env=environment, stdout=told, stderr=told) as program,
    ):
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            program.terminate()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"nobody listens at port {port}")
