"""One history that everything is true of, made once; each test attacks a copy of its own."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests import postgres
from tests.application.desk import REGISTRAR
from tests.attacks.scene import ORIGIN, Body, Scene, adoption, outside
from tests.seeded import seeded
from uitvoering import wiring
from uitvoering.persistence import backup
from uitvoering.settings import Settings

BACKUP = "store.backup"


@dataclass(frozen=True)
class Made:
    now: Scene
    older: Scene
    """The same a checkpoint before."""


@pytest.fixture(scope="session")
def bodies() -> Generator[dict[str, Body]]:
    with outside() as found:
        yield found


@pytest.fixture(scope="session")
def histories(bodies: dict[str, Body], tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Registers and six signals; four checkpoints with both witnesses under each."""
    folder = tmp_path_factory.mktemp("scene")
    made = Scene(folder, seeded(f"sqlite:///{folder / 'store.db'}"), bodies)
    settings = Settings(store=made.store, ledger=str(made.ledger), keys=str(made.keys))
    wiring.create_ledger(settings, ORIGIN)
    made.ask_only(*bodies)
    with made.app() as app:
        app.handle(adoption(made.policy_text()), REGISTRAR)
    with made.watched():
        made.signal = made.sequence().checkpoint.size
        older = made
        for _ in range(3):
            older = made.copy(tmp_path_factory.mktemp("older"))
            made.file()
            made.file(hand_on=False)
            made.last = made.sequence().checkpoint.size - 1
    assert made.told == []
    backup.backup(made.store, folder / BACKUP, made.clock())
    return Made(made, older)


@pytest.fixture
def true_history(histories: Made) -> Scene:
    """To be copied, never changed."""
    return histories.now


@pytest.fixture
def older(histories: Made) -> Scene:
    """The same a checkpoint before: what a backup of that moment brings back."""
    return histories.older


@pytest.fixture
def scene(true_history: Scene, tmp_path: Path) -> Generator[Scene]:
    found = true_history.copy(tmp_path / "scene")
    with found.watched():
        yield found


@pytest.fixture(scope="session")
def in_postgres(histories: Made, postgres_server: postgres.Server) -> Generator[str]:
    """The same history in a database, which others are copied from."""
    with postgres_server.database() as url:
        backup.restore(url, histories.now.folder / BACKUP)
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest, true_history: Scene, tmp_path: Path) -> Generator[Scene]:
    """For what is done to the store itself."""
    if request.param == "sqlite":
        yield request.getfixturevalue("scene")
        return
    server, of = (request.getfixturevalue(n) for n in ("postgres_server", "in_postgres"))
    with copied(server, of) as url:
        found = true_history.copy(tmp_path / "scene", url)
        with found.watched():
            yield found


@contextmanager
def copied(server: postgres.Server, url: str) -> Generator[str]:
    name = f"attacked_{uuid4().hex}"
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        template = url.rpartition("/")[2]
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        try:
            yield server.address(name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
