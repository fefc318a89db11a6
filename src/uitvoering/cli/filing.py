"""`import` and `record`: filing many lines, or one, through the same commands as the API."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from uitvoering.application.caller import Caller
from uitvoering.application.importing import (
    LineOutcome,
    Refusal,
    land_all,
    land_none_or_all,
)
from uitvoering.cli.console import (
    REFUSED,
    USAGE,
    answers,
    application,
    labels,
    notes,
    print_json,
    progress,
    say,
    settings,
    table,
)
from uitvoering.domain.values import Level, Role

Step = Callable[[int, int], None]


def acting() -> Caller | None:
    """Who acts on the command line, from the settings; None when they do not say."""
    given = settings()
    if not given.organisation or not given.level:
        return None
    try:
        return Caller(
            organisation=given.organisation,
            level=Level(given.level),
            roles=frozenset(Role(role.strip()) for role in given.roles.split(",")),
            pseudonym=given.pseudonym or f"{given.organisation}-{given.level}",
        )
    except ValueError as error:
        notes.print(say("acting.invalid", cause=str(error)))
        raise typer.Exit(USAGE) from error


def import_(
    file: Annotated[str, typer.Argument(help=say("import.file"))],
    all_or_none: Annotated[bool, typer.Option("--all-or-none", help=say("import.all"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """See the label `cli.import.help`."""
    path = Path(file)
    if file != "-" and not path.is_file():
        notes.print(say("file.missing", file=file))
        raise typer.Exit(REFUSED)
    landed: list[LineOutcome] = []
    refused: list[Refusal] = []
    limit = settings().max_body_bytes
    land = land_none_or_all if all_or_none else land_all
    with application() as app, progress(say("import.busy")) as step:
        size = path.stat().st_size if file != "-" else 0
        try:
            for found in land(app, _lines(path, file, step, size, limit), acting(), limit):
                (refused if isinstance(found, Refusal) else landed).append(found)  # type: ignore[arg-type]  # the two lists take the two kinds
        except KeyboardInterrupt:
            notes.print(say("import.stopped", lines=len(landed)))
            raise typer.Exit(REFUSED) from None
    _tell(landed, refused, as_json=as_json)
    if refused:
        raise typer.Exit(REFUSED)


def record(
    command: Annotated[str, typer.Argument(help=say("record.command"))],
    fields: Annotated[str, typer.Argument(help=say("record.fields"))],
    on: Annotated[str, typer.Option("--on", help=say("record.on"))] = "",
    identifier: Annotated[str, typer.Option("--id", help=say("record.id"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """See the label `cli.record.help`."""
    text = sys.stdin.read() if fields == "-" else fields
    try:
        given = json.loads(text)
    except ValueError as error:
        notes.print(say("record.not-json", cause=str(error)))
        raise typer.Exit(USAGE) from error
    if not isinstance(given, dict):
        notes.print(say("record.not-json", cause="{...}"))
        raise typer.Exit(USAGE)
    line = {"id": identifier or json.dumps(given, sort_keys=True)[:200], "command": command}
    line |= {"subject": on} if on else {}
    with application() as app:
        found = list(land_all(app, [json.dumps(given | line)], acting(), settings().max_body_bytes))
    landed = [row for row in found if isinstance(row, LineOutcome)]
    refused = [row for row in found if isinstance(row, Refusal)]
    _tell(landed, refused, as_json=as_json)
    if refused:
        raise typer.Exit(REFUSED)


def _lines(path: Path, file: str, step: Step, size: int, limit: int) -> Iterator[str]:
    """Line by line with a ceiling, so that a line of any length costs no more memory than allowed."""
    source = sys.stdin.buffer if file == "-" else path.open("rb")
    done = 0
    with source:
        while line := source.readline(limit + 2):
            done += len(line)
            step(min(done, size), size)
            while not line.endswith(b"\n") and (rest := source.readline(limit + 2)):
                done += len(rest)
                line = line[: limit + 2] + b"\n" if rest.endswith(b"\n") else line[: limit + 2]
            yield line.decode("utf-8", errors="replace")


def _tell(landed: list[LineOutcome], refused: list[Refusal], *, as_json: bool) -> None:
    words = labels()
    if as_json:
        print_json(
            {
                "landed": landed,
                "refused": [
                    {
                        "line": row.line,
                        "id": row.id,
                        "code": row.error.code,
                        "title": words.problem(row.error.code, row.error.values)[0],
                        "detail": words.problem(row.error.code, row.error.values)[1],
                    }
                    for row in refused
                ],
            }
        )
        return
    new = sum(row.recorded > 0 for row in landed)
    answers().print(say("import.done", new=new, known=len(landed) - new, refused=len(refused)))
    for row in landed[:20] if len(landed) <= 20 else []:
        answers().print(f"  {row.line}  {row.id}  {row.subject}")
    if refused:
        rows = table(say("import.refused"), say("column.line"), "id", "code", say("column.detail"))
        for refusal in refused:
            detail = words.problem(refusal.error.code, refusal.error.values)[1]
            rows.add_row(str(refusal.line), refusal.id or "-", refusal.error.code, detail)
        answers().print(rows)
