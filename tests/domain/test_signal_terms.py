"""Which terms run on a signal, when are they met, and what lapses when nobody acts?"""

from datetime import date

import pytest

from tests.domain.signal_histories import HARD, MILD, ORIGIN, ROUTE, SECOND, TERMS, given, the
from tests.given import By, act, event_id
from uitvoering.domain.acts import MustAsk
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import (
    AcknowledgementLapsed,
    AdviceAsked,
    ContradictionAnswered,
    ContradictionFiled,
    ContradictionWithdrawn,
    FeedbackLapsed,
    HandOnLapsed,
    HardshipSignalled,
    PassagesWithheld,
    SignalAcknowledged,
    SignalDisclosed,
    SignalHandedOn,
    SignalHeldBack,
    SignalMerged,
    SignalRestated,
)
from uitvoering.domain.events.signal_outcome import (
    FeedbackGiven,
    FeedbackImpossible,
    SignalClosed,
    SignalDeclined,
    SignalTakenUp,
    SignalWithdrawn,
)
from uitvoering.domain.routes import Route
from uitvoering.domain.signal_terms import OpenTerm, TermKind, terms_of
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Level, Role

FAR = date(2030, 1, 1)
FG = Level.DATA_PROTECTION_OFFICER
TO_MT = By(
    HardshipSignalled(
        statement=HARD, body="toeslagen", to=Level.DIRECTORATE, arrived_on=date(2017, 3, 14)
    ),
    act(Level.EXPERT, "2017-03-13"),
)
"""A memo that reached the management team on Tuesday 14 March 2017."""
TO_NOBODY = By(
    HardshipSignalled(
        statement=HARD, body="belastingdienst", must_ask=(MustAsk(level=FG, basis="AVG 35(2)"),)
    ),
    act(Level.DEPARTMENT, "2019-01-31"),
)
"""An assessment without addressee, of which the officer had to be asked advice."""
MT_LAPSED = HandOnLapsed(level=Level.DIRECTORATE, due_on=date(2017, 3, 28), of=ORIGIN)
NOT_ACKNOWLEDGED = AcknowledgementLapsed(level=Level.DIRECTORATE, due_on=date(2017, 3, 21))
FG_LAPSED = HandOnLapsed(level=Level.DEPARTMENT, due_on=date(2019, 2, 14), party=FG, of=ORIGIN)


def by_mt(fact: Fact, on: str = "2017-03-20") -> By:
    return By(fact, act(Level.DIRECTORATE, on, organisation="toeslagen"))


def lapses(*facts: Fact | By, until: date = FAR) -> tuple[Fact, ...]:
    return the(*facts).lapses(until, TERMS, ROUTE)


def term(kind: TermKind, *facts: Fact | By) -> OpenTerm:
    (found,) = (t for t in the(*facts).open_terms(TERMS, ROUTE) if t.kind is kind)
    return found


def test_a_level_that_does_nothing_for_ten_working_days_lets_the_hand_on_lapse() -> None:
    assert lapses(TO_MT) == (NOT_ACKNOWLEDGED, MT_LAPSED)


def test_a_term_lapses_the_day_after_its_last_day() -> None:
    assert lapses(TO_MT, until=date(2017, 3, 21)) == ()
    assert lapses(TO_MT, until=date(2017, 3, 22)) == (NOT_ACKNOWLEDGED,)
    assert lapses(TO_MT, until=date(2017, 3, 28)) == (NOT_ACKNOWLEDGED,)
    assert lapses(TO_MT, until=date(2017, 3, 29)) == (NOT_ACKNOWLEDGED, MT_LAPSED)


def test_a_holiday_is_no_working_day() -> None:
    with_holiday = Terms(TERMS.policies, frozenset({date(2017, 3, 20)}))
    found = the(TO_MT).lapses(FAR, with_holiday, ROUTE)
    assert HandOnLapsed(level=Level.DIRECTORATE, due_on=date(2017, 3, 29), of=ORIGIN) in found


def test_a_lapse_is_recorded_once_also_when_its_term_is_later_counted_differently() -> None:
    recorded = (TO_MT, NOT_ACKNOWLEDGED, MT_LAPSED)
    assert lapses(*recorded) == ()
    shorter = Terms((*TERMS.policies, (PolicyName.HAND_ON_WORKING_DAYS, date(2016, 1, 1), 5)))
    assert the(*recorded).lapses(FAR, shorter, ROUTE) == ()


@pytest.mark.parametrize(
    "fact",
    [
        SignalHandedOn(to=Level.MINISTER),
        SignalRestated(to=Level.MINISTER, statement=MILD),
        SignalHeldBack(reason="Wacht."),
        SignalDeclined(reason="Elders."),
        SignalDisclosed(carrier="memo"),
        PassagesWithheld(carrier="memo", ground="Woo 5.2"),
        SignalWithdrawn(),
        SignalMerged(into=event_id(70)),
        SignalClosed(),
    ],
)
def test_passing_on_refusing_or_ending_meets_the_hand_on_term(fact: Fact) -> None:
    assert MT_LAPSED not in lapses(TO_MT, by_mt(fact))
    assert MT_LAPSED not in lapses(TO_MT, by_mt(fact, "2017-03-28"))
    assert MT_LAPSED in lapses(TO_MT, by_mt(fact, "2017-03-29"))


@pytest.mark.parametrize("fact", [SignalAcknowledged(), SignalTakenUp(), AdviceAsked(of=FG)])
def test_other_acts_do_not_meet_it(fact: Fact) -> None:
    assert MT_LAPSED in lapses(TO_MT, by_mt(fact))


def test_an_act_of_another_level_does_not_meet_it() -> None:
    elsewhere = By(SignalHandedOn(to=Level.MINISTER), act(Level.EXPERT, "2017-03-20"))
    assert MT_LAPSED in lapses(TO_MT, elsewhere)


def test_a_late_act_is_shown_as_met_after_the_term_lapsed() -> None:
    late = term(TermKind.HAND_ON, TO_MT, by_mt(SignalHandedOn(to=Level.PARLIAMENT), "2017-05-01"))
    assert (late.started_on, late.due_on, late.met_on) == (
        date(2017, 3, 14),
        date(2017, 3, 28),
        date(2017, 5, 1),
    )
    assert late.has_lapsed(FAR)


def test_a_second_arrival_is_a_new_term() -> None:
    back = By(SignalHandedOn(to=Level.DIRECTORATE), act(Level.EXPERT, "2017-04-03"))
    passed_on = by_mt(SignalHandedOn(to=Level.PARLIAMENT))
    assert lapses(TO_MT, passed_on, back)[1:] == (
        HandOnLapsed(level=Level.DIRECTORATE, due_on=date(2017, 4, 17), of=event_id(3)),
    )


def test_what_was_passed_on_before_a_return_on_the_same_day_does_not_meet_the_new_term() -> None:
    there = by_mt(SignalHandedOn(to=Level.PARLIAMENT))
    back = By(SignalHandedOn(to=Level.DIRECTORATE), act(Level.EXPERT, "2017-03-20"))
    assert [f.of for f in lapses(TO_MT, there, back) if isinstance(f, HandOnLapsed)] == [
        event_id(3)
    ]


def test_an_act_within_the_days_the_arrival_may_lie_in_counts_when_recorded_after_it() -> None:
    sent = By(
        SignalHandedOn(to=Level.BOARD),
        act(Level.DIRECTORATE, "2017-03-24", happened_from=date(2017, 3, 20)),
    )
    reacted = By(SignalHeldBack(reason="Wacht."), act(Level.BOARD, "2017-03-22"))
    assert not [f for f in lapses(TO_MT, sent, reacted) if isinstance(f, HandOnLapsed)]


def test_an_act_of_the_same_level_in_another_body_does_not_meet_the_term() -> None:
    to_svb = by_mt(SignalHandedOn(to=Level.DIRECTORATE, to_organisation="svb"))
    again = by_mt(SignalHandedOn(to=Level.MINISTER), "2017-03-22")
    at_svb = By(
        SignalHeldBack(reason="Wacht."), act(Level.DIRECTORATE, "2017-03-23", organisation="svb")
    )
    lapsed = HandOnLapsed(level=Level.DIRECTORATE, due_on=date(2017, 4, 3), of=SECOND)
    assert lapsed in lapses(TO_MT, to_svb, again)
    assert lapsed not in lapses(TO_MT, to_svb, again, at_svb)


@pytest.mark.parametrize("to", [Level.PARLIAMENT, Level.CITIZEN, Level.OMBUDSMAN, FG, None])
def test_parliament_citizens_and_levels_out_of_the_line_have_no_hand_on_term(
    to: Level | None,
) -> None:
    raised = By(HardshipSignalled(statement=HARD, body="uwv", to=to))
    kinds = {t.kind for t in the(raised).open_terms(TERMS, ROUTE)}
    assert kinds == ({TermKind.ACKNOWLEDGEMENT} if to else set())


def test_the_last_level_of_the_route_has_nobody_to_hand_on_to() -> None:
    short = Route("kort", (Level.FRONTLINE, Level.DIRECTORATE))
    assert the(TO_MT).lapses(FAR, TERMS, short) == (NOT_ACKNOWLEDGED,)
    assert MT_LAPSED in the(TO_MT).lapses(FAR, TERMS, Route("leeg", ()))


def test_a_party_that_had_to_be_asked_and_was_not_is_a_lapse_of_the_level_that_signalled() -> None:
    assert lapses(TO_NOBODY) == (FG_LAPSED,)
    assert lapses(TO_NOBODY, until=date(2019, 2, 14)) == ()
    assert lapses(TO_NOBODY, FG_LAPSED) == ()


@pytest.mark.parametrize(
    "fact",
    [
        SignalHandedOn(to=FG),
        SignalRestated(to=FG, statement=MILD),
        SignalDisclosed(carrier="gegevensbeschermingseffectbeoordeling", to=FG),
        AdviceAsked(of=FG),
    ],
)
def test_the_party_may_be_reached_by_any_level_in_time(fact: Fact) -> None:
    assert lapses(TO_NOBODY, By(fact, act(Level.BOARD, "2019-02-14"))) == ()
    assert lapses(TO_NOBODY, By(fact, act(Level.BOARD, "2019-02-15"))) == (FG_LAPSED,)
    assert lapses(TO_NOBODY, By(fact, act(Level.BOARD, "2019-01-10"))) == ()


def test_reaching_another_party_does_not_count_and_the_addressee_need_not_be_asked() -> None:
    other = By(AdviceAsked(of=Level.EXPERT), act(Level.BOARD, "2019-02-01"))
    held = By(SignalHeldBack(reason="Wacht."), act(Level.DEPARTMENT, "2019-02-01"))
    assert lapses(TO_NOBODY, other, held) == (FG_LAPSED,)
    to_fg = By(TO_NOBODY.fact.model_copy(update={"to": FG}), TO_NOBODY.act)
    assert FG_LAPSED not in lapses(to_fg)


def test_each_party_lapses_by_itself() -> None:
    both = (MustAsk(level=FG, basis="AVG 35(2)"), MustAsk(level=Level.WORKS_COUNCIL, basis="WOR"))
    raised = By(HardshipSignalled(statement=HARD, body="uwv", must_ask=both), TO_NOBODY.act)
    asked = By(AdviceAsked(of=FG), act(Level.BOARD, "2019-02-01"))
    (only,) = lapses(raised, asked)
    assert isinstance(only, HandOnLapsed)
    assert only.party is Level.WORKS_COUNCIL


def test_feedback_lapses_three_months_after_the_first_acknowledgement() -> None:
    acknowledged = by_mt(SignalAcknowledged())
    again = by_mt(SignalAcknowledged(), "2017-04-20")
    lapsed = FeedbackLapsed(due_on=date(2017, 6, 20))
    assert [f for f in lapses(TO_MT, acknowledged, again) if isinstance(f, FeedbackLapsed)] == [
        lapsed
    ]
    for told in (FeedbackGiven(message="Hersteld."), FeedbackImpossible(reason="Anoniem.")):
        assert lapsed not in lapses(TO_MT, acknowledged, by_mt(told, "2017-06-20"))
        assert lapsed in lapses(TO_MT, acknowledged, by_mt(told, "2017-06-21"))


def test_an_acknowledgement_in_time_does_not_lapse() -> None:
    assert NOT_ACKNOWLEDGED not in lapses(TO_MT, by_mt(SignalAcknowledged(), "2017-03-21"))
    assert NOT_ACKNOWLEDGED in lapses(TO_MT, by_mt(SignalAcknowledged(), "2017-03-22"))


def test_an_unanswered_contradiction_is_shown_and_lapses_nothing() -> None:
    filed = By(ContradictionFiled(against=SECOND, statement=HARD), act(Level.EXPERT, "2017-03-21"))
    history = (TO_MT, by_mt(SignalRestated(to=Level.MINISTER, statement=MILD)), filed)
    shown = term(TermKind.CONTRADICTION, *history)
    assert (shown.level, shown.due_on, shown.met_on) == (
        Level.DIRECTORATE,
        date(2017, 4, 4),
        None,
    )
    assert shown.has_lapsed(FAR)
    for ending in (
        ContradictionAnswered(contradiction=event_id(3), answer="Aangepast."),
        ContradictionWithdrawn(contradiction=event_id(3)),
    ):
        met = term(TermKind.CONTRADICTION, *history, by_mt(ending, "2017-03-30"))
        assert met.met_on == date(2017, 3, 30)
    assert {type(f) for f in lapses(*history)} == {AcknowledgementLapsed, HandOnLapsed}


def test_read_models_get_the_same_terms_from_the_facts_alone() -> None:
    signal = the(TO_MT, by_mt(SignalAcknowledged()))
    assert terms_of(signal.trail, TERMS, Level.PARLIAMENT) == signal.open_terms(TERMS, ROUTE)
    assert terms_of((), TERMS, None) == ()


def test_a_lapse_puts_the_signal_in_that_state() -> None:
    clock = act(Level.DIRECTORATE, "2017-03-28", Role.CLOCK)
    assert the(TO_MT, By(MT_LAPSED, clock)).state == "lapsed"
    given(TO_MT, By(MT_LAPSED, clock)).when(
        lambda s: s.hand_on(by_mt(MT_LAPSED, "2017-06-01").act, to=Level.MINISTER, route=ROUTE)
    ).then(SignalHandedOn(to=Level.MINISTER, statement=HARD))
