"""What is out of reach is no tampering, and what was right before is not said to be right now."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from tests.faults.test_sequencer_faults import before
from tests.monitoring.post import Post, kinds
from uitvoering.application.monitor_report import Difference, MonitorStanding, monitor_standing
from uitvoering.errors import (
    BusyError,
    StoreLockedError,
    StoreUnreachableError,
    TamperedError,
)
from uitvoering.integrity.log.errors import LedgerDamagedError, LedgerUnreadableError
from uitvoering.persistence.scratch import ScratchDocuments, ScratchFailedError
from uitvoering.persistence.store import Store

pytestmark = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
"""The store behind the log cannot make a difference."""


def standing(post: Post) -> MonitorStanding:
    found = monitor_standing(post.report, post.app.clock())
    assert found is not None
    return found


def coded(number: int) -> sqlite3.Error:
    """As SQLite itself gives it, with its extended result code."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = number
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreUnreachableError(store="the store"), "store-unreachable"),
        (psycopg.errors.OutOfMemory("out of memory"), "busy"),
        (coded(sqlite3.SQLITE_IOERR_READ), "busy"),
        (coded(sqlite3.SQLITE_NOMEM), "busy"),
        (MemoryError(), "busy"),
        (psycopg.OperationalError("the connection is lost"), "busy"),
        (PoolTimeout("no connection"), "busy"),
        (psycopg.errors.InsufficientPrivilege("permission denied"), "busy"),
        (OSError(errno.EMFILE, "Too many open files"), "busy"),
    ],
)
def test_a_store_that_goes_away_while_it_is_replayed_is_no_alarm(
    post: Post, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    assert post.look().alarms == ()
    whole = Store.stream

    def stream(store: Store, *asked: Any) -> Iterator[Any]:
        for number, row in enumerate(whole(store, *asked)):
            if number == 5:
                raise error
            yield row

    with monkeypatch.context() as patched:
        patched.setattr(Store, "stream", stream)
        with pytest.raises(BusyError):
            post.look()
    told = standing(post)
    assert (told.alarms, told.age_seconds, told.failed) == (0, 0, code)
    post.look()
    assert standing(post).failed is None


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("Could not decode to UTF-8 column 'state'"),
        coded(sqlite3.SQLITE_ERROR),
        psycopg.DataError("invalid byte sequence"),
        psycopg.errors.CharacterNotInRepertoire("invalid byte sequence"),
    ],
)
def test_what_stored_bytes_can_cause_is_an_alarm(
    post: Post, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Wherever it comes up."""

    def unreadable(*_: Any, **__: Any) -> Iterator[Any]:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Store, "stream", unreadable)
        assert Difference.REPLAY_STOPPED in kinds(post.look())
    with monkeypatch.context() as patched:
        patched.setattr(Store, "backlog", unreadable)
        assert kinds(post.look()) == {Difference.LOG_UNREADABLE}
    with monkeypatch.context() as patched:
        patched.setattr(Store, "facts", unreadable)
        assert kinds(post.look()) == {Difference.RULES_UNREADABLE}
    with monkeypatch.context() as patched:
        patched.setattr(Store, "position", unreadable)
        with pytest.raises(TamperedError):
            post.look()


@pytest.mark.parametrize("method", ["put", "texts", "all"])
def test_a_full_disk_for_temporary_files_is_no_alarm(
    post: Post, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """While it is replayed, while documents are compared, and while read models are."""

    def full(*_: object) -> None:
        raise ScratchFailedError(cause="database or disk is full")

    post.intruder("UPDATE view_document SET document = '{}' WHERE kind = 'signals'")
    monkeypatch.setattr(ScratchDocuments, method, full)
    with pytest.raises(ScratchFailedError):
        post.look()
    assert (standing(post).alarms, standing(post).failed) == (0, "scratch-failed")


def test_an_alarm_stands_also_after_a_look_that_failed(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.intruder("UPDATE view_document SET document = '{}' WHERE kind = 'signals'")
    post.look()

    def away(_: Store) -> int:
        raise StoreUnreachableError(store="the store")

    monkeypatch.setattr(Store, "position", away)
    with pytest.raises(BusyError):
        post.look()
    assert standing(post).alarms > 0


def test_a_first_look_that_fails_is_told_until_one_comes_to_an_end(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Store) -> int:
        raise StoreUnreachableError(store="the store")

    def locked(_: Store) -> int:
        raise StoreLockedError(store="the store")

    for reason, code in ((away, "store-unreachable"), (locked, "store-locked")):
        with monkeypatch.context() as patched:
            patched.setattr(Store, "position", reason)
            with pytest.raises(BusyError):
                post.look()
        assert standing(post) == MonitorStanding(
            age_seconds=None, alarms=0, differences=(), failed=code
        )
    post.look()
    assert (standing(post).age_seconds, standing(post).failed) == (0, None)


def test_a_policy_that_cannot_be_read_is_told_and_the_rest_is_looked_at(post: Post) -> None:
    post.look()
    post.ledger.policy.mkdir()
    post.intruder("UPDATE view_document SET document = '{}' WHERE kind = 'signals'")
    report = post.look()
    assert report.failed is not None
    assert report.failed.code == "ledger-unreadable"
    assert Difference.DOCUMENT_DIFFERS in kinds(report)
    assert report.log is not None
    assert standing(post).failed == "ledger-unreadable"


@pytest.mark.parametrize("part", ["positions", "ledger.db", "public/tile"])
def test_a_part_of_the_log_that_cannot_be_read_is_told_and_never_right(
    post: Post, part: str
) -> None:
    file = post.ledger.directory / part
    file.rename(file.with_name("aside"))
    (file if part != "public/tile" else file / "0" / "000.p" / str(_size(post))).mkdir(parents=True)
    report = post.look()
    assert report.log is None
    assert report.failed is not None or kinds(report) == {Difference.LOG_UNREADABLE}


def _size(post: Post) -> int:
    return post.ledger.published().checkpoint.size


def test_a_log_that_could_not_be_opened_is_an_alarm_when_it_was_changed(post: Post) -> None:
    file = post.ledger.directory / "ledger.json"
    damaged = LedgerDamagedError(file=file, cause="it is not the name of a log")
    away = LedgerUnreadableError(directory=file.parent, cause="Input/output error")
    unopened = replace(post.monitoring, ledger=None, unreadable=damaged)
    assert kinds(unopened.look()) == {Difference.LOG_UNREADABLE}
    report = replace(unopened, unreadable=away).look()
    assert report.alarms == ()
    assert standing(post).failed == "ledger-unreadable"


@pytest.mark.parametrize("moment", [0, 3, 8, 15, 22, 30])
def test_a_log_that_goes_away_at_whatever_moment_is_never_damage(post: Post, moment: int) -> None:
    directory, moved = post.ledger.directory, list[bool]()
    away = directory.with_name("away")

    def gone() -> None:
        os.rename(directory, away)  # noqa: PTH104 one of Path would be counted
        moved.append(True)

    with before(moment, gone):
        report = replace(post.monitoring, kept_in=None).look()
    assert moved
    codes = {alarm.values.get("code") for alarm in report.alarms}
    assert (codes <= {"ledger-away"}, report.failed is not None) == (True, True)


def test_whatever_stands_in_the_rows_of_the_log_ends_no_look(post: Post) -> None:
    with closing(sqlite3.connect(post.ledger.rows_file)) as rows:
        for (trigger,) in rows.execute("SELECT name FROM sqlite_master WHERE type='trigger'"):
            rows.execute(f"DROP TRIGGER {trigger}")
        for value in ("'abc'", "CAST(x'ff' AS TEXT)"):
            rows.execute(f"UPDATE checkpoint SET signed_at = {value}")
            rows.commit()
            report = post.look()
            assert Difference.LOG_UNREADABLE in {alarm.difference for alarm in report.alarms}
            assert report.failed is None


def test_an_event_that_is_refused_when_it_is_read_is_an_alarm_of_what_was_adopted(
    post: Post,
) -> None:
    [(position,)] = post.intruder("SELECT position FROM event WHERE topic = 'method-adopted'")
    post.intruder.rewrite(position, post.intruder.state(position) | {"sealed": []})
    alarms = {alarm.difference for alarm in post.look().alarms}
    assert {Difference.RULES_UNREADABLE, Difference.EVENT_CHANGED} <= alarms
