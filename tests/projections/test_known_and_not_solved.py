"""Constateren is niet oplossen: acknowledged_not_resolved and my_signals."""

from datetime import date

from tests.given import act
from tests.projections.signal_story import (
    AMBER,
    LEAD,
    RAISED,
    RED,
    REPORTER,
    SIGNAL,
    Story,
    at,
)
from uitvoering.domain.events.signal import ReceiptIssued, SignalAcknowledged, SignalRestated
from uitvoering.domain.events.signal_outcome import (
    FeedbackGiven,
    MeasureDecided,
    MeasureTookEffect,
    ResolutionClaimed,
    ResolutionDisputed,
    ResolutionVerified,
    SignalClosed,
    SignalTakenUp,
    SignalWithdrawn,
)
from uitvoering.domain.signal_state import SignalState
from uitvoering.domain.values import Level
from uitvoering.projections.acknowledged_not_resolved import (
    AcknowledgedNotResolved,
    acknowledged_not_resolved,
)
from uitvoering.projections.my_signals import my_signals
from uitvoering.projections.open_items import ItemKind

NOW = at("2026-06-01")


def acknowledged() -> Story:
    story = Story()
    story.tell(RAISED, REPORTER)
    story.tell(SignalAcknowledged(), act(Level.TEAM_LEAD, "2026-01-08"))
    return story


def claimed() -> tuple[Story, str]:
    story = acknowledged()
    story.tell(SignalTakenUp(), act(Level.BOARD, "2026-01-15"))
    story.tell(MeasureDecided(measure="stoppen"), act(Level.BOARD, "2026-02-01"))
    story.tell(MeasureTookEffect(measure="stoppen"), act(Level.BOARD, "2026-03-01"))
    return story, story.tell(ResolutionClaimed(evidence=()), act(Level.BOARD, "2026-04-01"))


def rows(story: Story) -> list[AcknowledgedNotResolved]:
    return acknowledged_not_resolved(story.told(), NOW)


def test_an_acknowledged_signal_counts_as_unresolved() -> None:
    (row,) = rows(acknowledged())
    assert (row.acknowledged_on, row.days_since_acknowledged) == (date(2026, 1, 8), 144)
    assert row.verified_on is None
    assert row.state is SignalState.ACKNOWLEDGED


def test_what_nobody_acknowledged_is_not_known() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    assert rows(story) == []


def test_six_facts_have_six_days() -> None:
    story, _ = claimed()
    (row,) = rows(story)
    assert (row.taken_up_on, row.decided_on, row.in_effect_on, row.claimed_on) == (
        date(2026, 1, 15),
        date(2026, 2, 1),
        date(2026, 3, 1),
        date(2026, 4, 1),
    )
    assert row.progress is SignalState.RESOLUTION_CLAIMED


def test_only_verified_is_solved_and_a_dispute_undoes_it() -> None:
    story, claim = claimed()
    story.tell(ResolutionVerified(claim=claim), act(Level.FRONTLINE, "2026-04-10"))
    assert rows(story) == []
    story.tell(
        ResolutionDisputed(claim=claim, reason="het gebeurt nog"),
        act(Level.FRONTLINE, "2026-05-01"),
    )
    (row,) = rows(story)
    assert (row.claimed_on, row.in_effect_on) == (None, date(2026, 3, 1))
    assert row.state is SignalState.DISPUTED


def test_closed_without_verification_is_not_solved() -> None:
    story = acknowledged()
    story.tell(SignalClosed(), act(Level.BOARD, "2026-05-01"))
    assert [row.state for row in rows(story)] == [SignalState.CLOSED]


def test_what_the_reporter_withdrew_is_left_out() -> None:
    story = acknowledged()
    story.tell(SignalWithdrawn(), act(Level.FRONTLINE, "2026-02-01"))
    assert rows(story) == []


def test_unresolved_is_found_by_body_level_state_and_age() -> None:
    documents = acknowledged().told()
    assert len(acknowledged_not_resolved(documents, NOW, organisation="uwv")) == 1
    assert acknowledged_not_resolved(documents, NOW, organisation="svb") == []
    assert acknowledged_not_resolved(documents, NOW, level=Level.BOARD) == []
    assert acknowledged_not_resolved(documents, NOW, state=SignalState.DECIDED) == []
    assert acknowledged_not_resolved(documents, NOW, at_least_days=145) == []


def test_a_reporter_sees_the_own_words_beside_the_wording_now() -> None:
    story = acknowledged()
    story.tell(ReceiptIssued(of=story.events[0].event_id, sha256="ab" * 32), LEAD)
    story.tell(SignalRestated(to=Level.DEPARTMENT, statement=AMBER), LEAD)
    story.tell(FeedbackGiven(message="Uw melding ligt bij de afdeling."), LEAD)
    (row,) = my_signals(story.told(), NOW, pseudonym="p-melder", organisation="uwv")
    assert (row.signal, row.receipt) == (SIGNAL, "ab" * 32)
    assert (row.own_words, row.wording_now, row.worded_by) == (RED, AMBER, Level.TEAM_LEAD)
    assert [told.message for told in row.told] == ["Uw melding ligt bij de afdeling."]
    assert [term.kind for term in row.terms] == [ItemKind.HAND_ON]


def test_a_reporter_sees_nobody_elses_signals() -> None:
    documents = acknowledged().told()
    assert my_signals(documents, NOW, pseudonym="p-ander", organisation="uwv") == []
    assert my_signals(documents, NOW, pseudonym="p-melder", organisation="svb") == []
