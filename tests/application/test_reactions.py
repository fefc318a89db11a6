"""What follows from a fact is stored with it: a receipt, an owed answer, a check at entry."""

import hashlib
from typing import Any

import pytest

from tests.application.desk import (
    COUNTER,
    MINISTRY,
    OMBUDSMAN,
    TESTER,
    WORDS,
    concluded_test,
    day,
    facts,
    proposed,
    raised,
    requested,
    topics,
)
from tests.application.test_contention import Interfering, behind
from uitvoering.application.clocks import Clocks
from uitvoering.application.reactions import owed_answer_id
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.audit import IssueFinding
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import MeetCondition
from uitvoering.commands.implementation_test import MakeRecommendation
from uitvoering.commands.proposal import AddVersion, AmendProposal, EnterIntoForce
from uitvoering.commands.signal import GiveAdvice, RaiseRegime
from uitvoering.domain.events.follow_up import EntryWithoutConditionMet, Matter, ResponseFellDue
from uitvoering.domain.events.proposal import RetestLapsed, VersionKind
from uitvoering.domain.values import Evidence, Regime

ENTRY = EnterIntoForce(happened_on=day("2026-06-01"))


def events_of(app: Uitvoering, stream: str, topic: str) -> list[Any]:
    return [event for event in app.store.facts(stream) if topic == event.fact.TOPIC]


def owed(app: Uitvoering, stream: str, topic: str) -> ResponseFellDue:
    """The follow-up opened for the first fact of this topic."""
    event = events_of(app, stream, topic)[0]
    opened: ResponseFellDue = app.store.facts(owed_answer_id(event.event_id))[0].fact  # type: ignore[assignment]  # a follow-up starts with it
    return opened


def test_a_receipt_follows_every_signal_over_the_bytes_that_are_stored(app: Uitvoering) -> None:
    signal = raised(app)
    origin, receipt = app.store.facts(signal)
    stored = app.store.stored(origin.event_id)
    assert stored is not None
    digest = hashlib.sha256(stored.state).hexdigest()
    assert facts(app, signal, "receipt-issued")[0].sha256 == digest
    assert facts(app, signal, "receipt-issued")[0].of == origin.event_id
    assert (receipt.timestamp, receipt.happened_on) == (origin.timestamp, origin.happened_on)


def test_a_signal_without_its_receipt_is_never_stored(app: Uitvoering) -> None:
    def interrupted() -> None:
        raise ConnectionAbortedError

    before = app.store.position()
    with pytest.raises(ConnectionAbortedError):
        raised(behind(app, Interfering(app, interrupted)))
    assert app.store.position() == before


def test_a_condition_a_recommendation_and_a_verdict_open_an_answer(app: Uitvoering) -> None:
    proposal = proposed(app)
    test = app.handle(requested(proposal), MINISTRY).id
    made = MakeRecommendation(
        happened_on=day("2026-02-03"), recommendation="r1", theme="brief", statement=WORDS
    )
    app.handle(made, TESTER, subject=test)
    due = owed(app, test, "recommendation-made")
    assert due == ResponseFellDue(
        matter=Matter.RECOMMENDATION,
        of=events_of(app, test, "recommendation-made")[0].event_id,
        of_stream=test,
        code="r1",
        proposal=proposal,
        theme="brief",
        statement=WORDS,
        due_on=day("2026-05-03"),
    )
    concluded = concluded_test(app, proposal)
    assert owed(app, concluded, "condition-stated").matter is Matter.CONDITION
    assert owed(app, concluded, "verdict-given").matter is Matter.VERDICT


def test_advice_and_a_finding_open_an_answer(app: Uitvoering) -> None:
    signal = raised(app)
    advice = GiveAdvice(happened_on=day("2026-06-03"), statement=WORDS, theme="grondslag")
    app.handle(advice, COUNTER, subject=signal)
    assert owed(app, signal, "advice-given").matter is Matter.ADVICE
    found = IssueFinding(happened_on=day("2026-06-03"), statement=WORDS, about=signal)
    finding = app.handle(found, OMBUDSMAN).id
    assert owed(app, finding, "finding-issued").matter is Matter.FINDING
    assert owed(app, finding, "finding-issued").due_on == day("2026-09-03")


def test_the_answer_is_opened_in_the_same_transaction(app: Uitvoering) -> None:
    signal = raised(app)
    advice = GiveAdvice(happened_on=day("2026-06-03"), statement=WORDS)

    def interrupted() -> None:
        raise ConnectionAbortedError

    before = app.store.position()
    with pytest.raises(ConnectionAbortedError):
        behind(app, Interfering(app, interrupted)).handle(advice, COUNTER, subject=signal)
    assert app.store.position() == before
    app.handle(advice, COUNTER, subject=signal)
    rows = [(position, event.fact.TOPIC) for position, event in app.store.stream(before)]
    assert rows == [(before + 1, "advice-given"), (before + 2, "response-fell-due")]
    app.handle(advice, COUNTER, subject=signal)
    assert app.store.position() == before + 2


def test_an_owed_answer_is_as_closed_as_what_it_answers(app: Uitvoering) -> None:
    signal = raised(app)
    rise = RaiseRegime(happened_on=day("2026-06-02"), to=Regime.CONFIDENTIAL)
    app.handle(rise, COUNTER, subject=signal)
    advice = GiveAdvice(happened_on=day("2026-06-03"), statement=WORDS)
    app.handle(advice, COUNTER, subject=signal)
    event = events_of(app, signal, "advice-given")[0]
    assert event.regime is Regime.CONFIDENTIAL
    assert app.store.facts(owed_answer_id(event.event_id))[0].regime is Regime.CONFIDENTIAL


def test_every_later_act_keeps_the_highest_regime_there_was(app: Uitvoering) -> None:
    signal = raised(app)
    steps: list[tuple[Command, Regime]] = [
        (RaiseRegime(happened_on=day("2026-06-02"), to=Regime.WBK), Regime.INTERNAL),
        (GiveAdvice(happened_on=day("2026-06-03"), statement=WORDS), Regime.WBK),
        (GiveAdvice(happened_on=day("2026-06-04"), statement=WORDS), Regime.WBK),
    ]
    for command, expected in steps:
        app.handle(command, COUNTER, subject=signal)
        assert app.store.facts(signal)[-1].regime is expected
    Clocks(app).tick(app.clock())
    lapses = [e for e in app.store.facts(signal) if e.fact.TOPIC.endswith("-lapsed")]
    assert {e.regime for e in lapses} == {Regime.WBK}


def conditions_of(app: Uitvoering, test: str) -> dict[str, str]:
    """The follow-up of every condition, by its code."""
    events = events_of(app, test, "condition-stated")
    return {event.fact.condition: owed_answer_id(event.event_id) for event in events}


def test_at_entry_every_open_condition_is_recorded_once(app: Uitvoering) -> None:
    proposal = proposed(app)
    test = concluded_test(app, proposal, conditions=("c1", "c2", "c3"))
    follow_ups = conditions_of(app, test)
    met = MeetCondition(happened_on=day("2026-05-01"), evidence=(Evidence(locator="Stb. 2026, 1"),))
    app.handle(met, MINISTRY, subject=follow_ups["c2"])
    entry = app.handle(ENTRY, MINISTRY, subject=proposal)
    recorded = EntryWithoutConditionMet(entry=entry.events[0], entered_on=day("2026-06-01"))
    for _ in range(3):
        found = {c: facts(app, s, recorded.TOPIC) for c, s in follow_ups.items()}
        assert found == {"c1": [recorded], "c2": [], "c3": [recorded]}
        app.handle(ENTRY, MINISTRY, subject=proposal)
        Clocks(app).tick(app.clock())


def test_a_condition_filed_late_is_still_found_open_at_entry(app: Uitvoering) -> None:
    proposal = proposed(app)
    app.handle(ENTRY, MINISTRY, subject=proposal)
    test = concluded_test(app, proposal)
    Clocks(app).tick(app.clock())
    Clocks(app).tick(app.clock())
    found = facts(app, conditions_of(app, test)["c1"], "entry-without-condition-met")
    assert [fact.entered_on for fact in found] == [day("2026-06-01")]


def test_entry_is_decided_again_when_a_condition_is_met_just_before(app: Uitvoering) -> None:
    proposal = proposed(app)
    follow_up = conditions_of(app, concluded_test(app, proposal))["c1"]

    def meets() -> None:
        met = MeetCondition(
            happened_on=day("2026-05-31"), evidence=(Evidence(locator="Stb. 2026, 1"),)
        )
        app.handle(met, MINISTRY, subject=follow_up)

    behind(app, Interfering(app, meets)).handle(ENTRY, MINISTRY, subject=proposal)
    assert topics(app.store.facts(proposal))[-1] == "entered-into-force"
    assert facts(app, follow_up, "entry-without-condition-met") == []


def amended(app: Uitvoering, proposal: str, on: str = "2026-03-02") -> None:
    kind = VersionKind.NOTA_VAN_WIJZIGING
    add = AddVersion(happened_on=day(on), version="2", kind=kind)
    change = AmendProposal(happened_on=day(on), version="2", material=True, summary="Anders.")
    app.handle(add, MINISTRY, subject=proposal)
    app.handle(change, MINISTRY, subject=proposal)


def test_a_retest_falls_due_after_a_concluded_test_and_lapses_at_entry(app: Uitvoering) -> None:
    proposal = proposed(app)
    concluded_test(app, proposal)
    amended(app, proposal)
    assert [f.version for f in facts(app, proposal, "retest-fell-due")] == ["2"]
    entry = app.handle(ENTRY, MINISTRY, subject=proposal)
    lapsed = RetestLapsed(version="2", entered_on=day("2026-06-01"))
    assert facts(app, proposal, "retest-lapsed") == [lapsed]
    assert entry.version == app.version("proposals", proposal)
    Clocks(app).tick(app.clock())
    assert facts(app, proposal, "retest-lapsed") == [lapsed]


def test_no_retest_is_due_without_a_concluded_test(app: Uitvoering) -> None:
    proposal = proposed(app)
    app.handle(requested(proposal), MINISTRY)
    amended(app, proposal)
    app.handle(ENTRY, MINISTRY, subject=proposal)
    assert not {"retest-fell-due", "retest-lapsed"} & {*topics(app.store.facts(proposal))}


@pytest.mark.parametrize(
    ("asked_on", "lapses"), [("2026-03-01", 1), ("2026-03-02", 0), ("2026-06-01", 0)]
)
def test_a_retest_counts_when_asked_from_the_amendment_until_entry(
    app: Uitvoering, asked_on: str, lapses: int
) -> None:
    proposal = proposed(app)
    concluded_test(app, proposal)
    amended(app, proposal)
    app.handle(requested(proposal, on=asked_on, version="2"), MINISTRY)
    app.handle(ENTRY, MINISTRY, subject=proposal)
    assert len(facts(app, proposal, "retest-lapsed")) == lapses


def test_a_retest_asked_after_entry_comes_too_late(app: Uitvoering) -> None:
    proposal = proposed(app)
    concluded_test(app, proposal)
    amended(app, proposal)
    app.handle(requested(proposal, on="2026-06-02", version="2"), MINISTRY)
    app.handle(ENTRY, MINISTRY, subject=proposal)
    assert len(facts(app, proposal, "retest-lapsed")) == 1


def test_an_amendment_from_before_the_conclusion_asks_for_no_retest(app: Uitvoering) -> None:
    proposal = proposed(app)
    concluded_test(app, proposal)  # on 2 February
    amended(app, proposal, on="2026-02-01")
    assert facts(app, proposal, "retest-fell-due") == []
