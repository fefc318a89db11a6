"""Histories the tests about signals begin with: a signal at UWV and what was done with it."""

from datetime import date

from tests.given import By, Given, act, event_id
from uitvoering.domain.acts import Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import (
    ContradictionFiled,
    HardshipSignalled,
    SignalMerged,
    SignalRestated,
)
from uitvoering.domain.events.signal_outcome import (
    FeedbackGiven,
    MeasureTookEffect,
    ResolutionClaimed,
    SignalClosed,
    SignalWithdrawn,
)
from uitvoering.domain.routes import Route
from uitvoering.domain.signal import Signal, evolve
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Evidence, Level, Recurrence, Role, Statement

ROUTE = Route(
    "zbo",
    (
        Level.FRONTLINE,
        Level.TEAM_LEAD,
        Level.DEPARTMENT,
        Level.DIRECTORATE,
        Level.BOARD,
        Level.PRINCIPAL,
        Level.OFFICIAL_TOP,
        Level.MINISTER,
        Level.PARLIAMENT,
    ),
)
TERMS = Terms(
    (
        (PolicyName.ACKNOWLEDGE_DAYS, date(2000, 1, 1), 7),
        (PolicyName.FEEDBACK_MONTHS, date(2000, 1, 1), 3),
        (PolicyName.HAND_ON_WORKING_DAYS, date(2000, 1, 1), 10),
        (PolicyName.CONTRADICTION_ANSWER_WORKING_DAYS, date(2000, 1, 1), 10),
    )
)
OTHER = "00000000-0000-4000-8000-0000000000aa"
THIRD = "00000000-0000-4000-8000-0000000000bb"
SOURCE = Source(title="Antwoord op Kamervragen over de uitkeringen")
PROOF = Evidence(locator="telling van april 2026")
HARD = Statement(
    text="300 gezinnen kunnen de huur niet betalen; hun uitkering is gestopt.",
    severity=4,
    affected_count=300,
    recurrence=Recurrence.RECURRENT,
)
MILD = Statement(text="Een aantal gezinnen ervaart hinder.", severity=2)
STRUCTURAL = HARD.model_copy(update={"recurrence": Recurrence.STRUCTURAL})

REPORTER = act(Level.FRONTLINE, "2026-01-05", Role.REPORTER, pseudonym="p-melder")
LEAD = act(Level.TEAM_LEAD, "2026-01-12", pseudonym="p-lead")
BOARD = act(Level.BOARD, "2026-02-02", pseudonym="p-board")
CITIZEN = act(Level.CITIZEN, "2026-03-02", Role.REPORTER, pseudonym="p-citizen")
EXPERT = act(Level.EXPERT, "2026-01-20", pseudonym="p-expert")
OMBUDSMAN = act(Level.OMBUDSMAN, "2026-02-10", Role.REPORTER, "nationale-ombudsman")

ORIGIN = event_id(1)
SECOND = event_id(2)
"""The event after the origin, in every history here."""
UNKNOWN = event_id(77)

RAISED = By(HardshipSignalled(statement=HARD, body="uwv", to=Level.TEAM_LEAD), REPORTER)
RAISED_AS_STRUCTURAL = By(HardshipSignalled(statement=STRUCTURAL, body="uwv"), REPORTER)
SOFTENED = By(SignalRestated(to=Level.DEPARTMENT, statement=MILD), LEAD)
CONTRADICTED = By(ContradictionFiled(against=ORIGIN, statement=HARD), EXPERT)
IN_EFFECT = By(MeasureTookEffect(measure="Geen stopzetting zonder gesprek."), BOARD)
CLAIMED = By(ResolutionClaimed(evidence=(PROOF,)), BOARD)
TOLD = By(FeedbackGiven(message="Er wordt niet meer gestopt zonder gesprek."), LEAD)
CLOSED = By(SignalClosed(), LEAD)
WITHDRAWN = By(SignalWithdrawn(), REPORTER)
MERGED = By(SignalMerged(into=OTHER), LEAD)


def given(*facts: Fact | By) -> Given[Signal]:
    return Given(evolve, facts)


def the(*facts: Fact | By) -> Signal:
    """The signal as it stands after these facts."""
    state = given(*facts).state
    assert state is not None
    return state
