"""Which implementation tests exist, in what state, and where are they published?"""

from datetime import date

from uitvoering.domain.events.implementation_test import TestKind, Verdict
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.implementation_test_parts import Publication, TestState
from uitvoering.projections.implementation_tests import TestDocument
from uitvoering.projections.proposals import ProposalDocument


class RegisteredTest(Row):
    """One test, as far as it has come."""

    test: str
    proposal: str
    proposal_title: str | None
    """Null: the proposal is not known at this moment."""
    proposal_version: str
    kind: TestKind
    template: str
    requester: str
    tester: str
    state: TestState
    requested_on: date
    term_days: int
    due_on: date
    days_over: int
    """Days past the term without a verdict; 0 within the term, with a verdict or declined."""
    verdict: Verdict | None
    verdict_on: date | None
    feasible_from: date | None
    aspects_assessed: int
    """Of the mandatory aspects."""
    aspects_mandatory: int
    conditions: int
    recommendations: int
    publications: tuple[Publication, ...]
    superseded_by: str | None


def assessment_register(
    documents: Documents,
    moment: Moment,
    *,
    proposal: str | None = None,
    tester: str | None = None,
    requester: str | None = None,
    state: TestState | None = None,
) -> list[RegisteredTest]:
    """List by day of request, then by id."""
    asked = (
        (key, test)
        for key, test in documents.all(TestDocument)
        if proposal in (None, test.proposal)
        and tester in (None, test.tester)
        and requester in (None, test.requester)
        and state in (None, test.state)
    )
    rows = [_row(key, test, documents, moment) for key, test in asked]
    return sorted(rows, key=lambda row: (row.requested_on, row.test))


def _row(key: str, test: TestDocument, documents: Documents, moment: Moment) -> RegisteredTest:
    proposal = documents.get(ProposalDocument, test.proposal)
    assessed = {aspect.aspect for aspect in test.assessed}
    running = test.verdict_on is None and test.declined_on is None
    return RegisteredTest(
        test=key,
        proposal=test.proposal,
        proposal_title=proposal.title if proposal else None,
        proposal_version=test.proposal_version,
        kind=test.kind,
        template=test.template,
        requester=test.requester,
        tester=test.tester,
        state=test.state,
        requested_on=test.requested_on,
        term_days=test.term_days,
        due_on=test.due_on,
        days_over=max(0, (moment.today - test.due_on).days) if running else 0,
        verdict=test.verdict,
        verdict_on=test.verdict_on,
        feasible_from=test.feasible_from,
        aspects_assessed=len(assessed & set(test.aspects)),
        aspects_mandatory=len(test.aspects),
        conditions=len({c.code for c in test.conditions}),
        recommendations=len({r.code for r in test.recommendations}),
        publications=test.publications,
        superseded_by=test.superseded_by,
    )
