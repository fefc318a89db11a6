"""Any history of commands, clock ticks, retries and reads, told to the real application."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests import strategies
from tests.seeded import seeded
from uitvoering.application.caller import Caller, IdempotencyKey
from uitvoering.application.clocks import Clocks
from uitvoering.application.identity import fold
from uitvoering.application.kinds import KINDS, own_stream
from uitvoering.application.reading import ReadModelDigest
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.command import Command
from uitvoering.commands.implementation_test import RequestTest
from uitvoering.commands.journey import StartJourney
from uitvoering.commands.proposal import AddVersion, RegisterProposal
from uitvoering.commands.signal import Restate, SignalHardship
from uitvoering.domain.events.implementation_test import TestKind
from uitvoering.domain.events.proposal import VersionKind
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Statement
from uitvoering.errors import StaleVersionError, UitvoeringError
from uitvoering.persistence.store import open_store
from uitvoering.projections.documents import Moment
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.softening.compare import compare
from uitvoering.softening.facets import Result

NewStore = Callable[[], AbstractContextManager[str]]
"""The address of an empty database, gone afterwards."""
UNKNOWN = "00000000-0000-4000-8000-00000000dead"
STARTED_AT = datetime(2026, 6, 15, 9, tzinfo=UTC)
_KIND_OF_BIRTH = {topic: kind for kind in KINDS.values() for topic in kind.births}


def _kinds(among: Sequence[type[Command]]) -> st.SearchStrategy[type[Command]]:
    return st.sampled_from(among)


def _stream(n: int) -> str:
    return str(UUID(int=0x4000_8000_0000_0000_0000 + n))


BEGUN = _stream(-1)
"""The proposal every history starts with."""
_MINISTRY = Caller("szw", Level.PRINCIPAL, strategies.ROLES, "szw-principal")
_COUNTER = Caller("uwv", Level.FRONTLINE, strategies.ROLES, "uwv-frontline")
_SUPERVISOR = Caller("no", Level.OMBUDSMAN, strategies.ROLES, "no-ombudsman")
_DAY = strategies.FIRST_DAY
BEGINNINGS: tuple[tuple[Command, Caller], ...] = (
    (RegisterProposal(happened_on=_DAY, title="Wet"), _MINISTRY),
    (AddVersion(happened_on=_DAY, version="1", kind=VersionKind.CONCEPT), _MINISTRY),
    (
        RequestTest(
            happened_on=_DAY,
            proposal=BEGUN,
            proposal_version="1",
            kind=TestKind.UITVOERINGSTOETS,
            template="publieke-bron",
            tester="uwv",
        ),
        _MINISTRY,
    ),
    (StartJourney(happened_on=_DAY, title="Reis", proposal=BEGUN), _MINISTRY),
    (
        SignalHardship(
            happened_on=_DAY,
            statement=Statement(text="300 mensen verliezen hun uitkering.", severity=5),
            body="uwv",
            to=Level.TEAM_LEAD,
        ),
        _COUNTER,
    ),
)


class Histories(RuleBasedStateMachine):
    """What is kept beside the store: what was accepted, and the states as they grew."""

    new_store: ClassVar[NewStore]

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        self.url = seeded(self.opened.enter_context(type(self).new_store()))
        self.now = STARTED_AT
        self.store = open_store(self.url)
        self.read_until = self.store.position()
        self.streams: dict[str, list[str]] = {name: [] for name in KINDS}
        self.events: dict[str, list[str]] = {}
        self.states: dict[str, Any] = {}
        self.accepted: list[tuple[Command, Caller, str]] = []
        self.known_then: list[tuple[Moment, list[ReadModelDigest]]] = []
        self.checked = self.read_until

    @property
    def app(self) -> Uitvoering:
        return Uitvoering(store=self.store, clock=lambda: self.now)

    def teardown(self) -> None:
        try:
            self.events_alone_rebuild_every_state()
            self.stored_views_say_what_a_replay_says()
        finally:
            self.store.close()
            self.opened.close()

    # --- what is done

    @initialize()
    def something_to_act_on(self) -> None:
        for n, (command, who) in enumerate(BEGINNINGS, start=1):
            self.ask(command, who, BEGUN if command.PATH else _stream(-n))
            self.versions_have_no_gaps_and_states_grow()

    @rule(data=st.data(), who=strategies.CALLERS, kind=_kinds(strategies.BIRTHS))
    def begin(self, data: st.DataObject, who: Caller, kind: type[Command]) -> None:
        stream = _stream(len(self.accepted))
        self.ask(data.draw(strategies.commands(kind, self.ids_in(stream))), who, stream)

    @rule(data=st.data(), kind=_kinds(strategies.ON_SIGNALS))
    def act_on_signal(self, data: st.DataObject, kind: type[Command]) -> None:
        self.act(data, kind)
        self.act(data, data.draw(_kinds(strategies.ON_SIGNALS)))

    @rule(data=st.data(), kind=_kinds(strategies.ON_TESTS))
    def act_on_test(self, data: st.DataObject, kind: type[Command]) -> None:
        self.act(data, kind)
        self.act(data, data.draw(_kinds(strategies.ON_TESTS)))

    @rule(data=st.data(), kind=_kinds(strategies.ON_PROPOSALS))
    def act_on_proposal(self, data: st.DataObject, kind: type[Command]) -> None:
        self.act(data, kind)

    @precondition(lambda self: self.streams["follow-ups"])
    @rule(data=st.data(), kind=_kinds(strategies.ON_FOLLOW_UPS))
    def act_on_follow_up(self, data: st.DataObject, kind: type[Command]) -> None:
        self.act(data, kind)

    @rule(data=st.data(), kind=_kinds(strategies.ON_JOURNEYS))
    def act_on_journey(self, data: st.DataObject, kind: type[Command]) -> None:
        self.act(data, kind)

    @rule(data=st.data(), who=strategies.CALLERS)
    def contest_a_verdict(self, data: st.DataObject, who: Caller) -> None:
        signal = data.draw(st.sampled_from(self.streams["signals"]))
        # Contested is what two statements say: without a second one there is nothing to contest.
        self.ask(data.draw(strategies.commands(Restate, self.ids_in(signal))), _COUNTER, signal)
        moment = self.app.reading.moment()
        rows = signal_trail(self.app.reading.documents(moment), moment, signal=signal)
        if any(row.previous for row in rows):
            self.ask(data.draw(strategies.challenges(rows)), who, signal)

    @precondition(lambda self: self.streams["verdict-challenges"])
    @rule(data=st.data(), kind=_kinds(strategies.ON_VERDICT_CHALLENGES))
    def act_on_a_challenge(self, data: st.DataObject, kind: type[Command]) -> None:
        stream = data.draw(st.sampled_from(self.streams["verdict-challenges"]))
        filed = self.store.facts(stream, until=1)[0]
        challenger = Caller(filed.organisation, filed.level, strategies.ROLES, "p")
        who = data.draw(st.sampled_from((_SUPERVISOR, challenger)) | strategies.CALLERS)
        self.ask(data.draw(strategies.commands(kind, self.ids_in(stream))), who, stream)

    @rule(days=st.integers(0, 40))
    def time_passes_and_the_clock_runs(self, days: int) -> None:
        self.now += timedelta(days=days)
        Clocks(self.app).tick(self.now)
        position = self.store.position()
        assert Clocks(self.app).tick(self.now) == 0
        assert self.store.position() == position

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def a_retry_records_nothing(self, data: st.DataObject) -> None:
        command, who, stream = data.draw(st.sampled_from(self.accepted))
        position = self.store.position()
        assert self.app.handle(command, who, subject=stream).events == ()
        assert self.store.position() == position

    @precondition(lambda self: self.accepted)
    @rule(data=st.data(), who=strategies.CALLERS)
    def a_stale_reader_is_refused(self, data: st.DataObject, who: Caller) -> None:
        command, _, stream = data.draw(st.sampled_from(self.accepted))
        version = self.store.facts(stream)[-1].originator_version
        if own_stream(command, who) not in {None, stream}:
            return  # what another level says of the same is a stream of its own
        position = self.store.position()
        # Or refused for another reason; nothing is recorded either way.
        with pytest.raises(UitvoeringError) as refused:
            self.app.handle(command, who, subject=stream, expected_version=version - 1)
        if isinstance(refused.value, StaleVersionError):
            assert refused.value.values["version"] == str(version)
        assert self.store.position() == position

    @rule(days=st.integers(0, 60), happened=st.none() | strategies.DAYS)
    def look_back(self, days: int, happened: date | None) -> None:
        then = Moment(
            now=self.now,
            happened_as_of=happened,
            recorded_as_of=self.now - timedelta(days=days, seconds=1),
        )
        self.known_then.append((then, self.app.reading.replay(then)))

    @precondition(lambda self: self.known_then)
    @rule(data=st.data())
    def what_was_known_then_has_not_changed(self, data: st.DataObject) -> None:
        then, found = data.draw(st.sampled_from(self.known_then))
        assert self.app.reading.replay(then) == found

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.url)

    @rule()
    def rebuild(self) -> None:
        self.app.reading.rebuild()

    # --- what holds

    @invariant()
    def versions_have_no_gaps_and_states_grow(self) -> None:
        for position, event in self.store.stream(self.read_until):
            self.read_until = position
            stream = event.originator_id
            before = self.events.setdefault(stream, [])
            assert event.originator_version == len(before) + 1
            if not before:
                self.streams[_KIND_OF_BIRTH[event.fact.TOPIC].name].append(stream)
            before.append(event.event_id)
            evolve = self.kind_of(stream).evolve
            self.states[stream] = evolve(self.states.get(stream), event)

    @precondition(lambda self: self.read_until > self.checked + 40)
    @invariant()
    def stored_views_say_what_a_replay_says(self) -> None:
        reading = self.app.reading
        stored = reading.stored()
        assert stored == reading.replay(reading.moment())
        assert reading.views.catch_up() == 0
        assert reading.stored() == stored
        self.checked = self.read_until

    def events_alone_rebuild_every_state(self) -> None:
        self.reopen()
        for stream, state in self.states.items():
            facts = self.store.facts(stream)
            assert fold(self.kind_of(stream).evolve, facts) == state
            assert fold(self.kind_of(stream).evolve, facts) == state
            for event in facts:
                said = getattr(event.fact, "statement", None)
                if said is not None:
                    results = {row.result for row in compare(said, said).dimensions}
                    assert results == {Result.UNCHANGED}

    # --- how

    def act(self, data: st.DataObject, kind: type[Command]) -> None:
        who = data.draw(strategies.CALLERS)
        stream = data.draw(st.sampled_from(self.streams[kind.KIND]))
        command = data.draw(strategies.commands(kind, self.ids_in(stream)))
        self.ask(command, who, stream)

    def ask(self, command: Command, who: Caller, stream: str) -> None:
        """Accepted and acknowledged in full, or refused and not a byte recorded."""
        before = self.store.position()
        key = IdempotencyKey(f"k-{before}-{command.name()}", "a" * 64)
        try:
            outcome = self.app.handle(command, who, subject=stream, idempotency=key)
        except UitvoeringError:
            assert self.store.position() == before
            return
        stream = outcome.id  # what says of itself where it belongs was given another
        facts = self.store.facts(stream)
        assert outcome.version == facts[-1].originator_version
        assert set(outcome.events) <= {event.event_id for event in facts}
        assert self.app.handle(command, who, subject=stream, idempotency=key) == outcome
        self.accepted.append((command, who, stream))

    def ids_in(self, stream: str) -> strategies.Ids:
        """What a command about this stream may refer to; now and then it leads nowhere."""

        def ids(kind: str) -> st.SearchStrategy[str]:
            known = self.events.get(stream, []) if kind == "events" else self.streams[kind]
            return st.sampled_from([*known, *known, *known, UNKNOWN])

        return ids

    def kind_of(self, stream: str) -> Any:
        first: AnyRecorded = self.store.facts(stream, until=1)[0]
        return _KIND_OF_BIRTH[first.fact.TOPIC]
