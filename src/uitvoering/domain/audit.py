"""One engagement of an auditor or outside body, and the finding it issued, as it came."""

from dataclasses import dataclass, replace
from typing import Any, assert_never

from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.acts import Act
from uitvoering.domain.events.audit import AuditFact, EngagementOpened, FindingIssued
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
from uitvoering.domain.values import Level, Statement
from uitvoering.errors import TamperedError


@dataclass(frozen=True, slots=True)
class AuditEngagement:
    """Opened under a mandate; its finding is issued once."""

    id: str
    version: int
    said: frozenset[Saying]
    body: str

    @staticmethod
    def issue_finding(
        known: "AuditEngagement | None",
        act: Act,
        *,
        mandate: str,
        body: str,
        statement: Statement | None,
        to: Level | None = None,
        about: str | None = None,
        previous: str | None = None,
        theme: str | None = None,
    ) -> tuple[Fact, ...]:
        """Open the engagement and issue in one go; only a public source may leave out the words."""
        opened = EngagementOpened(mandate=mandate, body=body)
        issued = FindingIssued(
            statement=statement, to=to, about=about, previous=previous, theme=theme
        )
        if known is not None:
            if {saying(opened, act), saying(issued, act)} <= known.said:
                return ()
            raise refused.FindingAlreadyIssuedError(finding=known.id, body=known.body)
        if statement is None and act.source is None:
            raise refused.FindingStatementMissingError
        return (opened, issued)


def evolve(state: AuditEngagement | None, event: Recorded[Any]) -> AuditEngagement:
    fact: AuditFact = event.fact
    told = saying(fact, event)
    if state is None:
        if not isinstance(fact, EngagementOpened):
            raise TamperedError(position=event.originator_version, cause="no engagement was opened")
        return AuditEngagement(
            id=event.originator_id,
            version=event.originator_version,
            said=frozenset({told}),
            body=fact.body,
        )
    now = replace(state, version=event.originator_version, said=state.said | {told})
    match fact:
        case EngagementOpened() | FindingIssued():
            return now
        case _:
            assert_never(fact)
