"""Every stored event as a line of JSON, with the very bytes that stand in the store."""

from collections.abc import Iterator

import orjson

from uitvoering.errors import StateUnreadableError
from uitvoering.persistence.backup_errors import StreamUnknownError
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.transactions import Row

_PAGE = 500
_STREAM = (
    "SELECT position, originator_id, originator_version, topic, state, event_id FROM event"
    " WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version LIMIT ?"
)


def exported(
    recorder: Recorder, *, after: int = 0, until: int | None = None, stream: str | None = None
) -> Iterator[tuple[int, bytes]]:
    """Position and line, in order, up to the last event there is now; a page in memory at a time.

    TamperedError at the first state that is no JSON on one line.
    """
    last = recorder.max_notification_id() or 0
    until = last if until is None else min(until, last)
    rows = _log(recorder, after, until) if stream is None else _of(recorder, stream, after, until)
    for row in rows:
        yield row[0], _line(row)


def _log(recorder: Recorder, after: int, until: int) -> Iterator[Row]:
    while after < until:
        with recorder.reading() as statements:
            page = recorder.rows(statements, after, until, _PAGE)
        yield from page
        after = page[-1][0] if len(page) == _PAGE else until


def _of(recorder: Recorder, stream: str, after: int, until: int) -> Iterator[Row]:
    version, full = 0, True
    while full:
        with recorder.reading() as statements:
            page = statements.all(_STREAM, (stream, version, _PAGE))
        if not page and version == 0:
            raise StreamUnknownError(stream=stream)
        yield from (row for row in page if after < row[0] <= until)
        full = len(page) == _PAGE
        version = page[-1][2] if page else version


def _line(row: Row) -> bytes:
    position, stream, version, topic, state, _ = row
    try:
        orjson.loads(state)
    except orjson.JSONDecodeError as error:
        raise StateUnreadableError(stream=stream, version=version, cause=str(error)) from error
    if b"\n" in state:
        raise StateUnreadableError(stream=stream, version=version, cause="more than one line")
    return orjson.dumps({"position": position, "topic": topic, "event": orjson.Fragment(state)})
