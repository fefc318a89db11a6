"""Every refusal as problem+json (RFC 9457) in the reader's language, from the code of the error."""

from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry, Counter
from pydantic import Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from uitvoering.api.errors import (
    Fault,
    InputInconsistentError,
    InputInvalidError,
    InternalError,
    MethodNotAllowedError,
    PathUnknownError,
    Place,
    RequestError,
    status_of,
)
from uitvoering.api.negotiation import VARY, labels_for
from uitvoering.domain.values import Value
from uitvoering.errors import StaleVersionError, UitvoeringError
from uitvoering.integrity.verify.texts import explained
from uitvoering.labels.table import Labels

RETRY_AFTER_SECONDS = 1
"""A writer holds the store for milliseconds; a second is ample (choice)."""
REQUEST_ID = "uitvoering.request_id"
REFUSALS = CollectorRegistry()
_REFUSED = Counter("uitvoering_problems", "Requests refused, by code", ["code"], registry=REFUSALS)
_PLACES: tuple[Place, ...] = ("path", "query", "header", "body")


class InvalidParam(Value):
    """One part of the input that is not right."""

    name: str
    """A key, or a path through the body such as `statement.severity`."""
    reason: str
    place: Place = Field(validation_alias="in", serialization_alias="in")


class Problem(Value):
    """What is the case and what to do; `code` is stable, the texts are for people."""

    type: str
    code: str
    status: int
    title: str
    detail: str
    instance: str
    invalid_params: tuple[InvalidParam, ...] = ()


def problem_response(request: Request, error: UitvoeringError) -> Response:
    _REFUSED.labels(error.code).inc()
    labels = labels_for(request)
    title, detail = labels.problem(error.code, _told(error, labels))
    of_input = (InputInvalidError, InputInconsistentError)
    faults = error.faults if isinstance(error, of_input) else ()
    problem = Problem(
        type=f"/problems/{error.code}",
        code=error.code,
        status=status_of(error),
        title=title,
        detail=detail,
        instance=instance(request.scope),
        invalid_params=tuple(
            InvalidParam(
                name=fault.name,
                reason=labels.reason(fault.kind, fault.context),
                place=fault.place,
            )
            for fault in faults
        ),
    )
    return Response(
        problem.model_dump_json(by_alias=True),
        problem.status,
        headers={**_headers(error), "Content-Language": labels.lang, "Vary": VARY},
        media_type="application/problem+json",
    )


def _told(error: UitvoeringError, labels: Labels) -> dict[str, Any]:
    """Where the store is stands in the message at the command line; a caller need not know."""
    hidden = {"store": labels.text("api.store")} if "store" in error.values else {}
    return {**explained(error.values, labels.lang), **hidden}


def instance(scope: Scope) -> str:
    """The id of this request, given once at the door; it stands in the log too."""
    return f"urn:uuid:{scope[REQUEST_ID]}"


def _headers(error: UitvoeringError) -> dict[str, str]:
    match error:
        case RequestError():
            return error.headers
        case StaleVersionError():
            return {"ETag": f'"{error.values["version"]}"'}
        case _ if status_of(error) == HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": str(RETRY_AFTER_SECONDS)}
        case _:
            return {}


def handle_problems(api: FastAPI) -> None:
    """Let every refusal of the framework and of ours end in the same shape."""
    api.exception_handler(UitvoeringError)(_refused)
    api.exception_handler(RequestValidationError)(_invalid)
    api.exception_handler(ValidationError)(_invalid)
    api.exception_handler(HTTPException)(_by_the_framework)


async def _refused(request: Request, error: Exception) -> Response:
    return problem_response(request, cast(UitvoeringError, error))


async def _invalid(request: Request, error: Exception) -> Response:
    given = cast(RequestValidationError | ValidationError, error)
    rows = given.errors()
    faults = [_fault(row) for row in rows]
    if all(row["type"] == "value_error" and row["loc"] in {(), ("body",)} for row in rows):
        return problem_response(request, InputInconsistentError(faults))
    return problem_response(request, InputInvalidError(faults))


async def _by_the_framework(request: Request, error: Exception) -> Response:
    return problem_response(request, _ours(request, cast(HTTPException, error)))


def _ours(request: Request, error: HTTPException) -> UitvoeringError:
    """What the framework raises by itself: no such path, no such method, an unreadable body."""
    match error.status_code:
        case 404:
            return PathUnknownError(path=request.scope["path"])
        case 405:
            allowed = allowed_methods(request.scope)
            return MethodNotAllowedError(
                headers={"Allow": ", ".join(allowed)}, method=request.method, allowed=allowed
            )
        case 400 if isinstance(error.__cause__, InputInvalidError):
            return error.__cause__  # found while the framework read the body
        case 400:
            return InputInvalidError([Fault("body", "body", "json_invalid", {"error": "-"})])
        case _:
            return InternalError(instance=instance(request.scope))


def allowed_methods(scope: Scope) -> tuple[str, ...]:
    """Over all routes of the path: the framework would name only those of the first."""
    found: set[str] = set()
    routes: list[BaseRoute] = scope["app"].routes
    for route in routes:
        match, _ = route.matches(scope)
        if match is not Match.NONE:
            found |= cast(set[str], getattr(route, "methods", None) or set())
    return tuple(sorted(found | ({"HEAD"} if "GET" in found else set())))


def _fault(row: Any) -> Fault:
    """A row of pydantic's errors; without what was given, which may be about a person."""
    place, *path = row["loc"] if row["loc"] and row["loc"][0] in _PLACES else ("body", *row["loc"])
    if row["type"] == "json_invalid":
        path = []
    name = ".".join(to_camel(str(part)) if place == "body" else str(part) for part in path)
    context = {key: str(value) for key, value in row.get("ctx", {}).items()}
    return Fault(name or str(place), cast(Place, place), row["type"], context)
