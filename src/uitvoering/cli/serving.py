"""`serve` and `demo`: the API and pages, and a first look with a real case."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from uitvoering.application.clocks import Clocks
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import read_case
from uitvoering.cases.loading import Loading
from uitvoering.cli.console import (
    BROKEN,
    answers,
    application,
    labels,
    notes,
    progress,
    refusals,
    say,
    settings,
    table,
)
from uitvoering.cli.reading import show_trail, verified
from uitvoering.domain.values import Level
from uitvoering.errors import UitvoeringError
from uitvoering.pictures.trail import draw
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.settings import Settings
from uitvoering.wiring import demo_token, migrate, running, utc_now

Host = Annotated[str, typer.Option("--host", help=say("serve.host"))]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=say("serve.port"))]


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """See the label `cli.serve.help`."""
    with application() as app:
        listen(app, settings(), host, port)


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    case: Annotated[str, typer.Option("--case", help=say("demo.case"))] = "b-fsv",
    stop: Annotated[bool, typer.Option("--no-serve", help=say("demo.stop"))] = False,
) -> None:
    """See the label `cli.demo.help`."""
    folder = Path(tempfile.mkdtemp(prefix="uitvoering-demo-"))
    given = settings().model_copy(update={"store": f"sqlite:///{folder / 'uitvoering.db'}"})
    with refusals():
        migrate(given)
        with running(given) as app:
            told = read_case(case)
            loading = Loading(app, told)
            with progress(say("case.busy")) as step:
                loading.run(step)
            _first_look(app, loading, folder)
            if not stop:
                tokens = {
                    level: demo_token(app, level)
                    for level in (Level.FRONTLINE, Level.TEAM_LEAD, Level.DEPARTMENT)
                }
                _tell_tokens(tokens)
                listen(app, given, host, port)


def _first_look(app: Uitvoering, loading: Loading, folder: Path) -> None:
    """The trail as a table and as a picture, and the proof that a replay says the same."""
    moment = app.reading.moment()
    documents = app.reading.documents(moment)
    words = labels()
    for signal in loading.streams.signals:
        rows = signal_trail(documents, moment, signal=signal)
        show_trail(rows, words)
        picture = folder / f"trail-{signal[:8]}.svg"
        picture.write_text(draw(rows, words), encoding="utf-8")
        answers().print(say("demo.picture", file=picture), soft_wrap=True)
    same = verified(app)
    shown = table(
        say("replay.title"), say("column.read-model"), say("column.rows"), say("column.digest")
    )
    for row in app.reading.replay(moment):
        shown.add_row(row.name, str(row.rows), row.sha256[:16] + "…")
    answers().print(shown)
    answers().print(say("replay.same" if same else "replay.differs"))
    if not same:
        raise typer.Exit(BROKEN)


def _tell_tokens(tokens: dict[Level, str]) -> None:
    """For a second terminal: one token a level, valid for the demonstration store alone."""
    for level, secret in tokens.items():
        name = level.value.upper().replace("-", "_")
        answers().print(f"export {name}={secret}", soft_wrap=True)


def listen(app: Uitvoering, given: Settings, host: str, port: int) -> None:
    """Serve until stopped; the clocks look for ended terms beside it."""
    import uvicorn  # noqa: PLC0415 only serve pays for the API's start-up

    from uitvoering.api.server import create_app  # noqa: PLC0415 as above

    answers().print(say("serve.at", url=f"http://{host}:{port}"))
    with _ticking(app, given.tick_seconds):
        uvicorn.run(
            create_app(app, given), host=host, port=port, server_header=False, log_level="warning"
        )


@contextmanager
def _ticking(app: Uitvoering, seconds: int) -> Iterator[None]:
    """Every so often the clocks record what was due and did not come."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(seconds):
            try:
                Clocks(app).tick(utc_now())
            except UitvoeringError as error:
                notes.print(say("tick.failed", cause=error))

    thread = threading.Thread(target=look, name="clocks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)
