"""Who acts in these tests, and the commands they start with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from uitvoering.application.caller import Caller, Outcome
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.command import Command
from uitvoering.commands.implementation_test import (
    AssessAspect,
    ConcludeTest,
    GiveVerdict,
    RequestTest,
    StateCondition,
)
from uitvoering.commands.journey import EnterPhase, StartJourney
from uitvoering.commands.proposal import AddVersion, RegisterProposal
from uitvoering.commands.signal import HandOn, SignalHardship
from uitvoering.domain.events.implementation_test import Impact, TestKind, Verdict
from uitvoering.domain.events.journey import Phase
from uitvoering.domain.events.proposal import VersionKind
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Role, Statement

TODAY = datetime(2026, 6, 15, 10, tzinfo=UTC)
UNKNOWN = "00000000-0000-4000-8000-00000000dead"


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = TODAY

    def __call__(self) -> datetime:
        return self.now

    def on(self, day: str) -> datetime:
        """Noon of that day, and from then on."""
        self.now = datetime.combine(date.fromisoformat(day), self.now.timetz()).replace(
            hour=12, tzinfo=UTC
        )
        return self.now


def caller(level: Level, *roles: Role, organisation: str = "uwv", name: str = "") -> Caller:
    return Caller(organisation, level, frozenset(roles), name or f"{organisation}-{level}")


COUNTER = caller(Level.FRONTLINE, Role.REPORTER, Role.LINE)
TEAM_LEAD = caller(Level.TEAM_LEAD, Role.LINE)
DEPARTMENT = caller(Level.DEPARTMENT, Role.LINE)
MINISTRY = caller(Level.PRINCIPAL, Role.REQUESTER, Role.JOURNEY_TEAM, Role.LINE, organisation="szw")
TESTER = caller(Level.BOARD, Role.TESTER)
OMBUDSMAN = caller(Level.OMBUDSMAN, Role.AUDITOR, organisation="nationale-ombudsman")
REGISTRAR = caller(Level.EXPERT, Role.REGISTRAR)

WORDS = Statement(
    text="Bij 300 mensen is de uitkering stopgezet zonder dat iemand het dossier bekeek.",
    severity=4,
    affected_count=300,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def raised(app: Uitvoering, on: str = "2026-06-01", **more: Any) -> str:
    given: dict[str, Any] = {
        "statement": WORDS,
        "body": "uwv",
        "to": Level.TEAM_LEAD,
        "happened_on": on,
    }
    return app.handle(SignalHardship.model_validate(given | more), COUNTER).id


def handed_on(on: str = "2026-06-02", **more: Any) -> HandOn:
    return HandOn.model_validate({"happened_on": on, "to": Level.DEPARTMENT} | more)


def proposed(app: Uitvoering, on: str = "2026-01-05", version: str = "1") -> str:
    stream = app.handle(RegisterProposal(happened_on=day(on), title="Wet"), MINISTRY).id
    add = AddVersion(happened_on=day(on), version=version, kind=VersionKind.CONCEPT)
    app.handle(add, MINISTRY, subject=stream)
    return stream


def requested(proposal: str, on: str = "2026-01-12", version: str = "1") -> RequestTest:
    return RequestTest(
        happened_on=day(on),
        proposal=proposal,
        proposal_version=version,
        kind=TestKind.UITVOERINGSTOETS,
        template="huf",
        tester="uwv",
    )


def concluded_test(app: Uitvoering, proposal: str, *, conditions: tuple[str, ...] = ("c1",)) -> str:
    """A concluded test of version 1, with these conditions."""
    test = app.handle(requested(proposal), MINISTRY).id
    on = day("2026-02-02")
    steps: list[Command] = [
        AssessAspect(happened_on=on, aspect=aspect, impact=Impact.BEPERKT)
        for aspect in app.context().template("huf").mandatory
    ]
    steps += [StateCondition(happened_on=on, condition=c, statement=WORDS) for c in conditions]
    steps += [
        GiveVerdict(happened_on=on, verdict=Verdict.FEASIBLE, statement=WORDS),
        ConcludeTest(happened_on=on),
    ]
    for step in steps:
        app.handle(step, TESTER, subject=test)
    return test


def travelled(app: Uitvoering, proposal: str | None = None, on: str = "2026-01-05") -> str:
    start = StartJourney(happened_on=day(on), title="Bijverdienen", proposal=proposal)
    return app.handle(start, MINISTRY).id


def executing(on: str) -> EnterPhase:
    return EnterPhase(happened_on=day(on), phase=Phase.EXECUTE)


def topics(events: list[AnyRecorded]) -> list[str]:
    return [event.fact.TOPIC for event in events]


def facts(app: Uitvoering, stream: str, topic: str) -> list[Any]:
    """The facts of one topic in a stream."""
    return [event.fact for event in app.store.facts(stream) if topic == event.fact.TOPIC]


def recorded(app: Uitvoering, outcome: Outcome) -> list[AnyRecorded]:
    return [e for e in app.store.facts(outcome.id) if e.event_id in outcome.events]
