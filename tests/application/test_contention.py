"""Several at once: every acknowledged act is recorded exactly once, and a stale reader is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from tests.application.desk import (
    COUNTER,
    DEPARTMENT,
    TEAM_LEAD,
    WORDS,
    Clock,
    caller,
    day,
    facts,
    handed_on,
    raised,
    topics,
)
from uitvoering.application.clocks import Clocks
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import AcknowledgeSignal, CloseSignal, GiveFeedback, RaiseRegime
from uitvoering.domain.refusals_of_signals import RegimeOnlyRisesError, SignalIsClosedError
from uitvoering.domain.values import Level, Regime, Role
from uitvoering.errors import BusyError, StaleVersionError
from uitvoering.persistence.store import ConflictError


def at_once(work: Callable[[int], Any], workers: int = 8) -> list[Any]:
    """What each of them got; an error is a result too."""
    start = Barrier(workers)

    def one(n: int) -> Any:
        start.wait()
        try:
            return work(n)
        except Exception as error:  # noqa: BLE001 whatever a thread meets is judged by the test
            return error

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, range(workers)))


def test_every_acknowledged_act_is_recorded_exactly_once(app: Uitvoering) -> None:
    signal = raised(app)
    given = [caller(Level.TEAM_LEAD, Role.LINE, name=f"p-{n}") for n in range(8)]
    acts = [handed_on(statement=WORDS.model_copy(update={"severity": n % 5 + 1})) for n in range(5)]
    acts += [handed_on(on=f"2026-06-0{n}") for n in (3, 4, 5)]
    outcomes = at_once(lambda n: app.handle(acts[n], given[n], subject=signal))
    events = app.store.facts(signal)
    assert [outcome.kind for outcome in outcomes] == ["signals"] * 8
    acknowledged = [event for outcome in outcomes for event in outcome.events]
    assert sorted(e.event_id for e in events[2:]) == sorted(acknowledged)
    assert len(set(acknowledged)) == 8
    assert [e.originator_version for e in events] == list(range(1, 11))
    assert sorted(outcome.version for outcome in outcomes) == list(range(3, 11))


def test_the_same_act_by_eight_at_once_is_recorded_once(app: Uitvoering) -> None:
    signal = raised(app)
    outcomes = at_once(lambda _: app.handle(handed_on(), TEAM_LEAD, subject=signal))
    assert sorted(len(outcome.events) for outcome in outcomes) == [0] * 7 + [1]
    assert topics(app.store.facts(signal)).count("signal-handed-on") == 1


def test_a_stale_reader_is_refused_with_the_present_version(app: Uitvoering) -> None:
    signal = raised(app)
    before = app.store.position()
    with pytest.raises(StaleVersionError, match="at version 2, not at 1; read it again"):
        app.handle(handed_on(), TEAM_LEAD, subject=signal, expected_version=1)
    assert app.store.position() == before
    outcome = app.handle(handed_on(), TEAM_LEAD, subject=signal, expected_version=2)
    assert outcome.version == 3


def test_of_eight_that_read_the_same_version_one_gets_on(app: Uitvoering) -> None:
    signal = raised(app)

    def act(n: int) -> Any:
        return app.handle(
            handed_on(on=f"2026-06-0{n + 1}"), TEAM_LEAD, subject=signal, expected_version=2
        )

    outcomes = at_once(act)
    assert sum(isinstance(outcome, StaleVersionError) for outcome in outcomes) == 7
    assert app.version("signals", signal) == 3


class Interfering:
    """A store in front of which someone else gets in first, just before an append."""

    def __init__(self, app: Uitvoering, first: Callable[[], Any], times: int = 1) -> None:
        self._store = app.store
        self._first = first
        self.left = times

    def append(self, events: Any, *, idempotency: Any = None) -> list[int]:
        if self.left:
            self.left -= 1
            self._first()
        return self._store.append(events, idempotency=idempotency)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def behind(app: Uitvoering, interfering: Interfering) -> Uitvoering:
    store: Any = interfering
    return Uitvoering(store=store, clock=app.clock)


def test_a_conflict_is_decided_again_on_what_stands_there_now(app: Uitvoering) -> None:
    signal = raised(app)
    rise = RaiseRegime(happened_on=day("2026-06-03"), to=Regime.CONFIDENTIAL)

    def someone_else() -> None:
        higher = RaiseRegime(happened_on=day("2026-06-03"), to=Regime.WBK)
        app.handle(higher, DEPARTMENT, subject=signal)

    late = behind(app, Interfering(app, someone_else))
    with pytest.raises(RegimeOnlyRisesError):
        late.handle(rise, COUNTER, subject=signal)
    assert [f.to for f in facts(app, signal, "regime-raised")] == [Regime.WBK]


def test_nothing_is_added_to_a_signal_that_was_closed_meanwhile(app: Uitvoering) -> None:
    signal = raised(app)
    told = GiveFeedback(happened_on=day("2026-06-03"), message="Gedaan.")
    app.handle(told, TEAM_LEAD, subject=signal)

    def closes() -> None:
        app.handle(CloseSignal(happened_on=day("2026-06-04")), TEAM_LEAD, subject=signal)

    with pytest.raises(SignalIsClosedError):
        behind(app, Interfering(app, closes)).handle(handed_on(), TEAM_LEAD, subject=signal)
    assert topics(app.store.facts(signal))[-1] == "signal-closed"


def test_a_stream_that_never_comes_to_rest_is_busy_and_records_nothing(app: Uitvoering) -> None:
    signal = raised(app)

    def overrun() -> None:
        raise ConflictError

    before = app.store.position()
    overrunning = Interfering(app, overrun, times=100)
    with pytest.raises(BusyError, match="20 writers were first"):
        behind(app, overrunning).handle(
            AcknowledgeSignal(happened_on=day("2026-06-02")), TEAM_LEAD, subject=signal
        )
    assert app.store.position() == before


def test_a_second_writer_is_recorded_after_the_first(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app)

    def earlier() -> None:
        clock.now += timedelta(seconds=5)
        app.handle(AcknowledgeSignal(happened_on=day("2026-06-02")), DEPARTMENT, subject=signal)

    slow = behind(app, Interfering(app, earlier))
    slow.handle(handed_on(on="2026-06-03"), TEAM_LEAD, subject=signal)
    stamps = [event.timestamp for event in app.store.facts(signal)]
    assert stamps == sorted(stamps)


def test_a_lapse_is_recorded_after_what_was_recorded_during_the_run(
    app: Uitvoering, clock: Clock
) -> None:
    signal = raised(app)
    now, clock.now = clock.now, clock.now + timedelta(seconds=5)
    app.handle(handed_on(on="2026-06-03"), TEAM_LEAD, subject=signal)
    assert Clocks(app).tick(now)
    stamps = [event.timestamp for event in app.store.facts(signal)]
    assert stamps == sorted(stamps)
