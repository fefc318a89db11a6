"""What did outside bodies and auditors find, as it came?"""

from datetime import date
from typing import ClassVar, assert_never

from uitvoering.domain.acts import Reply, Source
from uitvoering.domain.events.audit import AuditFact, EngagementOpened, FindingIssued
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Statement, Value
from uitvoering.projections.documents import Document, Documents


class IssuedFinding(Value):
    """One finding, with the reply of the level concerned where a source gives it."""

    event: str
    statement: Statement | None
    to: Level | None
    about: str | None
    """The signal it is about."""
    previous: str | None
    """The event whose statement it weighs."""
    theme: str | None
    issued_on: date
    level: Level
    organisation: str
    source: Source | None
    reply: Reply | None


class FindingDocument(Document):
    """One engagement and what it found."""

    VIEW: ClassVar[str] = "findings"

    organisation: str
    mandate: str | None = None
    """Null: recorded as it came, without a mandate."""
    body: str | None = None
    opened_on: date | None = None
    findings: tuple[IssuedFinding, ...] = ()


def fold(event: AnyRecorded, documents: Documents) -> None:
    fact = event.fact
    if not isinstance(fact, AuditFact):
        return
    before = documents.get(FindingDocument, event.originator_id) or FindingDocument(
        organisation=event.organisation
    )
    match fact:
        case EngagementOpened():
            changes: dict[str, object] = {
                "mandate": fact.mandate,
                "body": fact.body,
                "opened_on": event.happened_on,
            }
        case FindingIssued():
            changes = {"findings": (*before.findings, _issued(event, fact))}
        case _:
            assert_never(fact)
    documents.put(event.originator_id, before.model_copy(update=changes))


def _issued(event: AnyRecorded, fact: FindingIssued) -> IssuedFinding:
    return IssuedFinding(
        event=event.event_id,
        statement=fact.statement,
        to=fact.to,
        about=fact.about,
        previous=fact.previous,
        theme=fact.theme,
        issued_on=event.happened_on,
        level=event.level,
        organisation=event.organisation,
        source=event.source,
        reply=event.reply,
    )
