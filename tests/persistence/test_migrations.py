"""A store is made by `migrate` alone; everyone else refuses what they do not know."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.faults import writers
from tests.persistence.facts import stream
from tests.persistence.processes import finish, start
from uitvoering.errors import (
    DatabaseFunctionsSetError,
    SchemaMissingError,
    SchemaNewerError,
    SchemaOutdatedError,
    StoreAddressError,
    StoreUnreachableError,
)
from uitvoering.persistence import schema
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.store import migrate, open_store
from uitvoering.persistence.transactions import Statements


def execute(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute(statement)
    else:
        with psycopg.connect(url) as server:
            server.execute(statement.encode())


def test_a_store_that_was_not_made_is_refused_with_what_to_do(empty_url: str) -> None:
    with pytest.raises(SchemaMissingError, match="run `uitvoering migrate`"):
        open_store(empty_url)


def test_looking_makes_no_file(sqlite_url: str) -> None:
    with pytest.raises(SchemaMissingError):
        open_store(sqlite_url)
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    assert migrate(empty_url) == schema.VERSION
    with closing(open_store(empty_url)) as store:
        store.append(stream(1, 3))
    assert migrate(empty_url) == schema.VERSION
    with closing(open_store(empty_url)) as store:
        assert store.position() == 3


def test_an_older_schema_is_refused_with_what_to_do(store_url: str) -> None:
    execute(store_url, "UPDATE schema_version SET version = 0")
    with pytest.raises(SchemaOutdatedError, match="version 0 and 1 is needed; run"):
        open_store(store_url)


def test_a_newer_schema_is_refused_and_not_touched(store_url: str) -> None:
    execute(store_url, "INSERT INTO schema_version VALUES (99, '2030-01-01T00:00:00Z')")
    with pytest.raises(SchemaNewerError, match="install the version that made it"):
        open_store(store_url)
    with pytest.raises(SchemaNewerError, match="99"):
        migrate(store_url)


def test_a_migration_happens_whole_or_not_at_all(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ("CREATE TABLE half (a integer)", "CREATE TABLE half (a integer)")
    with monkeypatch.context() as patched:
        patched.setattr(schema, "SQLITE", (*schema.SQLITE, broken))
        patched.setattr(schema, "POSTGRES", (*schema.POSTGRES, broken))
        with pytest.raises((sqlite3.Error, psycopg.Error), match="half"):
            migrate(empty_url)
    with pytest.raises(SchemaMissingError):
        open_store(empty_url)
    assert migrate(empty_url) == schema.VERSION


def test_eight_processes_may_migrate_an_empty_store_at_once(empty_url: str) -> None:
    assert finish([start(writers.migrate_once, empty_url) for _ in range(8)]) == [0] * 8
    with closing(open_store(empty_url)) as store:
        store.append(stream(1, 1))


def test_the_library_option_that_loses_events_is_refused(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    with pytest.raises(DatabaseFunctionsSetError, match="remove it from the environment"):
        open_store(store_url)
    with pytest.raises(DatabaseFunctionsSetError):
        migrate(store_url)


@pytest.mark.parametrize("url", ["", "sqlite:///", "mysql://u:secret@h/d", "/var/x.db", "sqlite:x"])
def test_an_unknown_address_is_refused_and_tells_no_password(url: str) -> None:
    with pytest.raises(StoreAddressError, match="give sqlite:///") as refused:
        open_store(url)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "brief.txt"
    file.write_text("Geachte heer, mevrouw, " * 100)
    before = file.read_bytes()
    for attempt in (open_store, migrate):
        with pytest.raises(StoreAddressError, match="not the address of a store"):
            attempt(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(StoreUnreachableError, match="cannot be reached") as refused:
        migrate("postgresql://u:secret@127.0.0.1:1/d")
    assert "secret" not in str(refused.value)


def read_journal_mode(statements: Statements) -> tuple[str, int]:
    mode, sync = statements.one("PRAGMA journal_mode"), statements.one("PRAGMA synchronous")
    assert mode is not None
    assert sync is not None
    return mode[0], sync[0]


def test_sqlite_confirms_nothing_before_it_is_on_disk(sqlite_url: str) -> None:
    migrate(sqlite_url)
    with closing(open_recorder(sqlite_url)) as recorder, recorder.reading() as statements:
        assert read_journal_mode(statements) == ("wal", 2)
