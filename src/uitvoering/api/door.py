"""What every request passes first and every answer last: its id, HEAD, headers, accidents."""

import logging
import traceback
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from uitvoering import __version__
from uitvoering.api.errors import InternalError
from uitvoering.api.problems import REQUEST_ID, instance, problem_response

log = logging.getLogger("uitvoering.api")

HEADERS = {
    "API-Version": __version__,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""API Design Rules 2.2, /core/version-header and /core/transport/security-headers."""
_EVERYWHERE = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
"""As ASGI has them: encoded once, not for every answer."""
_EXPOSED = "API-Version, Content-Language, ETag, Link, Location, Retry-After"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": (
        "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
    ),
    "Access-Control-Max-Age": "600",
}


class Door:
    """Pure ASGI: only here do 404, 405 and 500 pass as well."""

    def __init__(self, app: ASGIApp, origins: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        origin = asked.get("origin", "")
        cors = self._cors(origin)
        inside = dict(scope) | {REQUEST_ID: str(uuid4())}
        if scope["method"] == "HEAD":
            # The framework's GET routes answer HEAD with 405; the server drops the body.
            inside["method"] = "GET"

        async def passing(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"].extend(row for row in _EVERYWHERE if row[0] not in given)
                if self.origins:
                    headers = MutableHeaders(scope=message)
                    for name, value in cors.items():
                        headers.setdefault(name, value)
                    headers.add_vary_header("Origin")
            await send(message)

        if cors and "access-control-request-method" in asked:
            start: Message = {"type": "http.response.start", "status": 204, "headers": []}
            cors = cors | _PREFLIGHT
            await passing(start)
            await passing({"type": "http.response.body", "body": b""})
            return
        await self.app(inside, receive, passing)

    def _cors(self, origin: str) -> dict[str, str]:
        """Off by default; an allowed origin is echoed, another gets nothing."""
        if origin not in self.origins:
            return {}
        return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED}


class Accidents:
    """What nobody foresaw ends as a problem too.

    It stands inside every application, as the framework would otherwise answer by itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def passing(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, passing)
        except ClientDisconnect:
            pass  # left while sending: nothing went wrong here, and nobody is there to answer
        except Exception as accident:
            if started or scope["type"] != "http":
                raise
            _log(scope, accident)
            error = InternalError(instance=instance(scope))
            await problem_response(Request(scope), error)(scope, receive, send)


def _log(scope: Scope, accident: Exception) -> None:
    """Where it went wrong and of which kind; never the message, which may quote a body."""
    where = "".join(traceback.format_tb(accident.__traceback__))
    log.error(
        "%s %s failed: %s\n%s", instance(scope), scope["method"], type(accident).__name__, where
    )
