"""`keys`: make, show, replace and end the keys that sign the log and its promises."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from uitvoering.cli.console import (
    Json,
    answers,
    epilog,
    note,
    print_json,
    refusals,
    say,
    settings,
    table,
    tell,
    usage,
)
from uitvoering.integrity.keys import key_changes, key_files
from uitvoering.integrity.keys.errors import KeysUnplacedError
from uitvoering.integrity.keys.key_files import ListedKey, Use
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.policy_lines import policy_lines
from uitvoering.settings import keys_directory, ledger_directory
from uitvoering.wiring import utc_now

_DAY = len("2026-11-22")

keys = typer.Typer(help=say("keys.help"), no_args_is_help=True)

Policy = Annotated[bool, typer.Option("--policy", help=say("keys.policy"))]


@keys.command("create", help=say("keys.create.help"), epilog=epilog("keys.create"))
def create(
    origin: Annotated[str, typer.Argument(metavar="[ORIGIN]", help=say("keys.origin"))] = "",
    promise: Annotated[bool, typer.Option("--promise", help=say("keys.promise"))] = False,
    checkpoint: Annotated[bool, typer.Option("--checkpoint", help=say("keys.checkpoint"))] = False,
    witness: Annotated[str, typer.Option(metavar="NAME", help=say("keys.witness"))] = "",
    as_json: Json = False,
) -> None:
    """See the label `cli.keys.create.help`."""
    if bool(origin) == bool(witness) or (witness and (promise or checkpoint)):
        raise usage(say("keys.one-name"))
    asked = {Use.CHECKPOINT: checkpoint, Use.PROMISE: promise, Use.WITNESS: bool(witness)}
    uses = [use for use, wanted in asked.items() if wanted] or [Use.CHECKPOINT, Use.PROMISE]
    with refusals():
        directory = _directory()
        made = key_files.create(directory, origin or witness, uses, utc_now())
    _show(made, as_json=as_json)
    note(say("keys.made", directory=directory))


@keys.command("list", help=say("keys.list.help"), epilog=epilog("keys.list"))
def list_(as_policy: Policy = False, as_json: Json = False) -> None:
    """See the label `cli.keys.list.help`."""
    with refusals():
        found = key_files.listed(_directory())
    if as_policy and not as_json:
        _tell_lines(found)
    else:
        _show(found, as_json=as_json)


@keys.command("rotate", help=say("keys.rotate.help"), epilog=epilog("keys.rotate"))
def rotate(
    promise: Annotated[bool, typer.Option("--promise", help=say("keys.rotate.promise"))] = False,
    as_json: Json = False,
) -> None:
    """See the label `cli.keys.rotate.help`."""
    use = Use.PROMISE if promise else Use.CHECKPOINT
    with refusals():
        made = key_changes.rotate(_directory(), use, utc_now())
    if as_json:
        print_json(
            {
                "made_at": made.made_at,
                "last_size": made.last_size,
                "old": [_public(key) for key in made.old],
                "new": [_public(key) for key in made.new],
            }
        )
    elif promise:
        tell(str(made.new[0]))
    else:
        _tell_lines(ListedKey(use, key, made.made_at) for key in made.new)
    old = " ".join(key.id.hex() for key in made.old)
    note(say(f"keys.rotated.{use}", old=old))


@keys.command("retire", help=say("keys.retire.help"), epilog=epilog("keys.retire"))
def retire(
    identifiers: Annotated[list[str], typer.Argument(metavar="ID...", help=say("keys.id"))],
    as_json: Json = False,
) -> None:
    """See the label `cli.keys.retire.help`."""
    with refusals():
        directory = _directory()
        signs_checkpoints = any(
            row.use is Use.CHECKPOINT and row.key.id.hex() in identifiers
            for row in key_files.listed(directory)
        )
        with _sequencer_halted() if signs_checkpoints else nullcontext():
            retired = [key_changes.retire(directory, one, utc_now()) for one in identifiers]
    if as_json:
        print_json(
            [
                _public(row.key) | {"retired_at": row.retired_at, "last_size": row.last_size}
                for row in retired
            ]
        )
        return
    for row in retired:
        size = "-" if row.last_size is None else row.last_size
        tell(say("keys.retired", id=row.key.id.hex(), name=row.key.name, size=size))


def _directory() -> Path:
    directory = keys_directory(settings())
    if directory is None:
        raise KeysUnplacedError
    return directory


@contextmanager
def _sequencer_halted() -> Generator[None]:
    """What it signs while a key ends would not be in the last size of that key."""
    directory = ledger_directory(settings())
    if directory is None or not Ledger.is_in(directory):
        yield
        return
    with Ledger.opened(directory).carried_on():
        yield


def _show(rows: list[ListedKey], *, as_json: bool) -> None:
    if as_json:
        print_json([_listed(row) for row in rows])
        return
    columns = ("key-use", "key-kind", "id", "key-name", "key-made", "key-retired", "key-last-size")
    shown = table(say("keys.title"), *(say(f"column.{column}") for column in columns))
    for row in rows:
        told = _listed(row)
        del told["verifier_key"]
        told["use"] = say(f"keys.use.{row.use}")
        told["made_at"] = row.made_at[:_DAY]
        told["retired_at"] = row.retired_at and row.retired_at[:_DAY]
        shown.row(*("-" if value is None else str(value) for value in told.values()))
    answers().print(shown)


def _listed(row: ListedKey) -> dict[str, Any]:
    told = _public(row.key)
    return {
        "use": str(row.use),
        **told,
        "made_at": row.made_at,
        "retired_at": row.retired_at,
        "last_size": row.last_size,
    }


def _public(key: PublicKey) -> dict[str, Any]:
    return {
        "kind": key_files.kind_name(key),
        "id": key.id.hex(),
        "name": key.name,
        "verifier_key": str(key),
    }


def _tell_lines(rows: Iterable[ListedKey]) -> None:
    """As a policy names them."""
    found = list(rows)
    logs = [row.key for row in found if row.use is Use.CHECKPOINT and row.retired_at is None]
    witnesses = [row.key for row in found if row.use is Use.WITNESS]
    promises = [row.key for row in found if row.use is Use.PROMISE and row.retired_at is None]
    for line in policy_lines(logs, witnesses, promises=promises):
        tell(line)
