"""Where is a hard indicator green while soft evidence is red?"""

from tests.given import act
from tests.projections.signal_story import (
    GREEN,
    OTHER_SIGNAL,
    RAISED,
    RED,
    REPORTER,
    SIGNAL,
    Story,
    at,
)
from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.signal import SignalHandedOn
from uitvoering.domain.events.signal_outcome import SignalWithdrawn
from uitvoering.domain.values import Level, Light, Role, Statement
from uitvoering.projections.kpi_tension import KpiTension, LinkedBy, kpi_tension

REPORT = "00000000-0000-4000-8000-0000000000ee"
THEMED = RAISED.model_copy(update={"theme": "Doorlooptijd"})
ON_TIME = Statement(text="95 procent binnen de termijn", light=Light.GREEN)
BOARD = act(Level.BOARD, "2026-02-01")


def tensions(story: Story) -> list[KpiTension]:
    return kpi_tension(story.told(), at("2026-06-01"))


def shown(story: Story, statement: Statement = ON_TIME, theme: str | None = None) -> str:
    return story.tell(FindingIssued(statement=statement, theme=theme), BOARD, stream=REPORT)


def test_a_green_light_beside_red_signals_of_the_same_theme_is_a_tension() -> None:
    story = Story()
    raised = story.tell(THEMED, REPORTER)
    indicator = shown(story, theme=" doorlooptijd")
    (row,) = tensions(story)
    assert (row.indicator, row.light) == (indicator, Light.GREEN)
    (soft,) = row.signals
    assert (soft.signal, soft.event_id, soft.linked_by) == (SIGNAL, raised, LinkedBy.THEME)
    assert (soft.light, soft.severity) == (Light.RED, 4)


def test_without_a_theme_the_body_links_them() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    shown(story)
    assert [s.linked_by for s in tensions(story)[0].signals] == [LinkedBy.BODY]


def test_another_theme_is_another_matter() -> None:
    story = Story()
    story.tell(THEMED, REPORTER)
    shown(story, theme="kosten")
    assert tensions(story) == []


def test_a_low_severity_stated_with_a_theme_shows_fine_and_silence_does_not() -> None:
    story = Story()
    story.tell(THEMED, REPORTER)
    shown(story, Statement(text="geen bijzonderheden"), theme="doorlooptijd")
    assert tensions(story) == []
    shown(story, Statement(text="kleine hinder", severity=2), theme="doorlooptijd")
    assert [row.severity for row in tensions(story)] == [2]


def test_soft_evidence_is_red_or_serious() -> None:
    story = Story()
    mild = RED.model_copy(update={"light": Light.AMBER, "severity": 3})
    story.tell(RAISED.model_copy(update={"statement": mild}), REPORTER)
    shown(story)
    assert tensions(story) == []


def test_a_signal_raised_afterwards_or_withdrawn_before_is_no_evidence() -> None:
    story = Story()
    story.tell(RAISED, act(Level.FRONTLINE, "2026-02-02", Role.REPORTER))
    story.tell(RAISED, REPORTER, stream=OTHER_SIGNAL)
    withdrawal = act(Level.FRONTLINE, "2026-01-20", Role.REPORTER)
    story.tell(SignalWithdrawn(), withdrawal, stream=OTHER_SIGNAL)
    shown(story)
    assert tensions(story) == []


def test_what_was_greened_inside_one_matter_is_no_tension_with_itself() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    story.tell(SignalHandedOn(to=Level.DEPARTMENT, statement=GREEN), BOARD)
    assert tensions(story) == []
    story.tell(RAISED, REPORTER, stream=OTHER_SIGNAL)
    assert [s.signal for s in tensions(story)[0].signals] == [OTHER_SIGNAL]


def test_tensions_are_found_by_body_level_and_theme() -> None:
    story = Story()
    story.tell(THEMED, REPORTER)
    shown(story, theme="doorlooptijd")
    documents, moment = story.told(), at("2026-06-01")
    assert len(kpi_tension(documents, moment, organisation="uwv", level=Level.BOARD)) == 1
    assert kpi_tension(documents, moment, organisation="svb") == []
    assert kpi_tension(documents, moment, theme="kosten") == []
