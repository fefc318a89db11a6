"""`views` and `catch-up`: how far the stored views are, and keeping them up to date."""

import threading
from typing import Annotated

import typer

from uitvoering.application.standings import standings
from uitvoering.cli.console import (
    BROKEN,
    Json,
    answers,
    application,
    note,
    print_json,
    problem,
    progress,
    say,
    table,
    tell,
)
from uitvoering.errors import UitvoeringError


def views(as_json: Json = False) -> None:
    """See the label `cli.views.help`."""
    with application() as app:
        found = standings(app.reading)
    if as_json:
        print_json(found)
    else:
        shown = table(
            say("views.title"),
            say("column.view"),
            say("column.version"),
            say("column.position"),
            say("column.lag-events"),
            say("column.lag-seconds"),
            say("column.stopped"),
        )
        for view in found:
            stopped = "-" if view.stopped_at is None else f"{view.stopped_at}: {view.stopped_by}"
            shown.row(
                view.name,
                str(view.version),
                str(view.position),
                str(view.lag_events),
                str(view.lag_seconds),
                stopped,
            )
        answers().print(shown)
    if any(view.stopped_at is not None for view in found):
        note(say("views.stopped"))
        raise typer.Exit(BROKEN)


def catch_up(
    follow: Annotated[bool, typer.Option("--follow", help=say("catch-up.follow"))] = False,
    as_json: Json = False,
) -> None:
    """See the label `cli.catch-up.help`."""
    with application() as app:
        with progress(say("catch-up.busy")) as step:
            events = app.reading.views.catch_up(step)
        if as_json:
            print_json({"events": events})
        else:
            tell(say("catch-up.done", events=events))
        if follow:
            note(say("catch-up.following"))
            with app.reading.views.following(tell_failure):
                threading.Event().wait()


def tell_failure(error: Exception) -> None:
    """A page that could not be folded now; it is tried again."""
    note(say("views.failed", cause=told(error)))


def told(error: Exception) -> str:
    """What went wrong in the background. Of an accident no message: it may quote someone."""
    return problem(error)["detail"] if isinstance(error, UitvoeringError) else type(error).__name__
