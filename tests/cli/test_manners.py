"""How a command behaves among others: help, languages, odd terminals, pipes and interruptions."""

import io
import json
import re
import signal as signals
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from rich.console import Console

from tests.cli.command import Command
from uitvoering.cli import console
from uitvoering.cli.app import verbs

VERBS = verbs()


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_help_needs_no_store_and_holds_an_example(empty: Command, verb: tuple[str, ...]) -> None:
    said = empty(*verb, "--help")
    assert (said.code, said.err) == (0, "")
    assert "Example: " in said.out
    assert f"uitvoering {' '.join(verb)}" in said.out.split("Example:")[1] or verb == ("settings",)
    assert not (empty.folder / "store.db").exists()


def test_dutch_is_the_default(empty: Command) -> None:
    said = empty("--help", UITVOERING_LANG="nl")
    assert "Voorbeeld" in said.out
    dutch = Command(empty.folder, {})
    assert dutch("--help").out == said.out


@pytest.mark.parametrize(
    "terminal", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}]
)
def test_a_terminal_that_lacks_a_letter_still_gets_its_answer(
    loaded: Command, signal: str, terminal: dict[str, str]
) -> None:
    said = loaded.cold("trail", signal, **terminal)
    assert (said.code, said.err) == (0, "")
    told = loaded.cold("trail", signal, "--json", **terminal)
    assert json.loads(told.out) == loaded("trail", signal, "--json").json


def test_a_stored_text_does_not_steer_the_terminal(fresh: Command) -> None:
    text = "rood \x1b[31m [bold]vet[/] :smile: [/x]"
    given = {
        "happened_on": "2026-01-05",
        "body": "uwv",
        "statement": {"text": text, "severity": 3},
    }
    landed = fresh("record", "signal-hardship", json.dumps(given), "--json").json["landed"][0]
    shown = fresh("trail", landed["subject"]).out
    assert "\x1b" not in shown
    assert "[bold]vet[/] :smile: [/x]" in re.sub(r"[│\s]+", " ", shown)
    stored = fresh("trail", landed["subject"], "--json").json[0]
    assert stored["statement"]["text"] == text


@pytest.mark.parametrize("verb", ["openapi", "events"])
def test_a_reader_that_stops_reading_is_no_error_to_tell(loaded: Command, verb: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "uitvoering", verb],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=loaded.environment,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(timeout=30)


def test_an_interrupted_import_can_be_run_again(fresh: Command) -> None:
    rows = [
        {
            "id": f"s{n}",
            "command": "signal-hardship",
            "happened_on": "2026-01-05",
            "body": "uwv",
            "statement": {"text": f"Bij {n} mensen is de uitkering te laat.", "severity": 3},
        }
        for n in range(2, 12)
    ]
    lines = [json.dumps(row) + "\n" for row in rows]
    file = fresh.folder / "many.jsonl"
    file.write_text("".join(lines))
    seeded = recorded_in(fresh)
    with subprocess.Popen(
        [sys.executable, "-m", "uitvoering", "import", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=fresh.environment,
        preexec_fn=heeding_ctrl_c,  # noqa: PLW1509 no thread of ours runs here
    ) as process:
        assert process.stdin is not None
        process.stdin.write("".join(lines[:3]).encode())
        process.stdin.flush()  # and no more: it waits for the next line when the signal comes
        while process.poll() is None and recorded_in(fresh) < seeded + 6:
            time.sleep(0.05)
        process.send_signal(signals.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert b"Traceback" not in err
    again = fresh("import", str(file), "--json")
    assert again.code == 0
    landed = again.json["landed"]
    assert len(landed) == len(rows)
    assert any(row["recorded"] == 0 for row in landed), "some had landed"
    assert any(row["recorded"] > 0 for row in landed), "some had not"


def heeding_ctrl_c() -> None:
    """A shell that runs its tests in the background leaves SIGINT ignored."""
    signals.signal(signals.SIGINT, signals.SIG_DFL)


def recorded_in(command: Command) -> int:
    """Every signal is two events: what was raised, and its receipt."""
    with closing(sqlite3.connect(command.folder / "store.db")) as store:
        found: int = store.execute("SELECT count(*) FROM event").fetchone()[0]
        return found


def test_it_serves_until_interrupted_and_refuses_a_taken_address(loaded: Command) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = str(door.getsockname()[1])
        said = loaded.cold("serve", "--port", port, "--json")
        assert (said.code, said.json["code"]) == (1, "address-taken")
    with subprocess.Popen(
        [sys.executable, "-m", "uitvoering", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        env=loaded.environment,
        text=True,
    ) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", told)
        assert found, told
        with urllib.request.urlopen(f"{found[0]}/_healthz/livez", timeout=30) as answer:  # noqa: S310 our own server
            assert answer.status == 200
        process.send_signal(signals.SIGINT)
        assert process.wait(timeout=30) == 0
        assert "Traceback" not in process.stderr.read()


def test_starting_up_does_not_pay_for_the_api(empty: Command) -> None:
    """Only `serve`, `demo` and `openapi` need it."""
    code = "import sys, uitvoering.__main__; print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=empty.environment,
        check=True,
    )
    assert not {"fastapi", "starlette", "uvicorn"} & set(json.loads(done.stdout.replace("'", '"')))


def test_a_bar_shows_only_where_someone_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    for terminal in (True, False):
        written = io.StringIO()
        monkeypatch.setattr(console, "notes", Console(file=written, force_terminal=terminal))
        with console.progress("Counting", after=0.0) as step:
            step(1, 2)
        assert ("Counting" in written.getvalue()) is terminal
        assert bool(written.getvalue()) is terminal
