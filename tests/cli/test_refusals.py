"""What is refused, and how: one clear problem, the code the API gives too, and nothing recorded."""

import json
from typing import Any

import pytest

from tests.cli.command import Command, Said

SIGNAL = {
    "id": "s1",
    "command": "signal-hardship",
    "happened_on": "2026-01-05",
    "body": "uwv",
    "statement": {"text": "Bij 30 mensen is de uitkering te laat.", "severity": 3},
}
HAND_ON = {
    "id": "h1",
    "command": "hand-on",
    "subject": "s1",
    "happened_on": "2026-01-06",
    "to": "department",
}

REFUSED = [
    (("trail", "not-there"), "subject-unknown"),
    (("trail", "not-there", "--as-of", "2099-01-01"), "subject-unknown"),
    (("replay", "--as-of", "2099-01-01"), "moment-in-future"),
    (("rebuild", "no_such"), "read-model-unknown"),
    (("case", "run", "no-such"), "case-unknown"),
    (("case", "load", "no-such"), "case-unknown"),
    (("import", "no-such.jsonl"), "file-unknown"),
    (("commands", "no-such"), "command-unknown"),
    (("token", "revoke", "no-such"), "token-unknown"),
    (("token", "create", "--organisation", "nix", "--level", "board"), "organisation-unknown"),
    (("docs", "no/such/folder"), "file-unwritable"),
    (("openapi", "-o", "no/such/file.json"), "file-unwritable"),
]


@pytest.mark.parametrize(("words", "code"), REFUSED, ids=str)
def test_a_refusal_says_what_is_the_case_in_both_forms(
    loaded: Command, words: tuple[str, ...], code: str
) -> None:
    said = loaded(*words, "--json")
    assert said.code == 1
    assert said.json["code"] == code
    assert said.json["detail"] in said.err
    assert f"({code})" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "words", [("tick",), ("hotspots",), ("replay",), ("token", "list"), ("import", "-")]
)
def test_a_store_that_was_not_made_is_refused_and_not_made(
    empty: Command, words: tuple[str, ...]
) -> None:
    said = empty(*words)
    assert (said.code, said.out) == (1, "")
    assert "(schema-missing)" in said.err
    assert "uitvoering migrate" in said.err
    assert not (empty.folder / "store.db").exists()


def test_a_store_that_is_no_address_is_refused(empty: Command) -> None:
    said = empty("migrate", UITVOERING_STORE="file.db")
    assert said.code == 1
    assert "(store-address)" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-verb",),
        ("trail",),
        ("trail", "x", "--bogus"),
        ("replay", "--as-of", "27-02-2020"),
        ("replay", "--clock", "sundial"),
        ("token", "create", "--organisation", "uwv"),
        ("token", "create", "--organisation", "uwv", "--level", "board", "--roles", "king"),
        ("record", "hand-on", "{"),
        ("record", "hand-on", "[]"),
        ("serve", "--port", "99999"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_answers_nothing(loaded: Command, words: tuple[str, ...]) -> None:
    said = loaded(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UITVOERING_LANG", "fr"),
        ("UITVOERING_POOL_SIZE", "many"),
        ("UITVOERING_PUBLIC_URL", "http://plain"),
    ],
)
def test_a_wrong_setting_is_named(empty: Command, name: str, value: str) -> None:
    said = empty("version", **{name: value})
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"{name}: ")


def lines(*rows: dict[str, Any] | str) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


BAD_LINES: dict[str, tuple[dict[str, Any] | str, str]] = {
    "not json": ("{", "input-invalid"),
    "no object": ("[]", "input-invalid"),
    "no id": ({k: v for k, v in SIGNAL.items() if k != "id"}, "input-invalid"),
    "an unknown field": (SIGNAL | {"id": "x", "bodyy": "uwv"}, "input-invalid"),
    "an unknown command": (SIGNAL | {"id": "x", "command": "sing"}, "command-unknown"),
    "no such day": (SIGNAL | {"id": "x", "happened_on": "2026-02-30"}, "input-invalid"),
    "a day to come": (SIGNAL | {"id": "x", "happened_on": "2999-01-01"}, "date-in-future"),
    "no such level": (HAND_ON | {"to": "king"}, "input-invalid"),
    "nothing to act on": ({k: v for k, v in HAND_ON.items() if k != "subject"}, "input-invalid"),
    "an unknown subject": (HAND_ON | {"subject": "s9"}, "subject-unknown"),
    "an unknown organisation": (SIGNAL | {"id": "x", "body": "nix"}, "organisation-unknown"),
    "a reused id": (SIGNAL | {"happened_on": "2026-01-04"}, "import-id-reused"),
    "two megabytes": (
        SIGNAL | {"id": "x", "statement": {"text": "a" * 2_000_000}},
        "too-large",
    ),
}


@pytest.mark.parametrize("why", BAD_LINES)
def test_a_bad_line_is_told_with_its_number_and_the_good_ones_land(
    fresh: Command, why: str
) -> None:
    line, code = BAD_LINES[why]
    (fresh.folder / "lines.jsonl").write_text(lines(SIGNAL, line, HAND_ON | {"id": "h2"}))
    said = fresh("import", "lines.jsonl", "--json")
    assert said.code == 1
    assert [(row["line"], row["code"]) for row in said.json["refused"]] == [(2, code)]
    assert [row["line"] for row in said.json["landed"]] == [1, 3]


def test_with_all_or_none_nothing_lands_when_one_is_refused(fresh: Command) -> None:
    (fresh.folder / "lines.jsonl").write_text(lines(SIGNAL, "{", HAND_ON))
    before = fresh("replay", "--json").json
    said = fresh("import", "lines.jsonl", "--all-or-none")
    assert said.code == 1
    assert fresh("replay", "--json").json == before
    (fresh.folder / "lines.jsonl").write_text(lines(SIGNAL, HAND_ON))
    landed = fresh("import", "lines.jsonl", "--all-or-none", "--json").json
    assert [row["recorded"] > 0 for row in landed["landed"]] == [True, True]
    again = fresh("import", "-", "--json", typed=lines(SIGNAL, HAND_ON)).json
    assert [row["recorded"] for row in again["landed"]] == [0, 0]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_reasons_are_in_the_readers_language(fresh: Command, lang: str) -> None:
    """Not in the words of the library that found the fault."""
    bad = json.dumps({"happened_on": "2026-02-30", "bodyy": "uwv"})
    said = fresh("record", "signal-hardship", bad, "--json", UITVOERING_LANG=lang)
    reasons = {f["name"]: f["reason"] for f in said.json["refused"][0]["faults"]}
    missing = {"nl": "dit veld ontbreekt", "en": "this field is missing"}[lang]
    assert reasons["body"] == reasons["statement"] == missing
    assert set(reasons) == {"happened_on", "bodyy", "body", "statement"}
    assert "valid" not in reasons["happened_on"] or lang == "en"
    shown = fresh("record", "signal-hardship", bad, UITVOERING_LANG=lang)
    assert missing in shown.out


def test_who_acts_must_be_said(fresh: Command) -> None:
    bare = json.dumps({k: v for k, v in SIGNAL.items() if k not in {"id", "command"}})
    said = fresh("record", "signal-hardship", bare, "--json", UITVOERING_ORGANISATION="")
    names = [fault["name"] for fault in said.json["refused"][0]["faults"]]
    assert names == ["organisation", "level"]
    assert fresh("record", "signal-hardship", bare, UITVOERING_LEVEL="king").code == 2


def test_a_level_that_does_not_hold_the_role_is_refused(fresh: Command) -> None:
    bare = json.dumps({k: v for k, v in SIGNAL.items() if k not in {"id", "command"}})
    said: Said = fresh("record", "signal-hardship", bare, "--json", UITVOERING_ROLES="auditor")
    assert said.json["refused"][0]["code"] == "role-missing"
