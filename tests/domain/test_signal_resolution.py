"""Noting is not solving: what must be there before someone may say that it is resolved or over?"""

from collections.abc import Callable

import pytest

from tests.domain.signal_histories import (
    BOARD,
    CITIZEN,
    CLAIMED,
    CLOSED,
    EXPERT,
    HARD,
    IN_EFFECT,
    LEAD,
    MERGED,
    MILD,
    OMBUDSMAN,
    ORIGIN,
    OTHER,
    PROOF,
    RAISED,
    RAISED_AS_STRUCTURAL,
    REPORTER,
    ROUTE,
    SOFTENED,
    THIRD,
    TOLD,
    UNKNOWN,
    WITHDRAWN,
    given,
    the,
)
from tests.given import STREAM, By, act, event_id
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import SignalMerged, SignalSplit
from uitvoering.domain.events.signal_outcome import (
    FeedbackGiven,
    FeedbackImpossible,
    IndividualReliefGiven,
    MeasureDecided,
    MeasureProposed,
    MeasureTookEffect,
    ResolutionClaimed,
    ResolutionDisputed,
    ResolutionVerified,
    SignalClosed,
    SignalDeclined,
    SignalReopened,
    SignalTakenUp,
    SignalWithdrawn,
)
from uitvoering.domain.refusals_of_signals import (
    ClaimDisputedError,
    ClaimUnknownError,
    ClaimWithoutEvidenceError,
    FeedbackMissingError,
    MergedIntoItselfError,
    NothingDoneYetError,
    ReliefIsNotEnoughError,
    ReporterOnlyError,
    SignalEventUnknownError,
    SignalIsClosedError,
    SignalIsMergedError,
    SignalIsWithdrawnError,
    SignalNotClosedError,
    SplitImpossibleError,
    VerifierIsClaimerError,
    VerifierNotIndependentError,
)
from uitvoering.domain.signal import Signal
from uitvoering.domain.values import Level
from uitvoering.errors import RefusedError

RELIEVED = By(IndividualReliefGiven(relief="Voorschot hervat."), LEAD)
CLAIM = event_id(3)
"""The claim in the history below."""
RESOLVED = (RAISED, IN_EFFECT, CLAIMED)
REOPENED = By(SignalReopened(reason="Weer gestopt."), act(happened_on="2026-06-01"))


@pytest.mark.parametrize(
    ("decision", "fact"),
    [
        (lambda s: s.take_up(LEAD), SignalTakenUp()),
        (
            lambda s: s.decline(LEAD, reason="Elders."),
            SignalDeclined(reason="Elders."),
        ),
        (lambda s: s.give_relief(LEAD, relief="Hervat."), IndividualReliefGiven(relief="Hervat.")),
        (
            lambda s: s.propose_measure(LEAD, measure="Eerst bellen.", statement=HARD),
            MeasureProposed(measure="Eerst bellen.", statement=HARD),
        ),
        (
            lambda s: s.decide_measure(BOARD, measure="Eerst bellen.", to=Level.FRONTLINE),
            MeasureDecided(measure="Eerst bellen.", to=Level.FRONTLINE),
        ),
        (
            lambda s: s.put_measure_in_effect(BOARD, measure="Eerst bellen.", answers=ORIGIN),
            MeasureTookEffect(measure="Eerst bellen.", answers=ORIGIN),
        ),
        (lambda s: s.give_feedback(LEAD, message="Gestopt."), FeedbackGiven(message="Gestopt.")),
        (
            lambda s: s.record_feedback_impossible(LEAD, reason="Anoniem."),
            FeedbackImpossible(reason="Anoniem."),
        ),
        (lambda s: s.merge(LEAD, into=OTHER), SignalMerged(into=OTHER)),
        (lambda s: s.split(LEAD, into=(OTHER, THIRD)), SignalSplit(into=(OTHER, THIRD))),
        (
            lambda s: s.withdraw(REPORTER, reason="Fout."),
            SignalWithdrawn(reason="Fout."),
        ),
    ],
)
def test_an_act_that_needs_nothing_before_it_is_recorded(
    decision: Callable[[Signal], tuple[Fact, ...]], fact: Fact
) -> None:
    given(RAISED).when(decision).then(fact)


def test_a_measure_answers_an_event_of_this_signal() -> None:
    given(RAISED).when(
        lambda s: s.put_measure_in_effect(BOARD, measure="Eerst bellen.", answers=UNKNOWN)
    ).then_refused(SignalEventUnknownError, because=f"has no event {UNKNOWN}")


def test_a_resolution_is_claimed_after_a_measure_or_relief_with_evidence() -> None:
    for done in (IN_EFFECT, RELIEVED):
        given(RAISED, done).when(lambda s: s.claim_resolution(BOARD, evidence=(PROOF,))).then(
            ResolutionClaimed(evidence=(PROOF,))
        )
    given(RAISED, By(MeasureDecided(measure="Eerst bellen."), BOARD)).when(
        lambda s: s.claim_resolution(BOARD, evidence=(PROOF,))
    ).then_refused(NothingDoneYetError, because=f"no measure took effect for signal {STREAM}")
    given(RAISED, IN_EFFECT).when(lambda s: s.claim_resolution(BOARD, evidence=())).then_refused(
        ClaimWithoutEvidenceError, because=f"signal {STREAM} is resolved names no evidence"
    )


def test_relief_alone_does_not_resolve_what_anyone_called_structural() -> None:
    given(RAISED_AS_STRUCTURAL, SOFTENED, RELIEVED).when(
        lambda s: s.claim_resolution(BOARD, evidence=(PROOF,), statement=MILD)
    ).then_refused(ReliefIsNotEnoughError, because="relief for one citizen leaves the cause")
    given(RAISED_AS_STRUCTURAL, RELIEVED, IN_EFFECT).when(
        lambda s: s.claim_resolution(BOARD, evidence=(PROOF,), statement=MILD)
    ).then(ResolutionClaimed(evidence=(PROOF,), statement=MILD))


@pytest.mark.parametrize("by", [REPORTER, CITIZEN, EXPERT, OMBUDSMAN])
def test_the_floor_a_client_panel_or_an_independent_level_verifies(by: Act) -> None:
    given(*RESOLVED).when(lambda s: s.verify_resolution(by, claim=CLAIM)).then(
        ResolutionVerified(claim=CLAIM)
    )


@pytest.mark.parametrize(
    "by", [act(Level.BOARD, pseudonym="p-other"), act(Level.EXPERT, pseudonym="p-board")]
)
def test_the_verifier_is_not_the_claimer_in_level_or_person(by: Act) -> None:
    given(*RESOLVED).when(lambda s: s.verify_resolution(by, claim=CLAIM)).then_refused(
        VerifierIsClaimerError, because="board claimed that signal"
    )


def test_another_line_level_does_not_verify() -> None:
    given(*RESOLVED).when(lambda s: s.verify_resolution(LEAD, claim=CLAIM)).then_refused(
        VerifierNotIndependentError, because="team-lead cannot verify that signal"
    )


def test_a_disputed_claim_is_not_verified_any_more() -> None:
    given(*RESOLVED).when(
        lambda s: s.dispute_resolution(REPORTER, claim=CLAIM, reason="Nog 14 gezinnen.")
    ).then(ResolutionDisputed(claim=CLAIM, reason="Nog 14 gezinnen."))
    disputed = By(ResolutionDisputed(claim=CLAIM, reason="Nog 14 gezinnen."), REPORTER)
    given(*RESOLVED, disputed).when(
        lambda s: s.verify_resolution(CITIZEN, claim=CLAIM)
    ).then_refused(ClaimDisputedError, because=f"claimed resolution {CLAIM}")


def test_only_a_claim_is_verified_or_disputed() -> None:
    why = f"has no claimed resolution {ORIGIN}; claimed here: {CLAIM}"
    given(*RESOLVED).when(lambda s: s.verify_resolution(CITIZEN, claim=ORIGIN)).then_refused(
        ClaimUnknownError, because=why
    )
    given(*RESOLVED).when(
        lambda s: s.dispute_resolution(CITIZEN, claim=ORIGIN, reason="Nee.")
    ).then_refused(ClaimUnknownError, because=why)


@pytest.mark.parametrize("by", [LEAD, REPORTER.model_copy(update={"organisation": "svb"})])
def test_only_the_reporter_withdraws(by: Act) -> None:
    given(RAISED).when(lambda s: s.withdraw(by)).then_refused(
        ReporterOnlyError, because=f"{by.level} of {by.organisation} acts here as another"
    )


def test_a_withdrawn_signal_keeps_its_trail() -> None:
    assert len(the(RAISED, SOFTENED, WITHDRAWN).trail) == 3


def test_a_signal_is_not_merged_into_itself() -> None:
    given(RAISED).when(lambda s: s.merge(LEAD, into=STREAM)).then_refused(
        MergedIntoItselfError, because=f"signal {STREAM} cannot be merged into itself"
    )


@pytest.mark.parametrize("into", [(), (OTHER,), (OTHER, OTHER), (OTHER, STREAM)])
def test_a_signal_is_split_into_two_or_more_others(into: tuple[str, ...]) -> None:
    given(RAISED).when(lambda s: s.split(LEAD, into=into)).then_refused(
        SplitImpossibleError, because=f"signal {STREAM} cannot be split into"
    )


def test_a_signal_is_closed_after_the_reporter_was_told_or_that_is_impossible() -> None:
    impossible = By(FeedbackImpossible(reason="Anoniem gemeld."), LEAD)
    for told in (TOLD, impossible):
        given(RAISED, told).when(lambda s: s.close(LEAD, reason="Klaar.")).then(
            SignalClosed(reason="Klaar.")
        )
    given(RAISED).when(lambda s: s.close(LEAD)).then_refused(
        FeedbackMissingError, because=f"the reporter of signal {STREAM} was not told"
    )


def test_a_closed_signal_is_reopened_and_then_told_about_again() -> None:
    given(RAISED, TOLD, CLOSED).when(lambda s: s.reopen(REPORTER, reason="Weer gestopt.")).then(
        SignalReopened(reason="Weer gestopt.")
    )
    later = act(happened_on="2026-07-01")
    given(RAISED, TOLD, CLOSED, REOPENED).when(lambda s: s.close(later)).then_refused(
        FeedbackMissingError, because="give feedback"
    )
    given(RAISED, TOLD, CLOSED, REOPENED).when(lambda s: s.take_up(later)).then(SignalTakenUp())


@pytest.mark.parametrize("facts", [(RAISED,), (RAISED, WITHDRAWN), (RAISED, MERGED)])
def test_only_a_closed_signal_is_reopened(facts: tuple[By, ...]) -> None:
    given(*facts).when(lambda s: s.reopen(REPORTER, reason="Weer gestopt.")).then_refused(
        SignalNotClosedError, because="not closed; only a closed signal is reopened"
    )


ENDED: list[tuple[tuple[By, ...], type[RefusedError], str]] = [
    ((RAISED, TOLD, CLOSED), SignalIsClosedError, "was closed on 2026-01-12; reopen it first"),
    ((RAISED, WITHDRAWN), SignalIsWithdrawnError, "was withdrawn by its reporter on 2026-01-05"),
    ((RAISED, MERGED), SignalIsMergedError, f"was merged into {OTHER} on 2026-01-12; go on there"),
]


@pytest.mark.parametrize(("facts", "error", "because"), ENDED)
def test_an_ended_signal_is_only_read(
    facts: tuple[By, ...], error: type[RefusedError], because: str
) -> None:
    ended = given(*facts)
    for decision in (
        lambda s: s.take_up(BOARD),
        lambda s: s.hand_on(BOARD, to=Level.MINISTER, route=ROUTE),
        lambda s: s.restate(BOARD, to=Level.MINISTER, statement=MILD, route=ROUTE),
        lambda s: s.hold_back(BOARD, reason="Wacht."),
        lambda s: s.contradict(EXPERT, against=ORIGIN, statement=HARD),
        lambda s: s.cite(BOARD, carrier="brief"),
        lambda s: s.claim_resolution(BOARD, evidence=(PROOF,)),
        lambda s: s.split(BOARD, into=(OTHER, THIRD)),
        lambda s: s.close(BOARD),
    ):
        ended.when(decision).then_refused(error, because=because)
