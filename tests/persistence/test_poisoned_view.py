"""A fact a view cannot take in stops that view alone, says where and why, and is never skipped."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, ClassVar

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from tests.faults.promises import as_far_as_it_goes, kept, replayed
from tests.persistence.facts import Tally, stream, stream_id
from tests.persistence.folding import COUNTS, CountingView, fold, rows
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Value
from uitvoering.errors import StoreUnreachableError, ViewStoppedError
from uitvoering.persistence import view_standings
from uitvoering.persistence.store import Store, open_store
from uitvoering.persistence.store_errors import StoreSlowError
from uitvoering.persistence.view_documents import PageDocuments
from uitvoering.persistence.view_standings import Standing


class Length(Value):
    VIEW: ClassVar[str] = "length"
    events: int = 0


def count(_: AnyRecorded, documents: PageDocuments) -> None:
    length = documents.get(Length, "all") or Length()
    documents.put("all", Length(events=length.events + 1))


LENGTH = CountingView(count, name="length", kinds=frozenset({Length.VIEW}))
"""A view that takes in every fact it can read."""


class Poison:
    """A fold that cannot take in one version of the first stream, until it is mended."""

    def __init__(self, version: int) -> None:
        self.version: int | None = version
        self.met = 0

    def __call__(self, event: AnyRecorded, documents: PageDocuments) -> None:
        fold(event, documents)  # what half a fold put must not count
        if (event.originator_id, event.originator_version) == (stream_id(1), self.version):
            self.met += 1
            raise ValueError("Jan Jansen, geboren op 1 januari, verloor zijn toeslag")


def standing(store: Store, *views: CountingView) -> dict[str, Standing]:
    return {found.name: found for found in store.views(views).standings()}


def test_a_fold_that_fails_stops_that_view_alone_and_says_where_and_why(store: Store) -> None:
    store.append([*stream(1, 5), *stream(2, 2)])
    poisoned = CountingView(Poison(3))
    store.views([poisoned, LENGTH]).catch_up()
    found = standing(store, poisoned, LENGTH)
    stop = found["counts"].stop
    assert stop is not None
    assert stop.position == found["counts"].position + 1 == 3
    # Nothing of what was said: not the words of the fact, and not those of the error.
    assert stop.cause.startswith("ValueError at test_poisoned_view.py:")
    assert as_far_as_it_goes(store, poisoned) == 2
    assert found["length"].stop is None
    assert found["length"].position == 7


def test_an_event_that_cannot_be_read_stops_every_view_before_it(store: Store) -> None:
    store.append(stream(1, 2))
    store._recorder.insert_events([StoredEvent(stream_id(2), 1, "never-heard-of", b"{}")])  # noqa: SLF001 the store itself writes no such row
    store.append(stream(3, 2))
    store.views([*COUNTS, LENGTH]).catch_up()
    for found in standing(store, *COUNTS, LENGTH).values():
        assert found.stop is not None
        assert (found.position, found.stop.position) == (2, 3)
        assert found.stop.cause.startswith("topic-unknown at ")
    documents = store.views([*COUNTS, LENGTH]).documents(store.position())
    assert documents.get(Length, "all") == Length(events=2)


def test_a_decision_waits_for_the_whole_and_a_reader_sees_how_far_it_goes(store: Store) -> None:
    store.append(stream(1, 5))
    views = store.views([CountingView(Poison(3)), LENGTH])
    with pytest.raises(ViewStoppedError, match=r"counts stopped before position 3: ValueError"):
        views.documents(store.position(), whole=True).get(Tally, stream_id(1))
    assert views.documents(store.position(), whole=True).get(Length, "all") == Length(events=5)
    # What is asked about the time before the stop is answered whole.
    for documents in (views.documents(store.position()), views.documents(2, whole=True)):
        assert rows(documents) == replayed(store.facts(stream_id(1), until=2))


def test_a_fact_is_met_once_by_every_process_and_passed_once_the_fold_is_mended(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_standings, "LEASE_MS", 0)  # the other process need not wait for it
    store.append(stream(1, 5))
    poison = Poison(3)
    view = CountingView(poison)
    for _ in range(3):
        store.views([view]).catch_up()
    assert poison.met == 1
    with closing(open_store(store_url)) as other:
        for _ in range(3):
            rows(other.views([view]).documents(other.position()))
        assert poison.met == 2
        store.append(stream(2, 1))
        other.views([view]).catch_up()
        assert poison.met == 2
    poison.version = None
    with closing(open_store(store_url)) as mended:
        kept(mended, views=[view])
        assert standing(mended, view)["counts"].stop is None
    kept(store, views=[view])


def test_a_follower_does_not_end_at_a_poisoned_fact(store: Store) -> None:
    failed: list[Exception] = []
    poisoned = CountingView(Poison(2))
    with store.views([poisoned, LENGTH]).following(failed.append):
        for n in range(1, 4):
            store.append(stream(n, 3))
            documents = store.views([poisoned, LENGTH]).documents(store.position())
            assert documents.get(Length, "all") == Length(events=3 * n)
            assert documents.get(Tally, stream_id(1)) is not None
    assert not failed
    assert as_far_as_it_goes(store, poisoned) == 1


def test_a_rebuild_gets_past_what_was_mended(store: Store) -> None:
    store.append(stream(1, 5))
    poison = Poison(3)
    view = CountingView(poison)
    store.views([view]).catch_up()
    poison.version = None
    store.views([view]).rebuild()
    kept(store, views=[view])


def test_a_rebuild_that_stops_earlier_leaves_the_live_view(store: Store, store_url: str) -> None:
    store.append(stream(1, 5))
    poison = Poison(2)
    broken = CountingView(poison)
    live = kept(store)
    with closing(open_store(store_url)) as other:
        with pytest.raises(ViewStoppedError, match="counts stopped before position 2"):
            other.views([broken]).rebuild()
        assert kept(store) == kept(other) == live
    store.append(stream(2, 1))
    kept(store)
    poison.version = None
    with closing(open_store(store_url)) as mended:
        mended.views([broken]).rebuild()
        kept(mended)


def test_a_rebuild_that_stops_where_the_live_view_did_replaces_it(store: Store) -> None:
    """Folded anew it may be better before that fact, and it is worse nowhere."""
    store.append(stream(1, 5))
    view = CountingView(Poison(4))
    store.views([view]).catch_up()
    store.views([view]).rebuild()
    assert as_far_as_it_goes(store, view) == 3
    stop = standing(store, view)["counts"].stop
    assert stop is not None
    assert stop.position == 4


@pytest.mark.parametrize("asking", ["one", "each"])
def test_a_store_that_fails_while_a_fact_is_folded_is_not_blamed_on_the_fact(
    store: Store, asking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks_back(event: AnyRecorded, documents: PageDocuments) -> None:
        assert len(list(documents.all(Tally))) < 9
        fold(event, documents)

    view = CountingView(looks_back)
    store.append(stream(1, 3))
    store.views([view]).catch_up()
    store.append(stream(2, 3))
    with (
        failing(store, asking, monkeypatch),
        pytest.raises((StoreUnreachableError, StoreSlowError)),
    ):
        store.views([view]).catch_up()
    assert standing(store, view)["counts"].stop is None
    kept(store, views=[view])


@contextmanager
def failing(store: Store, asking: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reading a document fails as the driver fails."""
    recorder = store._recorder  # noqa: SLF001 faults are injected at the store
    error: Exception = psycopg.errors.QueryCanceled()
    if recorder.name.startswith("sqlite"):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    with recorder.reading() as statements:
        kind = type(statements)
    sound: Callable[..., Any] = getattr(kind, asking)

    def fails(self: Any, statement: str, *values: Any) -> Any:
        if "FROM view_document" in statement:
            raise error
        return sound(self, statement, *values)

    with monkeypatch.context() as patched:
        patched.setattr(kind, asking, fails)
        yield
