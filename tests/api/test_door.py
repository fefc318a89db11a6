"""How the service is reached: kept connections answer at once, and leaving early is no accident."""

import logging
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.api.conftest import ON_SQLITE, Caller, Running
from tests.faults.promises import until
from uitvoering.api.door import Door
from uitvoering.api.openapi import Descriptions
from uitvoering.cli.serving import listening

PATIENCE = 10


def test_what_a_kept_connection_is_answered_does_not_wait_for_the_client() -> None:
    """Only for a socket named as TCP does asyncio switch Nagle's algorithm off (RFC 9293, 3.7.4).

    Without that, the second packet of an answer waits some 40 ms for the client to confirm the
    first (delayed acknowledgements, RFC 1122, 4.2.3.2).
    """
    with listening("127.0.0.1", 0) as (door, _):
        assert door.proto == socket.IPPROTO_TCP


@ON_SQLITE
def test_a_client_that_leaves_while_sending_is_no_accident(
    running: Running,
    floor: Caller,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    received: list[str] = []
    ended: list[str] = []
    enter = Door.__call__

    async def watched(door: Door, scope: Scope, receive: Receive, send: Send) -> None:
        async def receiving() -> Message:
            message = await receive()
            received.append(message["type"])
            return message

        try:
            await enter(door, scope, receiving, send)
        finally:
            ended.append(scope["path"])

    monkeypatch.setattr(Door, "__call__", watched)
    address = urlsplit(str(running.client.base_url))
    head = (
        f"POST /api/v1/signals HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: {floor.headers['Authorization']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    )
    with caplog.at_level(logging.ERROR, logger="uitvoering.api"):
        with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as left:
            left.sendall(head.encode() + b'{"happenedOn"')
            until(lambda: "http.request" in received)  # the server waits for the rest
        until(lambda: ended == ["/api/v1/signals"])
        assert running.nobody.get("/_healthz/livez").status_code == 200
    assert received[-1] == "http.disconnect"
    assert caplog.records == []


def test_the_description_is_made_once_and_the_same_for_everyone(
    nobody: Caller, floor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = nobody.get("/api/v1/openapi.json")
    made: list[str] = []
    say = Descriptions.said_in

    def counted(descriptions: Descriptions, lang: str) -> dict[str, Any]:
        made.append(lang)
        return say(descriptions, lang)

    monkeypatch.setattr(Descriptions, "said_in", counted)
    second = floor.get("/api/v1/openapi.json")
    assert made == []
    assert first.content == second.content
    assert first.headers["Access-Control-Allow-Origin"] == "*"
