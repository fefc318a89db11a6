"""The description of the API: OAS 3.1, its texts from the label table, its problems once."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from http import HTTPStatus
from threading import Lock
from typing import Any

import orjson
from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_pascal

from uitvoering import __version__
from uitvoering.api.endpoints import BASE
from uitvoering.api.examples import example_of
from uitvoering.api.problems import Problem
from uitvoering.api.texts import described_as, described_fields, parameter_text
from uitvoering.labels.table import Labels
from uitvoering.settings import Settings

PROBLEMS = (400, 401, 403, 404, 405, 409, 412, 413, 415, 428, 500, 503)
_ALWAYS = frozenset({400, 405, 500, 503})
_BODY = frozenset({413, 415})
_LOGIN = frozenset({401, 403})
_REPLACED = ("HTTPValidationError", "ValidationError")
_QUALIFIED = re.compile(r"uitvoering(?:__[A-Za-z_]+?)+__[A-Z][A-Za-z]*")
Json = dict[str, Any]


class Descriptions:
    """The document in each language, made when it is first asked: it takes a second or two."""

    def __init__(self, api: Callable[[], FastAPI], settings: Settings) -> None:
        self._api, self._settings = api, settings
        self._busy = Lock()
        self._found: dict[str, Json] = {}
        self._written: dict[str, bytes] = {}
        self.turn = CapacityLimiter(1)
        """Over HTTP one thread makes it, however many ask."""

    def said_in(self, lang: str) -> Json:
        with self._busy:
            if lang not in self._found:
                api = self._api()
                bare: Json = orjson.loads(_bare(api))
                self._found[lang] = _described_in(bare, api, lang, self._settings)
            return self._found[lang]

    def written_in(self, lang: str) -> bytes:
        if lang not in self._written:
            self._written[lang] = orjson.dumps(self.said_in(lang))
        return self._written[lang]


@cache
def _bare(api: FastAPI) -> bytes:
    """What the framework makes of the routes: the same in every language."""
    document: Json = get_openapi(
        title="uitvoering",
        version=__version__,
        openapi_version="3.1.0",
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        routes=api.routes,
        separate_input_output_schemas=False,
    )
    return orjson.dumps(document)


def _described_in(document: Json, api: FastAPI, lang: str, settings: Settings) -> Json:
    labels = Labels.load(lang)
    document["info"]["description"] = labels.text("api.description")
    document["servers"] = [{"url": settings.public_url.rstrip("/") + BASE}]
    document["externalDocs"] = {
        "url": settings.contact_url,
        "description": labels.text("api.more"),
    }
    document["info"]["contact"] = {
        "name": settings.contact_name,
        "email": settings.contact_email,
        "url": settings.contact_url,
    }
    tags: set[str] = set()
    for route in api.routes:
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                operation = document["paths"][route.path][method.lower()]
                _operation(operation, route, labels)
                for parameter in operation.get("parameters", ()):
                    _parameter(parameter, document["components"]["schemas"], labels)
                tags |= set(operation["tags"])
    document["tags"] = [
        {"name": tag, "description": labels.term("path", tag)} for tag in sorted(tags)
    ]
    _components(document, labels)
    renamed: Json = json.loads(_QUALIFIED.sub(_short, json.dumps(document)))
    return renamed


def _short(found: re.Match[str]) -> str:
    """Two classes of one name come with their modules; the last module tells them apart."""
    *_, module, name = found[0].split("__")
    return to_pascal(module) + name


def _operation(operation: Json, route: APIRoute, labels: Labels) -> None:
    operation["summary"], operation["description"] = described_as(route, labels)
    for status in [status for status in operation["responses"] if status >= "400"]:
        del operation["responses"][status]
    found = _success(operation, route, labels)
    found |= {
        str(status): {"$ref": f"#/components/responses/{problem_name(status)}"}
        for status in sorted(_refusals(route))
    }
    operation["responses"] = found
    is_open = getattr(route.endpoint, "open_to_all", False)
    operation["security"] = [] if is_open else [{"token": []}]


def _parameter(parameter: Json, schemas: Json, labels: Labels) -> None:
    schema = parameter["schema"]
    schema.pop("title", None)
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if choices:
        schema.pop("anyOf")
        schema |= choices[0] if len(choices) == 1 else {"anyOf": choices}
    parameter["description"] = parameter_text(parameter["name"], labels)
    named = str(schema.get("$ref", "")).rpartition("/")[2]
    parameter["example"] = example_of(parameter["name"], schemas[named] if named else schema)


def _success(operation: Json, route: APIRoute, labels: Labels) -> Json:
    """What comes back when all is well, with the headers that come along."""
    found: Json = {}
    headers = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
    versioned = headers | {"ETag": {"$ref": "#/components/headers/ETag"}}
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    for status, response in operation["responses"].items():
        response["description"] = labels.text(f"api.status.{status}")
        response["headers"] = dict(versioned if "If-None-Match" in names else headers)
        found[status] = response
    if "If-None-Match" in names:
        found["304"] = {"description": labels.text("api.status.304"), "headers": versioned}
    if hasattr(route.endpoint, "command"):
        location = {"$ref": "#/components/headers/Location"}
        found["201"]["headers"] = versioned | {"Location": location}
        found["204"] = {"description": labels.text("api.status.204"), "headers": versioned}
    return found


def _refusals(route: APIRoute) -> set[int]:
    """The problems that can occur there; a description that promises more is as wrong as less."""
    found = set(_ALWAYS)
    if not getattr(route.endpoint, "open_to_all", False):
        found |= _LOGIN
    if "{id}" in route.path or route.name.startswith("list_"):
        found |= {404}
    if route.body_field is not None:
        found |= _BODY
    if hasattr(route.endpoint, "command"):
        found |= {404, 409}
        found |= {412, 428} if "{id}" in route.path else set()
    return found


def problem_name(status: int) -> str:
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def _components(document: Json, labels: Labels) -> None:
    components = document["components"]
    schemas: Json = components["schemas"]
    for name in _REPLACED:
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    components["responses"] = {
        problem_name(status): _problem(status, labels) for status in PROBLEMS
    }
    components["headers"] = {
        name: {
            "description": labels.text(f"api.header.{header.lower()}"),
            "schema": {"type": "string"},
            "example": example,
        }
        for name, header, example in (
            ("ApiVersion", "API-Version", __version__),
            ("ETag", "ETag", '"7"'),
            ("Location", "Location", f"{BASE}/signals/0190a2b4-3c5d-7e6f-8a9b-0c1d2e3f4a5b"),
        )
    }
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": labels.text("api.token")}
    }
    for name, schema in schemas.items():
        schema["title"] = name  # generators name their classes by it: two may not share one
        described_fields(schema, labels)


def _problem(status: int, labels: Labels) -> Json:
    headers = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
    if status == HTTPStatus.PRECONDITION_FAILED:
        headers |= {"ETag": {"$ref": "#/components/headers/ETag"}}
    return {
        "description": labels.text(f"api.status.{status}"),
        "headers": headers,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }


def schemas_in(document: Json) -> Iterator[tuple[str, Json]]:
    """Every property of every schema by its name: what the glossary has to explain."""
    for schema in document["components"]["schemas"].values():
        yield from schema.get("properties", {}).items()
