"""Which conditions were met, answered or open when the law entered into force?"""

from datetime import date

import pytest

from tests.given import By
from tests.projections.policy_facts import (
    ANSWER,
    LAW,
    OTHER_ANSWER,
    OTHER_TEST,
    TEST,
    Story,
    by_ministry,
    by_tester,
    moment,
    requested,
    said,
)
from uitvoering.domain.events.follow_up import (
    ConditionLapsed,
    ConditionMet,
    EntryWithoutConditionMet,
    Matter,
    Outcome,
    ResponseFellDue,
    ResponseGiven,
)
from uitvoering.domain.events.implementation_test import ConditionStated
from uitvoering.domain.events.proposal import EnteredIntoForce, ProposalRegistered
from uitvoering.domain.values import Evidence
from uitvoering.projections.conditions_at_entry import (
    ConditionAtEntry,
    EntryGroup,
    at_entry,
    conditions_at_entry,
)
from uitvoering.projections.follow_ups import FollowUpDocument


def _law(*conditions: str) -> Story:
    story = Story().tell(LAW, by_ministry(ProposalRegistered(title="Wet X"), "2026-01-01"))
    story.tell(TEST, requested())
    for code in conditions:
        fact = ConditionStated(condition=code, statement=said(f"eis {code}"), theme="planning")
        story.tell(TEST, by_tester(fact, "2026-02-01"))
    return story


def _due(story: Story, stream: str = ANSWER) -> Story:
    """The follow-up on the last fact told."""
    fact = ResponseFellDue(
        matter=Matter.CONDITION,
        of=story.last,
        of_stream=TEST,
        code="c1",
        proposal=LAW,
        due_on=date(2026, 5, 1),
    )
    return story.tell(stream, by_ministry(fact, "2026-02-01"))


def _given(outcome: Outcome | None, on: str) -> By:
    return by_ministry(ResponseGiven(outcome=outcome, reason="omdat"), on)


def _met(on: str) -> By:
    return by_ministry(ConditionMet(evidence=(Evidence(locator="rapport"),)), on)


def _entered(story: Story, on: str = "2026-06-01") -> Story:
    return story.tell(LAW, by_ministry(EnteredIntoForce(), on))


def _only(story: Story, day: str = "2026-06-30") -> ConditionAtEntry:
    (row,) = conditions_at_entry(story.known(), moment(day))
    return row


@pytest.mark.parametrize(
    ("outcome", "group"),
    [
        (Outcome.ADOPTED, EntryGroup.ADOPTED),
        (Outcome.PARTLY, EntryGroup.PARTLY),
        (Outcome.NOT_ADOPTED, EntryGroup.NOT_ADOPTED),
        (Outcome.DEFERRED, EntryGroup.DEFERRED),
        (Outcome.NO_RESPONSE, EntryGroup.NO_RECORDED_ANSWER),
        (None, EntryGroup.NO_RECORDED_ANSWER),
    ],
)
def test_a_condition_counts_by_its_answer(outcome: Outcome | None, group: EntryGroup) -> None:
    row = _only(_entered(_due(_law("c1")).tell(ANSWER, _given(outcome, "2026-04-01"))))
    assert (row.group, row.outcome, row.met) == (group, outcome, False)
    assert (row.reason, row.answered_on) == ("omdat", date(2026, 4, 1))


def test_a_condition_without_any_answer_has_no_recorded_answer() -> None:
    assert _only(_entered(_law("c1"))).group == EntryGroup.NO_RECORDED_ANSWER


def test_the_latest_answer_by_the_day_of_entry_counts() -> None:
    story = _due(_law("c1")).tell(
        ANSWER,
        _given(Outcome.ADOPTED, "2026-03-01"),
        _given(Outcome.NOT_ADOPTED, "2026-05-01"),
        _given(Outcome.ADOPTED, "2026-06-02"),
    )
    assert _only(_entered(story)).group == EntryGroup.NOT_ADOPTED


def test_an_earlier_answer_stays_although_a_later_one_is_current() -> None:
    story = _due(_law("c1")).tell(
        ANSWER, _given(Outcome.DEFERRED, "2026-03-01"), _given(Outcome.ADOPTED, "2026-05-01")
    )
    follow_up = story.known().get(FollowUpDocument, ANSWER)
    assert follow_up is not None
    assert [a.outcome for a in follow_up.answers] == [Outcome.DEFERRED, Outcome.ADOPTED]
    assert (follow_up.outcome, follow_up.answered_on) == (Outcome.ADOPTED, date(2026, 5, 1))
    assert follow_up.body == "uwv"


def test_a_condition_met_by_the_day_of_entry_is_met_and_shows_its_evidence() -> None:
    story = _due(_law("c1")).tell(ANSWER, _given(Outcome.PARTLY, "2026-03-01"), _met("2026-06-01"))
    row = _only(_entered(story))
    assert (row.group, row.met, row.outcome) == (EntryGroup.MET, True, Outcome.PARTLY)
    assert [e.locator for e in row.evidence] == ["rapport"]


def test_a_condition_met_after_entry_was_open_at_entry() -> None:
    story = _due(_law("c1")).tell(ANSWER, _given(Outcome.ADOPTED, "2026-03-01"), _met("2026-06-02"))
    row = _only(_entered(story))
    assert (row.group, row.met, row.met_on) == (EntryGroup.ADOPTED, False, None)


def test_a_condition_stated_after_entry_is_left_out() -> None:
    story = _entered(_law("c1"))
    late = by_tester(ConditionStated(condition="c2"), "2026-06-10")
    assert _only(story.tell(TEST, late)).condition == "c1"


def test_a_proposal_not_in_force_shows_how_its_conditions_stand_now() -> None:
    story = _due(_law("c1")).tell(ANSWER, _given(Outcome.ADOPTED, "2026-06-10"))
    assert _only(story, "2026-06-09").group == EntryGroup.NO_RECORDED_ANSWER
    row = _only(story, "2026-06-10")
    assert (row.entry, row.entered_on, row.group) == (None, None, EntryGroup.ADOPTED)


def test_a_condition_stated_again_by_a_later_test_is_one_condition() -> None:
    story = _due(_law("c1")).tell(ANSWER, _given(Outcome.DEFERRED, "2026-03-01"))
    story.tell(OTHER_TEST, requested(on="2026-03-02"))
    again = ConditionStated(condition="c1", statement=said("eis nog steeds"))
    _due(story.tell(OTHER_TEST, by_tester(again, "2026-04-01")), OTHER_ANSWER)
    story.tell(OTHER_ANSWER, _given(Outcome.NOT_ADOPTED, "2026-05-01"))
    row = _only(_entered(story))
    assert (row.text, row.group, len(row.events)) == ("eis nog steeds", EntryGroup.NOT_ADOPTED, 2)
    assert row.tests == (TEST, OTHER_TEST)


def test_the_conditions_of_a_proposal_are_grouped_and_in_order() -> None:
    story = _law("c1")
    _due(story).tell(ANSWER, _given(Outcome.NOT_ADOPTED, "2026-03-01"))
    for code in ("c10", "c2"):
        story.tell(TEST, by_tester(ConditionStated(condition=code), "2026-02-02"))
    _entered(story)
    (grouped,) = at_entry(conditions_at_entry(story.known(), moment(), proposal=LAW))
    assert grouped.entry == story.last
    assert (grouped.not_adopted, grouped.no_recorded_answer) == (("c1",), ("c2", "c10"))
    assert (grouped.met, grouped.adopted, grouped.partly, grouped.deferred) == ((), (), (), ())


def test_a_lapse_and_an_entry_without_the_condition_stay_in_its_file() -> None:
    story = _entered(_due(_law("c1")))
    without = EntryWithoutConditionMet(entry=story.last, entered_on=date(2026, 6, 1))
    story.tell(ANSWER, by_ministry(without, "2026-06-01"))
    story.tell(ANSWER, by_ministry(ConditionLapsed(reason="wet ingetrokken"), "2026-07-01"))
    follow_up = story.known().get(FollowUpDocument, ANSWER)
    assert follow_up is not None
    assert [e.entered_on for e in follow_up.entries_without_met] == [date(2026, 6, 1)]
    assert (follow_up.lapsed_on, follow_up.lapse_reason) == (date(2026, 7, 1), "wet ingetrokken")
