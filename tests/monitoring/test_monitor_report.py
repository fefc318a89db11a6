"""What the monitor found is told in lines, counted whole and kept for who watches."""

import pytest

from tests.application.desk import raised
from tests.monitoring.post import Post
from uitvoering.application.monitor_report import (
    MOST_TOLD,
    UNREADABLE,
    Difference,
    Report,
    Unchecked,
    monitor_standing,
)
from uitvoering.labels.table import Labels
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


def test_what_was_found_is_kept_beside_the_log_for_who_watches(post: Post) -> None:
    directory, clock = post.ledger.directory, post.app.clock
    assert monitor_standing(directory, clock()) is None
    post.look()
    quiet = monitor_standing(directory, clock())
    assert quiet is not None
    assert (quiet.alarms, quiet.age_seconds) == (0, 0)
    post.intruder("DELETE FROM event WHERE topic = 'signal-handed-on'")
    report = post.look()
    assert Report.model_validate_json((directory / "monitor.json").read_bytes()) == report
    loud = monitor_standing(directory, clock())
    assert loud is not None
    assert loud.alarms == report.differences > 0
    assert Difference.EVENT_DELETED in loud.differences
    (directory / "monitor.json").write_text("{}")
    unread = monitor_standing(directory, clock())
    assert unread is not None
    assert (unread.alarms, unread.age_seconds, unread.differences) == (0, None, (UNREADABLE,))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_difference_has_its_line(lang: str) -> None:
    keys = set(Labels.load(lang).keys("text"))
    assert {f"monitor.{difference}" for difference in Difference} <= keys
    assert {f"monitor.unchecked.{what}" for what in Unchecked} <= keys
