"""Who asks, and is it a request at all? Refusals in one order: 401, 403, 415, 413, the rest."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from email.message import Message
from functools import cached_property
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Message as AsgiMessage
from starlette.types import Scope

from uitvoering.api.errors import (
    Fault,
    InputInvalidError,
    LoginRequiredError,
    MediaTypeError,
    TooLargeError,
)
from uitvoering.application.caller import Caller
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.json_text import KeyRepeatedError, read_json
from uitvoering.domain.values import Role
from uitvoering.errors import ForbiddenError
from uitvoering.settings import Settings

READERS = frozenset(Role) - {Role.CLOCK, Role.ADMINISTRATOR}
"""Administrators read no content (DOMAIN R16)."""


DISCARDED = 33_554_432
"""Bytes read and thrown away of a body over the limit: a client that is still sending when the
connection closes never sees why (choice)."""


_SAID_ONCE = ("If-Match", "Idempotency-Key")
"""Said twice, it is not known which version or which request is meant."""


class JsonRequest(Request):
    """UTF-8 alone, as the refusal of other media says: Python would guess among three encodings."""

    async def json(self) -> Any:
        try:
            return read_json((await self.body()).decode())
        except KeyRepeatedError as error:
            key = error.key if error.key.isprintable() else "-"
            raise InputInvalidError([Fault(key, "body", "repeated")]) from error


_PLACE = "uitvoering.place"


class GuardedRoute(APIRoute):
    """Checks what FastAPI checks too late: it reads a body before it asks who sent it."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the framework says, asked only of a path as long as this one and of its kind.

        All routes are gone through for every request, and there are some two hundred.
        """
        asked = scope.get(_PLACE)
        if asked is None:
            path: str = scope["path"]
            asked = scope[_PLACE] = _place(path.removeprefix(scope.get("root_path", "")))
        return super().matches(scope) if asked == self._place else (Match.NONE, {})

    @cached_property
    def _place(self) -> tuple[int, str]:
        return _place(self.path)

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
            _refuse_unclear(request, known)
            return await handler(request)

        return guarded


def _place(path: str) -> tuple[int, str]:
    """How many parts a path has, and its first: no parameter of ours stands for either."""
    parts = path.split("/", 2)
    return path.count("/"), parts[1] if len(parts) > 1 else ""


def caller_of(request: Request) -> Caller:
    """Whose token it is; RFC 6750 section 2.1 and 3."""
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
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
    if given != "application/json":
        _refuse_other_type(given)
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":  # RFC 9110, 8.4 and 15.5.16: read as it is, or refused; never ignored
        raise MediaTypeError(headers={"Accept-Encoding": "identity"}, given=coding or "-")


def _refuse_other_type(given: str) -> None:
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


def _refuse_unclear(request: Request, known: set[str]) -> None:
    """A misspelt or repeated key would otherwise be ignored: an answer about another moment."""
    given = [key for key, _ in request.query_params.multi_items()]
    faults = [Fault(key, "query", "extra_forbidden") for key in sorted(set(given) - known)]
    faults += [Fault(key, "query", "repeated") for key in sorted(known) if given.count(key) > 1]
    faults += [
        Fault(name, "header", "repeated")
        for name in _SAID_ONCE
        if len(request.headers.getlist(name)) > 1
    ]
    if faults:
        raise InputInvalidError(faults)


def _uitvoering(request: Request) -> Uitvoering:
    return cast(Uitvoering, request.app.state.uitvoering)


# What is only looked up is `async`: the framework sends every other dependency to a thread.


async def _application(request: Request) -> Uitvoering:
    return _uitvoering(request)


async def _caller(request: Request) -> Caller:
    return cast(Caller, request.state.caller)


App = Annotated[Uitvoering, Depends(_application)]
By = Annotated[Caller, Depends(_caller)]
