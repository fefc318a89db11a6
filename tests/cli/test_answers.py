"""Every verb answers on standard output, in words or as one JSON document."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.command import Command
from uitvoering.application.kinds import COMMANDS
from uitvoering.projections.read_models import READ_MODELS

READS = [
    ("hotspots",),
    ("replay",),
    ("replay", "--clock", "recorded", "--as-of", "2020-06-30"),
    ("settings",),
    ("version",),
    ("commands",),
    ("commands", "hand-on"),
    ("case", "list"),
    ("token", "list"),
    ("openapi",),
]


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_a_read_with_json_is_one_document_and_says_nothing_beside_it(
    loaded: Command, words: tuple[str, ...]
) -> None:
    said = loaded(*words, "--json")
    assert (said.code, said.err) == (0, "")
    assert isinstance(said.json, (list, dict))


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_a_read_without_json_answers_in_words(loaded: Command, words: tuple[str, ...]) -> None:
    said = loaded(*words)
    assert (said.code, said.err) == (0, "")
    assert said.out.strip() or words == ("token", "list")


def test_a_trail_is_a_table_a_document_or_a_picture(loaded: Command, signal: str) -> None:
    assert "hardship" in loaded("trail", signal).out or "signal" in loaded("trail", signal).out
    rows = loaded("trail", signal, "--json").json
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    drawn = loaded("trail", signal, "--svg", "trail.svg")
    assert (drawn.code, drawn.out) == (0, "")
    assert "trail.svg" in drawn.err
    picture = ET.parse(loaded.folder / "trail.svg").getroot()  # noqa: S314 our own
    assert picture.tag.endswith("svg")


def test_a_trail_as_of_a_day_holds_what_was_known_then(loaded: Command, signal: str) -> None:
    now = loaded("trail", signal, "--json").json
    happened = loaded("trail", signal, "--as-of", "2020-02-27", "--json").json
    recorded = loaded(
        "trail", signal, "--clock", "recorded", "--as-of", "2020-02-28", "--json"
    ).json
    assert 0 < len(happened) < len(now)
    assert len(recorded) <= len(happened)


def test_a_case_says_what_the_product_sees_in_it(empty: Command) -> None:
    said = empty("case", "run", "b-fsv", "--json")
    assert (said.code, said.err) == (0, "")
    seen = said.json
    assert {"case", "facts", "comparisons", "lapses", "visible"} <= set(seen)
    assert {"from", "to", "kind", "overall"} <= set(seen["comparisons"][0])
    assert "FSV" in empty("case", "run", "b-fsv").out
    assert not (empty.folder / "store.db").exists(), "a run leaves the configured store alone"


def test_a_case_loaded_twice_is_there_once(fresh: Command) -> None:
    first = fresh("case", "load", "a-caf11", "--json").json
    digests = fresh("replay", "--json").json
    assert fresh("case", "load", "a-caf11", "--json").json == first
    assert fresh("replay", "--json").json == digests
    assert {row["name"] for row in digests} == set(READ_MODELS)


def test_rebuilding_and_migrating_again_change_nothing(fresh: Command) -> None:
    fresh("case", "load", "b-fsv")
    before = fresh("replay", "--json").json
    assert fresh("migrate", "--json").json["schema_version"] >= 1
    assert fresh("rebuild", "--json").json["same_as_replay"] is True
    assert fresh("replay", "--json").json == before


def test_the_clocks_record_each_due_moment_once(fresh: Command) -> None:
    sent = json.dumps(json.loads(SIGNAL) | {"to": "team-lead"})
    fresh("record", "signal-hardship", sent, "--id", "s1")
    assert fresh("tick", "--json").json["recorded"] > 0
    assert fresh("tick", "--json").json == {"recorded": 0}


SIGNAL = json.dumps(
    {
        "happened_on": "2026-01-05",
        "body": "uwv",
        "statement": {"text": "Bij 30 mensen is de uitkering te laat.", "severity": 3},
    }
)


def test_the_same_words_for_record_are_the_same_act(fresh: Command) -> None:
    first = fresh("record", "signal-hardship", SIGNAL, "--json").json["landed"][0]
    again = fresh("record", "signal-hardship", "-", "--json", typed=SIGNAL).json["landed"][0]
    assert (first["recorded"] > 0, again["recorded"]) == (True, 0)
    assert first["subject"] == again["subject"]
    assert len(fresh("trail", first["subject"], "--json").json) == 1


def test_every_command_is_listed_with_an_example_that_can_be_used(empty: Command) -> None:
    listed = empty("commands", "--json").json
    assert set(listed) == set(COMMANDS)
    for name, told in listed.items():
        assert COMMANDS[name].model_validate(told["example"]).name() == name
        assert told["schema"]["properties"]
        assert told["roles"]


def test_a_token_is_shown_once_and_revoked_at_once(fresh: Command) -> None:
    made = fresh("token", "create", "--organisation", "uwv", "--level", "team-lead", "--json").json
    listed = fresh("token", "list", "--json").json
    assert [row["id"] for row in listed] == [made["id"]]
    assert made["token"] not in fresh("token", "list").out
    assert fresh("token", "revoke", made["id"], "--json").json == {"revoked": made["id"]}
    assert fresh("token", "list", "--json").json[0]["revoked_at"]


def test_a_token_goes_alone_to_standard_output(fresh: Command) -> None:
    said = fresh("token", "create", "--organisation", "uwv", "--level", "board")
    assert len(said.out.split()) == 1
    assert said.out.strip() not in said.err


def test_settings_say_where_each_value_came_from_and_hide_a_password(empty: Command) -> None:
    said = empty("settings", "--json", UITVOERING_STORE="postgresql://me:secret@db:5432/uitvoering")
    rows = {row["setting"]: row for row in said.json}
    assert rows["UITVOERING_STORE"]["value"] == "postgresql://me@db:5432/uitvoering"
    assert rows["UITVOERING_STORE"]["from"] != rows["UITVOERING_POOL_SIZE"]["from"]
    assert all(row["means"] for row in rows.values())


def test_a_demonstration_verifies_itself_and_says_where_its_picture_is(empty: Command) -> None:
    seen = empty("demo", "--no-serve", "--json", TMPDIR=str(empty.folder)).json
    assert seen["same_as_replay"] is True
    assert all(Path(picture).is_file() for picture in seen["pictures"])
    assert seen["verified"] is True
    assert Path(seen["receipt"]).is_file()
    assert (Path(seen["evidence"]) / "manifest.json").is_file()
    again = empty("demo", "--no-serve", "--json", TMPDIR=str(empty.folder)).json
    digests = [
        {row["name"]: row["sha256"] for row in told["read_models"]} for told in (seen, again)
    ]
    # What opens the words is random, and a receipt says the digest of the bytes that hold it.
    differing = {name for name in digests[0] if digests[0][name] != digests[1][name]}
    assert differing <= {"my_signals"}, "the same facts, the same digests"


def test_a_demonstration_shows_a_table(empty: Command) -> None:
    said = empty("demo", "--no-serve", TMPDIR=str(empty.folder))
    assert said.code == 0
    assert ".svg" in said.out
    assert "Replaying" in said.out or "replay" in said.out


PAIR = json.dumps(
    {
        "id": "1",
        "lang": "nl",
        "original": {"text": "Bij 300 mensen is de uitkering stopgezet.", "severity": 4},
        "original_on": "2026-02-02",
        "restated": {"text": "Er zijn enkele klachten.", "severity": 2},
        "restated_on": "2026-02-09",
        "reason_code": None,
        "reason": None,
    }
)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_pairs_are_answered_in_order_and_a_bad_line_in_its_place(empty: Command, jobs: str) -> None:
    said = empty("compare", "--json", "--jobs", jobs, typed=f"{PAIR}\nnot json\n{PAIR}\n")
    first, bad, last = (json.loads(line) for line in said.out.splitlines())
    assert said.code == 1
    assert first == last
    assert first["overall"] == "softened"
    assert len(first["dimensions"]) == 12
    assert set(bad) == {"id", "error"}


def test_a_pair_is_shown_with_the_words_it_rests_on(empty: Command) -> None:
    said = empty("compare", typed=PAIR)
    assert said.code == 0
    assert "300" in said.out


def test_the_documents_are_made_where_one_asks(empty: Command) -> None:
    said = empty("docs", ".", "--json")
    assert said.json == {"written": ["events.md", "glossary.md"]}
    written = empty("openapi", "-o", "api.json")
    assert (written.code, written.out) == (0, "")
    assert json.loads((empty.folder / "api.json").read_text("utf-8"))["openapi"].startswith("3.")
