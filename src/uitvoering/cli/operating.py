"""What an operator does: make the database, give out tokens, let the clocks look, see the settings."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from uitvoering import __version__
from uitvoering.application.clocks import Clocks
from uitvoering.cli.console import (
    USAGE,
    answers,
    application,
    notes,
    print_json,
    progress,
    refusals,
    say,
    settings,
    table,
)
from uitvoering.domain.values import Level, Role
from uitvoering.labels.events import events_markdown
from uitvoering.labels.glossary import glossary_markdown
from uitvoering.persistence.ids import new_event_id
from uitvoering.settings import Settings
from uitvoering.wiring import migrate as migrate_store
from uitvoering.wiring import utc_now

token = typer.Typer(help=say("token.help"), no_args_is_help=True)


def migrate() -> None:
    """See the label `cli.migrate.help`."""
    with refusals():
        version = migrate_store(settings())
    answers().print(say("migrate.done", version=version, store=without_secret(settings().store)))


def tick(
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """See the label `cli.tick.help`."""
    with application() as app, progress(say("tick.busy")) as step:
        found = Clocks(app).tick(utc_now(), step)
    if as_json:
        print_json({"recorded": found})
    else:
        answers().print(say("tick.done", recorded=found))


def show_settings(
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """See the label `cli.settings.help`."""
    given = settings()
    rows = [
        {
            "setting": f"UITVOERING_{name.upper()}",
            "value": without_secret(str(getattr(given, name))),
            "from": say(
                "settings.environment" if name in given.model_fields_set else "settings.default"
            ),
            "means": say(f"settings.{name}"),
        }
        for name in Settings.model_fields
    ]
    if as_json:
        print_json(rows)
        return
    shown = table(
        say("settings.title"),
        say("column.setting"),
        say("column.value"),
        say("column.from"),
        say("column.means"),
    )
    for row in rows:
        shown.add_row(*row.values())
    answers().print(shown)


def without_secret(url: str) -> str:
    """A store address without its password."""
    scheme, _, rest = url.partition("://")
    login, at, host = rest.rpartition("@")
    return f"{scheme}://{login.split(':')[0]}{at}{host}" if at else url


def version() -> None:
    """See the label `cli.version.help`."""
    answers().print(__version__)


@token.command("create", help=say("token.create.help"))
def create(
    organisation: Annotated[str, typer.Option(help=say("token.organisation"))],
    level: Annotated[Level, typer.Option(help=say("token.level"))],
    roles: Annotated[str, typer.Option(help=say("token.roles"))] = "reporter,line",
    days: Annotated[int, typer.Option(min=1, max=3660, help=say("token.days"))] = 90,
    pseudonym: Annotated[str, typer.Option(help=say("token.pseudonym"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """See the label `cli.token.create.help`."""
    try:
        held = frozenset(Role(role.strip()) for role in roles.split(","))
    except ValueError as error:
        notes.print(say("acting.invalid", cause=str(error)))
        raise typer.Exit(USAGE) from error
    with application() as app:
        app.context().organisation(organisation)
        now = utc_now()
        secret, row = app.store.tokens().create(
            organisation=organisation,
            level=level,
            roles=held,
            pseudonym=pseudonym or new_event_id(),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    if as_json:
        print_json({"token": secret, "id": row.id, "expires_at": row.expires_at.isoformat()})
    else:
        notes.print(say("token.created", id=row.id, until=f"{row.expires_at:%d-%m-%Y}"))
        answers().print(secret, soft_wrap=True)


@token.command("list", help=say("token.list.help"))
def list_(
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """See the label `cli.token.list.help`."""
    with application() as app:
        found = app.store.tokens().list()
    rows = [
        {
            "id": row.id,
            "organisation": row.organisation,
            "level": row.level.value,
            "roles": sorted(role.value for role in row.roles),
            "expires_at": row.expires_at.isoformat(),
            "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        }
        for row in found
    ]
    if as_json:
        print_json(rows)
        return
    shown = table(
        say("token.title"),
        "id",
        say("column.organisation"),
        say("column.level"),
        say("column.roles"),
        say("column.expires"),
        say("column.revoked"),
    )
    for row in rows:
        shown.add_row(
            *(", ".join(v) if isinstance(v, list) else str(v or "-") for v in row.values())
        )
    answers().print(shown)


@token.command("revoke", help=say("token.revoke.help"))
def revoke(
    identifier: Annotated[str, typer.Argument(metavar="ID", help=say("token.id"))],
) -> None:
    """See the label `cli.token.revoke.help`."""
    with application() as app:
        app.store.tokens().revoke(identifier, utc_now())
    answers().print(say("token.revoked", id=identifier))


def openapi(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=say("openapi.output"))
    ] = None,
) -> None:
    """See the label `cli.openapi.help`."""
    from uitvoering.api.openapi import openapi_document  # noqa: PLC0415 the API costs start-up time

    document = openapi_document(settings().lang)
    if output is None:
        print_json(document)
    else:
        import json  # noqa: PLC0415 only here

        output.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
        notes.print(say("written", file=output))


def write_docs(
    folder: Annotated[Path, typer.Argument(help=say("docs.folder"))] = Path("docs"),
) -> None:
    """See the label `cli.docs.help`."""
    for name, text in (("events.md", events_markdown()), ("glossary.md", glossary_markdown())):
        (folder / name).write_text(text, encoding="utf-8")
        notes.print(say("written", file=folder / name))
