"""The registers over HTTP: what was adopted is found where its Location says, by code or by id."""

from typing import Any

import pytest

from tests.api.conftest import ON_SQLITE, Caller, Running
from uitvoering.api.server import openapi_document
from uitvoering.domain.values import Level, Role
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.policy_file import MOST_ASKED

QUORUM = f"log {new_key('log.example.nl/uitvoering', Kind.ED25519).public}\nquorum none\n"
SOURCE = {"title": "Besluit raad van bestuur"}
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "organisations": ("wsx", {"organisation": "wsx", "name": "Waterschap X", "form": "zbo"}),
    "routes": ("waterschap", {"route": "waterschap", "levels": ["frontline", "minister"]}),
    "templates": ("kort", {"template": "kort", "name": "Korte toets", "mandatory": ["doenbaar"]}),
    "policies": (
        "hand_on_working_days",
        {"name": "hand_on_working_days", "value": 4, "unit": "working-days"},
    ),
    "holidays": ("2041", {"year": 2041, "days": ["2041-01-01"]}),
    "methods": ("softening", {"method": "3", "digest": "0f" * 32}),
    "cosigning-policies": ("ledger", {"text": QUORUM}),
}


@pytest.mark.parametrize("kind", ROWS)
def test_what_was_adopted_is_read_where_its_location_says(
    running: Running, floor: Caller, kind: str
) -> None:
    registrar = running.caller("uitvoering", Level.EXPERT, Role.REGISTRAR)
    code, row = ROWS[kind]
    since = {} if kind == "holidays" else {"inForceFrom": "2026-02-01"}
    body = row | since | {"happenedOn": "2026-01-01", "source": SOURCE}
    made = registrar.post(f"/api/v1/{kind}", body)
    assert made.status_code == 201, made.text
    one = floor.get(made.headers["Location"])
    assert (one.status_code, one.headers["ETag"]) == (200, made.headers["ETag"])
    assert one.json()["rows"][-1] | row == one.json()["rows"][-1]
    assert floor.get(f"/api/v1/{kind}/{code}").json() == one.json()
    known = floor.get(made.headers["Location"], **{"If-None-Match": one.headers["ETag"]})
    assert known.status_code == 304
    listed = floor.get(f"/api/v1/{kind}?pageSize=200")
    assert code in listed.text


@ON_SQLITE
def test_a_policy_with_more_witnesses_than_a_checkpoint_has_room_for_is_not_adopted(
    running: Running,
) -> None:
    registrar = running.caller("uitvoering", Level.EXPERT, Role.REGISTRAR)
    keys = [new_key(f"w{number}", Kind.COSIGNATURE).public for number in range(MOST_ASKED + 1)]
    lines = [f"witness w{number} {key}" for number, key in enumerate(keys)]
    text = "\n".join([*QUORUM.splitlines()[:1], *lines, "quorum w0", ""])
    body = {"text": text, "inForceFrom": "2026-02-01", "happenedOn": "2026-01-01", "source": SOURCE}
    answer = registrar.post("/api/v1/cosigning-policies", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "policy-malformed")


@ON_SQLITE
@pytest.mark.parametrize("kind", ROWS)
def test_a_row_nobody_adopted_is_404(floor: Caller, kind: str) -> None:
    for key in ("9999", "no-such", "00000000-0000-4000-8000-00000000dead"):
        answer = floor.get(f"/api/v1/{kind}/{key}")
        assert (answer.status_code, answer.json()["code"]) == (404, "subject-unknown")
    assert floor.get(f"/api/v1/{kind}/a%00b").status_code == 400


def test_every_location_can_be_read() -> None:
    paths = openapi_document("nl")["paths"]
    for path, item in paths.items():
        location = "Location" in item.get("post", {"responses": {}})["responses"].get(
            "201", {}
        ).get("headers", {})
        if location and "{id}" not in path:
            assert "get" in paths[f"{path}/{{id}}"], path
            assert "get" in item, path
