"""Whatever somebody with the database changed in the events is an alarm, and named."""

from dataclasses import replace

import orjson
import pytest

from tests.monitoring.post import NOBODY, STRANGER, Post, kinds
from uitvoering.application.monitor_report import (
    Difference,
    Unchecked,
)


def test_one_word_changed_in_an_event_is_named(post: Post) -> None:
    position = post.position_of("hardship-signalled")
    state = post.intruder.state(position)
    state["fact"]["statement"]["text"] = "Bij 3 mensen duurt de uitkering iets langer."
    post.intruder.rewrite(position, state)
    [alarm] = post.found(Difference.EVENT_CHANGED)
    index = post.ledger.positions.index_of(position, len(post.ledger.positions))
    assert alarm.values == {
        "position": position,
        "event": state["event_id"],
        "index": index,
        "differs": "payloadSha256",
    }
    [document] = post.found(Difference.DOCUMENT_DIFFERS)
    assert (document.values["view"], document.values["document"]) == ("signals", post.signals[0])
    touched = {str(row.values["read_model"]) for row in post.found(Difference.READ_MODEL_DIFFERS)}
    assert "signal_trail" in touched


def test_the_same_meaning_in_other_bytes_is_named(post: Post) -> None:
    position = post.position_of("hardship-signalled")
    state = post.intruder.state(position)
    post.intruder.put(position, orjson.dumps(state, option=orjson.OPT_INDENT_2))
    report = post.look()
    assert [(alarm.difference, alarm.values["position"]) for alarm in report.alarms] == [
        (Difference.EVENT_CHANGED, position)
    ]


def test_another_topic_on_the_same_bytes_is_named(post: Post) -> None:
    position = post.position_of("signal-handed-on")
    post.intruder("UPDATE event SET topic = 'signal-closed' WHERE position = ?", position)
    [alarm] = post.found(Difference.EVENT_CHANGED)
    assert (alarm.values["position"], alarm.values["differs"]) == (position, "type")
    assert post.found(Difference.REPLAY_STOPPED)[0].values["position"] == position


def test_bytes_that_are_no_event_any_more_are_named_and_the_others_still_looked_at(
    post: Post,
) -> None:
    position = post.position_of("hardship-signalled")
    post.intruder.put(position, b'{"event_id":"half')
    post.intruder("DELETE FROM event WHERE topic = 'signal-handed-on'")
    report = post.look()
    assert {Difference.EVENT_UNREADABLE, Difference.REPLAY_STOPPED} <= kinds(report)
    assert Unchecked.VIEWS_CUT_OFF in report.unchecked
    deleted = [a for a in report.alarms if a.difference is Difference.EVENT_DELETED]
    assert len(deleted) == len(post.signals)


def test_an_event_that_does_not_parse_is_an_alarm_also_without_a_log(post: Post) -> None:
    position = post.position_of("hardship-signalled")
    post.intruder.put(position, b"{\xff")
    report = replace(post.monitoring, ledger=None, last_signed=lambda: None).look()
    assert [(alarm.difference, alarm.values["position"]) for alarm in report.alarms] == [
        (Difference.REPLAY_STOPPED, position)
    ]


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "state", ["CAST(x'7bff' AS TEXT)", "CAST(state AS TEXT)", "1099511627776", "0.5"]
)
def test_an_event_of_another_type_is_named_and_the_others_still_looked_at(
    post: Post, state: str
) -> None:
    """A column of SQLite holds whatever is put there, also what no driver can read."""
    position = post.position_of("signal-handed-on")
    for at in (1, position):
        post.intruder(f"UPDATE event SET state = {state} WHERE position = ?", at)
    post.intruder("DELETE FROM event WHERE position = ?", position + 1)
    without = replace(post.monitoring, ledger=None, last_signed=lambda: None).look()
    assert (Difference.REPLAY_STOPPED in kinds(without)) is (state != "CAST(state AS TEXT)")
    unreadable = post.found(Difference.EVENT_UNREADABLE)
    assert [alarm.values["position"] for alarm in unreadable] == [1, position]
    assert [a.values["position"] for a in post.found(Difference.EVENT_DELETED)] == [position + 1]


def test_a_deleted_event_is_named_by_what_the_log_knows_of_it(post: Post) -> None:
    position = post.position_of("signal-handed-on")
    event = post.intruder.state(position)["event_id"]
    post.intruder("DELETE FROM event WHERE position = ?", position)
    [alarm] = post.found(Difference.EVENT_DELETED)
    assert (alarm.values["position"], alarm.values["event"]) == (position, event)


def test_a_tail_that_was_cut_off_is_told_by_views_and_log(post: Post) -> None:
    last = post.app.store.position()
    post.intruder("DELETE FROM event WHERE position = ?", last)
    assert {Difference.VIEW_AHEAD, Difference.EVENT_DELETED} <= kinds(post.look())


def test_an_event_put_in_between_is_named(post: Post) -> None:
    like = post.position_of("hardship-signalled")
    [(after,)] = post.intruder("SELECT max(position) FROM event WHERE topic = 'hardship-signalled'")
    post.intruder.insert(after - 1, like, NOBODY, STRANGER)
    [alarm] = post.found(Difference.EVENT_INSERTED)
    assert alarm.values == {"position": after - 1, "event": STRANGER}
    [document] = post.found(Difference.DOCUMENT_GONE)
    assert (document.values["view"], document.values["document"]) == ("signals", NOBODY)


def test_two_events_that_changed_places_are_both_named(post: Post) -> None:
    last = post.app.store.position()
    post.intruder.swap(last, last - 1)
    alarms = post.found(Difference.EVENT_ELSEWHERE)
    assert [alarm.values["position"] for alarm in alarms] == [last - 1, last]
    assert alarms[0].values["event"] == alarms[1].values["logged"]
