"""`ledger`: a log is begun, carried on and looked at from the command line."""

import errno
import json
import shutil
import signal as signals
import sqlite3
import subprocess
import sys
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.cli.test_following import SIGNAL, becomes_true
from tests.cli.test_manners import heeding_ctrl_c
from tests.cli.test_serving import Refusing
from tests.integrity.watched import serving, witness_in, witness_keys
from uitvoering.cli import ledger as verbs
from uitvoering.integrity.keys.key_files import KeyFiles
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.rows import SignedCheckpoint
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.settings import Settings
from uitvoering.wiring import create_ledger

ORIGIN = "log.example.nl/uitvoering"


@pytest.fixture
def logged(fresh: Command) -> Command:
    create_ledger(Settings(store=fresh.environment["UITVOERING_STORE"]), ORIGIN)
    return fresh


def ledger_of(command: Command) -> Ledger:
    return Ledger.opened(command.folder / "store.db.ledger")


def filed(command: Command) -> None:
    assert command("record", "signal-hardship", SIGNAL).code == 0


def test_a_log_is_begun_and_carried_on_once(fresh: Command) -> None:
    logged = fresh
    said = logged("ledger", "create", ORIGIN, "--json")
    assert (said.code, said.json["origin"], said.json["size"]) == (0, ORIGIN, 0), said.err
    ledger = ledger_of(logged)
    assert (ledger.origin, ledger.published().checkpoint.size) == (ORIGIN, 0)
    filed(logged)
    told = logged("ledger", "follow", "--once", "--json").json
    published = ledger.published().checkpoint
    assert (told["origin"], told["size"], told["root"]) == (
        ORIGIN,
        published.size,
        published.root.hex(),
    )
    standing = logged("ledger", "status", "--json").json
    assert (standing["size"], standing["lag_events"], standing["late"]) == (published.size, 0, [])
    again = logged("ledger", "follow", "--once")
    assert (again.code, again.err) == (0, "")
    assert f"{published.size} leaves" in again.out
    assert ledger.published().checkpoint == published
    shown = logged("ledger", "status")
    assert str(published.size) in shown.out
    assert "Nobody but the log itself" in shown.err


def test_without_a_log_every_verb_says_how_to_begin_one(fresh: Command) -> None:
    for words in (("follow", "--once"), ("status",)):
        said = fresh("ledger", *words)
        assert said.code == 1
        assert "ledger create" in said.err


def test_what_cannot_begin_a_log_is_refused(logged: Command) -> None:
    assert logged("ledger", "create", ORIGIN, "--json").json["code"] == "ledger-exists"
    shutil.rmtree(ledger_of(logged).directory)
    witness = f"witness w {new_key('w', Kind.COSIGNATURE).public} getuige.example.nl"
    (logged.folder / "placeless").write_text(f"{witness}\nquorum w\n")
    for words, code in (
        (("https://log.example.nl",), "origin-malformed"),
        ((ORIGIN, "--policy", "nowhere"), "file-unknown"),
        ((ORIGIN, "--after", "nowhere"), "file-unknown"),
        ((ORIGIN, "--policy", "."), "file-unreadable"),
        ((ORIGIN, "--policy", "placeless"), "witness-address"),
        (("another.example.nl",), "continuation-missing"),
    ):
        said = logged("ledger", "create", *words, "--json")
        assert (said.code, said.json["code"]) == (1, code)
    nowhere = logged("ledger", "status", UITVOERING_STORE="postgresql://nobody@127.0.0.1:1/none")
    assert "UITVOERING_LEDGER" in nowhere.err


def test_a_log_that_cannot_go_on_is_followed_by_another(logged: Command) -> None:
    filed(logged)
    size = logged("ledger", "follow", "--once", "--json").json["size"]
    old = ledger_of(logged).directory
    old.rename(logged.folder / "old")
    second = "log.example.nl/second"
    said = logged("ledger", "create", second, "--after", "old", "--json")
    assert (said.code, said.json["size"]) == (0, 1), said.err
    assert logged("ledger", "follow", "--once", "--json").json["size"] == size + 1
    assert ledger_of(logged).continues is not None


def test_a_store_brought_back_from_before_stops_the_log_with_exit_code_3(
    logged: Command, tmp_path: Path
) -> None:
    store = logged.folder / "store.db"
    with closing(sqlite3.connect(store)) as copying:
        copying.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    filed(logged)
    before = logged("ledger", "follow", "--once", "--json").json
    for part in ("", "-wal", "-shm"):
        Path(f"{store}{part}").unlink(missing_ok=True)
    (tmp_path / "copy.db").rename(store)
    with closing(sqlite3.connect(store)) as copied:
        copied.execute("PRAGMA journal_mode=WAL")
    said = logged("ledger", "follow", "--json")
    assert (said.code, said.json["code"]) == (3, "store-differs")
    assert "nothing more is signed" in said.err.lower()
    assert ledger_of(logged).published().checkpoint.size == before["size"]


def test_witnesses_are_asked_now(logged: Command, tmp_path: Path) -> None:
    assert "no witness" in logged("ledger", "witness").out
    ledger, keys = ledger_of(logged), witness_keys()
    own = KeyFiles(logged.folder / "store.db.keys", ORIGIN).checkpoint_keys()
    rows = [f"log {own[0].public}"]
    witness = witness_in(tmp_path / "witness", keys=keys)
    for key in own:
        witness.enrol(key.public)
    with serving(witness) as served:
        rows += [f"witness ministry {keys[0].public} {served.url}", "quorum ministry", ""]
        ledger.policy.write_text("\n".join(rows))
        logged("ledger", "follow", "--once")
        told = logged("ledger", "witness", "--json")
        assert (told.code, told.json) == (
            0,
            [{"witness": "ministry", "cosigned": True, "refused": None}],
        )
        assert "ministry cosigned" in logged("ledger", "witness").out
    standing = logged("ledger", "status", "--json").json
    assert (standing["cosigned_by"], standing["quorum_size"]) == (["ministry"], standing["size"])
    gone = logged("ledger", "witness")
    assert gone.code == 1
    assert "ministry did not cosign" in gone.out


def test_a_witness_that_refuses_is_shown_with_what_it_said(logged: Command, tmp_path: Path) -> None:
    ledger, keys = ledger_of(logged), witness_keys()
    [own, *_] = KeyFiles(logged.folder / "store.db.keys", ORIGIN).checkpoint_keys()
    with serving(witness_in(tmp_path / "witness", keys=keys)) as served:  # it knows of no log
        rows = (f"log {own.public}", f"witness ministry {keys[0].public} {served.url}")
        ledger.policy.write_text("\n".join((*rows, "quorum ministry", "")))
        logged("ledger", "follow", "--once")
    [line] = logged("ledger", "status", "--json").json["refusals"]
    assert line.startswith("ministry: witness-refused 404")
    shown = " ".join(logged("ledger", "status").out.split())
    assert "Refuses to cosign │ ministry: witness-refused 404" in shown


def test_a_full_disk_under_the_answers_stops_no_log_and_who_leaves_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UITVOERING_LANG", "en")
    signed = SignedCheckpoint(1, Checkpoint(ORIGIN, 5, bytes(32)), b"", 0)
    for number, ends in (
        (errno.ENOSPC, nullcontext()),
        (errno.EPIPE, pytest.raises(BrokenPipeError)),
    ):
        with monkeypatch.context() as patched, ends:
            patched.setattr("sys.stdout", Refusing(number))
            verbs._show_or_note(signed, as_json=True)  # noqa: SLF001 what `follow` calls
    told = " ".join(capsys.readouterr().err.split())
    assert told.count("Signed over 5 leaves") == 1
    assert "No space left on device" in told


@pytest.mark.parametrize("ending", [signals.SIGINT, signals.SIGTERM])
def test_follow_signs_what_is_filed_until_it_is_stopped(
    logged: Command, ending: signals.Signals
) -> None:
    ledger = ledger_of(logged)
    with subprocess.Popen(
        [sys.executable, "-m", "uitvoering", "ledger", "follow", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=logged.environment,
        preexec_fn=heeding_ctrl_c,  # noqa: PLW1509 no thread of ours runs here
    ) as process:
        try:
            becomes_true(process, lambda: ledger.published().checkpoint.size > 0)
            first = ledger.published().checkpoint.size
            if ending == signals.SIGTERM:
                refused = logged("ledger", "follow", "--once", "--json")
                assert (refused.code, refused.json["code"]) == (1, "ledger-busy")
                filed(logged)
                becomes_true(process, lambda: ledger.published().checkpoint.size > first)
        finally:
            process.send_signal(ending)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert b"Traceback" not in err
    assert b"Stopped" in err
    sizes = [json.loads(part + "}")["size"] for part in out.decode().split("}\n") if part.strip()]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == ledger.published().checkpoint.size
