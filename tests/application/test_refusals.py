"""What is refused before any aggregate is asked, and that nothing is left behind."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.application.desk import (
    COUNTER,
    DEPARTMENT,
    MINISTRY,
    OMBUDSMAN,
    REGISTRAR,
    TEAM_LEAD,
    TESTER,
    UNKNOWN,
    WORDS,
    Clock,
    caller,
    concluded_test,
    day,
    facts,
    handed_on,
    proposed,
    raised,
    requested,
    travelled,
)
from uitvoering.application.caller import Caller
from uitvoering.application.reactions import owed_answer_id
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.audit import IssueFinding
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import GiveResponse, MakeResponseDue
from uitvoering.commands.implementation_test import SupersedeTest
from uitvoering.commands.journey import AttachSignal, AttachTest, StartJourney
from uitvoering.commands.signal import (
    AcknowledgeSignal,
    MergeSignal,
    Restate,
    SignalHardship,
    SplitSignal,
)
from uitvoering.domain.events.follow_up import Matter, Outcome
from uitvoering.domain.values import Level, Role
from uitvoering.errors import (
    DateInFutureError,
    EventUnknownError,
    ForbiddenError,
    OrganisationUnknownError,
    ProposalVersionUnknownError,
    SubjectUnknownError,
)


@pytest.fixture
def nothing_recorded(app: Uitvoering) -> Iterator[list[int]]:
    """The test marks a position by adding it; nothing may have come after it."""
    marks: list[int] = []
    yield marks
    assert marks
    assert app.store.position() == marks[-1]


def test_a_day_begins_at_midnight_in_amsterdam(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app)
    late = handed_on(on="2026-06-16")
    clock.now = datetime(2026, 6, 15, 21, 59, 59, tzinfo=UTC)
    before = app.store.position()
    with pytest.raises(DateInFutureError, match="2026-06-16 has not come yet: today is 2026-06-15"):
        app.handle(late, TEAM_LEAD, subject=signal)
    assert app.store.position() == before
    clock.now = datetime(2026, 6, 15, 22, tzinfo=UTC)
    assert app.handle(late, TEAM_LEAD, subject=signal).events


def test_in_winter_midnight_in_amsterdam_is_an_hour_later(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app)
    clock.now = datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)
    with pytest.raises(DateInFutureError):
        app.handle(handed_on(on="2026-12-02"), TEAM_LEAD, subject=signal)
    clock.now = datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert app.handle(handed_on(on="2026-12-02"), TEAM_LEAD, subject=signal).events


def test_a_history_told_from_sources_may_tell_of_an_announced_day(app: Uitvoering) -> None:
    signal = raised(app)
    then = datetime(2026, 6, 1, 12, tzinfo=UTC)
    told = app.handle(handed_on(on="2026-06-02"), TEAM_LEAD, subject=signal, recorded_at=then)
    assert told.events


def test_nothing_has_arrived_on_a_day_to_come(app: Uitvoering, nothing_recorded: list[int]) -> None:
    """A term runs from arrival: with an arrival to come nobody would ever be late."""
    signal = raised(app)
    nothing_recorded.append(app.store.position())
    with pytest.raises(DateInFutureError, match="2027-01-01 has not come yet"):
        app.handle(handed_on(arrived_on="2027-01-01"), TEAM_LEAD, subject=signal)
    with pytest.raises(DateInFutureError, match="2027-01-01 has not come yet"):
        raised(app, arrived_on="2027-01-01")


def test_a_command_needs_one_of_its_roles(app: Uitvoering, nothing_recorded: list[int]) -> None:
    signal = raised(app)
    nothing_recorded.append(app.store.position())
    act = AcknowledgeSignal(happened_on=day("2026-06-02"))
    with pytest.raises(
        ForbiddenError, match="acknowledge-signal is for line, and you act as auditor"
    ):
        app.handle(act, OMBUDSMAN, subject=signal)
    with pytest.raises(ForbiddenError, match="you act as -"):
        app.handle(act, caller(Level.TEAM_LEAD), subject=signal)


def test_only_the_clock_makes_an_answer_due_by_hand(
    app: Uitvoering, nothing_recorded: list[int]
) -> None:
    nothing_recorded.append(app.store.position())
    due = MakeResponseDue(
        happened_on=day("2026-06-02"),
        matter=Matter.SIGNAL,
        of=UNKNOWN,
        of_stream=UNKNOWN,
        due_on=day("2026-09-02"),
    )
    everyone = caller(Level.BOARD, *(frozenset(Role) - {Role.CLOCK}))
    with pytest.raises(ForbiddenError):
        app.handle(due, everyone)
    with pytest.raises(EventUnknownError):
        app.handle(due, caller(Level.BOARD, Role.CLOCK))


def test_the_role_acted_in_is_one_that_the_command_allows(app: Uitvoering) -> None:
    both = caller(Level.TEAM_LEAD, Role.REPORTER, Role.LINE, Role.TESTER)
    signal = raised(app)
    app.handle(AcknowledgeSignal(happened_on=day("2026-06-02")), both, subject=signal)
    assert [e.actor_role for e in app.store.facts(signal)][-1] is Role.LINE


def test_what_does_not_exist_is_not_found(app: Uitvoering, nothing_recorded: list[int]) -> None:
    nothing_recorded.append(app.store.position())
    with pytest.raises(SubjectUnknownError, match=f"there is no signals with id {UNKNOWN}"):
        app.handle(handed_on(), TEAM_LEAD, subject=UNKNOWN)
    with pytest.raises(SubjectUnknownError):
        app.version("signals", UNKNOWN)


def test_a_thing_of_another_kind_is_not_found_either(
    app: Uitvoering, nothing_recorded: list[int]
) -> None:
    proposal, signal = proposed(app), raised(app)
    nothing_recorded.append(app.store.position())
    with pytest.raises(SubjectUnknownError, match=f"there is no signals with id {proposal}"):
        app.handle(handed_on(), TEAM_LEAD, subject=proposal)
    with pytest.raises(SubjectUnknownError, match=f"there is no policy-journeys with id {signal}"):
        app.version("policy-journeys", signal)
    start = StartJourney(happened_on=day("2026-06-02"), title="Reis")
    with pytest.raises(SubjectUnknownError, match=f"there is no policy-journeys with id {signal}"):
        app.handle(start, MINISTRY, subject=signal)


def _finding(**more: object) -> IssueFinding:
    return IssueFinding.model_validate({"happened_on": "2026-06-02", "statement": WORDS} | more)


def _journey(proposal: str) -> StartJourney:
    return StartJourney(happened_on=day("2026-06-02"), title="Reis", proposal=proposal)


def _hardship(**more: object) -> SignalHardship:
    given = {"happened_on": "2026-06-02", "statement": WORDS, "body": "uwv"}
    return SignalHardship.model_validate(given | more)


def _act(kind: type[Command], **more: object) -> Command:
    return kind.model_validate({"happened_on": "2026-06-02"} | more)


LOOSE = [
    pytest.param(
        _act(Restate, to="department", statement=WORDS, previous=UNKNOWN), COUNTER, id="restate"
    ),
    pytest.param(_act(MergeSignal, into=UNKNOWN), TEAM_LEAD, id="merge"),
    pytest.param(_act(AttachTest, test=UNKNOWN), MINISTRY, id="attach-test"),
    pytest.param(_act(AttachSignal, signal=UNKNOWN), MINISTRY, id="attach-signal"),
    pytest.param(_act(SupersedeTest, by=UNKNOWN), TESTER, id="supersede"),
    pytest.param(_finding(about=UNKNOWN), OMBUDSMAN, id="finding-about"),
    pytest.param(_finding(previous=UNKNOWN), OMBUDSMAN, id="finding-previous"),
    pytest.param(_journey(UNKNOWN), MINISTRY, id="journey-proposal"),
    pytest.param(_hardship(proposal=UNKNOWN), COUNTER, id="signal-proposal"),
    pytest.param(_hardship(journey=UNKNOWN), COUNTER, id="signal-journey"),
    pytest.param(requested(UNKNOWN), MINISTRY, id="test-proposal"),
]


@pytest.mark.parametrize(("command", "who"), LOOSE)
def test_what_a_command_refers_to_must_exist(
    app: Uitvoering, nothing_recorded: list[int], command: Command, who: Caller
) -> None:
    subject: str | None = None
    if command.PATH:
        made = {
            "signals": lambda: raised(app),
            "policy-journeys": lambda: travelled(app),
            "implementation-tests": lambda: concluded_test(app, proposed(app)),
        }
        subject = made[command.KIND]()
    nothing_recorded.append(app.store.position())
    with pytest.raises(
        (SubjectUnknownError, EventUnknownError, ProposalVersionUnknownError), match=UNKNOWN
    ):
        app.handle(command, who, subject=subject)


def test_every_part_of_a_split_must_exist(app: Uitvoering, nothing_recorded: list[int]) -> None:
    signal, part = raised(app), raised(app)
    nothing_recorded.append(app.store.position())
    split = SplitSignal(happened_on=day("2026-06-02"), into=(part, UNKNOWN))
    with pytest.raises(SubjectUnknownError, match=UNKNOWN):
        app.handle(split, TEAM_LEAD, subject=signal)


def test_a_reference_of_another_kind_leads_nowhere(
    app: Uitvoering, nothing_recorded: list[int]
) -> None:
    signal, journey = raised(app), travelled(app)
    nothing_recorded.append(app.store.position())
    with pytest.raises(SubjectUnknownError, match=f"there is no signals with id {journey}"):
        app.handle(_act(MergeSignal, into=journey), TEAM_LEAD, subject=signal)
    with pytest.raises(SubjectUnknownError, match=f"no implementation-tests with id {signal}"):
        app.handle(_act(AttachTest, test=signal), MINISTRY, subject=journey)


def test_a_matter_arises_in_a_body_that_the_register_knows(
    app: Uitvoering, nothing_recorded: list[int]
) -> None:
    nothing_recorded.append(app.store.position())
    with pytest.raises(OrganisationUnknownError, match="nergens"):
        app.handle(_hardship(body="nergens"), COUNTER)


def test_a_restatement_may_follow_a_finding_in_another_stream(app: Uitvoering) -> None:
    signal = raised(app)
    finding = app.handle(_finding(about=signal), OMBUDSMAN)
    said = Restate(
        happened_on=day("2026-06-03"),
        to=Level.DIRECTORATE,
        statement=WORDS,
        previous=finding.events[1],
    )
    assert app.handle(said, DEPARTMENT, subject=signal).events
    assert facts(app, signal, "signal-restated")[0].previous == finding.events[1]


def test_a_retry_refers_to_what_stood_there(app: Uitvoering) -> None:
    """The first request was accepted, so the second is not asked again."""
    signal, other = raised(app), raised(app)
    merge = _act(MergeSignal, into=other)
    app.handle(merge, TEAM_LEAD, subject=signal)
    assert app.handle(merge, TEAM_LEAD, subject=signal).events == ()


def test_a_register_row_is_for_the_registrar_and_an_answer_for_who_owes_it(app: Uitvoering) -> None:
    test = concluded_test(app, proposed(app))
    stated = next(e for e in app.store.facts(test) if e.fact.TOPIC == "condition-stated")
    answer = GiveResponse(happened_on=day("2026-03-02"), outcome=Outcome.ADOPTED)
    with pytest.raises(ForbiddenError):
        app.handle(answer, REGISTRAR, subject=owed_answer_id(stated.event_id))
    assert app.handle(answer, MINISTRY, subject=owed_answer_id(stated.event_id)).events
