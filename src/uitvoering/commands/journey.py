"""What may be asked about a policy journey (beleidsjourney)."""

from typing import ClassVar, Literal

from pydantic import ConfigDict, JsonValue

from uitvoering.commands.command import Command
from uitvoering.domain.events.journey import ChallengeKind, Phase
from uitvoering.domain.values import Code, Id, Name, Reference, Role, Statement, Text

TRAVELLERS = frozenset({Role.JOURNEY_TEAM, Role.REQUESTER})
"""The journey team, and the directorate it works for."""


def _example(**fields: JsonValue) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [dict(fields)]})


class JourneyAct(Command):
    """Every command here is about one journey, asked by those who travel it."""

    KIND: ClassVar[str] = "policy-journeys"
    ROLES: ClassVar[frozenset[Role]] = TRAVELLERS


class StartJourney(JourneyAct):
    PATH: ClassVar[str] = ""
    model_config = _example(happenedOn="2025-03-03", title="Bijverdienen naast de uitkering")

    title: Name
    proposal: Id | None = None


class EnterPhase(JourneyAct):
    """For a phase never entered before; going back is revisiting."""

    PATH: ClassVar[str] = "phases"
    model_config = _example(
        happenedOn="2025-03-10",
        phase="explore",
        statement={"text": "We beginnen bij de verhalen van mensen die bijverdienen."},
    )

    phase: Phase
    statement: Statement | None = None


class LeavePhase(JourneyAct):
    PATH: ClassVar[str] = "phase-exits"
    model_config = _example(happenedOn="2025-06-02", phase="explore")

    phase: Phase


class SkipPhase(JourneyAct):
    PATH: ClassVar[str] = "skipped-phases"
    model_config = _example(
        happenedOn="2025-06-02", phase="develop", reason="De motie vraagt invoering per direct."
    )

    phase: Phase
    reason: Text


class RevisitPhase(JourneyAct):
    PATH: ClassVar[str] = "revisits"
    model_config = _example(
        happenedOn="2025-10-06",
        phase="explore",
        reason="De toets liet zien dat flexwerkers ontbreken.",
    )

    phase: Phase
    reason: Text


class AddUserStory(JourneyAct):
    """With consent of the person, or marked as made up from several."""

    PATH: ClassVar[str] = "user-stories"
    model_config = _example(
        happenedOn="2025-03-17",
        story="s1",
        phase="explore",
        text="Ik werkte een week extra en moest maanden later alles terugbetalen.",
        basis="synthetic",
    )

    story: Code
    phase: Phase
    text: Text
    basis: Literal["consent", "synthetic"]


class FindOpportunity(JourneyAct):
    PATH: ClassVar[str] = "opportunities"
    model_config = _example(
        happenedOn="2025-04-07",
        finding="f1",
        phase="explore",
        text="Werkgevers geven het loon al maandelijks door.",
    )

    finding: Code
    phase: Phase
    text: Text


class FindChallenge(JourneyAct):
    PATH: ClassVar[str] = "challenges"
    model_config = _example(
        happenedOn="2025-04-07",
        finding="f2",
        phase="explore",
        kind="wishful-assumption",
        text="Het plan gaat ervan uit dat iedereen een wijziging binnen een week doorgeeft.",
    )

    finding: Code
    phase: Phase
    kind: ChallengeKind
    text: Text


class GiveRecommendation(JourneyAct):
    """Actionable only once an instrument or a colleague is linked to it."""

    PATH: ClassVar[str] = "recommendations"
    model_config = _example(
        happenedOn="2025-04-14",
        recommendation="r1",
        phase="explore",
        text="Loop een dag mee met het klantcontact.",
        finding="f2",
    )

    recommendation: Code
    phase: Phase
    text: Text
    finding: Code | None = None


class LinkInstrument(JourneyAct):
    PATH: ClassVar[str] = "instruments"
    model_config = _example(happenedOn="2025-04-21", recommendation="r1", instrument="klantreis")

    recommendation: Code
    instrument: Name


class LinkColleague(JourneyAct):
    """A role that can help; never a name."""

    PATH: ClassVar[str] = "colleagues"
    model_config = _example(
        happenedOn="2025-04-21", recommendation="r1", role="adviseur klantcontact"
    )

    recommendation: Code
    role: Name


class AttachTest(JourneyAct):
    PATH: ClassVar[str] = "tests"
    model_config = _example(happenedOn="2025-05-12", test="7c9e6679-7425-40de-944b-e07fc1f90ae7")

    test: Id


class AttachSignal(JourneyAct):
    PATH: ClassVar[str] = "signals"
    model_config = _example(happenedOn="2025-05-12", signal="16fd2706-8baf-433b-82eb-8c7fada847da")

    signal: Id


class MakePrototype(JourneyAct):
    PATH: ClassVar[str] = "prototypes"
    model_config = _example(
        happenedOn="2025-06-16",
        prototype="p1",
        text="Een brief die vooraf zegt wat er deze maand wordt verrekend.",
    )

    prototype: Code
    text: Text


class RunTrial(JourneyAct):
    PATH: ClassVar[str] = "trials"
    model_config = _example(
        happenedOn="2025-07-14",
        trial="t1",
        outcome="Van de 41 ontvangers belden er 6, tegen 19 bij de oude brief.",
        area="Zwolle",
        lesson="Een bedrag zegt meer dan een percentage.",
        sideEffects="De brief gaat een dag later de deur uit.",
    )

    trial: Code
    outcome: Text
    area: Name | None = None
    lesson: Text | None = None
    side_effects: Text | None = None


class EvaluateJourney(JourneyAct):
    PATH: ClassVar[str] = "evaluations"
    model_config = _example(
        happenedOn="2026-03-02",
        findings="De maandelijkse verrekening voorkomt de meeste terugvorderingen.",
        locator="Kamerstukken II 2025/26, 36600, nr. 12",
    )

    findings: Text
    locator: Reference | None = None


class CloseJourney(JourneyAct):
    """Needs a reason while an evaluation is due."""

    PATH: ClassVar[str] = "closures"
    model_config = _example(
        happenedOn="2026-03-16",
        reason="Het onderwerp gaat op in de hervorming van de uitkeringen.",
    )

    reason: Text | None = None


JourneyCommand = (
    StartJourney
    | EnterPhase
    | LeavePhase
    | SkipPhase
    | RevisitPhase
    | AddUserStory
    | FindOpportunity
    | FindChallenge
    | GiveRecommendation
    | LinkInstrument
    | LinkColleague
    | AttachTest
    | AttachSignal
    | MakePrototype
    | RunTrial
    | EvaluateJourney
    | CloseJourney
)
