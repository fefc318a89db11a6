"""What is not coded on both sides is not compared; what is gone is named apart."""

from typing import Any

import pytest

from tests.softening.statements import FULL, statement
from uitvoering.domain.values import Statement
from uitvoering.softening.compare import compare
from uitvoering.softening.facets import Dimension


@pytest.mark.parametrize(
    ("dimension", "fields"),
    [
        (Dimension.SEVERITY, {"severity": 1}),
        (Dimension.LIGHT, {"light": "green"}),
        (Dimension.ACTION, {"requested_action": None}),
        (Dimension.URGENCY, {"act_within_days": None}),
        (Dimension.EVIDENCE, {"evidence": ()}),
        (Dimension.CAUSE, {"causes": ()}),
        (Dimension.RECURRENCE, {"recurrence": "incident"}),
        (Dimension.LEGALITY, {"legality": None}),
        (Dimension.WORDING, {"text": "Het loopt mogelijk wat later."}),
        (Dimension.OMISSION, {"text": "Het loopt mogelijk wat later."}),
    ],
)
def test_a_field_not_coded_on_one_side_reads_unchanged_without_a_rule(
    dimension: Dimension, fields: dict[str, Any]
) -> None:
    read, unread = statement(**fields), statement(**fields, coded=("citizen_frame",))
    assert compare(statement(), read).of(dimension).result.is_loss
    for before, after in ((statement(), unread), (unread, statement())):
        row = compare(before, after).of(dimension)
        assert (row.result, row.rule) == ("unchanged", "")


@pytest.mark.parametrize(
    ("coded", "result"),
    [
        (("affected_count",), "softened"),
        (("affected_groups",), "unchanged"),
        (("severity",), "unchanged"),
    ],
)
def test_scope_compares_the_part_that_is_coded(coded: tuple[str, ...], result: str) -> None:
    fewer = statement(affected_count=100, coded=coded)
    assert compare(statement(), fewer).of(Dimension.SCOPE).result == result


def test_evidence_is_missing_only_when_nothing_is_leant_on() -> None:
    memo = statement(evidence=("memo maart 2017",))
    swapped, none = statement(evidence=("tijdlijn CAF 11",)), statement(evidence=())
    added = statement(evidence=("memo maart 2017", "tijdlijn CAF 11"))
    found = [compare(memo, later).of(Dimension.EVIDENCE).result for later in (swapped, none, added)]
    assert found == ["softened", "missing", "sharpened"]


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        (("law",), ("law", "individual"), "softened"),
        (("process",), ("individual", "policy"), "sharpened"),
        (("process",), ("it",), "unchanged"),
        (("process",), ("law",), "sharpened"),
        (("law",), ("process",), "softened"),
        (("law",), (), "missing"),
        ((), ("individual",), "sharpened"),
    ],
)
def test_a_cause_moves_by_its_heaviest_weight(
    before: tuple[str, ...], after: tuple[str, ...], result: str
) -> None:
    row = compare(statement(causes=before), statement(causes=after)).of(Dimension.CAUSE)
    assert row.result == result


def test_groups_are_a_set_after_trimming_and_case_folding() -> None:
    same = statement(affected_groups=(" Huurders ",))
    assert compare(statement(), same).of(Dimension.SCOPE).result == "unchanged"
    wider = statement(affected_groups=("huurders", "kinderen"))
    assert compare(statement(), wider).of(Dimension.SCOPE).result == "sharpened"
    assert compare(wider, statement()).of(Dimension.SCOPE).result == "softened"


@pytest.mark.parametrize("count", [0, 1])
def test_zero_is_a_statement(count: int) -> None:
    row = compare(statement(affected_count=None), statement(affected_count=count))
    assert row.of(Dimension.SCOPE).result == "sharpened"


def test_both_values_stand_beside_the_result() -> None:
    row = compare(statement(), statement(severity=2)).of(Dimension.SEVERITY)
    assert (row.before, row.after, row.strength) == ("4", "2", 2)


def test_all_twelve_dimensions_are_there_in_order() -> None:
    rows = compare(statement(), Statement.model_validate(FULL)).dimensions
    assert [row.dimension for row in rows] == list(Dimension)
