"""The API as one ASGI application: everything under /api/v1, with health and problems beside it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from uitvoering import __version__
from uitvoering.api.commands import add_commands
from uitvoering.api.comparisons import add_comparisons
from uitvoering.api.door import Accidents, Door
from uitvoering.api.endpoints import BASE
from uitvoering.api.guard import GuardedRoute
from uitvoering.api.health import deep, live, metrics, ready
from uitvoering.api.history import add_history
from uitvoering.api.log import add_log
from uitvoering.api.openapi import Descriptions
from uitvoering.api.problems import handle_problems
from uitvoering.api.public import add_public, explained, landing
from uitvoering.api.reads import add_reads
from uitvoering.api.receipts import add_receipts
from uitvoering.api.registers import add_registers
from uitvoering.api.resources import add_resources
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.settings import Settings


def create_api(app: Uitvoering, settings: Settings) -> FastAPI:
    """Bound to a running application; `openapi_document` needs none."""
    api = described_api()
    outer = _application(lifespan=_threads(settings.pool_size))
    for path, endpoint in (
        (BASE, landing),
        ("/", landing),
        ("/_healthz", deep),
        ("/_healthz/livez", live),
        ("/_healthz/readyz", ready),
        ("/_healthz/metrics", metrics),
        ("/problems/{code}", explained),
    ):
        outer.add_api_route(path, endpoint, methods=["GET"], response_model=None)
    add_log(outer)
    outer.mount(BASE, api)
    for part in (outer, api):
        part.state.uitvoering = app
        part.state.settings = settings
    api.state.descriptions = Descriptions(_unbound, settings)
    origins = frozenset(filter(None, (o.strip() for o in settings.cors_origins.split(","))))
    outer.add_middleware(Door, origins=origins)
    return outer


def openapi_document(lang: str, settings: Settings | None = None) -> dict[str, Any]:
    """The description of the API, without a store."""
    return _descriptions(settings or Settings()).said_in(lang)


_described: dict[Settings, Descriptions] = {}
"""Made once for the same settings; they are frozen, so they can be looked up by."""


def _descriptions(settings: Settings) -> Descriptions:
    if settings not in _described:
        _described[settings] = Descriptions(_unbound, settings)
    return _described[settings]


@cache
def _unbound() -> FastAPI:
    """What every description is made from, so that the framework's half is made once."""
    return described_api()


def described_api() -> FastAPI:
    """All of /api/v1, not yet bound to anything."""
    api = _application()
    api.router.route_class = GuardedRoute
    add_public(api)
    parts = (
        *(add_resources, add_registers, add_reads, add_history, add_receipts),
        *(add_commands, add_comparisons),
    )
    for add in parts:
        add(api)
    return api


def _threads(limit: int) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """As many request threads as connections: more would only wait for one (PLATFORM 5)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        current_default_thread_limiter().total_tokens = limit
        yield

    return lifespan


def _application(**further: Any) -> FastAPI:
    application = FastAPI(
        title="uitvoering",
        version=__version__,
        redirect_slashes=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        root_path_in_servers=False,
        strict_content_type=True,
        generate_unique_id_function=lambda route: route.name,
        **further,
    )
    application.add_middleware(Accidents)
    handle_problems(application)
    return application
