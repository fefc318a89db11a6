"""History kept, brought back and handed over, as an operator types it."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.cli.command import Command

HERE = "sqlite:///restored.db"


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_backup_comes_back_as_it_was(loaded: Command) -> None:
    file = "kept.backup"
    made = loaded("backup", file)
    assert (made.code, made.err) == (0, "")
    assert f"{file} holds " in made.out
    back = loaded("restore", file, UITVOERING_STORE=HERE)
    assert back.code == 0
    assert "sqlite:///restored.db holds " in back.out
    assert made.out.splitlines()[1] == back.out.splitlines()[1]
    assert made.out.splitlines()[1].startswith("sha256 ")
    assert "one revoked since then is valid again" in back.err
    for verb in (("replay", "--json"), ("events",), ("token", "list")):
        assert loaded(*verb, UITVOERING_STORE=HERE).out == loaded(*verb).out
    again = loaded("backup", "again.backup", "--json", UITVOERING_STORE=HERE)
    assert again.json["sha256"] in made.out


def test_with_json_both_say_the_same_of_the_events(fresh: Command) -> None:
    made = fresh("backup", "kept.backup", "--json")
    back = fresh("restore", "kept.backup", "--json", UITVOERING_STORE=HERE)
    assert (made.code, back.code, made.err) == (0, 0, "")
    counted = ("made_at", "events", "last_position", "sha256")
    assert {key: made.json[key] for key in counted} == {key: back.json[key] for key in counted}
    assert made.json["events"] == len(lines(fresh("events").out))
    assert made.json["file"] == "kept.backup"
    assert back.json["store"] == HERE


def test_the_restored_store_goes_on(fresh: Command) -> None:
    fresh("case", "load", "b-fsv")
    fresh("backup", "kept.backup")
    fresh("restore", "kept.backup", UITVOERING_STORE=HERE)
    before = fresh("events", UITVOERING_STORE=HERE).out
    assert fresh("case", "load", "a-caf11", UITVOERING_STORE=HERE).code == 0
    assert fresh("events", UITVOERING_STORE=HERE).out.startswith(before)
    assert fresh("rebuild", "--json", UITVOERING_STORE=HERE).json["same_as_replay"] is True


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_is_there_is_not_replaced(fresh: Command, lang: str) -> None:
    assert fresh("backup", "kept.backup").code == 0
    again = fresh("backup", "kept.backup", UITVOERING_LANG=lang)
    assert (again.code, again.out) == (1, "")
    assert {"nl": "Noem een ander bestand.", "en": "Name another file."}[lang] in again.err
    into = fresh("restore", "kept.backup", UITVOERING_LANG=lang)
    assert (into.code, into.out) == (1, "")
    assert {"nl": "noem een andere in", "en": "name another in"}[lang] in into.err
    assert "UITVOERING_STORE" in into.err
    assert fresh("restore", "kept.backup", "--json").json["code"] == "store-in-use"


def test_damage_is_a_broken_integrity_and_no_store(fresh: Command) -> None:
    fresh("backup", "kept.backup")
    kept = fresh.folder / "kept.backup"
    kept.write_bytes(kept.read_bytes()[:20_000])
    said = fresh("restore", "kept.backup", UITVOERING_STORE=HERE)
    assert (said.code, said.out) == (3, "")
    assert "(backup-damaged)" in said.err
    assert "Use another copy." in said.err
    assert not (fresh.folder / "restored.db").exists()


def test_a_store_is_no_backup_until_it_was_backed_up(fresh: Command) -> None:
    said = fresh("restore", "store.db", "--json", UITVOERING_STORE=HERE)
    assert (said.code, said.json["code"]) == (1, "backup-unknown")
    assert fresh("restore", "no-such-file", "--json").json["code"] == "file-unknown"
    assert fresh("backup", "no/such/folder/file", "--json").json["code"] == "file-unwritable"


@pytest.mark.parametrize("words", [("backup", "kept.backup"), ("events",)])
def test_no_store_no_backup_and_no_events(empty: Command, words: tuple[str, ...]) -> None:
    said = empty(*words)
    assert (said.code, said.out) == (1, "")
    assert "(schema-missing)" in said.err
    assert list(empty.folder.iterdir()) == []


def test_events_are_the_bytes_that_are_stored(loaded: Command) -> None:
    said = loaded("events")
    assert (said.code, said.err) == (0, "")
    with closing(sqlite3.connect(loaded.folder / "store.db")) as store:
        rows = store.execute("SELECT position, topic, state FROM event ORDER BY position")
        wanted = [
            f'{{"position":{position},"topic":"{topic}","event":{state.decode()}}}'
            for position, topic, state in rows
        ]
    assert said.out.splitlines() == wanted


def test_events_between_two_positions_and_of_one_stream(loaded: Command, signal: str) -> None:
    every = lines(loaded("events").out)
    some = lines(loaded("events", "--after", "5", "--until", "9").out)
    assert [row["position"] for row in some] == [6, 7, 8, 9]
    assert some == every[5:9]
    of_one = lines(loaded("events", "--stream", signal).out)
    assert of_one == [row for row in every if row["event"]["originator_id"] == signal]
    assert len(of_one) > 2
    middle = of_one[1]["position"]
    later = loaded("events", "--stream", signal, "--after", str(middle)).out
    assert lines(later) == of_one[2:]
    assert loaded("events", "--after", "999999").out == ""
    unknown = loaded("events", "--stream", "nobody", "--json")
    assert (unknown.code, unknown.json["code"]) == (1, "stream-unknown")
    assert loaded("events", "--after", "-1").code == 2


def test_events_with_json_are_one_document(loaded: Command) -> None:
    assert loaded("events", "--json").json == lines(loaded("events").out)
    assert loaded("events", "--json", "--after", "999999").json == []


def test_a_terminal_that_lacks_a_letter_changes_no_byte(loaded: Command) -> None:
    assert loaded("events", PYTHONIOENCODING="ascii").out == loaded("events").out


@pytest.mark.parametrize("state", ["{", '{"a":\n1}'])
def test_an_event_that_is_no_line_of_json_is_told_and_not_handed_over(
    fresh: Command, state: str
) -> None:
    with closing(sqlite3.connect(fresh.folder / "store.db", isolation_level=None)) as store:
        store.execute("DROP TRIGGER event_is_not_changed")
        store.execute("UPDATE event SET state = ? WHERE position = 2", (state.encode(),))
    said = fresh("events")
    assert said.code == 3
    assert "(state-unreadable)" in said.err
    assert [row["position"] for row in lines(said.out)] == [1]
