"""Nothing is taken for unknown, and nothing is left undone, because a view changed meanwhile."""

from contextlib import closing

import pytest

from tests.persistence.facts import Tally, Total, stream, stream_id
from tests.persistence.folding import COUNTS, CountingView, fold
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import ViewBehindError, ViewStoppedError
from uitvoering.persistence import view_documents
from uitvoering.persistence.store import Store, open_store
from uitvoering.persistence.view_documents import PageDocuments

TOTALS = frozenset({Total.VIEW})


def test_a_document_is_found_after_a_switch_in_the_midst_of_an_answer(store: Store) -> None:
    store.append(stream(1, 3))
    documents = store.views(COUNTS).documents(store.position())
    assert documents.get(Total, "all") == Total(streams=1)
    store.views(COUNTS).rebuild()
    found = documents.get(Tally, stream_id(1))
    assert found is not None
    assert found.count == 3
    assert documents.get(Tally, stream_id(9)) is None


def test_a_list_is_whole_or_refused_when_a_rebuild_switches_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_documents, "_PAGE", 2)
    store.append([event for n in range(5) for event in stream(n, 1)])
    documents = store.views(COUNTS).documents(store.position())
    reading = documents.all(Tally)
    next(reading)
    store.views(COUNTS).rebuild()
    with pytest.raises(ViewBehindError):
        list(reading)
    assert len(list(documents.all(Tally))) == 5


def test_a_mended_process_goes_on_where_another_stopped(store: Store, store_url: str) -> None:
    """Also one that had folded before: what it never tried, it tries."""

    def refuses(event: AnyRecorded, documents: PageDocuments) -> None:
        if event.originator_version == 3:
            raise ValueError("not by this version")
        fold(event, documents)

    store.append(stream(1, 2))
    store.views(COUNTS).catch_up()
    with closing(open_store(store_url)) as other:
        other.append(stream(1, 1, after=2))
        old = other.views([CountingView(refuses)])
        old.catch_up()
        [stopped] = old.standings()
        assert stopped.stop is not None
        with pytest.raises(ViewStoppedError):
            old.documents(other.position(), whole=True).get(Tally, stream_id(1))
    found = store.views(COUNTS).documents(store.position(), whole=True).get(Tally, stream_id(1))
    assert found is not None
    assert found.count == 3


def test_a_view_that_cannot_be_rebuilt_keeps_no_other_from_it(store: Store, store_url: str) -> None:
    def keeps_count(event: AnyRecorded, documents: PageDocuments) -> None:
        documents.put("all", Total(streams=event.originator_version))

    def refuses(event: AnyRecorded, documents: PageDocuments) -> None:
        raise ValueError("what someone wrote")

    tallies = frozenset({Tally.VIEW})
    sound = [
        CountingView(keeps_count, name="a-totals", kinds=TOTALS),
        CountingView(fold_tally, name="b-tallies", kinds=tallies),
        CountingView(keeps_count, name="c-none", kinds=frozenset()),
    ]
    store.append(stream(1, 3))
    store.views(sound).catch_up()
    before = {view.name: view.generation for view in store.views(sound).standings()}
    poisoned = [sound[0], CountingView(refuses, name="b-tallies", kinds=tallies), sound[2]]
    with closing(open_store(store_url)) as other, pytest.raises(ViewStoppedError) as told:
        other.views(poisoned).rebuild()
    assert "what someone wrote" not in str(told.value)
    after = {view.name: view.generation for view in store.views(sound).standings()}
    assert {name for name in after if after[name] != before[name]} == {"a-totals", "c-none"}


def fold_tally(event: AnyRecorded, documents: PageDocuments) -> None:
    documents.put(event.originator_id, Tally(count=event.originator_version))
