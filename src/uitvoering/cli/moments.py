"""`--clock` and `--as-of`: at which moment, on which of the two clocks, a read is answered."""

from datetime import date, datetime
from typing import Annotated, Literal

import typer

from uitvoering.application.reading import AMSTERDAM, Reading, end_of_day
from uitvoering.cli.console import say
from uitvoering.errors import MomentInFutureError
from uitvoering.projections.documents import Moment

Clock = Annotated[Literal["happened", "recorded"], typer.Option("--clock", help=say("clock"))]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help=say("as-of")),
]


def moment_asked(reading: Reading, clock: str, as_of: datetime | None) -> Moment:
    """The end of that day in Amsterdam on that clock; without a day, now."""
    if as_of is None:
        return reading.moment()
    day: date = as_of.date()
    today = reading.clock().astimezone(AMSTERDAM).date()
    if day > today:
        raise MomentInFutureError(key="--as-of", moment=day)
    end = end_of_day(day)
    if clock == "recorded":
        return reading.moment(recorded_as_of=end)
    return reading.moment(happened_as_of=end)
