"""Facts about findings of outside bodies and auditors, recorded as they came.

Only what public cases need: a mandate, a draft sent for comment and the finding. The rest of
DOMAIN 7.10 (scope, replay, reply terms) comes with its own issue.
"""

from typing import ClassVar

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import Code, Id, Level, Name, Statement


class EngagementOpened(Fact):
    TOPIC: ClassVar[str] = "engagement-opened"
    mandate: Name
    body: Code


class FindingIssued(Fact):
    TOPIC: ClassVar[str] = "finding-issued"
    statement: Statement | None
    """Null: the source does not say how the finding was put."""
    to: Level | None = None
    about: Id | None = None
    """The signal the finding is about, if it names one."""
    previous: Id | None = None
    """The event whose statement it weighs, if it names one."""
    theme: Name | None = None


AuditFact = EngagementOpened | FindingIssued
