"""What was recorded, fact by fact: of one thing, of one kind of act, of everything (the feed)?"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import FastAPI, Query, Response

from uitvoering.api.acts import TOGETHER, TOPICS, content
from uitvoering.api.answers import MAX_PAGE, PAGE, Asked, Asking, Part, json, page_of
from uitvoering.api.endpoints import add_get, snake
from uitvoering.api.preconditions import IfNoneMatch
from uitvoering.api.reads import READS
from uitvoering.api.resources import RESOURCES, Resource, Versioned, unless_known
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Role, Value
from uitvoering.errors import SubjectUnknownError


class RecordedFact(Versioned):
    """One fact as it was recorded; who acted is told by organisation, level and role alone."""

    position: int
    """Place in the whole history; grows, with gaps."""
    event_id: str
    subject: str
    """The thing it is about."""
    type: str
    """The permanent topic of the fact."""
    recorded_at: datetime
    happened_on: date
    happened_from: date | None
    organisation: str
    level: Level
    role: Role
    data: dict[str, Any]
    """The fact itself; its fields depend on its type."""


class Feed(Value):
    """Facts in the order of recording, from a position on."""

    items: tuple[RecordedFact, ...]
    next: str
    """Link to what comes after these; ask again later when there are none."""
    position: int
    """Of the last fact looked at: a snapshot read at this position holds all up to here."""


FactPage = page_of(RecordedFact)


def shown(asked: Asked, position: int, event: AnyRecorded) -> RecordedFact:
    return RecordedFact(
        position=position,
        event_id=event.event_id,
        subject=event.originator_id,
        version=event.originator_version,
        type=event.fact.TOPIC,
        recorded_at=event.timestamp,
        happened_on=event.happened_on,
        happened_from=event.happened_from,
        organisation=event.organisation,
        level=event.level,
        role=event.actor_role,
        data=content(asked.documents.fact(event.fact)),
    )


def add_history(api: FastAPI) -> None:
    answered = {read.path for read in READS}
    for resource in RESOURCES:
        at, name = f"/{resource.kind}/{{id}}", snake(resource.one)
        history = f"list_{name}_history"
        add_get(api, f"{at}/history", history, _history(resource), FactPage, about="history")
        for path, topic in TOPICS.get(resource.kind, {}).items():
            if f"{at}/{path}" not in answered:
                named = f"list_{name}_{snake(path)}"
                add_get(api, f"{at}/{path}", named, _acts(resource, topic), FactPage, topic=topic)
        for path, topics in TOGETHER.get(resource.kind, {}).items():
            named = f"list_{name}_{snake(path)}"
            add_get(api, f"{at}/{path}", named, _acts(resource, *topics), FactPage, about=path)
        if resource.kind in TOPICS:
            path = f"{at}/{{act}}/{{event}}"
            add_get(api, path, f"get_{name}_fact", _fact(resource), RecordedFact, about="fact")
    add_get(api, "/events", "list_events", events, Feed)


def _history(resource: Resource) -> Callable[..., Response]:
    def history(
        id: UUID,  # noqa: A002 the name of the path parameter
        asked: Asking,
        part: Part,
    ) -> Response:
        return _page(asked, part, asked.history(resource.kind, str(id)))

    return history


def _acts(resource: Resource, *topics: str) -> Callable[..., Response]:
    def acts(
        id: UUID,  # noqa: A002 the name of the path parameter
        asked: Asking,
        part: Part,
    ) -> Response:
        facts = asked.history(resource.kind, str(id))
        return _page(asked, part, _of_topic(facts, *topics))

    return acts


def _of_topic(facts: list[AnyRecorded], *topics: str) -> list[AnyRecorded]:
    return [event for event in facts if event.fact.TOPIC in topics]


def _page(asked: Asked, part: Part, facts: list[AnyRecorded]) -> Response:
    return asked.page(
        FactPage,
        facts,
        part,
        lambda event: event.event_id,
        lambda event: shown(asked, asked.position_of(event), event),
    )


def _fact(resource: Resource) -> Callable[..., Response]:
    def fact(
        id: UUID,  # noqa: A002 the name of the path parameter
        act: str,
        event: UUID,
        asked: Asking,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        facts = asked.history(resource.kind, str(id))
        found = _one_of(facts, f"{resource.kind}/{act}", str(event))
        return unless_known(shown(asked, asked.position_of(found), found), if_none_match)

    fact.__annotations__["act"] = Literal[tuple(TOPICS[resource.kind])]
    return fact


def _one_of(facts: list[AnyRecorded], kind: str, event: str) -> AnyRecorded:
    for found in facts:
        if found.event_id == event:
            return found
    raise SubjectUnknownError(kind=kind, id=event)


def events(
    asked: Asking,
    after: Annotated[int, Query(ge=0, lt=2**53)] = 0,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MAX_PAGE)] = PAGE,
) -> Response:
    """The feed: `next` always leads on, also from an empty page, so that it can be polled."""
    rows = asked.app.feed(after, page_size)
    until = rows[-1][0] if rows else after
    items = tuple(shown(asked, *row) for row in rows if asked.feeds(row[1]))
    return json(Feed(items=items, next=asked.link(str(until)), position=until))
