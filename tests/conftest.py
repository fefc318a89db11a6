"""Stores to test on: a fresh SQLite file and a fresh PostgreSQL database, empty and migrated."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from psycopg_pool import base

from tests import postgres
from tests.seeded import seeded
from uitvoering.persistence.store import Store, migrate, open_store

# Neither the terminal nor the proxy of whoever runs them has a say in what tests see.
for name in (
    *("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
):
    os.environ.pop(name, None)
os.environ["TERM"] = "xterm"

# The same examples on every machine and in every run: a red build can be run again as it was.
settings.register_profile("uitvoering", derandomize=True, deadline=None)
settings.load_profile("uitvoering")
# A pool draws when its connections end, in threads of its own and whenever one is made. Hypothesis
# takes a number drawn from the common generator for one of its own, and refuses it.
base.random = Random().random  # type: ignore[attr-defined]  # noqa: S311 no secret


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for the whole run; every test gets a database of its own on it."""
    with postgres.server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """An empty database, not migrated."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path / 'uitvoering.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """Each store in turn, not migrated."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store_url(empty_url: str) -> str:
    """Each store in turn, migrated."""
    migrate(empty_url)
    return empty_url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def seeded_url(empty_url: str) -> str:
    """Each store in turn, with the registers in it."""
    return seeded(empty_url)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Documents first: each walk through one is a long test that others need not wait for."""
    items.sort(key=lambda item: "docs" not in item.path.parts)
