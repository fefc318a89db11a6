"""Every refusal is one problem+json, in one order, in the reader's language."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import LIMIT, ON_SQLITE, SIGNAL, Caller, Running
from uitvoering.domain.values import Level, Role
from uitvoering.errors import (
    BusyError,
    SchemaMissingError,
    StoreFullError,
    StoreLockedError,
    StoreUnreachableError,
    TamperedError,
    UitvoeringError,
)

UNKNOWN = "/api/v1/signals/00000000-0000-4000-8000-00000000dead/hand-ons"
GOOD = {"happenedOn": "2026-01-06", "to": "team-lead"}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == "nl"
    assert "Accept-Language" in answer.headers["Vary"]
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == UUID(body["instance"].removeprefix("urn:uuid:")).urn
    return body


def test_refusals_come_in_one_order(running: Running, floor: Caller, nobody: Caller) -> None:
    """401, 403, 415, 400, 404, 428, 412, 409: each step mends the fault before it."""
    path = floor.signal()
    auditor = running.caller("ar", Level.AUDITOR, Role.AUDITOR)
    bad, text = b'{"to": 1}', {"Content-Type": "text/plain"}
    as_json = {"Content-Type": "application/json"}
    assert problem(nobody.raw(UNKNOWN, bad, **text), 401, "login-required")
    assert problem(
        running.caller("uwv", Level.FRONTLINE, Role.ADMINISTRATOR).raw(UNKNOWN, bad, **text),
        403,
        "role-missing",
    )
    assert problem(floor.raw(UNKNOWN, bad, **text), 415, "media-type-unsupported")
    assert problem(floor.raw(UNKNOWN, bad, **as_json), 400, "input-invalid")
    assert problem(floor.post(UNKNOWN, GOOD), 404, "subject-unknown")
    assert problem(floor.post(f"{path}/hand-ons", GOOD), 428, "version-required")
    stale = floor.post(f"{path}/hand-ons", GOOD, **{"If-Match": '"99"'})
    assert problem(stale, 412, "stale-version")
    present = stale.headers["ETag"]
    closing = {"happenedOn": "2026-01-06"}
    closed = floor.post(f"{path}/closures", closing, **{"If-Match": present})
    assert closed.status_code == 409, closed.text
    assert floor.get(path).headers["ETag"] == present
    assert auditor.get(path).status_code == 200


def test_a_token_that_lapsed_or_never_was_opens_nothing(running: Running, nobody: Caller) -> None:
    lapsed = running.caller("uwv", Level.FRONTLINE, Role.LINE, days=-1)
    for caller in (lapsed, Caller(nobody.client, {"Authorization": "Bearer none"})):
        answer = caller.get("/api/v1/signals")
        problem(answer, 401, "login-required")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"happendOn": "2026-01-05"}, "happendOn"),
        ({"happenedOn": 0}, "happenedOn"),
        ({"happenedOn": "2026-02-30"}, "happenedOn"),
        ({"statement": {"text": " "}}, "statement.text"),
        ({"statement": {"text": "t", "severity": 6}}, "statement.severity"),
        ({"to": "boss"}, "to"),
    ],
)
def test_invalid_input_is_400_and_names_every_part(
    floor: Caller, changed: dict[str, Any], name: str
) -> None:
    answer = floor.post("/api/v1/signals", SIGNAL | changed)
    body = problem(answer, 400, "input-invalid")
    assert name in [param["name"] for param in body["invalidParams"]]
    assert {param["in"] for param in body["invalidParams"]} == {"body"}
    assert all(param["reason"] for param in body["invalidParams"])


@ON_SQLITE
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 20_000, b'{"a":' * 10_000, b"\xff\xfe", b"null", b"[]", b"NaN"]
)
def test_what_is_no_json_object_is_400(floor: Caller, body: bytes) -> None:
    answer = floor.raw("/api/v1/signals", body, **{"Content-Type": "application/json"})
    problem(answer, 400, "input-invalid")


@ON_SQLITE
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/xml", "application/json; charset=latin-1"]
)
def test_another_kind_of_content_is_415(floor: Caller, kind: str) -> None:
    answer = floor.raw("/api/v1/signals", b"{}", **{"Content-Type": kind})
    problem(answer, 415, "media-type-unsupported")
    assert answer.headers["Accept"] == "application/json"


@ON_SQLITE
def test_a_body_of_ten_megabytes_is_413_and_records_nothing(
    running: Running, floor: Caller
) -> None:
    before = running.app.store.position()
    large = b'{"text": "' + b"a" * 10_000_000 + b'"}'
    answer = floor.raw("/api/v1/signals", large, **{"Content-Type": "application/json"})
    assert str(LIMIT) in problem(answer, 413, "too-large")["detail"]
    assert running.app.store.position() == before


def test_a_day_that_has_not_come_is_refused(running: Running, floor: Caller) -> None:
    before = running.app.store.position()
    problem(
        floor.post("/api/v1/signals", SIGNAL | {"happenedOn": "2999-01-01"}), 409, "date-in-future"
    )
    assert running.app.store.position() == before


def test_days_in_the_wrong_order_are_a_rule_not_a_form(floor: Caller) -> None:
    answer = floor.post("/api/v1/signals", SIGNAL | {"happenedFrom": "2026-01-06"})
    assert problem(answer, 409, "input-inconsistent")["invalidParams"]


@ON_SQLITE
def test_a_misspelt_query_key_is_refused_not_ignored(floor: Caller) -> None:
    body = problem(floor.get("/api/v1/signals?recordedAsof=2026-01-01"), 400, "input-invalid")
    assert body["invalidParams"][0]["name"] == "recordedAsof"
    assert body["invalidParams"][0]["in"] == "query"


@ON_SQLITE
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/signals/", "/nothing"])
def test_an_unknown_path_is_404_and_a_slash_is_no_redirect(floor: Caller, path: str) -> None:
    problem(floor.get(path), 404, "path-unknown")


@ON_SQLITE
def test_405_names_all_methods_of_the_path(floor: Caller) -> None:
    answer = floor.ask("DELETE", "/api/v1/signals")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_an_accident_is_a_500_that_tells_nothing(
    running: Running, floor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("secret table")

    monkeypatch.setattr(type(running.app.store), "position", broken)
    answer = floor.get("/api/v1/signals")
    body = problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert body["instance"] in body["detail"]
    assert answer.headers["API-Version"]


@pytest.mark.parametrize(
    ("error", "status", "header"),
    [
        (BusyError(cause="another writer"), 503, "Retry-After"),
        (TamperedError(position=7, cause="other bytes"), 500, "API-Version"),
    ],
)
def test_a_busy_store_says_when_and_a_tampered_one_whom_to_call(
    running: Running,
    floor: Caller,
    monkeypatch: pytest.MonkeyPatch,
    error: UitvoeringError,
    status: int,
    header: str,
) -> None:
    def failing(_: object) -> None:
        raise error

    monkeypatch.setattr(type(running.app.store), "position", failing)
    answer = floor.get("/api/v1/signals")
    problem(answer, status, error.code)
    assert answer.headers[header]


@ON_SQLITE
@pytest.mark.parametrize(
    "error", [StoreLockedError, StoreFullError, StoreUnreachableError, SchemaMissingError]
)
def test_a_store_that_fails_is_ours_to_mend_and_not_told_where(
    running: Running,
    floor: Caller,
    monkeypatch: pytest.MonkeyPatch,
    error: type[UitvoeringError],
) -> None:
    def failing(_: object) -> None:
        raise error(store="sqlite:////srv/geheim/uitvoering.db")

    monkeypatch.setattr(type(running.app.store), "position", failing)
    answer = floor.get("/api/v1/signals")
    problem(answer, 503, error.code)
    assert answer.headers["Retry-After"]
    assert "geheim" not in answer.text


def test_a_problem_leads_to_a_page_in_both_languages(nobody: Caller) -> None:
    page = nobody.get("/problems/stale-version")
    assert page.status_code == 200
    assert 'lang="nl"' in page.text
    assert 'lang="en"' in page.text
    assert nobody.get("/problems/no-such-code").status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "nl"),
        ("en", "en"),
        ("en-GB,nl;q=0.5", "en"),
        ("fr, *;q=0.1", "nl"),
        ("en;q=0, nl;q=0.1", "nl"),
        ("en;q=x", "nl"),
    ],
)
def test_the_reader_chooses_the_language(nobody: Caller, accept: str, language: str) -> None:
    answer = nobody.get("/api/v1/signals", **{"Accept-Language": accept})
    assert answer.headers["Content-Language"] == language


@ON_SQLITE
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "latin-1"])
def test_a_body_in_another_encoding_is_400(floor: Caller, encoding: str) -> None:
    body = json.dumps(SIGNAL | {"theme": "één"}, ensure_ascii=False).encode(encoding)
    answer = floor.raw("/api/v1/signals", body, **{"Content-Type": "application/json"})
    problem(answer, 400, "input-invalid")


@ON_SQLITE
def test_a_compressed_body_is_415(floor: Caller) -> None:
    answer = floor.post("/api/v1/signals", SIGNAL, **{"Content-Encoding": "gzip"})
    problem(answer, 415, "media-type-unsupported")
    assert answer.headers["Accept-Encoding"] == "identity"


def test_what_is_said_twice_is_refused_not_guessed(running: Running, floor: Caller) -> None:
    path = floor.signal()
    before = running.app.store.position()
    twice = b'{"happenedOn": "2026-01-05", "happenedOn": "2026-01-04"}'
    answer = floor.raw("/api/v1/signals", twice, **{"Content-Type": "application/json"})
    assert names(answer) == [("happenedOn", "body")]
    days = "recordedAsOf=2026-01-05&recordedAsOf=2026-01-06"
    assert names(floor.get(f"{path}?{days}")) == [("recordedAsOf", "query")]
    for name, values in (("If-Match", ('"2"', '"99"')), ("Idempotency-Key", ("a", "b"))):
        headers = [*floor.headers.items(), ("If-Match", '"2"')][: 1 + (name != "If-Match")]
        headers += [(name, value) for value in values]
        posted = floor.client.post(f"{path}/hand-ons", json=GOOD, headers=headers)
        assert names(posted) == [(name, "header")]
    assert running.app.store.position() == before
    both = [*floor.headers.items(), ("Authorization", "Bearer none")]
    problem(floor.client.get(path, headers=both), 401, "login-required")


def names(answer: Any) -> list[tuple[str, str]]:
    params = problem(answer, 400, "input-invalid")["invalidParams"]
    return [(param["name"], param["in"]) for param in params]
