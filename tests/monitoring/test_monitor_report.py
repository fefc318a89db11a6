"""What the monitor found is told in lines, counted whole and kept for who watches."""

import errno
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.application.desk import Clock, raised
from tests.monitoring.post import Post
from uitvoering.application.monitor_report import (
    MOST_TOLD,
    UNREADABLE,
    Difference,
    Report,
    Unchecked,
    keep,
    monitor_standing,
)
from uitvoering.labels.table import Labels
from uitvoering.settings import Settings, report_file
from uitvoering.softening import method


def test_what_nobody_touched_gives_no_alarm(post: Post) -> None:
    seen: list[tuple[int, int]] = []
    report = post.monitoring.look(lambda done, total: seen.append((done, total)))
    assert report.alarms == ()
    assert report.unchecked == (Unchecked.NO_POLICY,)
    assert {view.name for view in report.views} == {p.name for p in post.app.reading.projections}
    assert all(view.stored_sha256 == view.replayed_sha256 for view in report.views)
    assert report.log is not None
    events = sum(1 for _ in post.app.store.stream())
    assert (report.log.right, report.log.size) == (events, events)
    assert seen
    assert report.method == method.method()


def test_it_looks_beside_a_store_that_goes_on(post: Post) -> None:
    """Views that are behind and events without a leaf yet are no alarm, and are said."""
    raised(post.app)
    report = post.look()
    assert report.alarms == ()
    assert Unchecked.NOT_LOGGED in report.unchecked


def test_a_rewritten_history_is_told_in_part_and_counted_whole(post: Post) -> None:
    topic = "organisation-registered"
    [(count,)] = post.intruder("SELECT count(*) FROM event WHERE topic = ?", topic)
    assert count > MOST_TOLD
    post.intruder("UPDATE event SET topic = 'template-adopted' WHERE topic = ?", topic)
    report = post.look()
    told = [a for a in report.alarms if a.difference is Difference.EVENT_CHANGED]
    assert len(told) == MOST_TOLD
    assert report.untold[Difference.EVENT_CHANGED] == count - MOST_TOLD


def test_what_was_found_is_kept_for_who_watches(post: Post) -> None:
    file, clock = post.report, post.app.clock
    assert monitor_standing(file, clock()) is None
    post.look()
    quiet = monitor_standing(file, clock())
    assert quiet is not None
    assert (quiet.alarms, quiet.age_seconds) == (0, 0)
    post.intruder("DELETE FROM event WHERE topic = 'signal-handed-on'")
    report = post.look()
    assert Report.model_validate_json(file.read_bytes()) == report
    loud = monitor_standing(file, clock())
    assert loud is not None
    assert loud.alarms == report.differences > 0
    assert Difference.EVENT_DELETED in loud.differences
    file.write_text("{}")
    unread = monitor_standing(file, clock())
    assert unread is not None
    assert (unread.alarms, unread.age_seconds, unread.differences) == (0, None, (UNREADABLE,))


def test_a_report_that_found_no_room_leaves_nothing_beside_the_one_before_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.look()
    before = post.report.read_bytes(), sorted(post.report.parent.iterdir())

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        report = post.look()
    assert (report.failed and report.failed.code) == "file-unwritable"
    assert (post.report.read_bytes(), sorted(post.report.parent.iterdir())) == before
    assert post.report.stat().st_mode & 0o111 == 0


def test_a_look_that_does_not_come_is_told_as_late(post: Post, clock: Clock) -> None:
    replace(post.monitoring, every=60).look()
    told = []
    for seconds in (120, 5):
        clock.now += timedelta(seconds=seconds)
        found = monitor_standing(post.report, clock())
        assert found is not None
        told.append((found.age_seconds, found.late_seconds, found.failed))
    assert told == [(120, None, None), (125, 5, None)]
    post.look()
    clock.now += timedelta(days=9)
    found = monitor_standing(post.report, clock())
    assert found is not None
    assert found.late_seconds is None, "nobody said that there will be another one"


def test_two_who_look_at_the_same_time_both_keep_a_whole_report(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, report = post.report.parent / "reports" / "monitor.json", post.look()
    file.parent.mkdir()
    synced = os.fsync

    def meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", synced)
        keep(file, report)
        synced(descriptor)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", meanwhile)
    keep(file, report)
    assert Report.model_validate_json(file.read_bytes()) == report
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(file, report)
    assert list(file.parent.iterdir()) == [file]


def test_what_is_found_without_a_log_is_kept_too(post: Post) -> None:
    blind = replace(post.monitoring, ledger=None, last_signed=lambda: None)
    post.intruder("UPDATE view_document SET document = '{}' WHERE kind = 'signals'")
    blind.look()
    standing = monitor_standing(post.report, post.app.clock())
    assert standing is not None
    assert Difference.DOCUMENT_DIFFERS in standing.differences


def test_a_report_that_cannot_be_kept_is_told_all_the_same(post: Post) -> None:
    elsewhere = post.report.parent / "gone" / "monitor.json"
    report = replace(post.monitoring, kept_in=elsewhere).look()
    assert report.failed is not None
    assert (report.failed.code, report.failed.values["file"]) == (
        "file-unwritable",
        str(elsewhere),
    )
    assert report.log is not None


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_difference_has_its_line(lang: str) -> None:
    keys = set(Labels.load(lang).keys("text"))
    assert {f"monitor.{difference}" for difference in Difference} <= keys
    assert {f"monitor.unchecked.{what}" for what in Unchecked} <= keys


def test_the_report_stands_beside_the_log_and_never_in_it(tmp_path: Path) -> None:
    far = Settings(store="postgresql://user@host:5432/db")
    assert report_file(far) is None
    given = far.model_copy(update={"ledger": str(tmp_path / "log"), "keys": str(tmp_path / "keys")})
    assert report_file(given) == tmp_path / "log.monitor.json"
    alone = far.model_copy(update={"keys": str(tmp_path / "keys")})
    assert report_file(alone) == tmp_path / "keys.monitor.json"
    beside = Settings(store=f"sqlite:///{tmp_path / 'store.db'}", ledger=str(tmp_path / "log"))
    assert report_file(beside) == tmp_path / "store.db.monitor.json"
