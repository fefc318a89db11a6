"""The real application on each store in turn, with its registers and a clock that stands still."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.application.desk import Clock
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.persistence.store import open_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(seeded_url: str, clock: Clock) -> Iterator[Uitvoering]:
    with closing(open_store(seeded_url)) as store:
        yield Uitvoering(store=store, clock=clock)
