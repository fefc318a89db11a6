"""Several processes on one store: no gap, no double, and of two that differ one wins."""

import time
from collections import Counter
from contextlib import closing

import pytest

from tests.faults import writers
from tests.persistence.facts import stream, stream_id, versions
from tests.persistence.processes import finish, start
from uitvoering.persistence.store import ConflictError, open_store


def test_processes_that_write_the_same_streams_leave_no_gap_and_no_double(any_url: str) -> None:
    processes, streams, each = 4, 3, 25
    started = [
        start(writers.append_in_contention, any_url, streams, each, seed)
        for seed in range(processes)
    ]
    with closing(open_store(any_url)) as store:
        seen: list[tuple[int, str]] = []
        while any(process.is_alive() for process in started):
            # A reader that follows the log: what it passed never changes behind it.
            after = seen[-1][0] if seen else 0
            seen += [(position, event.event_id) for position, event in store.stream(after)]
            time.sleep(0.01)
        assert finish(started) == [0] * processes
        after = seen[-1][0] if seen else 0
        seen += [(position, event.event_id) for position, event in store.stream(after)]
        log = list(store.stream())
        assert seen == [(position, event.event_id) for position, event in log]
        assert len(log) == processes * each
        for n, length in Counter(event.originator_id for _, event in log).items():
            assert versions(store.facts(n)) == list(range(1, length + 1))


def test_of_two_writers_of_one_version_one_wins(any_url: str) -> None:
    with closing(open_store(any_url)) as one, closing(open_store(any_url)) as other:
        one.append(stream(1, 1))
        mine, theirs = stream(1, 1, after=1), stream(1, 1, after=1)
        one.append(mine)
        with pytest.raises(ConflictError):
            other.append(theirs)
        assert other.facts(stream_id(1))[1:] == mine
