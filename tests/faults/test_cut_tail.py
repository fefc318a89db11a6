"""A file of which the tail is gone shows whole saves from the beginning on, or is refused.

PostgreSQL keeps its own files: there the same faults are its server's to find.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.promises import as_far_as_it_goes, kept
from tests.faults.writers import save
from tests.persistence.facts import remembered, stream_id
from tests.persistence.folding import COUNTS
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import TamperedError
from uitvoering.persistence.store import migrate, open_store

_SAVES = 6
_STEP = 2_999
"""Bytes from one cut to the next: on no boundary of pages, frames or sectors."""


@pytest.fixture
def written(sqlite_url: str) -> Iterator[tuple[Path, list[AnyRecorded]]]:
    """A store with all it holds still in its write-ahead log, and what it holds."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    migrate(sqlite_url)
    with closing(sqlite3.connect(file)) as checkpointing:
        checkpointing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(open_store(sqlite_url)) as store:
        for n in range(_SAVES):
            store.append(save(0, n), idempotency=remembered(f"0-{n}"))
            if n % 3 == 2:
                store.views(COUNTS).catch_up()
        yield file, kept(store)


def saves_from_the_beginning(file: Path, log: list[AnyRecorded]) -> int:
    """How many saves the file shows, each whole; it can be written to and read again."""
    with closing(open_store(f"sqlite:///{file}")) as store:
        as_far_as_it_goes(store)
        held = kept(store)
        assert held == log[: len(held)]
        saves, rest = divmod(len(held), 3)
        assert rest == 0
        for n in range(_SAVES):
            assert (store.remembered("p-1", f"0-{n}") is not None) == (n < saves)
        store.append(save(1, 0))
        kept(store)
        assert len(store.facts(stream_id(2))) == 2
    return saves


def test_a_log_that_was_cut_off_anywhere_shows_the_whole_saves_before_the_cut(
    written: tuple[Path, list[AnyRecorded]], tmp_path: Path
) -> None:
    file, log = written
    tail = Path(f"{file}-wal").read_bytes()
    found = []
    for n, cut in enumerate([*range(0, len(tail), _STEP), len(tail)]):
        copy = tmp_path / f"cut-{n}.db"
        shutil.copy(file, copy)
        Path(f"{copy}-wal").write_bytes(tail[:cut])
        found.append(saves_from_the_beginning(copy, log))
    assert found == sorted(found)
    assert set(found) == set(range(_SAVES + 1))


def test_a_log_whose_tail_was_never_written_shows_the_whole_saves_before_it(
    written: tuple[Path, list[AnyRecorded]], tmp_path: Path
) -> None:
    """After a power failure a file may have its length without its content."""
    file, log = written
    tail = Path(f"{file}-wal").read_bytes()
    for n, cut in enumerate(range(_STEP, len(tail), 5 * _STEP)):
        copy = tmp_path / f"empty-{n}.db"
        shutil.copy(file, copy)
        Path(f"{copy}-wal").write_bytes(tail[:cut] + bytes(len(tail) - cut))
        saves_from_the_beginning(copy, log)


def test_a_file_that_was_cut_off_is_refused_or_holds_everything(
    written: tuple[Path, list[AnyRecorded]], tmp_path: Path
) -> None:
    """What stands in the file itself was confirmed long ago: nothing of it may be missing."""
    file, log = written
    with closing(sqlite3.connect(file)) as checkpointing:
        checkpointing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    page = 4096
    for n, cut in enumerate([*range(page, len(whole), page), *range(_STEP, len(whole), _STEP)]):
        copy = tmp_path / f"file-{n}.db"
        copy.write_bytes(whole[:cut])
        with pytest.raises(TamperedError):
            saves_from_the_beginning(copy, log)
