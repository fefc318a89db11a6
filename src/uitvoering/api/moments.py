"""At which moment is a read answered? `happenedAsOf` and `recordedAsOf`, alone or together."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from uitvoering.api.guard import App
from uitvoering.application.reading import AMSTERDAM, end_of_day
from uitvoering.errors import MomentInFutureError
from uitvoering.projections.documents import Moment

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def _as_of(given: Any) -> datetime | date:
    """RFC 3339: a date, or a date-time with an offset; nothing else counts as a moment."""
    text = str(given)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _DATE_TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # such as 30 February, or before year 1: refused below like any other spelling
    raise PydanticCustomError("moment_iso", "a date, or a date-time with an offset")


AsOf = Annotated[
    Any,
    BeforeValidator(_as_of),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ]
        }
    ),
]


async def _moment(
    app: App,
    happened_as_of: Annotated[AsOf | None, Query(alias="happenedAsOf")] = None,
    recorded_as_of: Annotated[AsOf | None, Query(alias="recordedAsOf")] = None,
) -> Moment:
    now = app.clock().astimezone(UTC)
    return app.reading.moment(
        happened_as_of=_past("happenedAsOf", happened_as_of, now),
        recorded_as_of=_past("recordedAsOf", recorded_as_of, now),
    )


def _past(key: str, given: datetime | date | None, now: datetime) -> datetime | None:
    """A date means its end in Europe/Amsterdam; today means until now, so that it can be asked."""
    if given is None:
        return None
    if isinstance(given, datetime):
        at, day = given, given > now
    else:
        at, day = end_of_day(given), given > now.astimezone(AMSTERDAM).date()
    if day:
        raise MomentInFutureError(key=key, moment=given.isoformat())
    return min(at.astimezone(UTC), now)


At = Annotated[Moment, Depends(_moment)]
