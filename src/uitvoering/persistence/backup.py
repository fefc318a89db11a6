"""How is a store kept safe in one file, and how does it come back? Verified both ways."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from uitvoering.errors import StoreCorruptError
from uitvoering.persistence.backup_content import (
    BYTEWISE,
    BelowTheHorizon,
    Content,
    Counting,
    Progress,
    Tally,
    Watched,
    pages,
    tallied,
)
from uitvoering.persistence.backup_errors import BackupExistsError, StoreInUseError
from uitvoering.persistence.backup_file import (
    Manifest,
    Readable,
    add_manifest,
    building,
    compare,
    filled,
    filled_beside,
    opened,
    written_whole,
)
from uitvoering.persistence.idempotency import as_text
from uitvoering.persistence.migrations import migrate, open_recorder, sqlite_file
from uitvoering.persistence.postgres_arrays import BigintArray, ByteaArray, TextArray
from uitvoering.persistence.postgres_order import set_order
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.sealing import Sealing
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.sqlite_connections import SQLiteStatements, connect
from uitvoering.persistence.transactions import Statements

_FILE_PAGES = 2048
"""Pages of the file copied at a time, 8 MiB; in between, it can be interrupted."""
_INSERT_EVENTS = (
    "INSERT INTO event (position, originator_id, originator_version, topic, state, event_id)"
    " SELECT * FROM unnest(?, ?, ?, ?, ?, ?)"
)
_COLUMN_TYPES = (BigintArray, TextArray, BigintArray, TextArray, ByteaArray, TextArray)
_HIGHEST = (
    "SELECT greatest((SELECT max(position) FROM event), (SELECT last_value FROM event_position_seq"
    " WHERE is_called), 0)"
)
"""Also above the horizon, and also given to an append that was refused."""


def backup(url: str, file: Path, made_at: datetime, progress: Progress | None = None) -> Manifest:
    """The store as it is at one moment, in one file, while writers go on; then read back.

    BackupExistsError when the file is there, FileUnwritableError when it cannot be.
    """
    source = sqlite_file(url)
    with closing(open_recorder(url, pool_size=2)) as recorder:
        try:
            with written_whole(file) as part:
                if source is None:
                    highest, tally = _copy_rows(recorder, part, progress)
                else:
                    highest, tally = _copy_pages(source, part, progress)
                manifest = Manifest(as_text(made_at), highest, tally)
                _finish(part, manifest, recorder.name)
                with opened(part) as (copy, _):
                    copy.verify(tally, progress)
        except FileExistsError as error:
            raise BackupExistsError(file=file) from error
    return manifest


def restore(
    url: str, file: Path, progress: Progress | None = None, sealing: Sealing | None = None
) -> Manifest:
    """What the backup holds, in a store that is made for it; all of it or nothing.

    StoreInUseError when the store is there already: a restore replaces nothing.
    """
    target = sqlite_file(url)
    with opened(file) as (content, manifest):
        mapper = FactMapper(sealing=sealing)
        if target is None:
            _restore_rows(url, content, manifest, mapper, progress)
        else:
            _restore_file(target, content, manifest, mapper, progress)
    return manifest


def _copy_pages(source: Path, part: Path, progress: Progress | None) -> tuple[int, Tally]:
    """The file page by page, in the snapshot of one reader: writers neither wait nor restart it."""
    with closing(connect(source)) as connection, closing(sqlite3.connect(part)) as copy:
        # The first read begins the snapshot; a copy without one starts again at every commit.
        connection.execute("BEGIN")
        statements = SQLiteStatements(connection)
        row = statements.one("SELECT seq FROM sqlite_sequence WHERE name = 'event'")

        def step(_status: int, remaining: int, total: int) -> None:
            if progress is not None:
                progress(total - remaining, total)

        connection.backup(copy, pages=_FILE_PAGES, progress=step)
        return (row[0] if row else 0), tallied(Content(statements), progress)


def _copy_rows(recorder: Recorder, part: Path, progress: Progress | None) -> tuple[int, Tally]:
    """Row by row from one snapshot of the server into a file store made for it."""
    migrate(f"sqlite:///{part}")
    with recorder.reading() as statements, building(part) as copy:
        statements.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        statements.execute("SET LOCAL statement_timeout = 0")
        row = statements.one(_HIGHEST)
        highest = row[0] if row else 0
        return highest, filled(copy, BelowTheHorizon(statements, recorder), highest, progress)


def _finish(part: Path, manifest: Manifest, source: str) -> None:
    with building(part) as copy:
        add_manifest(copy, manifest)
        if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise StoreCorruptError(store=source)


def _restore_file(
    target: Path,
    content: Readable,
    manifest: Manifest,
    mapper: FactMapper,
    progress: Progress | None,
) -> None:
    try:
        with written_whole(target, folders=True) as part:
            content.verify(manifest.tally, progress)
            migrate(f"sqlite:///{part}")
            with building(part) as store:
                filled(store, content, manifest.highest_position, progress)
            with building(part) as store:
                _check(target, Content(SQLiteStatements(store)), manifest, mapper, progress)
                store.execute("PRAGMA journal_mode=WAL")
    except FileExistsError as error:
        raise StoreInUseError(store=f"sqlite:///{target}") from error


def _restore_rows(
    url: str,
    content: Readable,
    manifest: Manifest,
    mapper: FactMapper,
    progress: Progress | None,
) -> None:
    # First the whole file, so that a damaged one does not even make a store.
    content.verify(manifest.tally, progress)
    migrate(url)
    with closing(open_recorder(url, pool_size=2)) as recorder, _alone(recorder) as statements:
        counting = Counting()
        watched = Watched(content.last_position(), progress)
        for page in pages(watched(counting.events(content.events()))):
            columns = zip(_COLUMN_TYPES, zip(*page, strict=True), strict=True)
            statements.execute(_INSERT_EVENTS, [of_type(column) for of_type, column in columns])
        filled_beside(statements, content, counting)
        set_order(statements, None, manifest.highest_position)
        restored = Content(statements, bytewise=BYTEWISE)
        _check(recorder.name, restored, manifest, mapper, progress)


@contextmanager
def _alone(recorder: Recorder) -> Generator[Statements]:
    """One transaction in which nobody else appends, on a store that holds nothing yet."""
    with recorder.writing() as statements:
        statements.execute("SET LOCAL statement_timeout = 0")
        statements.execute("LOCK TABLE event, idempotency, token IN EXCLUSIVE MODE")
        for table in ("event", "idempotency", "token"):
            if statements.one(f"SELECT 1 FROM {table} LIMIT 1") is not None:
                raise StoreInUseError(store=recorder.name)
        yield statements


def _check(
    store: object,
    restored: Content,
    manifest: Manifest,
    mapper: FactMapper,
    progress: Progress | None,
) -> None:
    """Reads back what was restored, decoding every event, before anyone else can see it."""
    compare(store, tallied(restored, progress, mapper), manifest.tally)
