"""What is owed, by whom and by when: unanswered, due_soon and inbox read the same terms."""

from datetime import UTC, date, datetime

from tests.given import act
from tests.projections.signal_story import (
    AMBER,
    DEPARTMENT,
    LEAD,
    RAISED,
    RED,
    REPORTER,
    SIGNAL,
    Story,
    at,
)
from uitvoering.domain.acts import MustAsk
from uitvoering.domain.events.follow_up import (
    ConditionMet,
    Matter,
    Outcome,
    ResponseFellDue,
    ResponseGiven,
)
from uitvoering.domain.events.signal import (
    ContradictionAnswered,
    ContradictionFiled,
    HandOnLapsed,
    SignalAcknowledged,
    SignalHandedOn,
    SignalRestated,
)
from uitvoering.domain.events.signal_outcome import SignalWithdrawn
from uitvoering.domain.values import Evidence, Level, Role
from uitvoering.projections.documents import Moment
from uitvoering.projections.due_soon import due_soon
from uitvoering.projections.inbox import inbox
from uitvoering.projections.open_items import ItemKind
from uitvoering.projections.unanswered import unanswered

FOLLOW_UP = "00000000-0000-4000-8000-00000000000d"
TEST = "00000000-0000-4000-8000-00000000000c"
MINISTRY = act(Level.PRINCIPAL, "2026-01-05", Role.REQUESTER, organisation="szw")


def raised() -> Story:
    story = Story()
    story.tell(RAISED, REPORTER)
    return story


def kinds(story: Story, day: str) -> list[ItemKind]:
    return [row.kind for row in unanswered(story.told(), at(day))]


def condition_due(due_on: date = date(2026, 4, 5)) -> Story:
    story = Story()
    fact = ResponseFellDue(
        matter=Matter.CONDITION,
        of="00000000-0000-4000-8000-0000000000c1",
        of_stream=TEST,
        code="c1",
        statement=RED,
        due_on=due_on,
    )
    story.tell(fact, MINISTRY, stream=FOLLOW_UP)
    return story


def test_a_term_is_unanswered_from_the_day_after_its_last_day() -> None:
    story = raised()
    assert kinds(story, "2026-01-12") == []
    assert kinds(story, "2026-01-13") == [ItemKind.ACKNOWLEDGEMENT]
    (row,) = unanswered(story.told(), at("2026-01-15"))
    assert (row.level, row.organisation, row.due_on, row.days_over) == (
        Level.TEAM_LEAD,
        "uwv",
        date(2026, 1, 12),
        3,
    )


def test_a_recorded_lapse_is_no_answer() -> None:
    story = raised()
    story.tell(SignalAcknowledged(), LEAD)
    lapse = HandOnLapsed(
        level=Level.TEAM_LEAD, due_on=date(2026, 1, 19), of=story.events[0].event_id
    )
    story.tell(lapse, act(Level.FRONTLINE, "2026-01-20", Role.CLOCK))
    assert kinds(story, "2026-01-21") == [ItemKind.HAND_ON]
    story.tell(SignalHandedOn(to=Level.PARLIAMENT), act(Level.TEAM_LEAD, "2026-01-22"))
    assert kinds(story, "2026-01-23") == []


def test_an_unanswered_contradiction_waits_for_the_level_it_is_against() -> None:
    story = raised()
    softened = story.tell(SignalRestated(to=Level.DEPARTMENT, statement=AMBER), LEAD)
    filed = story.tell(
        ContradictionFiled(against=softened, statement=RED), act(Level.FRONTLINE, "2026-01-13")
    )
    documents = story.told()
    (row,) = unanswered(documents, at("2026-02-02"), kind=ItemKind.CONTRADICTION)
    assert (row.level, row.of) == (Level.TEAM_LEAD, filed)
    story.tell(ContradictionAnswered(contradiction=filed, answer="Nee."), LEAD)
    story.tell(
        ContradictionAnswered(contradiction=filed, answer="Nee."),
        act(Level.TEAM_LEAD, "2026-01-20"),
    )
    assert unanswered(story.told(), at("2026-02-02"), kind=ItemKind.CONTRADICTION) == []


def test_a_party_that_had_to_be_asked_is_named() -> None:
    story = Story()
    asked = MustAsk(level=Level.DATA_PROTECTION_OFFICER, basis="AVG 35(2)")
    story.tell(RAISED.model_copy(update={"to": None, "must_ask": (asked,)}), REPORTER)
    (row,) = unanswered(story.told(), at("2026-02-02"))
    assert (row.kind, row.level, row.party) == (
        ItemKind.HAND_ON,
        Level.FRONTLINE,
        Level.DATA_PROTECTION_OFFICER,
    )


def test_a_withdrawn_signal_owes_nothing() -> None:
    story = raised()
    story.tell(SignalWithdrawn(), act(Level.FRONTLINE, "2026-01-06", Role.REPORTER))
    assert kinds(story, "2026-06-01") == []


def test_a_condition_is_unanswered_until_someone_answers() -> None:
    story = condition_due()
    assert kinds(story, "2026-04-05") == []
    (row,) = unanswered(story.told(), at("2026-04-06"))
    assert (row.kind, row.id, row.code) == (ItemKind.CONDITION, FOLLOW_UP, "c1")
    answer = ResponseGiven(outcome=Outcome.DEFERRED, reason="volgt in de brief")
    story.tell(answer, MINISTRY, stream=FOLLOW_UP)
    assert kinds(story, "2026-04-06") == []


def test_the_clock_saying_that_nobody_answered_is_no_answer() -> None:
    story = condition_due()
    clock = MINISTRY.model_copy(update={"actor_role": Role.CLOCK})
    story.tell(ResponseGiven(outcome=Outcome.NO_RESPONSE), clock, stream=FOLLOW_UP)
    assert kinds(story, "2026-04-06") == [ItemKind.CONDITION]


def test_a_condition_that_was_met_waits_for_nothing() -> None:
    story = condition_due()
    met = ConditionMet(evidence=(Evidence(locator="Staatsblad 2026, 1"),))
    story.tell(met, MINISTRY, stream=FOLLOW_UP)
    assert kinds(story, "2026-04-06") == []


def test_unanswered_is_found_by_level_body_kind_and_age() -> None:
    documents, moment = raised().told(), at("2026-02-02")
    assert len(unanswered(documents, moment)) == 2
    assert unanswered(documents, moment, level=Level.BOARD) == []
    assert unanswered(documents, moment, organisation="svb") == []
    assert [r.kind for r in unanswered(documents, moment, at_least_days=20)] == [
        ItemKind.ACKNOWLEDGEMENT
    ]


def test_due_soon_counts_terms_per_week_level_and_kind() -> None:
    story = raised()
    second = "00000000-0000-4000-8000-00000000000b"
    story.tell(RAISED, REPORTER, stream=second)
    rows = due_soon(story.told(), at("2026-01-07"))
    assert [(r.week, r.level, r.kind, r.terms) for r in rows] == [
        ("2026-W03", Level.TEAM_LEAD, ItemKind.ACKNOWLEDGEMENT, 2),
        ("2026-W04", Level.TEAM_LEAD, ItemKind.HAND_ON, 2),
    ]
    assert rows[0].starts_on == date(2026, 1, 12)


def test_due_soon_looks_no_further_than_asked_and_not_back() -> None:
    documents = raised().told()
    assert [r.week for r in due_soon(documents, at("2026-01-07"), weeks=2)] == ["2026-W03"]
    assert due_soon(documents, at("2026-01-20")) == []


def test_an_inbox_shows_origin_and_previous_words_and_the_open_objections() -> None:
    story = raised()
    softened = story.tell(SignalRestated(to=Level.DEPARTMENT, statement=AMBER), LEAD)
    filed = story.tell(
        ContradictionFiled(against=softened, statement=RED), act(Level.FRONTLINE, "2026-01-13")
    )
    (item,) = inbox(story.told(), at("2026-01-15"), organisation="uwv", level=Level.DEPARTMENT)
    assert (item.kind, item.id, item.due_on) == (ItemKind.HAND_ON, SIGNAL, date(2026, 1, 26))
    assert (item.origin, item.previous) == (RED, AMBER)
    assert [c.event_id for c in item.contradictions] == [filed]


def test_an_inbox_is_empty_when_the_level_has_acted() -> None:
    story = raised()
    story.tell(SignalHandedOn(to=Level.DEPARTMENT, statement=RED), LEAD)
    story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=RED), DEPARTMENT)
    assert inbox(story.told(), at("2026-01-20"), level=Level.DEPARTMENT) == []


def test_an_inbox_holds_conditions_to_be_answered() -> None:
    (item,) = inbox(condition_due().told(), at("2026-02-02"), organisation="szw")
    assert (item.kind, item.origin, item.previous) == (ItemKind.CONDITION, RED, None)


def test_a_term_is_over_from_midnight_in_amsterdam() -> None:
    story = raised()  # to be acknowledged by 12 January
    in_winter = Moment(now=datetime(2026, 1, 12, 22, 59, tzinfo=UTC))
    after = Moment(now=datetime(2026, 1, 12, 23, 0, tzinfo=UTC))
    assert unanswered(story.told(), in_winter) == []
    (row,) = unanswered(story.told(), after)
    assert (row.kind, row.days_over) == (ItemKind.ACKNOWLEDGEMENT, 1)
