"""A witness over HTTP: two addresses, small requests, short answers, and nothing of the inside."""

import io
import socket
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore
from time import monotonic
from typing import Any, cast

from uitvoering.errors import BusyError, UitvoeringError
from uitvoering.integrity.witness.witness import PLAIN, Answer, Witness

MOST_BYTES = 512 * 1024
"""Of a request body: 63 hashes and a checkpoint with a hundred signatures are smaller."""
SECONDS = 15.0
"""From the wait for a request on a connection to its last byte."""
MOST_CONNECTIONS = 64
_CHECKPOINT = "/checkpoint"


class WitnessServer(ThreadingHTTPServer):
    """Answers while `serve_forever` runs; `log` is told a line per request, without its body."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, door: socket.socket, witness: Witness, prefix: str, log: Callable[[str], None]
    ) -> None:
        """`door` listens already; `prefix` is the path before the two addresses, "" for none."""
        super().__init__(door.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = door
        self.witness, self.log = witness, log
        self.prefix = "/" + prefix.strip("/") if prefix.strip("/") else ""
        self._free = BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            self.log("-: too many connections, one was closed")
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke; what went wrong in an answer is told where it is made."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._timed = _TimedReader(self.connection)
        self.rfile = io.BufferedReader(self._timed)

    def handle_one_request(self) -> None:
        self._timed.until = monotonic() + SECONDS
        super().handle_one_request()

    @property
    def _site(self) -> WitnessServer:
        return cast(WitnessServer, self.server)

    def do_POST(self) -> None:
        self._answer(self._posted)

    def do_GET(self) -> None:
        self._answer(self._got)

    def do_HEAD(self) -> None:
        self._answer(self._got)

    def _posted(self) -> Answer:
        body = self._body()
        if isinstance(body, Answer):
            return body
        if self.path != f"{self._site.prefix}/add-checkpoint":
            return _told(HTTPStatus.NOT_FOUND)
        return self._site.witness.add_checkpoint(body)

    def _got(self) -> Answer:
        if self.path == f"{self._site.prefix}/add-checkpoint":
            return _told(HTTPStatus.METHOD_NOT_ALLOWED)
        path = self.path.removeprefix(f"{self._site.prefix}/")
        digest = path.removesuffix(_CHECKPOINT)
        if path in {self.path, digest}:  # not under the prefix, or no checkpoint is asked
            return _told(HTTPStatus.NOT_FOUND)
        view = self._site.witness.view(digest)
        return _told(HTTPStatus.NOT_FOUND) if view is None else Answer(HTTPStatus.OK, view.decode())

    def _body(self) -> bytes | Answer:
        """Or why there is none; the rest of such a connection cannot be understood."""
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not length:
            return self._closing(HTTPStatus.LENGTH_REQUIRED)
        if not (length.isascii() and length.isdigit()):
            return self._closing(HTTPStatus.BAD_REQUEST)
        if len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
            return self._closing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else self._closing(HTTPStatus.BAD_REQUEST)

    def _closing(self, status: HTTPStatus) -> Answer:
        self.close_connection = True
        return _told(status)

    def _answer(self, made: Callable[[], Answer]) -> None:
        try:
            answer = made()
        except BusyError as error:
            answer = _told(HTTPStatus.SERVICE_UNAVAILABLE, about=str(error))
        except UitvoeringError as error:
            answer = _told(HTTPStatus.INTERNAL_SERVER_ERROR, about=str(error))
        except OSError:
            raise  # the connection broke or took too long
        except Exception as error:  # noqa: BLE001 told to who runs it, never to who asked
            answer = _told(HTTPStatus.INTERNAL_SERVER_ERROR, about=repr(error))
        route = "add-checkpoint" if self.command == "POST" else "checkpoint"
        try:  # first: a line that cannot be written keeps nobody from the answer
            self._send(answer)
        finally:  # also of who went away before it
            self._site.log(f"{self.command} {route} {answer.status.value} {answer.about}".rstrip())

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.connection.settimeout(SECONDS)
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if answer.status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "POST")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        """For a request line or a header that is none: its words are not repeated."""
        self.close_connection = True
        self.request_version = self.protocol_version  # or the library answers as in 1991
        self._send(_told(HTTPStatus(code)))
        self._site.log(f"-: {code}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name it has in the library
        """Ours are logged once, by `_answer`; a timeout is worth no line."""


class _TimedReader(io.RawIOBase):
    """Reads until a moment: bytes that drip in one by one do not lengthen the wait."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.until = monotonic() + SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


def _told(status: HTTPStatus, about: str = "") -> Answer:
    return Answer(status, f"{status.phrase.lower()}\n", PLAIN, about)
