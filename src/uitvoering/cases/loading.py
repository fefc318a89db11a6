"""A case through the same commands as anyone's, each fact on its own two clocks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from uitvoering.application.clocks import Clocks
from uitvoering.application.identity import derived_event_id, envelope_of, stamp
from uitvoering.application.reactions import owed_answer_id
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.acts import answer_command, finding_command, signal_command, test_command
from uitvoering.cases.answers import followed, follows
from uitvoering.cases.case import Case, CaseFact
from uitvoering.cases.frame import Frame
from uitvoering.cases.streams import SIGNAL_KINDS, TEST_KINDS, Streams
from uitvoering.cases.telling import common, moment_on
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import MakeResponseDue
from uitvoering.commands.journey import EnterPhase
from uitvoering.commands.proposal import EnterIntoForce
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.follow_up import Matter
from uitvoering.domain.events.journey import EvaluationLapsed
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import HandOnLapsed
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Role, StatementField, Way

Progress = Callable[[int, int], None]
_LONGEST_TERM = 3_650
"""Days a request may set for a test."""


@dataclass
class Loading:
    """One case on its way into one store; loading it again records nothing."""

    app: Uitvoering
    case: Case
    streams: Streams = field(init=False)
    frame: Frame = field(init=False)

    def __post_init__(self) -> None:
        self.streams = Streams(self.case, prefix="1")
        self.frame = Frame(self.app, self.case, self.streams)

    def run(self, progress: Progress | None = None) -> Streams:
        """Load every fact that a document tells, then let the clocks find what lapsed."""
        self.frame.set_up()
        told = in_order(self.case)
        for done, fact in enumerate(told, start=1):
            self._load(fact)
            if progress is not None:
                progress(done, len(told))
        clocks = Clocks(self.app, stamped=_lapse_recorded_at)
        while clocks.tick(moment_on(known_until(self.case))):
            pass  # what falls due at one tick may lapse at the next
        return self.streams

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
            entry = EnterIntoForce(
                statement=fact.statement, to=self.streams.level(fact.to), **common(fact, self.case)
            )
            self._handle(entry, fact, self.frame.proposal, topic="entered-into-force")
        elif fact.kind == "phase-entered" and fact.phase is not None:
            enter = EnterPhase(
                phase=fact.phase, statement=fact.statement, **common(fact, self.case)
            )
            self._handle(enter, fact, self.frame.journey, topic="phase-entered")
        else:
            lapse = EvaluationLapsed(due_on=fact.counts_from)
            self._record(lapse, fact, self.frame.journey)

    def _load_in_signal(self, fact: CaseFact) -> None:
        streams = self.streams
        if fact.kind == "signalled":
            stream = streams.stream_id("signal", fact.n)
            streams.signals.append(stream)
        else:
            stream = streams.signal_for(fact) or self.frame.matter(fact)
        streams.holds(fact, stream)
        if fact.kind == "hand-on-lapsed":
            self._record_lapse(fact, stream)
            return
        command, topic = signal_command(fact, stream, streams, self.case)
        self._handle(command, fact, stream, topic=topic)

    def _load_in_test(self, fact: CaseFact) -> None:
        streams = self.streams
        if fact.kind != "test-requested":
            stream = streams.test_for(fact) or self.frame.test(fact)
            command, topic = test_command(fact, streams, self.case)
            self._handle(command, fact, stream, topic=topic, tester=fact.by)
            return
        stream = streams.stream_id("test", fact.n)
        tester = self.frame.tester_of(fact)
        told = common(fact, self.case) | {"statement": fact.statement, "term_days": term_of(fact)}
        request = self.frame.request(fact, tester, **told)
        self._handle(request, fact, stream, topic="test-requested")
        streams.tests.append((stream, tester))

    def _load_answer(self, fact: CaseFact) -> None:
        n = followed(fact, self.case)
        if n not in self.streams.event_of:
            n = None  # nothing it could answer, or two facts that answer each other
        question = fact if n is None else self.streams.fact(n)
        if n is None:
            about = self.frame.matter(fact)
            of = self.app.store.facts(about, until=1)[0].event_id
        else:
            about, of = self.streams.of[n], self.streams.event_of[n]
        stream = owed_answer_id(of)
        if not self.app.store.facts(stream, until=1):
            told: dict[str, Any] = {**common(question, self.case), "reply": None}
            due = MakeResponseDue(
                matter=Matter.SIGNAL if self.streams.is_signal(about) else Matter.RESPONSE,
                of=of,
                of_stream=about,
                theme=question.theme and question.theme[:200],
                due_on=self.app.context().terms.months(
                    PolicyName.RESPONSE_MONTHS, question.starts_terms_on
                ),
                **told,
            )
            at = moment_on(question.recorded_on)
            first = derived_event_id(at, "case", stream, due.name())
            self.app.handle(
                due,
                self.frame.caller(fact.by),
                subject=stream,
                recorded_at=at,
                first_event=first,
            )
        command = answer_command(fact, self.streams, self.case)
        self._handle(command, fact, stream, topic="response-given")

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
        same = next((e for e in past if e.fact == lapse and not self._is_taken(e)), None)
        if same is None:
            act = envelope_of(
                past[0],
                actor_role=Role.CLOCK,
                actor_pseudonym="clock",
                level=self.case.level(fact.by).level,
                causation_id=past[0].event_id,
                **common(fact, self.case),
            )
            at = moment_on(fact.recorded_on)
            first = derived_event_id(at, "case", stream, str(fact.n))
            events = stamp((lapse,), act, stream, past[-1].originator_version, at, first)
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
        at = moment_on(fact.recorded_on)
        outcome = self.app.handle(
            command,
            self.frame.caller(fact.by, tester),
            subject=stream,
            recorded_at=at,
            first_event=derived_event_id(at, "case", stream, str(fact.n)),
        )
        self.streams.of[fact.n] = stream
        events = {e.event_id: e for e in self.app.store.facts(stream)}
        mine = [events[i] for i in outcome.events] or [
            e
            for e in events.values()
            if e.happened_on == fact.counts_from
            and e.level == self.case.level(fact.by).level
            and e.actor_role is not Role.CLOCK
        ]
        told = [event for event in mine if topic == event.fact.TOPIC]
        fresh = [event for event in told if not self._is_taken(event)]
        self.streams.event_of[fact.n] = (fresh or told)[0].event_id

    def _is_taken(self, event: AnyRecorded) -> bool:
        """Whether another fact is said by it: a case may tell two facts in the same words."""
        return event.event_id in self.streams.event_of.values()


def term_of(request: CaseFact) -> int | None:
    """The term a request for a test sets, where its words do; a policy sets it otherwise."""
    asked = request.statement
    if asked is None or not asked.reads(StatementField.ACT_WITHIN_DAYS):
        return None
    days = asked.act_within_days
    return days if days is not None and 1 <= days <= _LONGEST_TERM else None


def known_until(case: Case) -> date:
    """The last day the file knows of; the day after it where a clock has the last word."""
    told = max(max(fact.recorded_on, fact.counts_from) for fact in case.told)
    derived = [max(f.recorded_on, f.counts_from) for f in case.facts if f.derived]
    return max([told, *(day + timedelta(days=1) for day in derived)])


def in_order(case: Case) -> list[CaseFact]:
    """As numbered, but a fact comes after what it answers or weighs."""
    waiting = sorted(case.told, key=lambda fact: fact.n)
    done, ordered = set[int](), list[CaseFact]()
    before = {fact.n: {follows(fact, case), _question(fact, case)} - {None} for fact in waiting}
    while waiting:
        ready = next((fact for fact in waiting if before[fact.n] <= done), waiting[0])
        waiting.remove(ready)
        ordered.append(ready)
        done.add(ready.n)
    return ordered


def _question(fact: CaseFact, case: Case) -> int | None:
    return followed(fact, case) if fact.kind == "response-given" else None


def _lapse_recorded_at(due_on: date, past: list[AnyRecorded]) -> datetime:
    """The later of the due day and the day the origin was recorded."""
    return max(moment_on(due_on), past[0].timestamp)
