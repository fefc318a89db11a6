"""A disk that fills leaves nothing half done, and the refusal says so."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.faults import writers
from tests.faults.promises import as_far_as_it_goes, kept
from tests.persistence.facts import remembered, stream, stream_id
from tests.persistence.folding import COUNTS
from tests.persistence.processes import finish, start
from uitvoering.errors import StoreFullError
from uitvoering.persistence.store import migrate, open_store


def test_a_refused_save_leaves_nothing_of_it(sqlite_url: str, tmp_path: Path) -> None:
    migrate(sqlite_url)
    said = tmp_path / "said"
    assert finish([start(writers.append_on_a_full_disk, sqlite_url, str(said))]) == [0]
    number, code = said.read_text().split()
    assert code == "store-full"
    with closing(open_store(sqlite_url)) as store:
        n = int(number)
        assert n > 0
        assert store.position() == n * 50
        assert store.facts(stream_id(n)) == []
        store.append(stream(n, 50))  # there is room again: the same request succeeds
        kept(store)


def test_saves_that_are_sent_again_after_a_full_disk_are_found_and_not_doubled(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Stored, but whoever asked never heard: on a full disk nothing else is confirmed either."""
    migrate(sqlite_url)
    said = tmp_path / "said"
    assert finish([start(writers.append_on_a_full_disk, sqlite_url, str(said))]) == [0]
    with closing(open_store(sqlite_url)) as store:
        before = [event for _, event in store.stream()]
        assert len(before) > 50
        for n in range(0, len(before), 50):
            assert store.append(before[n : n + 50]) == list(range(n + 1, n + 51))
        assert kept(store) == before


@pytest.mark.parametrize("doing", ["catch_up", "rebuild"])
def test_a_view_that_meets_a_full_disk_stays_where_it_is_and_goes_on_later(
    sqlite_url: str, tmp_path: Path, doing: str
) -> None:
    migrate(sqlite_url)
    said = tmp_path / "said"
    with closing(open_store(sqlite_url)) as store:
        for n in range(20):
            store.append([event for k in range(100) for event in stream(100 * n + k, 1)])
        if doing == "rebuild":
            kept(store)
    refused = start(writers.fold_on_a_full_disk, sqlite_url, doing, str(said))
    assert finish([refused]) == [0]
    assert said.read_text() == "store-full"
    with closing(open_store(sqlite_url)) as store:
        reached = as_far_as_it_goes(store)
        assert reached == 2000 if doing == "rebuild" else 0 < reached < 2000
        getattr(store.views(COUNTS), doing)()
        kept(store)


def test_a_server_whose_disk_is_full_is_told_from_a_fact_that_cannot_be_folded(
    postgres_url: str,
) -> None:
    migrate(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
        )
        full = "CREATE TRIGGER no_room BEFORE INSERT ON {} EXECUTE FUNCTION no_room()"
        with closing(open_store(postgres_url)) as store:
            store.append(stream(1, 3))
            for table, work in (
                ("view_document", store.views(COUNTS).catch_up),
                ("view_document", store.views(COUNTS).rebuild),
                ("event", lambda: store.append(stream(2, 1), idempotency=remembered())),
                ("idempotency", lambda: store.append(stream(2, 1), idempotency=remembered())),
            ):
                server.execute(full.format(table).encode())
                with pytest.raises(StoreFullError, match="nothing was recorded, make room"):
                    work()
                server.execute(f"DROP TRIGGER no_room ON {table}".encode())
                assert store.facts(stream_id(2)) == []
                assert store.remembered("p-1", "k1") is None
                kept(store)


def test_a_full_database_says_what_to_do(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(sqlite_url)
    connect = sqlite3.connect

    def no_room(*given: object, **more: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)  # type: ignore[call-overload]  # passed on as given
        connection.execute("PRAGMA max_page_count = 30")
        return connection

    monkeypatch.setattr(sqlite3, "connect", no_room)
    with closing(open_store(sqlite_url)) as store:
        with pytest.raises(StoreFullError, match="nothing was recorded, make room"):
            store.append(stream(1, 500), idempotency=remembered())
        assert store.position() == 0
        assert store.remembered("p-1", "k1") is None
        store.append(stream(1, 1))
