"""A stored view holds every event exactly once, whoever folds it and wherever it stops."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.faults import writers
from tests.persistence.facts import Tally, Total, stream, stream_id
from tests.persistence.folding import fold, rows
from tests.persistence.processes import finish, start
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence import views
from uitvoering.persistence.store import Store, open_store
from uitvoering.persistence.views import PageDocuments
from uitvoering.projections.documents import InMemory


def replayed(store: Store) -> list[tuple[str, object]]:
    """The same fold over the same events, in memory."""
    documents = InMemory()
    for _, event in store.stream():
        fold(event, documents)  # type: ignore[arg-type]  # the documents here are no `Document`
    return list(rows(documents))  # type: ignore[arg-type]  # the same


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 3)


def test_a_view_that_was_caught_up_equals_a_replay(store: Store, small_pages: None) -> None:
    view = store.views()
    for n in range(1, 5):
        store.append(stream(n, n))
        view.catch_up(fold, 1)
        assert list(rows(view.documents())) == replayed(store)
        assert view.position(1) == store.position()


def test_twice_equals_once(store: Store) -> None:
    store.append(stream(1, 4))
    assert store.views().catch_up(fold, 1) == 4
    assert store.views().catch_up(fold, 1) == 0
    assert store.views().documents().get(Tally, stream_id(1)) == Tally(
        count=4, last=store.facts(stream_id(1))[-1].event_id
    )


@pytest.mark.parametrize("stop", range(1, 10))
def test_it_stops_at_any_fact_and_resumes(store: Store, small_pages: None, stop: int) -> None:
    store.append([*stream(1, 5), *stream(2, 5)])
    done = 0

    def fails(event: AnyRecorded, documents: PageDocuments) -> None:
        nonlocal done
        done += 1
        if done == stop:
            raise RuntimeError("this fact cannot be handled")
        fold(event, documents)

    with pytest.raises(RuntimeError) as stopped:
        store.views().catch_up(fails, 1)
    assert stopped.value.__notes__ == [
        f"while folding position {stop}, topic {store_topic(store, stop)}"
    ]
    assert store.views().position(1) == (stop - 1) // 3 * 3
    store.views().catch_up(fold, 1)
    assert list(rows(store.views().documents())) == replayed(store)


def store_topic(store: Store, position: int) -> str:
    [(_, event)] = store.stream(position - 1, position)
    return event.fact.TOPIC


def test_a_rebuild_equals_what_was_kept_up(store: Store, small_pages: None) -> None:
    for n in range(1, 5):
        store.append(stream(n, n))
        store.views().catch_up(fold, 1)
    before = list(rows(store.views().documents()))
    seen: list[tuple[int, int]] = []
    assert store.views().rebuild(fold, 1, lambda at, last: seen.append((at, last))) == 10
    assert list(rows(store.views().documents())) == before == replayed(store)
    assert seen[-1] == (10, 10)
    assert store.views().position(1) == 10


def test_readers_keep_the_live_view_until_the_switch(store: Store, small_pages: None) -> None:
    store.append(stream(1, 10))
    store.views().catch_up(fold, 1)
    held: list[int] = []

    def watched(event: AnyRecorded, documents: PageDocuments) -> None:
        held.append(store.views().position(1))
        fold(event, documents)

    store.views().rebuild(watched, 1)
    assert held == [10] * 10


def test_what_is_recorded_during_a_rebuild_is_not_lost(store: Store, small_pages: None) -> None:
    store.append(stream(1, 7))
    store.views().catch_up(fold, 1)
    store.append(stream(2, 2))
    store.views().rebuild(fold, 1)
    store.append(stream(3, 2))
    store.views().catch_up(fold, 1)
    assert list(rows(store.views().documents())) == replayed(store)


def test_a_rebuild_that_was_stopped_is_resumed(store: Store, small_pages: None) -> None:
    store.append(stream(1, 10))
    store.views().catch_up(fold, 1)
    seen = 0

    def stops(event: AnyRecorded, documents: PageDocuments) -> None:
        nonlocal seen
        seen += 1
        if seen > 6:
            raise KeyboardInterrupt
        fold(event, documents)

    with pytest.raises(KeyboardInterrupt):
        store.views().rebuild(stops, 1)
    assert list(rows(store.views().documents())) == replayed(store)
    assert store.views().rebuild(fold, 1) == 4
    assert list(rows(store.views().documents())) == replayed(store)


def test_a_new_version_is_built_beside_the_old_one(store: Store) -> None:
    store.append(stream(1, 3))
    store.views().catch_up(fold, 1)
    assert store.views().position(2) == 0
    store.append(stream(2, 1))
    store.views().catch_up(fold, 2)
    assert store.views().position(1) == 3
    assert store.views().documents(1).get(Total, "all") == Total(streams=1)
    assert store.views().documents().get(Total, "all") == Total(streams=2)


def test_a_fold_reads_what_it_wrote_in_the_same_page(store: Store) -> None:
    store.append(stream(1, 3))
    seen: list[int] = []

    def looks_back(event: AnyRecorded, documents: PageDocuments) -> None:
        fold(event, documents)
        seen.extend(tally.count for _, tally in documents.all(Tally))

    store.views().catch_up(looks_back, 1)
    assert seen == [1, 2, 3]


def test_documents_come_in_the_order_of_their_keys(store: Store) -> None:
    keys = ["b", "a", "é", "B", "-", "aa", "😀", "z"]

    def puts(_: AnyRecorded, documents: PageDocuments) -> None:
        for key in keys:
            documents.put(key, Tally())

    store.append(stream(1, 1))
    store.views().catch_up(puts, 1)
    assert [key for key, _ in store.views().documents().all(Tally)] == sorted(keys)


def test_a_reader_that_stops_halfway_holds_nothing(store: Store) -> None:
    store.append([event for n in range(20) for event in stream(n, 1)])
    store.views().catch_up(fold, 1)
    for _ in range(30):
        reading: Iterator[tuple[str, Tally]] = store.views().documents().all(Tally)
        next(reading)
        del reading
    store.append(stream(99, 1))


def test_stored_documents_are_written_by_folding_alone(store: Store) -> None:
    with pytest.raises(PermissionError, match="written by folding"):
        store.views().documents().put("1", Tally())


def test_processes_that_fold_at_once_never_fold_an_event_twice(store_url: str) -> None:
    with closing(open_store(store_url)) as store:
        for n in range(4):
            store.append(stream(n, 800))
        work = [writers.catch_up, writers.catch_up, writers.rebuild, writers.rebuild]
        assert finish([start(one, store_url, 1) for one in work]) == [0, 0, 0, 0]
        store.views().catch_up(fold, 1)
        assert list(rows(store.views().documents())) == replayed(store)
