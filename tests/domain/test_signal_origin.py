"""Who may raise a signal, in which words and under which regime; and what proves it?"""

import pytest

from tests.domain.signal_histories import (
    EXPERT,
    HARD,
    LEAD,
    MERGED,
    MILD,
    OMBUDSMAN,
    ORIGIN,
    RAISED,
    REPORTER,
    SOFTENED,
    SOURCE,
    UNKNOWN,
    given,
    the,
)
from tests.given import STREAM, By, Given, act, event_id
from uitvoering.domain.acts import Act
from uitvoering.domain.events.signal import (
    HardshipSignalled,
    ReceiptIssued,
    RegimeRaised,
    SignalAcknowledged,
)
from uitvoering.domain.refusals_of_signals import (
    ReceiptDiffersError,
    RegimeNotForSignalsError,
    RegimeOnlyRisesError,
    SeverityMissingError,
    SignalAlreadyRaisedError,
    SignalEventUnknownError,
)
from uitvoering.domain.signal import Signal, evolve, signal_hardship
from uitvoering.domain.values import Level, Regime, Statement, StatementField
from uitvoering.errors import TamperedError

NOTHING: Given[Signal] = given()
CONFIDENTIAL = (RAISED, By(RegimeRaised(to=Regime.CONFIDENTIAL), REPORTER))


def test_a_signal_is_raised_in_the_reporters_own_words() -> None:
    NOTHING.when(
        lambda state: signal_hardship(
            state, REPORTER, statement=HARD, body="uwv", to=Level.TEAM_LEAD
        )
    ).then(HardshipSignalled(statement=HARD, body="uwv", to=Level.TEAM_LEAD))


def test_the_origin_is_never_replaced() -> None:
    given(RAISED).when(
        lambda state: signal_hardship(state, REPORTER, statement=MILD, body="uwv")
    ).then_refused(SignalAlreadyRaisedError, because=f"signal {STREAM} was raised on 2026-01-05")


def test_an_origin_stands_only_once_and_first_in_the_stored_history() -> None:
    with pytest.raises(TamperedError, match="stands only once"):
        the(RAISED, RAISED)
    with pytest.raises(TamperedError, match="starts with hardship-signalled"):
        the(SOFTENED)


@pytest.mark.parametrize("by", [REPORTER, EXPERT])
def test_a_level_in_or_beside_the_line_states_the_severity(by: Act) -> None:
    words = Statement(text="Er is iets met de uitkeringen.")
    NOTHING.when(
        lambda state: signal_hardship(state, by, statement=words, body="uwv")
    ).then_refused(SeverityMissingError, because="states no severity; give 1 (annoyance) to 5")


def test_an_outside_question_or_a_source_without_it_need_not_state_the_severity() -> None:
    question = Statement(text="Vragen over de uitkeringen.")
    coded = question.model_copy(update={"coded": (StatementField.TEXT,)})
    NOTHING.when(
        lambda state: signal_hardship(state, OMBUDSMAN, statement=question, body="uwv")
    ).then(HardshipSignalled(statement=question, body="uwv"))
    NOTHING.when(lambda state: signal_hardship(state, REPORTER, statement=coded, body="uwv")).then(
        HardshipSignalled(statement=coded, body="uwv")
    )


@pytest.mark.parametrize("regime", [Regime.NO_RECORD, Regime.NO_CONTENT])
def test_a_signal_is_not_kept_under_a_regime_without_words(regime: Regime) -> None:
    refused = REPORTER.model_copy(update={"regime": regime})
    why = f"not kept under {regime}, and nothing of this was stored"
    NOTHING.when(
        lambda state: signal_hardship(state, refused, statement=HARD, body="uwv")
    ).then_refused(RegimeNotForSignalsError, because=why)
    given(RAISED).when(lambda s: s.acknowledge(refused)).then_refused(
        RegimeNotForSignalsError, because=why
    )
    given(RAISED).when(lambda s: s.raise_regime(REPORTER, to=regime)).then_refused(
        RegimeNotForSignalsError, because=why
    )


def test_a_receipt_is_for_one_event_and_given_once() -> None:
    receipt = ReceiptIssued(of=ORIGIN, sha256="ab" * 32)
    given(RAISED).when(lambda s: s.issue_receipt(REPORTER, of=ORIGIN, sha256="ab" * 32)).then(
        receipt
    )
    later = act(Level.FRONTLINE, "2026-01-09")
    given(RAISED, receipt).when(
        lambda s: s.issue_receipt(later, of=ORIGIN, sha256="ab" * 32)
    ).then_nothing()
    given(RAISED, receipt).when(
        lambda s: s.issue_receipt(later, of=ORIGIN, sha256="cd" * 32)
    ).then_refused(ReceiptDiffersError, because=f"event {ORIGIN} of signal {STREAM}")
    given(RAISED).when(lambda s: s.issue_receipt(later, of=UNKNOWN, sha256="ab" * 32)).then_refused(
        SignalEventUnknownError, because=f"known here: {ORIGIN}"
    )


def test_the_regime_rises() -> None:
    given(*CONFIDENTIAL).when(lambda s: s.raise_regime(LEAD, to=Regime.WBK)).then(
        RegimeRaised(to=Regime.WBK)
    )


@pytest.mark.parametrize("lower", [Regime.OPEN, Regime.INTERNAL, Regime.CONFIDENTIAL])
def test_the_regime_only_rises(lower: Regime) -> None:
    given(*CONFIDENTIAL).when(lambda s: s.raise_regime(LEAD, to=lower)).then_refused(
        RegimeOnlyRisesError,
        because=f"is confidential and cannot become {lower}; choose a higher one: wbk",
    )


def test_a_regime_named_with_an_act_may_not_lie_below_that_of_the_signal() -> None:
    signal = the(RAISED, By(RegimeRaised(to=Regime.WBK), REPORTER))
    signal.refuse_lower(None)
    signal.refuse_lower(Regime.WBK)
    with pytest.raises(RegimeOnlyRisesError, match="choose a higher one: -"):
        signal.refuse_lower(Regime.OPEN)


def test_an_act_under_a_higher_regime_raises_that_of_the_signal() -> None:
    secret = LEAD.model_copy(update={"regime": Regime.WBK})
    assert the(RAISED, By(SignalAcknowledged(), secret)).regime is Regime.WBK


def test_the_highest_severity_stays_in_view_after_softening_and_merging() -> None:
    signal = the(RAISED, SOFTENED, MERGED)
    assert signal.highest_severity == HARD.severity
    assert signal.origin.fact.statement == HARD
    assert [event for event, _ in signal.statements] == [ORIGIN, event_id(2)]


def test_a_replayed_signal_equals_the_folded_one() -> None:
    assert the(RAISED, SOFTENED) == the(RAISED, SOFTENED)
    assert the(RAISED, SOFTENED) != the(RAISED)
    assert evolve(None, the(RAISED).trail[0]).id == STREAM


def test_a_public_source_need_not_state_the_severity() -> None:
    words = Statement(text="Er is iets met de uitkeringen.")
    told = REPORTER.model_copy(update={"source": SOURCE})
    NOTHING.when(lambda state: signal_hardship(state, told, statement=words, body="uwv")).then(
        HardshipSignalled(statement=words, body="uwv")
    )
