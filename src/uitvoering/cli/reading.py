"""`trail`, `hotspots`, `replay`, `rebuild`: what is on file, read and checked."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from uitvoering.application.reading import Progress, ReadModelDigest
from uitvoering.application.uitvoering import SIGNALS, Uitvoering
from uitvoering.cli.challenges import dimension_named, said
from uitvoering.cli.console import (
    BROKEN,
    Grid,
    Json,
    answers,
    application,
    labels,
    local,
    note,
    print_json,
    progress,
    say,
    table,
    tell,
    write_file,
)
from uitvoering.cli.moments import AsOf, Clock, moment_asked
from uitvoering.labels.table import Labels
from uitvoering.pictures.trail import draw
from uitvoering.projections.hotspots import Hotspot, hotspots
from uitvoering.projections.signal_trail import TrailRow, signal_trail
from uitvoering.softening.facets import DimensionResult, Result


def trail(
    signal: Annotated[str, typer.Argument(help=say("trail.signal"))],
    clock: Clock = "happened",
    as_of: AsOf = None,
    as_json: Json = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help=say("svg"))] = None,
) -> None:
    """See the label `cli.trail.help`."""
    with application() as app:
        app.version(SIGNALS, signal)
        moment = moment_asked(app.reading, clock, as_of)
        rows = signal_trail(app.reading.documents(moment), moment, signal=signal)
        if svg is not None:
            write_file(svg, draw(rows, labels()))
    if as_json:
        print_json(rows)
    elif svg is None:
        show_trail(rows, labels())


def show_trail(rows: list[TrailRow], words: Labels) -> None:
    """The trail as a table: who said what to whom, and what was lost at that step."""
    if not rows:
        tell(say("trail.empty"))
        return
    shown = table(
        say("trail.title", signal=rows[0].signal),
        "#",
        say("column.happened"),
        say("column.who"),
        say("column.said"),
        say("column.against"),
    )
    for row in rows:
        shown.row(*trail_cells(row, words))
    answers().print(shown)
    tell(say("trail.signs"))


def trail_cells(row: TrailRow, words: Labels) -> tuple[str, ...]:
    late = f"\n({say('late', days=row.lag_days)})" if row.late else ""
    to = f" → {words.value(row.to)}" if row.to is not None else ""
    return (
        str(row.position),
        local(row.happened_on) + late,
        words.value(row.level) + to,
        "\n".join(_said(row, words)),
        "\n".join(_against(row, words)),
    )


def _said(row: TrailRow, words: Labels) -> Iterator[str]:
    """What was done and in whose words; a gap is named, not only drawn."""
    gap = f" ({say('gap')})" if row.gap else ""
    due = f" ({say('due', day=local(row.due_on))})" if row.due_on is not None else ""
    yield words.term("fact", row.topic) + gap + due
    if row.statement is not None:
        yield f"“{row.statement.text}”"
        grave = row.statement.severity
        light = row.statement.light
        marks = [say("trail.severity", severity=grave)] if grave is not None else []
        marks += [words.value(light)] if light != "none" else []
        if marks:
            yield ", ".join(marks)
    if row.reply is not None:
        yield f"{say('reply')}: {row.reply.text}"


def _against(row: TrailRow, words: Labels) -> Iterator[str]:
    """What moved at this step and since the origin, and why they said it did."""
    if hop := moved(row.hop, words):
        yield say("trail.hop", moved=hop)
    if drift := moved(row.drift, words):
        yield say("trail.drift", moved=drift)
    for challenge in row.challenges:
        yield say(
            "trail.contested" if challenge.from_event == row.previous else "trail.drift-contested",
            dimension=dimension_named(challenge.dimension, words),
            state=words.value(challenge.state),
            said=said(challenge, words),
        )
    code = words.value(row.reason_code) if row.reason_code is not None else ""
    if reason := "; ".join(part for part in (code, row.reason) if part):
        yield say("trail.because", reason=reason)
    elif row.justification == "none":
        yield say("no-reason")


def moved(results: tuple[DimensionResult, ...] | None, words: Labels) -> str:
    """The dimensions that moved, with a sign that needs no colour; `trail.signs` explains them."""
    signs = {Result.SOFTENED: "\N{MINUS SIGN}", Result.MISSING: "∅", Result.SHARPENED: "+"}
    return ", ".join(
        f"{signs[row.result]}{words.term('dimension', row.dimension.value)}"
        for row in results or ()
        if row.result in signs
    )


def show_hotspots(
    organisation: Annotated[str, typer.Option(help=say("hotspots.organisation"))] = "",
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=say("hotspots.from"))
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=say("hotspots.to"))
    ] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.hotspots.help`."""
    with application() as app:
        moment = app.reading.moment()
        rows = hotspots(
            app.reading.documents(moment),
            moment,
            organisation=organisation or None,
            since=since.date() if since else None,
            until=until.date() if until else None,
        )
    if as_json:
        print_json(rows)
        return
    answers().print(_hotspot_table(rows, labels()))


def _hotspot_table(rows: list[Hotspot], words: Labels) -> Grid:
    shown = table(
        say("hotspots.title"),
        say("column.organisation"),
        say("column.level"),
        say("column.dimension"),
        say("column.hops"),
        say("column.softened"),
        say("column.missing"),
        say("column.sharpened"),
        say("column.reassessed"),
    )
    for row in rows:
        counts = (row.hops, row.softened, row.missing, row.sharpened, row.reassessed)
        shown.row(
            row.organisation or say("all"),
            words.value(row.level) if row.level is not None else say("all"),
            words.term("dimension", row.dimension.value),
            *(say("suppressed") if count is None else str(count) for count in counts),
        )
    return shown


def replay(
    clock: Clock = "happened",
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.replay.help`."""
    with application() as app, progress(say("replay.busy")) as step:
        found = app.reading.replay(moment_asked(app.reading, clock, as_of), step)
    if as_json:
        print_json(found)
        return
    show_digests(found)


def show_digests(found: list[ReadModelDigest]) -> None:
    """Digests whole: they are there to be compared."""
    shown = table(
        say("replay.title"), say("column.read-model"), say("column.rows"), say("column.digest")
    )
    for row in found:
        shown.row(row.name, str(row.rows), row.sha256)
    answers().print(shown)


def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help=say("rebuild.names"))] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.rebuild.help`."""
    with application() as app, progress(say("rebuild.busy")) as step:
        app.reading.refuse_unknown(names or [])
        events = app.reading.rebuild(names or [], step)
        same = verified(app, step)
    if as_json:
        print_json({"events": events, "same_as_replay": same})
    else:
        tell(say("rebuild.done", events=events))
    if not same:
        note(say("replay.differs"))
        raise typer.Exit(BROKEN)


def verified(app: Uitvoering, step: Progress | None = None) -> bool:
    """Whether the stored views say exactly what a replay of the events says."""
    reading = app.reading
    return reading.stored(step) == reading.replay(reading.moment(), step)
