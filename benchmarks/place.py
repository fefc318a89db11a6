"""Where do the benchmarks run? Fresh stores in one folder and one server, gone afterwards."""

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg
import pydantic

from benchmarks import examples
from benchmarks.measure import Effort, said
from tests import postgres
from uitvoering.persistence.store import Store, migrate, open_store
from uitvoering.settings import Settings
from uitvoering.wiring import migrate as migrate_and_seed
from uitvoering.wiring import running

BULK = 4_000
"""Facts in one commit while a store is filled."""
SMALL, LARGE = 10_000, 1_000_000
STORES = ("SQLite", "PostgreSQL")


class Place:
    """Makes every store a figure asks for; PostgreSQL starts at the first that does."""

    def __init__(self, effort: Effort, folder: Path, closing_later: ExitStack) -> None:
        self.effort = effort
        self.folder = folder
        self._later = closing_later
        self._numbers = count(1)
        self._filled: dict[int, str] = {}

    @cached_property
    def server(self) -> postgres.Server:
        said("starting PostgreSQL")
        return self._later.enter_context(postgres.server(durable=True))

    def postgres_version(self) -> list[str]:
        """Nothing when no figure asked for it."""
        if "server" not in vars(self):
            return []
        with psycopg.connect(self.server.address("postgres")) as connection:
            version = connection.info.server_version
        return [
            f"PostgreSQL {version // 10_000}.{version % 10_000} with fsync on loopback",
            f"psycopg {psycopg.__version__} ({psycopg.pq.__impl__})",
        ]

    def file(self) -> Path:
        return self.folder / f"{next(self._numbers)}.db"

    def empty(self, store: str) -> str:
        """The address of a database with nothing in it."""
        if store == "SQLite":
            return f"sqlite:///{self.file()}"
        return self._later.enter_context(self.server.database())

    def migrated(self, store: str) -> str:
        url = self.empty(store)
        migrate(url)
        return url

    @contextmanager
    def opened(self, url: str) -> Iterator[Store]:
        with closing(open_store(url)) as store:
            yield store

    def filled(self, events: int) -> str:
        """An SQLite store with the registers and so many facts; made once in a run."""
        if events not in self._filled:
            settings = Settings(store=self.empty("SQLite"))
            migrate_and_seed(settings)
            with running(settings) as app:
                fill(app.store, events)
            self._filled[events] = settings.store
        return self._filled[events]


@contextmanager
def place(effort: Effort) -> Iterator[Place]:
    with ExitStack() as later:
        folder = later.enter_context(tempfile.TemporaryDirectory(prefix="uitvoering-bench-"))
        yield Place(effort, Path(folder), later)


def fill(store: Store, events: int) -> None:
    for done, page in enumerate(examples.pages(BULK, events)):
        said(f"filling: {done * BULK:,} of {events:,}")
        store.append(page)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def context(here: Place) -> str:
    """What the figures were measured on; no date and no name of a machine."""
    parts = [
        f"{platform.python_implementation()} {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        *here.postgres_version(),
        f"pydantic {pydantic.VERSION}",
        f"{os.cpu_count()} cores",
        f"{_fsyncs(here.folder / 'fsync'):,.0f} fdatasync/s",
        f"{examples.size():,} bytes an event",
    ]
    return ", ".join(parts) + "."


def _fsyncs(file: Path) -> float:
    with file.open("wb", buffering=0) as output:
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < 0.5:  # noqa: PLR2004 seconds
            output.write(b"x" * 4096)
            os.fdatasync(output.fileno())
            done += 1
    return done / (time.perf_counter() - start)
