"""How far is each stored view, who folds it, and where did it stop?"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from uitvoering.persistence.transactions import Row, Statements

LEASE_MS = 3000
"""A runner that died is taken over after this; while there is work, every page renews it."""

LIVE, BUILDING = 1, 0
_STANDINGS = (
    "SELECT name, version, generation, position, stopped_at, stopped_by, runner, leased_until"
    " FROM view_generation WHERE live = ?"
)
_ONE = _STANDINGS + " AND name = ? AND version = ?"
_RETIRED = "SELECT generation FROM view_generation WHERE live < 0 ORDER BY generation LIMIT 1"
_ADD = (
    "INSERT INTO view_generation (name, version, live, position) VALUES (?, ?, ?, 0)"
    " ON CONFLICT (name, version, live) DO NOTHING"
)
_MOVE = (
    "UPDATE view_generation SET position = ?, stopped_at = ?, stopped_by = ?, runner = ?,"
    " leased_until = ? WHERE generation = ? AND position = ? AND live = ?"
)


@dataclass(frozen=True)
class Stop:
    """A fact a view could not take in: the view waits before it, others go on."""

    position: int
    cause: str
    """Kind of error and place in the code, never what someone wrote."""


@dataclass(frozen=True)
class Standing:
    """One build of one view."""

    name: str
    version: int
    generation: int
    position: int
    """The last event it holds; 0 for none."""
    stop: Stop | None
    runner: str | None
    leased_until: int
    """Milliseconds since 1970, by the clock of the runner."""

    def is_leased_to_another(self, runner: str) -> bool:
        """A lease that ends later than one can last was given by a clock that jumped back."""
        left = self.leased_until - _now()
        return self.runner not in {None, runner} and 0 < left <= LEASE_MS


def _now() -> int:
    return time.time_ns() // 1_000_000


def _standing(row: Row) -> Standing:
    name, version, generation, position, stopped_at, stopped_by, runner, leased_until = row
    stop = None if stopped_at is None else Stop(stopped_at, stopped_by)
    return Standing(name, version, generation, position, stop, runner, leased_until or 0)


def standings(
    statements: Statements, places: Iterable[tuple[str, int]], live: int = LIVE
) -> list[Standing]:
    """Those of the named views and versions that were begun, in the order of their names."""
    wanted = set(places)
    rows = statements.all(_STANDINGS, (live,))
    return sorted(
        (_standing(row) for row in rows if (row[0], row[1]) in wanted), key=lambda s: s.name
    )


def standing(statements: Statements, name: str, version: int, live: int = LIVE) -> Standing | None:
    row = statements.one(_ONE, (live, name, version))
    return None if row is None else _standing(row)


def begin(statements: Statements, places: Sequence[tuple[str, int]], live: int) -> None:
    for name, version in places:
        statements.execute(_ADD, (name, version, live))


def move(
    statements: Statements,
    was: Standing,
    position: int,
    stop: Stop | None,
    runner: str | None,
    live: int,
) -> bool:
    """Whether the view was still where it was read; only then may documents be written.

    The view is leased to the runner, or to nobody.
    """
    stopped = (None, None) if stop is None else (stop.position, stop.cause)
    values = (position, *stopped, runner, _now() + LEASE_MS, was.generation, was.position, live)
    return statements.execute(_MOVE, values) == 1


def release(statements: Statements, runner: str) -> None:
    """Give back every lease of a runner that stops: the next need not wait for its end."""
    statements.execute("UPDATE view_generation SET runner = NULL WHERE runner = ?", (runner,))


def locked(statements: Statements, name: str, version: int, live: int) -> Standing | None:
    """As it is now, and nobody else changes it before this transaction ends."""
    row = statements.locked(_ONE, (live, name, version))
    return None if row is None else _standing(row)


def switch(statements: Statements, built: Standing) -> None:
    """The build becomes the live one; what it replaces, and what older versions left, is retired.

    A retired generation is told by its negative number in `live`; `sweep` removes it.
    """
    statements.execute(
        "UPDATE view_generation SET live = -generation"
        " WHERE generation <> ? AND name = ? AND version <= ?",
        (built.generation, built.name, built.version),
    )
    statements.execute(
        "UPDATE view_generation SET live = ? WHERE generation = ?", (LIVE, built.generation)
    )


def sweep(statements: Statements) -> bool:
    """Remove a page of what was retired; whether there may be more."""
    # Locked: another who sweeps the same page would take what it leaves for all there is.
    row = statements.locked(_RETIRED)
    if row is None:
        return statements.one(_RETIRED) is not None
    page = (
        "DELETE FROM view_document WHERE generation = ? AND (kind, key) IN"
        " (SELECT kind, key FROM view_document WHERE generation = ? LIMIT 2000)"
    )
    if statements.execute(page, (row[0], row[0])) == 0:
        statements.execute("DELETE FROM view_generation WHERE generation = ?", (row[0],))
    return True
