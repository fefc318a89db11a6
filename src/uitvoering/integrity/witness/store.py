"""What a witness remembers: which logs it watches, what it cosigned, and what it refused."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from uitvoering.errors import BusyError, SchemaNewerError, TamperedError
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import PublicKey, public_key
from uitvoering.integrity.tree.merkle import EMPTY_ROOT

_VERSION = 1
_SAME = "origin = ? AND size = ? AND root = ? AND reason = ?"
_PRIMARY = 0xFF
"""The low byte of a result code is its kind (sqlite.org/rescode.html)."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CLOSED = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})
_WAIT_SECONDS = 5.0
"""How long a request waits for another that is being recorded."""
_ONLY_GROWS = "\n".join(
    f"CREATE TRIGGER {table}_keeps_{what} BEFORE {what} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the record of a witness only grows'); END;"
    for table in ("log_key", "cosigned", "refused", "clock_confirmed")
    for what in ("UPDATE", "DELETE")
)
_SCHEMA = f"""
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE log_key (
    id INTEGER PRIMARY KEY, origin TEXT NOT NULL, key TEXT NOT NULL, trusted INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE cosigned (
    id INTEGER PRIMARY KEY, origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
    note BLOB NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX cosigned_by_size ON cosigned (origin, size);
CREATE TABLE refused (
    id INTEGER PRIMARY KEY, origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
    reason TEXT NOT NULL, status INTEGER NOT NULL, held INTEGER REFERENCES cosigned (id),
    request BLOB NOT NULL, at INTEGER NOT NULL, UNIQUE (origin, size, root, reason)
) STRICT;
CREATE TABLE clock_confirmed (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
{_ONLY_GROWS}
-- The code has judged by now; this holds whatever the code does.
CREATE TRIGGER cosigned_only_grows BEFORE INSERT ON cosigned
WHEN EXISTS (SELECT 1 FROM cosigned WHERE origin = NEW.origin AND size > NEW.size)
  OR EXISTS (SELECT 1 FROM cosigned
             WHERE origin = NEW.origin AND size = NEW.size AND root <> NEW.root)
  OR NEW.at < (SELECT at FROM cosigned ORDER BY id DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a witness cosigns no other history'); END;
PRAGMA user_version = {_VERSION};
COMMIT;
"""


class WitnessRecordLostError(TamperedError):
    code = "witness-record-lost"
    message = (
        "the record {file} of this witness is gone or damaged: without it two histories could be "
        "cosigned; never use its keys again, make a new witness and tell the logs"
    )


class WitnessRecordUnreadableError(BusyError):
    code = "witness-record-unreadable"
    message = (
        "the record {file} of this witness is not for this user to read and write; give the user "
        "that runs the witness its folder and the files in it"
    )


@dataclass(frozen=True)
class Cosigned:
    """What was stated: this checkpoint was the newest at this time."""

    id: int
    size: int
    root: bytes
    note: bytes
    """With the signatures of the log that were checked, without ours."""
    at: int
    """Seconds since 1970."""


NOTHING = Cosigned(id=0, size=0, root=EMPTY_ROOT, note=b"", at=0)
"""Held of a log that never had a checkpoint cosigned: the empty tree."""


@dataclass(frozen=True)
class Refused:
    """A checkpoint that a trusted key of the log signed and that could not be cosigned."""

    id: int
    origin: str
    size: int
    root: bytes
    reason: str
    status: int
    """What was answered."""
    held: Cosigned
    """What stood against it."""
    request: bytes
    """Old size, proof, and the checkpoint under the signatures that were checked."""
    at: int
    proved_later: bool
    """The same tree was cosigned afterwards: whoever sent it then had no proof."""


class Record:
    """One transaction: what is read and written here is so for no other request in between."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def origins(self) -> list[str]:
        rows = self._connection.execute("SELECT DISTINCT origin FROM log_key ORDER BY origin")
        return [row[0] for row in rows]

    def keys(self, origin: str) -> dict[PublicKey, bool]:
        """Every key this log ever had, and whether it is trusted now."""
        rows = self._connection.execute(
            "SELECT key, trusted FROM log_key WHERE origin = ? ORDER BY id", (origin,)
        )
        return {public_key(key): bool(trusted) for key, trusted in rows}

    def enrol(self, key: PublicKey, at: int, *, trusted: bool) -> None:
        self._connection.execute(
            "INSERT INTO log_key (origin, key, trusted, at) VALUES (?, ?, ?, ?)",
            (key.name, str(key), trusted, at),
        )

    def held(self, origin: str) -> Cosigned:
        """The newest checkpoint cosigned of this log."""
        return self._one("origin = ? ORDER BY size DESC, id DESC", origin)

    def held_at(self, origin: str, size: int) -> Cosigned:
        """What was cosigned at this size; NOTHING when this size was never seen."""
        return self._one("origin = ? AND size = ? ORDER BY id", origin, size)

    def last_stated(self) -> int:
        """The time of the newest cosignature of any log; 0 before the first."""
        row = self._connection.execute("SELECT at FROM cosigned ORDER BY id DESC LIMIT 1")
        return next((found[0] for found in row), 0)

    def cosign(self, checkpoint: Checkpoint, note: bytes, at: int) -> Cosigned:
        self._connection.execute(
            "INSERT INTO cosigned (origin, size, root, note, at) VALUES (?, ?, ?, ?, ?)",
            (checkpoint.origin, checkpoint.size, checkpoint.root, note, at),
        )
        return self.held(checkpoint.origin)

    def clock_confirmed(self) -> int:
        """The last time that was said to be right; 0 when none was."""
        row = self._connection.execute("SELECT at FROM clock_confirmed ORDER BY id DESC LIMIT 1")
        return next((found[0] for found in row), 0)

    def confirm_clock(self, at: int) -> None:
        self._connection.execute("INSERT INTO clock_confirmed (at) VALUES (?)", (at,))

    def refuse(
        self,
        offered: Checkpoint,
        reason: str,
        status: int,
        held: Cosigned,
        request: bytes,
        at: int,
        *,
        is_new_kept: bool,
    ) -> Refused | None:
        """Kept once; None when it was not kept before and there is no room for a new one."""
        what = (offered.origin, offered.size, offered.root, reason)
        self._connection.execute(
            "INSERT OR IGNORE INTO refused (origin, size, root, reason, status, held, request, at)"
            " SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE ?",
            (*what, status, held.id or None, request, at, is_new_kept),
        )
        return next(iter(self.refused(_SAME, *what)), None)

    def count_refused(self, origin: str, reason: str) -> dict[int, int]:
        """How many were kept for this reason, by the size of what stood against them."""
        rows = self._connection.execute(
            "SELECT coalesce(cosigned.size, 0), count(*) FROM refused"
            " LEFT JOIN cosigned ON cosigned.id = refused.held"
            " WHERE refused.origin = ? AND refused.reason = ? GROUP BY 1",
            (origin, reason),
        )
        return dict(rows.fetchall())

    def refused_numbers(self, origin: str | None = None) -> list[int]:
        """Of one log, or of all; without what was kept of each."""
        rows = self._connection.execute(
            "SELECT id FROM refused WHERE ?1 IS NULL OR origin = ?1 ORDER BY id", (origin,)
        )
        return [row[0] for row in rows]

    def refused(self, where: str = "TRUE", *values: object) -> list[Refused]:
        rows = self._connection.execute(
            "SELECT id, origin, size, root, reason, status, held, request, at, EXISTS ("
            " SELECT 1 FROM cosigned WHERE cosigned.origin = refused.origin"
            " AND cosigned.size = refused.size AND cosigned.root = refused.root)"
            f" FROM refused WHERE {where} ORDER BY id",
            values,
        )
        return [
            Refused(n, origin, size, root, reason, status, self._held(held), body, at, bool(later))
            for n, origin, size, root, reason, status, held, body, at, later in rows.fetchall()
        ]

    def _held(self, row_id: int | None) -> Cosigned:
        return NOTHING if row_id is None else self._one("id = ?", row_id)

    def _one(self, where: str, *values: object) -> Cosigned:
        row = self._connection.execute(
            f"SELECT id, size, root, note, at FROM cosigned WHERE {where} LIMIT 1", values
        ).fetchone()
        return Cosigned(*row) if row else NOTHING


class WitnessStore:
    def __init__(self, file: Path) -> None:
        """WitnessRecordLostError when there is no record: nothing makes one but `create`.

        BusyError when it cannot be read now, as while another process holds it, and
        WitnessRecordUnreadableError when this user may not.
        """
        self._file = file
        try:
            if not file.exists():
                raise WitnessRecordLostError(file=file)
            with closing(self._connected()) as connection:
                found = connection.execute("PRAGMA user_version").fetchone()[0]
        except (OSError, sqlite3.DatabaseError) as error:
            if getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _DAMAGED:
                raise WitnessRecordLostError(file=file) from error
            raise self._refusal(error) from error
        if found > _VERSION:
            raise SchemaNewerError(store=file, found=found, known=_VERSION)
        if found < _VERSION:  # a file without our tables
            raise WitnessRecordLostError(file=file)

    @staticmethod
    def create(file: Path) -> "WitnessStore":
        """A record that is there, as after a crash, stays what it is."""
        file.touch(mode=0o600)
        with suppress(WitnessRecordLostError):
            return WitnessStore(file)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA)
        return WitnessStore(file)

    @contextmanager
    def writing(self) -> Generator[Record]:
        """Alone from its first read on, and on disk when it returns; an error undoes it."""
        with self._transaction("BEGIN IMMEDIATE") as record:
            yield record

    @contextmanager
    def reading(self) -> Generator[Record]:
        with self._transaction("BEGIN") as record:
            yield record

    @contextmanager
    def _transaction(self, begin: str) -> Generator[Record]:
        try:
            with closing(self._connected()) as connection:  # closed before its commit: rolled back
                connection.execute(begin)
                yield Record(connection)
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> BusyError:
        # Asked, not tried: to close a file here ends the locks of all its connections
        # (sqlite.org/howtocorrupt.html, 2.2).
        kind = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        folder = os.access(self._file.parent, os.W_OK | os.X_OK, effective_ids=True)
        file = folder and os.access(self._file, os.R_OK | os.W_OK, effective_ids=True)
        if isinstance(error, PermissionError) or (kind in _CLOSED and not file):
            return WitnessRecordUnreadableError(file=self._file)
        return BusyError(cause=error)

    def _connected(self) -> sqlite3.Connection:
        # A file that is not there is an error, never a new and empty record.
        connection = sqlite3.connect(
            f"{self._file.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=_WAIT_SECONDS,
            isolation_level=None,
        )
        connection.execute("PRAGMA synchronous = FULL")
        return connection
