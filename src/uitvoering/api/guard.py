"""Who asks, and is it a request at all? Refusals in one order: 401, 403, 415, 413, the rest."""

import json
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from email.message import Message
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import Message as AsgiMessage

from uitvoering.api.errors import (
    Fault,
    InputInvalidError,
    LoginRequiredError,
    MediaTypeError,
    TooLargeError,
)
from uitvoering.application.caller import Caller
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.values import Role
from uitvoering.errors import ForbiddenError
from uitvoering.settings import Settings

READERS = frozenset(Role) - {Role.CLOCK, Role.ADMINISTRATOR}
"""Administrators read no content (DOMAIN R16)."""


DISCARDED = 33_554_432
"""Bytes read and thrown away of a body over the limit: a client that is still sending when the
connection closes never sees why (choice)."""


class JsonRequest(Request):
    """In JSON 3.0 is the whole number 3 (JSON Schema 2020-12, 6.1.1); Python would read a float."""

    async def json(self) -> Any:
        return json.loads(await self.body(), parse_float=_number)


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


class GuardedRoute(APIRoute):
    """Checks what FastAPI checks too late: it reads a body before it asks who sent it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        needs_login = not getattr(self.endpoint, "open_to_all", False)
        roles: frozenset[Role] = getattr(self.endpoint, "roles", READERS)
        act: str = getattr(self.endpoint, "act", self.name)
        known = set(_query_keys(self.dependant))

        async def guarded(request: Request) -> Response:
            if needs_login:
                caller = await run_in_threadpool(caller_of, request)
                _refuse_without_role(caller, roles, act)
                request.state.caller = caller
            if self.body_field is not None:
                _refuse_other_media(request)
                request = await _with_body(request)
            _refuse_unknown_keys(request, known)
            return await handler(request)

        return guarded


def caller_of(request: Request) -> Caller:
    """Whose token it is; RFC 6750 section 2.1 and 3."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    app = _uitvoering(request)
    held = app.store.tokens().find(token.strip(), app.clock()) if token else None
    if held is None or scheme.lower() != "bearer":
        raise LoginRequiredError(headers={"WWW-Authenticate": 'Bearer realm="uitvoering"'})
    return Caller(held.organisation, held.level, held.roles, held.pseudonym)


def _refuse_without_role(caller: Caller, roles: frozenset[Role], act: str) -> None:
    if not caller.roles & roles:
        raise ForbiddenError(command=act, roles=sorted(roles), held=sorted(caller.roles))


def _refuse_other_media(request: Request) -> None:
    given = request.headers.get("content-type", "")
    parsed = Message()
    parsed["content-type"] = given or "-"
    charset = (parsed.get_content_charset() or "utf-8").lower()
    if parsed.get_content_type() != "application/json" or charset not in {"utf-8", "utf8"}:
        raise MediaTypeError(headers={"Accept": "application/json"}, given=given or "-")


async def _with_body(request: Request) -> Request:
    """The same request with its whole body, read up to the limit and no further."""
    settings = cast(Settings, request.app.state.settings)
    limit = settings.max_body_bytes
    body, received = bytearray(), 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= limit:
            body += chunk
        elif received > DISCARDED:
            break
    if received > limit:
        raise TooLargeError(headers={"Connection": "close"}, limit=limit)

    async def replay() -> AsgiMessage:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return JsonRequest(request.scope, cast(Callable[[], Awaitable[AsgiMessage]], replay))


def _query_keys(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for further in dependant.dependencies:
        yield from _query_keys(further)


def _refuse_unknown_keys(request: Request, known: set[str]) -> None:
    """A misspelt key would otherwise be ignored, and the answer be about another moment."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise InputInvalidError([Fault(key, "query", "extra_forbidden") for key in unknown])


def _uitvoering(request: Request) -> Uitvoering:
    return cast(Uitvoering, request.app.state.uitvoering)


def _caller(request: Request) -> Caller:
    return cast(Caller, request.state.caller)


App = Annotated[Uitvoering, Depends(_uitvoering)]
By = Annotated[Caller, Depends(_caller)]
