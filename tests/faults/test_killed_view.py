"""kill -9 of the projection, again and again: every event is folded once, wherever it died."""

from contextlib import closing

import pytest

from tests.faults import writers
from tests.faults.promises import as_far_as_it_goes, kept
from tests.persistence.facts import stream
from tests.persistence.processes import finish, start
from uitvoering.persistence.store import open_store

_KILLED, _PAGE = -9, 8


@pytest.mark.parametrize("doing", ["catch_up", "rebuild"])
def test_a_view_killed_at_any_step_is_resumed_and_folds_nothing_twice(
    any_url: str, doing: str
) -> None:
    """Between read and write, in the write, before the commit, after it, and while it switches."""
    with closing(open_store(any_url)) as store:
        for n in range(4):
            store.append(stream(n, _PAGE))
        if doing == "rebuild":
            kept(store)
        reached = [as_far_as_it_goes(store)]
        steps, died = 8, True
        while died:
            runner = start(writers.fold_until_dead, any_url, doing, steps, _PAGE)
            died = finish([runner]) == [_KILLED]
            reached.append(as_far_as_it_goes(store))
            steps += 3 + steps // 10
        assert reached == sorted(reached)
        assert len(reached) > 4
        kept(store)
