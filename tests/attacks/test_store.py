"""What was done to stored events: told by `verify` of an export, and by `monitor`, to the event."""

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.attacks.operator_ import Row
from tests.attacks.scene import MILDER, POINTS, Scene
from uitvoering.application.monitor_report import Difference
from uitvoering.errors import IdsDifferError
from uitvoering.integrity.verify.findings import Report, Standing

CHANGES: dict[str, tuple[Callable[[Row], Row], str]] = {
    "a milder text": (lambda row: row.reworded(MILDER), "event-changed"),
    "and its commitment": (lambda row: row.reworded(MILDER).recommitted(), "event-changed"),
    "written anew": (
        lambda row: replace(row, state=json.dumps(row.held, indent=1).encode()),
        "event-re-encoded",
    ),
    "a person instead of a team": (
        lambda row: row.holding(row.held | {"actor_pseudonym": "somebody-else"}),
        "event-changed",
    ),
    "another topic": (lambda row: replace(row, topic="signal-restated"), "event-topic"),
    "no JSON": (lambda row: replace(row, state=row.state[:-9]), "event-unreadable"),
}


def codes(report: Report) -> set[str]:
    return {found.code for found in report.of(Standing.BROKEN)}


def first(report: Report) -> tuple[str, int | None, str]:
    """Kind, leaf and event of the first that does not hold."""
    assert report.code == 3
    found = report.first
    assert found is not None
    return found.code, found.index, str(found.values["event"])


def test_the_true_history_holds(either: Scene) -> None:
    report = either.verified()
    assert (codes(report), report.code, report.size) == (set(), 0, either.last + 1)
    assert either.monitored().alarms == ()


@pytest.mark.parametrize("point", POINTS)
def test_one_byte_changed(either: Scene, point: str) -> None:
    at = either.leaf(point)
    with either.operator.history() as events:
        events[at] = events[at].one_byte_changed()
    assert first(either.verified()) == ("event-changed", at, events[at].event_id)
    (alarm,) = either.monitored().alarms
    assert alarm.difference is Difference.EVENT_CHANGED
    assert (alarm.values["index"], alarm.values["event"]) == (at, events[at].event_id)
    assert alarm.values["position"] == events[at].position


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES.keys())
def test_an_event_that_says_something_else(
    scene: Scene, change: Callable[[Row], Row], code: str
) -> None:
    at = scene.signal
    with scene.operator.history() as events:
        events[at] = change(events[at])
    report = scene.verified()
    assert first(report) == (code, at, events[at].event_id)
    assert codes(report) == {code}
    assert at in {alarm.values.get("index") for alarm in scene.monitored().alarms}


def test_an_event_turned_into_what_no_driver_reads(scene: Scene) -> None:
    """It is told as what it is, and never as a store that is busy."""
    at = scene.signal
    with scene.app() as app:
        app.reading.views.catch_up()
    with scene.operator.database() as execute:
        ((position, event),) = execute(
            "SELECT position, event_id FROM event ORDER BY position LIMIT 1 OFFSET ?", (at,)
        ).fetchall()
        execute("UPDATE event SET state = CAST(x'7bff' AS TEXT) WHERE position = ?", (position,))
    told = {alarm.difference: alarm.values for alarm in scene.monitored().alarms}
    unread = told[Difference.EVENT_UNREADABLE]
    assert (unread["position"], unread["index"], unread["event"]) == (position, at, event)
    assert told[Difference.REPLAY_STOPPED]["position"] == position


def test_an_event_deleted(either: Scene) -> None:
    at = either.signal
    with either.operator.history() as events:
        gone = events.pop(at)
    assert first(either.verified()) == ("event-missing", at, gone.event_id)
    deleted = [a for a in either.monitored().alarms if a.difference is Difference.EVENT_DELETED]
    assert [(a.values["index"], a.values["event"]) for a in deleted] == [(at, gone.event_id)]


def test_an_event_put_in_the_place_of_another(either: Scene) -> None:
    at = either.signal
    with either.operator.history() as events:
        logged, forged = events[at], events[at].forged()
        events[at] = forged
    report = either.verified()
    assert first(report) == ("event-inserted", at, logged.event_id)
    assert report.first is not None
    assert report.first.values["found"] == forged.event_id
    alarms = {alarm.difference: alarm for alarm in either.monitored().alarms}
    assert alarms[Difference.EVENT_ELSEWHERE].values["event"] == forged.event_id


def test_an_event_inserted_and_all_later_ones_moved_on(either: Scene) -> None:
    at = either.signal
    with either.operator.history() as events:
        events.insert(at, events[at].forged())
    report = either.verified()
    assert first(report)[:2] == ("event-inserted", at)
    assert codes(report) >= {"event-inserted", "event-moved"}
    assert at in {alarm.values.get("index") for alarm in either.monitored().alarms}


def test_an_event_inserted_where_no_position_was_given_out(scene: Scene) -> None:
    """As after an append that was rolled back: nothing else has to move."""
    at = scene.signal
    with scene.operator.history() as events:
        events[at + 1 :] = [row.moved(row.position + 1) for row in events[at + 1 :]]
    scene.operator.signs_again()
    with scene.operator.history() as events:
        inserted = events[at].forged().moved(events[at].position + 1)
        events.insert(at + 1, inserted)
    (found,) = [f for f in scene.verified().findings if f.code == "event-unlogged"]
    assert found.values["event"] == inserted.event_id
    (alarm,) = scene.monitored().alarms
    assert alarm.difference is Difference.EVENT_INSERTED
    assert alarm.values == {"position": inserted.position, "event": inserted.event_id}


def test_two_events_in_another_order(either: Scene) -> None:
    early, late = either.signal, either.signal + 3
    with either.operator.history() as events:
        one, other = events[early], events[late]
        events[early], events[late] = other.moved(one.position), one.moved(other.position)
    report = either.verified()
    moved = [found for found in report.findings if found.code == "event-moved"]
    assert [(f.index, f.values["belongs"]) for f in moved] == [(early, late), (late, early)]
    assert codes(report) == {"event-moved"}
    told = {alarm.values.get("index") for alarm in either.monitored().alarms}
    assert told >= {early, late}


def test_an_event_hung_on_another_signal_by_its_columns_alone(either: Scene) -> None:
    """Its bytes are as they were, and so is the evidence; whoever replays it is stopped there."""
    at = either.signal
    with either.app() as app:
        app.reading.views.catch_up()
    with either.operator.history() as events:
        events[at] = replace(events[at], stream=str(uuid4()))
    assert either.verified().code == 0
    stopped = [a for a in either.monitored().alarms if a.difference is Difference.REPLAY_STOPPED]
    assert [alarm.values["position"] for alarm in stopped] == [events[at].position]
    with either.app() as app, pytest.raises(IdsDifferError):
        app.store.event(events[at].event_id)


@pytest.mark.parametrize(("later", "code"), [(0, "seen-differs"), (500, "seen-later")])
def test_an_event_that_says_to_have_seen_what_was_not_there(
    scene: Scene, later: int, code: str
) -> None:
    """Slipped in before the log took it in, so that its leaf fits."""
    at, event = seen_otherwise(scene, later)
    scene.sequence()
    assert first(scene.verified()) == (code, at, event)


def seen_otherwise(scene: Scene, later: int) -> tuple[int, str]:
    """The place and id of an event filed now, that says to have seen a state of nowhere."""
    at = scene.last + 1
    scene.file(hand_on=False)
    with scene.operator.history() as events:
        held = events[at].held
        held["proof"]["seen"] = {"size": at + later, "root": "0" * 64}
        events[at] = events[at].holding(held)
    return at, events[at].event_id
