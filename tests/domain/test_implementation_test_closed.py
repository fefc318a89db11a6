"""Who may act on an implementation test, and what is closed once it is ended."""

import pytest

from tests.domain.told_about_a_test import (
    ASKING,
    CONCLUDED,
    DECISIONS,
    OTHER_TEST,
    REQUEST,
    REQUESTED,
    SUPERSEDED,
    TESTING,
    VERDICT,
    Decision,
    given,
)
from tests.given import STREAM, By
from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.events import implementation_test as facts

WORK = tuple(
    (name, decision)
    for name, decision, fact in DECISIONS
    if not isinstance(
        fact,
        facts.TermSet
        | facts.TermExtended
        | facts.ChainPartyAdded
        | facts.CommentReceived
        | facts.TestSuperseded
        | facts.CarrierStated,
    )
)
"""Decisions that are the tester's alone."""


@pytest.mark.parametrize(
    "decision", [decision for _, decision in WORK], ids=[name for name, _ in WORK]
)
def test_only_the_tester_puts_anything_in_the_test(decision: Decision) -> None:
    body = REQUEST.model_copy(update={"tester": "svb"})
    because = "only the tester, svb, may do this, and you act for uwv"
    given(By(body, ASKING)).when(decision).then_refused(refused.TesterOnlyError, because=because)


@pytest.mark.parametrize(
    "decision", [row[1] for row in DECISIONS], ids=[row[0] for row in DECISIONS]
)
def test_a_declined_test_accepts_nothing_more(decision: Decision) -> None:
    declined = By(facts.TestDeclined(reason="Anders."), TESTING)
    given(REQUESTED, declined).when(decision).then_refused(
        refused.TestDeclinedError, because=f"uwv declined test {STREAM}"
    )


def changing() -> list[tuple[str, Decision]]:
    kept = facts.TestSuperseded | facts.CarrierStated
    return [(name, decision) for name, decision, fact in DECISIONS if not isinstance(fact, kept)]


@pytest.mark.parametrize(
    "decision", [row[1] for row in changing()], ids=[row[0] for row in changing()]
)
def test_a_concluded_test_is_immutable(decision: Decision) -> None:
    told = (By(VERDICT.fact, TESTING), By(CONCLUDED.fact, TESTING))
    given(REQUESTED, *told).when(decision).then_refused(
        refused.TestConcludedError, because=f"test {STREAM} is concluded and no longer changes"
    )


@pytest.mark.parametrize(
    "decision", [row[1] for row in changing()], ids=[row[0] for row in changing()]
)
def test_a_superseded_test_is_left_as_it_was(decision: Decision) -> None:
    given(REQUESTED, SUPERSEDED).when(decision).then_refused(
        refused.TestSupersededError, because=f"work on in {OTHER_TEST}"
    )
