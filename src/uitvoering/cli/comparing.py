"""`compare`: what one statement lost or gained against another, line by line."""

import json
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from uitvoering.cli.console import REFUSED, Json, answers, labels, say, table, tell
from uitvoering.softening.lines import answers as compared

FLUSH_EVERY = 200
"""Lines; a reader at the other end never waits for more (INTERFACES 3)."""


def compare(
    as_json: Json = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help=say("compare.jobs"))] = 1,
) -> None:
    """See the label `cli.compare.help`."""
    bad = 0
    for n, found in enumerate(compared(_lines(), jobs), start=1):
        bad += "error" in found
        if as_json:
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        else:
            _show(found)
        if n % FLUSH_EVERY == 0:
            sys.stdout.flush()
    sys.stdout.flush()
    if bad:
        raise typer.Exit(REFUSED)


def _lines() -> Iterator[str]:
    """Standard input as UTF-8; what is no UTF-8 becomes a bad line, not a crash."""
    for line in sys.stdin.buffer:
        if line.strip():
            yield line.decode("utf-8", errors="replace")


def _show(found: dict[str, Any]) -> None:
    words = labels()
    if "error" in found:
        tell(f"{found['id']}: {json.dumps(found['error'], ensure_ascii=False)}")
        return
    overall = words.term("value", f"overall.{found['overall']}")
    justified = words.term("value", f"justification.{found['justification']}")
    rows = table(
        f"{found['id']}: {overall} ({justified})",
        say("column.dimension"),
        say("column.result"),
        say("column.rule"),
        say("column.words"),
    )
    dimensions: dict[str, dict[str, Any]] = found["dimensions"]
    for name, row in dimensions.items():
        quoted = "; ".join(f"{s['side']}: “{s['text']}”" for s in row["spans"])
        result = words.term("value", f"result.{row['result']}")
        rows.row(words.term("dimension", name), result, row["rule"], quoted)
    answers().print(rows)
