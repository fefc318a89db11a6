"""What needs no login: where to begin, the glossary, the description, and how the service does."""

from typing import Annotated, Any, Literal, cast

from fastapi import FastAPI, Query, Request, Response
from starlette.responses import HTMLResponse, JSONResponse

from uitvoering import __version__
from uitvoering.api.endpoints import BASE, add_get
from uitvoering.api.errors import PathUnknownError
from uitvoering.api.guard import App
from uitvoering.api.negotiation import VARY, labels_for
from uitvoering.api.openapi import Descriptions
from uitvoering.domain.values import Value
from uitvoering.labels.glossary import GlossaryEntry, glossary
from uitvoering.labels.table import LANGUAGES, Labels


class Landing(Value):
    """Where to begin."""

    name: str
    version: str
    links: dict[str, str]


class Glossary(Value):
    """Every name and code with its Dutch term: the official English glossary of this API."""

    items: tuple[GlossaryEntry, ...]


class Health(Value):
    """`pass`, or the code of the problem."""

    status: Literal["pass"]
    version: str
    position: int | None = None
    """Of the newest event, where the store was asked."""


def add_public(api: FastAPI) -> None:
    add_get(api, "/", "get_landing_page", landing, Landing, "api", open_to_all=True)
    described_as = dict[str, Any]
    add_get(api, "/openapi.json", "get_openapi", described, described_as, "api", open_to_all=True)
    add_get(api, "/glossary", "list_glossary", terms, Glossary, open_to_all=True)


def landing() -> Response:
    links = {
        "openapi": f"{BASE}/openapi.json",
        "glossary": f"{BASE}/glossary",
        "signals": f"{BASE}/signals",
        "implementationTests": f"{BASE}/implementation-tests",
        "proposals": f"{BASE}/proposals",
        "followUps": f"{BASE}/follow-ups",
        "policyJourneys": f"{BASE}/policy-journeys",
        "findings": f"{BASE}/findings",
        "events": f"{BASE}/events",
        "live": "/_healthz/livez",
        "ready": "/_healthz/readyz",
        "health": "/_healthz",
    }
    return _plain(Landing(name="uitvoering", version=__version__, links=links))


def terms(
    request: Request, identifier: Annotated[str | None, Query(max_length=100)] = None
) -> Response:
    labels = labels_for(request)
    found = tuple(
        entry for entry in glossary(labels.lang) if identifier in {None, entry.identifier}
    )
    return _plain(Glossary(items=found), **{"Content-Language": labels.lang, "Vary": VARY})


def described(request: Request) -> Response:
    """/core/publish-openapi: no login, and readable from any origin."""
    labels = labels_for(request)
    descriptions = cast(Descriptions, request.app.state.descriptions)
    return JSONResponse(
        descriptions.said_in(labels.lang),
        headers={
            "Access-Control-Allow-Origin": "*",
            "Content-Language": labels.lang,
            "Vary": VARY,
        },
    )


def live() -> Response:
    """The process answers; it asks nothing of the store."""
    return _plain(Health(status="pass", version=__version__))


def ready(app: App) -> Response:
    """The store answers."""
    return _plain(Health(status="pass", version=__version__, position=app.store.position()))


def deep(app: App) -> Response:
    """The stored views can be caught up with everything recorded."""
    app.reading.documents(app.reading.moment())
    return _plain(Health(status="pass", version=__version__, position=app.store.position()))


def explained(request: Request, code: str) -> Response:
    """What a problem means and what to do, in both languages: where its `type` leads."""
    tables = [Labels.load(lang) for lang in LANGUAGES]
    if not all(table.has("problem", code) for table in tables):
        raise PathUnknownError(path=request.url.path)
    parts = "".join(_part(table, code) for table in tables)
    page = (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{code}</title>'
        f"</head><body><main><h1>{code}</h1>{parts}</main></body></html>"
    )
    return HTMLResponse(page)


def _part(table: Labels, code: str) -> str:
    label = table.label("problem", code)
    texts = [text.replace("<", "&lt;") for text in (label.term, label.detail)]
    return f'<section lang="{table.lang}"><h2>{texts[0]}</h2><p>{texts[1]}</p></section>'


def _plain(model: Value, **headers: str) -> Response:
    return Response(
        model.model_dump_json(by_alias=True), headers=headers, media_type="application/json"
    )
