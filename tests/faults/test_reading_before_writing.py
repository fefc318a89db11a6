"""A view that reads its own documents before it writes, while everybody else writes too."""

from contextlib import closing

from tests.faults import writers
from tests.faults.promises import kept
from tests.persistence.processes import finish, start
from uitvoering.persistence.store import open_store


def test_a_view_that_reads_before_it_writes_is_never_locked_out_and_loses_nothing(
    any_url: str,
) -> None:
    """In SQLite a transaction that reads and then writes is refused at once when another wrote."""
    each, page = 40, 4
    work = [start(writers.append_in_contention, any_url, 3, each, seed) for seed in range(2)]
    # Two that fold the same pages at the same time: no lease keeps them apart.
    work += [start(writers.follow_reading_first, any_url, 2 * each, page) for _ in range(2)]
    assert finish(work) == [0] * 4
    with closing(open_store(any_url)) as store:
        assert len(kept(store)) == 2 * each
