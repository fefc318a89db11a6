"""One file that is a store of ours with a manifest in it; written whole or not at all."""

import errno
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from uitvoering.errors import (
    FileUnknownError,
    FileUnwritableError,
    SchemaNewerError,
    StateUnreadableError,
    StoreFullError,
)
from uitvoering.persistence import schema
from uitvoering.persistence.backup_content import (
    BESIDE,
    EVENT_COLUMNS,
    Content,
    Counting,
    Progress,
    Table,
    Tally,
    Watched,
    pages,
    tallied,
)
from uitvoering.persistence.backup_errors import (
    BackupDamagedError,
    BackupUnknownError,
    FileUnreadableError,
)
from uitvoering.persistence.sqlite_connections import SQLiteStatements, explanation
from uitvoering.persistence.transactions import Row, Statements

_MANIFEST_EXISTS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'backup_manifest'"
_GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
_JOURNALS = ("-journal", "-wal")
"""Left without their file, they would be played into the one that is put there."""
_DAMAGE = (sqlite3.Error, StateUnreadableError, TypeError, ValueError, AttributeError)
"""Pages that do not fit together, or a value of another type than was stored."""
_INSERT_EVENT = "INSERT INTO event ({}) VALUES ({})".format(
    ", ".join(EVENT_COLUMNS), ", ".join("?" * len(EVENT_COLUMNS))
)


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; a restore holds it against what is there."""

    made_at: str
    highest_position: int
    """Ever given out: the next event after a restore stands above it."""
    tally: Tally


@contextmanager
def written_whole(file: Path, *, folders: bool = False) -> Generator[Path]:
    """A path beside `file` to write to; at the end it becomes `file`, or nothing is left of it.

    FileExistsError when `file` is there: nothing is ever replaced. The name differs every time, so
    that two writers never meet; a process that was killed leaves it as `*.part`.
    """
    with _explained(file):
        _refuse_existing(file)
        if folders and not file.parent.exists():
            file.parent.mkdir(parents=True)
        handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
        os.close(handle)
    part = Path(name)
    try:
        with _explained(file):
            yield part
            _to_disk(part)
            _publish(part, file)
            _to_disk(file.parent)
    finally:
        for ending in ("", "-shm", *_JOURNALS):
            Path(f"{part}{ending}").unlink(missing_ok=True)


@contextmanager
def _explained(file: Path) -> Generator[None]:
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise FileUnwritableError(file=file, cause=error.strerror) from error
    except sqlite3.Error as error:
        explained = explanation(error, str(file))
        if isinstance(explained, StoreFullError):
            cause = os.strerror(errno.ENOSPC)
            raise FileUnwritableError(file=file, cause=cause) from error
        if explained is None:
            raise
        raise explained from error


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _publish(part: Path, file: Path) -> None:
    try:
        os.link(part, file)  # unlike a rename it replaces nothing
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as that of a USB stick
        _refuse_existing(file)
        part.rename(file)


def _refuse_existing(file: Path) -> None:
    for path in (file, *(Path(f"{file}{ending}") for ending in _JOURNALS)):
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


@contextmanager
def building(part: Path) -> Generator[sqlite3.Connection]:
    """A connection for a file that is thrown away unless it is finished: nothing is synced yet."""
    with closing(sqlite3.connect(part, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=OFF")
        yield connection


def filled(
    connection: sqlite3.Connection, content: Content, highest: int, progress: Progress | None
) -> Tally:
    """All rows of the content as they are, positions too, into tables that are empty."""
    statements = SQLiteStatements(connection)
    connection.execute("BEGIN")
    # They refuse a position that is given; this file is nobody's store yet.
    guards = connection.execute(_GUARDS).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    counting = Counting()
    watched = Watched(content.last_position(), progress)
    for page in pages(watched(counting.events(content.events()))):
        statements.execute_many(_INSERT_EVENT, page)
    tally = filled_beside(statements, content, counting)
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'event'")
    connection.execute("INSERT INTO sqlite_sequence VALUES ('event', ?)", (highest,))
    for _, guard in guards:
        connection.execute(guard)
    connection.execute("COMMIT")
    return tally


def filled_beside(statements: Statements, content: Content, counting: Counting) -> Tally:
    for table in BESIDE:
        marks = ", ".join("?" * len(table.columns))
        insert = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})"
        for page in pages(counting.beside(table, content.beside(table))):
            statements.execute_many(insert, page)
    return counting.tally()


def add_manifest(connection: sqlite3.Connection, manifest: Manifest) -> None:
    text = orjson.dumps(asdict(manifest)).decode()
    connection.execute("CREATE TABLE backup_manifest (manifest text, sha256 text)")
    connection.execute("INSERT INTO backup_manifest VALUES (?, ?)", (text, _hashed(text)))


@contextmanager
def opened(file: Path) -> Generator[tuple["Readable", Manifest]]:
    """A backup to read from; whatever of it cannot be read is `BackupDamagedError`."""
    try:
        file.open("rb").close()
    except FileNotFoundError as error:
        raise FileUnknownError(file=file) from error
    except OSError as error:
        raise FileUnreadableError(file=file, cause=error.strerror) from error
    address = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        with _damage_told(file):
            connection.execute("BEGIN")
            manifest = _manifest(connection, file)
        yield Readable(connection, file), manifest


class Readable(Content):
    """The rows of a backup; a page of it that is damaged is told as such, wherever it is met."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        super().__init__(SQLiteStatements(connection))
        self._file = file

    def events(self) -> Iterator[Row]:
        return self._told(super().events())

    def beside(self, table: Table) -> Iterator[Row]:
        return self._told(super().beside(table))

    def last_position(self) -> int:
        with _damage_told(self._file):
            return super().last_position()

    def verify(self, wanted: Tally, progress: Progress | None) -> None:
        with _damage_told(self._file):
            found = tallied(self, progress)
        compare(self._file, found, wanted)

    def _told(self, rows: Iterator[Row]) -> Iterator[Row]:
        # Not around the `yield`: what the receiver of a row runs into is no damage of this file.
        while True:
            with _damage_told(self._file):
                row = next(rows, None)
            if row is None:
                return
            yield row


def compare(file: object, found: Tally, wanted: Tally) -> None:
    if found != wanted:
        counted, expected = (
            f"{tally.events} events, sha256 {tally.sha256}" for tally in (found, wanted)
        )
        raise BackupDamagedError(file=file, cause=f"{counted}, where {expected} was written")


@contextmanager
def _damage_told(file: Path) -> Generator[None]:
    try:
        yield
    except _DAMAGE as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise BackupUnknownError(file=file) from error
        raise BackupDamagedError(file=file, cause=str(error)) from error


def _manifest(connection: sqlite3.Connection, file: Path) -> Manifest:
    if connection.execute(_MANIFEST_EXISTS).fetchone() is None:
        raise BackupUnknownError(file=file)
    (version,) = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    if version > schema.VERSION:
        raise SchemaNewerError(store=file, found=version, known=schema.VERSION)
    text, sha256 = connection.execute("SELECT manifest, sha256 FROM backup_manifest").fetchone()
    if _hashed(text) != sha256:
        raise BackupDamagedError(file=file, cause="the manifest was changed")
    found: dict[str, Any] = orjson.loads(text)
    return Manifest(found["made_at"], found["highest_position"], Tally(**found["tally"]))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
