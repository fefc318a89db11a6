"""Of all runners of a view one folds and the others stand by; when it dies, another takes over."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import writers
from tests.faults.promises import kept, until
from tests.persistence.facts import stream
from tests.persistence.folding import COUNTS, CountingView, fold
from tests.persistence.processes import finish, start
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence import view_standings
from uitvoering.persistence.store import Store, open_store
from uitvoering.persistence.view_documents import PageDocuments

_LONG, _SHORT = 600_000, 300
"""Leases in milliseconds: one that does not end while a test runs, and one that soon does."""


def position(store: Store, view: CountingView = COUNTS[0]) -> int:
    found = store.views([view]).standings()
    return found[0].position if found else 0


def test_a_standby_does_not_fold_and_takes_over_from_one_that_was_killed(
    store_url: str, tmp_path: Path
) -> None:
    notes = [tmp_path / name for name in ("leader", "standby", "other", "ready")]
    leader_notes, standby_notes, other_notes, ready = notes
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 5))
        leader = start(writers.follow, store_url, _SHORT, str(leader_notes), str(ready))
        until(lambda: position(store) == 5)
        standby = start(writers.follow, store_url, _LONG, str(standby_notes), str(ready))
        try:
            until(lambda: ready.exists() and len(ready.read_text()) == 2)
            leader.kill()
            finish([leader])
            store.append(stream(2, 5))
            until(lambda: position(store) == 10)
            # The one that took over holds on to it now, however much comes in while both live.
            other = start(writers.follow, store_url, _LONG, str(other_notes), str(ready))
            try:
                until(lambda: len(ready.read_text()) == 3)
                for n in range(3, 8):
                    store.append(stream(n, 5))
                until(lambda: position(store) == 35)
            finally:
                other.kill()
                finish([other])
        finally:
            standby.kill()
            finish([standby])
        log = [event.event_id for event in kept(store)]
        assert leader_notes.read_text().split() == log[:5]
        assert standby_notes.read_text().split() == log[5:]
        assert other_notes.read_text() == ""


def test_a_runner_whose_lease_has_ended_may_go_on_and_neither_folds_twice(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What keeps an event from being folded twice is the position, not the lease."""
    monkeypatch.setattr(view_standings, "LEASE_MS", 0)
    store.append(stream(1, 6))
    with closing(open_store(store_url)) as other:
        met = 0

        def overtaken(event: AnyRecorded, documents: PageDocuments) -> None:
            nonlocal met
            met += 1
            if met == 3:
                assert other.views(COUNTS).catch_up() == 6
            fold(event, documents)

        assert store.views([CountingView(overtaken)]).catch_up() == 0
        assert met == 6
        for one, n in ((other, 2), (store, 3), (other, 4)):
            one.append(stream(n, 2))
            one.views(COUNTS).catch_up()
        kept(store)
        kept(other)


def test_a_runner_does_nothing_while_another_holds_the_lease(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_standings, "LEASE_MS", _LONG)
    failed: list[Exception] = []
    with closing(open_store(store_url)) as other:
        store.append(stream(1, 6))
        with store.views(COUNTS).following(failed.append):
            until(lambda: position(store) == 6)
            for n in range(2, 12):
                other.append(stream(n, 1))
                assert other.views(COUNTS).catch_up() == 0
            kept(other)
        other.append(stream(12, 1))
        assert other.views(COUNTS).catch_up() == 1, "who stops gives its lease back"
    assert not failed


def test_a_reader_leaves_no_lease_for_the_next_to_wait_for(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command after another, each in a process of its own that folds what it needs."""
    monkeypatch.setattr(view_standings, "LEASE_MS", _LONG)
    store.append(stream(1, 6))
    kept(store)
    with closing(open_store(store_url)) as other:
        other.append(stream(2, 6))
        assert other.views(COUNTS).catch_up() == 6


def test_a_process_of_an_older_version_goes_on_after_a_newer_one_was_built(
    store: Store, store_url: str
) -> None:
    """While a new release is rolled out, both answer; the old one builds its own view anew."""
    store.append(stream(1, 3))
    kept(store)
    newer = [CountingView(version=2)]
    with closing(open_store(store_url)) as other:
        other.views(newer).rebuild()
        assert position(store) == 0
        store.append(stream(2, 2))
        kept(store)
        kept(other, views=newer)
