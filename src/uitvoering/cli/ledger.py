"""`ledger`: begin a log, carry it on, see how far it is, and ask the witnesses."""

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from uitvoering.application.log_standing import log_standing
from uitvoering.application.stamping import Authority
from uitvoering.cli.console import (
    REFUSED,
    Json,
    answers,
    content,
    epilog,
    note,
    print_json,
    problem,
    refusals,
    say,
    settings,
    table,
    tell,
    usage,
)
from uitvoering.cli.stamping import stamp
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.log.rows import SignedCheckpoint
from uitvoering.wiring import create_ledger, places, sequencing

_BEHIND = 5
"""Niceness: on a busy machine filing goes first; a quarter of a processor is left, and it needs a
twentieth at hundreds of events a second."""

ledger = typer.Typer(help=say("ledger.help"), no_args_is_help=True)
ledger.command("stamp", help=say("ledger.stamp.help"), epilog=epilog("ledger.stamp"))(stamp)


@ledger.command("create", help=say("ledger.create.help"), epilog=epilog("ledger.create"))
def create(
    origin: Annotated[str, typer.Argument(help=say("ledger.origin"))],
    policy: Annotated[Path | None, typer.Option("--policy", help=say("ledger.policy"))] = None,
    after: Annotated[Path | None, typer.Option("--after", help=say("ledger.after"))] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.ledger.create.help`."""
    given = settings()
    with refusals():
        if after is not None and not after.is_dir():
            content(after)
        made = create_ledger(given, origin, content(policy) if policy else None, after)
        directory, keys = places(given)
    if as_json:
        told = {"origin": origin, "ledger": str(directory), "keys": str(keys)}
        print_json(told | _counted(made))
    else:
        tell(say("ledger.created", origin=origin, ledger=directory, keys=keys))
        note(say("ledger.next"))


@ledger.command("follow", help=say("ledger.follow.help"), epilog=epilog("ledger.follow"))
def follow(
    once: Annotated[bool, typer.Option("--once", help=say("ledger.once"))] = False,
    stamp_authority: Annotated[
        str | None, typer.Option("--stamp-authority", help=say("ledger.follow.stamp-authority"))
    ] = None,
    stamp_root: Annotated[
        list[Path] | None, typer.Option("--stamp-root", help=say("ledger.stamp.root"))
    ] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.ledger.follow.help`."""
    if (stamp_authority is None) != (not stamp_root):
        raise usage(say("ledger.follow.stamp-both"))
    with refusals(), sequencing(settings(), tell_again) as found:
        roots = tuple(map(content, stamp_root or ()))
        authority = None if stamp_authority is None else Authority(stamp_authority, roots)
        work = replace(found, authority=authority)
        if once:
            signed: list[SignedCheckpoint] = []
            newest = work.once(signed.append)
            _show(newest, "signed" if signed else "nothing-new", as_json=as_json)
            return
        stopped = threading.Event()

        def stop(_: int, __: FrameType | None) -> None:
            stopped.set()

        # Told to stop, it ends what it is writing: nothing would be lost, but nothing is repeated.
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, stop)
        os.nice(_BEHIND)
        note(say("ledger.following"))
        work.follow(stopped, lambda signed: _show_or_note(signed, as_json=as_json))
    note(say("ledger.stopped"))


@ledger.command("status", help=say("ledger.status.help"), epilog=epilog("ledger.status"))
def status(as_json: Json = False) -> None:
    """See the label `cli.ledger.status.help`."""
    with refusals(), sequencing(settings(), tell_again) as work:
        found = log_standing(work.app, work.ledger)
    if as_json:
        print_json(found)
        return
    rows = {
        "size": found.size,
        "lag": found.lag_events,
        "checkpoint-age": found.checkpoint_age_seconds,
        "quorum": found.quorum_size,
        "quorum-age": found.quorum_age_seconds,
        "stamp-age": found.stamp_age_seconds,
        "cosigned-by": ", ".join(found.cosigned_by) or say("ledger.nobody"),
        "waiting-for": ", ".join(found.waiting_for) or say("ledger.nobody"),
        "refusals": "; ".join(found.refusals) or say("ledger.nobody"),
    }
    shown = table(say("ledger.title", origin=found.origin), say("column.what"), say("column.value"))
    for name, value in rows.items():
        shown.row(say(f"ledger.{name}"), "-" if value is None else str(value))
    answers().print(shown)
    if not found.witnessed:
        note(say("ledger.unwitnessed"))


@ledger.command("witness", help=say("ledger.witness.help"), epilog=epilog("ledger.witness"))
def witness(as_json: Json = False) -> None:
    """See the label `cli.ledger.witness.help`."""
    with refusals():
        with sequencing(settings(), tell_again) as work:
            asked = work.ask()
        rows = [
            {
                "witness": row.witness,
                "cosigned": row.refusal is None,
                "refused": _cause(row.refusal),
            }
            for row in asked
        ]
        if as_json:
            print_json(rows)
        elif not rows:
            tell(say("ledger.witness-none"))
        for row in () if as_json else asked:
            name = "cosigned" if row.refusal is None else "refused"
            tell(say(f"ledger.witness-{name}", witness=row.witness, cause=_cause(row.refusal)))
    if any(row.refusal is not None for row in asked):
        raise typer.Exit(REFUSED)


def _cause(refusal: UitvoeringError | None) -> str | None:
    return None if refusal is None else problem(refusal)["detail"]


def _show(signed: SignedCheckpoint, text: str = "signed", *, as_json: bool) -> None:
    checkpoint = signed.checkpoint
    if as_json:
        print_json({"origin": checkpoint.origin} | _counted(signed))
    else:
        tell(say(f"ledger.{text}", size=checkpoint.size, root=checkpoint.root.hex()))


def _show_or_note(signed: SignedCheckpoint, *, as_json: bool) -> None:
    """A full disk under the answers stops no log; who reads them and leaves, does."""
    try:
        _show(signed, as_json=as_json)
    except BrokenPipeError:
        raise
    except OSError as error:
        note(say("ledger.untold", size=signed.checkpoint.size, cause=error.strerror))


def _counted(signed: SignedCheckpoint) -> dict[str, Any]:
    checkpoint = signed.checkpoint
    return {"size": checkpoint.size, "root": checkpoint.root.hex(), "signed_at": signed.signed_at}


def tell_again(error: UitvoeringError) -> None:
    """What is tried again by itself."""
    note(problem(error)["detail"])
