"""A real server on loopback over each store, and callers with tokens of their own."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn

from uitvoering import wiring
from uitvoering.api.server import create_api
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cli.serving import listening
from uitvoering.domain.values import Level, Role
from uitvoering.settings import Settings

LIMIT = 65_536
THREADS = 4
ON_SQLITE = pytest.mark.parametrize("running", ["sqlite"], indirect=True)
"""For what HTTP alone decides: the store behind it cannot make a difference."""
LOG = "log.example.nl/uitvoering"
ORIGIN = "https://lezer.example.nl"
STATEMENT = {"text": "Huurders verliezen hun huis.", "severity": 5, "light": "red"}
SIGNAL = {"happenedOn": "2026-01-05", "body": "uwv", "statement": STATEMENT}


@dataclass(frozen=True)
class Caller:
    """Speaks HTTP as one token holder, or as nobody."""

    client: httpx.Client
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers={**self.headers, **headers})

    def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        return self.client.request(method, path, headers={**self.headers, **headers})

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.client.post(path, json=body, headers={**self.headers, **headers})

    def raw(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        return self.client.post(path, content=body, headers={**self.headers, **headers})

    def signal(self, **changed: Any) -> str:
        """The path of a new signal."""
        answer = self.post("/api/v1/signals", SIGNAL | changed)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])


@dataclass(frozen=True)
class Running:
    """The server, the application behind it, and who may call."""

    app: Uitvoering
    client: httpx.Client
    settings: Settings

    def caller(
        self,
        organisation: str,
        level: Level,
        *roles: Role,
        days: int = 1,
        pseudonym: str | None = None,
    ) -> Caller:
        now = datetime.now(UTC)
        bearer, _ = self.app.store.tokens().create(
            organisation=organisation,
            level=level,
            roles=roles,
            pseudonym=pseudonym or f"p-{organisation}-{level}",
            created_at=now - timedelta(days=2),
            expires_at=now + timedelta(days=days),
        )
        return Caller(self.client, {"Authorization": f"Bearer {bearer}"})

    @property
    def nobody(self) -> Caller:
        return Caller(self.client)


@contextmanager
def serving(url: str, log: Path | None = None) -> Iterator[Running]:
    """`log` is a folder for a log and its keys."""
    settings = Settings(store=url, max_body_bytes=LIMIT, cors_origins=ORIGIN, pool_size=THREADS)
    wiring.migrate(settings)
    if log is not None:
        places = {"ledger": str(log / "ledger"), "keys": str(log / "keys")}
        settings = settings.model_copy(update=places)
        wiring.create_ledger(settings, LOG)
    # As `serve` opens it: over a socket not named as TCP, each answer takes 40 ms longer.
    with wiring.running(settings) as app, listening("127.0.0.1", 0) as (door, address):
        server = uvicorn.Server(
            uvicorn.Config(
                create_api(app, settings), server_header=False, log_level="critical", lifespan="on"
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        failed: list[Exception] = []
        with (
            app.reading.views.following(failed.append),
            httpx.Client(base_url=address, timeout=60) as client,
        ):
            yield Running(app, client, settings)
        server.should_exit = True
        thread.join()
        assert not failed


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One server per store for all of them; every test makes what it needs."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("api") / "uitvoering.db"
        with serving(f"sqlite:///{file}") as found:
            yield found
    else:
        server = request.getfixturevalue("postgres_server")
        with server.database() as url, serving(url) as found:
            yield found


@pytest.fixture
def floor(running: Running) -> Caller:
    return running.caller("uwv", Level.FRONTLINE, Role.REPORTER, Role.LINE)


@pytest.fixture
def lead(running: Running) -> Caller:
    return running.caller("uwv", Level.TEAM_LEAD, Role.LINE)


@pytest.fixture
def nobody(running: Running) -> Caller:
    return running.nobody
