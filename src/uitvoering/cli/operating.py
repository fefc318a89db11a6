"""What an operator does: make the database, give out tokens, let the clocks look."""

from datetime import timedelta
from typing import Annotated

import typer

from uitvoering import __version__
from uitvoering.application.clocks import Clocks
from uitvoering.cli.console import (
    Json,
    answers,
    application,
    epilog,
    note,
    print_json,
    progress,
    refusals,
    say,
    settings,
    table,
    tell,
)
from uitvoering.cli.filing import roles_in
from uitvoering.domain.values import Level
from uitvoering.persistence.ids import new_event_id
from uitvoering.settings import Settings
from uitvoering.wiring import migrate as migrate_store
from uitvoering.wiring import utc_now

token = typer.Typer(help=say("token.help"), no_args_is_help=True)


def migrate(as_json: Json = False) -> None:
    """See the label `cli.migrate.help`."""
    with refusals():
        version = migrate_store(settings())
    store = without_secret(settings().store)
    if as_json:
        print_json({"store": store, "schema_version": version})
    else:
        tell(say("migrate.done", version=version, store=store))


def tick(as_json: Json = False) -> None:
    """See the label `cli.tick.help`."""
    with application() as app, progress(say("tick.busy")) as step:
        found = Clocks(app).tick(utc_now(), step)
    if as_json:
        print_json({"recorded": found})
    else:
        tell(say("tick.done", recorded=found))


def show_settings(as_json: Json = False) -> None:
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
        shown.row(*row.values())
    answers().print(shown)


def without_secret(url: str) -> str:
    """A store address without its password."""
    scheme, _, rest = url.partition("://")
    login, at, host = rest.rpartition("@")
    return f"{scheme}://{login.split(':')[0]}{at}{host}" if at else url


def version(as_json: Json = False) -> None:
    """See the label `cli.version.help`."""
    if as_json:
        print_json({"version": __version__})
    else:
        tell(__version__)


@token.command("create", help=say("token.create.help"), epilog=epilog("token.create"))
def create(
    organisation: Annotated[str, typer.Option(help=say("token.organisation"))],
    level: Annotated[Level, typer.Option(help=say("token.level"))],
    roles: Annotated[str, typer.Option(help=say("token.roles"))] = "reporter,line",
    days: Annotated[int, typer.Option(min=1, max=3660, help=say("token.days"))] = 90,
    pseudonym: Annotated[str, typer.Option(help=say("token.pseudonym"))] = "",
    as_json: Json = False,
) -> None:
    """See the label `cli.token.create.help`."""
    held = roles_in(roles)
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
        note(say("token.created", id=row.id, until=f"{row.expires_at:%d-%m-%Y}"))
        tell(secret)


@token.command("list", help=say("token.list.help"), epilog=epilog("token.list"))
def list_(as_json: Json = False) -> None:
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
        shown.row(*(", ".join(v) if isinstance(v, list) else str(v or "-") for v in row.values()))
    answers().print(shown)


@token.command("revoke", help=say("token.revoke.help"), epilog=epilog("token.revoke"))
def revoke(
    identifier: Annotated[str, typer.Argument(metavar="ID", help=say("token.id"))],
    as_json: Json = False,
) -> None:
    """See the label `cli.token.revoke.help`."""
    with application() as app:
        app.store.tokens().revoke(identifier, utc_now())
    if as_json:
        print_json({"revoked": identifier})
    else:
        tell(say("token.revoked", id=identifier))
