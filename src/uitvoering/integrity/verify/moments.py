"""Was an event recorded after others had seen it already? Clocks, held against each other."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from uitvoering.integrity.verify.findings import Finding, broken
from uitvoering.integrity.verify.pack import Manifest, checkpoint_size, stamp_size

Newest = Mapping[int, tuple[int, int]]
"""By size of the log: when its newest event was recorded (seconds since 1970), and its leaf."""
TOLERANCE = 600
"""Seconds that two clocks may differ before it is told."""
_RECORDED = re.compile(rb'"recordedAt":"(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z|([^"\\]*))"')
"""Its first group is a moment in the form we write, up to its seconds; the second any other."""


class NewestBelow(NamedTuple):
    """The newest event among some leaves, as far as they are below a size of the log."""

    size: int
    seconds: int
    """Since 1970, when it says it was recorded; -1 where none of these leaves says so."""
    leaf: int


def marked(manifest: Manifest) -> list[int]:
    """Sizes at which somebody may have seen the log, in order."""
    found = {size for name in manifest.files for size in (checkpoint_size(name), stamp_size(name))}
    found.add(manifest.size)
    return sorted(size for size in found if size is not None and 0 < size <= manifest.size)


def newest_recorded(
    leaves: Sequence[bytes | None], start: int, sizes: Sequence[int]
) -> Iterator[NewestBelow]:
    """One for each size, which are in order; `start` is the index of the first of the leaves.

    Of leaves 10, 11 and 12, recorded at 500, 700 and 600, the sizes 11 and 13 give (11, 500, 10)
    and (13, 700, 11).
    """
    newest, text, at, waiting = -1, b"", start, list(reversed(sizes))
    for index, leaf in enumerate(leaves, start):
        while waiting and waiting[-1] <= index:
            yield NewestBelow(waiting.pop(), newest, at)
        for ours, other in () if leaf is None else _RECORDED.findall(leaf):
            if ours and ours <= text:
                continue  # in the form we write, the order of the texts is that of the moments
            seconds = _seconds_of(ours + b"Z" if ours else other)
            if seconds > newest:
                newest, at, text = seconds, index, ours or text
    for size in reversed(waiting):
        yield NewestBelow(size, newest, at)


def within(sizes: Sequence[int], leaves: range) -> tuple[int, ...]:
    """Of the sizes, in order, those that end among these leaves; and always where the leaves end.

    Of 100, 256, 300 and 600 for leaves 256 to 511 that gives 300 and 512: a log of 256 leaves ends
    before the first of them, and what comes after them builds on the newest of all.
    """
    found = sizes[bisect_right(sizes, leaves.start) : bisect_right(sizes, leaves.stop)]
    return tuple(found) if found and found[-1] == leaves.stop else (*found, leaves.stop)


def too_late(newest: Newest, size: int, seen_at: int, code: str) -> Iterator[Finding]:
    """An event that says it is of later than the moment at which others saw it in the log."""
    recorded, index = newest.get(size, (-1, 0))
    if recorded > seen_at + TOLERANCE:
        yield broken(code, index, size=size, recorded=moment(recorded), at=moment(seen_at))


def moment(seconds: int) -> str:
    """In UTC; a witness may state any number."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s"


def _seconds_of(text: bytes) -> int:
    """Before every other where it is no moment: then it is told with its event."""
    try:
        found = datetime.fromisoformat(text.decode())
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return -1
