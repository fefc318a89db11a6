"""A stored view that says something else than the events is an alarm, and named."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.monitoring.post import Post, kinds
from uitvoering.application.monitor_report import (
    Difference,
    Unchecked,
)
from uitvoering.persistence import scratch

EDITS: dict[Difference, str] = {
    Difference.DOCUMENT_DIFFERS: (
        "UPDATE view_document SET document = replace(document, '300 mensen', '3 mensen')"
        " WHERE kind = 'signals' AND key = ?"
    ),
    Difference.DOCUMENT_GONE: "DELETE FROM view_document WHERE kind = 'signals' AND key = ?",
    Difference.DOCUMENT_UNFOUNDED: (
        "INSERT INTO view_document SELECT generation, kind, 'zelf-bedacht', document"
        " FROM view_document WHERE kind = 'signals' AND key = ?"
    ),
}


@pytest.mark.parametrize("difference", EDITS)
def test_a_view_edited_by_hand_is_named(post: Post, difference: Difference) -> None:
    post.intruder(EDITS[difference], post.signals[0])
    report = post.look()
    documents = [alarm for alarm in report.alarms if alarm.difference is difference]
    assert [alarm.values["view"] for alarm in documents] == ["signals"]
    assert documents[0].values["document"] in {post.signals[0], "zelf-bedacht"}
    assert kinds(report) == {difference, Difference.READ_MODEL_DIFFERS}


def test_a_document_that_can_no_longer_be_read_is_named(post: Post) -> None:
    for text in ("{}", "geen JSON"):
        edit = "UPDATE view_document SET document = ? WHERE kind = 'signals' AND key = ?"
        post.intruder(edit, text, post.signals[1])
        [alarm] = post.found(Difference.DOCUMENT_DIFFERS)
        assert alarm.values["document"] == post.signals[1]


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["document", "key"])
@pytest.mark.parametrize("put", ["CAST(x'7bff' AS TEXT)", "x'7bff'"])
def test_a_view_that_the_driver_cannot_read_is_named_and_the_rest_still_looked_at(
    post: Post, column: str, put: str
) -> None:
    post.intruder(
        f"UPDATE view_document SET {column} = {put} WHERE kind = 'signals' AND key = ?",
        post.signals[0],
    )
    post.intruder("UPDATE view_document SET document = '{}' WHERE kind = 'organisations'")
    [alarm] = post.found(Difference.VIEW_UNREADABLE)
    assert alarm.values["view"] == "signals"
    report = post.look()
    assert kinds(report) == {Difference.DOCUMENT_DIFFERS, Difference.VIEW_UNREADABLE}
    assert "signals" not in {view.name for view in report.views}
    assert len(report.views) == len(post.app.reading.projections) - 1
    assert Unchecked.VIEWS_UNBUILT not in report.unchecked


def test_a_view_spelled_otherwise_says_the_same(post: Post) -> None:
    [(text,)] = post.intruder(
        "SELECT document FROM view_document WHERE kind = 'signals' AND key = ?", post.signals[0]
    )
    spelled = orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
    post.intruder(
        "UPDATE view_document SET document = ? WHERE kind = 'signals' AND key = ?",
        spelled,
        post.signals[0],
    )
    assert post.look().alarms == ()


def test_a_view_that_was_not_built_is_not_said_to_be_right(post: Post) -> None:
    post.intruder("UPDATE view_generation SET version = 99 WHERE name = 'signals'")
    report = post.look()
    assert report.unchecked[0] is Unchecked.VIEWS_UNBUILT
    assert "signals" not in {view.name for view in report.views}


def test_a_fold_that_fails_stops_its_own_view_alone(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = post.app.reading.projections
    broken = [replace(view, fold=_fails) if view.name == "signals" else view for view in real]
    monkeypatch.setattr(type(post.app.reading), "projections", broken)
    report = post.look()
    assert kinds(report) == {Difference.REPLAY_STOPPED}
    assert "signals" not in {view.name for view in report.views}
    assert len(report.views) == len(real) - 1


def _fails(event: Any, _: Any) -> None:
    if event.fact.TOPIC == "hardship-signalled":
        raise ValueError("what someone wrote")


def test_without_a_log_the_views_are_looked_at_and_the_rest_is_said(post: Post) -> None:
    blind = replace(post.monitoring, ledger=None, last_signed=lambda: None)
    report = blind.look()
    assert (report.alarms, report.log) == ((), None)
    assert report.unchecked == (Unchecked.NO_LOG,)
    position = post.position_of("hardship-signalled")
    post.intruder.rewrite(position, post.intruder.state(position) | {"happened_on": "2026-05-01"})
    assert Difference.DOCUMENT_DIFFERS in kinds(blind.look())


def test_documents_beyond_a_number_go_to_a_passing_file(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = post.look()
    monkeypatch.setattr(scratch, "MOST_IN_MEMORY", 3)
    assert post.look().views == whole.views
