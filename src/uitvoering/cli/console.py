"""How every verb speaks: answers on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import TamperedError, UitvoeringError
from uitvoering.labels.table import Labels
from uitvoering.settings import Settings
from uitvoering.wiring import running

REFUSED, USAGE, BROKEN = 1, 2, 3
"""Exit codes of INTERFACES: refused or not found; wrong usage; integrity is broken."""

notes = Console(stderr=True, highlight=False)


def answers() -> Console:
    """Standard output as it is now, so that a redirected one is respected."""
    return Console(highlight=False, soft_wrap=False)


def settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        name = "UITVOERING_" + "_".join(str(part) for part in wrong["loc"]).upper()
        notes.print(f"{name}: {wrong['msg']}")
        raise SystemExit(USAGE) from error


def labels() -> Labels:
    return Labels.load(settings().lang)


def say(key: str, **values: object) -> str:
    """A text of the command line in the language of the reader."""
    return labels().text(f"cli.{key}", **values)


@contextmanager
def refusals() -> Iterator[None]:
    """One clear error and an exit code; never a traceback for what a caller can mend."""
    try:
        yield
    except UitvoeringError as error:
        title, detail = labels().problem(error.code, error.values)
        notes.print(f"[bold]{title}[/bold] ({error.code})\n{detail}", soft_wrap=True)
        raise typer.Exit(BROKEN if isinstance(error, TamperedError) else REFUSED) from error


@contextmanager
def application() -> Iterator[Uitvoering]:
    """The application on the configured store, with refusals told."""
    with refusals(), running(settings()) as app:
        yield app


def print_json(value: object) -> None:
    """One JSON document and nothing else."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def plain(value: Any) -> Any:
    """Models to plain JSON values, in snake_case as everywhere on the command line."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def table(title: str, *columns: str) -> Table:
    found = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        found.add_column(column, overflow="fold")
    return found


@contextmanager
def progress(description: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that shows once the work has gone on for a second."""
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
        if not shown and (bar.tasks[0].elapsed or 0.0) > 1.0:
            shown = True
            bar.start()

    try:
        yield step
    finally:
        if shown:
            bar.stop()
