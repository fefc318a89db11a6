"""A process that dies at a chosen step: a statement, an exchange with the server, a commit."""

import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from uitvoering.persistence.waking import Bell


class Life:
    """How many steps are left to this process; before `spend` there is no end to them."""

    def __init__(self) -> None:
        self._left: list[None] | None = None

    def spend(self, steps: int) -> None:
        self._left = [None] * steps

    def step(self, *_: object) -> None:
        try:
            if self._left is not None:
                self._left.pop()
        except IndexError:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, done: Callable[..., Any]) -> Callable[..., Any]:
        """The same with a step before it."""

        def stepped(*given: Any, **more: Any) -> Any:
            self.step()
            return done(*given, **more)

        return stepped


def mortal() -> Life:
    """Count the steps of this process from here on; called before the store is opened.

    It dies without a chance to clean up: before a statement of SQLite, before and after an
    exchange with PostgreSQL, and between a commit and the moment anybody is told of it.
    """
    life = Life()
    connect, wait, ring = sqlite3.connect, psycopg.Connection.wait, Bell.ring

    def traced(*given: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)
        connection.set_trace_callback(life.step)
        return connection

    def counted(connection: Any, *given: Any, **more: Any) -> Any:
        life.step()
        answer = wait(connection, *given, **more)
        life.step()
        return answer

    def ring_later(bell: Bell) -> None:
        life.step()
        ring(bell)

    here = pytest.MonkeyPatch()  # for as long as this process lives
    here.setattr(sqlite3, "connect", traced)
    here.setattr(psycopg.Connection, "wait", counted)
    here.setattr(Bell, "ring", ring_later)
    return life
