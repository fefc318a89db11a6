"""HTTP with whoever was named and nobody else, within a deadline that no slow byte lengthens."""

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

_OVER = "the time for it is over"


@dataclass(frozen=True)
class Response:
    status: int
    reason: str
    content_type: str
    body: bytes


def exchanged(request: Request, until: float, most: int) -> Response:
    """The answer as it was given, also a redirect and an error; `until` by the monotonic clock.

    Of its body at most `most` bytes, and one more where there were more. OSError, HTTPException,
    ValueError.
    """
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError(_OVER)
    line, done = _Line(), SimpleQueue[Response | BaseException]()

    def run() -> None:
        try:
            done.put(_answered(request, line, left, most))
        except BaseException as error:  # noqa: BLE001 raised again by who waits
            done.put(error)

    # A socket's own timeout begins again with every byte, and to find an address has none.
    Thread(target=run, name="exchange", daemon=True).start()
    try:
        found = done.get(timeout=left)
    except Empty as error:
        raise TimeoutError(_OVER) from error
    finally:
        line.cut()
    if isinstance(found, BaseException):
        raise found
    return found


class _Line:
    """The connections of one exchange; once it is cut, whoever reads from them ends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: list[socket.socket] = []
        self._is_cut = False

    def hold(self, connected: socket.socket) -> None:
        with self._lock:
            if self._is_cut:
                raise TimeoutError
            # Another handle: the library lets go of its own before the answer is read.
            self._held.append(connected.dup())

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            for held in self._held:
                with held, suppress(OSError):  # the other side may have gone
                    held.shutdown(socket.SHUT_RDWR)


class _Connection(HTTPConnection):
    hold: Callable[[socket.socket], None]

    def connect(self) -> None:
        super().connect()
        self.hold(self.sock)


class _SecureConnection(HTTPSConnection, _Connection):
    """In this order: held when it is connected, before anything is said in secret."""


class _Handler(HTTPHandler, HTTPSHandler):
    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._made(_Connection), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._made(_SecureConnection), req)

    def _made(self, kind: type[_Connection]) -> Callable[..., HTTPConnection]:
        def made(host: str, **given: Any) -> HTTPConnection:
            connection = kind(host, **given)
            connection.hold = self._line.hold
            return connection

        return made


def _answered(request: Request, line: _Line, seconds: float, most: int) -> Response:
    # No handler follows a redirect, by which a POST would become a GET and its answer that of
    # another; and an error status is an answer for the caller to judge.
    opener = OpenerDirector()
    opener.add_handler(ProxyHandler())
    opener.add_handler(_Handler(line))
    with opener.open(request, timeout=seconds) as answer:
        kind = answer.headers.get_content_type()
        return Response(answer.status, answer.reason, kind, answer.read(most + 1))
