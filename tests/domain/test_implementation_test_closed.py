"""Who may act on an implementation test, and what is closed once it is ended."""

import pytest

from tests.domain.told_about_a_test import (
    ASKING,
    CONCLUDED,
    DECISIONS,
    DECLINED,
    FIRST,
    MILD,
    OTHER_TEST,
    OUTSIDER,
    REQUEST,
    REQUESTED,
    SECOND,
    SUPERSEDED,
    TESTED,
    TESTING,
    VERDICT,
    Decision,
    given,
)
from tests.given import STREAM, By
from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.events import implementation_test as facts
from uitvoering.errors import UitvoeringError

Refusal = tuple[str, tuple[By, ...], Decision, type[UitvoeringError], str]

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


AT_THE_END: list[Refusal] = [
    (
        "verdict after the conclusion",
        TESTED,
        lambda t: t.give_verdict(TESTING, verdict=facts.Verdict.NOT_FEASIBLE),
        refused.TestConcludedError,
        "supersede it by a new test",
    ),
    (
        "concluded by the requester",
        TESTED[:-1],
        lambda t: t.conclude_test(ASKING),
        refused.TesterOnlyError,
        "you act for szw",
    ),
    (
        "concluded without a verdict",
        (REQUESTED, FIRST, SECOND),
        lambda t: t.conclude_test(TESTING),
        refused.NoVerdictError,
        f"test {STREAM} has no verdict",
    ),
    (
        "published before the conclusion",
        TESTED[:-1],
        lambda t: t.publish_test(TESTING, carrier="Kamerstuk"),
        refused.TestNotConcludedError,
        f"test {STREAM} is not concluded yet",
    ),
    (
        "published by an outsider",
        TESTED,
        lambda t: t.publish_test(OUTSIDER, carrier="Kamerstuk"),
        refused.TestPartyOnlyError,
        "you act for vng",
    ),
    (
        "a declined test published",
        (REQUESTED, DECLINED),
        lambda t: t.publish_test(TESTING, carrier="Kamerstuk"),
        refused.TestDeclinedError,
        "request a new test",
    ),
    (
        "superseded by itself",
        TESTED,
        lambda t: t.supersede_test(TESTING, by=STREAM),
        refused.SupersededByItselfError,
        f"test {STREAM} cannot supersede itself",
    ),
    (
        "superseded twice",
        (*TESTED, SUPERSEDED),
        lambda t: t.supersede_test(TESTING, by="3b1f0c9e-5d3a-4c55-9d0e-6f1f4a2b7c10"),
        refused.TestSupersededError,
        f"was superseded by {OTHER_TEST}",
    ),
    (
        "superseded by an outsider",
        TESTED,
        lambda t: t.supersede_test(OUTSIDER, by=OTHER_TEST),
        refused.TestPartyOnlyError,
        "you act for vng",
    ),
    (
        "the tester's own text told by another",
        (REQUESTED,),
        lambda t: t.state_in_carrier(
            ASKING, carrier="Toets 1.0", stage=facts.CarrierStage.FINAL, statement=MILD
        ),
        refused.TesterOnlyError,
        "only the tester, uwv",
    ),
]


@pytest.mark.parametrize(
    ("told", "decision", "error", "because"),
    [row[1:] for row in AT_THE_END],
    ids=[row[0] for row in AT_THE_END],
)
def test_refused_at_the_end(
    told: tuple[By, ...], decision: Decision, error: type[UitvoeringError], because: str
) -> None:
    given(*told).when(decision).then_refused(error, because=because)
