"""`receipt`: fetch the proof of one's own filing, keep it, and check it without anybody."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from uitvoering.application.receipts import promise_of, proof_of
from uitvoering.cli.console import (
    Json,
    application,
    epilog,
    note,
    print_json,
    refusals,
    say,
    tell,
)
from uitvoering.errors import FileUnknownError, FileUnwritableError
from uitvoering.integrity.keys import public_key
from uitvoering.integrity.policy_file import policy_of
from uitvoering.integrity.promise import VERSION
from uitvoering.integrity.receipts import (
    Proved,
    check_promise,
    check_proof,
    check_text,
    refuse_broken,
    refuse_unkept,
)

_LOOK_SECONDS = 0.05


class ShowsByDefault(TyperGroup):
    """`receipt EVENT_ID` is `receipt show EVENT_ID`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = next((arg for arg in args if not arg.startswith("-")), None)
        if first is not None and first not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


receipt = typer.Typer(cls=ShowsByDefault, help=say("receipt.help"), no_args_is_help=True)
FileGiven = Annotated[Path, typer.Argument(help=say("receipt.file"))]
PolicyGiven = Annotated[Path, typer.Option("--policy", help=say("receipt.policy"))]


@receipt.command("show", help=say("receipt.show.help"), epilog=epilog("receipt.show"))
def show(
    event: Annotated[str, typer.Argument(help=say("receipt.event"))],
    wait: Annotated[float, typer.Option("--wait", min=0, help=say("receipt.wait"))] = 0.0,
    output: Annotated[Path | None, typer.Option("--output", "-o", help=say("receipt.out"))] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.receipt.show.help`."""
    with application() as app:
        ends = time.monotonic() + wait
        found = proof_of(app, event)
        while found is None and time.monotonic() < ends:
            time.sleep(_LOOK_SECONDS)
            found = proof_of(app, event)
        proved = found is not None
        text = promise_of(app, event) if found is None else found
        if output is not None:
            _save(output, text)
        if as_json:
            print_json({"event": event, "proved": proved, "proof" if proved else "promise": text})
        elif output is None:
            tell(text.rstrip("\n"))
        note(say("receipt.proved" if proved else "receipt.promised"))


@receipt.command("verify", help=say("receipt.verify.help"), epilog=epilog("receipt.verify"))
def verify(
    file: FileGiven,
    policy: PolicyGiven,
    text: Annotated[Path | None, typer.Option("--text", help=say("receipt.text"))] = None,
    opening: Annotated[str, typer.Option("--opening", help=say("receipt.opening"))] = "",
    promise_key: Annotated[str, typer.Option("--promise-key", help=say("receipt.key"))] = "",
    proof: Annotated[Path | None, typer.Option("--proof", help=say("receipt.proof"))] = None,
    log: Annotated[Path | None, typer.Option("--log", help=say("receipt.log"))] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.receipt.verify.help`."""
    with refusals():
        held = _read(file)
        trusted = policy_of(_read(policy))
        if held.startswith(VERSION.encode()):
            told = _promise(held, promise_key, proof)
            if log is not None:
                found = refuse_broken(check_promise(held, public_key(promise_key)), log, trusted)
                told |= {"kept": True, "size": found.size}
        else:
            proved = check_proof(held, trusted)
            told = _proved(proved)
            if text is not None:
                check_text(proved.leaf, _read(text).decode("utf-8", "replace"), opening)
                told["text"] = True
    if trusted.unwitnessed:
        note(say("receipt.unwitnessed"))
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        tell(f"  {say(f'receipt.told.{name}')}: {_shown(value)}")
    tell(say("receipt.holds"))


def _promise(note_: bytes, key: str, proof: Path | None) -> dict[str, Any]:
    if not key:
        raise typer.BadParameter(say("receipt.key"), param_hint="--promise-key")
    promise = check_promise(note_, public_key(key))
    told = {"event": promise.event_id, "log": promise.origin, "due": promise.due.isoformat()}
    if proof is None:
        return told
    refuse_unkept(promise, _read(proof))
    return told | {"kept": True}


def _proved(proved: Proved) -> dict[str, Any]:
    judgement = proved.judgement
    told: dict[str, Any] = {
        "event": proved.leaf.get("eventId"),
        "type": proved.leaf.get("type"),
        "happened_on": proved.leaf.get("happenedOn"),
        "recorded_at": proved.leaf.get("recordedAt"),
        "log": proved.checkpoint.origin,
        "index": proved.index,
        "size": proved.checkpoint.size,
        "cosigned": [row.witness.name for row in judgement.cosigned],
    }
    if judgement.reached_at is not None:
        told["since"] = datetime.fromtimestamp(judgement.reached_at, UTC).isoformat()
    return told


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return say("receipt.yes")
    if isinstance(value, list):
        return ", ".join(map(str, cast(list[str], value))) or "-"
    return str(value)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnknownError(file=file) from error


def _save(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileUnwritableError(file=file, cause=error.strerror) from error
