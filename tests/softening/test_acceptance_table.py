"""The rows of DOMAIN section 5 that concern comparison.

Row 20 and the events of rows 18 and 19 belong to clocks, carriers and bundles.
"""

from datetime import date
from typing import Any

import pytest

from tests.softening.statements import OLDER, TEXT, statement
from uitvoering.domain.values import Evidence, Level, ReasonCode, Role, Statement
from uitvoering.softening.compare import Comparison, compare
from uitvoering.softening.facets import Dimension, Result
from uitvoering.softening.justification import Justification, Speaker, justify
from uitvoering.softening.verdict import Label, Overall, labels, overall

SIGNALLED = date(2026, 1, 15)
NEWER = Evidence(locator="file-check", dated=date(2026, 2, 1))
ANALYST = Speaker(Level.DEPARTMENT, Role.LINE, "uwv")


def moved(comparison: Comparison) -> dict[str, str]:
    unchanged = Result.UNCHANGED
    return {
        row.dimension.value: row.result.value
        for row in comparison.dimensions
        if row.result is not unchanged
    }


def outcome(before: Statement, after: Statement) -> tuple[Overall, set[Label]]:
    comparison = compare(before, after)
    verdict = overall(comparison, Justification.NONE)
    return verdict, set(labels(comparison, before, after, verdict))


@pytest.mark.parametrize(
    ("row", "before", "after", "expected", "verdict", "named"),
    [
        ("1", {}, {}, {}, "unchanged", set()),
        ("2 spelling", {}, {"text": TEXT.upper() + "!"}, {}, "unchanged", set()),
        (
            "2 word order",
            {},
            {"text": "De toeslag van 300 huurders is stopgezet op een onjuiste grondslag."},
            {},
            "unchanged",
            set(),
        ),
        (
            "2 translation",
            {"text": "41 huurders zijn ontruimd."},
            {"text": "41 tenants were evicted."},
            {},
            "unchanged",
            set(),
        ),
        ("3", {}, {"light": "amber"}, {"light": "softened"}, "softened", {"greened"}),
        ("8 light", {}, {"light": "none"}, {"light": "missing"}, "softened", {"greened"}),
        ("8 severity", {}, {"severity": None}, {"severity": "missing"}, "softened", {"greened"}),
        (
            "9",
            {},
            {"affected_count": None},
            {"scope": "softened"},
            "softened",
            {"de-specified"},
        ),
        (
            "10",
            {},
            {"affected_count": None, "affected_groups": ()},
            {"scope": "missing"},
            "softened",
            {"de-specified"},
        ),
        (
            "11",
            {},
            {"causes": ("individual",)},
            {"cause": "softened"},
            "softened",
            {"framed", "individualised"},
        ),
        (
            "12",
            {"light": "amber"},
            {"certainty": "established", "light": "red"},
            {"certainty": "sharpened", "light": "sharpened"},
            "sharpened",
            set(),
        ),
        ("13 second hop", {"light": "amber"}, {"light": "amber"}, {}, "unchanged", set()),
        (
            "14",
            {"light": "amber"},
            {"requested_action": None, "light": "red"},
            {"light": "sharpened", "action": "missing"},
            "mixed",
            {"remedy-dropped"},
        ),
        (
            "15",
            {},
            {"requested_action": "Study the collection"},
            {"action": "softened"},
            "softened",
            {"deferred-to-research"},
        ),
        ("16 later", {}, {"act_within_days": 60}, {"urgency": "softened"}, "softened", set()),
        ("16 gone", {}, {"act_within_days": None}, {"urgency": "missing"}, "softened", set()),
        (
            "16 new",
            {"act_within_days": None},
            {"act_within_days": 14},
            {"urgency": "sharpened"},
            "sharpened",
            set(),
        ),
        ("17", {}, {"legality": "doubt"}, {"legality": "softened"}, "softened", set()),
        (
            "18",
            {"evidence": (OLDER, NEWER)},
            {"evidence": (NEWER,)},
            {"evidence": "softened"},
            "softened",
            {"reference-dropped"},
        ),
        ("19", {}, {"severity": 3}, {"severity": "softened"}, "softened", {"greened"}),
        ("21", {}, {"official_frame": "Het beleid werkt."}, {}, "unchanged", {"framed"}),
        (
            "22",
            {"text": "41 tenants were evicted"},
            {"text": "some tenants now live elsewhere"},
            {"wording": "softened", "scope": "softened", "omission": "softened"},
            "softened",
            {"hedged", "de-specified"},
        ),
    ],
)
def test_the_acceptance_table(
    row: str,
    before: dict[str, Any],
    after: dict[str, Any],
    expected: dict[str, str],
    verdict: str,
    named: set[str],
) -> None:
    earlier, later = statement(**before), statement(**before | after)
    assert (row, moved(compare(earlier, later))) == (row, expected)
    assert outcome(earlier, later) == (verdict, named)


def test_drift_shows_what_two_small_hops_hide() -> None:  # row 13
    origin, step, last = statement(), statement(light="amber"), statement(light="amber")
    assert moved(compare(step, last)) == {}
    assert moved(compare(origin, last)) == {"light": "softened"}


def test_words_alone_are_marked_text_only_and_shown() -> None:  # row 22
    before = statement(text="41 tenants were evicted")
    after = statement(text="some tenants now live elsewhere")
    comparison = compare(before, after)
    assert comparison.text_only
    for dimension in (Dimension.WORDING, Dimension.SCOPE, Dimension.OMISSION):
        result = comparison.of(dimension)
        assert result.text_only
        assert result.spans


GREENER = (statement(), statement(light="amber"))


@pytest.mark.parametrize(
    ("row", "grounds", "justification", "verdict"),
    [
        ("4 running", {"evidence": (OLDER, NEWER)}, "evidenced", "reassessed"),
        ("4 ended", {"evidence": (NEWER,), "window_ended": True}, "accepted", "reassessed"),
        ("5", {"evidence": (OLDER,)}, "claimed", "softened"),
        ("5 ended", {"evidence": (OLDER,), "window_ended": True}, "claimed", "softened"),
        ("6", {"evidence": (NEWER,), "contradicted": True}, "contested", "softened"),
        (
            "6 after acceptance",
            {"evidence": (NEWER,), "contradicted": True, "accepted": True},
            "contested",
            "softened",
        ),
        ("7", {"accepted": True}, "accepted", "reassessed"),
        ("no reason", {"reason_code": None, "evidence": (NEWER,)}, "none", "softened"),
    ],
)
def test_a_softening_is_justified_by_the_highest_ground_that_applies(
    row: str, grounds: dict[str, Any], justification: str, verdict: str
) -> None:
    given: dict[str, Any] = {
        "reason_code": ReasonCode.NEW_FACTS,
        "signalled_on": SIGNALLED,
        "earlier_evidence": (OLDER,),
        "speaker": ANALYST,
    }
    found = justify(**{**given, **grounds})
    assert (row, found) == (row, justification)
    assert overall(compare(*GREENER), found) == verdict


def test_evidence_of_another_level_or_body_counts_without_a_date() -> None:
    elsewhere = Evidence(locator="client-panel", level=Level.FRONTLINE)
    other_body = Evidence(locator="audit", organisation="adr")
    own = Evidence(locator="own-note", level=Level.DEPARTMENT, organisation="uwv")
    found = [
        justify(
            reason_code=ReasonCode.NEW_FACTS,
            signalled_on=SIGNALLED,
            evidence=(reference,),
            speaker=ANALYST,
        )
        for reference in (elsewhere, other_body, own)
    ]
    assert found == ["evidenced", "evidenced", "claimed"]


@pytest.mark.parametrize(
    ("reason", "speaker"),
    [
        (ReasonCode.NEW_FACTS, Speaker(Level.DEPARTMENT, Role.REQUESTER)),
        (ReasonCode.NEW_FACTS, Speaker(Level.PRESS, Role.LINE)),
        (ReasonCode.DOUBLE_COUNT, Speaker(Level.MINISTER, Role.LINE)),
        (ReasonCode.OUT_OF_COMPETENCE, Speaker(Level.FRONTLINE, Role.LINE)),
    ],
)
def test_a_reason_from_a_role_not_competent_for_it_is_a_claim(
    reason: ReasonCode, speaker: Speaker
) -> None:
    found = justify(reason_code=reason, signalled_on=SIGNALLED, evidence=(NEWER,), speaker=speaker)
    assert found is Justification.CLAIMED
