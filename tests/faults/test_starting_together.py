"""Eight processes start on an empty database at once: one makes it, and all do their work."""

from contextlib import closing

from tests.faults import writers
from tests.faults.promises import kept
from tests.persistence.processes import finish, start
from uitvoering.persistence.store import open_store


def test_processes_that_start_on_an_empty_database_all_write_and_follow(empty_url: str) -> None:
    processes, each = 8, 4
    started = [start(writers.begin_and_work, empty_url, n, each) for n in range(processes)]
    assert finish(started) == [0] * processes
    with closing(open_store(empty_url)) as store:
        assert len(kept(store)) == 3 * processes * each
