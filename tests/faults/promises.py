"""What every fault leaves true: nothing acknowledged is lost or doubled, every view is a replay."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.persistence.facts import Tally, Total
from tests.persistence.folding import COUNTS, CountingView, fold, rows
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.store import Store
from uitvoering.projections.documents import InMemory


def kept(
    store: Store, acknowledged: Iterable[str] = (), views: Sequence[CountingView] = COUNTS
) -> list[AnyRecorded]:
    """Every acknowledged event is there once, no stream has a gap, and every view is its replay.

    The log itself is given back.
    """
    # What a killed process had not ended holds readers back until its server has noticed.
    until(lambda: store.horizon_age() == 0)
    log = [event for _, event in store.stream()]
    held = Counter(event.event_id for event in log)
    assert set(held.values()) <= {1}
    assert held.keys() >= set(acknowledged)
    length: Counter[str] = Counter()
    for event in log:
        length[event.originator_id] += 1
        assert event.originator_version == length[event.originator_id]
    for stream in length:
        assert [event.event_id for event in store.facts(stream)] == [
            event.event_id for event in log if event.originator_id == stream
        ]
    stored = rows(store.views(views).documents(store.position(), whole=True))
    assert stored == replayed(log)
    return log


def replayed(log: Iterable[AnyRecorded]) -> list[tuple[str, Tally | Total]]:
    """The same fold over the same events, in memory."""
    documents = InMemory()
    for event in log:
        fold(event, documents)  # type: ignore[arg-type]  # the documents here are no `Document`
    return list(rows(documents))  # type: ignore[arg-type]  # the same


def as_far_as_it_goes(store: Store, view: CountingView = COUNTS[0]) -> int:
    """A view that was stopped anywhere is the replay of what it says it holds; its position."""
    views = store.views([view])
    found = views.standings()
    if not found:
        return 0
    log = [event for _, event in store.stream(until=found[0].position)]
    assert rows(views.documents()) == replayed(log)
    return found[0].position


def noted(*notes: Path) -> list[str]:
    """Event ids that were acknowledged; a last line that was cut off does not count."""
    found: list[str] = []
    for note in notes:
        text = note.read_text() if note.exists() else ""
        found += text[: text.rfind("\n") + 1].split()
    return found


def until(true: Callable[[], bool]) -> None:
    """Wait for what must come true; the limit only keeps a broken build from hanging."""
    limit = time.monotonic() + 60
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.003)
