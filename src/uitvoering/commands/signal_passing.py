"""What may be asked to pass a signal on, put it in other words, keep it or show it to others."""

from typing import ClassVar

from pydantic import ConfigDict, JsonValue, StrictBool

from uitvoering.commands.command import LINE, Command
from uitvoering.domain.values import (
    CalendarDate,
    Code,
    EvidenceReference,
    Id,
    Level,
    Name,
    ReasonCode,
    Reference,
    Regime,
    Role,
    Statement,
    Text,
)

WITNESSES = frozenset({Role.REPORTER, Role.LINE})
"""Who saw it, and the line. Levels outside the line act as reporter; an auditor writes findings."""

_EARLIER = "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
_RESTATED: dict[str, JsonValue] = {
    "text": "Bij een deel van de ouders is de toeslag mogelijk ten onrechte stopgezet.",
    "severity": 3,
    "light": "amber",
    "affectedGroups": ["ouders met toeslag"],
    "affectedCount": 120,
    "requestedAction": "Onderzoek de stopzettingen.",
}


class SignalAct(Command):
    """An act on a signal that was raised."""

    KIND: ClassVar[str] = "signals"
    ROLES: ClassVar[frozenset[Role]] = WITNESSES


class AttachEvidence(SignalAct):
    PATH: ClassVar[str] = "evidence"
    evidence: EvidenceReference

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-03",
                    "evidence": {
                        "kind": "data",
                        "locator": "uitdraai stopzettingen 2025, 120 dossiers",
                        "dated": "2026-01-30",
                    },
                }
            ]
        }
    )


class RaiseRegime(SignalAct):
    PATH: ClassVar[str] = "regimes"
    to: Regime
    reason: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-04",
                    "to": "confidential",
                    "reason": "De groep is zo klein dat de melder te herkennen is.",
                }
            ]
        }
    )


class AcknowledgeSignal(SignalAct):
    PATH: ClassVar[str] = "acknowledgements"
    ROLES: ClassVar[frozenset[Role]] = LINE

    model_config = ConfigDict(json_schema_extra={"examples": [{"happenedOn": "2026-02-05"}]})


class HandOn(SignalAct):
    PATH: ClassVar[str] = "hand-ons"
    to: Level | None = None
    """Null is for histories told from a public source that does not say to whom."""
    to_organisation: Code | None = None
    statement: Statement | None = None
    arrived_on: CalendarDate | None = None
    previous: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"happenedOn": "2026-02-09", "to": "department", "arrivedOn": "2026-02-10"}
            ]
        }
    )


class Restate(SignalAct):
    PATH: ClassVar[str] = "restatements"
    to: Level | None = None
    to_organisation: Code | None = None
    statement: Statement
    reason_code: ReasonCode | None = None
    reason: Text | None = None
    arrived_on: CalendarDate | None = None
    previous: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-16",
                    "to": "directorate",
                    "statement": _RESTATED,
                    "reasonCode": "double-count",
                    "reason": "In de eerste telling stonden 180 ouders dubbel.",
                }
            ]
        }
    )


class HoldBack(SignalAct):
    PATH: ClassVar[str] = "hold-backs"
    ROLES: ClassVar[frozenset[Role]] = LINE
    reason: Text | None = None
    statement: Statement | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-17",
                    "reason": "Wacht op de telling van de afdeling Bezwaar, verwacht in maart.",
                }
            ]
        }
    )


class AskAdvice(SignalAct):
    PATH: ClassVar[str] = "advice-requests"
    of: Level | None = None
    """Null is for histories told from a public source that does not say of whom."""
    statement: Statement | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"happenedOn": "2026-02-18", "of": "data-protection-officer"}]
        }
    )


class GiveAdvice(SignalAct):
    PATH: ClassVar[str] = "advices"
    statement: Statement | None = None
    to: Level | None = None
    theme: Name | None = None
    answers: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-25",
                    "to": "directorate",
                    "theme": "rechtsgrond van de stopzetting",
                    "statement": {
                        "text": "Voor stopzetten zonder individuele beoordeling ontbreekt de "
                        "grondslag. Staak het en herstel de lopende dossiers.",
                        "severity": 4,
                        "requestedAction": "Staak de stopzettingen en herstel de dossiers.",
                        "legality": "unlawful",
                    },
                }
            ]
        }
    )


class CiteSignal(SignalAct):
    """A new carrier, or a new version of one; `cites` false when it no longer refers to it."""

    PATH: ClassVar[str] = "citations"
    carrier: Reference
    statement: Statement | None = None
    to: Level | None = None
    previous: Id | None = None
    cites: StrictBool = True

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-03-02",
                    "carrier": "factsheet stopzettingen, versie 1",
                    "to": "official-top",
                    "statement": {
                        "text": "Feitenrelaas stopzettingen; steunt op de melding van februari.",
                        "evidence": ["melding stopzettingen februari 2026"],
                        "coded": ["text", "evidence"],
                    },
                }
            ]
        }
    )


class WithholdPassages(SignalAct):
    PATH: ClassVar[str] = "withheld-passages"
    carrier: Reference
    ground: Text
    statement: Statement | None = None
    to: Level | None = None
    previous: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-03-20",
                    "carrier": "memo stopzettingen, gelakte versie",
                    "ground": "Persoonlijke beleidsopvattingen (Woo artikel 5.2).",
                    "to": "parliament",
                }
            ]
        }
    )


class DiscloseSignal(SignalAct):
    PATH: ClassVar[str] = "disclosures"
    carrier: Reference
    to: Level | None = None
    statement: Statement | None = None
    previous: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-04-01",
                    "carrier": "brief over stopzettingen, met het memo als bijlage",
                    "to": "parliament",
                    "previous": _EARLIER,
                }
            ]
        }
    )


class MergeSignal(SignalAct):
    """It goes on in another signal about the same matter; its origin stays."""

    PATH: ClassVar[str] = "mergers"
    ROLES: ClassVar[frozenset[Role]] = LINE
    into: Id

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happenedOn": "2026-02-11", "into": _EARLIER}]}
    )


class SplitSignal(SignalAct):
    """It turned out to hold more than one matter."""

    PATH: ClassVar[str] = "splits"
    ROLES: ClassVar[frozenset[Role]] = LINE
    into: tuple[Id, ...]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-12",
                    "into": [_EARLIER, "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6e"],
                }
            ]
        }
    )
