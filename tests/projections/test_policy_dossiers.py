"""Rebuilt equals incremental, stored equals replayed, and every fact reaches its file."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.policy_facts import (
    ANSWER,
    JOURNEY,
    LAW,
    TEST,
    Stored,
    Story,
    by_ministry,
    by_tester,
    fold,
    moment,
    requested,
    said,
    told,
)
from uitvoering.domain.events.follow_up import (
    AccountedIn,
    Matter,
    Outcome,
    ResponseFellDue,
    ResponseGiven,
)
from uitvoering.domain.events.implementation_test import (
    AspectAssessed,
    ChainPartyAdded,
    CommentReceived,
    ConditionStated,
    CostEstimated,
    CostItem,
    CostRecurrence,
    Disruption,
    DisruptionRated,
    DraftShared,
    Impact,
    StaffingEstimated,
    Verdict,
    VerdictGiven,
)
from uitvoering.domain.events.journey import JourneyStarted, Phase, PhaseEntered, TrialRun
from uitvoering.domain.events.proposal import (
    EnteredIntoForce,
    EntryIntoForceSet,
    ProposalAmended,
    ProposalRegistered,
    RetestFellDue,
    RetestLapsed,
    VersionAdded,
    VersionKind,
    VersionWithdrawn,
)
from uitvoering.domain.values import Level
from uitvoering.projections.documents import Documents, InMemory
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.implementation_tests import TestDocument
from uitvoering.projections.proposals import ProposalDocument
from uitvoering.projections.read_models_policy import POLICY_READ_MODELS


def _history() -> Story:
    story = Story().tell(LAW, by_ministry(ProposalRegistered(title="Wet X"), "2026-01-01"))
    story.tell(LAW, by_ministry(VersionAdded(version="1", kind=VersionKind.CONCEPT), "2026-01-01"))
    story.tell(TEST, requested())
    draft = DraftShared(carrier="concept", statement=said("niet te doen", severity=4), to=())
    final = VerdictGiven(verdict=Verdict.FEASIBLE_IF, statement=said("te doen", severity=2))
    story.tell(TEST, by_tester(draft, "2026-01-20"), by_tester(final, "2026-01-30"))
    story.tell(TEST, by_tester(ConditionStated(condition="c1", theme="tijd"), "2026-02-01"))
    due = ResponseFellDue(
        matter=Matter.CONDITION, of=story.last, of_stream=TEST, due_on=date(2026, 5, 1)
    )
    answer = ResponseGiven(outcome=Outcome.PARTLY, reason="deels")
    story.tell(ANSWER, by_ministry(due, "2026-02-01"), by_ministry(answer, "2026-03-01"))
    story.tell(TEST, by_tester(ConditionStated(condition="c1", theme="tijd"), "2026-04-01"))
    story.tell(JOURNEY, by_ministry(JourneyStarted(title="Beleid", proposal=LAW), "2026-01-01"))
    story.tell(JOURNEY, by_ministry(PhaseEntered(phase=Phase.EXECUTE), "2026-02-01"))
    trial = TrialRun(trial="t1", outcome="mislukt", lesson="kleiner beginnen")
    story.tell(JOURNEY, by_ministry(trial, "2026-02-02"))
    return story.tell(LAW, by_ministry(EnteredIntoForce(), "2026-06-01"))


def _answers(documents: Documents) -> dict[str, list[str]]:
    return {
        name: [row.model_dump_json() for row in ask(documents, moment())]
        for name, ask in POLICY_READ_MODELS.items()
    }


def test_every_read_model_answers_on_one_history() -> None:
    assert {name: len(rows) for name, rows in _answers(_history().known()).items()} == {
        "assessment_register": 1,
        "test_rewrites": 1,
        "conditions_at_entry": 1,
        "journey_timeline": 4,
        "journey_board": 1,
        "repeated_advice": 1,
        "lessons": 1,
    }


@settings(max_examples=20, deadline=None)
@given(cut=st.integers(min_value=0, max_value=14))
def test_a_view_caught_up_in_two_goes_equals_one_rebuilt(cut: int) -> None:
    events = _history().events
    documents = told(events[:cut], InMemory())
    assert _answers(told(events[cut:], documents)) == _answers(told(events, InMemory()))


def test_a_stored_view_equals_a_replay() -> None:
    history = _history()
    assert _answers(told(history.events, Stored())) == _answers(history.known())


def test_another_order_of_streams_gives_the_same_answers() -> None:
    events = _history().events
    by_stream = sorted(events, key=lambda e: (e.originator_id != TEST, e.originator_version))
    assert _answers(told(by_stream, InMemory())) == _answers(told(events, InMemory()))


def test_facts_of_no_interest_change_nothing() -> None:
    documents = InMemory()
    orphan = Story().tell(ANSWER, by_ministry(ResponseGiven(outcome=None), "2026-01-01"))
    fold(orphan.events[0], documents)
    assert _answers(documents) == {name: [] for name in POLICY_READ_MODELS}


def test_an_answer_keeps_where_it_was_accounted_for() -> None:
    story = _history().tell(
        ANSWER, by_ministry(AccountedIn(carrier="brief", locator="blz. 3"), "2026-04-01")
    )
    follow_up = story.known().get(FollowUpDocument, ANSWER)
    assert follow_up is not None
    assert [(a.carrier, a.locator) for a in follow_up.accounts] == [("brief", "blz. 3")]


def test_the_file_of_a_test_keeps_estimates_parties_and_comments() -> None:
    story = _history().tell(
        TEST,
        by_tester(ChainPartyAdded(party="svb"), "2026-01-10"),
        by_tester(DisruptionRated(disruption=Disruption.GROOT), "2026-01-10"),
        by_tester(
            CostEstimated(eur=5, recurrence=CostRecurrence.INCIDENTEEL, item=CostItem.HANDHAVING),
            "2026-01-10",
        ),
        by_tester(
            StaffingEstimated(fte_tenths=25, recurrence=CostRecurrence.STRUCTUREEL), "2026-01-10"
        ),
        by_tester(CommentReceived(comment="kan dit milder?", by=Level.PRINCIPAL), "2026-01-10"),
        by_tester(AspectAssessed(aspect="keten", impact=Impact.BEPERKT), "2026-01-10"),
        by_tester(AspectAssessed(aspect="keten", impact=Impact.INGRIJPEND), "2026-01-11"),
    )
    test = story.known().get(TestDocument, TEST)
    assert test is not None
    assert (test.chain_parties, test.disruption) == (("svb",), Disruption.GROOT)
    assert ([c.eur for c in test.costs], [s.fte_tenths for s in test.staffing]) == ([5], [25])
    assert [c.comment for c in test.comments] == ["kan dit milder?"]
    assert [a.impact for a in test.assessed] == [Impact.INGRIJPEND]


@pytest.mark.parametrize("material", [True, False])
def test_the_file_of_a_proposal_keeps_versions_amendments_and_retests(material: bool) -> None:  # noqa: FBT001 parametrized
    story = _history().tell(
        LAW,
        by_ministry(VersionWithdrawn(version="1", reason="fout"), "2026-02-01"),
        by_ministry(ProposalAmended(version="2", material=material, summary="meer"), "2026-02-02"),
        by_ministry(RetestFellDue(version="2"), "2026-02-02"),
        by_ministry(EntryIntoForceSet(entry_on=date(2026, 6, 1)), "2026-02-03"),
        by_ministry(RetestLapsed(version="2", entered_on=date(2026, 6, 1)), "2026-06-01"),
    )
    proposal = story.known().get(ProposalDocument, LAW)
    assert proposal is not None
    assert [(v.version, v.withdrawn_on) for v in proposal.versions] == [("1", date(2026, 2, 1))]
    (amendment,) = proposal.amendments
    assert (amendment.material, amendment.retest_lapsed_on) == (material, date(2026, 6, 1))
    assert (proposal.entry_on, proposal.entered_on) == (date(2026, 6, 1), date(2026, 6, 1))
