"""`uitvoering-witness`: a body makes a witness, enrols a log, serves, and sees what it refused."""

import re
import shutil
import signal as signals
import socket
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.command import ROOT, Command
from tests.integrity.watched import NOON, ORIGIN, Log, log_of
from uitvoering.cli.witnessing import app
from uitvoering.integrity.notes.keys import Kind, PublicKey, new_key, public_key
from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.witness.client import (
    WitnessClient,
    WitnessForkError,
    WitnessUnreachableError,
)
from uitvoering.integrity.witness.folder import open_witness
from uitvoering.integrity.witness.request import body_of
from uitvoering.labels.table import LANGUAGES, Labels

VERBS = [str(command.name) for command in app.registered_commands]
NAME = "witness.example.nl"


@pytest.fixture
def witness(tmp_path: Path) -> Command:
    settings = {"UITVOERING_LANG": "en", "UITVOERING_WITNESS": str(tmp_path / "witness")}
    # A store that cannot be: a witness needs none of ours.
    settings["UITVOERING_STORE"] = "sqlite:////dev/null/none.db"
    return Command(tmp_path, settings, "uitvoering-witness")


@pytest.fixture
def made(witness: Command) -> Command:
    assert witness("create", NAME).code == 0
    return witness


def enrol(made: Command, log: Log) -> None:
    for key in log.keys:
        assert made("enrol", str(key.public)).code == 0


@contextmanager
def served(made: Command, *words: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The real process, and where it listens."""
    run = "from uitvoering.cli.witnessing import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", run, "serve", "--port", "0", *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=made.environment,
    ) as process:
        assert process.stderr is not None
        found = re.search(r"http://\S+(?=\.)", process.stderr.readline())
        try:
            assert found
            yield process, found[0]
        finally:
            process.kill()


def keys_of(made: Command) -> list[PublicKey]:
    return [public_key(row["vkey"]) for row in made("key", "--json").json["keys"]]


def test_it_is_a_command_of_its_own() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts["uitvoering-witness"] == "uitvoering.cli.witnessing:main"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verb", VERBS)
def test_help_needs_no_witness_and_holds_an_example(witness: Command, verb: str, lang: str) -> None:
    said = witness(verb, "--help", UITVOERING_LANG=lang)
    assert (said.code, said.err) == (0, "")
    example = Labels.load(lang).text(f"cli.witness.{verb}.example")
    assert example.startswith(f"uitvoering-witness {verb}")
    assert example.split()[1] in said.out
    assert re.search(r"3 (the record|het geheugen)", " ".join(said.out.split())), "exit code"
    assert not (witness.folder / "witness").exists()


def test_a_witness_is_made_once_with_keys_for_itself_alone(witness: Command) -> None:
    said = witness("create", NAME)
    assert said.code == 0
    policy = policy_of(f"{said.out.split(':', 1)[1].strip()}\nquorum {NAME}\n".encode())
    assert [entry.name for entry in policy.witnesses] == [f"{NAME}-ed25519", f"{NAME}-mldsa44"]
    folder = witness.folder / "witness"
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "keys": 0o700,
        "witness.db": 0o600,
    }
    private = [path.read_text().splitlines()[0] for path in (folder / "keys").glob("*.key")]
    assert len(private) == 2
    assert not any(key in said.out + said.err for key in private)
    for name in (NAME, "other.example.nl"):
        again = witness("create", name, "--json")
        assert (again.code, again.json["code"]) == (1, "witness-exists")
    assert witness("key").out in said.out


@pytest.mark.parametrize("name", ["https://x.nl", "x.nl/", "/x", "a b", "a+b", "", "é" * 128])
def test_a_name_is_an_address(witness: Command, name: str) -> None:
    said = witness("create", name, "--json")
    assert (said.code, said.json["code"]) == (1, "witness-name")
    assert not (witness.folder / "witness").exists()


def test_a_folder_that_cannot_be_made_is_told(witness: Command) -> None:
    said = witness("create", NAME, "--json", UITVOERING_WITNESS=f"./{'x' * 300}")
    assert (said.code, said.json["code"]) == (1, "keys-unwritable")


def test_keys_are_shown_as_lines_of_a_policy_with_the_address(made: Command) -> None:
    lines = made("key", "--url", "https://w.example.nl").out.splitlines()
    policy = policy_of("\n".join([*lines, f"quorum {NAME}", ""]).encode())
    assert {entry.url for entry in policy.witnesses} == {"https://w.example.nl"}
    assert policy.holds([f"{NAME}-mldsa44".encode()]), "one body counts once, with either key"


@pytest.mark.parametrize("url", ["getuige.example.nl", "https://w.example.nl\nquorum none"])
def test_no_log_is_given_an_address_that_it_cannot_ask(made: Command, url: str) -> None:
    said = made("key", "--url", url, "--json")
    assert (said.code, said.json["code"]) == (1, "witness-address")


@pytest.mark.parametrize("verb", ["serve", "status", "evidence", "key"])
def test_nothing_is_made_by_accident(witness: Command, verb: str) -> None:
    said = witness(verb, "--json")
    assert (said.code, said.json["code"]) == (1, "witness-missing")
    assert not (witness.folder / "witness").exists()


def test_without_its_record_a_witness_stays_silent_for_good(made: Command) -> None:
    folder = made.folder / "witness"
    (folder / "witness.db").unlink()
    for words in (["serve"], ["status"], ["enrol", str(log_of(1).keys[0].public)]):
        said = made(*words, "--json")
        assert (said.code, said.json["code"]) == (3, "witness-record-lost")
    assert made("create", NAME).code == 1, "nor is an empty one made under its keys"
    assert not (folder / "witness.db").exists()


def test_keys_that_others_can_read_are_not_used(made: Command) -> None:
    (made.folder / "witness" / "keys" / "witness-ed25519.key").chmod(0o644)
    said = made("serve", "--json")
    assert (said.code, said.json["code"]) == (1, "keys-exposed")


def test_a_creation_that_was_cut_short_is_taken_up_again(made: Command) -> None:
    folder = made.folder / "witness"
    (folder / "keys" / "witness-mldsa44.key").unlink()
    assert made("key").code == 1
    assert made("create", NAME).code == 0
    shutil.rmtree(folder / "keys")
    assert made("create", "other.example.nl").code == 0, "no key had cosigned anything"


def test_keys_of_a_log_are_enrolled_and_withdrawn(made: Command) -> None:
    key = str(log_of(0).keys[0].public)
    assert "is watched under key" in made("enrol", key).out
    assert "already" in made("enrol", f"  {key}\n").out
    assert made("status", "--json").json["logs"] == [
        {
            "origin": ORIGIN,
            "size": None,
            "root": None,
            "stated_at": None,
            "trusted_keys": 1,
            "evidence": 0,
        }
    ]
    assert made("withdraw", key, "--json").json["changed"]
    assert "not trusted here" in made("withdraw", key).out
    assert made("status", "--json").json["logs"][0]["trusted_keys"] == 0
    said = made("enrol", key[:-4], "--json")
    assert (said.code, said.json["code"]) == (1, "key-malformed")
    assert made("enrol").code == 2


@pytest.mark.parametrize(("lang", "words"), [("nl", "ondertekent beloften"), ("en", "promises")])
def test_the_key_that_promises_is_not_enrolled(made: Command, lang: str, words: str) -> None:
    key = new_key(f"{ORIGIN}/promise", Kind.ED25519).public
    said = made("enrol", str(key), UITVOERING_LANG=lang)
    assert (said.code, said.out) == (1, "")
    assert "(promise-key-enrolled)" in said.err
    assert words in said.err
    assert "checkpoint-ed25519.pub" in said.err
    assert f" {ORIGIN}" in said.err.replace(str(key), "")
    assert made("status", "--json").json["logs"] == []


def test_it_serves_until_stopped_and_knows_what_it_cosigned_after_kill_9(made: Command) -> None:
    log = log_of(6)
    enrol(made, log)
    with served(made, "--prefix", "getuige") as (process, url):
        assert url.endswith("/getuige")
        client = WitnessClient("w", url, keys_of(made))
        assert len(client.add(log.note(), log.checkpoint(), log.proof, 0)) == 2
        process.send_signal(signals.SIGKILL)
        process.wait(timeout=20)
        with pytest.raises(WitnessUnreachableError):
            client.view(ORIGIN)
    assert made("evidence").out == "Nothing was refused that says anything of a log.\n"
    shown = made("status").out
    assert ORIGIN in shown
    assert re.search(r"\d\d-\d\d-20\d\d \d\d:\d\d", shown), "day, month, year"
    with served(made) as (process, url):
        client = WitnessClient("w", url, keys_of(made))
        forged = log.grown(8).rewritten(2)
        with pytest.raises(WitnessForkError):
            client.add(forged.note(), forged.checkpoint(), forged.proof, 6)
        grown = log.grown(8)
        client.add(grown.note(), grown.checkpoint(), grown.proof, 6)
        with pytest.raises(WitnessForkError):
            client.add(forged.note(), forged.checkpoint(), forged.proof, 8)
        process.send_signal(signals.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        told = process.stderr.read()
    assert f"POST add-checkpoint 422 {ORIGIN} 8 other-past" in told
    assert "The witness has stopped" in told
    assert "Traceback" not in told
    said = made("evidence", "--json")
    assert said.code == 3
    assert [(row["number"], row["reason"], row["held"]["size"]) for row in said.json] == [
        (1, "other-past", 6),
        (2, "same-size", 8),
    ]
    assert sorted(path.name for path in Path(said.json[1]["folder"]).iterdir()) == [
        "held",
        "offered",
        "refusal.json",
        "request",
    ]
    table = made("evidence")
    assert table.code == 3
    assert "two histories" in table.out
    assert "docs/witness.md" in table.err
    assert made("evidence", "--after", "2").code == 0
    assert made("status", "--json").json["logs"][0]["evidence"] == 2


def test_a_smaller_tree_is_shown_and_is_no_alarm(made: Command) -> None:
    log = log_of(6)
    enrol(made, log)
    witness = open_witness(made.folder / "witness", lambda: NOON)
    assert witness.add_checkpoint(log.request(0)).status == 200
    assert witness.add_checkpoint(body_of(6, [], log.note(4))).status == 400
    said = made("evidence")
    assert said.code == 0
    assert "smaller than what was cosigned" in said.out


def test_after_a_long_silence_somebody_says_that_the_clock_is_right(made: Command) -> None:
    log = log_of(6)
    enrol(made, log)
    long_ago = open_witness(made.folder / "witness", lambda: NOON - 400 * 86_400)
    assert long_ago.add_checkpoint(log.request(0)).status == 200
    grown = log.grown(7)
    with served(made) as (_, url):
        client = WitnessClient("w", url, keys_of(made))
        with pytest.raises(WitnessUnreachableError, match="503"):
            client.add(grown.note(), grown.checkpoint(), grown.proof, 6)
        said = made("confirm-clock")
        assert (said.code, "cosigns again" in said.out) == (0, True)
        assert len(client.add(grown.note(), grown.checkpoint(), grown.proof, 6)) == 2
    assert set(made("confirm-clock", "--json").json) == {"confirmed"}


def test_a_taken_address_is_told(made: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        said = made("serve", "--port", str(door.getsockname()[1]), "--json")
    assert (said.code, said.json["code"]) == (1, "address-taken")


def test_a_record_of_a_newer_version_is_left_alone(made: Command) -> None:
    with closing(sqlite3.connect(made.folder / "witness" / "witness.db")) as record:
        record.execute("PRAGMA user_version = 9")
    said = made("status", "--json")
    assert (said.code, said.json["code"]) == (1, "schema-newer")
