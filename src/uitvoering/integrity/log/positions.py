"""Which event of the store is which leaf of the log? One big-endian number per leaf, ascending."""

import os
import sys
from array import array
from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from uitvoering.integrity.durable import to_disk
from uitvoering.integrity.log.errors import LedgerDamagedError

_BYTES = 8
_PAGE = 4_096
NO_EVENT = 0
"""Of a leaf that stands for no event: the one that says which log this one continues."""


class Positions:
    """The file, read where it is asked: a million leaves are eight megabytes, none kept here."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __len__(self) -> int:
        return self._file.stat().st_size // _BYTES if self._file.exists() else 0

    def refuse_shorter(self, size: int) -> None:
        """LedgerDamagedError when it tells of fewer leaves."""
        if len(self) < size:
            raise LedgerDamagedError(file=self._file, cause="it is shorter than the log")

    def at(self, index: int) -> int:
        """The position of the event of this leaf; LedgerDamagedError when there is none."""
        with self._opened() as stored:
            return self._at(stored.fileno(), index)

    def between(self, first: int, end: int) -> Iterator[int]:
        """Those of leaves [first, end), a page in memory at a time; fewer when the file ends.

        LedgerDamagedError when it is not there.
        """
        with self._opened() as stored:
            stored.seek(first * _BYTES)
            while first < end and (page := stored.read(min(end - first, _PAGE) * _BYTES)):
                numbers = array("Q", page[: len(page) // _BYTES * _BYTES])
                if sys.byteorder == "little":
                    numbers.byteswap()
                yield from numbers
                first += len(numbers)

    def index_of(self, position: int, size: int) -> int | None:
        """The leaf of the event at this position, among the first `size`; None when not yet.

        LedgerDamagedError when there are fewer.
        """
        if position <= NO_EVENT or not size:
            return None
        with self._opened() as stored:
            descriptor = stored.fileno()
            found = bisect_left(range(size), position, key=lambda at: self._at(descriptor, at))
            return found if found < size and self._at(descriptor, found) == position else None

    def append(self, positions: Iterable[int]) -> None:
        """Not on disk before `sync`."""
        numbers = array("Q", positions)
        if sys.byteorder == "little":
            numbers.byteswap()
        with self._file.open("ab") as stored:
            stored.write(numbers.tobytes())

    def sync(self) -> None:
        to_disk(self._file)

    def cut(self, size: int) -> None:
        """Forget what was written for leaves that no checkpoint was signed over."""
        with self._file.open("ab") as stored:
            stored.truncate(size * _BYTES)

    @contextmanager
    def _opened(self) -> Generator[BufferedReader]:
        try:
            stored = self._file.open("rb")
        except FileNotFoundError as error:
            raise LedgerDamagedError(file=self._file, cause="it is not there") from error
        with stored:
            yield stored

    def _at(self, descriptor: int, index: int) -> int:
        found = os.pread(descriptor, _BYTES, index * _BYTES) if index >= 0 else b""
        if len(found) < _BYTES:
            raise LedgerDamagedError(file=self._file, cause="it is shorter than the log")
        return int.from_bytes(found, "big")
