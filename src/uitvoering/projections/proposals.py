"""What is known of one bill, decree or measure: its versions, amendments and entry into force?"""

from datetime import date
from typing import ClassVar, assert_never

from uitvoering.domain.events.proposal import (
    EnteredIntoForce,
    EntryIntoForceSet,
    ProposalAmended,
    ProposalFact,
    ProposalRegistered,
    RetestFellDue,
    RetestLapsed,
    VersionAdded,
    VersionKind,
    VersionWithdrawn,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Statement, Value
from uitvoering.projections.documents import Document, Documents


class ProposalVersion(Value):
    """One version; withdrawn or not, it stays in view."""

    version: str
    kind: VersionKind
    locator: str | None
    added_on: date
    withdrawn_on: date | None = None
    reason: str | None = None


class Amendment(Value):
    """A change, and the retest it asked for."""

    event: str
    version: str
    material: bool
    summary: str
    amended_on: date
    retest_due_since: date | None = None
    retest_lapsed_on: date | None = None


class ProposalDocument(Document):
    """One proposal with its versions."""

    VIEW: ClassVar[str] = "proposals"

    title: str
    locator: str | None
    registered_on: date
    versions: tuple[ProposalVersion, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    entry_on: date | None = None
    """The day set for entry into force."""
    entry: str | None = None
    """The EnteredIntoForce event."""
    entered_on: date | None = None
    statement: Statement | None = None
    """How entry into force was put, if it was."""


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Skip a proposal whose registration is not visible at the moment asked."""
    fact = event.fact
    if not isinstance(fact, ProposalFact):
        return
    if isinstance(fact, ProposalRegistered):
        documents.put(
            event.originator_id,
            ProposalDocument(
                title=fact.title, locator=fact.locator, registered_on=event.happened_on
            ),
        )
        return
    before = documents.get(ProposalDocument, event.originator_id)
    if before is not None:
        changes = _changes(event, fact, before)
        documents.put(event.originator_id, before.model_copy(update=changes))


def _changes(event: AnyRecorded, fact: ProposalFact, before: ProposalDocument) -> dict[str, object]:
    on = event.happened_on
    match fact:
        case ProposalRegistered():
            return {}
        case VersionAdded():
            version = ProposalVersion(
                version=fact.version, kind=fact.kind, locator=fact.locator, added_on=on
            )
            return {"versions": (*before.versions, version)}
        case VersionWithdrawn():
            withdrawn = {"withdrawn_on": on, "reason": fact.reason}
            return {
                "versions": tuple(
                    v.model_copy(update=withdrawn) if v.version == fact.version else v
                    for v in before.versions
                )
            }
        case ProposalAmended():
            amendment = Amendment(
                event=event.event_id,
                version=fact.version,
                material=fact.material,
                summary=fact.summary,
                amended_on=on,
            )
            return {"amendments": (*before.amendments, amendment)}
        case RetestFellDue():
            return _amended(before, fact.version, retest_due_since=on)
        case RetestLapsed():
            return _amended(before, fact.version, retest_lapsed_on=fact.entered_on)
        case EntryIntoForceSet():
            return {"entry_on": fact.entry_on}
        case EnteredIntoForce():
            if before.entered_on is not None and before.entered_on <= on:
                return {}  # a further part: the first entry stands
            return {"entry": event.event_id, "entered_on": on, "statement": fact.statement}
        case _:
            assert_never(fact)


def _amended(before: ProposalDocument, version: str, **changes: date) -> dict[str, object]:
    return {
        "amendments": tuple(
            a.model_copy(update=changes) if a.version == version else a for a in before.amendments
        )
    }
