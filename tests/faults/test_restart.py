"""The database goes away and comes back: everybody goes on, and nothing confirmed is gone."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from tests import postgres
from tests.faults.promises import kept, until
from tests.persistence.facts import Total, remembered, stream
from tests.persistence.folding import COUNTS
from uitvoering.errors import BusyError, SchemaMissingError, StoreUnreachableError
from uitvoering.persistence import sqlite_connections
from uitvoering.persistence.store import Store, migrate, open_store


class Working:
    """A writer, a tailing reader, a reader of a view and a follower, in one process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.confirmed: list[str] = []
        self.tailed: list[str] = []
        self.looked = 0
        self.refused: list[Exception] = []
        self.unforeseen: list[BaseException] = []
        self._at = 0
        self._ended = Event()

    def write(self) -> None:
        n = len(self.confirmed)
        events = stream(n, 2)
        while not self._ended.is_set():
            try:
                self.store.append(events, idempotency=remembered(f"k-{n}"))
            except BusyError as error:
                self.refused.append(error)  # and the very same is sent again
                self._ended.wait(0.003)
            else:
                self.confirmed += [event.event_id for event in events]
                return

    def tail(self) -> None:
        for position, event in self.store.stream(self._at):
            self._at = position
            self.tailed.append(event.event_id)

    def look(self) -> None:
        documents = self.store.views(COUNTS).documents(self.store.position())
        total = documents.get(Total, "all")
        self.looked += total is not None

    def again_and_again(self, work: Callable[[], None]) -> None:
        while not self._ended.is_set():
            try:
                work()
            except BusyError as error:
                self.refused.append(error)
                self._ended.wait(0.003)
            except BaseException as error:  # noqa: BLE001 judged at the end, in the thread of the test
                self.unforeseen.append(error)
                return

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Left when all have ended; nothing may have befallen them but a refusal."""
        work = (self.write, self.tail, self.look)
        threads = [Thread(target=self.again_and_again, args=(one,)) for one in work]
        with self.store.views(COUNTS).following(self.refused.append):
            for thread in threads:
                thread.start()
            try:
                yield
            finally:
                self._ended.set()
                for thread in threads:
                    thread.join()
        assert not self.unforeseen, self.unforeseen

    def go_on(self) -> None:
        """Return when each of them has got something done since."""
        confirmed, tailed, looked = len(self.confirmed), len(self.tailed), self.looked
        until(
            lambda: (
                bool(self.unforeseen)
                or (
                    len(self.confirmed) > confirmed + 2
                    and len(self.tailed) > tailed + 2
                    and self.looked > looked + 1
                )
            )
        )

    def is_refused(self) -> None:
        refused = len(self.refused)
        until(lambda: bool(self.unforeseen) or len(self.refused) > refused)

    def kept(self) -> None:
        self.tail()
        log = kept(self.store, self.confirmed)
        assert self.tailed == [event.event_id for event in log]


def test_a_server_that_restarts_or_crashes_is_found_again_by_everybody() -> None:
    with postgres.server() as server, server.database() as url:
        migrate(url)
        with closing(open_store(url)) as store:
            working = Working(store)
            with working.going_on():
                for mode in ("fast", "immediate"):
                    working.go_on()
                    server.stop(mode)
                    server.start()
                working.go_on()
            working.kept()


def test_a_file_that_another_process_locks_is_written_again_afterwards(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_connections, "BUSY_SECONDS", 0.05)
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        working = Working(store)
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        with working.going_on(), closing(sqlite3.connect(file, isolation_level=None)) as other:
            for _ in range(2):
                working.go_on()
                other.execute("BEGIN IMMEDIATE")
                working.is_refused()
                other.execute("ROLLBACK")
            working.go_on()
        working.kept()


def test_a_file_that_cannot_be_reached_for_a_while_is_found_again(sqlite_url: str) -> None:
    migrate(sqlite_url)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(open_store(sqlite_url)) as store:
        working = Working(store)
        with working.going_on():
            working.go_on()
            away = file.parent.with_name("away")
            file.parent.rename(away)  # as when a disk is unmounted and mounted again
            with pytest.raises(SchemaMissingError):
                open_store(sqlite_url)
            away.rename(file.parent)
            working.go_on()
        working.kept()


def test_a_file_that_is_away_was_never_missing_to_who_has_seen_it(sqlite_url: str) -> None:
    """One that was never made wants `migrate`; one that is away must not be made anew."""
    migrate(sqlite_url)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    away = file.with_name("away.db")
    with closing(open_store(sqlite_url)) as store:
        store.append(stream(1, 1))
        file.rename(away)
        with (
            store._recorder.reading(),  # noqa: SLF001 who reads next needs a connection of its own
            pytest.raises(StoreUnreachableError),
        ):
            store.position()
        with pytest.raises(SchemaMissingError):
            open_store(sqlite_url)
        away.rename(file)
        store.append(stream(1, 1, after=1))
        assert len(kept(store)) == 2
