"""A disk that fills leaves nothing half done, and the refusal says so."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import writers
from tests.persistence.facts import remembered, stream, stream_id
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
