"""An objection travels with the signal; who may answer it, withdraw it, or accept the milder?"""

import pytest

from tests.domain.signal_histories import (
    BOARD,
    CONTRADICTED,
    EXPERT,
    HARD,
    LEAD,
    MILD,
    ORIGIN,
    RAISED,
    REPORTER,
    ROUTE,
    SECOND,
    SOFTENED,
    SOURCE,
    UNKNOWN,
    given,
    the,
)
from tests.given import STREAM, By, act
from uitvoering.domain.acts import Act
from uitvoering.domain.events.signal import (
    ContradictionAnswered,
    ContradictionFiled,
    ContradictionWithdrawn,
    ReassessmentAccepted,
    SignalHandedOn,
)
from uitvoering.domain.refusals_of_signals import (
    ContradictionAlreadyWithdrawnError,
    ContradictionNotYoursError,
    ContradictionUnknownError,
    ReassessmentNotYoursError,
    RestatementUnknownError,
    SignalEventUnknownError,
)
from uitvoering.domain.values import Level

ANSWERED = By(ContradictionAnswered(contradiction=SECOND, answer="Opnieuw geteld: 300."), LEAD)
WITHDRAWN = By(ContradictionWithdrawn(contradiction=SECOND), EXPERT)


def test_a_contradiction_is_against_an_event_of_this_signal() -> None:
    given(RAISED, SOFTENED).when(
        lambda s: s.contradict(EXPERT, against=SECOND, statement=HARD, theme="omvang")
    ).then(ContradictionFiled(against=SECOND, statement=HARD, theme="omvang"))
    given(RAISED).when(
        lambda s: s.contradict(EXPERT, against=UNKNOWN, statement=HARD)
    ).then_refused(SignalEventUnknownError, because=f"known here: {ORIGIN}")


def test_a_contradiction_goes_along_in_every_later_hand_on() -> None:
    on = (
        By(SignalHandedOn(to=Level.DEPARTMENT), LEAD),
        By(SignalHandedOn(to=Level.BOARD), act(Level.DEPARTMENT, "2026-01-26")),
    )
    signal = the(RAISED, CONTRADICTED, *on, SOFTENED)
    (still,) = signal.open_contradictions
    assert (still.id, still.level, still.against) == (SECOND, Level.EXPERT, ORIGIN)


def test_an_answer_does_not_detach_a_contradiction() -> None:
    given(RAISED, CONTRADICTED).when(
        lambda s: s.answer_contradiction(LEAD, contradiction=SECOND, answer="Opnieuw geteld: 300.")
    ).then(ANSWERED.fact)
    (answered,) = the(RAISED, CONTRADICTED, ANSWERED).open_contradictions
    assert answered.answered


def test_only_the_level_that_filed_a_contradiction_withdraws_it() -> None:
    given(RAISED, CONTRADICTED).when(
        lambda s: s.withdraw_contradiction(EXPERT, contradiction=SECOND, reason="Hersteld.")
    ).then(ContradictionWithdrawn(contradiction=SECOND, reason="Hersteld."))
    given(RAISED, CONTRADICTED).when(
        lambda s: s.withdraw_contradiction(BOARD, contradiction=SECOND)
    ).then_refused(
        ContradictionNotYoursError, because="was filed by expert of uwv, not by board of uwv"
    )
    assert the(RAISED, CONTRADICTED, WITHDRAWN).open_contradictions == ()


def test_a_contradiction_that_was_never_filed_is_not_answered_or_withdrawn() -> None:
    why = f"signal {STREAM} has no contradiction {ORIGIN}; filed here: {SECOND}"
    given(RAISED, CONTRADICTED).when(
        lambda s: s.answer_contradiction(LEAD, contradiction=ORIGIN, answer="Nee.")
    ).then_refused(ContradictionUnknownError, because=why)
    given(RAISED, CONTRADICTED).when(
        lambda s: s.withdraw_contradiction(EXPERT, contradiction=ORIGIN)
    ).then_refused(ContradictionUnknownError, because=why)
    given(RAISED).when(
        lambda s: s.withdraw_contradiction(EXPERT, contradiction=SECOND)
    ).then_refused(ContradictionUnknownError, because="filed here: -")


def test_a_withdrawn_contradiction_is_over() -> None:
    later = act(Level.EXPERT, "2026-02-20")
    why = f"contradiction {SECOND} of signal {STREAM} was withdrawn"
    given(RAISED, CONTRADICTED, WITHDRAWN).when(
        lambda s: s.withdraw_contradiction(later, contradiction=SECOND)
    ).then_refused(ContradictionAlreadyWithdrawnError, because=why)
    given(RAISED, CONTRADICTED, WITHDRAWN).when(
        lambda s: s.answer_contradiction(LEAD, contradiction=SECOND, answer="Alsnog.")
    ).then_refused(ContradictionAlreadyWithdrawnError, because=why)


@pytest.mark.parametrize("by", [REPORTER, EXPERT, act(Level.QUALITY)])
def test_the_reporters_level_or_a_deliberation_accepts_a_weaker_statement(by: Act) -> None:
    given(RAISED, SOFTENED).when(lambda s: s.accept_reassessment(by, of=SECOND)).then(
        ReassessmentAccepted(of=SECOND)
    )


@pytest.mark.parametrize(
    "by", [LEAD, BOARD, act(Level.CONTROLLER), act(Level.FRONTLINE, organisation="svb")]
)
def test_no_other_level_accepts_a_weaker_statement(by: Act) -> None:
    given(RAISED, SOFTENED).when(lambda s: s.accept_reassessment(by, of=SECOND)).then_refused(
        ReassessmentNotYoursError,
        because=f"(expert, quality), not by {by.level} of {by.organisation}",
    )


def test_the_same_level_of_another_body_withdraws_no_contradiction() -> None:
    elsewhere = act(Level.EXPERT, organisation="svb")
    given(RAISED, CONTRADICTED).when(
        lambda s: s.withdraw_contradiction(elsewhere, contradiction=SECOND)
    ).then_refused(ContradictionNotYoursError, because="expert of uwv, not by expert of svb")


def test_only_a_restatement_can_be_accepted() -> None:
    given(RAISED, SOFTENED).when(lambda s: s.accept_reassessment(REPORTER, of=ORIGIN)).then_refused(
        RestatementUnknownError, because=f"has no restatement {ORIGIN}; restated here: {SECOND}"
    )


def test_a_contradicted_signal_is_still_handed_on() -> None:
    given(RAISED, CONTRADICTED).when(
        lambda s: s.hand_on(LEAD, to=Level.DEPARTMENT, statement=MILD, route=ROUTE)
    ).then(SignalHandedOn(to=Level.DEPARTMENT, statement=MILD))


def test_a_public_source_may_tell_of_an_objection_to_a_finding_or_a_test() -> None:
    told = EXPERT.model_copy(update={"source": SOURCE})
    given(RAISED).when(lambda s: s.contradict(told, against=UNKNOWN, statement=MILD)).then(
        ContradictionFiled(against=UNKNOWN, statement=MILD)
    )
