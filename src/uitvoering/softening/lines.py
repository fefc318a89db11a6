"""Two statements on a line in, twelve results on a line out (INTERFACES 3)."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult
from typing import Any, Literal, cast

from pydantic import StrictInt, StrictStr, ValidationError

from uitvoering.domain.values import CalendarDate, ReasonCode, Statement, Text, Value
from uitvoering.errors import InputInvalidError, UitvoeringError
from uitvoering.softening.compare import Comparison, compare
from uitvoering.softening.facets import DimensionResult
from uitvoering.softening.justification import justify
from uitvoering.softening.verdict import labels, overall

_CHUNK = 50
"""Lines a process takes at once."""
_AHEAD = 4
"""Chunks read ahead per process: enough to keep it busy, little enough to keep memory flat."""
_SHOWN = 5
"""Faults named in one message."""


class Pair(Value):
    """The input of a comparison."""

    id: StrictStr | StrictInt
    lang: Literal["nl", "en"] | None = None
    """For the reader; one lexicon reads both languages."""
    original: Statement
    original_on: CalendarDate
    restated: Statement
    restated_on: CalendarDate
    reason_code: ReasonCode | None = None
    reason: Text | None = None
    """Free text counts as no reason until a code is chosen (DOMAIN 5)."""
    domain: str | None = None
    gold: Mapping[str, Any] | None = None
    """What a set of judged pairs adds; `domain` and `gold` are accepted and never read."""


def answer(line: str) -> dict[str, Any]:
    """A bad line gets its error in its place; the other lines are answered."""
    try:
        read: object = json.loads(line)
    except (ValueError, RecursionError) as cause:
        return _refused(
            None, InputInvalidError(count=1, names=f"a line is one JSON object: {cause}")
        )
    if not isinstance(read, dict):
        return _refused(
            None,
            InputInvalidError(
                count=1, names=f"a line is one JSON object, not a {type(read).__name__}"
            ),
        )
    try:
        pair = Pair.model_validate(read)
    except ValidationError as cause:
        named = cast(dict[str, Any], read).get("id")
        return _refused(
            named if isinstance(named, str | int) and not isinstance(named, bool) else None,
            InputInvalidError(count=cause.error_count(), names=faults(cause)),
        )
    return compared(pair)


def compared(pair: Pair) -> dict[str, Any]:
    """One answer, JSON-able; nobody acted here, so competence and contradictions play no part."""
    comparison = compare(pair.original, pair.restated)
    justification = justify(
        reason_code=pair.reason_code,
        signalled_on=pair.original_on,
        earlier_evidence=pair.original.evidence,
        evidence=pair.restated.evidence,
    )
    outcome = overall(comparison, justification)
    return {
        "id": pair.id,
        "overall": outcome.value,
        "justification": justification.value,
        "labels": [
            label.value for label in labels(comparison, pair.original, pair.restated, outcome)
        ],
        "method": comparison.method,
        "dimensions": _dimensions(comparison),
    }


def _dimensions(comparison: Comparison) -> dict[str, dict[str, Any]]:
    return {row.dimension.value: _row(row) for row in comparison.dimensions}


def _row(row: DimensionResult) -> dict[str, Any]:
    return {
        "result": row.result.value,
        "strength": row.strength,
        "rule": row.rule,
        "text_only": row.text_only,
        "spans": [span.model_dump(mode="json") for span in row.spans],
    }


def _refused(named: str | int | None, error: UitvoeringError) -> dict[str, Any]:
    return {"id": named, "error": {"code": error.code, "detail": str(error), **error.values}}


def faults(cause: ValidationError) -> str:
    """Where and what, never the value: a text of 10 MB is not sent back."""
    rows = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'line'}: {fault['msg']}"
        for fault in cause.errors(include_url=False, include_input=False)
    ]
    more = f"; and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return "; ".join(rows[:_SHOWN]) + more


def answers(lines: Iterable[str], jobs: int = 1) -> Iterator[dict[str, Any]]:
    """In the order of the lines, also over several processes; blank lines are skipped."""
    filled = (line for line in lines if line.strip())
    if jobs <= 1:
        yield from map(answer, filled)
        return
    waiting: deque[AsyncResult[list[dict[str, Any]]]] = deque()
    with get_context("spawn").Pool(jobs) as pool:
        while chunk := list(islice(filled, _CHUNK)):
            waiting.append(pool.apply_async(_chunk, (chunk,)))
            if len(waiting) >= jobs * _AHEAD:
                yield from waiting.popleft().get()
        while waiting:
            yield from waiting.popleft().get()


def _chunk(lines: list[str]) -> list[dict[str, Any]]:
    return [answer(line) for line in lines]
