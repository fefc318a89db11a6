"""What befell a store is told with what to do; waiting helps, unless it holds something else."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing

import psycopg
import pytest

from tests.as_nobody import as_nobody
from tests.persistence.facts import stream
from uitvoering.errors import (
    BusyError,
    StoreCorruptError,
    StoreFullError,
    StoreLockedError,
    StoreUnreachableError,
)
from uitvoering.persistence import postgres
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.postgres_statements import Connection, PostgresReading, prepare
from uitvoering.persistence.sqlite_connections import connect, explanation
from uitvoering.persistence.store import migrate, open_store
from uitvoering.persistence.store_errors import (
    StoreFailingError,
    StoreReadOnlyError,
    StoreSlowError,
)
from uitvoering.persistence.transactions import Statements

SERVER = {
    "25006": StoreReadOnlyError,  # a standby, after a failover
    "40P01": StoreLockedError,
    "53000": StoreFailingError,
    "53100": StoreFullError,
    "53200": StoreFailingError,
    "53300": StoreUnreachableError,
    "53400": StoreFailingError,
    "55P03": StoreLockedError,
    "57014": StoreSlowError,
    "58000": StoreFailingError,
    "58030": StoreFailingError,
    "58P01": StoreFailingError,
    "XX000": StoreFailingError,
    "XX001": StoreCorruptError,
    "XX002": StoreCorruptError,
}
FILE = {
    "SQLITE_BUSY_SNAPSHOT": StoreLockedError,
    "SQLITE_CANTOPEN_FULLPATH": StoreUnreachableError,
    "SQLITE_CORRUPT_INDEX": StoreCorruptError,
    "SQLITE_FULL": StoreFullError,
    "SQLITE_IOERR_READ": StoreUnreachableError,
    "SQLITE_IOERR_SHMSIZE": StoreFullError,
    "SQLITE_IOERR_WRITE": StoreFullError,
    "SQLITE_PROTOCOL": StoreLockedError,
    "SQLITE_READONLY_CANTLOCK": StoreReadOnlyError,
    "SQLITE_READONLY_DBMOVED": StoreUnreachableError,
}


def test_what_befalls_a_server_is_told_apart(postgres_url: str) -> None:
    migrate(postgres_url)
    with closing(open_recorder(postgres_url)) as recorder:
        for state, expected in SERVER.items():
            for opened in (recorder.reading, recorder.writing):
                with pytest.raises(expected) as told, opened() as statements:
                    statements.execute(
                        f"DO $$ BEGIN RAISE EXCEPTION 'oh' USING ERRCODE = '{state}'; END $$"
                    )
                assert isinstance(told.value, BusyError) == (expected is not StoreCorruptError)
                # What an operator looks for in the log of the server.
                assert (state in str(told.value)) == (expected is StoreFailingError)
        assert recorder.max_notification_id() is None, "and it goes on afterwards"


def test_a_process_that_was_suspended_in_a_transaction_goes_on(postgres_url: str) -> None:
    migrate(postgres_url)
    with closing(open_recorder(postgres_url)) as recorder:
        for opened in (recorder.reading, recorder.writing):  # of which one has still to commit
            with pytest.raises(StoreUnreachableError, match="nothing was recorded"):
                suspended(opened)
        assert recorder.max_notification_id() is None


def suspended(opened: Callable[[], AbstractContextManager[Statements]]) -> None:
    with opened() as statements:
        statements.execute("SET LOCAL idle_in_transaction_session_timeout = '10ms'")
        time.sleep(0.1)
        if isinstance(statements, PostgresReading):
            statements.one("SELECT 1")


def test_who_waits_for_a_row_is_told_of_the_lock_and_not_of_a_slow_store(
    postgres_url: str,
) -> None:
    migrate(postgres_url)
    with closing(open_recorder(postgres_url)) as recorder:
        with recorder.writing() as statements:
            limits = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
            statements.locked("SELECT 1 FROM event_order")
            lock, statement = statements.one(limits) or ()
        assert int(lock.removesuffix("s")) < int(statement.removesuffix("s"))


def test_a_log_of_any_length_is_counted(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No statement of it takes longer than a statement may."""
    migrate(postgres_url)
    with closing(open_store(postgres_url)) as store:
        positions = store.append(stream(1, 3))
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("ALTER TABLE event RENAME TO kept")
        server.execute(
            "CREATE FUNCTION slow() RETURNS boolean LANGUAGE plpgsql COST 100000 AS"
            " $$ BEGIN PERFORM pg_sleep(0.08); RETURN true; END $$"
        )
        server.execute("CREATE VIEW event AS SELECT * FROM kept WHERE slow()")

    def hurried(connection: Connection) -> None:
        prepare(connection)
        connection.execute("SET statement_timeout = '200ms'")

    monkeypatch.setattr(postgres, "prepare", hurried)
    monkeypatch.setattr(postgres, "_COUNTED_AT_ONCE", 1)
    with closing(open_store(postgres_url)) as store:
        assert store.count(positions[-1]) == 3


def test_events_are_counted_up_to_and_with_a_position(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_COUNTED_AT_ONCE", 2)
    with closing(open_store(store_url)) as store:
        assert store.count(9) == 0
        positions = store.append(stream(1, 5))
        assert [store.count(at) for at in positions] == [1, 2, 3, 4, 5]
        assert store.count(0) == 0
        assert store.count(positions[-1] + 9) == 5


def test_what_befalls_a_file_is_told_apart() -> None:
    for name, expected in FILE.items():
        error = sqlite3.OperationalError("oh")
        error.sqlite_errorcode = getattr(sqlite3, name)
        told = explanation(error, "sqlite:///file.db")
        assert type(told) is expected, name


def test_a_file_that_may_only_be_read_says_so(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(sqlite_url)
    plain: Callable[..., sqlite3.Connection] = sqlite3.connect

    def only_read(*given: object, **more: object) -> sqlite3.Connection:
        connection = plain(*given, **more)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(sqlite3, "connect", only_read)
    with (
        closing(open_store(sqlite_url)) as store,
        pytest.raises(StoreReadOnlyError, match="nothing was recorded"),
    ):
        store.append(stream(1, 1))


def test_a_folder_that_is_closed_to_this_user_is_no_store_that_was_never_made(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("closed")
    file = folder / "store" / "uitvoering.db"
    migrate(f"sqlite:///{file}")
    file.parent.chmod(0o000)
    try:
        with as_nobody(), pytest.raises(StoreUnreachableError):
            connect(file)
    finally:
        file.parent.chmod(0o700)
