"""A pool of connections is shared without anybody waiting for what he holds himself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import psycopg
import pytest

from tests.persistence.facts import Tally, stream, stream_id, versions
from tests.persistence.folding import COUNTS
from tests.postgres import Server
from uitvoering.persistence.store import Store, migrate, open_store

SIZE = 3


@pytest.fixture
def url(postgres_server: Server) -> Iterator[str]:
    with postgres_server.database() as address:
        migrate(address)
        yield address


def test_as_many_lists_as_connections_can_look_things_up_on_the_way(url: str) -> None:
    with closing(open_store(url, pool_size=SIZE)) as store:
        store.append([event for n in range(5) for event in stream(n, 1)])
        store.views(COUNTS).catch_up()
        together = Barrier(SIZE)

        def listed(_: int) -> int:
            documents = store.views(COUNTS).documents(store.position())
            found = 0
            for n, (key, _tally) in enumerate(documents.all(Tally)):
                if n == 0:
                    together.wait(30)
                found += documents.get(Tally, key) is not None
            return found

        with ThreadPoolExecutor(SIZE) as threads:
            assert list(threads.map(listed, range(SIZE))) == [5] * SIZE


def test_as_many_writers_as_connections_go_on_after_all_of_them_are_cut(url: str) -> None:
    with closing(open_store(url, pool_size=SIZE)) as store:
        together = Barrier(SIZE)

        def write(n: int, after: int) -> None:
            together.wait(30)
            store.append(stream(n, 1, after=after))

        with ThreadPoolExecutor(SIZE) as threads:
            list(threads.map(write, range(SIZE), [0] * SIZE))
            _cut(url)
            list(threads.map(write, range(SIZE), [1] * SIZE))
        _all_there(store)


def _cut(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _all_there(store: Store) -> None:
    for n in range(SIZE):
        assert versions(store.facts(stream_id(n))) == [1, 2]
