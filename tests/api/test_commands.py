"""Acts over HTTP: versions, retries, what may be seen, and what a retry records."""

from concurrent.futures import ThreadPoolExecutor

import anyio
from anyio.to_thread import current_default_thread_limiter

from tests.api.conftest import ON_SQLITE, SIGNAL, Caller, Running
from uitvoering.api.server import create_api
from uitvoering.domain.values import Level, Role
from uitvoering.settings import Settings

ON = {"happenedOn": "2026-01-06", "to": "team-lead"}


def test_a_signal_is_filed_handed_on_and_read_back(floor: Caller, lead: Caller) -> None:
    path = floor.signal()
    first = floor.get(path)
    on = floor.post(f"{path}/hand-ons", ON, **{"If-Match": first.headers["ETag"]})
    assert on.status_code == 201, on.text
    further = {"happenedOn": "2026-01-07", "to": "department"}
    onward = lead.post(f"{path}/hand-ons", further, **{"If-Match": on.headers["ETag"]})
    assert onward.status_code == 201, onward.text
    fact = lead.get(onward.headers["Location"]).json()
    assert (fact["type"], fact["data"]["to"]) == ("signal-handed-on", "department")
    listed = lead.get(f"{path}/hand-ons").json()["items"]
    assert [row["data"]["to"] for row in listed] == ["team-lead", "department"]
    trail = lead.get(f"{path}/trail").json()["items"]
    assert [row["level"] for row in trail if row["topic"] == "signal-handed-on"] == [
        "frontline",
        "team-lead",
    ]
    assert lead.get(path).headers["ETag"] == onward.headers["ETag"]


def test_who_acted_never_leaves(floor: Caller) -> None:
    path = floor.signal()
    for read in (path, f"{path}/history", f"{path}/trail", "/api/v1/signals", "/api/v1/events"):
        assert "p-uwv-frontline" not in floor.get(read).text


def test_the_same_act_again_is_204_and_records_nothing(running: Running, floor: Caller) -> None:
    path = floor.signal()
    tag = floor.get(path).headers["ETag"]
    done = floor.post(f"{path}/hand-ons", ON, **{"If-Match": tag})
    before = running.app.store.position()
    again = floor.post(f"{path}/hand-ons", ON, **{"If-Match": done.headers["ETag"]})
    assert (again.status_code, again.headers["ETag"]) == (204, done.headers["ETag"])
    assert running.app.store.position() == before


def test_a_weak_or_misshapen_tag_is_412(floor: Caller) -> None:
    path = floor.signal()
    for tag in ('W/"2"', "2", '"two"', "*", '"1"'):
        answer = floor.post(f"{path}/hand-ons", ON, **{"If-Match": tag})
        assert (answer.status_code, answer.headers["ETag"]) == (412, '"2"'), tag


def test_an_idempotency_key_gives_the_same_answer_and_records_once(
    running: Running, floor: Caller
) -> None:
    key = {"Idempotency-Key": f"melding-{running.app.store.position()}"}
    first = floor.post("/api/v1/signals", SIGNAL, **key)
    before = running.app.store.position()
    again = floor.post("/api/v1/signals", SIGNAL, **key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert running.app.store.position() == before
    other = floor.post("/api/v1/signals", SIGNAL | {"happenedOn": "2026-01-04"}, **key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")


def test_a_retry_under_a_key_is_answered_although_the_version_moved_on(floor: Caller) -> None:
    path = floor.signal()
    headers = {"If-Match": floor.get(path).headers["ETag"], "Idempotency-Key": path[-12:]}
    first = floor.post(f"{path}/hand-ons", ON, **headers)
    again = floor.post(f"{path}/hand-ons", ON, **headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


def test_a_key_of_another_shape_is_400(floor: Caller) -> None:
    for key in ("a" * 65, "with space", "point."):
        answer = floor.post("/api/v1/signals", SIGNAL, **{"Idempotency-Key": key})
        assert answer.status_code == 400, key


def test_not_modified_is_304(floor: Caller) -> None:
    path = floor.signal()
    tag = floor.get(path).headers["ETag"]
    for given in (tag, f"W/{tag}", f'"99", {tag}', "*"):
        answer = floor.get(path, **{"If-None-Match": given})
        assert (answer.status_code, answer.headers["ETag"], answer.content) == (304, tag, b"")
    assert floor.get(path, **{"If-None-Match": '"99"'}).status_code == 200


def test_a_confidential_signal_is_as_unknown_as_none(running: Running, floor: Caller) -> None:
    path = floor.signal(regime="confidential", to="team-lead")
    stranger = running.caller("svb", Level.DIRECTORATE, Role.LINE)
    for suffix in ("", "/trail", "/history", "/hand-ons"):
        hidden = stranger.get(path + suffix)
        absent = stranger.get("/api/v1/signals/" + "0" * 8 + "-0000-4000-8000-" + "0" * 12 + suffix)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.json()["code"] == absent.json()["code"]
    act = stranger.post(f"{path}/acknowledgements", {"happenedOn": "2026-01-06"})
    assert act.status_code == 404
    subject = path.rpartition("/")[2]
    for read in (
        "signals",
        "unanswered",
        "first-reaches",
        "inbox",
        "events?pageSize=200&after=100",
    ):
        assert subject not in stranger.get(f"/api/v1/{read}").text
    assert floor.get(path).status_code == 200
    auditor = running.caller("ar", Level.AUDITOR, Role.AUDITOR)
    addressee = running.caller("szw", Level.TEAM_LEAD, Role.LINE)
    assert auditor.get(path).status_code == addressee.get(path).status_code == 200


def test_an_administrator_reads_no_content(running: Running) -> None:
    administrator = running.caller("uwv", Level.BOARD, Role.ADMINISTRATOR)
    assert administrator.get("/api/v1/signals").status_code == 403


def test_two_statements_are_compared_and_kept_nowhere(running: Running, floor: Caller) -> None:
    before = running.app.store.position()
    pair = {
        "id": "1",
        "original": {"text": "41 huurders zijn uitgezet.", "light": "red"},
        "originalOn": "2026-01-05",
        "restated": {"text": "Enkele huurders wonen nu elders.", "light": "amber"},
        "restatedOn": "2026-01-06",
    }
    answer = floor.post("/api/v1/comparisons", pair)
    assert answer.status_code == 200, answer.text
    assert answer.json()["dimensions"]["light"]["result"] == "softened"
    assert len(answer.json()["dimensions"]) == 12
    assert "textOnly" in answer.json()["dimensions"]["wording"]
    assert running.app.store.position() == before


def test_a_whole_number_may_be_written_with_a_point(floor: Caller) -> None:
    body = (
        b'{"happenedOn": "2026-01-05", "body": "uwv", "statement": {"text": "t", "severity": 3.0}}'
    )
    answer = floor.raw("/api/v1/signals", body, **{"Content-Type": "application/json"})
    assert floor.get(answer.headers["Location"]).json()["statement"]["severity"] == 3


def test_one_key_at_once_from_eight_threads_records_once(running: Running, floor: Caller) -> None:
    before = running.app.store.position()
    key = {"Idempotency-Key": f"samen-{before}"}
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda _: floor.post("/api/v1/signals", SIGNAL, **key), range(8))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    subject = answers[0].headers["Location"].rpartition("/")[2]
    assert {event.originator_id for _, event in running.app.store.stream(before)} == {subject}


def test_of_eight_writers_with_one_version_one_gets_on(floor: Caller) -> None:
    path = floor.signal()
    days = [{"happenedOn": f"2026-01-{day:02}", "to": "team-lead"} for day in range(6, 14)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda body: floor.post(f"{path}/hand-ons", body, **{"If-Match": '"2"'}), days
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201, *[412] * 7]
    assert floor.get(path).headers["ETag"] == '"3"'


def test_a_key_is_of_one_caller_where_it_stands(running: Running, floor: Caller) -> None:
    key = {"Idempotency-Key": f"eigen-{running.app.store.position()}"}
    mine = floor.post("/api/v1/signals", SIGNAL, **key)
    other = running.caller("uwv", Level.TEAM_LEAD, Role.REPORTER, pseudonym="p-iemand-anders")
    assert (
        other.post("/api/v1/signals", SIGNAL, **key).headers["Location"] != mine.headers["Location"]
    )
    elsewhere = running.caller("svb", Level.BOARD, Role.REPORTER, pseudonym="p-uwv-frontline")
    refused = elsewhere.post("/api/v1/signals", SIGNAL, **key)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-key-reused")


@ON_SQLITE
def test_as_many_request_threads_as_connections(running: Running) -> None:
    api = create_api(running.app, Settings(pool_size=7))

    async def threads() -> float:
        async with api.router.lifespan_context(api):
            return current_default_thread_limiter().total_tokens

    assert anyio.run(threads) == 7
