"""Which command says what a case fact says (DOMAIN 12: kinds map to events)."""

from typing import Any

from uitvoering.cases.case import Case, CaseFact
from uitvoering.cases.streams import Streams
from uitvoering.cases.telling import common
from uitvoering.commands.audit import IssueFinding
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import GiveResponse
from uitvoering.commands.implementation_test import (
    GiveVerdict,
    MakeRecommendation,
    StateCondition,
)
from uitvoering.commands.signal import (
    AskAdvice,
    CiteSignal,
    Contradict,
    DecideMeasure,
    DiscloseSignal,
    GiveAdvice,
    HandOn,
    HoldBack,
    PutMeasureInEffect,
    Restate,
    SignalHardship,
    WithholdPassages,
)
from uitvoering.domain.acts import MustAsk
from uitvoering.domain.values import Level, Statement, StatementField

NOT_STATED = "geen grond vermeld in de openbare bron"
"""Passages are withheld on a ground; a source that gives none says so."""


def signal_command(
    fact: CaseFact, stream: str, streams: Streams, case: Case
) -> tuple[Command, str]:
    """The command for a fact of a signal, and the topic of the event that will say it."""
    told: dict[str, Any] = common(fact, case)
    to = streams.level(fact.to)
    put: dict[str, Any] = {"statement": fact.statement, **told}
    worded: dict[str, Any] = {**put, "statement": _words(fact)}
    previous = streams.previous_event(fact, stream)
    match fact.kind:
        case "signalled":
            asked = tuple(
                MustAsk(level=case.level(ask.level).level, basis=ask.basis[:200])
                for ask in fact.must_ask
            )
            signal = SignalHardship(
                body=case.case,
                to=to,
                arrived_on=fact.arrived_on,
                must_ask=asked,
                theme=_theme(fact),
                **worded,
            )
            return signal, "hardship-signalled"
        case "handed-on":
            handed = HandOn(to=to, arrived_on=fact.arrived_on, previous=previous, **put)
            return handed, "signal-handed-on"
        case "restated":
            restated = Restate(
                to=to,
                arrived_on=fact.arrived_on,
                reason=fact.reason,
                previous=streams.previous_event(fact, stream, anywhere=True),
                **worded,
            )
            return restated, "signal-restated"
        case "held-back":
            return HoldBack(reason=fact.reason, **put), "signal-held-back"
        case "cited":
            cited = CiteSignal(carrier=_carrier(fact), to=to, previous=previous, **put)
            return cited, "signal-cited"
        case "citation-dropped":
            dropped = CiteSignal(
                carrier=_carrier(fact), to=to, previous=previous, cites=False, **put
            )
            return dropped, "citation-dropped"
        case "withheld-passages":
            withheld = WithholdPassages(
                carrier=_carrier(fact),
                ground=fact.reason or NOT_STATED,
                to=to,
                previous=previous,
                **put,
            )
            return withheld, "passages-withheld"
        case "disclosed":
            shown = DiscloseSignal(carrier=_carrier(fact), to=to, previous=previous, **put)
            return shown, "signal-disclosed"
        case "advice-asked":
            return AskAdvice(of=_asked(fact, case), **put), "advice-asked"
        case "advice-given":
            given = GiveAdvice(to=to, theme=_theme(fact), answers=previous, **put)
            return given, "advice-given"
        case "measure-decided":
            return DecideMeasure(measure=_measure(fact), to=to, **put), "measure-decided"
        case "measure-in-effect":
            works = PutMeasureInEffect(measure=_measure(fact), answers=previous, **put)
            return works, "measure-took-effect"
        case _:
            against = streams.contradicted(fact) or _last_in(stream, streams)
            event = streams.event_of[against] if against else streams.implied_origin
            return Contradict(against=event, theme=_theme(fact), **worded), "contradiction-filed"


def test_command(fact: CaseFact, streams: Streams, case: Case) -> tuple[Command, str]:
    """The command for a verdict, a condition or a recommendation, and the topic that says it."""
    put: dict[str, Any] = {
        "statement": fact.statement,
        "to": streams.level(fact.to),
        **common(fact, case),
    }
    match fact.kind:
        case "verdict-given":
            return GiveVerdict(verdict=fact.verdict, **put), "verdict-given"
        case "condition-stated":
            condition = fact.condition or f"c{fact.n}"
            stated = StateCondition(condition=condition, theme=_theme(fact), **put)
            return stated, "condition-stated"
        case _:
            code = f"fact-{fact.n}"
            made = MakeRecommendation(recommendation=code, theme=_theme(fact), **put)
            return made, "recommendation-made"


def finding_command(fact: CaseFact, streams: Streams, case: Case) -> IssueFinding:
    named = streams.referred(fact)
    return IssueFinding(
        mandate=fact.source.title[:200],
        body=case.case,
        statement=fact.statement,
        to=streams.level(fact.to),
        about=streams.signal_named(fact),
        previous=None if named is None else streams.event_of[named],
        theme=_theme(fact),
        **common(fact, case),
    )


def answer_command(fact: CaseFact, streams: Streams, case: Case) -> GiveResponse:
    return GiveResponse(
        outcome=fact.outcome,
        reason=fact.reason,
        statement=fact.statement,
        to=streams.level(fact.to),
        **common(fact, case),
    )


def _words(fact: CaseFact) -> Statement:
    """The words of a fact that cannot do without; where no source gives any, its title."""
    return fact.statement or Statement(text=fact.source.title, coded=(StatementField.TEXT,))


def _measure(fact: CaseFact) -> str:
    return fact.statement.text if fact.statement else fact.source.title


def _asked(fact: CaseFact, case: Case) -> Level | None:
    """Who was asked; where the file leaves it open, who answered."""
    if fact.to is not None:
        return case.level(fact.to).level
    answers = [f for f in case.told if f.answers == fact.n]
    return case.level(answers[0].by).level if answers else None


def _theme(fact: CaseFact) -> str | None:
    return fact.theme and fact.theme[:200]


def _carrier(fact: CaseFact) -> str:
    return fact.source.title[:500]


def _last_in(stream: str, streams: Streams) -> int | None:
    return max((n for n, other in streams.of.items() if other == stream), default=None)
