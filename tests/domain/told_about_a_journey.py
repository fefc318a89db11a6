"""What is told about one journey, and how it is asked: shared by the tests of the journey."""

from datetime import date
from typing import Any

from tests.given import By, Given, act
from uitvoering.application import journeys
from uitvoering.application.context import Context
from uitvoering.commands.command import Command
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import (
    EvaluationFellDue,
    JourneyClosed,
    JourneyEvaluated,
    JourneyStarted,
    OpportunityFound,
    Phase,
    PhaseEntered,
    RecommendationGiven,
)
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.journey import PolicyJourney, evolve
from uitvoering.domain.terms import Terms
from uitvoering.projections.documents import D, InMemory

TERMS = Terms(((PolicyName.EVALUATION_MONTHS, date(2000, 1, 1), 24),))


class EverythingKnown(InMemory):
    """Holds every proposal, test and signal that is asked for."""

    def get(self, model: type[D], key: str) -> D | None:
        nothing: Any = model.model_construct()
        return super().get(model, key) or nothing


CONTEXT = Context(documents=EverythingKnown(), terms=TERMS)
OTHER = "16fd2706-8baf-433b-82eb-8c7fada847da"

STARTED = JourneyStarted(title="Bijverdienen")
EXPLORED = PhaseEntered(phase=Phase.EXPLORE)
EXECUTED = PhaseEntered(phase=Phase.EXECUTE)
DUE = EvaluationFellDue(due_on=date(2028, 1, 5), since="phase", started_on=date(2026, 1, 5))
OPPORTUNITY = OpportunityFound(finding="f1", phase=Phase.EXPLORE, text="loon komt maandelijks")
ADVISED = RecommendationGiven(recommendation="r1", phase=Phase.EXPLORE, text="loop mee")
EVALUATED = JourneyEvaluated(findings="minder terugvorderingen")
CLOSED = JourneyClosed()


def given(*facts: Fact | By) -> Given[PolicyJourney]:
    return Given(evolve, facts)


def on(fact: Fact, day: str) -> By:
    return By(fact, act(happened_on=day))


def ask(command: Command, context: Context = CONTEXT) -> Any:
    """The decision of the application for this command."""
    asked: Any = command
    return lambda state: journeys.decide(
        state, asked, act(happened_on=str(command.happened_on)), context
    )


DAY = {"happened_on": "2026-01-05"}
