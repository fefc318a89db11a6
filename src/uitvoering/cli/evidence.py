"""`export`, `verify`: hand over what an auditor needs, and check it without who handed it over."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer
from platformdirs import user_data_path

from uitvoering.application.evidence_files import own_files
from uitvoering.application.evidence_pack import Evidence, Exported
from uitvoering.application.evidence_pack import export as exported
from uitvoering.application.evidence_replay import replayed
from uitvoering.cli.console import (
    Json,
    application,
    content,
    note,
    print_json,
    progress,
    refusals,
    say,
    settings,
    tell,
)
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.log.errors import LedgerUnplacedError
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.verify.events import Progress
from uitvoering.integrity.verify.findings import Finding, unchecked
from uitvoering.integrity.verify.pack import Asked, Manifest
from uitvoering.integrity.verify.parts import typed
from uitvoering.integrity.verify.verify import Asking
from uitvoering.integrity.verify.verify import verify as verified
from uitvoering.settings import Settings, keys_directory, ledger_directory
from uitvoering.wiring import utc_now


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("export.folder"))],
    first: Annotated[int | None, typer.Option("--from", min=1, help=say("export.from"))] = None,
    last: Annotated[int | None, typer.Option("--to", min=1, help=say("export.to"))] = None,
    stream: Annotated[str | None, typer.Option("--stream", help=say("export.stream"))] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.export.help`."""
    given = settings()
    with refusals():
        asked = Asked(first, last, stream)
    with application() as app, progress(say("export.busy")) as step:
        directory = ledger_directory(given)
        if directory is None:
            raise LedgerUnplacedError
        evidence = Evidence(app, Ledger.opened(directory), _key_notes(given))
        made = exported(evidence, folder, asked, step)
    _show(folder, made, as_json=as_json)


def _show(folder: Path, made: Exported, *, as_json: bool) -> None:
    found = made.manifest
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "origin": found.origin,
                "size": found.size,
                "events": found.events,
                "files": len(found.files) + 1,
                "waiting": made.waiting,
            }
        )
        return
    told = {"folder": folder, "events": found.events, "size": found.size}
    tell(say("export.done", **told, options=typed(found.asked)))
    tell(say("export.holds", folder=folder))
    if made.waiting:
        note(say("export.waiting", waiting=made.waiting))


def _key_notes(given: Settings) -> dict[str, bytes]:
    """How keys were replaced and ended; none where who exports has no keys at hand."""
    directory = keys_directory(given)
    if directory is None or not os.access(directory, os.R_OK | os.X_OK):
        return {}
    return {f"keys/{path}": note for path, note in key_files.evidence(directory).items()}


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("verify.folder"))],
    policy: Annotated[Path, typer.Option("--policy", help=say("verify.policy"))],
    checkpoint: Annotated[
        list[Path] | None, typer.Option("--checkpoint", help=say("verify.checkpoint"))
    ] = None,
    kept: Annotated[Path | None, typer.Option("--kept", help=say("verify.kept"))] = None,
    stamp_root: Annotated[
        list[Path] | None, typer.Option("--stamp-root", help=say("verify.stamp-root"))
    ] = None,
    older: Annotated[bool, typer.Option("--older", help=say("verify.older"))] = False,
    first: Annotated[int | None, typer.Option("--from", min=1, help=say("verify.from"))] = None,
    last: Annotated[int | None, typer.Option("--to", min=1, help=say("verify.to"))] = None,
    stream: Annotated[str | None, typer.Option("--stream", help=say("verify.stream"))] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help=say("verify.jobs"))] = None,
    no_replay: Annotated[bool, typer.Option("--no-replay", help=say("verify.no-replay"))] = False,
    lang: Annotated[
        Literal["nl", "en"] | None, typer.Option("--lang", help=say("verify.lang"))
    ] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.verify.help`."""
    with refusals(), progress(say("verify.busy")) as step:
        asked = Asked(first, last, stream)
        asking = Asking(
            folder=folder,
            policy=content(policy),
            now=int(utc_now().timestamp()),
            given={str(file): content(file) for file in checkpoint or ()},
            kept=kept or user_data_path("uitvoering") / "checkpoints",
            jobs=jobs or os.cpu_count() or 1,
            stamp_roots=[content(file) for file in stamp_root or ()],
            replay=_not_asked if no_replay else replayed,
            own=own_files(),
            older=older,
            asked=asked,
        )
        report = verified(asking, step)
    shown = lang or settings().lang
    if as_json:
        print_json(report.told(shown))
    else:
        for line in report.lines(shown):
            tell(line)
    if report.code:
        raise typer.Exit(report.code)


def _not_asked(_: Path, __: Manifest, ___: Progress) -> Iterable[Finding]:
    return [unchecked("read-models-unasked")]
