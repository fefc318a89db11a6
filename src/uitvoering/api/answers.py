"""How is a list answered? Items, the next page, and what it was computed from."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar, cast

from fastapi import Depends, Query, Request, Response
from pydantic import create_model

from uitvoering.api.errors import CursorUnknownError
from uitvoering.api.guard import App, By
from uitvoering.api.moments import At
from uitvoering.application.caller import Caller
from uitvoering.application.kinds import KINDS
from uitvoering.application.reading import Position, canonical, visible
from uitvoering.application.scope import Visible, visible_at
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Value
from uitvoering.errors import SubjectUnknownError
from uitvoering.projections.documents import Moment

R = TypeVar("R", bound=Value)
T = TypeVar("T")
PAGE, MAX_PAGE = 50, 200
"""CONVENTIONS 4: pageSize is at most 200; 50 is ours (choice)."""


class Page(Value, Generic[R]):
    """The same moments, position and method give the same items for ever."""

    items: tuple[R, ...]
    next: str | None
    """Link to the next page; null on the last."""
    happened_as_of: date | None
    recorded_as_of: datetime | None
    position: int
    method: str


def page_of(row: type[R]) -> type[Page[R]]:
    """A page of such rows, named so that generated clients read well."""
    page: Any = create_model(f"{row.__name__}Page", __base__=Page[row], __doc__=row.__doc__)  # type: ignore[valid-type] # a generic made at run time
    return cast(type[Page[R]], page)


@dataclass(frozen=True)
class Cut:
    """Which part of a list is asked: after which cursor, and how much."""

    after: str | None
    size: int

    def of(self, rows: Sequence[T], cursor: Callable[[T], str]) -> tuple[Sequence[T], str | None]:
        start = 0
        if self.after is not None:
            keys = [cursor(row) for row in rows]
            if self.after not in keys:
                raise CursorUnknownError(after=self.after)
            start = keys.index(self.after) + 1
        items = rows[start : start + self.size]
        more = start + self.size < len(rows)
        return items, cursor(items[-1]) if more else None


def cursor_of(row: Value) -> str:
    """Opaque: a digest of the row, so that it says nothing and needs no number of its own."""
    return hashlib.sha256(canonical(row)).hexdigest()[:32]


@dataclass(frozen=True)
class Asked:
    """A read as it was asked: by whom, at which moment, and which part."""

    request: Request
    app: Uitvoering
    caller: Caller
    moment: Moment

    @cached_property
    def answered_from(self) -> Position:
        """Taken before anything is read: the answer holds at least what was recorded until then."""
        return self.app.reading.answered_from()

    @cached_property
    def documents(self) -> Visible:
        """Only what the caller may see; every projection over these is in scope by itself."""
        _ = self.answered_from
        return visible_at(self.app, self.caller, self.moment)

    def history(self, kind: str, subject: str) -> list[AnyRecorded]:
        """The facts of one thing; what may not be seen is as unknown as what does not exist."""
        facts = self.app.reading.history(subject, self.moment)
        births = KINDS[kind].births
        if not facts or facts[0].fact.TOPIC not in births or not self.documents.shows(subject):
            raise SubjectUnknownError(kind=kind, id=subject)
        return facts

    def page(
        self,
        model: type[Page[Any]],
        rows: Sequence[T],
        cut: Cut,
        cursor: Callable[[T], str],
        shown: Callable[[T], Any] = lambda row: row,
    ) -> Response:
        at = self.answered_from
        part, after = cut.of(rows, cursor)
        items = tuple(shown(row) for row in part)
        return json(
            model.model_construct(
                items=items, next=after and self.link(after), **moments(self.moment, at)
            )
        )

    def position_of(self, event: AnyRecorded) -> int:
        found = self.app.store.event(event.event_id)
        return found[0] if found is not None else 0

    def feeds(self, event: AnyRecorded) -> bool:
        """Whether a fact of the feed is in scope and had happened and been recorded by then."""
        return visible(event, self.moment) and self.documents.shows(event.originator_id)

    def link(self, after: str) -> str:
        url = self.request.url.include_query_params(after=after)
        return f"{url.path}?{url.query}"


def moments(moment: Moment, at: Position) -> dict[str, Any]:
    return {
        "happened_as_of": moment.happened_as_of,
        "recorded_as_of": moment.recorded_as_of,
        "position": at.position,
        "method": at.method,
    }


def json(model: Value, **headers: str) -> Response:
    return Response(
        model.model_dump_json(by_alias=True), headers=headers, media_type="application/json"
    )


# As `async` functions, not as the classes: the framework would send each class to a thread.


async def _asked(request: Request, app: App, caller: By, moment: At) -> Asked:
    return Asked(request, app, caller, moment)


async def _cut(
    after: Annotated[str | None, Query(max_length=64)] = None,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MAX_PAGE)] = PAGE,
) -> Cut:
    return Cut(after, page_size)


Asking = Annotated[Asked, Depends(_asked)]
Part = Annotated[Cut, Depends(_cut)]
