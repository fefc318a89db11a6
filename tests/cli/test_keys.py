"""Signing keys as an operator makes, shows, replaces and ends them."""

import fcntl
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.command import Command
from uitvoering.integrity.keys.key_changes import rotate
from uitvoering.integrity.keys.key_files import ListedKey, Use, create, listed
from uitvoering.integrity.notes.policy_file import policy_of

ORIGIN = "log.example.nl/uitvoering"
POSTGRES = "postgresql://nobody@localhost:1/none"


@pytest.fixture
def made(empty: Command) -> Command:
    """Keys as `keys create` makes them; a command less for every test."""
    create(folder(empty), ORIGIN, [Use.CHECKPOINT, Use.PROMISE], datetime(2026, 1, 5, tzinfo=UTC))
    return empty


def folder(command: Command) -> Path:
    return command.folder / "store.db.keys"


def rows(command: Command) -> list[ListedKey]:
    return listed(folder(command))


def ids(command: Command, *, in_use: bool = True) -> list[str]:
    return [row.key.id.hex() for row in rows(command) if (row.retired_at is None) is in_use]


def test_a_log_gets_its_keys_beside_the_store_and_no_store(empty: Command) -> None:
    said = empty("keys", "create", ORIGIN, "--json")
    assert said.code == 0
    assert [(row["use"], row["kind"], row["name"]) for row in said.json] == [
        ("checkpoint", "ed25519", ORIGIN),
        ("checkpoint", "ml-dsa-44", ORIGIN),
        ("promise", "ed25519", f"{ORIGIN}/promise"),
    ]
    assert said.json == empty("keys", "list", "--json").json
    assert f"stand in {folder(empty)}" in said.err
    assert [path.name for path in empty.folder.iterdir()] == ["store.db.keys"]


@pytest.mark.parametrize(
    ("option", "uses"),
    [("--promise", ["promise"]), ("--checkpoint", ["checkpoint", "checkpoint"])],
)
def test_each_process_can_be_given_its_own_keys_only(
    empty: Command, option: str, uses: list[str]
) -> None:
    assert empty("keys", "create", ORIGIN, option).code == 0
    assert [str(row.use) for row in rows(empty)] == uses


@pytest.mark.parametrize(("lang", "words"), [("nl", "wordt vervangen"), ("en", "none is replaced")])
def test_no_key_is_replaced(made: Command, lang: str, words: str) -> None:
    before = rows(made)
    again = made("keys", "create", ORIGIN, UITVOERING_LANG=lang)
    assert (again.code, again.out) == (1, "")
    assert "(key-exists)" in again.err
    assert words in again.err
    assert rows(made) == before


@pytest.mark.parametrize(
    "words",
    [(), (ORIGIN, "--witness", "w.example"), ("--witness", "w.example", "--promise")],
    ids=" ".join,
)
def test_keys_are_of_one_log_or_of_one_witness(empty: Command, words: tuple[str, ...]) -> None:
    said = empty("keys", "create", *words)
    assert (said.code, said.out) == (2, "")
    assert "--witness" in said.err
    assert not folder(empty).exists()


def test_an_address_with_its_scheme_is_no_name_of_a_log(empty: Command) -> None:
    said = empty("keys", "create", f"https://{ORIGIN}", "--json")
    assert (said.code, said.json["code"]) == (1, "origin-malformed")
    assert not folder(empty).exists()


def test_a_list_shows_every_key_and_no_private_half(made: Command) -> None:
    rotate(folder(made), Use.CHECKPOINT, datetime(2026, 1, 6, tzinfo=UTC))
    told = [made("keys", "list"), made("keys", "list", "--json"), made("keys", "list", "--policy")]
    secrets = [
        path.read_text().split("\n", maxsplit=1)[0].split("+", 4)[4]
        for path in folder(made).glob("*.key")
    ]
    assert len(secrets) == 5
    for said in told:
        assert (said.code, said.err) == (0, "")
        assert "PRIVATE" not in said.out
        assert not [secret for secret in secrets if secret[2:] in said.out]
    for row, shown in zip(rows(made), told[1].json, strict=True):
        assert row.key.id.hex() in told[0].out
        assert shown["verifier_key"] == str(row.key)


def test_a_list_is_ready_to_be_a_policy(made: Command) -> None:
    lines = made("keys", "list", "--policy").out
    policy = policy_of(f"{lines}quorum none\n".encode())
    assert policy.origins == {ORIGIN}
    assert [log.key for log in policy.logs] == [
        row.key for row in rows(made) if row.use is Use.CHECKPOINT
    ]


def test_who_is_given_the_policy_can_check_promises(made: Command) -> None:
    rotate(folder(made), Use.PROMISE, datetime(2026, 1, 6, tzinfo=UTC))
    told = made("keys", "list", "--policy").out.splitlines()
    keys = [str(row.key) for row in rows(made) if row.use is Use.PROMISE]
    assert len(keys) == 2
    assert told[-2:] == [f"# promise {key}" for key in keys]
    assert told[0].startswith("log "), "what a witness enrols stands first"
    made("keys", "retire", rows(made)[2].key.id.hex())
    assert made("keys", "list", "--policy").out.splitlines() == [*told[:-2], told[-1]]


def test_a_witness_counts_once_with_its_two_keys(empty: Command) -> None:
    assert empty("keys", "create", "--witness", "ombudsman.example").code == 0
    lines = empty("keys", "list", "--policy").out
    policy = policy_of(f"{lines}quorum ombudsman.example\n".encode())
    assert [witness.name for witness in policy.witnesses] == [
        "ombudsman.example-ed25519",
        "ombudsman.example-mldsa44",
    ]
    assert policy.holds([b"ombudsman.example-ed25519"])


def test_keys_are_replaced_and_the_old_ended(made: Command) -> None:
    *old, _ = ids(made)
    rotated = made("keys", "rotate")
    assert rotated.code == 0
    new = policy_of(f"{rotated.out}quorum none\n".encode())
    assert len(new.logs) == 2
    assert f"uitvoering keys retire {' '.join(old)}" in rotated.err
    ended = made("keys", "retire", *old)
    assert ended.code == 0
    assert [line.split()[1] for line in ended.out.splitlines()] == old
    assert ids(made)[:2] == [log.key.id.hex() for log in new.logs]
    assert ids(made, in_use=False) == sorted(old)
    assert made("keys", "list", "--policy").out.startswith(rotated.out)


def test_with_json_both_halves_of_a_rotation_are_told(made: Command) -> None:
    rotated = made("keys", "rotate", "--json").json
    assert [len(rotated["old"]), len(rotated["new"]), rotated["last_size"]] == [2, 2, None]
    (ended,) = made("keys", "retire", rotated["old"][0]["id"], "--json").json
    assert ended["id"] == rotated["old"][0]["id"]
    assert ended["retired_at"].endswith("Z")


def test_a_new_promise_key_is_told_by_its_verifier_key(made: Command) -> None:
    said = made("keys", "rotate", "--promise")
    assert said.out.startswith(f"{ORIGIN}/promise+")
    assert "uitvoering serve" in said.err
    assert said.out.strip() in {str(row.key) for row in rows(made)}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_only_key_stays(made: Command, lang: str) -> None:
    said = made("keys", "retire", ids(made)[0], UITVOERING_LANG=lang)
    assert (said.code, said.out) == (1, "")
    assert "(key-last)" in said.err
    assert "uitvoering keys rotate" in said.err
    unknown = made("keys", "retire", "no-such", "--json", UITVOERING_LANG=lang)
    assert (unknown.code, unknown.json["code"]) == (1, "key-unknown")
    assert len(ids(made)) == 3


def test_no_key_of_the_log_ends_while_a_sequencer_signs_with_it(made: Command) -> None:
    ledger = made.folder / "store.db.ledger"
    ledger.mkdir()
    told = {"origin": ORIGIN, "createdAt": "2026-11-22T12:00:00Z", "continues": None}
    (ledger / "ledger.json").write_text(json.dumps(told))
    old, _, promise = ids(made)
    for use in (Use.CHECKPOINT, Use.PROMISE):
        rotate(folder(made), use, datetime(2026, 1, 6, tzinfo=UTC))
    with (ledger / "sequencer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = made("keys", "retire", old, "--json")
        assert (said.code, said.json["code"]) == (1, "ledger-busy")
        assert made("keys", "retire", promise).code == 0, "it signs no promises"
        assert ids(made, in_use=False) == [promise]
    assert made("keys", "retire", old).code == 0


@pytest.mark.parametrize("verb", [("list",), ("rotate",), ("retire", "00000000")], ids=" ".join)
def test_where_no_keys_are_none_are_made(empty: Command, verb: tuple[str, ...]) -> None:
    said = empty("keys", *verb, "--json")
    assert (said.code, said.json["code"]) == (1, "keys-missing")
    assert list(empty.folder.iterdir()) == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_keys_that_others_could_read_are_refused_with_the_remedy(made: Command, lang: str) -> None:
    (folder(made) / "promise.key").chmod(0o644)
    said = made("keys", "list", UITVOERING_LANG=lang)
    assert (said.code, said.out) == (1, "")
    assert "(keys-exposed)" in said.err
    assert f"chmod 0600 {folder(made) / 'promise.key'}" in said.err


def test_with_postgresql_the_folder_must_be_named(empty: Command) -> None:
    said = empty("keys", "create", ORIGIN, "--json", UITVOERING_STORE=POSTGRES)
    assert (said.code, said.json["code"]) == (1, "keys-unplaced")
    assert "UITVOERING_KEYS" in said.err
    named = {"UITVOERING_STORE": POSTGRES, "UITVOERING_KEYS": str(empty.folder / "mine")}
    assert empty("keys", "create", ORIGIN, **named).code == 0
    assert (empty.folder / "mine" / "promise.key").is_file()
