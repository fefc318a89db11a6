"""One request over HTTP and its answer, within a deadline that no slow byte lengthens."""

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TypeVar

from uitvoering.integrity.direct_http import direct_opener

MOST_BYTES = 256 * 1024
"""Of an answer: a checkpoint and some signatures."""
T = TypeVar("T")


@dataclass(frozen=True)
class Response:
    status: int
    content_type: str
    body: bytes


def exchanged(url: str, body: bytes | None, until: float) -> Response:
    """POST of a body, GET without one; `until` by the monotonic clock. OSError, HTTPException."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    headers = {} if body is None else {"Content-Type": "text/plain; charset=utf-8"}
    # Whoever names the address sees to it that it is http or https.
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 as said
    return _within(left, lambda: _answered(request, left))


def _answered(request: urllib.request.Request, seconds: float) -> Response:
    with direct_opener().open(request, timeout=seconds) as response:
        body = response.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise HTTPException(f"an answer of over {MOST_BYTES} bytes")
        return Response(response.status, response.headers.get_content_type(), body)


def _within(seconds: float, work: Callable[[], T]) -> T:
    """A socket's own timeout starts again with every byte; this one does not. TimeoutError."""
    done: SimpleQueue[T | BaseException] = SimpleQueue()

    def run() -> None:
        try:
            done.put(work())
        except BaseException as error:  # noqa: BLE001 raised again by who waits
            done.put(error)

    Thread(target=run, daemon=True).start()
    try:
        found = done.get(timeout=seconds)
    except Empty as error:
        raise TimeoutError from error
    if isinstance(found, BaseException):
        raise found
    return found
