"""What a follow-up records and refuses until its condition is answered, met or lapsed."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.given import By, Given, act, event_id, recorded
from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.acts import Act, Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.follow_up import (
    AccountedIn,
    ConditionLapsed,
    ConditionMet,
    EntryWithoutConditionMet,
    Matter,
    Outcome,
    ResponseFellDue,
    ResponseGiven,
)
from uitvoering.domain.follow_up import FollowUp, evolve
from uitvoering.domain.values import Evidence, Level, Role, Statement
from uitvoering.errors import TamperedError, UitvoeringError

ENTRY, OTHER_ENTRY = event_id(501), event_id(502)
DUE_ON = date(2026, 6, 2)
CLOCK = act(Level.BOARD, "2026-03-02", Role.CLOCK, "uwv")
DUE = ResponseFellDue(
    matter=Matter.CONDITION, of=event_id(500), of_stream=event_id(400), code="c1", due_on=DUE_ON
)
OPENED = By(DUE, CLOCK)
ADVICE = By(DUE.model_copy(update={"matter": Matter.ADVICE, "code": None}), CLOCK)
EVIDENCE = (Evidence(locator="Staatsblad 2026, 211"),)
NO_RESPONSE = ResponseGiven(outcome=Outcome.NO_RESPONSE, due_on=DUE_ON)

Decision = Callable[[FollowUp], tuple[Fact, ...]]


def answering(happened_on: str = "2026-05-01", source: Source | None = None) -> Act:
    return act(Level.PRINCIPAL, happened_on, Role.REQUESTER, "szw", source=source)


ANSWERING = answering()
TOLD = answering(source=Source(title="Kamerbrief"))


def answered(outcome: Outcome | None, on: str = "2026-05-01") -> By:
    return By(ResponseGiven(outcome=outcome, reason="Zie brief."), answering(on))


def met(on: str = "2026-05-01") -> By:
    return By(ConditionMet(evidence=EVIDENCE), answering(on))


def lapsed(on: str = "2026-05-01") -> By:
    return By(ConditionLapsed(reason="Artikel vervallen."), answering(on))


def given(*told: Fact | By) -> Given[FollowUp]:
    return Given(evolve, told)


@pytest.mark.parametrize("outcome", [Outcome.PARTLY, Outcome.NOT_ADOPTED, Outcome.DEFERRED])
def test_less_than_adopted_is_answered_with_a_reason(outcome: Outcome) -> None:
    given(OPENED).when(
        lambda f: f.give_response(
            ANSWERING,
            outcome=outcome,
            reason="Per kwartaal.",
            statement=Statement(text="Deels."),
            to=Level.BOARD,
        )
    ).then(
        ResponseGiven(
            outcome=outcome,
            reason="Per kwartaal.",
            statement=Statement(text="Deels."),
            to=Level.BOARD,
        )
    )


def test_adopted_needs_no_reason() -> None:
    given(OPENED).when(lambda f: f.give_response(ANSWERING, outcome=Outcome.ADOPTED)).then(
        ResponseGiven(outcome=Outcome.ADOPTED)
    )


@pytest.mark.parametrize("outcome", [None, Outcome.NOT_ADOPTED, Outcome.NO_RESPONSE])
def test_a_public_source_may_leave_out_outcome_and_reason(outcome: Outcome | None) -> None:
    given(OPENED).when(lambda f: f.give_response(TOLD, outcome=outcome)).then(
        ResponseGiven(outcome=outcome)
    )


def test_an_answer_is_accounted_for_in_a_carrier() -> None:
    given(OPENED).when(
        lambda f: f.account_for(ANSWERING, carrier="Memorie van toelichting", locator="par. 7")
    ).then(AccountedIn(carrier="Memorie van toelichting", locator="par. 7"))


def test_a_met_condition_names_evidence() -> None:
    given(OPENED).when(lambda f: f.meet_condition(ANSWERING, evidence=EVIDENCE)).then(
        ConditionMet(evidence=EVIDENCE)
    )


def test_a_condition_lapses_with_a_reason() -> None:
    given(OPENED).when(lambda f: f.lapse_condition(ANSWERING, reason="Artikel vervallen.")).then(
        ConditionLapsed(reason="Artikel vervallen.")
    )


REFUSALS: list[tuple[str, tuple[By, ...], Decision, type[UitvoeringError], str]] = [
    (
        "opened twice",
        (OPENED,),
        lambda f: f.make_response_due_again(
            CLOCK, DUE.model_copy(update={"due_on": date(2026, 9, 1)})
        ),
        refused.FollowUpAlreadyOpenedError,
        "this answer is due already, by 2026-06-02",
    ),
    (
        "no outcome and no source",
        (OPENED,),
        lambda f: f.give_response(ANSWERING, outcome=None),
        refused.OutcomeMissingError,
        "choose one of adopted, partly, not-adopted, deferred, or give the public source",
    ),
    (
        "no-response as an answer",
        (OPENED,),
        lambda f: f.give_response(ANSWERING, outcome=Outcome.NO_RESPONSE),
        refused.NoResponseIsNoAnswerError,
        "no-response is recorded when the term ends",
    ),
    *(
        (
            f"{outcome} without a reason",
            (OPENED,),
            lambda f, outcome=outcome: f.give_response(ANSWERING, outcome=outcome),
            refused.ResponseReasonMissingError,
            f"{outcome} needs a reason",
        )
        for outcome in (Outcome.PARTLY, Outcome.NOT_ADOPTED, Outcome.DEFERRED)
    ),
    (
        "advice met",
        (ADVICE,),
        lambda f: f.meet_condition(ANSWERING, evidence=EVIDENCE),
        refused.NotAConditionError,
        "only a condition is met or lapses, and this concerns advice",
    ),
    (
        "advice lapsed",
        (ADVICE,),
        lambda f: f.lapse_condition(ANSWERING, reason="Vervallen."),
        refused.NotAConditionError,
        "give a response",
    ),
    (
        "met without evidence",
        (OPENED,),
        lambda f: f.meet_condition(ANSWERING, evidence=()),
        refused.ConditionEvidenceMissingError,
        "refer to what shows it",
    ),
    (
        "met twice",
        (OPENED, met()),
        lambda f: f.meet_condition(answering("2026-05-08"), evidence=EVIDENCE),
        refused.ConditionAlreadyMetError,
        "the condition was met on 2026-05-01",
    ),
    (
        "lapsed after it was met",
        (OPENED, met()),
        lambda f: f.lapse_condition(ANSWERING, reason="Vervallen."),
        refused.ConditionAlreadyMetError,
        "nothing is left to be done",
    ),
    (
        "met after it lapsed",
        (OPENED, lapsed()),
        lambda f: f.meet_condition(ANSWERING, evidence=EVIDENCE),
        refused.ConditionHasLapsedError,
        "the condition lapsed on 2026-05-01",
    ),
    (
        "lapsed twice",
        (OPENED, lapsed()),
        lambda f: f.lapse_condition(ANSWERING, reason="Om een andere reden."),
        refused.ConditionHasLapsedError,
        "state a new condition in a new test",
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


def test_one_answer_stands_and_the_earlier_ones_stay() -> None:
    state = given(OPENED, answered(Outcome.DEFERRED), answered(Outcome.ADOPTED, "2026-07-01")).state
    assert state is not None
    assert state.current is not None
    assert state.current.outcome is Outcome.ADOPTED
    assert [r.outcome for r in state.responses] == [Outcome.DEFERRED, Outcome.ADOPTED]


def test_no_response_stands_only_while_there_is_no_answer() -> None:
    lapse = By(NO_RESPONSE, act(Level.PRINCIPAL, "2026-06-02", Role.CLOCK, "szw"))
    silent = given(OPENED, lapse).state
    assert silent is not None
    assert silent.current is not None
    assert silent.current.outcome is Outcome.NO_RESPONSE
    late = given(OPENED, lapse, answered(Outcome.PARTLY, "2026-05-20")).state
    assert late is not None
    assert late.current is not None
    assert late.current.outcome is Outcome.PARTLY
    nothing = given(OPENED).state
    assert nothing is not None
    assert nothing.current is None


@pytest.mark.parametrize(
    ("told", "until", "expected"),
    [
        ((), date(2026, 6, 2), ()),
        ((), date(2026, 6, 3), (NO_RESPONSE,)),
        ((answered(None, "2026-06-02"),), date(2026, 6, 3), ()),
        ((answered(Outcome.ADOPTED, "2026-06-03"),), date(2026, 6, 4), (NO_RESPONSE,)),
        ((By(NO_RESPONSE, CLOCK),), date(2026, 7, 1), ()),
    ],
    ids=["on the last day", "a day later", "answered on the last day", "too late", "once"],
)
def test_a_term_without_an_answer_lapses_once(
    told: tuple[By, ...], until: date, expected: tuple[Fact, ...]
) -> None:
    given(OPENED, *told).when(lambda f: f.lapses(until)).then(*expected)


def test_an_answer_after_the_term_is_accepted() -> None:
    given(OPENED, By(NO_RESPONSE, CLOCK)).when(
        lambda f: f.give_response(answering("2026-08-01"), outcome=Outcome.ADOPTED)
    ).then(ResponseGiven(outcome=Outcome.ADOPTED))


ENTERED_ON = date(2026, 5, 1)
OPEN_AT_ENTRY = EntryWithoutConditionMet(entry=ENTRY, entered_on=ENTERED_ON)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((OPENED,), (OPEN_AT_ENTRY,)),
        ((OPENED, answered(Outcome.ADOPTED)), (OPEN_AT_ENTRY,)),
        ((OPENED, met()), ()),
        ((OPENED, lapsed()), ()),
        ((OPENED, met("2026-05-02")), (OPEN_AT_ENTRY,)),
        ((OPENED, By(OPEN_AT_ENTRY, CLOCK)), ()),
        (
            (OPENED, By(OPEN_AT_ENTRY.model_copy(update={"entry": OTHER_ENTRY}), CLOCK)),
            (OPEN_AT_ENTRY,),
        ),
        ((ADVICE,), ()),
        ((By(DUE, act(Level.BOARD, "2026-05-02", Role.CLOCK, "uwv")),), ()),
    ],
    ids=[
        "open",
        "adopted is not met",
        "met",
        "lapsed",
        "met the day after",
        "once per entry",
        "another entry",
        "not a condition",
        "stated after entry",
    ],
)
def test_entry_with_an_open_condition_is_recorded_and_blocks_nothing(
    told: tuple[By, ...], expected: tuple[Fact, ...]
) -> None:
    given(*told).when(lambda f: f.entry_check(ENTRY, ENTERED_ON)).then(*expected)


def test_a_stream_that_does_not_start_with_a_due_answer_was_tampered_with() -> None:
    with pytest.raises(TamperedError, match="nothing fell due first"):
        evolve(None, recorded([met()])[0])
