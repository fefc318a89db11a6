"""A clock that jumps: leases do not bind for ever, facts of a stream never go back in time."""

import time
from contextlib import closing
from datetime import timedelta

import pytest

from tests.application.desk import COUNTER, TEAM_LEAD, Clock, handed_on, raised
from tests.faults.promises import kept
from tests.faults.test_lost_commit import faulty, stored_but_unconfirmed
from tests.persistence.facts import stream
from tests.persistence.folding import COUNTS
from uitvoering.application.caller import IdempotencyKey
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import SignalHardship
from uitvoering.domain.values import Level, Statement
from uitvoering.errors import OutcomeUnknownError
from uitvoering.persistence import views
from uitvoering.persistence.store import Store, open_store

_HOUR = 3_600 * 10**9


class Machine:
    """The clock of the machine, in nanoseconds since 1970."""

    def __init__(self) -> None:
        self.now = time.time_ns()

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(time, "time_ns", machine)
    return machine


def test_a_lease_given_by_a_clock_that_jumped_back_binds_nobody(
    store: Store, store_url: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 3)  # after a whole page there may be more: it is leased
    with closing(open_store(store_url)) as other:
        store.append(stream(1, 3))
        assert store.views(COUNTS).catch_up() == 3
        store.append(stream(2, 3))
        assert other.views(COUNTS).catch_up() == 0  # until the lease ends
        machine.now -= _HOUR
        assert other.views(COUNTS).catch_up() == 3
        store.append(stream(3, 3))
        assert store.views(COUNTS).catch_up() == 0  # it is the other's lease now
        kept(other)
        kept(store)


def test_a_lease_that_was_given_and_not_confirmed_before_the_clock_jumped_back_binds_nobody(
    store: Store, store_url: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 3)
    store.append(stream(1, 3))
    # The first commit begins the view, the one after it folds the page and takes the lease.
    with faulty(store_url, stored_but_unconfirmed, after=1) as (unsure, _):
        with pytest.raises(OutcomeUnknownError):
            unsure.views(COUNTS).catch_up()
        store.append(stream(2, 3))
        assert store.views(COUNTS).catch_up() == 0
        machine.now -= _HOUR
        assert store.views(COUNTS).catch_up() == 3
        store.append(stream(3, 3))
        assert unsure.views(COUNTS).catch_up() == 0
        kept(store)
        kept(unsure)


def test_a_lease_ends_when_the_clock_jumps_on_and_its_holder_folds_nothing_twice(
    store: Store, store_url: str, machine: Machine
) -> None:
    with closing(open_store(store_url)) as other:
        for n in range(1, 9):
            store.append(stream(n, 2))
            one = (store, other)[n % 2]
            assert one.views(COUNTS).catch_up() == 2
            machine.now += _HOUR
        kept(store)
        kept(other)


def test_event_ids_made_in_the_same_moment_again_are_not_the_same(
    store: Store, machine: Machine
) -> None:
    for n in range(1, 4):
        store.append(stream(n, 50))
        machine.now -= 10**6
    assert len(kept(store)) == 150


def test_facts_of_a_stream_never_go_back_in_time_and_the_log_keeps_its_order(
    seeded_url: str,
) -> None:
    clock = Clock()
    said = Statement(text="300 mensen verliezen hun uitkering.", severity=4)
    with closing(open_store(seeded_url)) as store:
        app = Uitvoering(store=store, clock=clock)
        before = store.position()
        signals = [raised(app)]
        for n, jump in enumerate((-3, 5, -9, 1, -1)):
            clock.now += timedelta(hours=jump)
            acted = handed_on(statement=said.model_copy(update={"severity": n % 5 + 1}))
            key = IdempotencyKey(f"k-{n}", "a" * 64)
            outcome = app.handle(acted, TEAM_LEAD, subject=signals[0], idempotency=key)
            assert outcome.events
            clock.now -= timedelta(minutes=5)
            assert app.handle(acted, TEAM_LEAD, subject=signals[0], idempotency=key) == outcome
            another = SignalHardship(
                happened_on=acted.happened_on, statement=said, body="uwv", to=Level.TEAM_LEAD
            )
            signals.append(app.handle(another, COUNTER).id)
        for signal in signals:
            recorded = [event.timestamp for event in store.facts(signal)]
            assert recorded == sorted(recorded)
        log = [event.originator_id for _, event in store.stream(before)]
        assert list(dict.fromkeys(log)) == signals
        assert app.reading.stored() == app.reading.replay(app.reading.moment())
