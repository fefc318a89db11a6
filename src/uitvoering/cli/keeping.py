"""`backup`, `restore`, `events`: keep the history, bring it back, and hand it over as it stands."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from uitvoering.cli.console import (
    Json,
    note,
    print_json,
    progress,
    refusals,
    say,
    settings,
    tell,
)
from uitvoering.cli.operating import without_secret
from uitvoering.persistence.backup import backup as keep
from uitvoering.persistence.backup import restore as bring_back
from uitvoering.persistence.backup_file import Manifest
from uitvoering.persistence.export import exported
from uitvoering.persistence.migrations import open_recorder
from uitvoering.wiring import utc_now

_STEP = 500
"""Lines between two looks at the progress bar."""


def backup(
    file: Annotated[Path, typer.Argument(help=say("backup.file"))],
    as_json: Json = False,
) -> None:
    """See the label `cli.backup.help`."""
    with refusals(), progress(say("backup.busy")) as step:
        made = keep(settings().store, file, utc_now(), step)
    _show("backup.done", file, made, as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help=say("restore.file"))],
    as_json: Json = False,
) -> None:
    """See the label `cli.restore.help`."""
    with refusals(), progress(say("restore.busy")) as step:
        found = bring_back(settings().store, file, step)
    _show("restore.done", file, found, as_json=as_json)
    note(say("restore.tokens", made_at=found.made_at))


def _show(key: str, file: Path, found: Manifest, *, as_json: bool) -> None:
    store, tally = without_secret(settings().store), found.tally
    if as_json:
        told = {"file": str(file), "store": store, "made_at": found.made_at}
        print_json(told | _counted(found))
        return
    tell(say(key, file=file, store=store, events=tally.events, position=tally.last_position))
    tell(f"sha256 {tally.sha256}")


def _counted(found: Manifest) -> dict[str, int | str]:
    """Two stores with the same three hold the same events at the same positions."""
    tally = found.tally
    return {
        "events": tally.events,
        "last_position": tally.last_position,
        "sha256": tally.sha256,
    }


def events(
    after: Annotated[int, typer.Option("--after", min=0, help=say("events.after"))] = 0,
    until: Annotated[int | None, typer.Option("--until", min=0, help=say("events.until"))] = None,
    stream: Annotated[str | None, typer.Option("--stream", help=say("events.stream"))] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.events.help`."""
    given = settings()
    # Bytes, not text: what is handed over is what stands in the store, in UTF-8 on any terminal.
    out = sys.stdout.buffer
    opening, between, closed = (b"[\n", b",\n", b"\n]\n") if as_json else (b"", b"\n", b"\n")
    written = 0
    with (
        refusals(),
        closing(open_recorder(given.store, given.pool_size)) as recorder,
        progress(say("events.busy")) as step,
    ):
        last = recorder.max_notification_id() or 0
        end = last if until is None else min(until, last)
        for position, line in exported(recorder, after=after, until=end, stream=stream):
            out.write((between if written else opening) + line)
            written += 1
            if written % _STEP == 0 and not sys.stdout.isatty():
                step(position, end)
    if written:
        out.write(closed)
    elif as_json:
        out.write(b"[]\n")
    out.flush()
