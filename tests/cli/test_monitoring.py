"""`monitor`: an alarm is one line in the language of the reader, and exit code 3."""

import json
import signal as signals
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from tests.cli.command import Command
from tests.cli.test_following import SIGNAL, becomes_true
from tests.cli.test_manners import heeding_ctrl_c
from tests.monitoring.intruder import Intruder
from uitvoering import wiring
from uitvoering.application.monitor_report import monitor_standing
from uitvoering.cli import monitoring
from uitvoering.cli.monitoring import monitor
from uitvoering.errors import StoreCorruptError, StoreUnreachableError
from uitvoering.persistence.store import Store, open_store
from uitvoering.settings import Settings, report_file

ORIGIN = "log.example.nl/uitvoering"


@pytest.fixture
def watched(fresh: Command) -> Command:
    """One signal, in the views and in the log."""
    for words in (
        ("ledger", "create", ORIGIN),
        ("record", "signal-hardship", SIGNAL),
        ("catch-up",),
        ("ledger", "follow", "--once"),
    ):
        said = fresh(*words)
        assert said.code == 0, said.err
    return fresh


def test_a_store_and_a_log_that_nobody_touched(watched: Command) -> None:
    said = watched("monitor")
    assert said.code == 0, said.out
    assert f"events are what the log {ORIGIN} says" in said.out
    assert said.err == "Not checked: the policy: nothing says who must cosign the log\n"


def test_what_was_changed_is_told_in_a_line_each_and_ends_with_3(watched: Command) -> None:
    intruder = Intruder(f"sqlite:///{watched.folder / 'store.db'}")
    [(position, event)] = intruder(
        "SELECT position, event_id FROM event WHERE topic = 'hardship-signalled'"
    )
    intruder("UPDATE view_document SET document = '{}' WHERE kind = 'signals'")
    intruder.rewrite(position, intruder.state(position) | {"happened_on": "2026-01-04"})
    said = watched("monitor", UITVOERING_LANG="nl")
    assert said.code == 3
    [line] = [line for line in said.out.splitlines() if line.startswith("Gebeurtenis ")]
    assert line.startswith(f"Gebeurtenis {event} op positie {position} is veranderd na blad")
    assert line.endswith("verschil in: happenedOn, payloadSha256.")
    assert "roep een auditor erbij" in said.err
    told = watched("monitor", "--json")
    assert told.code == 3
    found = {alarm["difference"] for alarm in told.json["alarms"]}
    assert found == {"event-changed", "document-differs", "read-model-differs"}


def test_without_a_log_it_says_what_it_could_not_look_at(fresh: Command) -> None:
    said = fresh("monitor")
    assert said.code == 0
    assert "Not checked: the events themselves: there is no log here" in said.err
    assert not (fresh.folder / "store.db.ledger").exists()


def test_a_log_that_was_moved_away_ends_with_3(watched: Command) -> None:
    folder = watched.folder / "store.db.ledger"
    folder.rename(folder.with_name("elsewhere"))
    said = watched("monitor")
    assert said.code == 3
    assert f"There is no log here, and there was one: last-signed, {ORIGIN}, " in said.out
    (watched.folder / "store.db.keys" / "last-signed").unlink()
    assert watched("monitor").code == 0, "then nothing says that there was one"


def test_what_cannot_be_read_is_told_in_a_line_and_ends_with_1(watched: Command) -> None:
    (watched.folder / "store.db.ledger" / "policy").mkdir()
    said = watched("monitor")
    assert said.code == 1
    assert f"events are what the log {ORIGIN} says" in said.out
    assert "cannot be read: Is a directory. Filing goes on; mend this soon." in said.err


def test_a_log_without_its_name_ends_with_3_and_keeps_nobody_from_filing(watched: Command) -> None:
    (watched.folder / "store.db.ledger" / "ledger.json").write_text("{}")
    said = watched("monitor")
    assert said.code == 3
    assert "The log cannot be read (ledger-damaged)" in said.out
    assert watched("record", "signal-hardship", SIGNAL).code == 0


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_it_says_that_nobody_is_shown_what_it_finds(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UITVOERING_STORE", seeded_url)
    monkeypatch.setenv("UITVOERING_LANG", "nl")
    monkeypatch.setattr(wiring, "report_file", lambda _: None)
    monitor()
    assert "de gezondheid van de dienst toont het niet" in capsys.readouterr().err


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_log_that_is_mended_is_looked_at_again(
    seeded_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It goes on beside whoever mends; and a store that is away comes back, at the start too."""
    made = Settings(store=seeded_url, ledger=str(tmp_path / "ledger"), keys=str(tmp_path / "keys"))
    wiring.create_ledger(made, ORIGIN)
    name, aside = tmp_path / "ledger" / "ledger.json", tmp_path / "aside"
    name.rename(aside)
    name.mkdir()
    store = Path(seeded_url.removeprefix("sqlite:///"))
    failed: list[str | None] = []

    def away(*_: object, **__: object) -> None:
        raise StoreUnreachableError(store="the store")

    class Mending:
        def wait(self, _: float) -> bool:
            report = report_file(made)
            assert report is not None
            found = monitor_standing(report, wiring.utc_now())
            assert found is not None
            failed.append(found.failed)
            if failed == ["store-unreachable"]:
                monkeypatch.setattr(wiring, "open_store", open_store)
            elif name.is_dir():
                name.rmdir()
                aside.rename(name)
            elif failed[-1] is None and len(failed) == 3:
                store.rename(store.with_name("gone"))
            elif len(failed) == 5:
                store.with_name("gone").rename(store)
            return len(failed) == 6

    monkeypatch.setattr(wiring, "open_store", away)
    monkeypatch.setattr(monitoring, "settings", lambda: made)
    monkeypatch.setattr(monitoring, "threading", SimpleNamespace(Event=Mending))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monitor(every=1)
    missing = ["schema-missing", "schema-missing"]
    assert failed == ["store-unreachable", "ledger-unreadable", None, *missing, None]
    said = capsys.readouterr()
    assert said.out.count(f"log {ORIGIN}") == 2
    assert said.err.count("uitvoering migrate") == 1, "once, not at every look"


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("error", "looks", "code"),
    [(StoreCorruptError(store="the store"), 1, 3), (StoreUnreachableError(store="it"), 3, 1)],
)
def test_what_was_tampered_with_ends_it_and_what_is_away_is_waited_for(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch, error: Exception, looks: int, code: int
) -> None:
    """After a first look in which everything was right."""
    waits: list[float] = []

    def broken(_: Store) -> int:
        raise error

    class Passing:
        def wait(self, seconds: float) -> bool:
            monkeypatch.setattr(Store, "position", broken)
            waits.append(seconds)
            return len(waits) == 3

    monkeypatch.setattr(monitoring, "settings", lambda: Settings(store=seeded_url))
    monkeypatch.setattr(monitoring, "threading", SimpleNamespace(Event=Passing))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(typer.Exit) as ended:
        monitor(every=1)
    assert (len(waits), ended.value.exit_code) == (looks, code)


def test_it_looks_again_until_it_is_stopped(watched: Command) -> None:
    report = watched.folder / "store.db.monitor.json"
    with subprocess.Popen(
        [sys.executable, "-m", "uitvoering", "monitor", "--every", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=watched.environment,
        preexec_fn=heeding_ctrl_c,  # noqa: PLW1509 no thread of ours runs here
    ) as process:
        becomes_true(process, report.exists)
        first = json.loads(report.read_text("utf-8"))["at"]
        becomes_true(process, lambda: json.loads(report.read_text("utf-8"))["at"] != first)
        process.send_signal(signals.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out.count(b"The method that runs is") >= 2
    assert err.decode().endswith("The monitor has stopped.\n")
