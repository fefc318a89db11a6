"""Every checkpoint that was ever signed, and what others said of it: rows that are only added."""

import sqlite3
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitvoering.integrity.log.errors import (
    LedgerDamagedError,
    LedgerUnwritableError,
    LogRolledBackError,
)
from uitvoering.integrity.log.tables import TABLES
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.note import NoteMalformedError, parsed, signature

_PATIENCE = 10.0
"""Seconds another process may hold the file: it writes a row, or publishes two small files."""
_PRIMARY = 0xFF
"""The low byte of a result code is its kind (sqlite.org/rescode.html)."""
_FAILURES = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM),
    }
)
"""What says nothing of what is stored; every other error may come of it."""
_CHECKPOINTS = "SELECT number, note, signed_at FROM checkpoint"
_LAST_ANSWERS = (
    "SELECT witness, checkpoint, lines, refused, fork, evidence, received_at FROM answer WHERE"
    " number IN (SELECT max(number) FROM answer WHERE fork OR lines <> '' GROUP BY witness)"
    " ORDER BY number"
)


@dataclass(frozen=True)
class SignedCheckpoint:
    """One signing of the log, with what witnesses have put below it until now."""

    number: int
    checkpoint: Checkpoint
    signed: bytes
    """The note as the log signed it."""
    signed_at: int
    """Seconds since 1970."""
    cosignatures: tuple[str, ...] = ()
    """Lines with their newline, the newest of each key."""

    @property
    def note(self) -> bytes:
        """What is published: the log's own signatures first."""
        return self.signed + "".join(self.cosignatures).encode()


@dataclass(frozen=True)
class Answer:
    """What a witness said when it was asked to cosign."""

    witness: str
    checkpoint: int
    """The number of the row."""
    lines: tuple[str, ...] = ()
    refused: str = ""
    """The code of the error, and what it told beside it; empty when it cosigned."""
    fork: bool = False
    evidence: str = ""
    received_at: int = 0

    @property
    def seen(self) -> int | None:
        """The leaves it has seen, where those were more than there are."""
        code, _, told = self.refused.partition(" ")
        return int(told) if code == LogRolledBackError.code and told else None


@dataclass(frozen=True)
class StampRow:
    checkpoint: int
    size: int
    authority: str
    response: bytes
    """DER, as the authority gave it."""
    received_at: int


class LedgerRows:
    """`ledger.db`; may be used by several threads, and read while it is written."""

    def __init__(self, file: Path) -> None:
        """LedgerDamagedError when it is not there."""
        self._file = file
        self._turn = threading.RLock()
        with self._explained():
            if not file.exists():
                raise LedgerDamagedError(file=file, cause="it is not there")
            self._connection = _connected(file)

    @staticmethod
    def create(file: Path) -> None:
        with _connected(file) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in TABLES:
                connection.execute(statement)
        connection.close()

    def close(self) -> None:
        with self._turn:
            self._connection.close()

    @contextmanager
    def turn(self) -> Generator[None]:
        """Everything within is one commit, and no other process writes or publishes meanwhile."""
        with self._turn, self._explained():
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._commit()

    def add_checkpoint(self, signed: bytes, signed_at: int) -> SignedCheckpoint:
        """`signed` is the note with the log's own signatures.

        LedgerDamagedError when it would take anything back.
        """
        checkpoint = checkpoint_of(parsed(signed).text)
        values = (checkpoint.size, checkpoint.root, signed, signed_at)
        with self.turn():
            number = self._insert("checkpoint (size, root, note, signed_at)", values)
        return SignedCheckpoint(number, checkpoint, signed, signed_at)

    def add_answer(self, answer: Answer) -> None:
        values = (
            answer.checkpoint,
            answer.witness,
            "".join(answer.lines),
            answer.refused,
            int(answer.fork),
            answer.evidence,
            answer.received_at,
        )
        columns = "checkpoint, witness, lines, refused, fork, evidence, received_at"
        with self.turn():
            self._insert(f"answer ({columns})", values)

    def add_stamp(self, checkpoint: int, authority: str, response: bytes, at: int) -> None:
        """`checkpoint` is the number of the row the time stamp is over."""
        values = (checkpoint, authority, response, at)
        with self.turn():
            self._insert("stamp (checkpoint, authority, response, received_at)", values)

    def newest(self) -> SignedCheckpoint | None:
        return next(self._read(f"{_CHECKPOINTS} ORDER BY number DESC LIMIT 1"), None)

    def checkpoints(self, *, newest_first: bool = False) -> Iterator[SignedCheckpoint]:
        """All that was ever signed, with the cosignatures each has."""
        order = "DESC" if newest_first else "ASC"
        return self._read(f"{_CHECKPOINTS} ORDER BY number {order}")

    def of_size(self, size: int) -> list[SignedCheckpoint]:
        """Every signing over so many leaves."""
        return list(self._read(f"{_CHECKPOINTS} WHERE size = ? ORDER BY number", (size,)))

    def last_answered(self) -> int | None:
        """The number of the newest checkpoint a witness gave an answer on."""
        found: int | None = self._all("SELECT max(checkpoint) FROM answer")[0][0]
        return found

    def last_answer(self) -> int:
        """The number of the newest answer; 0 for none."""
        found: int = self._all("SELECT coalesce(max(number), 0) FROM answer")[0][0]
        return found

    def fork_told(self, after: int) -> tuple[bool, int]:
        """Whether an answer after this number told of a fork; and the number of the newest."""
        [(fork, newest)] = self._all(
            "SELECT coalesce(max(fork), 0), coalesce(max(number), ?) FROM answer WHERE number > ?",
            (after, after),
        )
        return bool(fork), newest

    def numbered(self, number: int) -> list[SignedCheckpoint]:
        """None or one."""
        return list(self._read(f"{_CHECKPOINTS} WHERE number = ?", (number,)))

    def stamps(self) -> list[StampRow]:
        rows = self._all(
            "SELECT checkpoint, size, authority, response, received_at FROM stamp"
            " JOIN checkpoint ON checkpoint.number = stamp.checkpoint ORDER BY stamp.number"
        )
        return [StampRow(*row) for row in rows]

    def last_stamped(self) -> int | None:
        """Seconds since 1970 at which the newest stamp was given, over whatever size."""
        found = self._all("SELECT received_at FROM stamp ORDER BY number DESC LIMIT 1")
        return found[0][0] if found else None

    def last_answers(self) -> list[Answer]:
        """The last word of each witness on our past, the newest last: a cosignature, or a fork.

        Who cosigns takes back what it said before; who gave no answer said nothing.
        """
        return [
            Answer(row[0], row[1], _lines(row[2]), row[3], bool(row[4]), row[5], row[6])
            for row in self._all(_LAST_ANSWERS)
        ]

    def sizes_cosigned(self) -> dict[str, int]:
        """By witness: the largest tree it ever cosigned."""
        return dict(
            self._all(
                "SELECT witness, max(size) FROM answer"
                " JOIN checkpoint ON checkpoint.number = answer.checkpoint"
                " WHERE lines <> '' GROUP BY witness"
            )
        )

    def _commit(self) -> None:
        self._connection.execute("COMMIT")

    def _insert(self, target: str, values: Sequence[Any]) -> int:
        marks = ", ".join("?" * len(values))
        found = self._connection.execute(f"INSERT INTO {target} VALUES ({marks})", values)
        return found.lastrowid or 0

    def _read(self, statement: str, values: Sequence[Any] = ()) -> Iterator[SignedCheckpoint]:
        for number, note, signed_at in self._each(statement, values):
            try:
                checkpoint = checkpoint_of(parsed(note).text)
            except NoteMalformedError as error:
                cause = f"checkpoint {number} is none"
                raise LedgerDamagedError(file=self._file, cause=cause) from error
            yield SignedCheckpoint(number, checkpoint, note, signed_at, self._below(number))

    def _below(self, checkpoint: int) -> tuple[str, ...]:
        rows = self._all(
            "SELECT lines FROM answer WHERE checkpoint = ? AND lines <> '' ORDER BY number",
            (checkpoint,),
        )
        return newest_of_each_key(line for (text,) in rows for line in _lines(text))

    def _each(self, statement: str, values: Sequence[Any]) -> Iterator[Any]:
        """Row by row: a log of years has more checkpoints than fit in memory."""
        with self._explained():
            rows = self._connection.execute(statement, values)
            while row := rows.fetchone():
                yield row

    def _all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._turn, self._explained():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
            if code & _PRIMARY in _FAILURES:
                away = self._file.parent
                raise LedgerUnwritableError(directory=away, cause=str(error)) from error
            raise LedgerDamagedError(file=self._file, cause=str(error)) from error


def newest_of_each_key(lines: Iterable[str]) -> tuple[str, ...]:
    """Given oldest first; a key has one line, as a note may hold so many."""
    kept: dict[tuple[str, bytes], str] = {}
    for line in lines:
        known = signature(line.rstrip("\n"))
        kept[known.name, known.key_id] = line
    return tuple(kept.values())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines(keepends=True))


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file,
        timeout=_PATIENCE,
        isolation_level=None,  # transactions are begun by us
        check_same_thread=False,  # whoever uses it takes its turn
    )
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection
