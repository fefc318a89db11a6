"""`case run` and `case load`: a real, public history through the same commands as anyone's."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import Case, read_case, shipped
from uitvoering.cases.loading import Loading
from uitvoering.cases.observations import Observations, observe
from uitvoering.cli.console import (
    Json,
    answers,
    application,
    epilog,
    labels,
    local,
    print_json,
    progress,
    refusals,
    say,
    settings,
    table,
    tell,
)
from uitvoering.cli.moments import AsOf, Clock, moment_asked
from uitvoering.wiring import migrate, running

case = typer.Typer(help=say("case.help"), no_args_is_help=True)


@case.command("list", help=say("case.list.help"), epilog=epilog("case.list"))
def list_(as_json: Json = False) -> None:
    """See the label `cli.case.list.help`."""
    cases = {name: _title(read_case(name)) for name in shipped()}
    if as_json:
        print_json([{"case": name, "title": title} for name, title in cases.items()])
        return
    for name, title in cases.items():
        tell(f"{name}  {title}")


def _title(told: Case) -> str:
    return told.title_nl if settings().lang == "nl" else told.title_en


@case.command("run", help=say("case.run.help"), epilog=epilog("case.run"))
def run(
    file: Annotated[str, typer.Argument(help=say("case.file"))],
    as_json: Json = False,
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


@case.command("load", help=say("case.load.help"), epilog=epilog("case.load"))
def load(
    file: Annotated[str, typer.Argument(help=say("case.file"))],
    as_json: Json = False,
) -> None:
    """See the label `cli.case.load.help`."""
    with application() as app:
        loading = _load(app, read_case(file))
        signals = loading.streams.signals
    if as_json:
        print_json({"case": loading.case.case, "signals": signals, "facts": loading.streams.of})
        return
    tell(say("case.loaded", case=loading.case.case, facts=len(loading.streams.of)))
    for signal in signals:
        tell(f"  uitvoering trail {signal}")


def _load(app: Uitvoering, told: Case) -> Loading:
    loading = Loading(app, told)
    with progress(say("case.busy")) as step:
        loading.run(step)
    return loading


def show(seen: Observations, told: Case) -> None:
    """The observations as tables: facts, what was lost between which, what lapsed."""
    words = labels()
    facts = table(
        _title(told),
        "n",
        say("column.fact"),
        say("column.happened"),
        say("column.recorded"),
        say("column.lag"),
    )
    for row in seen.facts:
        lag = str(row.lag_days) if row.late else ""
        facts.row(
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
            steps.row(
                str(pair.from_),
                str(pair.to),
                words.term("value", f"overall.{pair.overall}"),
                ", ".join(words.term("dimension", name) for name in lost),
            )
    answers().print(steps)
    for lapse in seen.lapses:
        level = words.term("value", f"level.{lapse.level}")
        fact = words.term("fact", lapse.topic)
        tell(say("case.lapse", fact=fact, level=level, due=local(lapse.due_on), of=lapse.of))
