"""What changed between a test's draft and the law, and at whose asking?"""

from tests.projections.policy_facts import (
    LAW,
    TEST,
    Story,
    by_tester,
    moment,
    requested,
    said,
)
from uitvoering.domain.events.implementation_test import (
    CarrierStage,
    CarrierStated,
    DraftShared,
    PassageRewritten,
    Verdict,
    VerdictGiven,
)
from uitvoering.domain.values import Level, Light
from uitvoering.projections import test_rewrites as rewrites
from uitvoering.projections.test_rewrites import PassageKind, RewrittenPassage
from uitvoering.softening.facets import Dimension, Result
from uitvoering.softening.verdict import Overall

RED = said("De wet is niet uitvoerbaar.", light=Light.RED, severity=4)
AMBER = said("De wet is niet uitvoerbaar.", light=Light.AMBER, severity=4)
GREEN = said("De wet is niet uitvoerbaar.", light=Light.GREEN, severity=4)


def _rows(story: Story) -> list[RewrittenPassage]:
    return rewrites.test_rewrites(story.known(), moment())


def _light(row: RewrittenPassage) -> Result:
    return next(r.result for r in row.results if r.dimension == Dimension.LIGHT)


def test_a_rewritten_passage_shows_both_texts_and_who_asked() -> None:
    rewritten = PassageRewritten(
        before=RED,
        after=AMBER,
        asked_by=Level.PRINCIPAL,
        asked_by_organisation="szw",
        reason="toon",
    )
    (row,) = _rows(Story().tell(TEST, requested(), by_tester(rewritten, "2026-02-01")))
    assert (row.before, row.after) == (RED, AMBER)
    assert (row.asked_by, row.asked_by_organisation, row.reason) == (
        Level.PRINCIPAL,
        "szw",
        "toon",
    )
    assert (row.kind, row.overall, _light(row)) == (
        PassageKind.REWRITE,
        Overall.SOFTENED,
        Result.SOFTENED,
    )
    assert len(row.results) == 12


def _chain() -> Story:
    letter = CarrierStated(carrier="brief", stage=CarrierStage.COVERING_LETTER, statement=AMBER)
    house = CarrierStated(carrier="kst", stage=CarrierStage.LETTER_TO_PARLIAMENT, statement=GREEN)
    draft = DraftShared(carrier="concept", statement=RED, to=(Level.PRINCIPAL,))
    final = VerdictGiven(verdict=Verdict.NOT_FEASIBLE, statement=RED)
    return Story().tell(
        TEST,
        requested(),
        by_tester(draft, "2026-02-01"),
        by_tester(house, "2026-05-01"),
        by_tester(letter, "2026-04-01"),
        by_tester(final, "2026-03-01"),
    )


def test_each_document_is_compared_with_the_one_before_and_with_the_first() -> None:
    rows = _rows(_chain())
    assert [(r.kind, r.from_stage, r.to_stage, _light(r)) for r in rows] == [
        (PassageKind.HOP, CarrierStage.DRAFT, CarrierStage.FINAL, Result.UNCHANGED),
        (PassageKind.HOP, CarrierStage.FINAL, CarrierStage.COVERING_LETTER, Result.SOFTENED),
        (PassageKind.DRIFT, CarrierStage.DRAFT, CarrierStage.COVERING_LETTER, Result.SOFTENED),
        (
            PassageKind.HOP,
            CarrierStage.COVERING_LETTER,
            CarrierStage.LETTER_TO_PARLIAMENT,
            Result.SOFTENED,
        ),
        (PassageKind.DRIFT, CarrierStage.DRAFT, CarrierStage.LETTER_TO_PARLIAMENT, Result.SOFTENED),
    ]
    assert {r.asked_by for r in rows} == {None}


def test_a_verdict_without_a_statement_is_no_document() -> None:
    draft = DraftShared(carrier="concept", statement=RED, to=())
    story = Story().tell(
        TEST,
        requested(),
        by_tester(draft, "2026-02-01"),
        by_tester(VerdictGiven(verdict=Verdict.FEASIBLE), "2026-03-01"),
    )
    assert _rows(story) == []


def test_rewrites_can_be_asked_by_test_and_proposal() -> None:
    known = _chain().known()
    assert len(rewrites.test_rewrites(known, moment(), test=TEST, proposal=LAW)) == 5
    assert rewrites.test_rewrites(known, moment(), test="other") == []
    assert rewrites.test_rewrites(known, moment(), proposal="other") == []
