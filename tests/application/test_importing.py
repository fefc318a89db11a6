"""Bulk filing: a line lands once, a bad line is told by its number, and the good land or none."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.application.desk import COUNTER, TEAM_LEAD, facts, topics
from uitvoering.application.caller import Caller
from uitvoering.application.importing import (
    LineOutcome,
    Refusal,
    land_all,
    land_none_or_all,
)
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import BusyError

LIMIT = 1_000_000
STATEMENT = {"text": "De brief is niet te begrijpen.", "severity": 3}


def signal(n: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"s-{n}",
        "command": "signal-hardship",
        "happenedOn": "2026-06-01",
        "statement": STATEMENT,
        "body": "uwv",
        "to": "team-lead",
    } | more


def hand_on(n: int, on: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"h-{n}",
        "command": "hand-on",
        "subject": on,
        "happenedOn": "2026-06-02",
        "to": "department",
        "level": "team-lead",
    } | more


def lines(*rows: dict[str, Any]) -> list[str]:
    return [json.dumps(row) + "\n" for row in rows]


def landed(found: list[Any]) -> list[tuple[int, int]]:
    return [(row.line, row.recorded) for row in found if isinstance(row, LineOutcome)]


def refused(found: list[Any]) -> list[tuple[int, str | None, str]]:
    return [(r.line, r.id, r.error.code) for r in found if isinstance(r, Refusal)]


def imported(app: Uitvoering, *rows: dict[str, Any], by: Caller | None = COUNTER) -> list[Any]:
    return list(land_all(app, lines(*rows), by, LIMIT))


FILE = lines(signal(1), hand_on(1, "s-1"), {"command": "hand-on"}, signal(2), hand_on(2, "s-9"))


def test_the_good_lines_land_and_the_bad_are_told(app: Uitvoering) -> None:
    found: list[Any] = list(land_all(app, [*FILE, "\n", "geen JSON\n"], COUNTER, LIMIT))
    assert landed(found) == [(1, 1), (2, 1), (4, 1)]
    assert refused(found) == [
        (3, None, "input-invalid"),
        (5, "h-2", "subject-unknown"),
        (7, None, "input-invalid"),
    ]
    subject = found[0].subject
    expected = ["hardship-signalled", "receipt-issued", "signal-handed-on"]
    assert topics(app.store.facts(subject)) == expected


def test_or_none_land(app: Uitvoering) -> None:
    before = app.store.position()
    found = list(land_none_or_all(app, FILE, COUNTER, LIMIT))
    assert landed(found) == []
    assert refused(found) == [(3, None, "input-invalid"), (5, "h-2", "subject-unknown")]
    assert app.store.position() == before


def test_or_all_land_at_once(app: Uitvoering) -> None:
    good = lines(signal(1), hand_on(1, "s-1"), signal(2), hand_on(2, "s-2"))
    assert landed(list(land_none_or_all(app, good, COUNTER, LIMIT))) == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
    ]
    position = app.store.position()
    assert landed(list(land_none_or_all(app, good, COUNTER, LIMIT))) == [
        (1, 0),
        (2, 0),
        (3, 0),
        (4, 0),
    ]
    assert app.store.position() == position
    assert app.reading.stored() == app.reading.replay(app.reading.moment())


def test_all_or_none_waits_when_someone_filed_in_the_same_place(app: Uitvoering) -> None:
    (first,) = imported(app, signal(1))

    def texts() -> Iterator[str]:
        yield from lines(hand_on(1, "s-1"))
        imported(app, hand_on(2, "s-1", happenedOn="2026-06-03"))

    with pytest.raises(BusyError, match="filed in the same place"):
        list(land_none_or_all(app, texts(), COUNTER, LIMIT))
    days = [str(e.happened_on) for e in app.store.facts(first.subject)][2:]
    assert days == ["2026-06-03"]


def test_running_it_twice_records_nothing(app: Uitvoering) -> None:
    rows = (signal(1), hand_on(1, "s-1"), signal(2))
    imported(app, *rows)
    position = app.store.position()
    assert landed(imported(app, *rows)) == [(1, 0), (2, 0), (3, 0)]
    assert app.store.position() == position


def test_interrupted_in_the_middle_it_goes_on_where_it_was(app: Uitvoering) -> None:
    rows = [signal(n) for n in range(6)]
    done: list[Any] = []

    def interrupted() -> Iterator[str]:
        yield from lines(*rows[:4])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        done.extend(land_all(app, interrupted(), COUNTER, LIMIT))
    assert landed(done) == [(1, 1), (2, 1), (3, 1), (4, 1)]
    again = imported(app, *rows)
    assert [recorded for _, recorded in landed(again)] == [0, 0, 0, 0, 1, 1]
    assert [row.subject for row in again[:4]] == [row.subject for row in done]


def test_interrupted_before_the_end_all_or_none_records_nothing(app: Uitvoering) -> None:
    before = app.store.position()

    def interrupted() -> Iterator[str]:
        yield from lines(signal(1), signal(2))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(land_none_or_all(app, interrupted(), COUNTER, LIMIT))
    assert app.store.position() == before


def test_an_id_used_for_something_else_is_refused(app: Uitvoering) -> None:
    imported(app, signal(1), hand_on(1, "s-1"), signal(2))
    position = app.store.position()
    found = imported(
        app,
        signal(1, statement=STATEMENT | {"severity": 2}),  # other words
        hand_on(1, "s-1", to="directorate"),  # another content
        hand_on(1, "s-2"),  # another subject
        signal(1, id="h-1"),  # another command
        hand_on(3, "s-1", id="s-1", happenedOn="2026-06-03"),
    )
    assert {code for _, _, code in refused(found)} == {"import-id-reused"}
    assert len(refused(found)) == 5
    assert app.store.position() == position


def test_two_lines_may_have_one_cause(app: Uitvoering) -> None:
    cause = "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
    rows = (
        signal(1),
        hand_on(1, "s-1", causationId=cause),
        hand_on(2, "s-1", causationId=cause, happenedOn="2026-06-03"),
    )
    found = imported(app, *rows)
    assert landed(found) == [(1, 1), (2, 1), (3, 1)]
    assert {e.causation_id for e in app.store.facts(found[0].subject)[2:]} == {cause}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "input-invalid"),
        ("[]", "input-invalid"),
        ("null", "input-invalid"),
        ('{"id": 7}', "input-invalid"),
        ('{"id": ""}', "input-invalid"),
        ('{"id": "\\ud800"}', "input-invalid"),
        ('{"id": "x"}', "command-unknown"),
        ('{"id": "x", "command": ["hand-on"]}', "command-unknown"),
        ('{"id": "x", "command": "hand-onn"}', "command-unknown"),
        ('{"id": "x", "command": "\\ud800"}', "command-unknown"),
        ("[" * 100_000, "input-invalid"),
        ("9" * 5_000, "input-invalid"),
        (json.dumps(signal(1, colour="rood")), "input-invalid"),
        (json.dumps(signal(1, happenedOn="01-06-2026")), "input-invalid"),
        (json.dumps(signal(1, statement=None)), "input-invalid"),
        (json.dumps(signal(1, statement={"text": "\ud800", "severity": 3})), "input-invalid"),
        (json.dumps(signal(1, theme="\ud800")), "input-invalid"),
        (json.dumps(signal(1, body="nergens")), "organisation-unknown"),
        (json.dumps(signal(1, level="koning")), "input-invalid"),
        (json.dumps(signal(1, level=["frontline"])), "input-invalid"),
        (json.dumps(signal(1, roles=5)), "input-invalid"),
        ('{"id": "1", "command": "hand-on", "command": "restate"}', "input-invalid"),
        (json.dumps(signal(1, roles="line")), "input-invalid"),
        (json.dumps(signal(1, roles=["koning"])), "input-invalid"),
        (json.dumps(signal(1, organisation="Geen Code")), "input-invalid"),
        (json.dumps(signal(1, organisation="\ud800")), "input-invalid"),
        (json.dumps(signal(1, level="\ud800")), "input-invalid"),
        (json.dumps(signal(1, pseudonym=" ")), "input-invalid"),
        (json.dumps(signal(1, pseudonym="\ud800")), "input-invalid"),
        (json.dumps(signal(1, happenedOn="2026-06-16")), "date-in-future"),
        (json.dumps(signal(1, roles=["auditor"])), "role-missing"),
        (json.dumps(hand_on(1, "s-1")), "subject-unknown"),
        (json.dumps(hand_on(1, "s-1", subject=None)), "input-invalid"),
        (json.dumps(hand_on(1, "\ud800")), "input-invalid"),
        (json.dumps(hand_on(1, "z" * 8 + "-zzzz" * 3 + "-" + "z" * 12)), "subject-unknown"),
    ],
)
def test_a_bad_line_is_told_and_the_next_one_lands(app: Uitvoering, text: str, code: str) -> None:
    found = list(land_all(app, [text, *lines(signal(9))], COUNTER, LIMIT))
    assert [(line, told) for line, _, told in refused(found)] == [(1, code)]
    assert landed(found) == [(2, 1)]
    str(found[0]).encode()  # what is told can be shown: no half characters in it


def test_every_bad_field_of_a_line_is_named_at_once(app: Uitvoering) -> None:
    row = signal(1, happenedOn="gisteren", colour="rood", statement={"text": " ", "severity": 9})
    (found,) = imported(app, row)
    for field in ("happenedOn", "colour", "statement.text", "statement.severity"):
        assert field in str(found.error)
    assert str(found.error).startswith("4 parts of the input are not right")


def test_a_line_of_ten_megabytes_is_refused_without_being_read(app: Uitvoering) -> None:
    long = json.dumps(signal(1, statement={"text": "x" * 10_000_000, "severity": 3}))
    found = list(land_all(app, [long, *lines(signal(2))], COUNTER, LIMIT))
    assert refused(found) == [(1, None, "too-large")]
    assert landed(found) == [(2, 1)]


def test_a_line_says_who_acts_or_the_settings_do(app: Uitvoering) -> None:
    (nobody,) = imported(app, signal(1), by=None)
    assert "organisation, level" in str(nobody.error)
    (someone,) = imported(app, signal(1, organisation="svb", level="frontline"), by=None)
    origin = app.store.facts(someone.subject)[0]
    assert (origin.organisation, origin.level) == ("svb", "frontline")
    (ours,) = imported(app, signal(2))
    assert app.store.facts(ours.subject)[0].actor_pseudonym == COUNTER.pseudonym


def test_a_subject_is_an_id_of_ours_or_the_line_that_started_it(app: Uitvoering) -> None:
    (first,) = imported(app, signal(1))
    by_line, by_id = imported(
        app,
        hand_on(1, "s-1"),
        hand_on(2, first.subject.upper(), happenedOn="2026-06-03"),
        by=TEAM_LEAD,
    )
    assert by_line.subject == by_id.subject == first.subject
    assert len(facts(app, first.subject, "signal-handed-on")) == 2


def test_a_register_row_has_an_organisation_of_its_own(app: Uitvoering) -> None:
    row = {
        "id": "o-1",
        "command": "register-organisation",
        "happenedOn": "2026-01-01",
        "organisation": "waterschap-noord",
        "name": "Waterschap Noord",
        "form": "zbo",
        "route": "zbo",
        "inForceFrom": "2026-01-01",
        "source": {"title": "Register"},
        "roles": ["registrar"],
    }
    assert landed(imported(app, row)) == [(1, 1)]
    assert landed(imported(app, row)) == [(1, 0)]
    assert app.context().organisation("waterschap-noord").on().name == "Waterschap Noord"


def test_a_line_of_a_rehearsal_sees_the_lines_before_it(app: Uitvoering) -> None:
    rows = [signal(1), *(hand_on(n, "s-1", happenedOn=f"2026-06-{n:02}") for n in range(1, 13))]
    found: list[Any] = list(land_none_or_all(app, lines(*rows), COUNTER, LIMIT))
    assert landed(found) == [(n, 1) for n in range(1, 14)]
    versions = [e.originator_version for e in app.store.facts(found[0].subject)]
    assert versions == list(range(1, 15))
