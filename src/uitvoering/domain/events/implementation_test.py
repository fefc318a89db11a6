"""Facts about one test (uitvoeringstoets) of one proposal version."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import (
    CalendarDate,
    Code,
    Id,
    Level,
    Name,
    Reference,
    Statement,
    Text,
)


class TestKind(StrEnum):
    __test__ = False

    UITVOERINGSTOETS = "uitvoeringstoets"
    UDO = "udo"
    HUF_TOETS = "huf-toets"
    QUICKSCAN = "quickscan"
    IMPACTANALYSE = "impactanalyse"
    DOENVERMOGENTOETS = "doenvermogentoets"
    INVOERINGSTOETS = "invoeringstoets"
    CONSULTATIEREACTIE = "consultatiereactie"


class Impact(StrEnum):
    BEPERKT = "beperkt"
    MIDDELGROOT = "middelgroot"
    INGRIJPEND = "ingrijpend"
    NVT = "nvt"


class Disruption(StrEnum):
    KLEIN = "klein"
    GEMIDDELD = "gemiddeld"
    GROOT = "groot"


class CostItem(StrEnum):
    DIENSTVERLENING = "dienstverlening"
    HANDHAVING = "handhaving"
    AUTOMATISERING = "automatisering"


class CostRecurrence(StrEnum):
    INCIDENTEEL = "incidenteel"
    STRUCTUREEL = "structureel"


class Verdict(StrEnum):
    FEASIBLE = "feasible"
    FEASIBLE_IF = "feasible-if"
    FEASIBLE_LATER = "feasible-later"
    NOT_FEASIBLE = "not-feasible"
    NOT_ASSESSABLE = "not-assessable"


class TestRequested(Fact):
    __test__ = False

    TOPIC: ClassVar[str] = "test-requested"
    proposal: Id
    proposal_version: Name
    kind: TestKind
    template: Code
    tester: Code
    """The organisation asked to test; never the requester's own."""
    term_days: Annotated[int, Field(ge=1, le=3_650, strict=True)]
    statement: Statement | None = None
    to: Level | None = None
    aspects: tuple[Code, ...] = ()
    """The mandatory aspects of the template, as they stood when the test was requested."""
    optional_aspects: tuple[Code, ...] = ()
    """The other aspects of the template; with neither, any aspect may be assessed."""


class TestAccepted(Fact):
    __test__ = False

    TOPIC: ClassVar[str] = "test-accepted"


class TestDeclined(Fact):
    __test__ = False

    TOPIC: ClassVar[str] = "test-declined"
    reason: Text


class TermSet(Fact):
    TOPIC: ClassVar[str] = "term-set"
    due_on: CalendarDate


class TermExtended(Fact):
    TOPIC: ClassVar[str] = "term-extended"
    due_on: CalendarDate
    reason: Text


class ChainPartyAdded(Fact):
    TOPIC: ClassVar[str] = "chain-party-added"
    party: Code


class AspectAssessed(Fact):
    TOPIC: ClassVar[str] = "aspect-assessed"
    aspect: Code
    impact: Impact
    statement: Statement | None = None
    reason: Text | None = None
    """Why the aspect does not apply: required with `nvt`."""


class DisruptionRated(Fact):
    TOPIC: ClassVar[str] = "disruption-rated"
    disruption: Disruption


class CostEstimated(Fact):
    TOPIC: ClassVar[str] = "cost-estimated"
    eur: Annotated[int, Field(ge=0, lt=2**53, strict=True)]
    """Whole euros."""
    recurrence: CostRecurrence
    item: CostItem


class StaffingEstimated(Fact):
    TOPIC: ClassVar[str] = "staffing-estimated"
    fte_tenths: Annotated[int, Field(ge=0, lt=2**31, strict=True)]
    """Full-time equivalents times ten: 25 is 2.5 fte, so that stored bytes hold no floats."""
    recurrence: CostRecurrence


class ConditionStated(Fact):
    TOPIC: ClassVar[str] = "condition-stated"
    condition: Code
    """Identifies the condition within its proposal, such as `c1`."""
    statement: Statement | None = None
    theme: Name | None = None
    to: Level | None = None


class RecommendationMade(Fact):
    TOPIC: ClassVar[str] = "recommendation-made"
    recommendation: Code
    statement: Statement | None = None
    theme: Name | None = None
    to: Level | None = None


class DraftShared(Fact):
    TOPIC: ClassVar[str] = "draft-shared"
    carrier: Reference
    statement: Statement
    to: tuple[Level, ...]


class CommentReceived(Fact):
    TOPIC: ClassVar[str] = "comment-received"
    comment: Text
    by: Level


class PassageRewritten(Fact):
    TOPIC: ClassVar[str] = "passage-rewritten"
    before: Statement
    after: Statement
    asked_by: Level
    asked_by_organisation: Code | None = None
    reason: Text
    carrier: Reference | None = None


class VerdictGiven(Fact):
    TOPIC: ClassVar[str] = "verdict-given"
    verdict: Verdict | None
    """Null: the source does not say which."""
    statement: Statement | None = None
    feasible_from: CalendarDate | None = None
    """Required with `feasible-later`."""
    to: Level | None = None


class TestConcluded(Fact):
    __test__ = False

    TOPIC: ClassVar[str] = "test-concluded"


class TestPublished(Fact):
    __test__ = False

    TOPIC: ClassVar[str] = "test-published"
    carrier: Reference


class TestSuperseded(Fact):
    __test__ = False

    TOPIC: ClassVar[str] = "test-superseded"
    by: Id


class CarrierStated(Fact):
    """How a cover letter, explanatory memorandum (par. 7) or letter to parliament puts the test."""

    TOPIC: ClassVar[str] = "carrier-stated"
    carrier: Reference
    stage: "CarrierStage"
    statement: Statement


class CarrierStage(StrEnum):
    """The documents in which a test is restated on its way to the law, in order."""

    DRAFT = "draft"
    FINAL = "final"
    COVERING_LETTER = "covering-letter"
    EXPLANATORY_MEMORANDUM = "explanatory-memorandum"
    LETTER_TO_PARLIAMENT = "letter-to-parliament"


CarrierStated.model_rebuild()

TestFact = (
    TestRequested
    | TestAccepted
    | TestDeclined
    | TermSet
    | TermExtended
    | ChainPartyAdded
    | AspectAssessed
    | DisruptionRated
    | CostEstimated
    | StaffingEstimated
    | ConditionStated
    | RecommendationMade
    | DraftShared
    | CommentReceived
    | PassageRewritten
    | VerdictGiven
    | TestConcluded
    | TestPublished
    | TestSuperseded
    | CarrierStated
)
