"""What a load balancer, an operator and a monitor are told."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.conftest import Caller, Running, serving
from tests.monitoring.intruder import Intruder
from uitvoering import wiring
from uitvoering.domain.values import Level, Role
from uitvoering.projections.read_models import PROJECTIONS

NAMES = sorted(projection.name for projection in PROJECTIONS)


@pytest.mark.parametrize("path", ["/_healthz", "/_healthz/readyz"])
def test_every_view_is_told_with_how_far_it_is(
    running: Running, floor: Caller, nobody: Caller, path: str
) -> None:
    floor.signal()
    nobody.get("/_healthz")
    told = nobody.get(path).json()
    assert told["status"] == "pass"
    assert [view["name"] for view in told["views"]] == NAMES
    assert {view["position"] for view in told["views"]} == {told["position"]}
    assert {view["lagEvents"] for view in told["views"]} == {0}


def test_a_process_that_lives_asks_nothing_of_the_store(nobody: Caller) -> None:
    assert set(nobody.get("/_healthz/livez").json()) == {"status", "version"}


def test_the_same_as_prometheus_reads_it(running: Running, floor: Caller, nobody: Caller) -> None:
    floor.get("/api/v1/signals/00000000-0000-4000-8000-000000000000")
    nobody.get("/_healthz")
    answer = nobody.get("/_healthz/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=1.0.0")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["uitvoering_position",] == running.app.store.position()
    assert found["uitvoering_horizon_age_seconds",] == 0
    assert {found["uitvoering_view_lag_events", name] for name in NAMES} == {0}
    assert {found["uitvoering_view_lag_seconds", name] for name in NAMES} == {0}
    assert {found["uitvoering_view_stopped_at", name] for name in NAMES} == {0}
    assert found["uitvoering_problems_total", "subject-unknown"] >= 1


def test_a_view_that_stands_still_is_told_and_filing_goes_on(
    running: Running, floor: Caller, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fold of one view refuses a fact; the others, and who files, do not notice."""
    views = running.app.reading.views
    signals = next(p for p in PROJECTIONS if p.name == "signals")

    def refuses(event: object, documents: object) -> None:
        raise ValueError("what someone wrote")

    with monkeypatch.context() as patched:
        patched.setitem(views.__dict__["_views"], "signals", _Like(signals, refuses))
        while nobody.get("/_healthz/readyz").json()["status"] == "pass":
            floor.signal()  # the first may still be taken in by a page begun before
        deep = nobody.get("/_healthz")
        ready = nobody.get("/_healthz/readyz")
        path = floor.signal()
    assert (deep.status_code, deep.json()["status"]) == (503, "fail")
    assert (ready.status_code, ready.json()["status"]) == (200, "warn")
    [stopped] = [view for view in ready.json()["views"] if "stoppedAt" in view]
    assert stopped["name"] == "signals"
    assert stopped["stoppedAt"] == stopped["position"] + 1
    assert stopped["stoppedBy"].startswith("ValueError at test_health.py:")
    views.rebuild(["signals"])
    assert nobody.get("/_healthz").json()["status"] == "pass"
    assert floor.get(path).status_code == 200


class _Like:
    """The same view by another fold."""

    def __init__(self, view: object, fold: object) -> None:
        self.__dict__.update(vars(view))
        self.fold = fold


def test_an_alarm_of_the_monitor_stands_until_a_look_that_finds_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'uitvoering.db'}"
    with serving(url, tmp_path) as running:
        floor = running.caller("uwv", Level.FRONTLINE, Role.REPORTER, Role.LINE)
        floor.signal()
        nobody = running.nobody
        assert nobody.get("/_healthz").status_code == 200
        assert "monitor" not in nobody.get("/_healthz/readyz").json()
        edit = "UPDATE view_document SET document = '{}' WHERE kind = 'signals'"
        statuses = []
        for mended in (lambda: None, lambda: Intruder(url)(edit), running.app.reading.rebuild):
            mended()
            with wiring.monitoring(running.settings) as monitoring:
                monitoring.look()
            ready = nobody.get("/_healthz/readyz")
            statuses.append((ready.status_code, ready.json()["status"]))
            assert nobody.get("/_healthz").status_code == ready.status_code
            told = ready.json()["monitor"]
            metrics = nobody.get("/_healthz/metrics").text
            assert f"uitvoering_monitor_alarms {float(told['alarms'])}" in metrics
            assert "uitvoering_monitor_age_seconds " in metrics
        assert statuses == [(200, "pass"), (503, "fail"), (200, "pass")]
