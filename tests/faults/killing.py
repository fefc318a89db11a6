"""A process that dies at a chosen step: a statement, an exchange with the server, a commit."""

import itertools
import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg

from uitvoering.persistence.waking import Bell


def mortal() -> Callable[[int], None]:
    """Count the steps of this process from here on; the answer says how many are left to it.

    Call it before the store is opened. It dies without a chance to clean up: before a statement
    of SQLite, before and after an exchange with PostgreSQL, and between a commit and the moment
    anybody is told of it.
    """
    left = [itertools.repeat(1)]

    def step(*_: object) -> None:
        if next(left[0]) <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    _count_statements(step)
    _count_exchanges(step)
    ring = Bell.ring

    def ring_later(bell: Bell) -> None:
        step()
        ring(bell)

    Bell.ring = ring_later  # type: ignore[method-assign]  # only in the process that is to die

    def live(steps: int) -> None:
        left[0] = itertools.count(steps, -1)  # type: ignore[assignment]  # both give integers

    return live


def _count_statements(step: Callable[..., None]) -> None:
    connect = sqlite3.connect

    def traced(*given: Any, **more: Any) -> sqlite3.Connection:
        connection = connect(*given, **more)
        connection.set_trace_callback(step)
        return connection

    sqlite3.connect = traced


def _count_exchanges(step: Callable[..., None]) -> None:
    wait = psycopg.Connection.wait

    def counted(connection: Any, *given: Any, **more: Any) -> Any:
        step()
        answer = wait(connection, *given, **more)
        step()
        return answer

    psycopg.Connection.wait = counted  # type: ignore[method-assign]  # as above
