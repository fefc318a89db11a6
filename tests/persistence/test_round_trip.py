"""Whatever is appended in whatever batches comes back the same, on both stores."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.persistence.facts import stream, stream_id
from tests.persistence.folding import COUNTS, fold, rows
from uitvoering.domain.events.signal import HardshipSignalled
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import VISIBLE, Level, Statement
from uitvoering.persistence.store import ConflictError, Store
from uitvoering.projections.documents import InMemory

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: re.search(VISIBLE, text) is not None
)
FIRST = st.builds(
    HardshipSignalled,
    statement=st.builds(
        Statement,
        text=TEXT,
        severity=st.none() | st.integers(1, 5),
        affected_count=st.none() | st.integers(0, 2**53 - 1),
    ),
    body=st.just("toeslagen"),
    to=st.none() | st.sampled_from(Level),
)
BATCHES = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=4), max_size=6
)
_run = count(1)


@pytest.fixture(scope="module")
def fresh_numbers() -> Iterator[int]:
    return count(10_000, 10)


@given(batches=BATCHES, first=FIRST)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_batches_come_back_the_same(
    store: Store,
    fresh_numbers: Iterator[int],
    batches: list[list[tuple[int, int]]],
    first: HardshipSignalled,
) -> None:
    """Streams are new in every example; positions go on where the last example ended."""
    start, base = store.position(), next(fresh_numbers)
    held: dict[int, list[AnyRecorded]] = {}
    order: list[AnyRecorded] = []
    for batch in batches:
        events: list[AnyRecorded] = []
        for n, length in batch:
            past = held.setdefault(n, [])
            new = stream(base + n, length, after=len(past), first=first)
            past += new
            events += new
        positions = store.append(events)
        assert positions == sorted(set(positions))
        order += events
    assert [event for _, event in store.stream(start)] == order
    for n, events in held.items():
        assert store.facts(stream_id(base + n)) == events
        if events:
            with pytest.raises(ConflictError):
                store.append(stream(base + n, 1))
    in_memory = InMemory()
    for _, event in store.stream():
        fold(event, in_memory)  # type: ignore[arg-type]  # the documents here are no `Document`
    documents = store.views(COUNTS).documents(store.position())
    assert list(rows(documents)) == rows(in_memory)  # type: ignore[arg-type]  # the same
