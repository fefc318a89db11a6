"""What does an error of PostgreSQL mean to a caller?"""

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from uitvoering.errors import (
    AppendTooLargeError,
    OrderUnsoundError,
    StoreCorruptError,
    StoreFullError,
    StoreLockedError,
    StoreUnreachableError,
    UitvoeringError,
)
from uitvoering.persistence.postgres_order import LARGEST_APPEND
from uitvoering.persistence.store_errors import (
    StoreFailingError,
    StoreReadOnlyError,
    StoreSlowError,
)

_LOST_CLASSES = ("08", "57")
"""SQLSTATE classes of a connection that is gone: connection exception, operator intervention."""
_CANCELLED = "57014"
_ENDED = frozenset({"25P03", "25P04"})
"""Of a transaction that stood still, or lasted, too long: with its connection it was undone."""
_FAILING_CLASSES = ("53", "58", "XX")
"""Insufficient resources, a system error, an internal one: of the server, not of what was asked."""


def is_lost(error: psycopg.Error) -> bool:
    """An operational error without SQLSTATE was made by the client: the server is gone."""
    if error.sqlstate is None:
        # A pool without a free connection has lost none.
        return isinstance(error, psycopg.OperationalError) and not isinstance(error, PoolTimeout)
    return error.sqlstate.startswith(_LOST_CLASSES) and error.sqlstate != _CANCELLED


def explanation(error: psycopg.Error, store: str) -> UitvoeringError | None:
    """None when we cannot tell."""
    match error:
        case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.SerializationFailure():
            return StoreLockedError(store=store)
        case errors.QueryCanceled():
            return StoreSlowError(store=store)
        case errors.DiskFull():
            return StoreFullError(store=store)
        case errors.ReadOnlySqlTransaction():
            return StoreReadOnlyError(store=store)
        case errors.DataCorrupted() | errors.IndexCorrupted():
            return StoreCorruptError(store=store)
        case errors.TooManyConnections() | PoolTimeout():
            return StoreUnreachableError(store=store)
        case errors.ProgramLimitExceeded():
            return AppendTooLargeError(most=LARGEST_APPEND)
        case errors.ObjectNotInPrerequisiteState():
            return OrderUnsoundError(store=store)
        case _ if error.sqlstate in _ENDED or is_lost(error):
            return StoreUnreachableError(store=store)
        case _ if (error.sqlstate or "").startswith(_FAILING_CLASSES):
            return StoreFailingError(store=store, sqlstate=error.sqlstate)
        case _:
            return None
