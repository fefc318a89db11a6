"""What needs no login: where to begin, the glossary, and the description."""

from typing import Annotated, Any, cast

from anyio.to_thread import run_sync
from fastapi import FastAPI, Query, Request, Response
from starlette.responses import HTMLResponse

from uitvoering import __version__
from uitvoering.api.endpoints import BASE, add_get
from uitvoering.api.errors import PathUnknownError
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
        "verdictChallenges": f"{BASE}/verdict-challenges",
        "events": f"{BASE}/events",
        "live": "/_healthz/livez",
        "ready": "/_healthz/readyz",
        "health": "/_healthz",
        "metrics": "/_healthz/metrics",
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


async def described(request: Request) -> Response:
    """/core/publish-openapi: no login, and readable from any origin.

    The first of a language takes a second to make: whoever waits for it, waits outside the threads
    that file and read.
    """
    labels = labels_for(request)
    descriptions = cast(Descriptions, request.app.state.descriptions)
    body = await run_sync(descriptions.written_in, labels.lang, limiter=descriptions.turn)
    return Response(
        body,
        media_type="application/json",
        headers={
            "Access-Control-Allow-Origin": "*",
            "Content-Language": labels.lang,
            "Vary": VARY,
        },
    )


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
