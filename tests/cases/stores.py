"""A fresh store per case, and what the product observes in it, as `case run --json` prints it."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from uitvoering.application.reading import end_of_day
from uitvoering.cases.case import Case
from uitvoering.cases.loading import Loading
from uitvoering.cases.observations import observe
from uitvoering.settings import Settings
from uitvoering.wiring import migrate, running


@cache
def _migrated() -> bytes:
    """A migrated store with the register seed, made once: a case starts from a copy."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.db"
        migrate(Settings(store=f"sqlite:///{file}"))
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


@contextmanager
def loaded(case: Case) -> Iterator[Loading]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.db"
        file.write_bytes(_migrated())
        with running(Settings(store=f"sqlite:///{file}")) as app:
            loading = Loading(app, case)
            loading.run()
            yield loading


def seen(loading: Loading, clock: str = "happened", as_of: str | None = None) -> dict[str, Any]:
    reading = loading.app.reading
    end = None if as_of is None else end_of_day(date.fromisoformat(as_of))
    moment = reading.moment(**({} if end is None else {f"{clock}_as_of": end}))
    observed = observe(loading.app, loading.case, loading.streams, moment)
    found: dict[str, Any] = json.loads(observed.model_dump_json(by_alias=False))
    return found
