"""`serve`: the API, with the views that follow and the clocks that look beside it."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer

from uitvoering.application.clocks import Clocks
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cli.console import (
    Json,
    application,
    note,
    print_json,
    say,
    settings,
)
from uitvoering.cli.following import tell_failure, told
from uitvoering.errors import AddressTakenError
from uitvoering.settings import Settings
from uitvoering.wiring import checkpoint_keys_within_reach, utc_now

Host = Annotated[str, typer.Option("--host", help=say("serve.host"))]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help=say("serve.port"))]


def serve(host: Host = "127.0.0.1", port: Port = 8000, as_json: Json = False) -> None:
    """See the label `cli.serve.help`."""
    with application() as app, listening(host, port) as (door, url):
        if app.promises is not None:
            app.promises.refuse_unusable()
        if as_json:
            print_json({"url": url})
        given = settings()
        if (keys := checkpoint_keys_within_reach(given)) is not None:
            note(say("serve.checkpoint-keys", directory=keys))
        answer(app, given, door, url)


@contextmanager
def listening(host: str, port: int) -> Generator[tuple[socket.socket, str]]:
    """The address is taken before any work is done: a taken one is told at once; 0 is any free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, asyncio switches Nagle off on what it accepts: else each answer on a kept
    # connection waits some 40 ms for the client to confirm its first packet.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as door:
        # Without this, a restart within a minute finds its own last connections in the way.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen(128)
        except OSError as error:
            raise AddressTakenError(host=host, port=port, cause=error.strerror) from error
        name = f"[{host}]" if ":" in host else host
        yield door, f"http://{name}:{door.getsockname()[1]}"


def answer(app: Uitvoering, given: Settings, door: socket.socket, url: str) -> None:
    """Serve until stopped; the views follow and the clocks look for ended terms beside it."""
    import uvicorn  # noqa: PLC0415 only serve pays for the API's start-up

    from uitvoering.api.server import create_api  # noqa: PLC0415 as above

    server = uvicorn.Server(
        uvicorn.Config(create_api(app, given), server_header=False, log_level="warning")
    )
    note(say("serve.at", url=url))
    try:
        with app.reading.views.following(tell_failure), _ticking(app, given.tick_seconds):
            server.run(sockets=[door])
    except KeyboardInterrupt:
        pass  # how one stops it: the server has answered what was under way
    note(say("serve.stopped"))


@contextmanager
def _ticking(app: Uitvoering, seconds: int) -> Generator[None]:
    """Every so often the clocks record what was due and did not come."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(seconds):
            try:
                Clocks(app).tick(utc_now())
            except Exception as error:  # noqa: BLE001 told, and the clocks look again
                note(say("tick.failed", cause=told(error)))

    thread = threading.Thread(target=look, name="clocks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)
