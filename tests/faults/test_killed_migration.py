"""kill -9 of `migrate`: a store is made whole or not at all, and whoever comes next goes on."""

from contextlib import closing

from tests.faults import writers
from tests.faults.promises import kept
from tests.persistence.processes import finish, start
from uitvoering.errors import JournalModeError, SchemaMissingError
from uitvoering.persistence.store import open_store

_KILLED = -9


def is_made(url: str) -> bool:
    """Of half a store this would be an error of the database, or a `kept` that does not hold."""
    try:
        open_store(url).close()
    except (SchemaMissingError, JournalModeError):  # both say: run `migrate`
        return False
    return True


def test_a_migration_killed_at_any_step_left_nothing_or_everything(empty_url: str) -> None:
    """From before its first step to after its commit, a step further with every life."""
    found, died, steps = [False], True, 0
    while died:
        died = finish([start(writers.migrate_until_dead, empty_url, steps)]) == [_KILLED]
        found.append(is_made(empty_url))
        steps += 1
    assert found == sorted(found)
    assert found[-1]
    assert steps > 10
    assert finish([start(writers.begin_and_work, empty_url, 0, 4)]) == [0]
    with closing(open_store(empty_url)) as store:
        assert len(kept(store)) == 3 * 4


def test_processes_that_start_among_migrations_that_are_killed_all_do_their_work(
    empty_url: str,
) -> None:
    processes, each = 8, 2
    assert finish([start(writers.migrate_until_dead, empty_url, 6)]) == [_KILLED]
    killed, working = [], []
    for n in range(processes):
        killed.append(start(writers.migrate_until_dead, empty_url, 1 + 2 * n))
        working.append(start(writers.begin_and_work, empty_url, n, each))
    # One that finds the store already made has fewer steps to go, and may come to its end.
    assert _KILLED in (codes := set(finish(killed)))
    assert codes <= {_KILLED, 0}
    assert finish(working) == [0] * processes
    with closing(open_store(empty_url)) as store:
        assert len(kept(store)) == 3 * processes * each
