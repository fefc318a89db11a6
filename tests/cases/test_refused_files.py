"""A file that is no case is refused whole: one clear refusal that names the place."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from uitvoering.cases.case import parse_case, read_case
from uitvoering.errors import CaseInvalidError, CaseUnknownError

GOOD: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "k-doorlooptijd.json").read_text(encoding="utf-8")
)
Spoiling = Callable[[dict[str, Any]], Any]

SPOILED: list[tuple[Spoiling, str, str]] = [
    (lambda told: told.pop("title_en"), "$", "'title_en' is a required property"),
    (lambda told: told["facts"][0].update(kind="vergroend"), "$.facts[0].kind", "'vergroend'"),
    (lambda told: told["facts"][0].update(to="niemand"), "fact 5", "niemand is not in levels"),
    (lambda told: told["facts"][0].update(answers=99), "fact 5", "fact 99 is not in this file"),
    (lambda told: told["facts"][0].update(n=2), "$.facts", "number 2 stands there twice"),
    (
        lambda told: told["levels"].append(told["levels"][0]),
        "$.levels",
        "level desk stands there twice",
    ),
    (
        lambda told: told["facts"][0].update(happened_on="2020-02-30"),
        "$.facts[0].happened_on",
        "day value is outside expected range",
    ),
    (
        lambda told: told["facts"][0].update(happened_between=["2020-02-02", "2020-02-01"]),
        "fact 5",
        "ends before it begins",
    ),
    (
        lambda told: [f.update(kind="hand-on-lapsed", derived=True) for f in told["facts"]],
        "$.facts",
        "every fact is derived",
    ),
]


@pytest.mark.parametrize(("spoil", "place", "cause"), SPOILED)
def test_a_spoiled_case_is_refused_with_its_place(spoil: Spoiling, place: str, cause: str) -> None:
    told = copy.deepcopy(GOOD)
    spoil(told)
    with pytest.raises(CaseInvalidError) as refusal:
        parse_case(json.dumps(told).encode(), "zaak.json")
    assert refusal.value.code == "case-invalid"
    assert f"at {place}: " in str(refusal.value)
    assert cause in str(refusal.value)


@pytest.mark.parametrize("content", [b"geen json", b"\xff\xfe", b"[]", b"null", b""])
def test_what_is_no_json_or_no_object_is_refused(content: bytes) -> None:
    with pytest.raises(CaseInvalidError, match=r"zaak\.json is no case file"):
        parse_case(content, "zaak.json")


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(CaseUnknownError, match=r"nergens\.json"):
        read_case("nergens.json")
