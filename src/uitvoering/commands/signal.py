"""What may be asked about a signal: raise one, and every act on it (one union)."""

from typing import ClassVar

from pydantic import ConfigDict

from uitvoering.commands.signal_objection import (
    AcceptReassessment,
    AnswerContradiction,
    Contradict,
    WithdrawContradiction,
)
from uitvoering.commands.signal_passing import (
    AcknowledgeSignal,
    AskAdvice,
    AttachEvidence,
    CiteSignal,
    DiscloseSignal,
    GiveAdvice,
    HandOn,
    HoldBack,
    MergeSignal,
    RaiseRegime,
    Restate,
    SignalAct,
    SplitSignal,
    WithholdPassages,
)
from uitvoering.commands.signal_resolution import (
    ClaimResolution,
    CloseSignal,
    DecideMeasure,
    DeclineSignal,
    DisputeResolution,
    GiveFeedback,
    GiveIndividualRelief,
    ProposeMeasure,
    PutMeasureInEffect,
    RecordFeedbackImpossible,
    ReopenSignal,
    TakeUpSignal,
    VerifyResolution,
    WithdrawSignal,
)
from uitvoering.domain.acts import MustAsk
from uitvoering.domain.values import CalendarDate, Code, Id, Level, Name, Statement


class SignalHardship(SignalAct):
    """Raise a matter in the words of whoever saw it: the origin, kept as it is given."""

    PATH: ClassVar[str] = ""
    statement: Statement
    body: Code
    """The organisation where the matter arose; its route decides who is next."""
    to: Level | None = None
    arrived_on: CalendarDate | None = None
    """When the addressee had it, if later than `happened_on`; terms run from here."""
    must_ask: tuple[MustAsk, ...] = ()
    theme: Name | None = None
    proposal: Id | None = None
    journey: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-02",
                    "body": "toeslagen",
                    "to": "team-lead",
                    "statement": {
                        "text": "Bij 300 ouders is de kinderopvangtoeslag stopgezet zonder dat "
                        "iemand hun dossier heeft bekeken. Zij kunnen de huur niet betalen.",
                        "severity": 4,
                        "light": "red",
                        "affectedGroups": ["ouders met toeslag"],
                        "affectedCount": 300,
                        "requestedAction": "Stop de stopzettingen en herstel de dossiers.",
                        "actWithinDays": 14,
                        "evidence": [
                            {
                                "kind": "data",
                                "locator": "uitdraai stopzettingen 2025",
                                "dated": "2026-01-30",
                            }
                        ],
                        "recurrence": "structural",
                        "certainty": "established",
                        "causes": ["process", "rules"],
                        "legality": "doubt",
                        "citizenFrame": "Ik heb niets fout gedaan en raak mijn huis kwijt.",
                    },
                    "mustAsk": [
                        {
                            "level": "data-protection-officer",
                            "basis": "AVG artikel 35 lid 2",
                        }
                    ],
                    "theme": "stopzetten van toeslagen",
                }
            ]
        }
    )


ActOnSignal = (
    AttachEvidence
    | RaiseRegime
    | AcknowledgeSignal
    | HandOn
    | Restate
    | HoldBack
    | AskAdvice
    | GiveAdvice
    | CiteSignal
    | WithholdPassages
    | DiscloseSignal
    | MergeSignal
    | SplitSignal
    | Contradict
    | AnswerContradiction
    | WithdrawContradiction
    | AcceptReassessment
    | TakeUpSignal
    | DeclineSignal
    | GiveIndividualRelief
    | ProposeMeasure
    | DecideMeasure
    | PutMeasureInEffect
    | ClaimResolution
    | VerifyResolution
    | DisputeResolution
    | ReopenSignal
    | GiveFeedback
    | RecordFeedbackImpossible
    | WithdrawSignal
    | CloseSignal
)

SignalCommand = SignalHardship | ActOnSignal

__all__ = [
    "AcceptReassessment",
    "AcknowledgeSignal",
    "ActOnSignal",
    "AnswerContradiction",
    "AskAdvice",
    "AttachEvidence",
    "CiteSignal",
    "ClaimResolution",
    "CloseSignal",
    "Contradict",
    "DecideMeasure",
    "DeclineSignal",
    "DiscloseSignal",
    "DisputeResolution",
    "GiveAdvice",
    "GiveFeedback",
    "GiveIndividualRelief",
    "HandOn",
    "HoldBack",
    "MergeSignal",
    "ProposeMeasure",
    "PutMeasureInEffect",
    "RaiseRegime",
    "RecordFeedbackImpossible",
    "ReopenSignal",
    "Restate",
    "SignalAct",
    "SignalCommand",
    "SignalHardship",
    "SplitSignal",
    "TakeUpSignal",
    "VerifyResolution",
    "WithdrawContradiction",
    "WithdrawSignal",
    "WithholdPassages",
]
