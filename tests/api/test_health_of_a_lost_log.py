"""What health says where the log is gone or out of reach: an alarm goes nowhere else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.responses import Response

from tests.api.conftest import LOG
from tests.application.desk import COUNTER, raised
from tests.application.test_promises import line_of_import
from tests.monitoring.intruder import Intruder
from tests.monitoring.post import kinds
from uitvoering import wiring
from uitvoering.api.health import deep, metrics, ready
from uitvoering.application.importing import LineOutcome, land_all
from uitvoering.application.monitor_report import Difference, Report
from uitvoering.errors import StoreUnreachableError
from uitvoering.settings import Settings

pytestmark = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
"""Beside an SQLite store there is a place for all of it; with the other it is given."""


@pytest.fixture
def settings(seeded_url: str, tmp_path: Path) -> Settings:
    """A store with a log, both of them as a service finds them when it starts."""
    made = Settings(store=seeded_url, ledger=str(tmp_path / "ledger"), keys=str(tmp_path / "keys"))
    wiring.create_ledger(made, LOG)
    with wiring.running(made) as app:
        app.reading.views.catch_up()
    return made


def looked(settings: Settings) -> Report:
    with wiring.monitoring(settings) as monitoring:
        return monitoring.look()


def told(answer: Response) -> tuple[int, dict[str, Any]]:
    return answer.status_code, orjson.loads(bytes(answer.body))


@pytest.mark.parametrize("gone", ["ledger", "ledger/ledger.json"])
def test_a_line_that_landed_lands_no_second_time_when_the_log_is_gone(
    settings: Settings, tmp_path: Path, gone: str
) -> None:
    recorded: list[int] = []
    for _ in range(2):
        with wiring.running(settings) as app:
            (found,) = land_all(app, [line_of_import("a")], COUNTER, 100_000)
        assert isinstance(found, LineOutcome)
        recorded.append(found.recorded)
        if len(recorded) == 1:
            (tmp_path / gone).rename(tmp_path / "away")
    assert recorded == [1, 0]


def test_an_alarm_is_told_also_when_the_log_was_taken_away(
    settings: Settings, tmp_path: Path
) -> None:
    with wiring.sequencing(settings, lambda _: None) as work:
        work.once()
    (tmp_path / "ledger").rename(tmp_path / "elsewhere")
    assert kinds(looked(settings)) == {Difference.LOG_GONE}
    with wiring.running(settings) as app:
        status, body = told(ready(app))
        assert (status, body["status"]) == (503, "fail")
        assert body["monitor"]["differences"] == ["log-gone"]
        assert told(deep(app))[0] == 503
        assert b"uitvoering_monitor_alarms 1.0" in bytes(metrics(app).body)


def test_an_alarm_is_told_of_a_store_without_a_log(seeded_url: str) -> None:
    settings = Settings(store=seeded_url)
    with wiring.running(settings) as app:
        app.reading.views.catch_up()
        assert "monitor" not in told(ready(app))[1]
        Intruder(seeded_url)("UPDATE view_document SET document = '{}'")
        assert looked(settings).alarms
        assert told(ready(app))[0] == 503


def test_a_look_that_failed_is_told_and_keeps_the_service_ready(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "ledger" / "policy").mkdir()
    assert looked(settings).alarms == ()
    with wiring.running(settings) as app:
        status, body = told(ready(app))
        assert (status, body["status"]) == (200, "warn")
        assert body["monitor"]["failed"] == "ledger-unreadable"
        assert b"uitvoering_monitor_failed 1.0" in bytes(metrics(app).body)


def test_a_monitor_that_does_not_come_back_is_told(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(store=seeded_url)
    with wiring.monitoring(settings, every=60) as monitoring:
        monitoring.look()
    now = wiring.utc_now()
    with wiring.running(settings) as app:
        app.reading.views.catch_up()
        assert told(ready(app))[1]["status"] == "pass"
    monkeypatch.setattr(wiring, "utc_now", lambda: now + timedelta(hours=1))
    with wiring.running(settings) as app:
        status, body = told(ready(app))
    assert (status, body["status"]) == (200, "warn")
    assert 0 < body["monitor"]["lateSeconds"] < 3_600


def test_a_store_that_is_away_when_the_monitor_comes_to_look_is_told(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(store=seeded_url)

    def away(*_: object, **__: object) -> None:
        raise StoreUnreachableError(store="the store")

    with monkeypatch.context() as patched:
        patched.setattr(wiring, "open_store", away)
        with pytest.raises(StoreUnreachableError):
            looked(settings)
    with wiring.running(settings) as app:
        app.reading.views.catch_up()
        status, body = told(ready(app))
        assert (status, body["status"]) == (200, "warn")
        assert body["monitor"] == {"alarms": 0, "differences": [], "failed": "store-unreachable"}
        assert b"uitvoering_monitor_failed 1.0" in bytes(metrics(app).body)
    looked(settings)
    with wiring.running(settings) as app:
        assert told(ready(app))[1]["status"] == "pass"


@pytest.mark.parametrize(("name", "code"), [("{}", "ledger-damaged"), (None, "ledger-unreadable")])
def test_a_log_without_its_name_is_told_and_keeps_nobody_from_filing(
    settings: Settings, tmp_path: Path, name: str | None, code: str
) -> None:
    file = tmp_path / "ledger" / "ledger.json"
    file.unlink()
    if name is None:
        file.mkdir()
    else:
        file.write_text(name)
    with wiring.running(settings) as app:
        status, body = told(ready(app))
        assert (status, body["status"], body["logUnreadable"]) == (200, "warn", code)
        assert b"uitvoering_log_unreadable 1.0" in bytes(metrics(app).body)
        assert raised(app)
    report = looked(settings)
    assert kinds(report) == ({Difference.LOG_UNREADABLE} if name else set())
    assert (report.failed is None) == (name is not None)
