"""Reads: lists by cursor, any moment on either clock, the feed, and what needs no login."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.conftest import ON_SQLITE, Caller, Running
from uitvoering.api.reads import READS
from uitvoering.application.uitvoering import AMSTERDAM
from uitvoering.domain.values import Level, Role

DAY = {"happenedOn": "2026-01-06"}

LISTS = [read.path for read in READS if "{id}" not in read.path] + [
    "/signals",
    "/implementation-tests",
    "/proposals",
    "/follow-ups",
    "/policy-journeys",
    "/findings",
]


@ON_SQLITE
@pytest.mark.parametrize("path", LISTS)
def test_every_list_says_what_it_was_computed_from(floor: Caller, path: str) -> None:
    answer = floor.get(f"/api/v1{path}?happenedAsOf=2026-01-31")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["happenedAsOf"] == "2026-01-31"
    assert body["recordedAsOf"] is None
    assert body["position"] > 0
    assert body["method"]
    assert floor.ask("HEAD", f"/api/v1{path}").status_code == 200


@pytest.mark.parametrize("path", ["/signals", "/unanswered", "/hotspots", "/policies"])
def test_a_list_says_so_on_either_store(floor: Caller, path: str) -> None:
    body = floor.get(f"/api/v1{path}?happenedAsOf=2026-01-31").json()
    assert (body["happenedAsOf"], body["position"] > 0) == ("2026-01-31", True)


def test_a_list_is_read_to_its_end_by_its_links(floor: Caller) -> None:
    made = {floor.signal().rpartition("/")[2] for _ in range(5)}
    found: list[str] = []
    link: str | None = "/api/v1/signals?pageSize=2&organisation=uwv"
    while link:
        page = floor.get(link).json()
        assert len(page["items"]) <= 2
        found += [row["id"] for row in page["items"]]
        link = page["next"]
    assert made <= set(found)
    assert len(found) == len(set(found))


def test_a_place_that_is_not_in_the_list_is_404(floor: Caller) -> None:
    answer = floor.get("/api/v1/signals?after=nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "cursor-unknown")


@ON_SQLITE
@pytest.mark.parametrize("size", ["0", "201", "x", "-1"])
def test_a_page_has_at_most_two_hundred_items(floor: Caller, size: str) -> None:
    assert floor.get(f"/api/v1/signals?pageSize={size}").status_code == 400


def test_a_list_is_filtered(floor: Caller) -> None:
    path = floor.signal(theme="beslag")
    subject = path.rpartition("/")[2]
    kept = floor.get("/api/v1/signals?theme=beslag&state=reported&level=frontline").json()
    assert subject in [row["id"] for row in kept["items"]]
    for other in ("theme=iets", "state=closed", "organisation=svb", "level=minister"):
        rows = floor.get(f"/api/v1/signals?pageSize=200&{other}").json()["items"]
        assert subject not in [row["id"] for row in rows]


def test_a_signal_is_read_as_it_was_on_either_clock(floor: Caller) -> None:
    path = floor.signal()
    before = (datetime.now(UTC) - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    for moment, status in (
        ("happenedAsOf=2026-01-04", 404),
        ("happenedAsOf=2026-01-05", 200),
        (f"recordedAsOf={before}", 404),
        (f"recordedAsOf={datetime.now(AMSTERDAM).date()}", 200),
        ("happenedAsOf=2026-01-05&recordedAsOf=2026-01-05", 404),
    ):
        assert floor.get(f"{path}?{moment}").status_code == status, moment


@ON_SQLITE
@pytest.mark.parametrize("key", ["happenedAsOf", "recordedAsOf"])
def test_a_moment_to_come_is_400(floor: Caller, key: str) -> None:
    for moment in ("2999-01-01", "2999-01-01T00:00:00Z", "9999-12-31"):
        answer = floor.get(f"/api/v1/signals?{key}={moment}")
        assert (answer.status_code, answer.json()["code"]) == (400, "moment-in-future")
    for wrong in (
        "0",
        "2026-1-5",
        "2026-01-05T12:00:00",
        "2026-02-30",
        "0001-01-01T00:00:00%2B14:00",
    ):
        answer = floor.get(f"/api/v1/signals?{key}={wrong}")
        assert (answer.status_code, answer.json()["code"]) == (400, "input-invalid"), wrong


def test_the_feed_leads_on_and_misses_nothing(running: Running, floor: Caller) -> None:
    path = floor.signal()
    link, seen = "/api/v1/events?pageSize=200", list[int]()
    while items := (page := floor.get(link).json())["items"]:
        seen += [row["position"] for row in items]
        link = page["next"]
    assert seen == [position for position, _ in running.app.store.stream()]
    assert floor.get(link).json()["next"] == link
    path_history = floor.get(f"{path}/history").json()["items"]
    assert [row["position"] for row in path_history] == seen[-len(path_history) :]


def test_the_door_needs_no_login_and_tells_where_to_go(nobody: Caller) -> None:
    for path in ("/", "/api/v1", "/api/v1/", "/_healthz", "/_healthz/livez", "/_healthz/readyz"):
        answer = nobody.get(path)
        assert answer.status_code == 200, path
        assert nobody.ask("HEAD", path).status_code == 200
    for link in nobody.get("/api/v1/").json()["links"].values():
        assert nobody.get(link).status_code in {200, 401}


@ON_SQLITE
def test_the_glossary_is_open_and_in_the_language_asked(nobody: Caller) -> None:
    one = nobody.get("/api/v1/glossary?identifier=happenedOn", **{"Accept-Language": "en"})
    assert one.headers["Content-Language"] == "en"
    assert [row["termNl"] for row in one.json()["items"]] == ["gebeurd op"]


def test_what_a_journey_found_is_one_list(running: Running) -> None:
    team = running.caller("uwv", Level.PRINCIPAL, Role.JOURNEY_TEAM)
    path = team.post("/api/v1/policy-journeys", DAY | {"title": "Schulden"}).headers["Location"]
    for what, body in (
        ("opportunities", {"finding": "k1", "phase": "explore", "text": "Eerder bellen."}),
        (
            "challenges",
            {"finding": "u1", "phase": "explore", "kind": "data", "text": "Geen zicht."},
        ),
    ):
        version = team.get(path).headers["ETag"]
        assert team.post(f"{path}/{what}", DAY | body, **{"If-Match": version}).status_code == 201
    found = team.get(f"{path}/findings").json()["items"]
    assert [row["type"] for row in found] == ["opportunity-found", "challenge-found"]
