"""`ledger stamp`: have a clock that is not ours say when the newest checkpoint existed."""

from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from uitvoering.application.stamping import Authority
from uitvoering.cli.console import Json, content, print_json, refusals, say, settings, tell
from uitvoering.integrity.log.errors import LedgerDamagedError
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.stamps import StampWrongError, check
from uitvoering.wiring import places, utc_now


def stamp(
    authority: Annotated[str, typer.Option("--authority", help=say("ledger.stamp.authority"))],
    root: Annotated[list[Path], typer.Option("--root", help=say("ledger.stamp.root"))],
    as_json: Json = False,
) -> None:
    """See the label `cli.ledger.stamp.help`."""
    given = settings()
    with refusals():
        roots = tuple(map(content, root))
        ledger = Ledger.opened(places(given)[0])
        with closing(ledger.rows()) as rows:
            newest = rows.newest()
            if newest is None:
                raise LedgerDamagedError(file=ledger.rows_file, cause="nothing was signed yet")
            checkpoint, text = newest.checkpoint, newest.checkpoint.text.encode()
            for row in rows.stamps():
                if row.size == checkpoint.size:
                    with suppress(StampWrongError):  # by an authority under another root
                        moment = check(row.response, text, roots)
                        # A later stamp on the same text would say less, not more.
                        _show("stamped-before", checkpoint, row.authority, moment, as_json=as_json)
                        return
            made = Authority(authority, roots).stamp(
                rows, newest, lambda: int(utc_now().timestamp())
            )
    _show("stamped", checkpoint, authority, made.moment, as_json=as_json)


def _show(
    key: str, checkpoint: Checkpoint, authority: str, moment: datetime, *, as_json: bool
) -> None:
    at = moment.isoformat().replace("+00:00", "Z")
    if as_json:
        told = {"origin": checkpoint.origin, "size": checkpoint.size}
        print_json(told | {"authority": authority, "moment": at, "new": key == "stamped"})
        return
    tell(say(f"ledger.stamp.{key}", size=checkpoint.size, authority=authority, moment=at))
