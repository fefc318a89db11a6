"""When did a server or the machine fail? That says nothing of what is stored."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

import psycopg

from uitvoering.errors import BusyError

FAILURES = (BusyError, sqlite3.Error, psycopg.Error, OSError)
"""What was explained already, and what nobody expected: out of memory, a disk that fails."""


@contextmanager
def failures_explained() -> Generator[None]:
    """Each of them as a BusyError."""
    try:
        yield
    except BusyError:
        raise
    except FAILURES as error:
        raise BusyError(cause=str(error) or type(error).__name__) from error
