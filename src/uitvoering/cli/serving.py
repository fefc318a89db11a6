"""`serve` and `demo`: the API and pages, and a first look with a real case."""

import socket
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from uitvoering.application.clocks import Clocks
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import read_case
from uitvoering.cases.loading import Loading
from uitvoering.cli.console import (
    BROKEN,
    Json,
    application,
    labels,
    note,
    print_json,
    progress,
    refusals,
    say,
    settings,
    tell,
    write_file,
)
from uitvoering.cli.following import tell_failure, told
from uitvoering.cli.reading import show_digests, show_trail, verified
from uitvoering.domain.values import Level
from uitvoering.errors import AddressTakenError
from uitvoering.pictures.trail import draw
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.settings import Settings
from uitvoering.wiring import demo_token, migrate, running, utc_now

Host = Annotated[str, typer.Option("--host", help=say("serve.host"))]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help=say("serve.port"))]


def serve(host: Host = "127.0.0.1", port: Port = 8000, as_json: Json = False) -> None:
    """See the label `cli.serve.help`."""
    with application() as app, listening(host, port) as (door, url):
        if as_json:
            print_json({"url": url})
        answer(app, settings(), door, url)


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    case: Annotated[str, typer.Option("--case", help=say("demo.case"))] = "b-fsv",
    stop: Annotated[bool, typer.Option("--no-serve", help=say("demo.stop"))] = False,
    as_json: Json = False,
) -> None:
    """See the label `cli.demo.help`."""
    folder = Path(tempfile.mkdtemp(prefix="uitvoering-demo-"))
    given = settings().model_copy(update={"store": f"sqlite:///{folder / 'uitvoering.db'}"})
    with refusals(), listening(host, 0 if stop else port) as (door, url):
        migrate(given)
        with running(given) as app:
            loading = Loading(app, read_case(case))
            with progress(say("case.busy")) as step:
                loading.run(step)
            seen = _first_look(app, loading, folder, shown=not as_json)
            exports = {} if stop else _exports(app, given)
            if as_json:
                print_json(seen | {"environment": exports})
            elif exports:
                tell(say("demo.tour"))
                for name, value in exports.items():
                    tell(f"export {name}={value}")
            if not stop:
                answer(app, given, door, url)


def _first_look(app: Uitvoering, loading: Loading, folder: Path, *, shown: bool) -> dict[str, Any]:
    """The trail as a table and as a picture, and the proof that a replay says the same."""
    moment = app.reading.moment()
    documents = app.reading.documents(moment)
    words = labels()
    pictures: list[str] = []
    for signal in loading.streams.signals:
        rows = signal_trail(documents, moment, signal=signal)
        picture = folder / f"trail-{signal[:8]}.svg"
        if shown:
            show_trail(rows, words)
            tell(say("demo.picture", file=picture))
        write_file(picture, draw(rows, words))
        pictures.append(str(picture))
    digests = app.reading.replay(moment)
    same = verified(app)
    if shown:
        show_digests(digests)
        tell(say("replay.same" if same else "replay.differs"))
    if not same:
        raise typer.Exit(BROKEN)
    return {
        "case": loading.case.case,
        "signals": loading.streams.signals,
        "pictures": pictures,
        "read_models": digests,
        "same_as_replay": same,
    }


def _exports(app: Uitvoering, given: Settings) -> dict[str, str]:
    """For a second terminal: the demonstration store, and a token for three levels of UWV."""
    tokens = {
        level.value.upper().replace("-", "_"): demo_token(app, level)
        for level in (Level.FRONTLINE, Level.TEAM_LEAD, Level.DEPARTMENT)
    }
    return tokens | {"UITVOERING_STORE": given.store}


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
