"""Contesting a verdict over HTTP: filed, shown in the trail, decided, counted, hidden."""

from typing import Any

import pytest

from tests.api.conftest import STATEMENT, Caller, Running
from uitvoering.domain.values import Level, Role

AT = "/api/v1/verdict-challenges"
COUNTS = "/api/v1/verdict-challenge-counts"
DAY = {"happenedOn": "2026-01-08"}
UNKNOWN = "00000000-0000-4000-8000-00000000dead"
MILDER = {"text": "Huurders verliezen hun huis.", "severity": 2, "light": "red"}


@pytest.fixture
def quality(running: Running) -> Caller:
    return running.caller("uwv", Level.QUALITY, Role.LINE)


def restated(floor: Caller, lead: Caller, **more: Any) -> dict[str, Any]:
    """The last row of the trail of a new signal that was restated milder."""
    path = floor.signal(to="team-lead", **more)
    body = {"happenedOn": "2026-01-07", "to": "department", "statement": MILDER}
    done = lead.post(f"{path}/restatements", body, **{"If-Match": lead.get(path).headers["ETag"]})
    assert done.status_code == 201, done.text
    return dict(lead.get(f"{path}/trail").json()["items"][-1])


def against(row: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return DAY | {
        "signal": row["signal"],
        "fromEvent": row["previous"],
        "toEvent": row["eventId"],
        "dimension": "severity",
        "method": row["method"],
        "shown": "softened",
        "shouldBe": "unchanged",
        "reason": "De schade is vergoed.",
        **changed,
    }


def act(caller: Caller, path: str, what: str, **body: Any) -> Any:
    tag = caller.get(path).headers["ETag"]
    return caller.post(f"{path}/{what}", DAY | body, **{"If-Match": tag})


def test_a_verdict_is_contested_decided_and_counted(
    floor: Caller, lead: Caller, quality: Caller
) -> None:
    row = restated(floor, lead)
    before = lead.get(f"{COUNTS}?dimension=severity").json()["items"]
    filed = lead.post(AT, against(row))
    assert filed.status_code == 201, filed.text
    path = filed.headers["Location"]
    trail = f"/api/v1/signals/{row['signal']}/trail"
    (shown,) = lead.get(trail).json()["items"][-1]["challenges"]
    assert (shown["state"], shown["stillSaid"], shown["dimension"]) == ("open", True, "severity")
    upheld = act(quality, path, "upholdings", reason="Gewogen: er is niets afgezwakt.")
    assert upheld.status_code == 201, upheld.text
    one = lead.get(path).json()
    assert (one["state"], one["decidedBy"], one["level"]) == ("upheld", "quality", "team-lead")
    fact = lead.get(upheld.headers["Location"]).json()
    assert fact["type"] == "verdict-challenge-upheld"
    assert [f["type"] for f in lead.get(f"{path}/history").json()["items"]] == [
        "verdict-challenged",
        "verdict-challenge-upheld",
    ]
    (count,) = lead.get(f"{COUNTS}?dimension=severity").json()["items"]
    earlier = before[0]["upheldFalseAlarms"] if before else 0
    assert (count["upheldFalseAlarms"], count["present"]) == (earlier + 1, True)


def test_contested_verdicts_are_listed_in_pages_and_by_what_is_asked(
    floor: Caller, lead: Caller
) -> None:
    row = restated(floor, lead)
    about = f"{AT}?signal={row['signal']}"
    paths = {
        caller.post(AT, against(row)).headers["Location"].rpartition("/")[2]
        for caller in (floor, lead)
    }
    first = lead.get(f"{about}&pageSize=1").json()
    second = lead.get(first["next"]).json()
    listed = [*first["items"], *second["items"]]
    assert {item["challenge"] for item in listed} == paths
    assert second["next"] is None
    for chosen, found in (
        ("state=open", 2),
        ("state=upheld", 0),
        ("level=frontline", 1),
        ("organisation=uwv&dimension=severity", 2),
        ("method=0", 0),
    ):
        assert len(lead.get(f"{about}&{chosen}").json()["items"]) == found, chosen
    assert lead.get(f"{about}&state=gone").status_code == 400


def test_the_same_challenge_again_is_204_and_under_a_key_201(
    running: Running, floor: Caller, lead: Caller
) -> None:
    body = against(restated(floor, lead))
    key = {"Idempotency-Key": f"b-{running.app.store.position()}"}
    first = lead.post(AT, body, **key)
    again = lead.post(AT, body, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    before = running.app.store.position()
    plain = lead.post(AT, body)
    assert (plain.status_code, plain.headers["ETag"]) == (204, '"1"')
    assert running.app.store.position() == before


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"fromEvent": UNKNOWN}, 404, "pair-not-compared"),
        ({"signal": UNKNOWN}, 404, "subject-unknown"),
        ({"dimension": "light"}, 409, "verdict-not-said"),
        ({"shouldBe": "softened"}, 409, "nothing-contested"),
        ({"method": "0+old"}, 409, "method-not-present"),
        ({"reason": " "}, 400, "input-invalid"),
        ({"test": UNKNOWN}, 409, "input-inconsistent"),
        ({"dimension": "tone"}, 400, "input-invalid"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_a_challenge_that_cannot_stand_is_refused(
    floor: Caller, lead: Caller, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = lead.post(AT, against(restated(floor, lead), **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_challenge_is_not_filed_withdrawn_or_decided_by_the_wrong_level(
    floor: Caller, lead: Caller, quality: Caller
) -> None:
    row = restated(floor, lead)
    path = lead.post(AT, against(row)).headers["Location"]
    double = lead.post(AT, against(row, reason="Nog eens."))
    theirs = act(floor, path, "withdrawals")
    in_line = act(floor, path, "upholdings", reason="Ja.")
    own = quality.post(AT, against(row)).headers["Location"]
    themselves = act(quality, own, "rejections", reason="Nee.")
    assert [(a.status_code, a.json()["code"]) for a in (double, theirs, in_line, themselves)] == [
        (409, "verdict-already-challenged"),
        (409, "verdict-challenge-not-yours"),
        (409, "reviewer-not-apart"),
        (409, "reviewer-is-party"),
    ]
    assert act(lead, path, "withdrawals").status_code == 201
    late = act(quality, path, "rejections", reason="Nee.")
    assert (late.status_code, late.json()["code"]) == (409, "verdict-challenge-ended")


def test_a_challenge_of_a_confidential_signal_is_as_unknown_as_the_signal(
    running: Running, floor: Caller, lead: Caller
) -> None:
    row = restated(floor, lead, regime="confidential")
    body = against(row)
    path = lead.post(AT, body).headers["Location"]
    stranger = running.caller("svb", Level.DIRECTORATE, Role.LINE)
    assert stranger.get(path).status_code == 404
    refused = stranger.post(AT, body)
    assert (refused.status_code, refused.json()["code"]) == (404, "subject-unknown")
    for read in (f"{AT}?pageSize=200", f"{AT}?signal={row['signal']}", "/api/v1/events?pageSize=1"):
        assert path.rpartition("/")[2] not in stranger.get(read).text
    since = running.app.store.position() - 1
    assert row["signal"] not in stranger.get(f"/api/v1/events?after={since}").text
    assert lead.get(path).status_code == 200


def test_who_contested_never_leaves(floor: Caller, lead: Caller) -> None:
    row = restated(floor, lead, statement=STATEMENT)
    path = lead.post(AT, against(row)).headers["Location"]
    for read in (path, f"{path}/history", AT, f"/api/v1/signals/{row['signal']}/trail"):
        assert "p-uwv-team-lead" not in lead.get(read).text
