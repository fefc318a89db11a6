"""Which advice was given again, and what was answered in between?"""

from datetime import date

from tests.given import By, act
from tests.projections.policy_facts import (
    ANSWER,
    AUDIT,
    OTHER_TEST,
    SIGNAL,
    TEST,
    Story,
    by_ministry,
    by_tester,
    moment,
    requested,
    said,
)
from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.follow_up import Matter, Outcome, ResponseFellDue, ResponseGiven
from uitvoering.domain.events.implementation_test import ConditionStated, RecommendationMade
from uitvoering.domain.events.signal import AdviceGiven, HardshipSignalled, RegimeRaised
from uitvoering.domain.values import Level, Regime
from uitvoering.projections.repeated_advice import RepeatedAdvice, repeated_advice


def _advised(on: str, theme: str | None = "Planning", **more: object) -> By:
    fact = RecommendationMade(recommendation="r1", statement=said("begin later"), theme=theme)
    return By(fact, act(Level.EXPERT, on, organisation=str(more.get("organisation", "uwv"))))


def _answer(story: Story, *answers: tuple[Outcome, str]) -> Story:
    due = ResponseFellDue(
        matter=Matter.RECOMMENDATION, of=story.last, of_stream=TEST, due_on=date(2026, 4, 1)
    )
    story.tell(ANSWER, by_ministry(due, "2026-01-10"))
    for outcome, on in answers:
        story.tell(ANSWER, by_ministry(ResponseGiven(outcome=outcome, reason="omdat"), on))
    return story


def _rows(story: Story) -> list[RepeatedAdvice]:
    return repeated_advice(story.known(), moment())


def test_the_same_body_advising_on_the_same_theme_later_is_repeated_advice() -> None:
    story = Story().tell(TEST, requested(), _advised("2026-01-10"))
    story.tell(OTHER_TEST, requested(), _advised("2026-03-10", " planning "))
    (row,) = _rows(story)
    assert (row.theme, row.level, row.organisation) == ("Planning", Level.EXPERT, "uwv")
    assert (row.first_on, row.last_on, row.days, row.times) == (
        date(2026, 1, 10),
        date(2026, 3, 10),
        59,
        2,
    )
    assert [a.text for a in row.advice] == ["begin later", "begin later"]


def test_advice_of_another_body_theme_or_level_is_other_advice() -> None:
    story = Story().tell(
        TEST,
        _advised("2026-01-10"),
        _advised("2026-02-10", "geld"),
        _advised("2026-02-11", organisation="svb"),
        _advised("2026-02-12", None),
        _advised("2026-02-13", None),
        By(_advised("2026-02-14").fact, act(Level.BOARD, "2026-02-14")),
    )
    assert _rows(story) == []


def test_advice_given_twice_on_one_day_is_not_given_again() -> None:
    assert _rows(Story().tell(TEST, _advised("2026-01-10"), _advised("2026-01-10"))) == []


def test_answers_between_the_first_and_the_last_are_shown() -> None:
    story = _answer(
        Story().tell(TEST, requested(), _advised("2026-01-10")),
        (Outcome.DEFERRED, "2026-02-01"),
        (Outcome.NOT_ADOPTED, "2026-05-01"),
    )
    story.tell(OTHER_TEST, _advised("2026-03-10"))
    (row,) = _rows(story)
    assert [(a.outcome, a.answered_on) for a in row.answers] == [
        (Outcome.DEFERRED, date(2026, 2, 1))
    ]


def test_advice_conditions_findings_and_recommendations_are_advice() -> None:
    theme = "rechtsbescherming"
    story = Story()
    story.tell(SIGNAL, By(AdviceGiven(theme=theme), act(Level.EXPERT, "2026-01-01")))
    story.tell(TEST, by_tester(ConditionStated(condition="c1", theme=theme), "2026-02-01"))
    finding = FindingIssued(statement=None, theme=theme)
    story.tell(AUDIT, By(finding, act(Level.EXPERT, "2026-03-01")))
    (row,) = _rows(story)
    assert [a.kind.value for a in row.advice] == ["advice", "condition", "finding"]
    assert [a.text for a in row.advice] == [None, None, None]


def _confidential(regime: Regime) -> Story:
    signalled = HardshipSignalled(statement=said("te hard"), body="uwv")
    advised = AdviceGiven(statement=said("stop"), theme="t")
    story = Story().tell(SIGNAL, By(signalled, act(regime=regime)))
    for on in ("2026-01-10", "2026-02-10"):
        story.tell(SIGNAL, By(advised, act(Level.EXPERT, on)))
    return story


def test_advice_given_in_confidence_shows_no_words() -> None:
    (row,) = _rows(_confidential(Regime.CONFIDENTIAL))
    assert [a.text for a in row.advice] == [None, None]


def test_advice_on_a_protected_report_is_not_shown_at_all() -> None:
    assert _rows(_confidential(Regime.WBK)) == []


def test_a_regime_raised_later_covers_the_advice_before_it() -> None:
    story = _confidential(Regime.INTERNAL)
    assert len(_rows(story)) == 1
    assert _rows(story.tell(SIGNAL, By(RegimeRaised(to=Regime.WBK), act()))) == []


def test_repeated_advice_can_be_asked_by_body_and_theme() -> None:
    known = Story().tell(TEST, _advised("2026-01-10"), _advised("2026-03-10")).known()
    assert len(repeated_advice(known, moment(), organisation="uwv", theme="PLANNING")) == 1
    assert repeated_advice(known, moment(), organisation="svb") == []
    assert repeated_advice(known, moment(), theme="geld") == []
