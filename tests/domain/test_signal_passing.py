"""What may a level do with a signal that reaches it, and what is then recorded?"""

import pytest

from tests.domain.signal_histories import (
    BOARD,
    CITIZEN,
    EXPERT,
    HARD,
    LEAD,
    MILD,
    OMBUDSMAN,
    ORIGIN,
    PROOF,
    RAISED,
    REPORTER,
    ROUTE,
    SECOND,
    SOFTENED,
    SOURCE,
    UNKNOWN,
    given,
)
from tests.given import STREAM, By, act
from uitvoering.domain.acts import Act
from uitvoering.domain.events.signal import (
    AdviceAsked,
    AdviceGiven,
    CitationDropped,
    EvidenceAttached,
    PassagesWithheld,
    SignalAcknowledged,
    SignalCited,
    SignalDisclosed,
    SignalHandedOn,
    SignalHeldBack,
    SignalRestated,
)
from uitvoering.domain.refusals_of_signals import (
    AddresseeMissingError,
    CitationUnknownError,
    HoldBackReasonMissingError,
    LevelNotOnRouteError,
    SignalEventUnknownError,
)
from uitvoering.domain.routes import Route
from uitvoering.domain.values import Evidence, Level, ReasonCode, Statement, StatementField

MEMO = Statement(text="Feitenrelaas.", evidence=(Evidence(locator="memo maart"),))
CITED = By(SignalCited(carrier="feitenrelaas", statement=MEMO), LEAD)
TIMELINE = Statement(text="Tijdlijn.", evidence=(Evidence(locator="tijdlijn"),))


def test_evidence_is_attached() -> None:
    given(RAISED).when(lambda s: s.attach_evidence(REPORTER, evidence=PROOF)).then(
        EvidenceAttached(evidence=PROOF)
    )


def test_a_signal_is_acknowledged() -> None:
    given(RAISED).when(lambda s: s.acknowledge(LEAD)).then(SignalAcknowledged())


def test_a_level_hands_on_and_may_skip_one() -> None:
    given(RAISED).when(
        lambda s: s.hand_on(LEAD, to=Level.BOARD, previous=ORIGIN, route=ROUTE)
    ).then(SignalHandedOn(to=Level.BOARD, statement=HARD, previous=ORIGIN))


def test_a_signal_handed_on_without_words_goes_in_the_words_it_was_given() -> None:
    given(RAISED, SOFTENED).when(
        lambda s: s.hand_on(act(Level.DEPARTMENT, "2026-02-20"), to=Level.BOARD, route=ROUTE)
    ).then(SignalHandedOn(to=Level.BOARD, statement=MILD))


def test_handing_on_without_words_again_is_a_retry_whatever_was_said_since() -> None:
    handed = By(SignalHandedOn(to=Level.BOARD, statement=HARD), LEAD)
    given(RAISED, handed, SOFTENED).when(
        lambda s: s.hand_on(LEAD, to=Level.BOARD, route=ROUTE)
    ).then_nothing()


def test_a_source_that_gives_no_words_is_not_given_any() -> None:
    by = LEAD.model_copy(update={"source": SOURCE})
    given(RAISED).when(lambda s: s.hand_on(by, to=Level.BOARD, route=ROUTE)).then(
        SignalHandedOn(to=Level.BOARD)
    )


def test_handing_on_follows_an_event_of_this_signal() -> None:
    given(RAISED).when(
        lambda s: s.hand_on(LEAD, to=Level.BOARD, previous=UNKNOWN, route=ROUTE)
    ).then_refused(SignalEventUnknownError, because=f"has no event {UNKNOWN}; known here: {ORIGIN}")


def test_a_line_level_that_is_not_on_the_route_passes_nothing_on() -> None:
    short = Route("dienst", (Level.FRONTLINE, Level.TEAM_LEAD, Level.MINISTER))
    why = "board is not on the route of uwv: frontline, team-lead, minister; act as"
    given(RAISED).when(
        lambda s: s.restate(BOARD, to=Level.MINISTER, statement=MILD, route=short)
    ).then_refused(LevelNotOnRouteError, because=why)
    given(RAISED).when(lambda s: s.hand_on(BOARD, to=Level.MINISTER, route=short)).then_refused(
        LevelNotOnRouteError, because=why
    )


@pytest.mark.parametrize("by", [EXPERT, OMBUDSMAN])
def test_levels_beside_and_outside_the_line_restate_without_a_route(by: Act) -> None:
    given(RAISED).when(
        lambda s: s.restate(by, to=Level.PARLIAMENT, statement=HARD, route=Route("-", ()))
    ).then(SignalRestated(to=Level.PARLIAMENT, statement=HARD))


def test_a_restatement_names_its_addressee_and_reason() -> None:
    given(RAISED).when(
        lambda s: s.restate(
            LEAD,
            to=Level.DEPARTMENT,
            statement=MILD,
            reason_code=ReasonCode.NEW_FACTS,
            previous=UNKNOWN,
            route=ROUTE,
        )
    ).then(
        SignalRestated(
            to=Level.DEPARTMENT,
            statement=MILD,
            reason_code=ReasonCode.NEW_FACTS,
            previous=UNKNOWN,
        )
    )


@pytest.mark.parametrize("by", [LEAD, OMBUDSMAN])
def test_a_restatement_without_addressee_is_refused(by: Act) -> None:
    given(RAISED).when(lambda s: s.restate(by, to=None, statement=MILD, route=ROUTE)).then_refused(
        AddresseeMissingError, because=f"by {by.level} names no addressee; give to"
    )


def test_a_source_about_an_outside_level_may_leave_out_the_addressee() -> None:
    told = OMBUDSMAN.model_copy(update={"source": SOURCE})
    given(RAISED).when(lambda s: s.restate(told, to=None, statement=MILD, route=ROUTE)).then(
        SignalRestated(statement=MILD)
    )


def test_holding_back_needs_a_reason_unless_a_source_gives_none() -> None:
    given(RAISED).when(lambda s: s.hold_back(LEAD, reason="Wacht op de telling.")).then(
        SignalHeldBack(reason="Wacht op de telling.")
    )
    given(RAISED).when(lambda s: s.hold_back(LEAD)).then_refused(
        HoldBackReasonMissingError, because=f"team-lead holds signal {STREAM} back without a reason"
    )
    told = LEAD.model_copy(update={"source": SOURCE})
    given(RAISED).when(lambda s: s.hold_back(told)).then(SignalHeldBack())


def test_advice_is_asked_and_given_asked_or_unasked() -> None:
    asked = AdviceAsked(of=Level.EXPERT)
    given(RAISED).when(lambda s: s.ask_advice(LEAD, of=Level.EXPERT)).then(asked)
    given(RAISED, asked).when(
        lambda s: s.give_advice(EXPERT, statement=HARD, to=Level.TEAM_LEAD, answers=SECOND)
    ).then(AdviceGiven(statement=HARD, to=Level.TEAM_LEAD, answers=SECOND))
    given(RAISED).when(lambda s: s.give_advice(EXPERT, theme="grondslag")).then(
        AdviceGiven(theme="grondslag")
    )
    given(RAISED).when(lambda s: s.give_advice(EXPERT, answers=UNKNOWN)).then_refused(
        SignalEventUnknownError, because=f"has no event {UNKNOWN}"
    )


def test_a_carrier_cites_the_signal_with_references_of_its_own() -> None:
    given(RAISED).when(
        lambda s: s.cite(LEAD, carrier="feitenrelaas", statement=MEMO, previous=ORIGIN)
    ).then(SignalCited(carrier="feitenrelaas", statement=MEMO, previous=ORIGIN))


def test_a_carrier_that_lost_every_reference_dropped_the_citation() -> None:
    given(RAISED, CITED).when(
        lambda s: s.cite(BOARD, carrier="tijdlijn", statement=TIMELINE, previous=SECOND)
    ).then(CitationDropped(carrier="tijdlijn", statement=TIMELINE, previous=SECOND))


@pytest.mark.parametrize(
    "words",
    [
        Statement(text="Versie 2.", evidence=(*MEMO.evidence, *TIMELINE.evidence)),
        Statement(text="Versie 2.", coded=(StatementField.TEXT,)),
        None,
    ],
)
def test_a_carrier_that_kept_a_reference_or_whose_references_are_unread_cites_on(
    words: Statement | None,
) -> None:
    given(RAISED, CITED).when(
        lambda s: s.cite(BOARD, carrier="v2", statement=words, previous=SECOND)
    ).then(SignalCited(carrier="v2", statement=words, previous=SECOND))


def test_a_carrier_that_says_it_no_longer_cites_follows_the_last_citation() -> None:
    dropped = CitationDropped(carrier="tijdlijn", previous=SECOND)
    given(RAISED, CITED).when(lambda s: s.cite(BOARD, carrier="tijdlijn", cites=False)).then(
        dropped
    )
    again = By(SignalCited(carrier="brief"), LEAD)
    given(RAISED, CITED, By(dropped, BOARD), again).when(
        lambda s: s.cite(BOARD, carrier="tijdlijn", cites=False)
    ).then_nothing()


def test_what_nobody_cited_nobody_dropped() -> None:
    given(RAISED).when(lambda s: s.cite(BOARD, carrier="tijdlijn", cites=False)).then_refused(
        CitationUnknownError, because=f"no carrier cited signal {STREAM} before tijdlijn"
    )
    told = BOARD.model_copy(update={"source": SOURCE})
    given(RAISED).when(lambda s: s.cite(told, carrier="tijdlijn", cites=False)).then(
        CitationDropped(carrier="tijdlijn")
    )
    given(RAISED).when(lambda s: s.cite(BOARD, carrier="x", previous=UNKNOWN)).then_refused(
        SignalEventUnknownError, because=f"has no event {UNKNOWN}"
    )


def test_passages_are_withheld_on_a_ground_and_documents_disclosed() -> None:
    given(RAISED).when(
        lambda s: s.withhold_passages(
            BOARD, carrier="memo", ground="Woo 5.2", to=Level.PARLIAMENT, previous=ORIGIN
        )
    ).then(PassagesWithheld(carrier="memo", ground="Woo 5.2", to=Level.PARLIAMENT, previous=ORIGIN))
    given(RAISED).when(
        lambda s: s.disclose(BOARD, carrier="memo", to=Level.PARLIAMENT, statement=HARD)
    ).then(SignalDisclosed(carrier="memo", to=Level.PARLIAMENT, statement=HARD))


def test_showing_follows_an_event_of_this_signal() -> None:
    given(RAISED).when(lambda s: s.disclose(BOARD, carrier="memo", previous=UNKNOWN)).then_refused(
        SignalEventUnknownError, because=f"known here: {ORIGIN}"
    )
    given(RAISED).when(
        lambda s: s.withhold_passages(BOARD, carrier="m", ground="g", previous=UNKNOWN)
    ).then_refused(SignalEventUnknownError, because=f"known here: {ORIGIN}")


def test_the_same_words_on_another_day_or_by_another_level_are_a_new_act() -> None:
    earlier = given(RAISED, By(SignalAcknowledged(), LEAD))
    earlier.when(lambda s: s.acknowledge(LEAD)).then_nothing()
    earlier.when(lambda s: s.acknowledge(BOARD)).then(SignalAcknowledged())
    next_day = act(Level.TEAM_LEAD, "2026-01-13")
    earlier.when(lambda s: s.acknowledge(next_day)).then(SignalAcknowledged())


def test_a_citizen_stands_on_no_route() -> None:
    given(RAISED).when(lambda s: s.hand_on(CITIZEN, to=Level.BOARD, route=ROUTE)).then_refused(
        LevelNotOnRouteError, because="citizen is not on the route of uwv"
    )


TOLD = LEAD.model_copy(update={"source": SOURCE})


def test_only_a_public_source_may_leave_out_to_whom() -> None:
    given(RAISED).when(lambda s: s.hand_on(LEAD, to=None, route=ROUTE)).then_refused(
        AddresseeMissingError, because="by team-lead names no addressee; give to"
    )
    given(RAISED).when(lambda s: s.ask_advice(LEAD, of=None)).then_refused(
        AddresseeMissingError, because="by team-lead names no addressee; give to"
    )
    given(RAISED).when(lambda s: s.hand_on(TOLD, to=None, route=ROUTE)).then(SignalHandedOn())
    given(RAISED).when(lambda s: s.ask_advice(TOLD, of=None)).then(AdviceAsked())
    given(RAISED).when(lambda s: s.restate(TOLD, to=None, statement=MILD, route=ROUTE)).then(
        SignalRestated(statement=MILD)
    )


def test_a_public_source_says_itself_whether_the_citation_was_dropped() -> None:
    given(RAISED, CITED).when(
        lambda s: s.cite(TOLD, carrier="tijdlijn", statement=TIMELINE, previous=SECOND)
    ).then(SignalCited(carrier="tijdlijn", statement=TIMELINE, previous=SECOND))
