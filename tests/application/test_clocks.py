"""What was due and did not come is recorded: each moment once, with its true day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest

from tests.application.desk import (
    MINISTRY,
    REGISTRAR,
    TEAM_LEAD,
    Clock,
    concluded_test,
    day,
    executing,
    facts,
    handed_on,
    proposed,
    raised,
    topics,
    travelled,
)
from uitvoering.application.clocks import Clocks
from uitvoering.application.identity import envelope_of, stamp
from uitvoering.application.reactions import owed_answer_id
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.follow_up import GiveResponse
from uitvoering.commands.journey import EvaluateJourney
from uitvoering.commands.proposal import AddVersion, AmendProposal, EnterIntoForce
from uitvoering.commands.registers import AdoptPolicy
from uitvoering.commands.signal import AcknowledgeSignal, HoldBack
from uitvoering.domain.acts import Source
from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.events.proposal import VersionKind
from uitvoering.domain.events.registers import PolicyName, PolicyUnit
from uitvoering.domain.values import Role
from uitvoering.errors import OrganisationUnknownError


def tick(app: Uitvoering, clock: Clock, on: str) -> int:
    return Clocks(app).tick(clock.on(on))


def lapsed(app: Uitvoering, stream: str) -> dict[str, list[date]]:
    """The due days of every lapse, by topic."""
    found: dict[str, list[date]] = {}
    for event in app.store.facts(stream):
        fact: Any = event.fact
        if fact.TOPIC.endswith("-lapsed"):
            found.setdefault(fact.TOPIC, []).append(fact.due_on)
    return found


def test_each_due_moment_is_recorded_once_however_often_the_clock_runs(
    app: Uitvoering, clock: Clock
) -> None:
    signal = raised(app, on="2026-06-01")
    assert tick(app, clock, "2026-06-08") == 0  # the seventh day is a day to act in
    assert tick(app, clock, "2026-06-09") == 1
    assert tick(app, clock, "2026-06-09") == 0
    assert tick(app, clock, "2026-07-01") == 1
    assert tick(app, clock, "2026-12-31") == 0
    assert lapsed(app, signal) == {
        "acknowledgement-lapsed": [day("2026-06-08")],
        "hand-on-lapsed": [day("2026-06-15")],
    }


def test_a_lapse_is_the_clock_s_with_the_day_it_fell_on(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app, on="2026-06-01")
    tick(app, clock, "2026-06-20")
    origin, *_, lapse = app.store.facts(signal)
    assert lapse.actor_role is Role.CLOCK
    assert (lapse.happened_on, lapse.timestamp) == (day("2026-06-15"), clock.now)
    assert lapse.level is TEAM_LEAD.level
    assert (lapse.causation_id, lapse.correlation_id) == (origin.event_id, origin.correlation_id)


def test_who_acted_in_time_lapses_nothing(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app, on="2026-06-01")
    acknowledged = AcknowledgeSignal(happened_on=day("2026-06-08"))
    kept = HoldBack(happened_on=day("2026-06-15"), reason="Eerst tellen.")
    app.handle(acknowledged, TEAM_LEAD, subject=signal)
    app.handle(kept, TEAM_LEAD, subject=signal)
    tick(app, clock, "2026-09-08")
    assert lapsed(app, signal) == {}
    tick(app, clock, "2026-09-09")
    assert lapsed(app, signal) == {"feedback-lapsed": [day("2026-09-08")]}


def test_a_signal_registered_late_lapsed_on_its_own_day(app: Uitvoering, clock: Clock) -> None:
    clock.on("2026-06-30")
    signal = raised(app, on="2026-02-02")
    tick(app, clock, "2026-06-30")
    assert lapsed(app, signal) == {
        "acknowledgement-lapsed": [day("2026-02-09")],
        "hand-on-lapsed": [day("2026-02-16")],
    }
    assert {e.timestamp for e in app.store.facts(signal)} == {clock.now}


def test_working_days_leave_out_weekends_and_holidays(app: Uitvoering, clock: Clock) -> None:
    """From Wednesday 1 April: Good Friday is a working day, Easter Monday 6 April is not."""
    signal = raised(app, on="2026-04-01")
    tick(app, clock, "2026-06-15")
    holidays = app.context().terms.holidays
    due = lapsed(app, signal)["hand-on-lapsed"][0]
    between = [date.fromordinal(n) for n in range(day("2026-04-02").toordinal(), due.toordinal())]
    working = [d for d in between if d.weekday() < 5 and d not in holidays]
    assert len(working) == 9
    assert day("2026-04-06") in holidays


def test_two_clocks_at_once_record_each_moment_once(app: Uitvoering, clock: Clock) -> None:
    signals = [raised(app, on=f"2026-06-0{n}") for n in range(1, 6)]
    now = clock.on("2026-07-01")
    start = Barrier(4)

    def one(_: int) -> int:
        start.wait()
        return Clocks(app).tick(now)

    with ThreadPoolExecutor(4) as pool:
        found = sum(pool.map(one, range(4)))
    found += Clocks(app).tick(now)
    assert found == 10
    for signal in signals:
        assert {topic: len(days) for topic, days in lapsed(app, signal).items()} == {
            "acknowledgement-lapsed": 1,
            "hand-on-lapsed": 1,
        }
        versions = [e.originator_version for e in app.store.facts(signal)]
        assert versions == list(range(1, len(versions) + 1))


def test_a_retest_that_the_amendment_could_not_know_of_falls_due_with_the_clock(
    app: Uitvoering, clock: Clock
) -> None:
    proposal = proposed(app)
    app.handle(
        AddVersion(happened_on=day("2026-03-02"), version="2", kind=VersionKind.INGEDIEND),
        MINISTRY,
        subject=proposal,
    )
    amend = AmendProposal(
        happened_on=day("2026-03-02"), version="2", material=True, summary="ander peil"
    )
    app.handle(amend, MINISTRY, subject=proposal)
    concluded_test(app, proposal)  # on 2 February, told after the amendment
    assert facts(app, proposal, "retest-fell-due") == []
    assert tick(app, clock, "2026-03-03") == 1
    assert [fact.version for fact in facts(app, proposal, "retest-fell-due")] == ["2"]
    assert tick(app, clock, "2026-03-03") == 0


def test_a_stream_that_cannot_be_judged_stops_itself_alone(app: Uitvoering, clock: Clock) -> None:
    """A body that left no trace in the register: put past the commands, which would refuse it."""
    sound = raised(app, on="2026-06-01")
    origin = app.store.facts(sound)[0]
    stray = stamp(
        (origin.fact.model_copy(update={"body": "weg"}),),
        envelope_of(origin),
        "00000000-0000-4000-8000-00000000beef",
        0,
        origin.timestamp,
    )
    app.store.append(stray)
    with pytest.raises(OrganisationUnknownError, match="weg"):
        tick(app, clock, "2026-07-01")
    assert lapsed(app, sound).keys() == {"acknowledgement-lapsed", "hand-on-lapsed"}


def policy(app: Uitvoering, value: int, since: str, name: PolicyName, unit: PolicyUnit) -> None:
    command = AdoptPolicy(
        happened_on=day("2026-06-01"),
        name_of_policy=name,
        value=value,
        unit=unit,
        in_force_from=day(since),
        source=Source(title="Besluit"),
    )
    app.handle(command, REGISTRAR)


def test_a_changed_term_counts_from_its_date_and_running_terms_keep_theirs(
    app: Uitvoering, clock: Clock
) -> None:
    clock.on("2026-06-30")
    running, later = raised(app, on="2026-06-09"), raised(app, on="2026-06-10")
    policy(app, 2, "2026-06-10", PolicyName.ACKNOWLEDGE_DAYS, PolicyUnit.DAYS)
    tick(app, clock, "2026-06-30")
    assert lapsed(app, running)["acknowledgement-lapsed"] == [day("2026-06-16")]
    assert lapsed(app, later)["acknowledgement-lapsed"] == [day("2026-06-12")]


def test_a_term_that_is_counted_anew_does_not_lapse_twice(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app, on="2026-06-09")
    tick(app, clock, "2026-06-30")
    policy(app, 3, "2026-06-09", PolicyName.ACKNOWLEDGE_DAYS, PolicyUnit.DAYS)
    tick(app, clock, "2026-06-30")
    assert lapsed(app, signal)["acknowledgement-lapsed"] == [day("2026-06-16")]


def test_an_answer_that_did_not_come_is_recorded_as_none(app: Uitvoering, clock: Clock) -> None:
    test = concluded_test(app, proposed(app))
    stated = next(e for e in app.store.facts(test) if e.fact.TOPIC == "condition-stated")
    follow_up = owed_answer_id(stated.event_id)
    tick(app, clock, "2026-05-02")
    assert facts(app, follow_up, "response-given") == []
    tick(app, clock, "2026-05-03")
    tick(app, clock, "2026-05-04")
    assert [(f.outcome, f.due_on) for f in facts(app, follow_up, "response-given")] == [
        (Outcome.NO_RESPONSE, day("2026-05-02"))
    ]
    late = GiveResponse(happened_on=day("2026-05-04"), outcome=Outcome.ADOPTED)
    app.handle(late, MINISTRY, subject=follow_up)
    tick(app, clock, "2026-08-01")
    outcomes = [f.outcome for f in facts(app, follow_up, "response-given")]
    assert outcomes == [Outcome.NO_RESPONSE, Outcome.ADOPTED]


def test_an_evaluation_falls_due_when_a_journey_comes_to_execute(
    app: Uitvoering, clock: Clock
) -> None:
    journey = travelled(app)
    app.handle(executing("2026-02-02"), MINISTRY, subject=journey)
    assert [f.due_on for f in facts(app, journey, "evaluation-fell-due")] == [day("2028-02-02")]
    tick(app, clock, "2028-02-02")
    assert lapsed(app, journey) == {}
    tick(app, clock, "2028-02-03")
    tick(app, clock, "2028-02-04")
    assert lapsed(app, journey) == {"evaluation-lapsed": [day("2028-02-02")]}


def test_an_evaluation_made_in_time_does_not_lapse(app: Uitvoering, clock: Clock) -> None:
    journey = travelled(app)
    app.handle(executing("2026-02-02"), MINISTRY, subject=journey)
    clock.on("2028-02-02")
    made = EvaluateJourney(happened_on=day("2028-02-02"), findings="Het werkt.")
    app.handle(made, MINISTRY, subject=journey)
    tick(app, clock, "2028-06-01")
    assert lapsed(app, journey) == {}


def test_an_evaluation_falls_due_at_entry_and_the_same_run_finds_it_lapsed(
    app: Uitvoering, clock: Clock
) -> None:
    proposal = proposed(app)
    journey = travelled(app, proposal)
    clock.on("2029-01-08")
    app.handle(EnterIntoForce(happened_on=day("2026-06-01")), MINISTRY, subject=proposal)
    assert tick(app, clock, "2029-01-08") == 2
    assert tick(app, clock, "2029-01-08") == 0
    due = facts(app, journey, "evaluation-fell-due")
    assert [(f.since, f.due_on) for f in due] == [("entry", day("2028-06-01"))]
    assert lapsed(app, journey) == {"evaluation-lapsed": [day("2028-06-01")]}


def test_a_journey_already_in_execute_owes_one_evaluation(app: Uitvoering, clock: Clock) -> None:
    proposal = proposed(app)
    journey = travelled(app, proposal)
    app.handle(executing("2026-02-02"), MINISTRY, subject=journey)
    app.handle(EnterIntoForce(happened_on=day("2026-06-01")), MINISTRY, subject=proposal)
    tick(app, clock, "2026-06-15")
    assert [f.since for f in facts(app, journey, "evaluation-fell-due")] == ["phase"]


def test_an_act_between_looking_and_recording_wins(app: Uitvoering, clock: Clock) -> None:
    """The clock looked too early: what it found is dropped, and the next run looks again."""
    signal = raised(app, on="2026-06-01")
    stale = app.store.facts(signal)
    clock.on("2026-06-09")
    acknowledged = AcknowledgeSignal(happened_on=day("2026-06-05"))
    app.handle(acknowledged, TEAM_LEAD, subject=signal)

    class Stale:
        def __getattr__(self, name: str) -> Any:
            return getattr(app.store, name)

        def facts(self, stream: str, **given: Any) -> Any:
            return stale if stream == signal else app.store.facts(stream, **given)

    store: Any = Stale()
    assert Clocks(Uitvoering(store=store, clock=clock)).tick(clock.now) == 0
    assert "acknowledgement-lapsed" not in topics(app.store.facts(signal))


def test_the_clock_says_how_far_it_is(app: Uitvoering, clock: Clock) -> None:
    for n in range(1, 4):
        raised(app, on=f"2026-06-0{n}")
    steps: list[tuple[int, int]] = []
    Clocks(app).tick(clock.now, lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(("at", "found"), [((21, 59), 0), ((22, 0), 1)])
def test_a_term_ends_at_midnight_in_amsterdam(
    app: Uitvoering, clock: Clock, at: tuple[int, int], found: int
) -> None:
    raised(app, on="2026-06-01")
    clock.now = datetime(2026, 6, 8, *at, tzinfo=UTC)
    assert Clocks(app).tick(clock.now) == found


def test_a_hand_on_starts_the_next_level_s_term(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app, on="2026-06-01")
    app.handle(AcknowledgeSignal(happened_on=day("2026-06-01")), TEAM_LEAD, subject=signal)
    app.handle(handed_on(on="2026-06-02", arrived_on="2026-06-03"), TEAM_LEAD, subject=signal)
    tick(app, clock, "2026-07-01")
    assert lapsed(app, signal) == {"hand-on-lapsed": [day("2026-06-17")]}
