"""What an audit engagement records and refuses."""

import pytest

from tests.given import STREAM, By, Given, act, event_id, recorded
from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.acts import Act, Source
from uitvoering.domain.audit import AuditEngagement, evolve
from uitvoering.domain.events.audit import EngagementOpened, FindingIssued
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import Level, Role, Statement
from uitvoering.errors import TamperedError

FOUND = Statement(text="Bij 232 gezinnen is de toeslag te vroeg gestopt.", severity=4)
OPENED = EngagementOpened(mandate="own-mandate", body="nationale-ombudsman")
ISSUED = FindingIssued(
    statement=FOUND,
    to=Level.MINISTER,
    about=event_id(300),
    previous=event_id(301),
    theme="rechtsbescherming",
)
SOURCE = Source(title="rapport 2017/095")
AUDITING = act(Level.OMBUDSMAN, "2026-03-02", Role.AUDITOR, "nationale-ombudsman")
TOLD = act(Level.OMBUDSMAN, "2026-03-02", Role.AUDITOR, "nationale-ombudsman", source=SOURCE)
DONE = (By(OPENED, AUDITING), By(ISSUED, AUDITING))


def given(*told: Fact | By) -> Given[AuditEngagement]:
    return Given(evolve, told)


def issue(
    known: AuditEngagement | None, by: Act, statement: Statement | None = FOUND
) -> tuple[Fact, ...]:
    return AuditEngagement.issue_finding(
        known,
        by,
        mandate="own-mandate",
        body="nationale-ombudsman",
        statement=statement,
        to=Level.MINISTER,
        about=event_id(300),
        previous=event_id(301),
        theme="rechtsbescherming",
    )


def test_a_finding_opens_its_engagement_and_is_issued_in_one_go() -> None:
    given().when(lambda known: issue(known, AUDITING)).then(OPENED, ISSUED)


def test_a_finding_is_recorded_as_it_came_also_when_its_words_are_not_public() -> None:
    given().when(lambda known: issue(known, TOLD, None)).then(
        OPENED, ISSUED.model_copy(update={"statement": None})
    )


def test_the_same_finding_again_records_nothing() -> None:
    given(*DONE).when(lambda known: issue(known, AUDITING)).then_nothing()


def test_a_finding_is_issued_once() -> None:
    given(*DONE).when(lambda known: issue(known, AUDITING, Statement(text="Anders."))).then_refused(
        refused.FindingAlreadyIssuedError,
        because=f"finding {STREAM} of nationale-ombudsman is issued already",
    )


def test_a_finding_of_ones_own_has_a_statement() -> None:
    given().when(lambda known: issue(known, AUDITING, None)).then_refused(
        refused.FindingStatementMissingError, because="give the statement"
    )


def test_a_stream_that_does_not_start_with_an_engagement_was_tampered_with() -> None:
    with pytest.raises(TamperedError, match="no engagement was opened"):
        evolve(None, recorded([By(ISSUED, AUDITING)])[0])
