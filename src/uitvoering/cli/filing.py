"""`import` and `record`: filing many lines, or one, through the same commands as the API."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from uitvoering.application.caller import Caller, Receipt
from uitvoering.application.importing import (
    LineOutcome,
    Refusal,
    land_all,
    land_none_or_all,
)
from uitvoering.cli.console import (
    REFUSED,
    Json,
    answers,
    application,
    note,
    print_json,
    problem,
    progress,
    refusals,
    say,
    settings,
    table,
    tell,
    usage,
)
from uitvoering.domain.values import Level, Role
from uitvoering.errors import FileUnknownError, FileUnwritableError

Kept = Annotated[Path | None, typer.Option("--receipts", help=say("record.receipts"))]
Step = Callable[[int, int], None]
SHOWN = 20
"""Landed lines that are named one by one; beyond that their number says enough."""


def acting() -> Caller | None:
    """Who acts on the command line, from the settings; None when they do not say."""
    given = settings()
    if not given.organisation or not given.level:
        return None
    try:
        level = Level(given.level)
    except ValueError as error:
        raise usage(say("acting.invalid", cause=str(error))) from error
    return Caller(
        organisation=given.organisation,
        level=level,
        roles=roles_in(given.roles),
        pseudonym=given.pseudonym or f"{given.organisation}-{given.level}",
    )


def roles_in(text: str) -> frozenset[Role]:
    """Roles as people write them, with commas between."""
    try:
        return frozenset(Role(role.strip()) for role in text.split(","))
    except ValueError as error:
        raise usage(say("acting.invalid", cause=str(error))) from error


def import_(
    file: Annotated[str, typer.Argument(help=say("import.file"))],
    all_or_none: Annotated[bool, typer.Option("--all-or-none", help=say("import.all"))] = False,
    receipts: Kept = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.import.help`."""
    path = Path(file)
    with refusals():
        if file != "-" and not path.is_file():
            raise FileUnknownError(file=file)
    landed: list[LineOutcome] = []
    refused: list[Refusal] = []
    limit = settings().max_body_bytes
    land = land_none_or_all if all_or_none else land_all
    who = acting()
    with application() as app, progress(say("import.busy")) as step, keeping(receipts) as keep:
        size = path.stat().st_size if file != "-" else 0
        try:
            for found in land(app, _lines(path, file, step, size, limit), who, limit):
                if isinstance(found, Refusal):
                    refused.append(found)
                else:
                    keep(found.receipts)
                    landed.append(found)
        except KeyboardInterrupt:
            note(say("import.stopped", lines=len(landed)))
            raise
    _tell(landed, refused, as_json=as_json, kept=receipts)
    if refused:
        raise typer.Exit(REFUSED)


def record(
    command: Annotated[str, typer.Argument(help=say("record.command"))],
    fields: Annotated[str, typer.Argument(help=say("record.fields"))],
    on: Annotated[str, typer.Option("--on", help=say("record.on"))] = "",
    identifier: Annotated[str, typer.Option("--id", help=say("record.id"))] = "",
    receipts: Kept = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.record.help`."""
    text = sys.stdin.buffer.read().decode(errors="replace") if fields == "-" else fields
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise usage(say("record.not-json", cause=str(error))) from error
    if not isinstance(given, dict):
        raise usage(say("record.not-json", cause="{...}"))
    line = {"command": command} | ({"subject": on} if on else {})
    # The same words for the same thing are the same act, so the command can be repeated safely.
    said = json.dumps(given | line, sort_keys=True)
    line["id"] = identifier or f"record-{hashlib.sha256(said.encode()).hexdigest()}"
    who, limit = acting(), settings().max_body_bytes
    with application() as app, keeping(receipts) as keep:
        found = list(land_all(app, [json.dumps(given | line)], who, limit))
        for row in found:
            keep(row.receipts if isinstance(row, LineOutcome) else ())
    landed = [row for row in found if isinstance(row, LineOutcome)]
    refused = [row for row in found if isinstance(row, Refusal)]
    _tell(landed, refused, as_json=as_json, kept=receipts)
    if refused:
        raise typer.Exit(REFUSED)


@contextmanager
def keeping(file: Path | None) -> Generator[Callable[[Sequence[Receipt]], None]]:
    """Adds receipts to a file that only its owner reads, each on disk before the next filing."""
    if file is None:
        yield lambda _: None
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise FileUnwritableError(file=file, cause=error.strerror) from error
    with os.fdopen(descriptor, "a", encoding="utf-8") as kept:

        def keep(receipts: Sequence[Receipt]) -> None:
            for receipt in receipts:
                kept.write(receipt.model_dump_json(exclude_none=True) + "\n")
            kept.flush()
            os.fsync(kept.fileno())

        yield keep


def _lines(path: Path, file: str, step: Step, size: int, limit: int) -> Iterator[str]:
    """Line by line with a ceiling: a line of any length costs no more memory than allowed."""
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


def _tell(
    landed: list[LineOutcome], refused: list[Refusal], *, as_json: bool, kept: Path | None
) -> None:
    told: list[dict[str, Any]] = [
        {"line": row.line, "id": row.id, **problem(row.error)} for row in refused
    ]
    if as_json:
        print_json({"landed": landed, "refused": told})
        return
    new = sum(row.recorded > 0 for row in landed)
    tell(say("import.done", new=new, known=len(landed) - new, refused=len(refused)))
    if len(landed) <= SHOWN:
        for row in landed:
            tell(f"  {row.line}  {row.id}  {row.subject}")
    if promised := sum(len(row.receipts) for row in landed):
        tell(say("record.kept" if kept else "record.not-kept", count=promised, file=kept))
    if refused:
        rows = table(say("import.refused"), say("column.line"), "id", "code", say("column.detail"))
        for refusal in told:
            reasons = [f"{fault['name']}: {fault['reason']}" for fault in refusal["faults"]]
            detail = "\n".join([refusal["detail"], *reasons])
            rows.row(str(refusal["line"]), refusal["id"] or "-", refusal["code"], detail)
        answers().print(rows)
