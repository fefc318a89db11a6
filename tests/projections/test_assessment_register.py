"""Which tests exist, in what state, published where?"""

from datetime import date

from tests.projections.policy_facts import (
    LAW,
    OTHER_LAW,
    OTHER_TEST,
    TEST,
    Story,
    by_ministry,
    by_tester,
    moment,
    requested,
    said,
)
from uitvoering.domain.events.implementation_test import (
    AspectAssessed,
    ConditionStated,
    Impact,
    RecommendationMade,
    TermExtended,
    TermSet,
    TestAccepted,
    TestConcluded,
    TestDeclined,
    TestPublished,
    TestSuperseded,
    Verdict,
    VerdictGiven,
)
from uitvoering.domain.events.proposal import ProposalRegistered
from uitvoering.projections.assessment_register import RegisteredTest, assessment_register
from uitvoering.projections.implementation_test_parts import TestState


def _only(story: Story, day: str = "2026-06-30") -> RegisteredTest:
    (row,) = assessment_register(story.known(), moment(day))
    return row


def test_a_requested_test_runs_for_its_term() -> None:
    row = _only(Story().tell(TEST, requested()), "2026-02-16")
    assert (row.state, row.due_on, row.days_over) == (TestState.REQUESTED, date(2026, 2, 16), 0)
    assert (row.requester, row.tester, row.aspects_mandatory) == ("szw", "uwv", 2)


def test_a_test_past_its_term_shows_the_days() -> None:
    assert _only(Story().tell(TEST, requested()), "2026-02-20").days_over == 4


def test_a_term_set_or_extended_replaces_the_term_asked() -> None:
    story = Story().tell(
        TEST, requested(), by_tester(TermSet(due_on=date(2026, 3, 1)), "2026-01-06")
    )
    assert _only(story).due_on == date(2026, 3, 1)
    story.tell(TEST, by_tester(TermExtended(due_on=date(2026, 4, 1), reason="keten"), "2026-02-01"))
    assert _only(story).due_on == date(2026, 4, 1)


def test_a_declined_test_is_not_late() -> None:
    story = Story().tell(
        TEST, requested(), by_tester(TestDeclined(reason="te vroeg"), "2026-01-06")
    )
    row = _only(story)
    assert (row.state, row.days_over) == (TestState.DECLINED, 0)


def test_each_step_of_a_test_shows_as_its_state() -> None:
    story = Story().tell(LAW, by_ministry(ProposalRegistered(title="Wet X"), "2026-01-01"))
    story.tell(TEST, requested())
    steps = (
        (TestAccepted(), TestState.ACCEPTED),
        (AspectAssessed(aspect="proces", impact=Impact.INGRIJPEND), TestState.ASSESSING),
        (VerdictGiven(verdict=Verdict.FEASIBLE_IF), TestState.VERDICT_GIVEN),
        (TestConcluded(), TestState.CONCLUDED),
        (TestPublished(carrier="site"), TestState.PUBLISHED),
        (TestSuperseded(by=OTHER_TEST), TestState.SUPERSEDED),
    )
    for fact, state in steps:
        story.tell(TEST, by_tester(fact, "2026-02-01"))
        assert _only(story).state == state
    row = _only(story)
    assert (row.proposal_title, row.aspects_assessed, row.verdict) == (
        "Wet X",
        1,
        Verdict.FEASIBLE_IF,
    )
    assert [p.carrier for p in row.publications] == ["site"]


def test_a_verdict_the_source_does_not_name_is_still_a_verdict() -> None:
    story = Story().tell(TEST, requested(), by_tester(VerdictGiven(verdict=None), "2026-02-01"))
    row = _only(story)
    assert (row.state, row.verdict, row.verdict_on) == (
        TestState.VERDICT_GIVEN,
        None,
        date(2026, 2, 1),
    )


def test_conditions_and_recommendations_are_counted_by_code() -> None:
    again = by_tester(ConditionStated(condition="c1", statement=said("meer tijd")), "2026-02-01")
    made = by_tester(RecommendationMade(recommendation="r1"), "2026-02-01")
    row = _only(Story().tell(TEST, requested(), again, again, made))
    assert (row.conditions, row.recommendations) == (1, 1)


def test_an_aspect_outside_the_template_is_no_mandatory_aspect() -> None:
    extra = by_tester(AspectAssessed(aspect="privacy", impact=Impact.BEPERKT), "2026-02-01")
    assert _only(Story().tell(TEST, requested(), extra)).aspects_assessed == 0


def test_tests_are_listed_by_day_of_request_and_can_be_filtered() -> None:
    story = Story().tell(TEST, requested(on="2026-02-02"))
    story.tell(OTHER_TEST, requested(OTHER_LAW, on="2026-01-02"))
    rows = assessment_register(story.known(), moment())
    assert [row.test for row in rows] == [OTHER_TEST, TEST]
    (row,) = assessment_register(story.known(), moment(), proposal=LAW)
    assert row.test == TEST
    assert assessment_register(story.known(), moment(), tester="svb") == []
    assert assessment_register(story.known(), moment(), requester="ocw") == []
    assert assessment_register(story.known(), moment(), state=TestState.PUBLISHED) == []


def test_a_test_whose_request_is_not_visible_is_not_known() -> None:
    story = Story().tell(TEST, by_tester(TestAccepted(), "2026-02-01"))
    assert assessment_register(story.known(), moment()) == []
