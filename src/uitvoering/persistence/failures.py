"""When did a server or the machine fail? That says nothing of what is stored."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

import psycopg

from uitvoering.errors import BusyError, TamperedError

_PRIMARY = 0xFF
"""The low byte of an extended result code is its kind (sqlite.org/rescode.html)."""
_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_NOMEM,
    }
)
_CLASSES = ("08", "53", "57", "58", "42501")
"""SQLSTATE: connection, resources, operator, system; and what this user may not read."""


class StoredUnreadableError(TamperedError):
    code = "stored-unreadable"
    message = "what is stored cannot be read ({cause}); keep the store and call an auditor"


def is_failure(error: Exception) -> bool:
    """What says so itself; every other error may come of what somebody put in the store."""
    match error:
        case BusyError() | OSError() | MemoryError():
            return True
        case sqlite3.Error():
            code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
            return code & _PRIMARY in _CODES
        case psycopg.OperationalError(sqlstate=None) | psycopg.InterfaceError():
            return True  # made by the client: the server is gone, or the connection to it
        case psycopg.Error():
            return (error.sqlstate or "").startswith(_CLASSES)
        case _:
            return False


@contextmanager
def failures_explained() -> Generator[None]:
    """Each of them as a BusyError, and what else a driver says as a StoredUnreadableError."""
    try:
        yield
    except BusyError:
        raise
    except (sqlite3.Error, psycopg.Error, OSError, MemoryError) as error:
        if is_failure(error):
            raise BusyError(cause=str(error) or type(error).__name__) from error
        # The kind alone: its message may hold what stands there.
        raise StoredUnreadableError(cause=type(error).__name__) from error
