"""Which statements show a matter as fine: the hard side of a tension?

A statement of any stream that shows green; or one with a theme of its own that shows no colour and
states the severity as 1 or 2. Saying nothing about severity is not saying that it is fine.
"""

from datetime import date
from typing import ClassVar

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Code, Id, Level, Light, Name, Regime, Statement
from uitvoering.projections.documents import Document, Documents

MILD = 2
"""DOMAIN 4: 1 is annoyance, 2 is burden; harm starts at 3."""


class IndicatorDocument(Document):
    """One statement that shows fine."""

    VIEW: ClassVar[str] = "indicators"

    event_id: Id
    topic: Code
    stream: Id
    organisation: Code
    level: Level
    regime: Regime
    shown_on: date
    theme: Name | None
    statement: Statement


def fold(event: AnyRecorded, documents: Documents) -> None:
    statement = getattr(event.fact, "statement", None)
    if not isinstance(statement, Statement):
        return
    named = getattr(event.fact, "theme", None)
    theme = named if isinstance(named, str) else None
    if not _shows_fine(statement, themed=theme is not None):
        return
    documents.put(
        event.event_id,
        IndicatorDocument(
            event_id=event.event_id,
            topic=event.fact.TOPIC,
            stream=event.originator_id,
            organisation=event.organisation,
            level=event.level,
            regime=event.regime,
            shown_on=event.happened_on,
            theme=theme,
            statement=statement,
        ),
    )


def _shows_fine(statement: Statement, *, themed: bool) -> bool:
    if statement.light is Light.GREEN:
        return True
    mild = statement.severity is not None and statement.severity <= MILD
    return themed and mild and statement.light is Light.NONE
