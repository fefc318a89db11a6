"""What an implementation test records: given these facts, when this is decided, then that fact."""

from datetime import date

import pytest

from tests.domain.told_about_a_test import (
    ACCEPTED,
    ASKING,
    CONDITION,
    DECISIONS,
    FIRST,
    HARD,
    OTHER_TEST,
    PARTNER,
    REQUEST,
    REQUESTED,
    SECOND,
    TESTED,
    TESTING,
    TOLD,
    Decision,
    given,
)
from tests.given import STREAM, By, recorded
from uitvoering.domain.acts import Act
from uitvoering.domain.events import implementation_test as facts
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.implementation_test import evolve, request_test
from uitvoering.domain.values import Level
from uitvoering.errors import TamperedError


def test_a_test_is_asked_of_another_organisation() -> None:
    given().when(lambda _: request_test(ASKING, REQUEST)).then(REQUEST)


@pytest.mark.parametrize(
    ("decision", "fact"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS]
)
def test_a_requested_test_records(decision: Decision, fact: Fact) -> None:
    given(REQUESTED).when(decision).then(fact)


VERDICTS: list[tuple[Act, facts.Verdict | None, date | None, tuple[By, ...]]] = [
    (TESTING, facts.Verdict.FEASIBLE, None, ()),
    (TESTING, facts.Verdict.NOT_FEASIBLE, None, ()),
    (TESTING, facts.Verdict.NOT_ASSESSABLE, None, ()),
    (TESTING, facts.Verdict.FEASIBLE_IF, None, (CONDITION,)),
    (TESTING, facts.Verdict.FEASIBLE_LATER, date(2027, 7, 1), ()),
    (TOLD, None, None, ()),
    (TOLD, facts.Verdict.FEASIBLE_IF, None, ()),
    (TOLD, facts.Verdict.FEASIBLE_LATER, None, ()),
]


@pytest.mark.parametrize(("by", "verdict", "since", "more"), VERDICTS)
def test_a_verdict_follows_the_mandatory_aspects(
    by: Act, verdict: facts.Verdict | None, since: date | None, more: tuple[By, ...]
) -> None:
    given(REQUESTED, FIRST, SECOND, *more).when(
        lambda t: t.give_verdict(
            by, verdict=verdict, statement=HARD, feasible_from=since, to=Level.PRINCIPAL
        )
    ).then(
        facts.VerdictGiven(verdict=verdict, statement=HARD, feasible_from=since, to=Level.PRINCIPAL)
    )


def test_until_the_conclusion_another_verdict_may_follow() -> None:
    given(*TESTED[:-1]).when(
        lambda t: t.give_verdict(TESTING, verdict=facts.Verdict.NOT_FEASIBLE)
    ).then(facts.VerdictGiven(verdict=facts.Verdict.NOT_FEASIBLE))


def test_a_test_with_a_verdict_is_concluded() -> None:
    given(*TESTED[:-1]).when(lambda t: t.conclude_test(TESTING)).then(facts.TestConcluded())


def test_a_chain_party_comments_too() -> None:
    given(REQUESTED, By(facts.ChainPartyAdded(party="svb"), TESTING)).when(
        lambda t: t.comment(PARTNER, comment="Ook bij ons.", by=Level.BOARD)
    ).then(facts.CommentReceived(comment="Ook bij ons.", by=Level.BOARD))


AFTERWARDS: list[tuple[str, Decision, Fact]] = [
    (
        "published by the requester",
        lambda t: t.publish_test(ASKING, carrier="Kamerstuk 36 000, nr. 3"),
        facts.TestPublished(carrier="Kamerstuk 36 000, nr. 3"),
    ),
    (
        "superseded",
        lambda t: t.supersede_test(TESTING, by=OTHER_TEST),
        facts.TestSuperseded(by=OTHER_TEST),
    ),
    (
        "final text",
        lambda t: t.state_in_carrier(
            TESTING, carrier="Toets 1.0", stage=facts.CarrierStage.FINAL, statement=HARD
        ),
        facts.CarrierStated(carrier="Toets 1.0", stage=facts.CarrierStage.FINAL, statement=HARD),
    ),
]


@pytest.mark.parametrize(
    ("decision", "fact"), [row[1:] for row in AFTERWARDS], ids=[row[0] for row in AFTERWARDS]
)
def test_a_concluded_test_still_records(decision: Decision, fact: Fact) -> None:
    given(*TESTED).when(decision).then(fact)


def test_the_term_runs_from_the_request_until_it_is_set_and_extended() -> None:
    def due(*told: Fact | By) -> date:
        state = given(REQUESTED, *told).state
        assert state is not None
        return state.due_on

    earlier, later = date(2026, 2, 2), date(2026, 4, 1)
    assert due() == date(2026, 2, 16)
    assert due(facts.TermSet(due_on=earlier)) == earlier
    extended = facts.TermExtended(due_on=later, reason="Keten.")
    assert due(facts.TermSet(due_on=earlier), extended) == later


def test_a_stream_that_does_not_start_with_a_request_was_tampered_with() -> None:
    with pytest.raises(TamperedError, match="no request comes first"):
        evolve(None, recorded([ACCEPTED], STREAM)[0])
