"""Every command as a POST: a new thing at its collection, an act at its sub-resource.

The routes are made from the command classes, so that a command cannot exist without its route.
"""

import hashlib
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Body, FastAPI, Header, Path, Request, Response
from pydantic import StringConstraints

from uitvoering.api.acts import fact_of
from uitvoering.api.endpoints import BASE
from uitvoering.api.guard import App, By
from uitvoering.api.preconditions import IfMatch, etag, expected_version
from uitvoering.api.receipts import ReceiptAsked, refuse_without_log, with_receipts
from uitvoering.application.caller import Caller, IdempotencyKey, Outcome
from uitvoering.application.kinds import COMMANDS
from uitvoering.application.scope import refuse_unseen, visible_version
from uitvoering.commands.command import Command

Key = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None,
    Header(alias="Idempotency-Key"),
]
SubjectId = Annotated[UUID, Path()]
CREATED, NOTHING_NEW = 201, 204


def add_commands(api: FastAPI) -> None:
    for name, command in sorted(COMMANDS.items()):
        endpoint = _act(command) if command.PATH else _creation(command)
        endpoint.__name__ = name.replace("-", "_")
        endpoint.roles = command.ROLES
        endpoint.act = name
        endpoint.command = command
        endpoint.topic = fact_of(command.KIND, command.PATH).TOPIC
        api.add_api_route(
            resource(command),
            endpoint,
            methods=["POST"],
            name=endpoint.__name__,
            status_code=CREATED,
            response_model=Outcome,
            tags=[command.KIND],
        )


def resource(command: type[Command]) -> str:
    return f"/{command.KIND}/{{id}}/{command.PATH}" if command.PATH else f"/{command.KIND}"


def _creation(kind: type[Command]) -> Any:
    def create(
        request: Request,
        command: Annotated[Any, Body()],
        app: App,
        caller: By,
        idempotency_key: Key = None,
        receipt: ReceiptAsked = None,
    ) -> Response:
        refuse_without_log(app, receipt)
        refuse_unseen(app, caller, command)
        once = _once(request, command, caller, idempotency_key)
        outcome = app.handle(command, caller, idempotency=once)
        return with_receipts(_answer(outcome, kind), outcome, app, kind.name(), receipt)

    create.__annotations__["command"] = kind
    return create


def _act(kind: type[Command]) -> Any:
    def act(
        request: Request,
        id: SubjectId,  # noqa: A002 the name of the path parameter
        command: Annotated[Any, Body()],
        app: App,
        caller: By,
        if_match: IfMatch = None,
        idempotency_key: Key = None,
        receipt: ReceiptAsked = None,
    ) -> Response:
        refuse_without_log(app, receipt)
        subject = str(id)
        present = visible_version(app, caller, kind.KIND, subject)
        expected = expected_version(if_match, kind.KIND, subject, present)
        refuse_unseen(app, caller, command)
        once = _once(request, command, caller, idempotency_key)
        outcome = app.handle(
            command, caller, subject=subject, expected_version=expected, idempotency=once
        )
        return with_receipts(_answer(outcome, kind), outcome, app, kind.name(), receipt)

    act.__annotations__["command"] = kind
    return act


def _once(
    request: Request, command: Command, caller: Caller, key: str | None
) -> IdempotencyKey | None:
    """The key with SHA-256 over method, path and canonical body (CONVENTIONS 4).

    And over where the caller stands: one person may hold tokens of two levels.
    """
    if key is None:
        return None
    body = orjson.dumps(command.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    stands = f"{caller.organisation} {caller.level}".encode()
    asked = b"\n".join((request.method.encode(), request.url.path.encode(), stands, body))
    return IdempotencyKey(key=key, fingerprint=hashlib.sha256(asked).hexdigest())


def _answer(outcome: Outcome, kind: type[Command]) -> Response:
    """201 with the place of what was recorded; 204 when the same was recorded before."""
    headers = {"ETag": etag(outcome.version)}
    if not outcome.events:
        return Response(status_code=NOTHING_NEW, headers=headers)
    place = f"/{kind.PATH}/{outcome.events[0]}" if kind.PATH else ""
    headers["Location"] = f"{BASE}/{outcome.kind}/{outcome.id}{place}"
    return Response(
        outcome.model_dump_json(by_alias=True),
        CREATED,
        headers=headers,
        media_type="application/json",
    )
