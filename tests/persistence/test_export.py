"""What is handed over is what is stored, a page in memory at a time."""

import json
from contextlib import closing

import pytest

from tests.persistence.facts import stream, stream_id
from uitvoering.persistence import export
from uitvoering.persistence.backup_errors import StreamUnknownError
from uitvoering.persistence.export import exported
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.store import Store


@pytest.mark.parametrize("page", [1, 3, 7, 100])
def test_every_event_is_handed_over_once_in_order_whatever_the_page(
    store: Store, store_url: str, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_PAGE", page)
    events = [*stream(1, 7), *stream(2, 3), *stream(1, 2, after=7)]
    positions = store.append(events)
    with closing(open_recorder(store_url)) as recorder:
        found = list(exported(recorder))
        assert [position for position, _ in found] == positions
        for (_, line), event in zip(found, events, strict=True):
            stored = store.stored(event.event_id)
            assert stored is not None
            assert line.endswith(b'"event":' + stored.state + b"}")
            assert json.loads(line)["topic"] == event.fact.TOPIC
        some = exported(recorder, after=positions[3], until=positions[8])
        assert [position for position, _ in some] == positions[4:9]
        of_one = exported(recorder, stream=stream_id(1), after=positions[0], until=positions[10])
        assert [position for position, _ in of_one] == [*positions[1:7], positions[10]]


def test_it_ends_where_the_log_ended_when_it_began(store: Store, store_url: str) -> None:
    """Also while writers are faster than the reader."""
    store.append(stream(1, 3))
    with closing(open_recorder(store_url)) as recorder:
        lines = exported(recorder)
        next(lines)
        store.append(stream(2, 3))
        assert len(list(lines)) == 2


def test_a_stream_nobody_filed_is_refused(store: Store, store_url: str) -> None:
    assert store.position() == 0
    with closing(open_recorder(store_url)) as recorder:
        assert list(exported(recorder)) == []
        with pytest.raises(StreamUnknownError, match="no events with stream nobody; check the id"):
            list(exported(recorder, stream="nobody"))
