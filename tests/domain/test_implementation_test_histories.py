"""Whatever is asked in whatever order: facts alone rebuild the state, and a retry adds none."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.test_implementation_test_commands import context, state_of
from tests.domain.told_about_a_test import ASKING, HARD, MILD, OTHER_TEST, PROPOSAL, TESTING, TOLD
from tests.given import STREAM, By, act, recorded
from uitvoering.application import follow_ups, implementation_tests
from uitvoering.commands import follow_up as follow_ups_asked
from uitvoering.commands import implementation_test as asked
from uitvoering.commands.command import Command
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.follow_up import Matter, Outcome, ResponseGiven
from uitvoering.domain.events.implementation_test import (
    CarrierStage,
    Impact,
    TestConcluded,
    TestDeclined,
    Verdict,
    VerdictGiven,
)
from uitvoering.domain.values import Level, Role
from uitvoering.errors import RefusedError

ACTS = st.sampled_from(
    [
        TESTING,
        TESTING,
        TESTING,
        ASKING,
        TOLD,
        act(Level.ASSOCIATION, "2026-03-01", Role.TESTER, "vng"),
    ]
)
CODES = st.sampled_from(["c1", "c2"])
DAYS = st.sampled_from(["2026-01-01", "2026-03-01", "2026-06-01"])
REASONS = st.sampled_from([None, "Past niet."])
STATEMENTS = st.sampled_from([HARD, MILD])


def asking(command: type[Command], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    on = st.just("2026-03-01")
    return st.fixed_dictionaries({"happened_on": on, **fields}).map(command.model_validate)


TEST_COMMANDS = st.one_of(
    asking(asked.AcceptTest),
    asking(asked.DeclineTest, reason=st.just("Geen taak.")),
    asking(asked.SetTerm, due_on=DAYS),
    asking(asked.ExtendTerm, due_on=DAYS, reason=st.just("Keten.")),
    asking(asked.AddChainParty, party=st.sampled_from(["svb", "uwv"])),
    asking(
        asked.AssessAspect,
        aspect=st.sampled_from(["handhaafbaarheid", "handhaafbaarheid", "privacy", "draagvlak"]),
        impact=st.sampled_from(Impact),
        reason=REASONS,
    ),
    asking(asked.StateCondition, condition=CODES, statement=STATEMENTS),
    asking(asked.MakeRecommendation, recommendation=CODES, statement=STATEMENTS),
    asking(asked.Comment, comment=st.just("Graag de bron."), by=st.sampled_from([None, *Level])),
    asking(
        asked.RewritePassage,
        before=STATEMENTS,
        after=STATEMENTS,
        asked_by=st.just(Level.PRINCIPAL),
        reason=st.just("Bijlage."),
    ),
    asking(
        asked.GiveVerdict,
        verdict=st.sampled_from([None, *Verdict]),
        feasible_from=st.sampled_from([None, "2027-01-01"]),
    ),
    asking(asked.ConcludeTest),
    asking(asked.PublishTest, carrier=st.just("Kamerstuk")),
    asking(asked.SupersedeTest, by=st.sampled_from([OTHER_TEST, STREAM])),
    asking(
        asked.StateInCarrier,
        carrier=st.just("Toets"),
        stage=st.sampled_from(CarrierStage),
        statement=STATEMENTS,
    ),
)
FOLLOW_UP_COMMANDS = st.one_of(
    asking(
        follow_ups_asked.GiveResponse,
        outcome=st.sampled_from([None, *Outcome]),
        reason=REASONS,
    ),
    asking(follow_ups_asked.AccountFor, carrier=st.just("Toelichting"), locator=st.just("par. 7")),
    asking(follow_ups_asked.MeetCondition, evidence=st.sampled_from([(), ("Staatsblad",)])),
    asking(follow_ups_asked.LapseCondition, reason=st.just("Vervallen.")),
)
REQUEST = asked.RequestTest.model_validate(
    {
        "happened_on": "2026-01-05",
        "proposal": PROPOSAL,
        "proposal_version": "consultatie-1",
        "kind": "uitvoeringstoets",
        "template": "uwv",
        "tester": "uwv",
    }
)
ASSESS, VERDICT, CONCLUDE = (
    (command.model_validate({"happened_on": "2026-02-02", **fields}), TESTING)
    for command, fields in (
        (asked.AssessAspect, {"aspect": "handhaafbaarheid", "impact": Impact.BEPERKT}),
        (asked.GiveVerdict, {"verdict": Verdict.FEASIBLE}),
        (asked.ConcludeTest, {}),
    )
)
BEGUN = st.sampled_from([[], [ASSESS], [ASSESS, VERDICT], [ASSESS, VERDICT, CONCLUDE]])
"""So that what comes late in a test is drawn too."""
DUE = asking(
    follow_ups_asked.MakeResponseDue,
    matter=st.sampled_from(Matter),
    of=st.just(OTHER_TEST),
    of_stream=st.just(STREAM),
    due_on=DAYS,
)


def history(module: Any, first: Command, steps: list[tuple[Command, Act]]) -> list[Fact | By]:
    """Do each step; the state that grew along must be the state the facts alone rebuild."""
    facts: list[Fact | By] = []
    grown: Any = None
    for command, by in [(first, ASKING), *steps]:
        try:
            decided = module.decide(grown, command, by, context())
        except RefusedError:
            continue
        facts += [By(fact, by) for fact in decided]
        for event in recorded(facts)[len(facts) - len(decided) :]:
            grown = module.evolve(grown, event)
        assert module.decide(grown, command, by, context()) == (), "a retry records nothing"
    assert grown == state_of(module, facts) == module.fold(recorded(facts))
    assert grown.version == len(facts)
    return facts


@settings(max_examples=60, deadline=None)
@given(BEGUN, st.lists(st.tuples(TEST_COMMANDS, ACTS), max_size=15))
def test_the_facts_alone_rebuild_a_test(
    begun: list[tuple[Command, Act]], steps: list[tuple[Command, Act]]
) -> None:
    facts = history(implementation_tests, REQUEST, [*begun, *steps])
    kinds = [type(item.fact) for item in facts if isinstance(item, By)]
    assert kinds.count(TestConcluded) <= 1
    if TestDeclined in kinds:
        assert kinds[-1] is TestDeclined, "a declined test accepts nothing more"
    if TestConcluded in kinds:
        assert VerdictGiven in kinds[: kinds.index(TestConcluded)]


@settings(max_examples=60, deadline=None)
@given(DUE, st.lists(st.tuples(FOLLOW_UP_COMMANDS, ACTS), max_size=12))
def test_the_facts_alone_rebuild_a_follow_up(
    due: Command, steps: list[tuple[Command, Act]]
) -> None:
    facts = history(follow_ups, due, steps)
    state = follow_ups.fold(recorded(facts))
    answers = [f for f in facts if isinstance(f, By) and isinstance(f.fact, ResponseGiven)]
    assert len(state.responses) == len(answers), "earlier answers stay"
    assert (state.current is None) == (not answers)
    assert state.met_on is None or state.lapsed_on is None
