"""What was done to stored events: told by `verify` of an export, and by `monitor`, to the event."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.attacks.operator_ import Row
from tests.attacks.scene import LAST, MILDER, SIGNAL, Scene
from uitvoering.application.monitor_report import Difference
from uitvoering.integrity.verify_findings import Report, Standing

POINTS = {"first": 0, "middle": 60, "a signal": SIGNAL, "last": LAST}
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


def test_the_true_history_holds(scene_on_either: Scene) -> None:
    report = scene_on_either.verified()
    assert (codes(report), report.code, report.size) == (set(), 0, LAST + 1)
    assert scene_on_either.monitored().alarms == ()


@pytest.mark.parametrize("at", POINTS.values(), ids=POINTS.keys())
def test_one_byte_changed(scene_on_either: Scene, at: int) -> None:
    with scene_on_either.operator.history() as events:
        events[at] = events[at].one_byte_changed()
    assert first(scene_on_either.verified()) == ("event-changed", at, events[at].event_id)
    (alarm,) = scene_on_either.monitored().alarms
    assert alarm.difference is Difference.EVENT_CHANGED
    assert (alarm.values["index"], alarm.values["event"]) == (at, events[at].event_id)
    assert alarm.values["position"] == events[at].position


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES.keys())
def test_an_event_that_says_something_else(
    scene: Scene, change: Callable[[Row], Row], code: str
) -> None:
    with scene.operator.history() as events:
        events[SIGNAL] = change(events[SIGNAL])
    report = scene.verified()
    assert first(report) == (code, SIGNAL, events[SIGNAL].event_id)
    assert codes(report) == {code}
    assert SIGNAL in {alarm.values.get("index") for alarm in scene.monitored().alarms}


def test_an_event_deleted(scene_on_either: Scene) -> None:
    with scene_on_either.operator.history() as events:
        gone = events.pop(SIGNAL)
    report = scene_on_either.verified()
    assert first(report) == ("event-missing", SIGNAL, gone.event_id)
    alarms = scene_on_either.monitored().alarms
    deleted = [alarm for alarm in alarms if alarm.difference is Difference.EVENT_DELETED]
    assert [(alarm.values["index"], alarm.values["event"]) for alarm in deleted] == [
        (SIGNAL, gone.event_id)
    ]


def test_an_event_put_in_the_place_of_another(scene_on_either: Scene) -> None:
    with scene_on_either.operator.history() as events:
        logged = events[SIGNAL].event_id
        events[SIGNAL] = events[SIGNAL].forged()
    report = scene_on_either.verified()
    assert first(report) == ("event-inserted", SIGNAL, logged)
    assert report.first is not None
    assert report.first.values["found"] == events[SIGNAL].event_id
    alarms = {alarm.difference: alarm for alarm in scene_on_either.monitored().alarms}
    assert alarms[Difference.EVENT_ELSEWHERE].values["event"] == events[SIGNAL].event_id


def test_an_event_inserted_and_all_later_ones_moved_on(scene_on_either: Scene) -> None:
    with scene_on_either.operator.history() as events:
        events.insert(SIGNAL, events[SIGNAL].forged())
    report = scene_on_either.verified()
    assert first(report)[:2] == ("event-inserted", SIGNAL)
    assert codes(report) >= {"event-inserted", "event-moved"}
    assert SIGNAL in {alarm.values.get("index") for alarm in scene_on_either.monitored().alarms}


def test_an_event_inserted_where_no_position_was_given_out(scene: Scene) -> None:
    """As after an append that was rolled back: nothing else has to move."""
    with scene.operator.history() as events:
        events[SIGNAL + 1 :] = [row.moved(row.position + 1) for row in events[SIGNAL + 1 :]]
    scene.operator.signs_again()
    with scene.operator.history() as events:
        inserted = events[SIGNAL].forged().moved(events[SIGNAL].position + 1)
        events.insert(SIGNAL + 1, inserted)
    (found,) = [f for f in scene.verified().findings if f.code == "event-unlogged"]
    assert found.values["event"] == inserted.event_id
    told = [
        alarm.values
        for alarm in scene.monitored().alarms
        if alarm.difference is Difference.EVENT_INSERTED
    ]
    assert told == [{"position": inserted.position, "event": inserted.event_id}]


def test_two_events_in_another_order(scene_on_either: Scene) -> None:
    early, late = SIGNAL, SIGNAL + 3
    with scene_on_either.operator.history() as events:
        events[early], events[late] = (
            events[late].moved(events[early].position),
            events[early].moved(events[late].position),
        )
    report = scene_on_either.verified()
    moved = [found for found in report.findings if found.code == "event-moved"]
    assert [(found.index, found.values["belongs"]) for found in moved] == [
        (early, late),
        (late, early),
    ]
    assert codes(report) == {"event-moved"}
    told = {alarm.values.get("index") for alarm in scene_on_either.monitored().alarms}
    assert told >= {early, late}


@pytest.mark.parametrize(
    ("size", "root", "code"),
    [(LAST, "0" * 64, "seen-differs"), (LAST + 500, "0" * 64, "seen-later")],
    ids=["of another history", "later than itself"],
)
def test_an_event_that_says_to_have_seen_what_was_not_there(
    scene: Scene, size: int, root: str, code: str
) -> None:
    """Slipped in before the log took it in, so that its leaf fits."""
    scene.file(hand_on=False)
    with scene.operator.history() as events:
        held = events[LAST + 1].held
        held["proof"]["seen"] = {"size": size, "root": root}
        events[LAST + 1] = events[LAST + 1].holding(held)
    scene.sequence()
    report = scene.verified()
    assert first(report) == (code, LAST + 1, events[LAST + 1].event_id)
