"""`receipt`: fetch the proof of one's own filing, keep it, and check it without anybody."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from uitvoering.application.receipts import paper_for, promise_again, proof_for
from uitvoering.cli.console import (
    Json,
    application,
    epilog,
    note,
    plain,
    print_json,
    refusals,
    say,
    tell,
    usage,
)
from uitvoering.cli.receipt_files import (
    holds_receipts,
    key_in,
    key_remarked,
    read,
    receipt_in,
    received,
    refuse_existing,
    save,
    text_in,
)
from uitvoering.cli.receipt_paper import address_to_ask, page
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.notes.promise import VERSION
from uitvoering.integrity.verify.moments import moment
from uitvoering.integrity.verify.receipts import (
    KeepingUnshownError,
    Kept,
    OtherProofError,
    Proved,
    TooEarlyError,
    check_promise,
    check_proof,
    check_text,
    refuse_broken,
    refuse_unkept,
    refuse_unnamed,
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
    on_paper: Annotated[bool, typer.Option("--paper", help=say("receipt.on-paper"))] = False,
    as_json: Json = False,
) -> None:
    """See the label `cli.receipt.show.help`."""
    with refusals():
        address = address_to_ask() if on_paper else ""
        if output is not None:
            refuse_existing(output)
    with application() as app:
        ends = time.monotonic() + wait
        found = proof_for(app, event, final=True)
        while found is None and time.monotonic() < ends:
            time.sleep(_LOOK_SECONDS)
            found = proof_for(app, event, final=True)
        final = found is not None
        found = found or proof_for(app, event)
        proved = found is not None
        signer = app.promises.key if app.promises is not None else None
        key = "" if signer is None else str(signer.public)
        if on_paper:
            paper = paper_for(app, event, found)
            text, told = page(paper, address, key), plain(paper)
        else:
            text = promise_again(app, event) if found is None else found
            told = {"event": event, "proved": proved, "proof" if proved else "promise": text}
        if output is not None:
            save(output, text)
        if as_json:
            print_json(told | {"promise_key": key or None})
        elif output is None:
            tell(text.rstrip("\n"))
        note(say("receipt.proved" if proved else "receipt.promised", signer=key))
        if proved and not final:
            note(say("receipt.uncosigned"))


@receipt.command("verify", help=say("receipt.verify.help"), epilog=epilog("receipt.verify"))
def verify(
    file: FileGiven,
    policy: PolicyGiven,
    text: Annotated[Path | None, typer.Option("--text", help=say("receipt.text"))] = None,
    opening: Annotated[str, typer.Option("--opening", help=say("receipt.opening"))] = "",
    promise_key: Annotated[str, typer.Option("--promise-key", help=say("receipt.key"))] = "",
    proof: Annotated[Path | None, typer.Option("--proof", help=say("receipt.proof"))] = None,
    log: Annotated[Path | None, typer.Option("--log", help=say("receipt.log"))] = None,
    event: Annotated[str, typer.Option("--event", help=say("receipt.which"))] = "",
    as_json: Json = False,
) -> None:
    """See the label `cli.receipt.verify.help`."""
    with refusals():
        held, stated = _held(file, event, proof), read(policy)
        trusted = policy_of(stated)
        told: dict[str, Any] = {}
        unkeyed = False
        if held.proof is None:
            _refuse_options({"--text": text, "--opening": opening or None}, "receipt.no-promise")
        if held.promise is None:
            given = {"--proof": proof, "--log": log, "--promise-key": promise_key or None}
            _refuse_options(given, "receipt.no-proof")
        else:
            key = key_in(promise_key) if promise_key else key_remarked(stated, held.promise)
            # Of a receipt; who gives a promise itself, or a log, wants to know of the promise.
            unkeyed = key is None and log is None and held.event != "" and held.proof is not None
            if not unkeyed:
                told |= _promise(held.promise, key, held.proof, log, trusted)
        if held.proof is not None:
            proved = check_proof(held.proof, trusted)
            if unkeyed and proved.leaf.get("eventId") != held.event:
                raise OtherProofError(event=held.event)
            told |= _proved(proved) | _opened(proved, text, opening, held.openings)
    if trusted.unwitnessed:
        note(say("receipt.unwitnessed"))
    if unkeyed:
        note(say("receipt.unkeyed"))
    if as_json:
        checked = held.promise is not None and not unkeyed
        print_json(told | {"unwitnessed": trusted.unwitnessed, "promise_checked": checked})
        return
    exact = told.pop("exact", True)
    for name, value in told.items():
        tell(f"  {say(f'receipt.told.{name}')}: {_shown(value)}")
    if not exact:
        tell(say("receipt.inexact"))
    unchecked = "kept" in told and not told["kept"]
    tell(say("receipt.signed-only" if unchecked else "receipt.holds"))


@dataclass(frozen=True)
class _Held:
    """What is at hand to check."""

    promise: bytes | None
    proof: bytes | None
    openings: tuple[str, ...] = ()
    event: str = ""
    """Of a receipt."""


def _held(file: Path, event: str, beside: Path | None) -> _Held:
    """Of a proof, a promise or a file of receipts; `beside` is the proof of the last two."""
    given = received(file)
    if not holds_receipts(given):
        _refuse_options({"--event": event or None}, "receipt.no-receipts")
        if not given.startswith(VERSION.encode()):
            return _Held(None, given)
        return _Held(given, None if beside is None else received(beside))
    receipt = receipt_in(given, event)
    proof = None if receipt.proof is None else receipt.proof.encode()
    return _Held(
        receipt.promise.encode(),
        proof if beside is None else received(beside),
        tuple(row.opening for row in receipt.openings),
        receipt.event,
    )


def _refuse_options(given: Mapping[str, object], said: str) -> None:
    """What was asked and would not be checked must not seem to hold."""
    if idle := [name for name, value in given.items() if value is not None]:
        raise usage(say(said, options=", ".join(idle)))


def _promise(
    held: bytes, key: PublicKey | None, proof: bytes | None, log: Path | None, policy: Policy
) -> dict[str, Any]:
    if key is None:
        raise usage(say("receipt.key-needed"))
    promise = check_promise(held, key)
    refuse_unnamed(promise, policy)
    told: dict[str, Any] = {
        "event": promise.event_id,
        "log": promise.origin,
        "due": promise.due.isoformat(),
        "kept": None,
    }
    found: list[Kept] = []
    if proof is not None:
        found.append(refuse_unkept(promise, proof, policy))
    if log is not None:
        try:
            found.append(refuse_broken(promise, log, policy))
        except (KeepingUnshownError, TooEarlyError):
            if not found:  # an older log says nothing beside a proof
                raise
    if found:
        best = max(found, key=lambda kept: kept.in_time)
        told |= {"kept": True, "in_time": best.in_time, "size": best.checkpoint.size}
    return told


def _opened(
    proved: Proved, text: Path | None, opening: str, held: Sequence[str]
) -> dict[str, bool]:
    """Whether that text was filed, by this opening, or else by one that came with the receipt."""
    openings = (opening,) if opening else tuple(held)
    if text is None and not opening:
        return {}
    if text is None or not openings:
        raise usage(say("receipt.both"))
    return {"text": True, "exact": check_text(proved.leaf, text_in(text), *openings)}


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
        told["since"] = moment(judgement.reached_at)
    told |= {"leaf_hash": proved.leaf_hash.hex(), "root": proved.checkpoint.root.hex()}
    return told


def _shown(value: object) -> str:
    if value is None:
        return say("receipt.not-checked")
    if isinstance(value, bool):
        return say("receipt.yes" if value else "receipt.not-shown")
    if isinstance(value, list):
        return ", ".join(map(str, cast(list[str], value))) or "-"
    return str(value)
