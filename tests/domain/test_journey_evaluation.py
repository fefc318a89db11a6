"""An evaluation is owed from `execute` or entry into force; its absence is a fact (DOMAIN 8)."""

from datetime import date

from tests.domain.told_about_a_journey import (
    CLOSED,
    DAY,
    DUE,
    EVALUATED,
    EXECUTED,
    STARTED,
    TERMS,
    ask,
    given,
    on,
)
from uitvoering.commands.journey import (
    CloseJourney,
    EnterPhase,
)
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import (
    EvaluationFellDue,
    EvaluationLapsed,
    JourneyClosed,
    Phase,
)
from uitvoering.domain.journey import PolicyJourney
from uitvoering.domain.refusals_of_policies import (
    ClosingReasonMissingError,
)


def test_entering_execute_makes_an_evaluation_due() -> None:
    given(STARTED).when(ask(EnterPhase(**DAY, phase=Phase.EXECUTE))).then(EXECUTED, DUE)


def test_entering_execute_adds_nothing_to_an_evaluation_owed_already() -> None:
    owed = EvaluationFellDue(due_on=date(2027, 3, 1), since="entry", started_on=date(2025, 3, 1))
    given(STARTED, owed).when(ask(EnterPhase(**DAY, phase=Phase.EXECUTE))).then(EXECUTED)


def test_closing_with_an_evaluation_due_needs_a_reason() -> None:
    given(STARTED, EXECUTED, DUE).when(ask(CloseJourney(**DAY))).then_refused(
        ClosingReasonMissingError, because="due on 2028-01-05; evaluate first"
    )
    given(STARTED, EXECUTED, DUE).when(ask(CloseJourney(**DAY, reason="gaat op"))).then(
        JourneyClosed(reason="gaat op")
    )


def test_evaluating_ends_the_evaluation_due() -> None:
    given(STARTED, EXECUTED, DUE, on(EVALUATED, "2027-06-01")).when(
        ask(CloseJourney(happened_on="2027-07-01"))
    ).then(CLOSED)


def test_an_evaluation_of_before_the_term_does_not_meet_it() -> None:
    given(STARTED, on(EVALUATED, "2025-06-01"), EXECUTED, DUE).when(
        lambda j: j.lapses(date(2028, 1, 6))
    ).then(EvaluationLapsed(due_on=date(2028, 1, 5)))


def test_an_evaluation_lapses_once_after_its_due_date() -> None:
    lapsed = EvaluationLapsed(due_on=date(2028, 1, 5))
    due = (STARTED, EXECUTED, DUE)
    given(*due).when(lambda j: j.lapses(date(2028, 1, 5))).then_nothing()
    given(*due).when(lambda j: j.lapses(date(2028, 1, 6))).then(lapsed)
    given(*due, lapsed).when(lambda j: j.lapses(date(2030, 1, 1))).then_nothing()


def test_an_evaluation_in_time_does_not_lapse_and_a_late_one_does() -> None:
    due = (STARTED, EXECUTED, DUE)
    lapsed = EvaluationLapsed(due_on=date(2028, 1, 5))
    given(*due, on(EVALUATED, "2028-01-05")).when(
        lambda j: j.lapses(date(2029, 1, 1))
    ).then_nothing()
    given(*due, on(EVALUATED, "2028-01-06")).when(lambda j: j.lapses(date(2029, 1, 1))).then(lapsed)


def test_an_evaluation_that_lapsed_is_still_owed() -> None:
    state = given(STARTED, EXECUTED, DUE, EvaluationLapsed(due_on=date(2028, 1, 5))).state
    assert state is not None
    assert state.evaluation_due == DUE


def test_closing_in_time_ends_the_term_and_closing_late_does_not_hide_the_lapse() -> None:
    closed = JourneyClosed(reason="gaat op")
    due = (STARTED, EXECUTED, DUE)
    given(*due, on(closed, "2027-01-01")).when(lambda j: j.lapses(date(2029, 1, 1))).then_nothing()
    given(*due, on(closed, "2028-06-01")).when(lambda j: j.lapses(date(2029, 1, 1))).then(
        EvaluationLapsed(due_on=date(2028, 1, 5))
    )


def test_entry_into_force_makes_an_evaluation_due_unless_one_fell_due() -> None:
    def entry(journey: PolicyJourney) -> tuple[Fact, ...]:
        return journey.evaluation_due_from_entry(date(2026, 7, 1), TERMS)

    given(STARTED).when(entry).then(
        EvaluationFellDue(due_on=date(2028, 7, 1), since="entry", started_on=date(2026, 7, 1))
    )
    given(STARTED, EXECUTED, DUE).when(entry).then_nothing()
    given(STARTED, CLOSED).when(entry).then_nothing()
