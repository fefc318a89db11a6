"""How many signals a second are filed over HTTP, durably, against the same route doing nothing?"""

import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from benchmarks import examples
from benchmarks.measure import Line, Reach, Stopwatch, best
from benchmarks.place import STORES, Place
from uitvoering.domain.values import Level, Role
from uitvoering.settings import Settings
from uitvoering.wiring import migrate, running, utc_now

_SECONDS = 2.0
"""Of a round."""
_PATIENCE = 30
_CREATED = b"HTTP/1.1 201 "
_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


def figures(here: Place) -> Iterator[Line]:
    for store in STORES:
        yield _filed(here, store)


def _filed(here: Place, store: str) -> Line:
    seconds, clients = _SECONDS * max(here.effort.share, 0.1), here.effort.clients
    given = Settings(store=here.empty(store))
    migrate(given)
    bearer = token(given)
    with ExitStack() as open_ones:
        ways: dict[str, Callable[[], float]] = {}
        for way in ("durable", "nothing"):
            url = open_ones.enter_context(server(given.store, way))
            ways[way] = partial(load, url, request_of(url, bearer), clients, seconds)
        found = best(ways, here.effort.rounds)
    return Line(
        f"filing a signal over HTTP, {store}, {clients} connections",
        found["durable"],
        "requests/s",
        "the same route doing nothing",
        found["nothing"],
        Reach(0.5),
    )


def token(given: Settings) -> str:
    now = utc_now()
    with running(given) as app:
        bearer, _ = app.store.tokens().create(
            organisation="uwv",
            level=Level.FRONTLINE,
            roles=[Role.REPORTER, Role.LINE],
            pseudonym="p-4711",
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
    return bearer


@contextmanager
def server(store: str, way: str, **environment: str) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.serving", store, way]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | environment,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, f"the server of {way} did not start"
            yield url
        finally:
            process.terminate()


def request_of(url: str, bearer: str, query: str = "") -> bytes:
    """Made once: the client only sends bytes and reads bytes, so that it is not what is slow."""
    body = json.dumps(
        {
            "happenedOn": "2026-01-05",
            "body": "uwv",
            "statement": {
                "text": examples.STATEMENT["text"],
                "severity": 5,
                "light": "red",
                "actWithinDays": 28,
            },
        }
    ).encode()
    head = (
        f"POST /api/v1/signals{query} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
        f"Authorization: Bearer {bearer}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(url: str, request: bytes, clients: int, seconds: float) -> float:
    """Requests answered per second, over connections that stay open meanwhile.

    They are opened for a round: a server ends those that are idle while another has its turn. Each
    has one request under way; the first of each is answered before the clock runs.
    """
    address = (str(urlsplit(url).hostname), urlsplit(url).port)
    with ExitStack() as open_ones, selectors.DefaultSelector() as watched:
        for _ in range(clients):
            connection = open_ones.enter_context(socket.create_connection(address, _PATIENCE))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            watched.register(connection, selectors.EVENT_READ, bytearray())
        _until(watched, request, 0.0)
        watch = Stopwatch()
        with watch.running():
            answered = _until(watched, request, seconds)
        return answered / watch.seconds


def _until(watched: selectors.BaseSelector, request: bytes, seconds: float) -> int:
    """Ask over every connection, and again at each answer until the time is over; the answers."""
    end = time.perf_counter() + seconds
    for key in watched.get_map().values():
        _socket(key).sendall(request)
    waiting, answered = len(watched.get_map()), 0
    while waiting:
        ready = watched.select(_PATIENCE)
        assert ready, "no answer"
        for key, _ in ready:
            answer: bytearray = key.data
            received = _socket(key).recv(65_536)
            assert received, "the server hung up"
            answer += received
            if not _whole(answer):
                continue
            assert answer.startswith(_CREATED), bytes(answer)
            answer.clear()
            answered += 1
            if time.perf_counter() < end:
                _socket(key).sendall(request)
            else:
                waiting -= 1
    return answered


def _socket(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj


def _whole(answer: bytearray) -> bool:
    end = answer.find(_END)
    if end < 0:
        return False
    at = answer.find(_LENGTH) + len(_LENGTH)
    return len(answer) >= end + len(_END) + int(answer[at : answer.index(b"\r", at)])
