"""Stores with the registers already in them: seeded once, and filled in one append from then on."""

import tempfile
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.store import migrate, open_store
from uitvoering.wiring import seed

SEEDED_AT = datetime(2026, 1, 1, 8, tzinfo=UTC)


@cache
def register_rows() -> tuple[AnyRecorded, ...]:
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{Path(place) / 'registers.db'}"
        migrate(url)
        with closing(open_store(url)) as store:
            seed(Uitvoering(store=store, clock=lambda: SEEDED_AT))
            return tuple(event for _, event in store.stream())


def seeded(url: str) -> str:
    """The same address, now with a schema and the registers."""
    migrate(url)
    with closing(open_store(url)) as store:
        store.append(register_rows())
    return url
