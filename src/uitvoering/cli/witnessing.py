"""`uitvoering-witness`: a body outside the chain cosigns logs, and keeps what it had to refuse."""

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from uitvoering.cli.console import (
    BROKEN,
    Json,
    answers,
    epilog,
    local,
    note,
    print_json,
    refusals,
    say,
    settings,
    table,
    tell,
)
from uitvoering.cli.serving import Host, listening
from uitvoering.integrity.notes.keys import Kind, PublicKey, public_key
from uitvoering.integrity.notes.policy_lines import is_address, policy_lines
from uitvoering.integrity.witness.client import WitnessAddressError
from uitvoering.integrity.witness.evidence import folder_of
from uitvoering.integrity.witness.folder import create_witness, evidence_folder, open_witness
from uitvoering.integrity.witness.judging import Reason
from uitvoering.integrity.witness.server import WitnessServer
from uitvoering.integrity.witness.store import NOTHING, Refused
from uitvoering.integrity.witness.witness import Witness
from uitvoering.wiring import utc_now

NAME = "uitvoering-witness"
_INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count it."""


def _epilog(verb: str) -> str:
    return f"{epilog(f'witness.{verb}')}\n\n{say('witness.exit-codes')}"


app = typer.Typer(
    help=say("witness.help"),
    epilog=_epilog("create"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
Vkey = Annotated[str, typer.Argument(metavar="VKEY", help=say("witness.vkey"))]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help=say("serve.port"))]


def create(
    name: Annotated[str, typer.Argument(help=say("witness.name"))], as_json: Json = False
) -> None:
    """See the label `cli.witness.create.help`."""
    with refusals():
        made = create_witness(_folder(), name, _now)
    if not as_json:
        tell(say("witness.created", name=name, directory=_folder()))
        note(say("witness.next"))
    _show_keys(made, "", as_json=as_json)


def enrol(vkey: Vkey, as_json: Json = False) -> None:
    """See the label `cli.witness.enrol.help`."""
    with refusals():
        key = public_key(vkey.strip())
        changed = _opened().enrol(key)
    _tell_key("enrolled", key, changed=changed, as_json=as_json)


def withdraw(vkey: Vkey, as_json: Json = False) -> None:
    """See the label `cli.witness.withdraw.help`."""
    with refusals():
        key = public_key(vkey.strip())
        changed = _opened().withdraw(key)
    _tell_key("withdrawn", key, changed=changed, as_json=as_json)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8100,
    prefix: Annotated[str, typer.Option("--prefix", help=say("witness.prefix"))] = "",
    as_json: Json = False,
) -> None:
    """See the label `cli.witness.serve.help`."""
    with refusals(), listening(host, port) as (door, url):
        server = WitnessServer(door, _opened(), prefix, _log)
        if as_json:
            print_json({"url": url + server.prefix})
            sys.stdout.flush()
        # What is under way is whole or undone in the record, whenever this ends.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        note(say("serve.at", url=url + server.prefix))
        with suppress(KeyboardInterrupt):  # how one stops it
            server.serve_forever()
    note(say("witness.serve.stopped"))


def confirm_clock(as_json: Json = False) -> None:
    """See the label `cli.witness.confirm-clock.help`."""
    with refusals():
        at = _opened().confirm_clock()
    if as_json:
        print_json({"confirmed": _moment(at)})
    else:
        tell(say("witness.clock-confirmed", at=_read(at)))


def status(as_json: Json = False) -> None:
    """See the label `cli.witness.status.help`."""
    told = _moment if as_json else _read
    with refusals():
        witness = _opened()
        with witness.store.reading() as record:
            rows = [
                _row(
                    origin,
                    record.held(origin),
                    record.keys(origin),
                    len(record.refused_numbers(origin)),
                    told,
                )
                for origin in record.origins()
            ]
    if as_json:
        print_json({"name": witness.keys[0].name, "logs": rows})
        return
    columns = ("log", "size", "root", "stated-at", "keys", "kept")
    shown = table(
        say("witness.status.title", name=witness.keys[0].name),
        *(say(f"witness.column.{column}") for column in columns),
    )
    for row in rows:
        shown.row(*(str("-" if value is None else value) for value in row.values()))
    answers().print(shown)


def evidence(
    after: Annotated[int, typer.Option("--after", min=0, help=say("witness.evidence.after"))] = 0,
    as_json: Json = False,
) -> None:
    """See the label `cli.witness.evidence.help`."""
    with refusals():
        witness = _opened()
        with witness.store.reading() as record:
            refused = [row for row in record.refused() if row.id > after]
    alarm = any(_asks_for_an_explanation(row) for row in refused)
    folder = evidence_folder(_folder())
    if as_json:
        print_json([_told(row, folder) for row in refused])
    elif not refused:
        tell(say("witness.evidence.none"))
    else:
        columns = ("number", "log", "size", "held", "at", "why")
        shown = table(
            say("witness.evidence.title", directory=folder),
            *(say(f"witness.column.{column}") for column in columns),
        )
        for row in refused:
            why = say(f"witness.reason.{'proved-later' if row.proved_later else row.reason}")
            cells = (row.id, row.origin, row.size, row.held.size, _read(row.at), why)
            shown.row(*(str(cell) for cell in cells))
        answers().print(shown)
    if alarm:
        note(say("witness.evidence.alarm"), bold=True)
        raise typer.Exit(BROKEN)


def key(
    url: Annotated[str, typer.Option("--url", help=say("witness.key.url"))] = "",
    as_json: Json = False,
) -> None:
    """See the label `cli.witness.key.help`."""
    with refusals():
        if url and not is_address(url):
            raise WitnessAddressError(url=url)
        witness = _opened()
    _show_keys(witness, url, as_json=as_json)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows its code; a message is never lost to it.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # text streams
    try:
        app(prog_name=NAME)
    except KeyboardInterrupt:
        note(say("interrupted"))
        sys.exit(_INTERRUPTED)


def _folder() -> Path:
    return Path(settings().witness)


def _opened() -> Witness:
    return open_witness(_folder(), _now)


def _now() -> int:
    return int(utc_now().timestamp())


def _log(told: str) -> None:
    note(f"{_moment(_now())} {told}")


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(at: int) -> str:
    """For people; a witness states seconds, and those count."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{local(moment)} {moment:%H:%M:%S} UTC"


def _row(
    origin: str,
    held: Any,
    keys: dict[PublicKey, bool],
    kept: int,
    moment: Callable[[int], str],
) -> dict[str, str | int | None]:
    never = held is NOTHING
    return {
        "origin": origin,
        "size": None if never else held.size,
        "root": None if never else held.root.hex(),
        "stated_at": None if never else moment(held.at),
        "trusted_keys": sum(keys.values()),
        "evidence": kept,
    }


def _told(row: Refused, folder: Path) -> dict[str, Any]:
    return {
        "number": row.id,
        "origin": row.origin,
        "reason": row.reason,
        "answered": row.status,
        "offered": {"size": row.size, "root": row.root.hex()},
        "held": {"size": row.held.size, "root": row.held.root.hex()},
        "at": _moment(row.at),
        "proved_later": row.proved_later,
        "folder": str(folder_of(folder, row.id)),
    }


def _asks_for_an_explanation(row: Refused) -> bool:
    return not row.proved_later and row.reason != Reason.SMALLER


def _tell_key(done: str, changed_key: PublicKey, *, changed: bool, as_json: bool) -> None:
    told = {"origin": changed_key.name, "id": changed_key.id.hex()}
    if as_json:
        print_json(told | {"changed": changed})
    else:
        tell(say(f"witness.{done}" if changed else f"witness.{done}-already", **told))


def _show_keys(witness: Witness, url: str, *, as_json: bool) -> None:
    lines = policy_lines([], witness.keys, url)
    if as_json:
        keys = [
            {"kind": "mldsa44" if key.kind is Kind.MLDSA44 else "ed25519", "vkey": str(key)}
            for key in witness.keys
        ]
        print_json({"name": witness.keys[0].name, "keys": keys, "policy": lines})
        return
    for line in lines:
        tell(line)


_VERBS: dict[str, Callable[..., None]] = {
    "create": create,
    "enrol": enrol,
    "withdraw": withdraw,
    "serve": serve,
    "confirm-clock": confirm_clock,
    "status": status,
    "evidence": evidence,
    "key": key,
}
for verb, run in _VERBS.items():
    app.command(
        verb,
        help=say(f"witness.{verb}.help"),
        epilog=_epilog(verb),
    )(run)
