"""One test of one proposal, its parties, and a decision for each of its facts."""

from collections.abc import Callable
from datetime import date

from tests.given import By, Given, act
from uitvoering.domain.acts import Source
from uitvoering.domain.events import implementation_test as facts
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.implementation_test import ImplementationTest, evolve
from uitvoering.domain.values import Level, Role, Statement

PROPOSAL = "3b1f0c9e-5d3a-4c55-9d0e-6f1f4a2b7c10"
OTHER_TEST = "9f6b6a0e-2a3c-4f8e-8a51-0d2c7e5b9a44"
HARD = Statement(text="4.000 huishoudens raken hun aanvulling drie maanden kwijt.", severity=4)
MILD = Statement(text="Voor sommige huishoudens vraagt de overgang aandacht.", severity=2)

ASKING = act(Level.PRINCIPAL, "2026-01-05", Role.REQUESTER, "szw")
TESTING = act(Level.BOARD, "2026-02-02", Role.TESTER, "uwv")
PARTNER = act(Level.BOARD, "2026-02-02", Role.LINE, "svb")
OUTSIDER = act(Level.ASSOCIATION, "2026-02-02", Role.TESTER, "vng")
TOLD = act(
    Level.BOARD, "2026-02-02", Role.TESTER, "uwv", source=Source(title="Kamerstuk 36 000, nr. 3")
)

REQUEST = facts.TestRequested(
    proposal=PROPOSAL,
    proposal_version="consultatie-1",
    kind=facts.TestKind.UITVOERINGSTOETS,
    template="uwv",
    tester="uwv",
    term_days=42,
    aspects=("handhaafbaarheid", "maakbaarheid"),
    optional_aspects=("privacy",),
)
REQUESTED = By(REQUEST, ASKING)
ACCEPTED = By(facts.TestAccepted(), TESTING)
DECLINED = By(facts.TestDeclined(reason="Geen taak van ons."), TESTING)
FIRST = By(facts.AspectAssessed(aspect="handhaafbaarheid", impact=facts.Impact.BEPERKT), TESTING)
SECOND = By(
    facts.AspectAssessed(aspect="maakbaarheid", impact=facts.Impact.NVT, reason="Geen systemen."),
    TESTING,
)
CONDITION = By(facts.ConditionStated(condition="c1", statement=HARD), TESTING)
VERDICT = By(facts.VerdictGiven(verdict=facts.Verdict.FEASIBLE), TESTING)
CONCLUDED = By(facts.TestConcluded(), TESTING)
SUPERSEDED = By(facts.TestSuperseded(by=OTHER_TEST), TESTING)
TESTED = (REQUESTED, FIRST, SECOND, VERDICT, CONCLUDED)

Decision = Callable[[ImplementationTest], tuple[Fact, ...]]


def given(*told: Fact | By) -> Given[ImplementationTest]:
    return Given(evolve, told)


DECISIONS: list[tuple[str, Decision, Fact]] = [
    ("accepted", lambda t: t.accept_test(TESTING), facts.TestAccepted()),
    (
        "declined",
        lambda t: t.decline_test(TESTING, reason="Geen taak van ons."),
        facts.TestDeclined(reason="Geen taak van ons."),
    ),
    (
        "term set by the tester",
        lambda t: t.set_term(TESTING, due_on=date(2026, 3, 2)),
        facts.TermSet(due_on=date(2026, 3, 2)),
    ),
    (
        "term set by the requester, shorter than asked",
        lambda t: t.set_term(ASKING, due_on=date(2026, 1, 12)),
        facts.TermSet(due_on=date(2026, 1, 12)),
    ),
    (
        "term extended",
        lambda t: t.extend_term(TESTING, due_on=date(2026, 2, 17), reason="Keten rekent nog."),
        facts.TermExtended(due_on=date(2026, 2, 17), reason="Keten rekent nog."),
    ),
    (
        "chain party",
        lambda t: t.add_chain_party(TESTING, party="svb"),
        facts.ChainPartyAdded(party="svb"),
    ),
    (
        "mandatory aspect",
        lambda t: t.assess_aspect(
            TESTING, aspect="handhaafbaarheid", impact=facts.Impact.INGRIJPEND, statement=HARD
        ),
        facts.AspectAssessed(
            aspect="handhaafbaarheid", impact=facts.Impact.INGRIJPEND, statement=HARD
        ),
    ),
    (
        "optional aspect that does not apply",
        lambda t: t.assess_aspect(
            TESTING, aspect="privacy", impact=facts.Impact.NVT, reason="Geen gegevens."
        ),
        facts.AspectAssessed(aspect="privacy", impact=facts.Impact.NVT, reason="Geen gegevens."),
    ),
    (
        "disruption",
        lambda t: t.rate_disruption(TESTING, disruption=facts.Disruption.GROOT),
        facts.DisruptionRated(disruption=facts.Disruption.GROOT),
    ),
    (
        "cost",
        lambda t: t.estimate_cost(
            TESTING,
            eur=1_250_000,
            recurrence=facts.CostRecurrence.INCIDENTEEL,
            item=facts.CostItem.AUTOMATISERING,
        ),
        facts.CostEstimated(
            eur=1_250_000,
            recurrence=facts.CostRecurrence.INCIDENTEEL,
            item=facts.CostItem.AUTOMATISERING,
        ),
    ),
    (
        "staffing",
        lambda t: t.estimate_staffing(
            TESTING, fte_tenths=125, recurrence=facts.CostRecurrence.STRUCTUREEL
        ),
        facts.StaffingEstimated(fte_tenths=125, recurrence=facts.CostRecurrence.STRUCTUREEL),
    ),
    (
        "condition",
        lambda t: t.state_condition(TESTING, condition="c1", statement=HARD, theme="gegevens"),
        facts.ConditionStated(condition="c1", statement=HARD, theme="gegevens"),
    ),
    (
        "recommendation",
        lambda t: t.make_recommendation(TESTING, recommendation="r1", to=Level.PRINCIPAL),
        facts.RecommendationMade(recommendation="r1", to=Level.PRINCIPAL),
    ),
    (
        "draft",
        lambda t: t.share_draft(
            TESTING, carrier="concept 0.8", statement=HARD, to=(Level.PRINCIPAL,)
        ),
        facts.DraftShared(carrier="concept 0.8", statement=HARD, to=(Level.PRINCIPAL,)),
    ),
    (
        "comment of the requester",
        lambda t: t.comment(ASKING, comment="Graag de bron."),
        facts.CommentReceived(comment="Graag de bron.", by=Level.PRINCIPAL),
    ),
    (
        "comment the tester received",
        lambda t: t.comment(TESTING, comment="Graag de bron.", by=Level.MINISTER),
        facts.CommentReceived(comment="Graag de bron.", by=Level.MINISTER),
    ),
    (
        "rewritten passage",
        lambda t: t.rewrite_passage(
            TESTING,
            before=HARD,
            after=MILD,
            asked_by=Level.PRINCIPAL,
            asked_by_organisation="szw",
            reason="Aantallen staan in de bijlage.",
            carrier="concept 0.9",
        ),
        facts.PassageRewritten(
            before=HARD,
            after=MILD,
            asked_by=Level.PRINCIPAL,
            asked_by_organisation="szw",
            reason="Aantallen staan in de bijlage.",
            carrier="concept 0.9",
        ),
    ),
    (
        "superseded before conclusion",
        lambda t: t.supersede_test(ASKING, by=OTHER_TEST),
        facts.TestSuperseded(by=OTHER_TEST),
    ),
    (
        "carrier of anyone",
        lambda t: t.state_in_carrier(
            OUTSIDER,
            carrier="Brief aan de Kamer",
            stage=facts.CarrierStage.LETTER_TO_PARLIAMENT,
            statement=MILD,
        ),
        facts.CarrierStated(
            carrier="Brief aan de Kamer",
            stage=facts.CarrierStage.LETTER_TO_PARLIAMENT,
            statement=MILD,
        ),
    ),
]
