"""`case run` and `case load`: a real, public history through the same commands as anyone's."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import Case, read_case, shipped
from uitvoering.cases.loading import Loading
from uitvoering.cases.observations import Observations, observe
from uitvoering.cli.console import (
    answers,
    application,
    labels,
    print_json,
    progress,
    refusals,
    say,
    settings,
    table,
)
from uitvoering.cli.moments import AsOf, Clock, moment_asked
from uitvoering.wiring import migrate, running

case = typer.Typer(help=say("case.help"), no_args_is_help=True)


@case.command("list", help=say("case.list.help"))
def list_() -> None:
    """See the label `cli.case.list.help`."""
    for name in shipped():
        told = read_case(name)
        title = told.title_nl if settings().lang == "nl" else told.title_en
        answers().print(f"{name}  {title}")


@case.command("run", help=say("case.run.help"))
def run(
    file: Annotated[str, typer.Argument(help=say("case.file"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
    clock: Clock = "happened",
    as_of: AsOf = None,
) -> None:
    """See the label `cli.case.run.help`."""
    with refusals(), tempfile.TemporaryDirectory(prefix="uitvoering-") as folder:
        told = read_case(file)
        fresh = settings().model_copy(update={"store": f"sqlite:///{Path(folder) / 'case.db'}"})
        migrate(fresh)
        with running(fresh) as app:
            found = _load(app, told)
            moment = moment_asked(app.reading, clock, as_of)
            seen = observe(app, told, found.streams, moment)
    if as_json:
        print_json(seen)
    else:
        show(seen, told)


@case.command("load", help=say("case.load.help"))
def load(
    file: Annotated[str, typer.Argument(help=say("case.file"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    """See the label `cli.case.load.help`."""
    with application() as app:
        loading = _load(app, read_case(file))
        signals = loading.streams.signals
    if as_json:
        print_json({"case": loading.case.case, "signals": signals, "facts": loading.streams.of})
        return
    answers().print(say("case.loaded", case=loading.case.case, facts=len(loading.streams.of)))
    for signal in signals:
        answers().print(f"  uitvoering trail {signal}", soft_wrap=True)


def _load(app: Uitvoering, told: Case) -> Loading:
    loading = Loading(app, told)
    with progress(say("case.busy")) as step:
        loading.run(step)
    return loading


def show(seen: Observations, told: Case) -> None:
    """The observations as tables: facts, what was lost between which, what lapsed."""
    words = labels()
    facts = table(
        told.title_nl if words.lang == "nl" else told.title_en,
        "n",
        say("column.fact"),
        say("column.happened"),
        say("column.recorded"),
        say("column.lag"),
    )
    for row in seen.facts:
        lag = str(row.lag_days) if row.late else ""
        facts.add_row(
            str(row.n),
            words.term("fact", row.topic),
            local(row.happened_on),
            local(row.recorded_on),
            lag,
        )
    answers().print(facts)
    steps = table(
        say("case.comparisons"),
        say("column.from"),
        say("column.to"),
        say("column.overall"),
        say("column.lost"),
    )
    for pair in seen.comparisons:
        lost = [d for d, result in pair.dimensions.items() if result in {"softened", "missing"}]
        if pair.kind != "other":
            steps.add_row(
                str(pair.from_),
                str(pair.to),
                words.term("value", f"overall.{pair.overall}"),
                ", ".join(words.term("dimension", name) for name in lost),
            )
    answers().print(steps)
    for lapse in seen.lapses:
        level = words.term("value", f"level.{lapse.level}")
        fact = words.term("fact", lapse.topic)
        answers().print(
            say("case.lapse", fact=fact, level=level, due=local(lapse.due_on), of=lapse.of)
        )


def local(day: date | datetime | None) -> str:
    """Day, month, year: the order a Dutch reader expects; the same in English, with the month apart."""
    return "" if day is None else f"{day:%d-%m-%Y}"
