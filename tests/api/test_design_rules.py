"""The machine-tested rules of the API Design Rules 2.2, in the description and at run time."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import ON_SQLITE, ORIGIN, Caller
from uitvoering import __version__
from uitvoering.api.acts import TOPICS
from uitvoering.api.openapi import schemas_in
from uitvoering.api.server import openapi_document
from uitvoering.application.kinds import COMMANDS
from uitvoering.domain.events.topics import FACTS
from uitvoering.labels.table import Labels

DOCUMENT = openapi_document("nl")
ENGLISH = openapi_document("en")
PROBLEMS = ("/api/v1/nothing", "/api/v1/signals/", "/api/v1/signals")


def operations(document: dict[str, Any] = DOCUMENT) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_no_path_ends_in_a_slash_and_every_segment_is_kebab_case() -> None:
    for path in DOCUMENT["paths"]:
        segments = [part for part in path.split("/") if part and not part.startswith("{")]
        assert path == "/" or not path.endswith("/")
        assert all(re.fullmatch(r"[a-z0-9-]+|openapi\.json", part) for part in segments), path


def test_query_keys_are_camel_case_and_every_parameter_has_an_example() -> None:
    for path, _, operation in operations():
        for parameter in operation.get("parameters", ()):
            assert parameter["description"]
            assert "example" in parameter, (path, parameter["name"])
            if parameter["in"] == "query":
                assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", parameter["name"])


def test_every_body_has_an_example() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for path, _, operation in operations():
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            named = schema["$ref"].rpartition("/")[2]
            assert schema.get("examples") or schemas[named].get("examples"), (path, named)


def test_invalid_input_is_400_and_never_422() -> None:
    for path, _, operation in operations():
        assert "422" not in operation["responses"]
        assert "400" in operation["responses"], path
    assert "HTTPValidationError" not in DOCUMENT["components"]["schemas"]


def test_every_problem_is_problem_json_with_its_members() -> None:
    for response in DOCUMENT["components"]["responses"].values():
        assert set(response["content"]) == {"application/problem+json"}
    members = DOCUMENT["components"]["schemas"]["Problem"]["properties"]
    assert {"type", "code", "status", "title", "detail", "instance", "invalidParams"} == set(
        members
    )


def test_the_version_header_is_on_every_success() -> None:
    for path, _, operation in operations():
        for status, response in operation["responses"].items():
            if status < "400":
                assert "API-Version" in response["headers"], (path, status)


def test_contact_server_and_version_are_told() -> None:
    info = DOCUMENT["info"]
    assert info["version"] == __version__
    assert {"name", "email", "url"} == set(info["contact"])
    assert all(re.fullmatch(r"https://\S+/api/v1", row["url"]) for row in DOCUMENT["servers"])
    assert DOCUMENT["openapi"] == "3.1.0"


def test_dates_have_the_format_date_and_no_time_stands_alone() -> None:
    for name, field in schemas_in(DOCUMENT):
        assert field.get("format") not in {"time", "time-local"}
        if name.endswith(("On", "Date")) and "format" in field:
            assert field["format"] == "date", name
        if name.endswith("At") and "format" in field:
            assert field["format"] == "date-time", name


def test_schema_names_are_pascal_case_and_operations_unique() -> None:
    assert all(re.fullmatch(r"([A-Z][A-Za-z0-9]*)", n) for n in DOCUMENT["components"]["schemas"])
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)


def test_the_document_is_dutch_and_english_with_the_same_keys() -> None:
    assert DOCUMENT["info"]["description"] != ENGLISH["info"]["description"]
    assert set(DOCUMENT["paths"]) == set(ENGLISH["paths"])


def test_the_glossary_explains_every_property() -> None:
    for lang in ("nl", "en"):
        labels = Labels.load(lang)
        names = {name for name, _ in schemas_in(DOCUMENT)}
        assert [name for name in sorted(names) if not labels.has("field", name)] == []


def test_every_command_has_its_route_and_every_act_its_fact() -> None:
    posted = {path for path, method, _ in operations() if method == "post"}
    for command in COMMANDS.values():
        path = f"/{command.KIND}/{{id}}/{command.PATH}" if command.PATH else f"/{command.KIND}"
        assert path in posted
    assert {topic for acts in TOPICS.values() for topic in acts.values()} <= set(FACTS)
    assert "/comparisons" in posted


@ON_SQLITE
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/"),
        ("HEAD", "/api/v1/"),
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api/v1/signals"),
        ("GET", "/api/v1/nothing"),
        ("DELETE", "/api/v1/signals"),
        ("GET", "/nothing"),
        ("GET", "/_healthz"),
    ],
)
def test_every_answer_carries_version_and_security_headers(
    nobody: Caller, method: str, path: str
) -> None:
    headers = nobody.ask(method, path).headers
    assert headers["API-Version"] == __version__
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Strict-Transport-Security"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Server" not in headers


@ON_SQLITE
def test_the_description_is_published_for_any_origin(nobody: Caller) -> None:
    answer = nobody.get("/api/v1/openapi.json", **{"Accept-Language": "en"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json() == ENGLISH
    assert nobody.get("/api/v1/openapi.json").json() == DOCUMENT


@ON_SQLITE
def test_only_an_allowed_origin_is_echoed(floor: Caller) -> None:
    allowed = floor.get("/api/v1/signals", Origin=ORIGIN)
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in allowed.headers["Vary"]
    other = floor.get("/api/v1/signals", Origin="https://elders.example.nl")
    assert "Access-Control-Allow-Origin" not in other.headers
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    assert floor.ask("OPTIONS", "/api/v1/signals", **asked).status_code == 204


@ON_SQLITE
def test_head_answers_as_get_without_a_body(floor: Caller) -> None:
    path = floor.signal()
    get, head = floor.get(path), floor.ask("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
