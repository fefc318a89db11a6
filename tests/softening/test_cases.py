"""Every comparison the shipped case files expect, whether a rule or a careful reading."""

import json
from importlib.resources import files
from typing import Any

import pytest

from uitvoering.domain.values import Statement
from uitvoering.softening.compare import compare
from uitvoering.softening.facets import Dimension

CASES = ("a-caf11.json", "b-fsv.json")


def _expectations() -> list[Any]:
    found = []
    for name in CASES:
        case = json.loads(files("uitvoering.cases").joinpath("data", name).read_bytes())
        said = {fact["n"]: fact.get("statement") for fact in case["facts"]}
        found += [
            pytest.param(
                said[row["from"]],
                said[row["to"]],
                row["dimension"],
                row["result"],
                id=f"{name}-{row['from']}-{row['to']}-{row['dimension']}-{row['basis']}",
            )
            for row in case["expected"]
            if row["check"] == "compared"
        ]
    return found


@pytest.mark.parametrize(("before", "after", "dimension", "result"), _expectations())
def test_a_case_compares_as_its_file_expects(
    before: dict[str, Any], after: dict[str, Any], dimension: str, result: str
) -> None:
    comparison = compare(Statement.model_validate(before), Statement.model_validate(after))
    assert comparison.of(Dimension(dimension)).result == result


def test_two_statements_of_which_only_the_text_was_read_compare_on_text_alone() -> None:
    case = json.loads(files("uitvoering.cases").joinpath("data", "a-caf11.json").read_bytes())
    said = {fact["n"]: fact.get("statement") for fact in case["facts"]}
    comparison = compare(Statement.model_validate(said[16]), Statement.model_validate(said[17]))
    fields = set(Dimension) - {Dimension.SCOPE, Dimension.WORDING, Dimension.OMISSION}
    assert {comparison.of(d).rule for d in fields} == {""}
