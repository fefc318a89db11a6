"""What hides a change is an alarm itself: an older checkpoint put back, a log taken away."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.application.desk import REGISTRAR, Clock, raised
from tests.monitoring.post import ORIGIN, Post, kinds
from uitvoering.application.monitor_report import Difference, Unchecked
from uitvoering.commands.registers import AdoptCosigningPolicy
from uitvoering.domain.acts import Source
from uitvoering.integrity.keys.key_files import KeyFiles, keep_last_signed
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.labels.table import Labels

pytestmark = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
"""The store behind the log cannot make a difference."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uitvoering.application.monitored_signing._PATIENCE", 0.0)


def without_a_log(post: Post) -> Post:
    return replace(post, monitoring=replace(post.monitoring, ledger=None))


def grown(post: Post) -> None:
    raised(post.app)
    post.app.reading.views.catch_up()
    post.sequence()


def put_back(post: Post, names: list[str]) -> None:
    """As those files of the log were one checkpoint before; the others as they are."""
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (post.ledger.directory / name).unlink(missing_ok=True)
    before = {name: (post.ledger.directory / name).read_bytes() for name in names}
    grown(post)
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (post.ledger.directory / name).unlink(missing_ok=True)
    for name, data in before.items():
        (post.ledger.directory / name).write_bytes(data)


def test_an_older_checkpoint_put_back_hides_nothing_that_was_changed_after_it(
    post: Post, clock: Clock
) -> None:
    before = len(post.ledger.positions)
    put_back(post, ["public/checkpoint"])
    clock.now += timedelta(seconds=61)
    assert kinds(post.look()) == {Difference.PUBLISHED_DIFFERS}
    [(last,)] = post.intruder("SELECT max(position) FROM event")
    post.intruder("DELETE FROM event WHERE position = ?", last)
    [alarm] = post.found(Difference.PUBLISHED_DIFFERS)
    signed = len(post.ledger.positions)
    assert (alarm.values["size"], alarm.values["signed"]) == (before, signed)
    assert [a.values["position"] for a in post.found(Difference.EVENT_DELETED)] == [last]


def test_two_files_put_back_are_told_when_no_full_disk_can_be_why_any_more(
    post: Post, clock: Clock
) -> None:
    """So a sequencer leaves it that found no room after its row: it has a minute to get it."""
    last_signed = (post.keys / "last-signed").read_bytes()
    put_back(post, ["public/checkpoint"])
    keep_last_signed(post.keys, last_signed)
    report = post.look()
    assert (report.alarms, report.failed) == ((), None)
    clock.now += timedelta(seconds=61)
    report = post.look()
    assert (kinds(report), report.failed) == ({Difference.PUBLISHED_DIFFERS}, None)
    assert report.log is not None
    [(last,)] = post.intruder("SELECT max(position) FROM event")
    post.intruder("DELETE FROM event WHERE position = ?", last)
    assert Difference.EVENT_DELETED in kinds(post.look()), "it is looked at by what was signed"


def test_rows_that_know_less_than_is_published_are_told(post: Post) -> None:
    put_back(post, ["ledger.db"])
    [(last,)] = post.intruder("SELECT max(position) FROM event")
    post.intruder("DELETE FROM event WHERE position = ?", last)
    found = kinds(post.look())
    assert {Difference.PUBLISHED_DIFFERS, Difference.LAST_SIGNED_DIFFERS} <= found
    assert Difference.EVENT_DELETED in found


def test_a_log_put_back_whole_is_told_by_the_file_beside_the_keys(post: Post) -> None:
    put_back(post, ["public/checkpoint", "ledger.db"])
    [alarm] = post.found(Difference.LAST_SIGNED_DIFFERS)
    assert alarm.values["size"] == len(post.ledger.positions)
    unread = replace(post.monitoring, last_signed=lambda: None).look()
    assert unread.alarms == (), "nothing of it is in other hands"
    assert Unchecked.NO_LAST_SIGNED in unread.unchecked


def test_without_its_rows_a_log_cannot_be_read(post: Post) -> None:
    post.ledger.rows_file.unlink()
    assert Difference.LOG_UNREADABLE in kinds(post.look())


@pytest.mark.parametrize("less", [0, 1])
def test_another_past_beside_the_keys_is_told(post: Post, less: int) -> None:
    signer = KeyFiles(post.keys, ORIGIN)
    other = Checkpoint(ORIGIN, len(post.ledger.positions) - less, bytes(32))
    lines = [key.cosignature_line(other, 0) for key in signer.checkpoint_keys()]
    keep_last_signed(post.keys, formatted(other.text, lines))
    assert kinds(post.look()) == {Difference.LAST_SIGNED_DIFFERS}
    keep_last_signed(post.keys, b"junk")
    assert kinds(post.look()) == {Difference.LOG_UNREADABLE}


def test_an_earlier_checkpoint_beside_the_keys_is_none(post: Post) -> None:
    """As after a crash, when it was written last before it."""
    before = (post.keys / "last-signed").read_bytes()
    grown(post)
    keep_last_signed(post.keys, before)
    assert post.look().alarms == ()


def test_a_sequencer_at_work_is_waited_for(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the row and the file that is served there is a moment in which they differ."""
    monkeypatch.setattr("uitvoering.application.monitored_signing._PATIENCE", 5.0)
    file = post.ledger.checkpoint_file
    before = file.read_bytes()
    grown(post)
    after = file.read_bytes()
    file.write_bytes(before)
    monkeypatch.setattr("time.sleep", lambda _: file.write_bytes(after))
    assert post.look().alarms == ()


def gone(post: Post) -> None:
    shutil.move(post.ledger.directory, post.ledger.directory.with_name("elsewhere"))


def test_a_log_that_was_taken_away_is_told_by_the_file_beside_the_keys(post: Post) -> None:
    size = len(post.ledger.positions)
    gone(post)
    lost = without_a_log(post)
    [alarm] = lost.found(Difference.LOG_GONE)
    assert alarm.values == {"trace": f"last-signed, {ORIGIN}, {size}"}
    assert Unchecked.NO_LOG in lost.look().unchecked
    [alarm] = post.found(Difference.LOG_UNREADABLE)
    assert alarm.values["code"] == "ledger-away", "also while it looks again and again"
    assert "auditor" not in str(alarm.values["cause"])
    assert not post.ledger.directory.exists()


def test_a_log_that_was_taken_away_is_told_by_the_policy_that_was_adopted(
    post: Post, tmp_path: Path
) -> None:
    post = replace(post, monitoring=replace(post.monitoring, last_signed=lambda: None))
    gone(post)
    assert kinds(without_a_log(post).look()) == set(), "of a store that never had one"
    adopted(post)
    [alarm] = without_a_log(post).found(Difference.LOG_GONE)
    assert str(alarm.values["trace"]).startswith("cosigning-policy-adopted, ")


def adopted(post: Post) -> None:
    post.app.handle(
        AdoptCosigningPolicy(
            happened_on=date(2026, 6, 15),
            text=f"log {new_key(ORIGIN, Kind.ED25519).public}\nquorum none\n",
            in_force_from=date(2026, 6, 15),
            source=Source(title="Besluit"),
        ),
        REGISTRAR,
    )


@pytest.mark.parametrize(("minutes", "alarm"), [(10, False), (11, True)])
def test_events_that_wait_for_the_log_are_told(
    post: Post, clock: Clock, minutes: int, *, alarm: bool
) -> None:
    """By the time at which they were recorded: a sequencer should have taken them in."""
    filed = clock()
    raised(post.app)
    post.app.reading.views.catch_up()
    clock.now = filed + timedelta(minutes=minutes)
    report = post.look()
    assert Unchecked.NOT_LOGGED in report.unchecked
    assert kinds(report) == ({Difference.EVENTS_UNLOGGED} if alarm else set())
    if alarm:
        [told] = post.found(Difference.EVENTS_UNLOGGED)
        assert told.values == {"events": 2, "since": "2026-06-15T10:00:00+00:00"}
        assert "geen sequencer" in Labels.load("nl").text("monitor.events-unlogged", **told.values)
        post.sequence()
        assert post.look().alarms == ()


def test_what_was_recorded_before_there_was_a_log_waits_since_it_began(
    post: Post, clock: Clock
) -> None:
    clock.now += timedelta(minutes=20)
    raised(post.app)
    post.app.reading.views.catch_up()
    began = (clock.now + timedelta(minutes=30)).isoformat()
    young = replace(post.ledger, created_at=began)
    monitoring = replace(post.monitoring, ledger=young)
    clock.now += timedelta(minutes=40)
    assert monitoring.look().alarms == ()
    clock.now += timedelta(minutes=1)
    assert kinds(monitoring.look()) == {Difference.EVENTS_UNLOGGED}
