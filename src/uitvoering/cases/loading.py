"""A case through the same commands as anyone's, each fact on its own two clocks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from uitvoering.application.caller import Caller
from uitvoering.application.clocks import Clocks
from uitvoering.application.identity import derived_id, envelope_of, stamp
from uitvoering.application.reactions import owed_answer_id
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.acts import (
    answer_command,
    finding_command,
    followed,
    journey_commands,
    signal_command,
    test_command,
)
from uitvoering.cases.case import Case, CaseFact
from uitvoering.cases.streams import SIGNAL_KINDS, TEST_KINDS, Streams
from uitvoering.cases.telling import common, moment_on
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import MakeResponseDue
from uitvoering.commands.implementation_test import RequestTest
from uitvoering.commands.proposal import AddVersion, EnterIntoForce, RegisterProposal
from uitvoering.commands.registers import RegisterOrganisation, SetRoute
from uitvoering.commands.signal import SignalHardship
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.follow_up import Matter
from uitvoering.domain.events.implementation_test import TestKind
from uitvoering.domain.events.journey import EvaluationLapsed
from uitvoering.domain.events.proposal import VersionKind
from uitvoering.domain.events.registers import Form, PolicyName
from uitvoering.domain.events.signal import HandOnLapsed
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Role, Source, Statement, StatementField, Way

Progress = Callable[[int, int], None]
_ALL_BUT_ADMINISTRATOR = frozenset(Role) - {Role.ADMINISTRATOR}


@dataclass
class Loading:
    """One case on its way into one store; loading it again records nothing."""

    app: Uitvoering
    case: Case
    streams: Streams = field(init=False)

    def __post_init__(self) -> None:
        self.streams = Streams(self.case, prefix="1")

    def run(self, progress: Progress | None = None) -> Streams:
        """Load every fact that a document tells, then let the clocks find what lapsed."""
        self._register()
        told = _in_order(self.case)
        for done, fact in enumerate(told, start=1):
            self._load(fact)
            if progress is not None:
                progress(done, len(told))
        last = max(max(fact.recorded_on, fact.counts_from) for fact in self.case.told)
        Clocks(self.app, stamped=self._lapse_recorded_at).tick(moment_on(last))
        return self.streams

    def _register(self) -> None:
        first = min(fact.possible_from or fact.counts_from for fact in self.case.told)
        at = moment_on(first)
        source = Source(title=self.case.title_nl)
        line = {entry.level for entry in self.case.levels if entry.level.way is Way.LINE}
        registrar = self._caller(self.case.levels[0].id)
        for command in (
            SetRoute(
                happened_on=first,
                route=self.case.case,
                levels=tuple(sorted(line, key=lambda level: level.rank or 0)),
                in_force_from=first,
                source=source,
            ),
            RegisterOrganisation(
                happened_on=first,
                organisation=self.case.case,
                name_of_organisation=self.case.organisation,
                form=Form.DIENST,
                route=self.case.case,
                in_force_from=first,
                source=source,
            ),
        ):
            self.app.handle(command, registrar, recorded_at=at)

    def _load(self, fact: CaseFact) -> None:
        if fact.kind in SIGNAL_KINDS:
            self._load_in_signal(fact)
        elif fact.kind in TEST_KINDS:
            self._load_in_test(fact)
        elif fact.kind == "finding-issued":
            stream = self.streams.stream_id("finding", fact.n)
            command = finding_command(fact, self.streams, self.case)
            self._handle(command, fact, stream, topic="finding-issued")
        elif fact.kind == "response-given":
            self._load_answer(fact)
        elif fact.kind == "entered-into-force":
            proposal = self._proposal(fact)
            entry = EnterIntoForce(
                statement=fact.statement, to=self.streams.level(fact.to), **common(fact, self.case)
            )
            self._handle(entry, fact, proposal, topic="entered-into-force")
        else:
            self._load_in_journey(fact)

    def _load_in_signal(self, fact: CaseFact) -> None:
        streams = self.streams
        if fact.kind == "signalled":
            stream = streams.stream_id("signal", fact.n)
            streams.signals.append(stream)
        else:
            stream = streams.signal_for(fact) or self._implied_signal(fact)
        streams.holds(fact, stream)
        if fact.kind == "hand-on-lapsed":
            self._record_lapse(fact, stream)
            return
        command, topic = signal_command(fact, stream, streams, self.case)
        self._handle(command, fact, stream, topic=topic)

    def _implied_signal(self, fact: CaseFact) -> str:
        """The matter of a case that tells no signal: its title, so that acts on it have a place."""
        stream = self.streams.stream_id("signal", 0)
        text = Statement(text=self.case.title_nl, coded=(StatementField.TEXT,))
        command = SignalHardship(statement=text, body=self.case.case, **common(fact, self.case))
        self.app.handle(
            command, self._caller(fact.by), subject=stream, recorded_at=moment_on(fact.recorded_on)
        )
        self.streams.signals.append(stream)
        return stream

    def _load_in_test(self, fact: CaseFact) -> None:
        streams = self.streams
        if fact.kind == "test-requested":
            stream = streams.stream_id("test", fact.n)
            self._request_test(fact, stream, tester=fact.to or fact.by)
            return
        stream = streams.test_for(fact) or self._implied_test(fact)
        command, topic = test_command(fact, streams, self.case)
        self._handle(command, fact, stream, topic=topic, tester=fact.by)

    def _implied_test(self, fact: CaseFact) -> str:
        """The request that a source need not tell: someone tested, so there was a test."""
        stream = self.streams.stream_id("test-by-" + fact.by, 0)
        self._request_test(fact, stream, tester=fact.by, told=False)
        return stream

    def _request_test(self, fact: CaseFact, stream: str, *, tester: str, told: bool = True) -> None:
        request = RequestTest(
            proposal=self._proposal(fact),
            proposal_version="1",
            kind=fact.test_kind or TestKind.UITVOERINGSTOETS,
            template="publieke-bron",
            tester=self._tester(tester),
            statement=fact.statement if told else None,
            to=self.streams.level(tester),
            **common(fact, self.case),
        )
        if told:
            self._handle(request, fact, stream, topic="test-requested")
        else:
            at = moment_on(fact.recorded_on)
            self.app.handle(request, self._caller(fact.by), subject=stream, recorded_at=at)
        self.streams.tests.append((stream, tester))

    def _proposal(self, fact: CaseFact) -> str:
        """The one bill, decree or measure a case is about."""
        stream = self.streams.stream_id("proposal", 0)
        if not self.app.store.facts(stream, until=1):
            at = moment_on(fact.recorded_on)
            first: dict[str, Any] = common(fact, self.case) | {"reply": None}
            caller = self._caller(fact.by)
            register = RegisterProposal(title=self.case.title_nl[:200], **first)
            self.app.handle(register, caller, subject=stream, recorded_at=at)
            version = AddVersion(version="1", kind=VersionKind.CONCEPT, **first)
            self.app.handle(version, caller, subject=stream, recorded_at=at)
        return stream

    def _load_answer(self, fact: CaseFact) -> None:
        n = followed(fact, self.case, self.streams)
        of = self.streams.event_of.get(n) if n is not None else None
        if n is None or of is None:
            n = self.case.told[0].n
            of = self.streams.event_of[n]
        stream = owed_answer_id(of)
        if not self.app.store.facts(stream, until=1):
            due = MakeResponseDue(
                matter=Matter.SIGNAL
                if self.streams.of[n] in self.streams.signals
                else Matter.RESPONSE,
                of=of,
                of_stream=self.streams.of[n],
                theme=fact.theme,
                due_on=self.app.context().terms.months(
                    PolicyName.RESPONSE_MONTHS, self.streams.fact(n).counts_from
                ),
                **common(self.streams.fact(n), self.case),
            )
            self.app.handle(
                due,
                self._caller(fact.by),
                subject=stream,
                recorded_at=moment_on(self.streams.fact(n).recorded_on),
            )
        command = answer_command(fact, self.streams, self.case)
        self._handle(command, fact, stream, topic="response-given")

    def _load_in_journey(self, fact: CaseFact) -> None:
        stream = self.streams.stream_id("journey", 0)
        proposal = self.streams.stream_id("proposal", 0)
        known = bool(self.app.store.facts(stream, until=1))
        bill = proposal if self.app.store.facts(proposal, until=1) else None
        commands = journey_commands(fact, self.case, known=known, proposal=bill)
        for command in commands[:-1]:
            at = moment_on(fact.recorded_on)
            self.app.handle(command, self._caller(fact.by), subject=stream, recorded_at=at)
        if fact.kind == "evaluation-lapsed":
            lapse = EvaluationLapsed(due_on=fact.counts_from)
            self._record(lapse, fact, stream)
        else:
            self._handle(commands[-1], fact, stream, topic="phase-entered")

    def _record_lapse(self, fact: CaseFact, stream: str) -> None:
        """A lapse that a document tells: recorded on the clock's authority, with its source."""
        n = self.streams.referred(fact)
        of = self.streams.event_of[n] if n is not None else self.app.store.facts(stream)[0].event_id
        level = self.case.level(fact.by).level
        party = self.streams.level(fact.to)
        lapse = HandOnLapsed(
            level=level,
            due_on=fact.counts_from,
            of=of,
            party=party if party is not None and party.way is not Way.LINE else None,
        )
        self._record(lapse, fact, stream)

    def _record(self, lapse: Fact, fact: CaseFact, stream: str) -> None:
        past = self.app.store.facts(stream)
        same = next((e for e in past if e.fact == lapse), None)
        if same is None:
            act = envelope_of(
                past[0],
                actor_role=Role.CLOCK,
                actor_pseudonym="clock",
                level=self.case.level(fact.by).level,
                causation_id=past[0].event_id,
                **{k: v for k, v in common(fact, self.case).items() if k != "on_behalf_of"},
            )
            events = stamp(
                (lapse,), act, stream, past[-1].originator_version, moment_on(fact.recorded_on)
            )
            self.app.record(events)
            same = events[0]
        self.streams.of[fact.n], self.streams.event_of[fact.n] = stream, same.event_id

    def _handle(
        self,
        command: Command,
        fact: CaseFact,
        stream: str,
        *,
        topic: str,
        tester: str | None = None,
    ) -> None:
        caller = self._caller(fact.by, organisation=self._tester(tester) if tester else None)
        outcome = self.app.handle(
            command, caller, subject=stream, recorded_at=moment_on(fact.recorded_on)
        )
        self.streams.of[fact.n] = stream
        events = {e.event_id: e for e in self.app.store.facts(stream)}
        mine = [events[i] for i in outcome.events] or [
            e
            for e in events.values()
            if e.happened_on == fact.counts_from and e.level == self.case.level(fact.by).level
        ]
        self.streams.event_of[fact.n] = next(e for e in mine if topic == e.fact.TOPIC).event_id

    def _caller(self, level_id: str, organisation: str | None = None) -> Caller:
        """Each level acts for the case's body, outside bodies for themselves; never a person."""
        outside = self.streams.outside(level_id)
        return Caller(
            organisation=organisation
            or (f"{self.case.case}-{level_id}" if outside else self.case.case),
            level=self.case.level(level_id).level,
            roles=_ALL_BUT_ADMINISTRATOR,
            pseudonym=derived_id("case", self.case.case, level_id),
        )

    def _tester(self, level_id: str) -> str:
        """A tester is a body of its own, so that it is never the requester's."""
        return f"{self.case.case}-{level_id}"[:64]

    def _lapse_recorded_at(self, due_on: date, past: list[AnyRecorded]) -> datetime:
        """The later of the due day and the day the origin was recorded."""
        return max(moment_on(due_on), past[0].timestamp)


def _in_order(case: Case) -> list[CaseFact]:
    """As numbered, but a fact comes after what it answers or weighs."""
    waiting, done, ordered = list(case.told), set[int](), list[CaseFact]()
    told = {fact.n for fact in case.told}
    while waiting:
        ready = next(
            (
                fact
                for fact in waiting
                if all(n in done or n not in told for n in (fact.answers, fact.compares_with) if n)
            ),
            waiting[0],
        )
        waiting.remove(ready)
        ordered.append(ready)
        done.add(ready.n)
    return ordered
