"""`adopt-method`, `adopt-cosigning-policy`: what this product runs by becomes the rule, by name.

Nothing is adopted by an upgrade or by putting a file in its place: the monitor tells of both.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from uitvoering.application.uitvoering import AMSTERDAM
from uitvoering.cli.console import Json, refusals, say
from uitvoering.cli.filing import record
from uitvoering.commands.registers import AdoptCosigningPolicy, AdoptMethod
from uitvoering.errors import FileUnknownError
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.softening import method
from uitvoering.wiring import utc_now

Decision = Annotated[str, typer.Argument(help=say("adopting.source"))]
Since = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=say("adopting.from"))
]


def adopt_method(source: Decision, since: Since = None, as_json: Json = False) -> None:
    """See the label `cli.adopt-method.help`."""
    running = {"method": method.METHOD_VERSION, "digest": method.digest()}
    _adopt(AdoptMethod.name(), running, source, since, as_json=as_json)


def adopt_cosigning_policy(
    file: Annotated[Path, typer.Argument(help=say("adopting.policy"))],
    source: Decision,
    since: Since = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.adopt-cosigning-policy.help`."""
    with refusals():
        if not file.is_file():
            raise FileUnknownError(file=file)
        text = _text(file.read_bytes())
    _adopt(AdoptCosigningPolicy.name(), {"text": text}, source, since, as_json=as_json)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyMalformedError(line=line, cause="it is not UTF-8") from error


def _adopt(
    command: str, row: dict[str, Any], source: str, since: datetime | None, *, as_json: bool
) -> None:
    today = utc_now().astimezone(AMSTERDAM).date()
    row |= {
        "happened_on": today.isoformat(),
        "in_force_from": (since.date() if since else today).isoformat(),
        "source": {"title": source},
    }
    record(command, json.dumps(row), as_json=as_json)
