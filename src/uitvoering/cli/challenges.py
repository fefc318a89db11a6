"""`verdict-challenges`: which verdicts of the method were contested, and how often was it wrong?"""

from typing import Annotated

import typer

from uitvoering.cli.console import (
    Grid,
    Json,
    answers,
    application,
    labels,
    local,
    print_json,
    say,
    table,
    tell,
)
from uitvoering.cli.moments import AsOf, Clock, moment_asked
from uitvoering.domain.events.verdict_challenge import ChallengeState
from uitvoering.domain.values import Level
from uitvoering.labels.table import Labels
from uitvoering.projections.challenged_verdicts import ContestedVerdict
from uitvoering.projections.verdict_challenge_counts import (
    VerdictChallengeCount,
    verdict_challenge_counts,
)
from uitvoering.projections.verdict_challenges import verdict_challenges
from uitvoering.softening.facets import Dimension


def show_challenges(
    state: Annotated[
        ChallengeState | None, typer.Option(help=say("verdict-challenges.state"))
    ] = None,
    method: Annotated[str, typer.Option(help=say("verdict-challenges.method"))] = "",
    dimension: Annotated[
        Dimension | None, typer.Option(help=say("verdict-challenges.dimension"))
    ] = None,
    organisation: Annotated[str, typer.Option(help=say("verdict-challenges.organisation"))] = "",
    level: Annotated[Level | None, typer.Option(help=say("verdict-challenges.level"))] = None,
    signal: Annotated[str, typer.Option(help=say("verdict-challenges.signal"))] = "",
    test: Annotated[str, typer.Option(help=say("verdict-challenges.test"))] = "",
    clock: Clock = "happened",
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.verdict-challenges.help`."""
    with application() as app:
        moment = moment_asked(app.reading, clock, as_of)
        rows = verdict_challenges(
            app.reading.documents(moment),
            moment,
            state=state,
            method=method or None,
            dimension=dimension,
            organisation=organisation or None,
            level=level,
            signal=signal or None,
            test=test or None,
        )
    if as_json:
        print_json(rows)
    elif rows:
        answers().print(_listed(rows, labels()))
    else:
        tell(say("verdict-challenges.empty"))


def show_counts(
    method: Annotated[str, typer.Option(help=say("verdict-challenges.method"))] = "",
    dimension: Annotated[
        Dimension | None, typer.Option(help=say("verdict-challenges.dimension"))
    ] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.verdict-challenge-counts.help`."""
    with application() as app:
        moment = app.reading.moment()
        rows = verdict_challenge_counts(
            app.reading.documents(moment), moment, method=method or None, dimension=dimension
        )
    if as_json:
        print_json(rows)
    elif rows:
        answers().print(_counted(rows, labels()))
    else:
        tell(say("verdict-challenges.empty"))


def _listed(rows: list[ContestedVerdict], words: Labels) -> Grid:
    shown = table(
        say("verdict-challenges.title"),
        say("column.happened"),
        say("column.who"),
        say("column.dimension"),
        say("column.result"),
        say("column.reason"),
        say("column.outcome"),
    )
    for row in rows:
        shown.row(
            local(row.challenged_on),
            f"{words.value(row.level)} ({row.organisation})\n{row.challenge}",
            dimension_named(row.dimension, words),
            said(row, words),
            row.reason,
            "\n".join(_outcome(row, words)),
        )
    return shown


def said(row: ContestedVerdict, words: Labels) -> str:
    """What the method said, what it should have said, and whether it still says so."""
    contested = say(
        "verdict-challenges.said",
        method=row.method,
        shown=words.value(row.shown),
        should_be=words.value(row.should_be),
    )
    if row.still_said and row.method == row.present_method:
        return contested
    key = "still-said" if row.still_said else "no-longer-said"
    return contested + "\n" + say(f"verdict-challenges.{key}", method=row.present_method)


def _outcome(row: ContestedVerdict, words: Labels) -> list[str]:
    by = f" ({words.value(row.decided_by)})" if row.decided_by is not None else ""
    on = f", {local(row.ended_on)}" if row.ended_on is not None else ""
    told = [words.value(row.state) + on + by]
    return told + ([row.decision_reason] if row.decision_reason is not None else [])


def _counted(rows: list[VerdictChallengeCount], words: Labels) -> Grid:
    names = (
        "challenged",
        "open",
        "upheldFalseAlarms",
        "upheldMisses",
        "upheldWrongDirections",
        "rejected",
        "withdrawn",
    )
    shown = table(
        say("verdict-challenge-counts.title"),
        words.term("field", "method"),
        say("column.dimension"),
        *(words.term("field", name) for name in names),
    )
    for row in rows:
        figures = (
            row.challenged,
            row.open,
            row.upheld_false_alarms,
            row.upheld_misses,
            row.upheld_wrong_directions,
            row.rejected,
            row.withdrawn,
        )
        version = row.method + (f" ({words.term('field', 'present')})" if row.present else "")
        shown.row(version, dimension_named(row.dimension, words), *map(str, figures))
    return shown


def dimension_named(dimension: str, words: Labels) -> str:
    """A dimension of a method that is gone keeps its own name."""
    known = words.has("dimension", dimension)
    return words.term("dimension", dimension) if known else dimension
