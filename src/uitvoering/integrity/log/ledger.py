"""The log as a directory: what it is called, where its parts stand, and who may carry it on."""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from uitvoering.errors import BusyError
from uitvoering.integrity.durable import replaced
from uitvoering.integrity.log.errors import (
    LedgerAwayError,
    LedgerBusyError,
    LedgerDamagedError,
    LedgerMissingError,
    LedgerUnreadableError,
    LedgerUnwritableError,
)
from uitvoering.integrity.log.positions import Positions
from uitvoering.integrity.log.rows import LedgerRows
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.note import NoteMalformedError, parsed
from uitvoering.integrity.tree.tile_store import TileMissingError, TileReader
from uitvoering.integrity.tree.tiles import TileDamagedError

_SEEMING_DAMAGE = (
    *(LedgerDamagedError, TileMissingError, TileDamagedError),
    *(LedgerUnreadableError, LedgerUnwritableError, OSError),
)
"""What a file gives that is not to be found any more."""
NAME = "ledger.json"
"""A directory that holds it is a log in use; it is the last thing that `create` writes."""
LOCK = "sequencer.lock"


@dataclass(frozen=True)
class Ledger:
    directory: Path
    origin: str
    created_at: str
    continues: str | None = None
    """The note of the last checkpoint of the log this one follows: then leaf 0 holds it."""

    @staticmethod
    def is_in(directory: Path) -> bool:
        return (directory / NAME).exists()

    @classmethod
    def opened(cls, directory: Path) -> "Ledger":
        """LedgerMissingError; LedgerDamagedError; LedgerUnreadableError."""
        file = directory / NAME
        try:
            found = json.loads(file.read_text("utf-8"))
            return cls(directory, found["origin"], found["createdAt"], found["continues"])
        except (FileNotFoundError, NotADirectoryError) as error:
            raise LedgerMissingError(directory=directory) from error
        except (ValueError, LookupError, TypeError) as error:
            raise LedgerDamagedError(file=file, cause="it is not the name of a log") from error
        except OSError as error:
            cause = error.strerror or str(error)
            raise LedgerUnreadableError(directory=directory, cause=cause) from error

    def refuse_away(self, away: type[BusyError] = LedgerUnwritableError) -> None:
        """The refusal while its folder is, as a disk can be: that is no damage. OSError."""
        if not self.is_in(self.directory):
            raise away(directory=self.directory, cause=f"{NAME} is not there")

    def keep(self) -> None:
        """From here on it is in use."""
        told = {"origin": self.origin, "createdAt": self.created_at, "continues": self.continues}
        replaced(self.directory / NAME, (json.dumps(told, indent=2) + "\n").encode())

    @property
    def first_event(self) -> int:
        """The leaf of the first event."""
        return 0 if self.continues is None else 1

    @property
    def public(self) -> Path:
        """What is served under /log/."""
        return self.directory / "public"

    @property
    def policy(self) -> Path:
        """Which bodies must cosign; need not be there."""
        return self.directory / "policy"

    @property
    def rows_file(self) -> Path:
        return self.directory / "ledger.db"

    @cached_property
    def positions(self) -> Positions:
        return Positions(self.directory / "positions")

    @property
    def checkpoint_file(self) -> Path:
        """The newest checkpoint, with the cosignatures it has until now."""
        return self.public / "checkpoint"

    @property
    def cosigned_file(self) -> Path:
        """The newest checkpoint under which the quorum of the policy has signed, if any."""
        return self.directory / "cosigned"

    @property
    def refusals_file(self) -> Path:
        """A line for each witness that refused when it was last asked, with what it said."""
        return self.directory / "refusals"

    def refusals(self) -> tuple[str, ...]:
        """Those lines; none before a witness was asked."""
        if not self.refusals_file.exists():
            return ()
        return tuple(self.refusals_file.read_text("utf-8", "replace").split("\n")[:-1])

    def position_reached(self, size: int) -> int:
        """Of the last event among the first leaves; 0 before the first. LedgerDamagedError."""
        return self.positions.at(size - 1) if size else 0

    def published(self) -> "Published":
        """LedgerDamagedError; LedgerUnreadableError while the system cannot read it."""
        return _published(self.checkpoint_file, self.directory)

    def cosigned(self) -> "Published | None":
        """None before the first quorum, and where no policy says what a quorum is."""
        if not self.cosigned_file.exists():
            return None
        return _published(self.cosigned_file, self.directory)

    def tree(self, size: int) -> TileReader:
        """The tree as its tiles have it; what a proof is made from."""
        return TileReader(self.public, size)

    def rows(self) -> LedgerRows:
        """To be closed by who asked."""
        return LedgerRows(self.rows_file)

    @contextmanager
    def carried_on(self) -> Generator[None]:
        """Alone: LedgerBusyError while another process carries on this log."""
        with locked(self.directory / LOCK, self.directory):
            yield


@dataclass(frozen=True)
class Published:
    """A checkpoint as others see it."""

    checkpoint: Checkpoint
    note: bytes


@contextmanager
def locked(file: Path, directory: Path) -> Generator[None]:
    """The system lets go of it when the process ends, however it ends."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LedgerBusyError(directory=directory) from error
        yield
    finally:
        os.close(descriptor)


@contextmanager
def writable(ledger: Ledger) -> Generator[None]:
    """What the system says of the files in it, such as a full disk, ends as one refusal.

    So does what seems damaged because its folder went away meanwhile.
    """
    with _told_as(LedgerUnwritableError, LedgerUnwritableError, ledger):
        yield


@contextmanager
def readable(ledger: Ledger) -> Generator[None]:
    """The same for who only reads it, where a rewritten file is told as damage.

    LedgerAwayError while its folder is not there; LedgerUnreadableError.
    """
    with _told_as(LedgerUnreadableError, LedgerAwayError, ledger):
        yield
        ledger.refuse_away(LedgerAwayError)  # then a policy that is not there says nothing either


@contextmanager
def _told_as(refusal: type[BusyError], away: type[BusyError], ledger: Ledger) -> Generator[None]:
    try:
        ledger.refuse_away(away)  # else a lock is made where its disk belongs
        try:
            yield
        except _SEEMING_DAMAGE:  # a fork that was told meanwhile is one all the same
            ledger.refuse_away(away)
            raise
    except OSError as error:
        cause = error.strerror or str(error)
        raise refusal(directory=ledger.directory, cause=cause) from error


def _published(file: Path, directory: Path) -> Published:
    try:
        note = file.read_bytes()
        return Published(checkpoint_of(parsed(note).text), note)
    except FileNotFoundError as error:
        raise LedgerDamagedError(file=file, cause="it is not there") from error
    except NoteMalformedError as error:
        raise LedgerDamagedError(file=file, cause="it is no checkpoint") from error
    except OSError as error:  # a lock, or too many open files: nobody rewrote anything
        cause = error.strerror or str(error)
        raise LedgerUnreadableError(directory=directory, cause=cause) from error
