"""How every verb speaks: answers on standard output, everything else on standard error."""

import json
import re
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from uitvoering.application.import_lines import LineInvalidError
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import (
    FileUnknownError,
    FileUnwritableError,
    TamperedError,
    UitvoeringError,
)
from uitvoering.integrity.verify.texts import explained
from uitvoering.labels.table import Labels
from uitvoering.persistence.backup_errors import FileUnreadableError
from uitvoering.settings import Settings
from uitvoering.wiring import running

REFUSED, USAGE, BROKEN = 1, 2, 3
"""Exit codes of INTERFACES: refused or not found; wrong usage; integrity is broken."""


class _Notes(Console):
    def on_broken_pipe(self) -> None:
        """Who read along has left; what is told of goes on."""


notes = _Notes(stderr=True, highlight=False, markup=False, emoji=False)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""A stored text may not steer the terminal of its reader."""


def answers() -> Console:
    """Standard output as it is now, so that a redirected one is respected."""
    return Console(highlight=False, markup=False, emoji=False)


def tell(text: str) -> None:
    """A line of an answer, whole: a path or a token is never broken over two lines."""
    answers().print(_CONTROL.sub("�", text), soft_wrap=True)


def note(text: str, *, bold: bool = False) -> None:
    """A line that is no answer, on standard error; lost where that is full or nobody reads it."""
    with suppress(OSError):
        # Captured: what the console itself cannot write it keeps, and writes with the next line.
        with notes.capture() as told:
            notes.print(_CONTROL.sub("�", text), soft_wrap=True, style="bold" if bold else None)
        notes.file.write(told.get())
        notes.file.flush()


def settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        words = Labels.load("nl")  # the language itself may be what is wrong
        for wrong in error.errors():
            name = "UITVOERING_" + "_".join(str(part) for part in wrong["loc"]).upper()
            note(f"{name}: {words.reason(wrong['type'], wrong.get('ctx'))}")
        raise SystemExit(USAGE) from error


def labels() -> Labels:
    return Labels.load(settings().lang)


def say(key: str, **values: object) -> str:
    """A text of the command line in the language of the reader."""
    words = labels()
    return words.text(f"cli.{key}", **explained(values, words.lang))


_asked_json: ContextVar[bool] = ContextVar("asked_json", default=False)


def _remember(asked: bool) -> bool:
    """So that a refusal, wherever it is told, is a JSON document too."""
    _asked_json.set(asked)
    return asked


Json = Annotated[bool, typer.Option("--json", callback=_remember, help=say("json"))]


def epilog(verb: str) -> str:
    return f"{say('example')}: {say(f'{verb}.example')}"


def usage(text: str) -> typer.Exit:
    """What was asked makes no sense as a command."""
    note(text)
    return typer.Exit(USAGE)


@contextmanager
def refusals() -> Generator[None]:
    """One clear error and an exit code; never a traceback for what a caller can mend."""
    try:
        yield
    except UitvoeringError as error:
        told = problem(error)
        if _asked_json.get():
            print_json(told)
        note(f"{told['title']} ({error.code})", bold=True)
        note(told["detail"])
        for fault in told["faults"]:
            note(f"  {fault['name']}: {fault['reason']}")
        raise typer.Exit(BROKEN if isinstance(error, TamperedError) else REFUSED) from error


def problem(error: UitvoeringError) -> dict[str, Any]:
    """The same code, title, detail and reasons as the API gives for the same case."""
    words = labels()
    title, detail = words.problem(error.code, explained(error.values, words.lang))
    faults = error.faults if isinstance(error, LineInvalidError) else ()
    return {
        "code": error.code,
        "title": title,
        "detail": detail,
        "faults": [
            {"name": fault.name, "reason": words.reason(fault.kind, fault.context)}
            for fault in faults
        ],
    }


def write_file(file: Path, text: str) -> None:
    """Whole or not at all for the caller: a refusal says why."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileUnwritableError(file=file, cause=error.strerror) from error
    note(say("written", file=file))


@contextmanager
def application() -> Generator[Uitvoering]:
    """The application on the configured store, with refusals told."""
    with refusals(), running(settings()) as app:
        yield app


def print_json(value: object) -> None:
    """One JSON document and nothing else; plain ASCII where the terminal knows no more."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=not utf8, indent=2) + "\n")


def plain(value: Any) -> Any:
    """Models to plain JSON values, in snake_case as everywhere on the command line."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="json"))
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in cast(Sequence[Any], value)]
    if isinstance(value, dict):  # `from` is a word of Python, so its field is `from_`
        members = cast(dict[str, Any], value)
        return {str(key).removesuffix("_"): plain(item) for key, item in members.items()}
    return value


class Grid(Table):
    """A table of texts that others wrote: none of them steers the terminal."""

    def row(self, *cells: str) -> None:
        self.add_row(*(_CONTROL.sub("�", cell) for cell in cells))


def table(title: str, *columns: str) -> Grid:
    found = Grid(title=title, title_justify="left", header_style="bold")
    for column in columns:
        found.add_column(column, overflow="fold")
    return found


@contextmanager
def progress(description: str, *, after: float = 1.0) -> Generator[Callable[[int, int], None]]:
    """A bar on standard error that shows once the work has gone on for `after` seconds.

    Only where someone watches: a bar in a log or a pipe is noise that depends on the clock.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
        transient=True,
    )
    task = bar.add_task(description, total=None, start=True)
    shown = False

    def step(done: int, total: int) -> None:
        nonlocal shown
        bar.update(task, completed=done, total=total)
        if not shown and notes.is_terminal and (bar.tasks[0].elapsed or 0.0) >= after:
            shown = True
            bar.start()

    try:
        yield step
    finally:
        if shown:
            bar.stop()


def local(day: date | datetime | None) -> str:
    """Day, month, year: the order a Dutch reader expects."""
    return "" if day is None else f"{day:%d-%m-%Y}"


def content(file: Path) -> bytes:
    """Of a file that was named: FileUnknownError, FileUnreadableError."""
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise FileUnknownError(file=file) from error
    except OSError as error:
        raise FileUnreadableError(file=file, cause=error.strerror) from error
