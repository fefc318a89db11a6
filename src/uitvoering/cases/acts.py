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
from uitvoering.commands.journey import EnterPhase, StartJourney
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
from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.values import Level, MustAsk, Statement, StatementField

NOT_STATED = "geen reden vermeld in de openbare bron"
"""A source that gives no reason says so: answers that need a reason carry this one."""


def signal_command(
    fact: CaseFact, stream: str, streams: Streams, case: Case
) -> tuple[Command, str]:
    """The command for a fact of a signal, and the topic of the event that will say it."""
    told: dict[str, Any] = common(fact, case)
    to = streams.level(fact.to)
    put: dict[str, Any] = {"statement": fact.statement, **told}
    previous = streams.previous_event(fact, stream)
    match fact.kind:
        case "signalled":
            asked = tuple(
                MustAsk(level=case.level(ask.level).level, basis=ask.basis) for ask in fact.must_ask
            )
            signal = SignalHardship(
                body=case.case,
                to=to,
                arrived_on=fact.arrived_on,
                must_ask=asked,
                theme=fact.theme,
                **(put | {"statement": _words(fact)}),
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
                **(put | {"statement": _words(fact)}),
            )
            return restated, "signal-restated"
        case "held-back":
            return HoldBack(reason=fact.reason, **put), "signal-held-back"
        case "cited":
            cited = CiteSignal(carrier=fact.source.title, to=to, previous=previous, **put)
            return cited, "signal-cited"
        case "citation-dropped":
            dropped = CiteSignal(
                carrier=fact.source.title, to=to, previous=previous, cites=False, **put
            )
            return dropped, "citation-dropped"
        case "withheld-passages":
            withheld = WithholdPassages(
                carrier=fact.source.title,
                ground=fact.reason or NOT_STATED,
                to=to,
                previous=previous,
                **put,
            )
            return withheld, "passages-withheld"
        case "disclosed":
            shown = DiscloseSignal(carrier=fact.source.title, to=to, previous=previous, **put)
            return shown, "signal-disclosed"
        case "advice-asked":
            return AskAdvice(of=_asked(fact, case), **put), "advice-asked"
        case "advice-given":
            given = GiveAdvice(to=to, theme=fact.theme, answers=previous, **put)
            return given, "advice-given"
        case "measure-decided":
            return DecideMeasure(measure=_measure(fact), to=to, **put), "measure-decided"
        case "measure-in-effect":
            works = PutMeasureInEffect(measure=_measure(fact), answers=previous, **put)
            return works, "measure-took-effect"
        case _:
            against = previous or streams.event_of[_last_in(stream, streams)]
            words = put | {"statement": _words(fact)}
            return Contradict(against=against, theme=fact.theme, **words), "contradiction-filed"


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
            stated = StateCondition(condition=condition, theme=fact.theme, **put)
            return stated, "condition-stated"
        case _:
            code = f"fact-{fact.n}"
            made = MakeRecommendation(recommendation=code, theme=fact.theme, **put)
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
        theme=fact.theme,
        **common(fact, case),
    )


def followed(fact: CaseFact, case: Case, streams: Streams) -> int | None:
    """The fact an answer answers: as the file says, by its condition, or the last put to who answers."""
    if fact.answers is not None and fact.answers in streams.event_of:
        return fact.answers
    earlier = [f for f in case.told if f.n < fact.n and f.n in streams.event_of]
    if fact.condition is not None:
        stated = [
            f for f in earlier if f.kind == "condition-stated" and f.condition == fact.condition
        ]
        if stated:
            return stated[-1].n
    if fact.compares_with is not None and fact.compares_with in streams.event_of:
        return fact.compares_with
    put_to = [f for f in earlier if f.to == fact.by and f.kind != "response-given"]
    return put_to[-1].n if put_to else None


def answer_command(fact: CaseFact, streams: Streams, case: Case) -> GiveResponse:
    needs_reason = fact.outcome in {Outcome.NOT_ADOPTED, Outcome.PARTLY, Outcome.DEFERRED}
    return GiveResponse(
        outcome=fact.outcome,
        reason=fact.reason or (NOT_STATED if needs_reason else None),
        statement=fact.statement,
        to=streams.level(fact.to),
        **common(fact, case),
    )


def journey_commands(
    fact: CaseFact, case: Case, *, known: bool, proposal: str | None
) -> list[Command]:
    """The journey's start where it is the first fact of one, then the phase."""
    told: dict[str, Any] = common(fact, case)
    start = StartJourney(title=case.title_nl[:200], proposal=proposal, **(told | {"reply": None}))
    commands: list[Command] = [] if known else [start]
    if fact.phase is None:
        return [*commands, start]
    return [*commands, EnterPhase(phase=fact.phase, statement=fact.statement, **told)]


def _words(fact: CaseFact) -> Statement:
    """The words of a fact that cannot do without; where no source gives them, the source's title."""
    return fact.statement or Statement(text=fact.source.title, coded=(StatementField.TEXT,))


def _measure(fact: CaseFact) -> str:
    return fact.statement.text if fact.statement else fact.source.title


def _asked(fact: CaseFact, case: Case) -> Level:
    """Who was asked; where the file leaves it open, who answered."""
    if fact.to is not None:
        return case.level(fact.to).level
    answers = [f for f in case.told if f.answers == fact.n]
    return case.level(answers[0].by).level if answers else Level.EXPERT


def _last_in(stream: str, streams: Streams) -> int:
    return max(n for n, other in streams.of.items() if other == stream)
