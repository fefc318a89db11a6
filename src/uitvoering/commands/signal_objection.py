"""What may be asked about an objection: file it, answer it, withdraw it, or accept the milder."""

from typing import ClassVar

from pydantic import ConfigDict

from uitvoering.commands.command import LINE
from uitvoering.commands.signal_passing import SignalAct
from uitvoering.domain.values import Id, Name, Role, Statement, Text

_EVENT = "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"


class Contradict(SignalAct):
    PATH: ClassVar[str] = "contradictions"
    against: Id
    statement: Statement
    theme: Name | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-19",
                    "against": _EVENT,
                    "statement": {
                        "text": "De telling klopt: het gaat om 300 ouders, geen van hen dubbel. "
                        "Zij kunnen de huur niet betalen.",
                        "severity": 4,
                        "light": "red",
                        "affectedGroups": ["ouders met toeslag"],
                        "affectedCount": 300,
                        "evidence": ["uitdraai stopzettingen 2025, ontdubbeld"],
                    },
                    "theme": "omvang van de groep",
                }
            ]
        }
    )


class AnswerContradiction(SignalAct):
    PATH: ClassVar[str] = "contradiction-answers"
    ROLES: ClassVar[frozenset[Role]] = LINE
    contradiction: Id
    answer: Text

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-26",
                    "contradiction": _EVENT,
                    "answer": "De uitdraai is opnieuw geteld: 300 klopt. Het stuk wordt aangepast.",
                }
            ]
        }
    )


class WithdrawContradiction(SignalAct):
    PATH: ClassVar[str] = "contradiction-withdrawals"
    contradiction: Id
    reason: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-27",
                    "contradiction": _EVENT,
                    "reason": "Het aantal is hersteld in de weergave aan de directie.",
                }
            ]
        }
    )


class AcceptReassessment(SignalAct):
    """The reporter's level, or a deliberation, agrees that the weaker statement is right."""

    PATH: ClassVar[str] = "accepted-reassessments"
    of: Id

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happenedOn": "2026-02-27", "of": _EVENT}]}
    )
