"""A verdict of the trail is contested, decided and counted from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command

WORDS = "300 huurders verliezen hun huis."


@pytest.fixture
def desk(tmp_path: Path) -> Command:
    command = Command(
        tmp_path,
        {
            "UITVOERING_LANG": "en",
            "UITVOERING_ORGANISATION": "uwv",
            "UITVOERING_LEVEL": "team-lead",
        },
    )
    assert command("migrate").code == 0
    return command


def _lines(*lines: dict[str, Any]) -> str:
    return "\n".join(json.dumps(line) for line in lines)


def _restated(desk: Command) -> dict[str, Any]:
    """The last row of the trail of a signal that was put milder."""
    said = {"text": WORDS, "severity": 4, "light": "red"}
    lines = _lines(
        {"id": "s-1", "command": "signal-hardship", "level": "frontline", "pseudonym": "p-1"}
        | {"happened_on": "2026-01-05", "body": "uwv", "to": "team-lead", "statement": said},
        {"id": "s-2", "command": "restate", "subject": "s-1", "happened_on": "2026-01-12"}
        | {"to": "department", "statement": said | {"severity": 3}},
    )
    landed = desk("import", "-", "--json", typed=lines).json["landed"]
    rows = desk("trail", landed[0]["subject"], "--json").json
    return dict(rows[-1])


def _against(row: dict[str, Any], **changed: str) -> str:
    return json.dumps(
        {
            "happened_on": "2026-01-13",
            "signal": row["signal"],
            "from_event": row["previous"],
            "to_event": row["event_id"],
            "dimension": "severity",
            "method": row["method"],
            "shown": "softened",
            "should_be": "unchanged",
            "reason": "The scheme of the ministry puts it so.",
        }
        | changed
    )


def test_nothing_contested_is_said_in_words_and_as_an_empty_list(desk: Command) -> None:
    for verb in ("verdict-challenges", "verdict-challenge-counts"):
        assert desk(verb).out == "Nothing is contested.\n"
        assert desk(verb, "--json").json == []


def test_a_verdict_is_contested_and_decided_and_shown(desk: Command) -> None:
    row = _restated(desk)
    filed = desk("record", "challenge-verdict", _against(row), "--json")
    assert filed.code == 0, filed.err
    challenge = filed.json["landed"][0]["subject"]
    assert "contested (open): severity softened" in desk("trail", row["signal"]).out
    assert challenge in desk("verdict-challenges", "--state", "open").out
    weighed = '{"happened_on": "2026-01-20", "reason": "Weighed."}'
    words = ("record", "uphold-verdict-challenge", weighed, "--on", challenge)
    refused = desk(*words)
    assert (refused.code, "reviewer-not-apart" in refused.out) == (1, True)
    assert desk(*words, UITVOERING_LEVEL="quality").code == 0
    assert desk("verdict-challenges", "--state", "open", "--json").json == []
    assert "upheld, 20-01-2026 (quality)" in desk("verdict-challenges").out
    (count,) = desk("verdict-challenge-counts", "--json").json
    assert (count["dimension"], count["upheld_false_alarms"]) == ("severity", 1)
    assert "(of now)" in desk("verdict-challenge-counts", "--dimension", "severity").out
    earlier = desk("verdict-challenges", "--as-of", "2026-01-14", "--json").json
    assert [row["state"] for row in earlier] == ["open"]


def test_a_challenge_of_what_the_method_does_not_say_is_refused(desk: Command) -> None:
    row = _restated(desk)
    refused = desk("record", "challenge-verdict", _against(row, dimension="light"), "--json")
    assert refused.code == 1
    assert refused.json["refused"][0]["code"] == "verdict-not-said"
    assert desk("verdict-challenges", "--json").json == []
