"""`commands`, `openapi`, `docs`: what the product says about itself; none of them needs a store."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from uitvoering.application.kinds import COMMANDS
from uitvoering.cli.console import (
    Json,
    answers,
    labels,
    print_json,
    refusals,
    say,
    settings,
    table,
    tell,
    write_file,
)
from uitvoering.commands.command import Command
from uitvoering.errors import CommandUnknownError
from uitvoering.labels.events import events_markdown
from uitvoering.labels.glossary import glossary_markdown


def commands(
    name: Annotated[str | None, typer.Argument(help=say("commands.name"))] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.commands.help`."""
    with refusals():
        if name is not None and name not in COMMANDS:
            raise CommandUnknownError(command=name, known=tuple(sorted(COMMANDS)))
    asked = [COMMANDS[name]] if name is not None else [COMMANDS[n] for n in sorted(COMMANDS)]
    if as_json:
        print_json({command.name(): described(command) for command in asked})
    elif name is not None:
        _show_one(COMMANDS[name])
    else:
        _show_all(asked)


def described(command: type[Command]) -> dict[str, Any]:
    """What a line of `import` may hold for this command, as JSON Schema."""
    schema = command.model_json_schema(by_alias=False)
    return {
        "acts_on": command.KIND,
        "starts_a_new_one": not command.PATH,
        "posted_to": f"/{command.KIND}" + (f"/{{id}}/{command.PATH}" if command.PATH else ""),
        "roles": sorted(role.value for role in command.ROLES),
        "example": example(command),
        "schema": schema,
    }


def example(command: type[Command]) -> dict[str, Any]:
    """The command's own example, in the names of the command line."""
    given = command.model_json_schema()["examples"][0]
    told: dict[str, Any] = command.model_validate(given).model_dump(mode="json", exclude_unset=True)
    return told


def _show_all(asked: list[type[Command]]) -> None:
    rows = table(
        say("commands.title"), say("column.command"), say("column.kind"), say("column.roles")
    )
    for command in asked:
        rows.row(command.name(), command.KIND, _roles(command))
    answers().print(rows)


def _roles(command: type[Command]) -> str:
    words = labels()
    return ", ".join(sorted(words.value(role) for role in command.ROLES))


def _show_one(command: type[Command]) -> None:
    words = labels()
    tell(f"{command.name()}: {command.KIND}; {_roles(command)}")
    rows = table("", say("column.field"), say("column.needed"), say("column.means"))
    for name, info in command.model_fields.items():
        label = words.label("field", info.alias or name)
        needed = say("commands.required" if info.is_required() else "commands.optional")
        rows.row(name, needed, ": ".join(part for part in (label.term, label.meaning) if part))
    answers().print(rows)
    line = {"id": "...", "command": command.name()}
    on = {} if not command.PATH else {"subject": "..."}
    tell(f"{say('example')}: {json.dumps(line | on | example(command), ensure_ascii=False)}")


def openapi(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=say("openapi.output"))
    ] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.openapi.help`. The description is JSON, with or without `--json`."""
    from uitvoering.api.server import openapi_document  # noqa: PLC0415 the API costs start-up time

    document = openapi_document(settings().lang)
    if output is None:
        print_json(document)
        return
    with refusals():
        write_file(output, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    if as_json:
        print_json({"written": [str(output)]})


def write_docs(
    folder: Annotated[Path, typer.Argument(help=say("docs.folder"))] = Path("docs"),
    as_json: Json = False,
) -> None:
    """See the label `cli.docs.help`."""
    made = {"events.md": events_markdown(), "glossary.md": glossary_markdown()}
    with refusals():
        for name, text in made.items():
            write_file(folder / name, text)
    if as_json:
        print_json({"written": [str(folder / name) for name in made]})
