"""What an implementation test refuses, and what it says is to be done instead."""

from datetime import date

import pytest

from tests.domain.told_about_a_test import (
    ACCEPTED,
    ASKING,
    CONDITION,
    FIRST,
    HARD,
    MILD,
    OUTSIDER,
    PARTNER,
    REQUEST,
    REQUESTED,
    SECOND,
    TESTING,
    TOLD,
    Decision,
    given,
)
from tests.given import STREAM, By, act
from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.events import implementation_test as facts
from uitvoering.domain.implementation_test import request_test
from uitvoering.domain.values import Level, Role, Statement
from uitvoering.errors import UitvoeringError

Refusal = tuple[str, tuple[By, ...], Decision, type[UitvoeringError], str]


def test_the_requester_cannot_be_the_tester() -> None:
    own = REQUEST.model_copy(update={"tester": "szw"})
    given().when(lambda _: request_test(ASKING, own)).then_refused(
        refused.TesterIsRequesterError, because="szw asks for this test and cannot be its tester"
    )


def test_a_test_is_requested_once() -> None:
    other = REQUEST.model_copy(update={"kind": facts.TestKind.QUICKSCAN})
    given(REQUESTED).when(lambda t: t.request_again(ASKING, other)).then_refused(
        refused.TestAlreadyRequestedError,
        because=f"test {STREAM} was requested of uwv on 2026-01-05",
    )


REFUSALS: list[Refusal] = [
    (
        "accepted twice",
        (REQUESTED, ACCEPTED),
        lambda t: t.accept_test(act(Level.BOARD, "2026-02-09", Role.TESTER, "uwv")),
        refused.TestAlreadyAcceptedError,
        "uwv took this test on",
    ),
    (
        "declined after acceptance",
        (REQUESTED, ACCEPTED),
        lambda t: t.decline_test(TESTING, reason="Toch niet."),
        refused.TestAlreadyAcceptedError,
        "give the verdict not-assessable",
    ),
    (
        "declined after work began",
        (REQUESTED, FIRST),
        lambda t: t.decline_test(TESTING, reason="Toch niet."),
        refused.TestAlreadyAcceptedError,
        "uwv took this test on",
    ),
    (
        "term set by an outsider",
        (REQUESTED,),
        lambda t: t.set_term(OUTSIDER, due_on=date(2026, 3, 1)),
        refused.TestPartyOnlyError,
        "this is for szw, uwv, and you act for vng",
    ),
    (
        "term set twice",
        (REQUESTED, By(facts.TermSet(due_on=date(2026, 3, 1)), TESTING)),
        lambda t: t.set_term(TESTING, due_on=date(2026, 4, 1)),
        refused.TermAlreadySetError,
        "the term is set: 2026-03-01; extend it",
    ),
    (
        "term before the request",
        (REQUESTED,),
        lambda t: t.set_term(TESTING, due_on=date(2026, 1, 4)),
        refused.TermBeforeRequestError,
        "2026-01-04 is before the request of 2026-01-05",
    ),
    (
        "term extended by an outsider",
        (REQUESTED,),
        lambda t: t.extend_term(OUTSIDER, due_on=date(2026, 3, 1), reason="Keten."),
        refused.TestPartyOnlyError,
        "you act for vng",
    ),
    (
        "term extended to the same day",
        (REQUESTED,),
        lambda t: t.extend_term(TESTING, due_on=date(2026, 2, 16), reason="Keten."),
        refused.TermNotLaterError,
        "2026-02-16 is not later than the present term of 2026-02-16",
    ),
    (
        "chain party added by an outsider",
        (REQUESTED,),
        lambda t: t.add_chain_party(OUTSIDER, party="vng"),
        refused.TestPartyOnlyError,
        "you act for vng",
    ),
    (
        "chain party added twice",
        (REQUESTED, By(facts.ChainPartyAdded(party="svb"), TESTING)),
        lambda t: t.add_chain_party(ASKING, party="svb"),
        refused.ChainPartyAlreadyAddedError,
        "svb is a chain party already; the parties are: svb",
    ),
    (
        "aspect the template does not have",
        (REQUESTED,),
        lambda t: t.assess_aspect(TESTING, aspect="draagvlak", impact=facts.Impact.BEPERKT),
        refused.AspectUnknownError,
        "template uwv has no aspect draagvlak; it has: handhaafbaarheid, maakbaarheid, privacy",
    ),
    (
        "aspect that does not apply, without a reason",
        (REQUESTED,),
        lambda t: t.assess_aspect(TESTING, aspect="privacy", impact=facts.Impact.NVT),
        refused.AspectReasonMissingError,
        "aspect privacy is said not to apply without a reason",
    ),
    (
        "condition code used twice",
        (REQUESTED, CONDITION),
        lambda t: t.state_condition(TESTING, condition="c1", statement=MILD),
        refused.ConditionAlreadyStatedError,
        "condition c1 is stated already; choose a new code; in use: c1",
    ),
    (
        "recommendation code used twice",
        (REQUESTED, By(facts.RecommendationMade(recommendation="r1"), TESTING)),
        lambda t: t.make_recommendation(TESTING, recommendation="r1", statement=MILD),
        refused.RecommendationAlreadyMadeError,
        "recommendation r1 is made already; choose a new code; in use: r1",
    ),
    (
        "comment by an outsider",
        (REQUESTED,),
        lambda t: t.comment(PARTNER, comment="Ook bij ons."),
        refused.TestPartyOnlyError,
        "this is for szw, uwv, and you act for svb",
    ),
    (
        "comment for another level",
        (REQUESTED,),
        lambda t: t.comment(ASKING, comment="Mee oneens.", by=Level.MINISTER),
        refused.CommentByOtherLevelError,
        "you act as principal and cannot comment as minister",
    ),
    (
        "rewritten by the requester",
        (REQUESTED,),
        lambda t: t.rewrite_passage(
            ASKING, before=HARD, after=MILD, asked_by=Level.PRINCIPAL, reason="Te scherp."
        ),
        refused.RequesterMayNotEditError,
        "szw asked for this test and may comment on it, never edit it",
    ),
    (
        "rewritten in the role of requester within the tester's own body",
        (REQUESTED,),
        lambda t: t.rewrite_passage(
            act(Level.BOARD, "2026-02-02", Role.REQUESTER, "uwv"),
            before=HARD,
            after=MILD,
            asked_by=Level.PRINCIPAL,
            reason="Te scherp.",
        ),
        refused.RequesterMayNotEditError,
        "send a comment",
    ),
    (
        "rewritten into the same words",
        (REQUESTED,),
        lambda t: t.rewrite_passage(
            TESTING,
            before=HARD,
            after=Statement(text=HARD.text.replace(" ", "\n "), severity=4),
            asked_by=Level.PRINCIPAL,
            reason="Opmaak.",
        ),
        refused.PassageNotRewrittenError,
        "before and after say the same",
    ),
    (
        "verdict without its aspects, source or not",
        (REQUESTED, FIRST),
        lambda t: t.give_verdict(TOLD, verdict=facts.Verdict.FEASIBLE),
        refused.AspectsMissingError,
        "missing: maakbaarheid; assess each",
    ),
    (
        "no verdict and no source",
        (REQUESTED, FIRST, SECOND),
        lambda t: t.give_verdict(TESTING, verdict=None),
        refused.VerdictMissingError,
        "choose one of feasible, feasible-if, feasible-later, not-feasible, not-assessable",
    ),
    (
        "feasible-if without a condition",
        (REQUESTED, FIRST, SECOND),
        lambda t: t.give_verdict(TESTING, verdict=facts.Verdict.FEASIBLE_IF),
        refused.VerdictWithoutConditionError,
        "state the condition first",
    ),
    (
        "feasible-later without a date",
        (REQUESTED, FIRST, SECOND),
        lambda t: t.give_verdict(TESTING, verdict=facts.Verdict.FEASIBLE_LATER),
        refused.VerdictWithoutDateError,
        "say from which day",
    ),
    (
        "verdict by another body",
        (REQUESTED, FIRST, SECOND),
        lambda t: t.give_verdict(OUTSIDER, verdict=facts.Verdict.FEASIBLE),
        refused.TesterOnlyError,
        "ask uwv",
    ),
]


@pytest.mark.parametrize(
    ("told", "decision", "error", "because"),
    [row[1:] for row in REFUSALS],
    ids=[row[0] for row in REFUSALS],
)
def test_refused(
    told: tuple[By, ...], decision: Decision, error: type[UitvoeringError], because: str
) -> None:
    given(*told).when(decision).then_refused(error, because=because)


def test_a_public_source_may_tell_that_a_condition_was_stated_again() -> None:
    again = facts.ConditionStated(condition="c1", statement=MILD)
    given(REQUESTED, CONDITION).when(
        lambda t: t.state_condition(TOLD, condition="c1", statement=MILD)
    ).then(again)
