"""What is known of one test: what was asked, found, required, rewritten and published?"""

from datetime import date, timedelta
from typing import ClassVar, assert_never

from uitvoering.domain.events.implementation_test import (
    AspectAssessed,
    CarrierStage,
    CarrierStated,
    ChainPartyAdded,
    CommentReceived,
    ConditionStated,
    CostEstimated,
    Disruption,
    DisruptionRated,
    DraftShared,
    PassageRewritten,
    RecommendationMade,
    StaffingEstimated,
    TermExtended,
    TermSet,
    TestAccepted,
    TestConcluded,
    TestDeclined,
    TestFact,
    TestKind,
    TestPublished,
    TestRequested,
    TestSuperseded,
    Verdict,
    VerdictGiven,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.projections.documents import Document, Documents
from uitvoering.projections.implementation_test_parts import (
    AssessedAspect,
    Carried,
    Comment,
    Cost,
    Publication,
    Rewrite,
    Staffing,
    Stated,
    TestState,
    assessed_in,
    carried_in,
    rewrite_in,
    stated_in,
)


class TestDocument(Document):
    """One test of one proposal version."""

    __test__ = False

    VIEW: ClassVar[str] = "tests"

    proposal: str
    proposal_version: str
    kind: TestKind
    template: str
    requester: str
    """The organisation that asked."""
    tester: str
    requested_on: date
    term_days: int
    due_on: date
    term_reason: str | None = None
    aspects: tuple[str, ...] = ()
    """The mandatory aspects of the template, as they stood at the request."""
    accepted_on: date | None = None
    declined_on: date | None = None
    decline_reason: str | None = None
    chain_parties: tuple[str, ...] = ()
    assessed: tuple[AssessedAspect, ...] = ()
    disruption: Disruption | None = None
    costs: tuple[Cost, ...] = ()
    staffing: tuple[Staffing, ...] = ()
    conditions: tuple[Stated, ...] = ()
    recommendations: tuple[Stated, ...] = ()
    comments: tuple[Comment, ...] = ()
    carriers: tuple[Carried, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    verdict: Verdict | None = None
    verdict_on: date | None = None
    """Set although `verdict` is null when the source does not say which verdict was given."""
    feasible_from: date | None = None
    concluded_on: date | None = None
    publications: tuple[Publication, ...] = ()
    superseded_by: str | None = None

    @property
    def state(self) -> TestState:
        reached = (
            (self.superseded_by is not None, TestState.SUPERSEDED),
            (bool(self.publications), TestState.PUBLISHED),
            (self.concluded_on is not None, TestState.CONCLUDED),
            (self.verdict_on is not None, TestState.VERDICT_GIVEN),
            (self.declined_on is not None, TestState.DECLINED),
            (bool(self.assessed), TestState.ASSESSING),
            (self.accepted_on is not None, TestState.ACCEPTED),
        )
        return next((state for holds, state in reached if holds), TestState.REQUESTED)


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Skip a test whose request is not visible at the moment asked: it is not known then."""
    fact = event.fact
    if not isinstance(fact, TestFact):
        return
    before = documents.get(TestDocument, event.originator_id)
    if isinstance(fact, TestRequested):
        documents.put(event.originator_id, _requested(event, fact))
    elif before is not None:
        changes = _changes(event, fact, before)
        documents.put(event.originator_id, before.model_copy(update=changes))


def _requested(event: AnyRecorded, fact: TestRequested) -> TestDocument:
    return TestDocument(
        proposal=fact.proposal,
        proposal_version=fact.proposal_version,
        kind=fact.kind,
        template=fact.template,
        requester=event.organisation,
        tester=fact.tester,
        requested_on=event.happened_on,
        term_days=fact.term_days,
        due_on=event.happened_on + timedelta(days=fact.term_days),
        aspects=fact.aspects,
    )


def _changes(event: AnyRecorded, fact: TestFact, before: TestDocument) -> dict[str, object]:
    on = event.happened_on
    match fact:
        case TestRequested():
            return {}
        case TestAccepted():
            return {"accepted_on": on}
        case TestDeclined():
            return {"declined_on": on, "decline_reason": fact.reason}
        case TermSet():
            return {"due_on": fact.due_on}
        case TermExtended():
            return {"due_on": fact.due_on, "term_reason": fact.reason}
        case ChainPartyAdded():
            return {"chain_parties": (*before.chain_parties, fact.party)}
        case DisruptionRated():
            return {"disruption": fact.disruption}
        case CostEstimated():
            cost = Cost(eur=fact.eur, recurrence=fact.recurrence, item=fact.item)
            return {"costs": (*before.costs, cost)}
        case StaffingEstimated():
            staffing = Staffing(fte_tenths=fact.fte_tenths, recurrence=fact.recurrence)
            return {"staffing": (*before.staffing, staffing)}
        case CommentReceived():
            comment = Comment(comment=fact.comment, by=fact.by, received_on=on)
            return {"comments": (*before.comments, comment)}
        case TestConcluded():
            return {"concluded_on": on}
        case TestPublished():
            publication = Publication(carrier=fact.carrier, published_on=on)
            return {"publications": (*before.publications, publication)}
        case TestSuperseded():
            return {"superseded_by": fact.by}
        case (
            AspectAssessed()
            | ConditionStated()
            | RecommendationMade()
            | DraftShared()
            | PassageRewritten()
            | VerdictGiven()
            | CarrierStated()
        ):
            return _said(event, fact, before)
        case _:
            assert_never(fact)


def _said(
    event: AnyRecorded,
    fact: AspectAssessed
    | ConditionStated
    | RecommendationMade
    | DraftShared
    | PassageRewritten
    | VerdictGiven
    | CarrierStated,
    before: TestDocument,
) -> dict[str, object]:
    """Take in what carries a statement, or is compared as one."""
    match fact:
        case AspectAssessed():
            others = tuple(a for a in before.assessed if a.aspect != fact.aspect)
            return {"assessed": (*others, assessed_in(event, fact))}
        case ConditionStated():
            stated = stated_in(event, fact, fact.condition)
            return {"conditions": (*before.conditions, stated)}
        case RecommendationMade():
            stated = stated_in(event, fact, fact.recommendation)
            return {"recommendations": (*before.recommendations, stated)}
        case DraftShared():
            carried = carried_in(event, CarrierStage.DRAFT, fact.carrier, fact.statement)
            return {"carriers": (*before.carriers, carried)}
        case CarrierStated():
            carried = carried_in(event, fact.stage, fact.carrier, fact.statement)
            return {"carriers": (*before.carriers, carried)}
        case PassageRewritten():
            return {"rewrites": (*before.rewrites, rewrite_in(event, fact))}
        case VerdictGiven():
            given: dict[str, object] = {
                "verdict": fact.verdict,
                "verdict_on": event.happened_on,
                "feasible_from": fact.feasible_from,
            }
            if fact.statement is not None:
                final = carried_in(event, CarrierStage.FINAL, None, fact.statement)
                given["carriers"] = (*before.carriers, final)
            return given
        case _:
            assert_never(fact)
