"""What a requester and a tester may ask of an implementation test (uitvoeringstoets)."""

from typing import Annotated, ClassVar

from pydantic import Field

from uitvoering.commands.command import Command
from uitvoering.commands.examples_of_tests import FINDING, MILDER, example
from uitvoering.domain.events.implementation_test import (
    CarrierStage,
    CostItem,
    CostRecurrence,
    Disruption,
    Impact,
    TestKind,
    Verdict,
)
from uitvoering.domain.values import (
    CalendarDate,
    Code,
    Id,
    Level,
    Name,
    Reference,
    Role,
    Statement,
    Text,
)


class AboutTest(Command):
    KIND: ClassVar[str] = "implementation-tests"


class ByTester(AboutTest):
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TESTER})


class ByParty(AboutTest):
    """A requester is let through, so that the test itself says what it refuses and why."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TESTER, Role.REQUESTER})


class RequestTest(AboutTest):
    """Ask an organisation to test one version of a proposal; never your own organisation."""

    model_config = example(
        proposal="3b1f0c9e-5d3a-4c55-9d0e-6f1f4a2b7c10",
        proposalVersion="consultatie-1",
        kind="uitvoeringstoets",
        template="belastingdienst",
        tester="belastingdienst",
        termDays=42,
        to="board",
    )
    PATH = ""
    ROLES = frozenset({Role.REQUESTER})

    proposal: Id
    proposal_version: Name
    kind: TestKind
    template: Code
    tester: Code
    term_days: Annotated[int, Field(ge=1, le=3_650, strict=True)] | None = None
    """Days; without it the policy `test_term_days` of that day."""
    statement: Statement | None = None
    to: Level | None = None


class AcceptTest(ByTester):
    model_config = example()
    PATH = "acceptances"


class DeclineTest(ByTester):
    model_config = example(reason="Het voorstel raakt geen taak van onze organisatie.")
    PATH = "declines"

    reason: Text


class SetTerm(ByParty):
    model_config = example(dueOn="2026-04-13")
    PATH = "terms"

    due_on: CalendarDate


class ExtendTerm(ByParty):
    model_config = example(
        dueOn="2026-05-04", reason="De gevolgen voor de ketenpartners worden nog berekend."
    )
    PATH = "term-extensions"

    due_on: CalendarDate
    reason: Text


class AddChainParty(ByParty):
    model_config = example(party="svb")
    PATH = "chain-parties"

    party: Code


class AssessAspect(ByTester):
    """Say how far the proposal reaches on one aspect; `nvt` needs a reason."""

    model_config = example(aspect="handhaafbaarheid", impact="ingrijpend", statement=FINDING)
    PATH = "aspects"

    aspect: Code
    impact: Impact
    statement: Statement | None = None
    reason: Text | None = None


class RateDisruption(ByTester):
    model_config = example(disruption="groot")
    PATH = "disruption-ratings"

    disruption: Disruption


class EstimateCost(ByTester):
    model_config = example(eur=1_250_000, recurrence="incidenteel", item="automatisering")
    PATH = "costs"

    eur: Annotated[int, Field(ge=0, lt=2**53, strict=True)]
    """Whole euros."""
    recurrence: CostRecurrence
    item: CostItem


class EstimateStaffing(ByTester):
    model_config = example(fteTenths=125, recurrence="structureel")
    PATH = "staffing"

    fte_tenths: Annotated[int, Field(ge=0, lt=2**31, strict=True)]
    """Full-time equivalents times ten: 125 is 12.5 fte."""
    recurrence: CostRecurrence


class StateCondition(ByTester):
    """State what must hold before the proposal can be carried out; an answer falls due."""

    model_config = example(
        condition="c1",
        theme="gegevensuitwisseling",
        to="principal",
        statement={
            "text": "Uitvoerbaar mits de inkomensgegevens maandelijks worden geleverd.",
            "requestedAction": "Regel de maandelijkse levering in de wet.",
        },
    )
    PATH = "conditions"

    condition: Code
    statement: Statement | None = None
    theme: Name | None = None
    to: Level | None = None


class MakeRecommendation(ByTester):
    """Say with what the proposal would work better; an answer falls due."""

    model_config = example(
        recommendation="r1",
        theme="communicatie",
        to="principal",
        statement={"text": "Bericht huishoudens twee maanden voor de overgang in gewone taal."},
    )
    PATH = "recommendations"

    recommendation: Code
    statement: Statement | None = None
    theme: Name | None = None
    to: Level | None = None


class ShareDraft(ByTester):
    model_config = example(
        carrier="concept-uitvoeringstoets v0.8", statement=FINDING, to=["principal"]
    )
    PATH = "drafts"

    carrier: Reference
    statement: Statement
    to: Annotated[tuple[Level, ...], Field(min_length=1)]


class Comment(AboutTest):
    """Comment on a test; without `by` it is the level you act at."""

    model_config = example(
        comment="De genoemde aantallen wijken af van onze raming; graag de bron erbij.",
        by="principal",
    )
    PATH = "comments"
    ROLES = ByParty.ROLES | {Role.LINE}

    comment: Text
    by: Level | None = None


class RewritePassage(ByParty):
    """Rewrite a passage at someone's asking; a requester is refused and sends a comment."""

    model_config = example(
        before=FINDING,
        after=MILDER,
        askedBy="principal",
        askedByOrganisation="szw",
        reason="Op verzoek van de opdrachtgever: de aantallen staan al in de bijlage.",
        carrier="concept-uitvoeringstoets v0.9",
    )
    PATH = "rewrites"

    before: Statement
    after: Statement
    asked_by: Level
    asked_by_organisation: Code | None = None
    reason: Text
    carrier: Reference | None = None


class GiveVerdict(ByTester):
    """Give the verdict once every mandatory aspect is assessed; null only from a public source."""

    model_config = example(
        verdict="feasible-later", statement=FINDING, feasibleFrom="2027-07-01", to="principal"
    )
    PATH = "verdicts"

    verdict: Verdict | None
    statement: Statement | None = None
    feasible_from: CalendarDate | None = None
    """Required with `feasible-later`."""
    to: Level | None = None


class ConcludeTest(ByTester):
    model_config = example()
    PATH = "conclusions"


class PublishTest(ByParty):
    model_config = example(carrier="Bijlage bij Kamerstuk 36 000, nr. 3")
    PATH = "publications"

    carrier: Reference


class SupersedeTest(ByParty):
    model_config = example(by="9f6b6a0e-2a3c-4f8e-8a51-0d2c7e5b9a44")
    PATH = "supersessions"

    by: Id


class StateInCarrier(AboutTest):
    """Record how a document on the way to the law puts the test."""

    model_config = example(
        carrier="Memorie van toelichting, par. 7 Uitvoering",
        stage="explanatory-memorandum",
        statement=MILDER,
    )
    PATH = "carriers"
    ROLES = ByParty.ROLES | {Role.LINE}

    carrier: Reference
    stage: CarrierStage
    statement: Statement


TestCommand = (
    RequestTest
    | AcceptTest
    | DeclineTest
    | SetTerm
    | ExtendTerm
    | AddChainParty
    | AssessAspect
    | RateDisruption
    | EstimateCost
    | EstimateStaffing
    | StateCondition
    | MakeRecommendation
    | ShareDraft
    | Comment
    | RewritePassage
    | GiveVerdict
    | ConcludeTest
    | PublishTest
    | SupersedeTest
    | StateInCarrier
)
