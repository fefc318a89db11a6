"""Which shape must a store have, and who may make it? `migrate` alone; everyone else only looks."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from uitvoering.errors import (
    DatabaseFunctionsSetError,
    SchemaMissingError,
    SchemaNewerError,
    SchemaOutdatedError,
    StoreAddressError,
    StoreUnreachableError,
)
from uitvoering.persistence import schema
from uitvoering.persistence.postgres import PostgresRecorder, address_shown
from uitvoering.persistence.postgres_order import SCHEMA, Writers, set_order
from uitvoering.persistence.postgres_roles import grant
from uitvoering.persistence.postgres_statements import PostgresStatements
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.sqlite import SQLiteRecorder
from uitvoering.persistence.sqlite_connections import SQLiteStatements, connect, explanation
from uitvoering.persistence.transactions import Statements

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")
_LOSES_EVENTS = "POSTGRES_ENABLE_DB_FUNCTIONS"
"""A variable of the event library: with it, writers of two tables overwrite each other's function
and readers skip events. This product does not use that code, and does not run beside it either."""
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds; they grow, so that eight processes that start together do not keep in step."""


def migrate(url: str, *, writers: Writers | None = None, role: str = "") -> int:
    """Makes the store or brings it up to date; the schema version it has now.

    Safe with any number of processes at once, and again on a store that is up to date. On
    PostgreSQL it also sets how writers are ordered (None leaves that as it is) and lets a role use
    the store.
    """
    _refuse_unsafe_environment()
    file = sqlite_file(url)
    return _migrate_sqlite(file) if file is not None else _migrate_postgres(url, writers, role)


def open_recorder(url: str, pool_size: int = 10) -> Recorder:
    """The recorder of an existing store of exactly the schema version this product knows."""
    _refuse_unsafe_environment()
    file = sqlite_file(url)
    recorder: Recorder = PostgresRecorder(url, pool_size) if file is None else SQLiteRecorder(file)
    exists = schema.POSTGRES_EXISTS if file is None else schema.SQLITE_EXISTS
    try:
        with recorder.reading() as statements:
            found = _found(statements, exists)
        _refuse_other_version(recorder.name, found)
    except BaseException:
        recorder.close()
        raise
    return recorder


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address, None for PostgreSQL; a refusal of anything else."""
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        return Path(url.removeprefix(_SQLITE))
    if url.startswith(_POSTGRES):
        return None
    raise StoreAddressError(store=url.partition("@")[2] or url)


def _refuse_unsafe_environment() -> None:
    if os.environ.get(_LOSES_EVENTS):
        raise DatabaseFunctionsSetError(variable=_LOSES_EVENTS)


def _refuse_other_version(store: str, found: int | None) -> None:
    if found is None:
        raise SchemaMissingError(store=store)
    if found < schema.VERSION:
        raise SchemaOutdatedError(store=store, found=found, known=schema.VERSION)
    if found > schema.VERSION:
        raise SchemaNewerError(store=store, found=found, known=schema.VERSION)


def _found(statements: Statements, exists: str) -> int | None:
    if statements.one(exists) is None:
        return None
    row = statements.one("SELECT max(version) FROM schema_version")
    return None if row is None else row[0]


def _migrate_sqlite(file: Path) -> int:
    store = f"{_SQLITE}{file}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(connect(file, create=True)) as connection:
            _patiently(lambda: connection.execute("PRAGMA journal_mode=WAL"))
            connection.execute("BEGIN IMMEDIATE")
            statements = SQLiteStatements(connection)
            found = _found(statements, schema.SQLITE_EXISTS) or 0
            version = _upgrade(statements, found, schema.SQLITE, store)
            connection.execute("COMMIT")
    except OSError as error:
        raise StoreUnreachableError(store=store) from error
    except sqlite3.Error as error:
        explained = explanation(error, store)
        if explained is None:
            raise
        raise explained from error
    return version


def _patiently(step: Callable[[], object]) -> None:
    """Ask again: changing the journal mode does not wait for another process by itself."""
    for pause in _PAUSES:
        try:
            step()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(pause)
        else:
            return
    step()


def _migrate_postgres(url: str, writers: Writers | None, role: str) -> int:
    try:
        connection = psycopg.connect(url, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise StoreUnreachableError(store=address_shown(url)) from error
    with connection:
        connection.execute("SET LOCAL lock_timeout = '60s'")
        statements = PostgresStatements(connection)
        statements.one("SELECT pg_advisory_xact_lock(?)", (schema.MIGRATION_LOCK,))
        found = _found(statements, schema.POSTGRES_EXISTS) or 0
        row = statements.one("SELECT quote_ident(current_schema()) || '.'")
        prefix = "" if row is None else row[0]
        steps = tuple(
            tuple(step.replace(SCHEMA, prefix) for step in version) for version in schema.POSTGRES
        )
        version = _upgrade(statements, found, steps, address_shown(url))
        set_order(statements, writers)
        if role:
            grant(statements, role)
        return version


def _upgrade(
    statements: Statements, found: int, versions: tuple[tuple[str, ...], ...], store: str
) -> int:
    """All steps in the one transaction that is open: a migration happens whole or not at all."""
    if found > len(versions):
        _refuse_other_version(store, found)
    for version, steps in enumerate(versions[found:], start=found + 1):
        for step in steps:
            statements.execute(step)
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        statements.execute("INSERT INTO schema_version VALUES (?, ?)", (version, at))
    return len(versions)
