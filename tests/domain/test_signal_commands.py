"""What every command on a signal has in common: an example, a fact, a retry, and a lasting fold."""

from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.domain.signal_histories import (
    BOARD,
    CITIZEN,
    CLAIMED,
    CLOSED,
    CONTRADICTED,
    EXPERT,
    IN_EFFECT,
    LEAD,
    OTHER,
    RAISED,
    REPORTER,
    ROUTE,
    SOFTENED,
    TERMS,
    THIRD,
    TOLD,
)
from tests.given import By, act, event_id, recorded
from uitvoering.application import signals
from uitvoering.application.context import Context
from uitvoering.commands.command import Command
from uitvoering.commands.signal import (
    AcceptReassessment,
    AcknowledgeSignal,
    AnswerContradiction,
    AskAdvice,
    AttachEvidence,
    CiteSignal,
    ClaimResolution,
    CloseSignal,
    Contradict,
    DecideMeasure,
    DeclineSignal,
    DiscloseSignal,
    DisputeResolution,
    GiveAdvice,
    GiveFeedback,
    GiveIndividualRelief,
    HandOn,
    HoldBack,
    MergeSignal,
    ProposeMeasure,
    PutMeasureInEffect,
    RaiseRegime,
    RecordFeedbackImpossible,
    ReopenSignal,
    Restate,
    SignalCommand,
    SignalHardship,
    SplitSignal,
    TakeUpSignal,
    VerifyResolution,
    WithdrawContradiction,
    WithdrawSignal,
    WithholdPassages,
)
from uitvoering.domain.acts import Act, Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.registers import Form, OrganisationRegistered, RouteSet
from uitvoering.domain.events.signal import SignalAcknowledged
from uitvoering.domain.refusals_of_signals import RegimeOnlyRisesError
from uitvoering.domain.signal import Signal, evolve
from uitvoering.domain.values import Regime, Role
from uitvoering.errors import NotFoundError, RefusedError, SubjectUnknownError
from uitvoering.projections import registers
from uitvoering.projections.documents import InMemory

COMMANDS: tuple[type[Command], ...] = get_args(SignalCommand)
KNOWN = event_id(2)
THIRD_EVENT = event_id(3)


def register() -> Context:
    """UWV with its route, folded like any register."""
    documents, source = InMemory(), Source(title="Register van overheidsorganisaties")
    since = date(2002, 1, 1)
    rows: tuple[Fact, ...] = (
        RouteSet(route="zbo", levels=ROUTE.levels, in_force_from=since, source=source),
        OrganisationRegistered(
            organisation="uwv",
            name="UWV",
            form=Form.ZBO,
            route="zbo",
            in_force_from=since,
            source=source,
        ),
    )
    for row in recorded(rows):
        registers.fold(row, documents)
    return Context(documents, TERMS)


CONTEXT = register()
History = tuple[Fact | By, ...]
RESOLVED: History = (RAISED, IN_EFFECT, CLAIMED)

CASES: dict[type[Command], tuple[History, Act, dict[str, Any]]] = {
    SignalHardship: ((), REPORTER, {}),
    AttachEvidence: ((RAISED,), REPORTER, {}),
    RaiseRegime: ((RAISED,), REPORTER, {}),
    AcknowledgeSignal: ((RAISED,), LEAD, {}),
    HandOn: ((RAISED,), LEAD, {}),
    Restate: ((RAISED,), LEAD, {}),
    HoldBack: ((RAISED,), LEAD, {}),
    AskAdvice: ((RAISED,), LEAD, {}),
    GiveAdvice: ((RAISED,), EXPERT, {}),
    CiteSignal: ((RAISED,), BOARD, {}),
    WithholdPassages: ((RAISED,), BOARD, {}),
    DiscloseSignal: ((RAISED, SOFTENED), BOARD, {"previous": KNOWN}),
    MergeSignal: ((RAISED,), LEAD, {"into": OTHER}),
    SplitSignal: ((RAISED,), LEAD, {"into": (OTHER, THIRD)}),
    Contradict: ((RAISED, SOFTENED), EXPERT, {"against": KNOWN}),
    AnswerContradiction: ((RAISED, CONTRADICTED), LEAD, {"contradiction": KNOWN}),
    WithdrawContradiction: ((RAISED, CONTRADICTED), EXPERT, {"contradiction": KNOWN}),
    AcceptReassessment: ((RAISED, SOFTENED), REPORTER, {"of": KNOWN}),
    TakeUpSignal: ((RAISED,), LEAD, {}),
    DeclineSignal: ((RAISED,), LEAD, {}),
    GiveIndividualRelief: ((RAISED,), LEAD, {}),
    ProposeMeasure: ((RAISED,), LEAD, {}),
    DecideMeasure: ((RAISED,), BOARD, {}),
    PutMeasureInEffect: ((RAISED,), BOARD, {}),
    ClaimResolution: ((RAISED, IN_EFFECT), BOARD, {}),
    VerifyResolution: (RESOLVED, CITIZEN, {"claim": THIRD_EVENT}),
    DisputeResolution: (RESOLVED, CITIZEN, {"claim": THIRD_EVENT}),
    ReopenSignal: ((RAISED, TOLD, CLOSED), REPORTER, {}),
    GiveFeedback: ((RAISED,), LEAD, {}),
    RecordFeedbackImpossible: ((RAISED,), LEAD, {}),
    WithdrawSignal: ((RAISED,), REPORTER, {}),
    CloseSignal: ((RAISED, TOLD), LEAD, {}),
}
"""For every command: what went before, who acts, and the ids that its example cannot know."""


def example(kind: type[Command], **ids: Any) -> Any:
    """The published example of a command, about ids that exist here."""
    extra = kind.model_config["json_schema_extra"]
    assert isinstance(extra, dict)
    examples = extra["examples"]
    assert isinstance(examples, list)
    return kind.model_validate(examples[0]).model_copy(update=ids)


def fold(history: History) -> Signal | None:
    state: Signal | None = None
    for row in recorded(history):
        state = evolve(state, row)
    return state


def test_every_command_is_tried_here() -> None:
    assert set(CASES) == set(COMMANDS)


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.name())
def test_the_same_request_again_records_nothing(kind: type[Command]) -> None:
    history, by, ids = CASES[kind]
    command = example(kind, **ids)
    facts = signals.decide(fold(history), command, by, CONTEXT)
    assert len(facts) == 1
    after = (*history, By(facts[0], by))
    assert signals.decide(fold(after), command, by, CONTEXT) == ()
    since = (*after, By(SignalAcknowledged(), act(happened_on="2026-09-30")))
    assert signals.decide(fold(since), command, by, CONTEXT) == ()


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.name())
def test_a_command_needs_a_signal_and_no_administrator(kind: type[Command]) -> None:
    assert kind.KIND == "signals"
    assert {Role.REPORTER, Role.LINE} >= kind.ROLES
    if kind.PATH:
        with pytest.raises(SubjectUnknownError):
            signals.decide(None, example(kind), LEAD, CONTEXT)


def test_every_command_has_a_place_of_its_own() -> None:
    assert len({kind.PATH for kind in COMMANDS}) == len(COMMANDS)


def test_a_named_regime_may_not_lower_that_of_the_signal_and_a_retry_does_not_mind() -> None:
    secret = example(SignalHardship).model_copy(update={"regime": Regime.WBK})
    by = REPORTER.model_copy(update={"regime": Regime.WBK})
    (origin,) = signals.decide(None, secret, by, CONTEXT)
    acknowledge = AcknowledgeSignal(happened_on=LEAD.happened_on, regime=Regime.OPEN)
    with pytest.raises(RegimeOnlyRisesError, match="is wbk and cannot become open"):
        signals.decide(fold((By(origin, by),)), acknowledge, LEAD, CONTEXT)
    retried = fold((By(origin, by), By(SignalAcknowledged(), LEAD)))
    assert signals.decide(retried, acknowledge, LEAD, CONTEXT) == ()


ACTORS = (REPORTER, LEAD, BOARD, CITIZEN, EXPERT)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(COMMANDS[1:]),
        st.sampled_from(ACTORS),
        st.integers(0, 60),
        st.integers(1, 8),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@any_given(STEPS)
def test_any_sequence_of_decisions_folds_to_what_a_replay_gives(
    steps: list[tuple[type[Command], Act, int, int]],
) -> None:
    """And a retry records nothing, a refusal leaves nothing, and what is given stays."""
    history: History = (RAISED,)
    state = fold(history)
    for kind, who, days, nth in steps:
        by = who.model_copy(update={"happened_on": who.happened_on + timedelta(days=days)})
        ids = dict.fromkeys(
            {"against", "contradiction", "of", "claim", "previous"} & set(kind.model_fields),
            event_id(nth),
        )
        if kind is AskAdvice:
            ids = {}
        command = example(kind, **ids)
        try:
            facts = signals.decide(state, command, by, CONTEXT)
        except (RefusedError, NotFoundError):
            assert state == fold(history)
            continue
        history = (*history, *(By(fact, by) for fact in facts))
        for row in recorded(history)[len(history) - len(facts) :]:
            state = evolve(state, row)
        assert signals.decide(state, command, by, CONTEXT) == ()
    assert state == fold(history)
    assert state is not None
    assert state.version == len(history)
    assert state.origin.fact == RAISED.fact
    due = state.lapses(date(2030, 1, 1), TERMS, ROUTE)
    clock = act(happened_on="2030-01-01", role=Role.CLOCK)
    later = fold((*history, *(By(fact, clock) for fact in due)))
    assert later is not None
    assert later.lapses(date(2031, 1, 1), TERMS, ROUTE) == ()
