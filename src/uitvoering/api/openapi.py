"""The description of the API: OAS 3.1, its texts from the label table, its errors in one place."""

from collections.abc import Iterator
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from uitvoering import __version__
from uitvoering.api.acts import fact_of
from uitvoering.api.endpoints import BASE
from uitvoering.api.errors import STATUS
from uitvoering.api.examples import example_of
from uitvoering.api.problems import Problem
from uitvoering.labels.table import Labels
from uitvoering.settings import Settings

_REF = "#/components/{kind}/{name}"
_PROBLEMS = (400, 401, 403, 404, 405, 409, 412, 413, 415, 428, 500, 503)
_SCHEMA = "OAS 3.1"


def described_in(api: FastAPI, lang: str, settings: Settings) -> dict[str, Any]:
    labels = Labels.load(lang)
    document = get_openapi(
        title="uitvoering",
        version=__version__,
        openapi_version="3.1.0",
        description=labels.text("api.description"),
        contact={
            "name": settings.contact_name,
            "email": settings.contact_email,
            "url": settings.contact_url,
        },
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        servers=[{"url": settings.public_url.rstrip("/") + BASE}],
        routes=api.routes,
    )
    document["info"]["x-language"] = lang
    document["externalDocs"] = {"url": settings.contact_url, "description": labels.text("api.more")}
    _components(document, labels)
    for route in api.routes:
        if isinstance(route, APIRoute):
            _operation(document["paths"][route.path], route, labels)
    _schemas(document, labels)
    document["tags"] = [
        {"name": tag, "description": labels.term("path", tag)}
        for tag in sorted({tag for op in _operations(document) for tag in op["tags"]})
    ]
    return document
