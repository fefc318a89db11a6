"""A stored view holds every event exactly once, whoever folds it and wherever it stops."""

from collections.abc import Iterator
from contextlib import closing
from threading import Event

import pytest

from tests.faults import writers
from tests.persistence.facts import Tally, Total, stream, stream_id
from tests.persistence.folding import COUNTS, CountingView, fold, rows
from tests.persistence.processes import finish, start
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence import views
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.store import Store, open_store
from uitvoering.persistence.view_documents import PageDocuments
from uitvoering.projections.documents import InMemory


def replayed(store: Store) -> list[tuple[str, object]]:
    """The same fold over the same events, in memory."""
    documents = InMemory()
    for _, event in store.stream():
        fold(event, documents)  # type: ignore[arg-type]  # the documents here are no `Document`
    return list(rows(documents))  # type: ignore[arg-type]  # the same


def held(store: Store, *seen: CountingView) -> list[tuple[str, object]]:
    """What the stored view holds of everything that is recorded."""
    return list(rows(store.views(seen or COUNTS).documents(store.position())))


def position(store: Store, view: CountingView = COUNTS[0]) -> int:
    found = store.views([view]).standings()
    return found[0].position if found else 0


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 3)


def test_a_view_that_was_caught_up_equals_a_replay(store: Store, small_pages: None) -> None:
    for n in range(1, 5):
        store.append(stream(n, n))
        store.views(COUNTS).catch_up()
        assert position(store) == store.position()
        assert held(store) == replayed(store)


def test_a_reader_who_asks_gets_what_was_recorded_before_he_asked(store: Store) -> None:
    for n in range(1, 5):
        store.append(stream(n, n))
        assert held(store) == replayed(store)


def test_twice_equals_once(store: Store) -> None:
    store.append(stream(1, 4))
    assert store.views(COUNTS).catch_up() == 4
    assert store.views(COUNTS).catch_up() == 0
    assert store.views(COUNTS).documents().get(Tally, stream_id(1)) == Tally(
        count=4, last=store.facts(stream_id(1))[-1].event_id
    )


def test_a_rebuild_equals_what_was_kept_up(store: Store, small_pages: None) -> None:
    for n in range(1, 5):
        store.append(stream(n, n))
        store.views(COUNTS).catch_up()
    before = held(store)
    seen: list[tuple[int, int]] = []
    assert store.views(COUNTS).rebuild((), lambda at, last: seen.append((at, last))) == 10
    assert held(store) == before == replayed(store)
    assert seen[-1] == (10, 10)
    assert position(store) == 10


def test_readers_keep_the_live_view_until_the_switch(
    store: Store, store_url: str, small_pages: None
) -> None:
    store.append(stream(1, 10))
    store.views(COUNTS).catch_up()
    seen: list[int] = []

    def watched(event: AnyRecorded, documents: PageDocuments) -> None:
        seen.append(position(store))
        fold(event, documents)

    with closing(open_store(store_url)) as other:
        other.views([CountingView(watched)]).rebuild()
    assert seen == [10] * 10


def test_what_is_recorded_during_a_rebuild_is_not_lost(
    store: Store, store_url: str, small_pages: None
) -> None:
    store.append(stream(1, 7))
    store.views(COUNTS).catch_up()

    def meanwhile(event: AnyRecorded, documents: PageDocuments) -> None:
        if event.originator_version == 5 and not store.facts(stream_id(2)):
            store.append(stream(2, 4))
            store.views(COUNTS).catch_up()
        fold(event, documents)

    with closing(open_store(store_url)) as other:
        other.views([CountingView(meanwhile)]).rebuild()
    assert held(store) == replayed(store)


def test_a_rebuild_that_was_stopped_is_resumed(
    store: Store, store_url: str, small_pages: None
) -> None:
    store.append(stream(1, 10))
    store.views(COUNTS).catch_up()
    seen = 0

    def stops(event: AnyRecorded, documents: PageDocuments) -> None:
        nonlocal seen
        seen += 1
        if seen > 6:
            raise KeyboardInterrupt
        fold(event, documents)

    with closing(open_store(store_url)) as other, pytest.raises(KeyboardInterrupt):
        other.views([CountingView(stops)]).rebuild()
    assert held(store) == replayed(store)
    assert store.views(COUNTS).rebuild() == 4
    assert held(store) == replayed(store)


def test_a_new_version_is_built_beside_the_old_one(store: Store) -> None:
    newer = CountingView(version=2)
    store.append(stream(1, 3))
    store.views(COUNTS).catch_up()
    assert position(store, newer) == 0
    store.append(stream(2, 1))
    store.views([newer]).catch_up()
    assert position(store) == 3
    assert store.views(COUNTS).documents().get(Total, "all") == Total(streams=1)
    assert store.views([newer]).documents().get(Total, "all") == Total(streams=2)


def test_a_rebuild_clears_away_what_it_and_older_versions_left(
    store: Store, store_url: str
) -> None:
    newer = CountingView(version=2)
    store.append(stream(1, 3))
    for view in (*COUNTS, newer):
        store.views([view]).catch_up()
    store.views([newer]).rebuild()
    assert position(store) == 0
    with closing(open_recorder(store_url)) as recorder, recorder.reading() as statements:
        assert statements.one("SELECT count(*) FROM view_document") == (2,)
    assert len(held(store, newer)) == 2


def test_a_fold_reads_what_it_wrote_in_the_same_page(store: Store) -> None:
    store.append([*stream(2, 1), *stream(1, 1)])
    seen: list[list[str]] = []

    def looks_back(event: AnyRecorded, documents: PageDocuments) -> None:
        fold(event, documents)
        seen.append([f"{key[-1]} {tally.count}" for key, tally in documents.all(Tally)])

    view = [CountingView(looks_back)]
    store.views(view).catch_up()
    store.append([*stream(3, 1), *stream(2, 1, after=1)])
    store.views(view).catch_up()
    assert seen == [
        ["2 1"],
        ["1 1", "2 1"],
        ["1 1", "2 1", "3 1"],
        ["1 1", "2 2", "3 1"],
    ]


def test_documents_come_in_the_order_of_their_keys(store: Store) -> None:
    keys = ["b", "a", "é", "B", "-", "aa", "😀", "z"]

    def puts(_: AnyRecorded, documents: PageDocuments) -> None:
        for key in keys:
            documents.put(key, Tally())

    store.append(stream(1, 1))
    view = [CountingView(puts)]
    assert [key for key, _ in store.views(view).documents(1).all(Tally)] == sorted(keys)


def test_a_reader_that_stops_halfway_holds_nothing(store: Store) -> None:
    store.append([event for n in range(20) for event in stream(n, 1)])
    for _ in range(30):
        documents = store.views(COUNTS).documents(store.position())
        reading: Iterator[tuple[str, Tally]] = documents.all(Tally)
        next(reading)
        del reading
    store.append(stream(99, 1))


def test_stored_documents_are_written_by_folding_alone(store: Store) -> None:
    with pytest.raises(PermissionError, match="written by folding"):
        store.views(COUNTS).documents().put("1", Tally())


def test_a_view_that_is_followed_is_there_when_it_is_asked(store: Store) -> None:
    failed: list[Exception] = []
    with store.views(COUNTS).following(failed.append):
        for n in range(1, 20):
            store.append(stream(n, 1))
            assert held(store) == replayed(store)
    assert not failed


def test_a_follower_hears_of_another_process(store_url: str) -> None:
    heard = Event()

    def hears(event: AnyRecorded, documents: PageDocuments) -> None:
        fold(event, documents)
        if event.originator_id == stream_id(7):
            heard.set()

    with (
        closing(open_store(store_url)) as store,
        store.views([CountingView(hears)]).following(lambda _: None),
    ):
        assert finish([start(writers.append, store_url, 7)]) == [0]
        assert heard.wait(10)


def test_processes_that_fold_at_once_never_fold_an_event_twice(store_url: str) -> None:
    with closing(open_store(store_url)) as store:
        for n in range(4):
            store.append(stream(n, 800))
        work = [writers.catch_up, writers.catch_up, writers.rebuild, writers.rebuild]
        assert finish([start(one, store_url) for one in work]) == [0, 0, 0, 0]
        assert held(store) == replayed(store)
