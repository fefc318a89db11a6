"""Where did this signal lose force, and in whose words? Rows of DOMAIN 5 that need a history."""

from dataclasses import replace

from tests.given import act
from tests.projections.signal_story import (
    AMBER,
    DEPARTMENT,
    FINDING,
    GREEN,
    LEAD,
    NEWER,
    RAISED,
    RED,
    REPORTER,
    SIGNAL,
    Story,
    at,
)
from uitvoering.domain.acts import Act, Reply
from uitvoering.domain.events.audit import EngagementOpened, FindingIssued
from uitvoering.domain.events.signal import (
    CitationDropped,
    ContradictionAnswered,
    ContradictionFiled,
    ContradictionWithdrawn,
    HandOnLapsed,
    PassagesWithheld,
    ReassessmentAccepted,
    SignalCited,
    SignalHandedOn,
    SignalHeldBack,
    SignalRestated,
)
from uitvoering.domain.values import Level, Light, ReasonCode, Role, Statement, Way
from uitvoering.projections.documents import Moment
from uitvoering.projections.signal_trail import TrailRow, signal_trail
from uitvoering.softening.facets import Dimension, DimensionResult, Result
from uitvoering.softening.justification import Justification
from uitvoering.softening.verdict import Label, Overall

CLOCK = act(Level.TEAM_LEAD, "2026-01-20", Role.CLOCK)
EVIDENCED = AMBER.model_copy(update={"evidence": (*RED.evidence, NEWER)})


def trail(story: Story, moment: Moment | None = None) -> list[TrailRow]:
    return signal_trail(story.told(), moment or at("2026-01-21"), signal=SIGNAL)


def result(rows: tuple[DimensionResult, ...] | None, dimension: Dimension) -> Result:
    assert rows is not None
    return next(row.result for row in rows if row.dimension is dimension)


def restated(
    statement: Statement, by: Act = LEAD, *, reason_code: ReasonCode | None = None
) -> tuple[Story, str]:
    story = Story()
    story.tell(RAISED, REPORTER)
    fact = SignalRestated(to=Level.DEPARTMENT, statement=statement, reason_code=reason_code)
    return story, story.tell(fact, by)


def test_the_origin_is_compared_with_nothing() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    (row,) = trail(story)
    assert (row.hop, row.drift, row.overall, row.justification) == (None, None, None, None)
    assert row.statement == RED
    assert row.way is Way.LINE


def test_row_3_red_to_amber_without_a_reason_is_softened_and_greened() -> None:
    story, _ = restated(AMBER)
    _, row = trail(story)
    assert result(row.hop, Dimension.LIGHT) is Result.SOFTENED
    assert row.overall is Overall.SOFTENED
    assert row.justification is Justification.NONE
    assert row.labels == (Label.GREENED,)


def test_row_4_new_facts_with_evidence_are_evidenced_while_the_window_runs() -> None:
    story, _ = restated(EVIDENCED, reason_code=ReasonCode.NEW_FACTS)
    during = trail(story, at("2026-01-26"))[1]
    after = trail(story, at("2026-01-27"))[1]
    assert str(during.window_ends_on) == "2026-01-26"
    assert (during.overall, during.justification) == (
        Overall.REASSESSED,
        Justification.EVIDENCED,
    )
    assert (after.overall, after.justification) == (Overall.REASSESSED, Justification.ACCEPTED)


def test_row_6_a_contradiction_contests_also_after_the_window() -> None:
    story, softened = restated(EVIDENCED, reason_code=ReasonCode.NEW_FACTS)
    story.tell(
        ContradictionFiled(against=softened, statement=RED), act(Level.FRONTLINE, "2026-03-02")
    )
    row = trail(story, at("2026-03-03"))[1]
    assert result(row.hop, Dimension.LIGHT) is Result.SOFTENED
    assert row.overall is Overall.MIXED, "weaker, and with more evidence: both are shown"
    assert row.justification is Justification.CONTESTED


def test_a_withdrawn_contradiction_contests_nothing_and_stays_with_what_it_was_against() -> None:
    story, softened = restated(AMBER)
    by = act(Level.FRONTLINE, "2026-01-13")
    filed = story.tell(ContradictionFiled(against=softened, statement=RED), by)
    story.tell(ContradictionWithdrawn(contradiction=filed), by)
    story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=AMBER), DEPARTMENT)
    _, contradicted, _, later = trail(story)
    assert contradicted.justification is Justification.NONE
    assert [c.withdrawn_on is not None for c in contradicted.contradictions] == [True]
    assert later.contradictions == ()


def test_row_7_acceptance_by_the_reporter_makes_it_reassessed() -> None:
    story, softened = restated(AMBER)
    story.tell(ReassessmentAccepted(of=softened), act(Level.FRONTLINE, "2026-01-14"))
    row = trail(story)[1]
    assert (row.overall, row.justification) == (Overall.REASSESSED, Justification.ACCEPTED)


def test_row_13_the_second_hop_is_unchanged_and_the_drift_softened() -> None:
    story, _ = restated(AMBER)
    story.tell(SignalRestated(to=Level.DIRECTORATE, statement=AMBER), DEPARTMENT)
    row = trail(story)[2]
    assert row.overall is Overall.UNCHANGED
    assert row.justification is None
    assert result(row.drift, Dimension.LIGHT) is Result.SOFTENED
    assert row.drift_overall is Overall.SOFTENED


def test_drift_is_reassessed_only_when_every_loss_on_the_way_was() -> None:
    story, softened = restated(AMBER)
    story.tell(ReassessmentAccepted(of=softened), act(Level.FRONTLINE, "2026-01-14"))
    story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=AMBER), DEPARTMENT)
    story.tell(
        SignalRestated(to=Level.BOARD, statement=GREEN), act(Level.DIRECTORATE, "2026-01-20")
    )
    _, _, handed_on, greened = trail(story)
    assert handed_on.drift_overall is Overall.REASSESSED
    assert greened.drift_overall is Overall.SOFTENED


def test_row_18_a_dropped_citation_softens_evidence() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    cited = story.tell(SignalCited(carrier="memo v1", statement=RED), LEAD)
    story.tell(CitationDropped(carrier="memo v2", previous=cited), DEPARTMENT)
    row = trail(story)[2]
    assert row.gap
    assert result(row.hop, Dimension.EVIDENCE) is Result.SOFTENED
    assert row.labels == (Label.REFERENCE_DROPPED,)


def test_row_20_a_lapse_is_a_missing_statement_of_the_level_that_let_it_lapse() -> None:
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    story.tell(
        HandOnLapsed(level=Level.TEAM_LEAD, due_on=LEAD.happened_on, of=raised),
        act(Level.FRONTLINE, "2026-01-20", Role.CLOCK),
    )
    row = trail(story)[1]
    assert (row.gap, row.level) == (True, Level.TEAM_LEAD)
    assert result(row.hop, Dimension.OMISSION) is Result.MISSING
    assert row.labels == (Label.NOT_HANDED_ON,)
    assert row.justification is Justification.NONE


def test_an_act_after_its_term_is_delayed() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    story.tell(
        SignalHandedOn(to=Level.DEPARTMENT, statement=RED), act(Level.TEAM_LEAD, "2026-01-20")
    )
    assert Label.DELAYED in trail(story)[1].labels


def test_words_held_back_reach_nobody_and_are_no_previous_wording() -> None:
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    story.tell(SignalHeldBack(statement=GREEN, reason="eerst navragen"), LEAD)
    story.tell(SignalRestated(to=Level.DEPARTMENT, statement=AMBER), DEPARTMENT)
    _, held, row = trail(story)
    assert Label.WITHHELD in held.labels
    assert held.gap
    assert row.previous == raised


def test_withheld_passages_show_their_ground() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    story.tell(PassagesWithheld(carrier="brief", ground="Woo 5.2", to=Level.PARLIAMENT), LEAD)
    row = trail(story)[1]
    assert (row.labels, row.reason, row.statement) == ((Label.WITHHELD,), "Woo 5.2", None)


def test_a_late_registration_is_put_in_its_place() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    last = story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=AMBER), DEPARTMENT)
    late = story.tell(
        SignalRestated(to=Level.DEPARTMENT, statement=AMBER), LEAD, recorded_on="2026-03-01"
    )
    _, second, third = trail(story, at("2026-03-02"))
    assert (second.event_id, second.late, second.lag_days) == (late, True, 48)
    assert (third.event_id, third.previous) == (last, late)
    assert third.overall is Overall.UNCHANGED


def test_what_a_clock_records_is_never_late() -> None:
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    lapse = HandOnLapsed(level=Level.TEAM_LEAD, due_on=LEAD.happened_on, of=raised)
    story.tell(lapse, CLOCK, recorded_on="2026-06-01")
    assert not trail(story, at("2026-06-02"))[1].late


def test_an_open_contradiction_travels_with_every_later_statement() -> None:
    story, softened = restated(AMBER)
    filed = story.tell(
        ContradictionFiled(against=softened, statement=RED), act(Level.FRONTLINE, "2026-01-13")
    )
    story.tell(
        ContradictionAnswered(contradiction=filed, answer="Wij zien het anders."),
        act(Level.TEAM_LEAD, "2026-01-15"),
    )
    story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=AMBER), DEPARTMENT)
    story.tell(
        SignalHandedOn(to=Level.BOARD, statement=AMBER), act(Level.DIRECTORATE, "2026-01-20")
    )
    origin, contradicted, objection, third, fourth = trail(story)
    assert origin.contradictions == ()
    assert objection.previous == softened
    for row in (contradicted, third, fourth):
        assert [c.event_id for c in row.contradictions] == [filed]
        assert [a.answer for a in row.contradictions[0].answers] == ["Wij zien het anders."]
    assert third.previous == softened


def test_skipped_levels_are_shown() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    story.tell(SignalHandedOn(to=Level.BOARD, statement=RED), LEAD)
    assert trail(story)[1].skipped == (Level.DEPARTMENT, Level.DIRECTORATE)


def test_a_reply_stands_beside_its_fact() -> None:
    reply = Reply(by=Level.MINISTER, text="Wij kenden het stuk niet.")
    story, _ = restated(AMBER, LEAD.model_copy(update={"reply": reply}))
    assert trail(story)[1].reply == reply


def test_a_finding_about_the_signal_is_a_step_of_an_outside_level() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    by = act(Level.OMBUDSMAN, "2026-01-15", Role.AUDITOR, organisation="no")
    story.tell(EngagementOpened(mandate="Wet No", body="uwv"), by, stream=FINDING)
    story.tell(FindingIssued(statement=RED, to=Level.MINISTER, about=SIGNAL), by, stream=FINDING)
    story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=AMBER), DEPARTMENT)
    _, finding, later = trail(story)
    assert (finding.level, finding.way) == (Level.OMBUDSMAN, Way.EXTERNAL)
    assert later.previous == finding.event_id


def test_a_statement_may_follow_a_finding_that_is_not_about_the_signal() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    by = act(Level.OMBUDSMAN, "2026-01-15", Role.AUDITOR, organisation="no")
    named = story.tell(FindingIssued(statement=GREEN), by, stream=FINDING)
    story.tell(SignalRestated(to=Level.DIRECTORATE, statement=AMBER, previous=named), DEPARTMENT)
    row = trail(story)[1]
    assert row.previous == named
    assert result(row.hop, Dimension.LIGHT) is Result.SHARPENED


def test_a_statement_nobody_knows_is_a_row_without_a_comparison() -> None:
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    story.tell(SignalHandedOn(to=Level.DEPARTMENT), LEAD)
    story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=RED), DEPARTMENT)
    _, unknown, later = trail(story)
    assert (unknown.statement, unknown.hop, unknown.gap) == (None, None, False)
    assert later.previous == raised


def test_the_trail_of_an_unknown_signal_is_empty() -> None:
    assert signal_trail(Story().told(), at("2026-01-05"), signal=SIGNAL) == []


def test_the_moment_decides_which_terms_have_ended() -> None:
    story, _ = restated(EVIDENCED, reason_code=ReasonCode.NEW_FACTS)
    later = at("2026-06-01")
    earlier = replace(later, happened_as_of=LEAD.happened_on)
    assert trail(story, later)[1].justification is Justification.ACCEPTED
    assert trail(story, earlier)[1].justification is Justification.EVIDENCED


def test_a_light_that_is_no_longer_shown_is_missing() -> None:
    story, _ = restated(RED.model_copy(update={"light": Light.NONE}))
    assert result(trail(story)[1].hop, Dimension.LIGHT) is Result.MISSING
