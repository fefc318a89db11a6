"""Hypothesis strategies for values and commands: small pools, so that clashes happen."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from uitvoering.application.caller import Caller
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import AccountFor, GiveResponse, LapseCondition, MeetCondition
from uitvoering.commands.implementation_test import (
    AcceptTest,
    AssessAspect,
    Comment,
    ConcludeTest,
    DeclineTest,
    EstimateCost,
    ExtendTerm,
    GiveVerdict,
    MakeRecommendation,
    PublishTest,
    RequestTest,
    RewritePassage,
    SetTerm,
    StateCondition,
)
from uitvoering.commands.journey import (
    AttachSignal,
    AttachTest,
    CloseJourney,
    EnterPhase,
    EvaluateJourney,
    FindChallenge,
    LeavePhase,
    RevisitPhase,
    SkipPhase,
    StartJourney,
)
from uitvoering.commands.proposal import (
    AddVersion,
    AmendProposal,
    EnterIntoForce,
    RegisterProposal,
    SetEntryIntoForce,
    WithdrawVersion,
)
from uitvoering.commands.signal import (
    AcceptReassessment,
    AcknowledgeSignal,
    AskAdvice,
    CiteSignal,
    ClaimResolution,
    CloseSignal,
    Contradict,
    DecideMeasure,
    DeclineSignal,
    DiscloseSignal,
    GiveAdvice,
    GiveFeedback,
    HandOn,
    HoldBack,
    MergeSignal,
    PutMeasureInEffect,
    RaiseRegime,
    RecordFeedbackImpossible,
    ReopenSignal,
    Restate,
    SignalHardship,
    SplitSignal,
    TakeUpSignal,
    VerifyResolution,
    WithdrawSignal,
)
from uitvoering.commands.verdict_challenge import (
    ChallengeVerdict,
    RejectVerdictChallenge,
    UpholdVerdictChallenge,
    WithdrawVerdictChallenge,
)
from uitvoering.domain.events.implementation_test import TestKind
from uitvoering.domain.events.verdict_challenge import ShouldBe, ShownResult
from uitvoering.domain.values import Level, Light, Recurrence, Regime, Role, Statement
from uitvoering.projections.signal_trail import TrailRow
from uitvoering.softening.facets import Dimension

FIRST_DAY = date(2026, 1, 5)
DAYS = st.integers(0, 160).map(lambda n: FIRST_DAY + timedelta(days=n))
TEXTS = st.sampled_from(
    (
        "300 mensen verliezen hun uitkering zonder dat iemand kijkt.",
        "Enkele mensen hebben mogelijk hinder van de brief.",
        "De brief is aangepast; € 1.000 is terugbetaald.",
        "Er is geen probleem.",
    )
)
STATEMENTS = st.builds(
    Statement,
    text=TEXTS,
    severity=st.integers(1, 5),
    light=st.sampled_from(Light),
    affected_count=st.none() | st.integers(0, 400),
    act_within_days=st.none() | st.integers(0, 60),
    requested_action=st.none() | st.sampled_from(("Stop de inning.", "Onderzoek de inning.")),
    recurrence=st.none() | st.sampled_from(Recurrence),
)
LEVELS = st.sampled_from(
    (
        Level.FRONTLINE,
        Level.TEAM_LEAD,
        Level.DEPARTMENT,
        Level.BOARD,
        Level.OFFICIAL_TOP,
        Level.DATA_PROTECTION_OFFICER,
        Level.OMBUDSMAN,
    )
)
ROLES = frozenset(Role) - {Role.ADMINISTRATOR, Role.REGISTRAR}
CALLERS = st.builds(
    lambda body, level, roles: Caller(body, level, roles, f"{body}-{level}"),
    st.sampled_from(("uwv", "uwv", "svb", "szw")),
    LEVELS,
    # Mostly whoever may do everything, so that the rules behind the roles are reached.
    st.sampled_from([*[ROLES] * 20, *(frozenset({role}) for role in sorted(ROLES))]),
)
Ids = Callable[[str], st.SearchStrategy[str]]
"""What may be referred to: ids of a kind of stream, or of the events of the subject (`events`)."""
_CODES = st.sampled_from(("c1", "c2", "c3"))
_VERSIONS = st.sampled_from(("1", "2"))
_EVIDENCE = st.just(({"locator": "uitdraai 2026"},))
_ASPECTS = st.sampled_from(("handhaafbaar", "uitvoerbaar", "fraudebestendig", "onbekend"))
_SOMETIMES = st.none() | TEXTS


def _rarely(ids: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.integers(0, 3).flatmap(lambda n: st.none() if n else ids)


def _fields(kind: type[Command], ids: Ids) -> dict[str, st.SearchStrategy[Any]]:
    """What to draw for the fields that their type alone does not make likely to be accepted."""
    named: dict[type[Command], dict[str, st.SearchStrategy[Any]]] = {
        MergeSignal: {"into": ids("signals")},
        SplitSignal: {"into": st.lists(ids("signals"), min_size=2, max_size=2).map(tuple)},
        Contradict: {"against": ids("events")},
        AcceptReassessment: {"of": ids("events")},
        VerifyResolution: {"claim": ids("events")},
        AttachTest: {"test": ids("implementation-tests")},
        AttachSignal: {"signal": ids("signals")},
        RequestTest: {
            "proposal": ids("proposals"),
            "proposal_version": _VERSIONS,
            "tester": st.sampled_from(("uwv", "uwv", "svb")),
            "template": st.sampled_from(("huf", "publieke-bron")),
            "kind": st.sampled_from(TestKind),
        },
        SignalHardship: {
            "body": st.sampled_from(("uwv", "svb")),
            "proposal": _rarely(ids("proposals")),
        },
        StartJourney: {"proposal": _rarely(ids("proposals"))},
        AssessAspect: {"aspect": _ASPECTS},
        AddVersion: {"version": _VERSIONS},
        AmendProposal: {"version": _VERSIONS, "material": st.booleans()},
        WithdrawVersion: {"version": _VERSIONS},
        RaiseRegime: {"to": st.sampled_from((Regime.CONFIDENTIAL, Regime.WBK, Regime.OPEN))},
    }
    return named.get(kind, {})


_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "statement": STATEMENTS,
    "before": STATEMENTS,
    "after": STATEMENTS,
    "to": LEVELS,
    "of": LEVELS,
    "asked_by": LEVELS,
    "reason": _SOMETIMES,
    "due_on": DAYS,
    "entry_on": DAYS,
    "feasible_from": st.none() | DAYS,
    "evidence": _EVIDENCE,
    "condition": _CODES,
    "recommendation": _CODES,
    "finding": _CODES,
    "carrier": st.sampled_from(("memo 1", "Kamerbrief")),
    "locator": st.just("p. 1"),
    "title": st.sampled_from(("Wet A", "Wet B")),
    "eur": st.integers(0, 10**6),
}
_LEFT_OUT = {
    "happened_from",
    "on_behalf_of",
    "regime",
    "causation_id",
    "correlation_id",
    "source",
    "reply",
    "arrived_on",
    "must_ask",
    "to_organisation",
    "previous",
    "journey",
    "answers",
    "by",
    "theme",
    "asked_by_organisation",
    "term_days",
    "cites",
    "reason_code",
}


def commands(kind: type[Command], ids: Ids) -> st.SearchStrategy[Command]:
    """Commands of one kind, mostly such that a rule and not their form decides about them."""
    drawn: dict[str, st.SearchStrategy[Any]] = {"happened_on": DAYS}
    for name, field in kind.model_fields.items():
        if name in _LEFT_OUT or name == "happened_on":
            continue
        drawn[name] = _BY_NAME[name] if name in _BY_NAME else _from_type(field.annotation)
        if field.is_required() and name == "reason":
            drawn[name] = TEXTS
    drawn |= _fields(kind, ids)
    return st.fixed_dictionaries(drawn).map(kind.model_validate)


def challenges(rows: list[TrailRow]) -> st.SearchStrategy[Command]:
    """What contests a hop or a drift of one of these rows, mostly by what its method said."""

    def of(row: TrailRow, dimension: Dimension, *, drift: bool) -> st.SearchStrategy[Command]:
        said = {r.dimension: r.result for r in (row.drift if drift else row.hop) or ()}
        known = ShownResult(said.get(dimension, ShownResult.UNCHANGED).value)
        drawn = {
            "happened_on": DAYS,
            "signal": st.just(row.signal),
            "from_event": st.just(rows[0].event_id if drift else row.previous),
            "to_event": st.just(row.event_id),
            "dimension": st.just(dimension),
            "method": st.sampled_from((*[row.method] * 9, "0+old")),
            "shown": st.sampled_from((*[known] * 5, *ShownResult)),
            "should_be": st.sampled_from(ShouldBe),
            "reason": TEXTS,
        }
        return st.fixed_dictionaries(drawn).map(ChallengeVerdict.model_validate)

    return st.tuples(
        st.sampled_from([row for row in rows if row.previous is not None]),
        st.sampled_from(Dimension),
        st.booleans(),
    ).flatmap(lambda drawn: of(drawn[0], drawn[1], drift=drawn[2]))


def _from_type(annotation: Any) -> st.SearchStrategy[Any]:
    if annotation is str:
        return TEXTS
    return st.from_type(annotation)


BIRTHS = (SignalHardship, RegisterProposal, StartJourney, RequestTest)
# What ends a thing is drawn seldom, so that histories get long; what leads to it more often.
ON_SIGNALS = (
    *(AcknowledgeSignal, HandOn, Restate, GiveAdvice, Contradict, PutMeasureInEffect) * 3,
    *(ClaimResolution, VerifyResolution, GiveFeedback, RaiseRegime, CiteSignal) * 2,
    *(HoldBack, AskAdvice, DiscloseSignal, SplitSignal, AcceptReassessment, TakeUpSignal),
    *(DeclineSignal, DecideMeasure, RecordFeedbackImpossible, ReopenSignal),
    *(WithdrawSignal, MergeSignal, CloseSignal),
)
ON_TESTS = (
    *(StateCondition, MakeRecommendation, GiveVerdict) * 3,
    *(AcceptTest, AssessAspect, Comment, RewritePassage, ConcludeTest) * 2,
    *(SetTerm, ExtendTerm, EstimateCost, PublishTest, DeclineTest),
)
ON_PROPOSALS = (
    *(AddVersion, AmendProposal) * 3,
    *(SetEntryIntoForce, EnterIntoForce, WithdrawVersion),
)
ON_VERDICT_CHALLENGES = (
    UpholdVerdictChallenge,
    RejectVerdictChallenge,
    WithdrawVerdictChallenge,
)
ON_FOLLOW_UPS = (GiveResponse, AccountFor, MeetCondition, LapseCondition)
ON_JOURNEYS = (
    *(EnterPhase, LeavePhase, RevisitPhase, AttachTest, AttachSignal, EvaluateJourney) * 2,
    *(SkipPhase, FindChallenge, CloseJourney),
)
