"""How the service is reached: kept connections answer at once, and leaving early is no accident."""

import logging
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.api.conftest import ON_SQLITE, Caller, Running
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
    running: Running, floor: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    address = urlsplit(str(running.client.base_url))
    head = (
        f"POST /api/v1/signals HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: {floor.headers['Authorization']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    )
    with caplog.at_level(logging.ERROR, logger="uitvoering.api"):
        with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as left:
            left.sendall(head.encode() + b'{"happenedOn"')
            time.sleep(0.2)  # until the server waits for the rest
        time.sleep(0.2)
        assert running.nobody.get("/_healthz/livez").status_code == 200
    assert caplog.records == []


def test_the_description_is_written_once_and_the_same_for_everyone(nobody: Caller) -> None:
    first, second = (nobody.get("/api/v1/openapi.json") for _ in range(2))
    assert first.content == second.content
    assert first.headers["Access-Control-Allow-Origin"] == "*"
