"""What may be asked about what is done with a signal: taken up, mended, verified, told, closed."""

from typing import ClassVar

from pydantic import ConfigDict

from uitvoering.commands.command import LINE
from uitvoering.commands.signal_passing import SignalAct
from uitvoering.domain.values import EvidenceReference, Id, Level, Role, Statement, Text

_EVENT = "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
_MEASURE = "Stopzetten alleen nog na individuele beoordeling door twee behandelaars."


class TakeUpSignal(SignalAct):
    PATH: ClassVar[str] = "take-ups"
    ROLES: ClassVar[frozenset[Role]] = LINE

    model_config = ConfigDict(json_schema_extra={"examples": [{"happenedOn": "2026-03-03"}]})


class DeclineSignal(SignalAct):
    PATH: ClassVar[str] = "declines"
    ROLES: ClassVar[frozenset[Role]] = LINE
    reason: Text

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-03-03",
                    "reason": "De aanvullende beurs valt onder een andere directie; daar gemeld.",
                }
            ]
        }
    )


class GiveIndividualRelief(SignalAct):
    """Help for one citizen; the cause still stands."""

    PATH: ClassVar[str] = "individual-reliefs"
    ROLES: ClassVar[frozenset[Role]] = LINE
    relief: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-03-04",
                    "relief": "Voorschot hervat en terugvordering opgeschort.",
                }
            ]
        }
    )


class ProposeMeasure(SignalAct):
    PATH: ClassVar[str] = "proposed-measures"
    measure: Text
    statement: Statement | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happenedOn": "2026-03-09", "measure": _MEASURE}]}
    )


class DecideMeasure(SignalAct):
    PATH: ClassVar[str] = "measures"
    ROLES: ClassVar[frozenset[Role]] = LINE
    measure: Text
    statement: Statement | None = None
    to: Level | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"happenedOn": "2026-03-16", "measure": _MEASURE, "to": "frontline"}]
        }
    )


class PutMeasureInEffect(SignalAct):
    PATH: ClassVar[str] = "measures-in-effect"
    ROLES: ClassVar[frozenset[Role]] = LINE
    measure: Text
    statement: Statement | None = None
    answers: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happenedOn": "2026-04-01", "measure": _MEASURE}]}
    )


class ClaimResolution(SignalAct):
    PATH: ClassVar[str] = "resolutions"
    ROLES: ClassVar[frozenset[Role]] = LINE
    evidence: tuple[EvidenceReference, ...]
    statement: Statement | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-05-04",
                    "evidence": [
                        {
                            "kind": "data",
                            "locator": "telling stopzettingen april 2026: 0 zonder beoordeling",
                            "dated": "2026-05-01",
                        }
                    ],
                }
            ]
        }
    )


class VerifyResolution(SignalAct):
    PATH: ClassVar[str] = "verifications"
    claim: Id

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happenedOn": "2026-05-18", "claim": _EVENT}]}
    )


class DisputeResolution(SignalAct):
    PATH: ClassVar[str] = "disputes"
    claim: Id
    reason: Text

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-05-18",
                    "claim": _EVENT,
                    "reason": "Aan de balie kwamen in mei nog 14 ouders met een stopzetting.",
                }
            ]
        }
    )


class ReopenSignal(SignalAct):
    PATH: ClassVar[str] = "reopenings"
    reason: Text

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-09-07",
                    "reason": "Na de zomer zijn 22 toeslagen opnieuw zonder beoordeling gestopt.",
                }
            ]
        }
    )


class GiveFeedback(SignalAct):
    PATH: ClassVar[str] = "feedback"
    ROLES: ClassVar[frozenset[Role]] = LINE
    message: Text

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-05-20",
                    "message": "Uw melding heeft geleid tot een beoordeling vooraf, sinds 1 april.",
                }
            ]
        }
    )


class RecordFeedbackImpossible(SignalAct):
    PATH: ClassVar[str] = "feedback-impossibilities"
    ROLES: ClassVar[frozenset[Role]] = LINE
    reason: Text

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-05-20",
                    "reason": "De melding kwam zonder afzender binnen en niemand vroeg ernaar.",
                }
            ]
        }
    )


class WithdrawSignal(SignalAct):
    """By the reporter alone, whichever role the report was made in; the trail stays."""

    PATH: ClassVar[str] = "withdrawals"
    reason: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"happenedOn": "2026-02-06", "reason": "Berust op een verwisseld dossier."}
            ]
        }
    )


class CloseSignal(SignalAct):
    PATH: ClassVar[str] = "closures"
    ROLES: ClassVar[frozenset[Role]] = LINE
    reason: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"happenedOn": "2026-06-01", "reason": "Geverifieerd opgelost en teruggekoppeld."}
            ]
        }
    )
