"""kill -9 of the writer: what was acknowledged is there once, and no save is there by half."""

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import writers
from tests.faults.promises import kept, noted
from tests.persistence.facts import stream_id
from tests.persistence.processes import finish, start
from uitvoering.persistence.store import Store, open_store

_KILLED = -9


def saves_are_whole(store: Store, numbers: range) -> Counter[int]:
    """Events of both streams and the remembered answer, or none of them; how many saves of each."""
    whole: Counter[int] = Counter()
    for number in numbers:
        one, other = (len(store.facts(stream_id(2 * number + k))) for k in (0, 1))
        assert one == 2 * other
        answers = [store.remembered("p-1", f"{number}-{n}") for n in range(other + 1)]
        assert [answer is not None for answer in answers] == [True] * other + [False]
        whole[number] = other
    return whole


@pytest.mark.parametrize(
    ("threads", "lives"), [(1, range(8, 20)), (6, range(20, 74, 9))], ids=["alone", "in a group"]
)
def test_a_writer_killed_at_any_step_loses_no_acknowledged_save(
    any_url: str, tmp_path: Path, threads: int, lives: range
) -> None:
    """From the first save's beginning to after its commit, a step further with every life."""
    acknowledged = tmp_path / "acknowledged"
    for n, steps in enumerate(lives):
        numbers = list(range(threads * n, threads * (n + 1)))
        writer = start(writers.append_until_dead, any_url, numbers, steps, str(acknowledged))
        assert finish([writer]) == [_KILLED]
    with closing(open_store(any_url)) as store:
        told = set(noted(acknowledged))
        log = kept(store, told)
        stored = saves_are_whole(store, range(threads * len(lives)))
        assert 0 < len(log) == 3 * stored.total()
        # A writer waits for its answer: of each at most one save was stored and not confirmed.
        confirmed = Counter(event.originator_id for event in log if event.event_id in told)
        for number, saves in stored.items():
            assert saves - confirmed[stream_id(2 * number + 1)] in {0, 1}
