"""Where does a signal stand after each fact, and what does not take progress away?"""

import pytest

from tests.domain.signal_histories import (
    CLAIMED,
    CLOSED,
    CONTRADICTED,
    IN_EFFECT,
    LEAD,
    MERGED,
    RAISED,
    SOFTENED,
    TOLD,
    WITHDRAWN,
    the,
)
from tests.given import By, event_id
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import (
    FeedbackLapsed,
    HandOnLapsed,
    SignalAcknowledged,
    SignalHeldBack,
)
from uitvoering.domain.events.signal_outcome import (
    IndividualReliefGiven,
    MeasureDecided,
    ResolutionDisputed,
    ResolutionVerified,
    SignalDeclined,
    SignalReopened,
    SignalTakenUp,
)
from uitvoering.domain.signal_state import SignalState
from uitvoering.domain.values import Level

ACKNOWLEDGED = By(SignalAcknowledged(), LEAD)
HELD_BACK = By(SignalHeldBack(reason="Wacht."), LEAD)
LAPSED = By(HandOnLapsed(level=Level.TEAM_LEAD, due_on=LEAD.happened_on, of=event_id(1)), LEAD)
DISPUTED = By(ResolutionDisputed(claim=event_id(3), reason="Nog 14 gezinnen."))
VERIFIED = By(ResolutionVerified(claim=event_id(3)))


STANDINGS: list[tuple[tuple[Fact | By, ...], str, str]] = [
    ((), "reported", "reported"),
    ((ACKNOWLEDGED,), "acknowledged", "acknowledged"),
    ((SignalTakenUp(),), "taken-up", "taken-up"),
    ((MeasureDecided(measure="Bellen."),), "decided", "decided"),
    ((IN_EFFECT,), "in-effect", "in-effect"),
    ((IN_EFFECT, CLAIMED), "resolution-claimed", "resolution-claimed"),
    ((IN_EFFECT, CLAIMED, VERIFIED), "verified", "verified"),
    ((TOLD, CLOSED), "closed", "closed"),
    ((HELD_BACK,), "held-back", "reported"),
    ((LAPSED,), "lapsed", "reported"),
    ((SignalDeclined(reason="Elders."),), "declined", "reported"),
    ((MERGED,), "merged", "reported"),
    ((WITHDRAWN,), "withdrawn", "reported"),
    ((IN_EFFECT, CLAIMED, DISPUTED), "disputed", "in-effect"),
    ((IN_EFFECT, TOLD, CLOSED, SignalReopened(reason="Weer.")), "reopened", "in-effect"),
    # What stands beside does not undo progress, and progress is never taken back.
    ((IN_EFFECT, ACKNOWLEDGED), "in-effect", "in-effect"),
    ((ACKNOWLEDGED, HELD_BACK), "held-back", "acknowledged"),
    ((HELD_BACK, ACKNOWLEDGED), "held-back", "acknowledged"),
    # Passing on or acting gets it moving again; a lapse hides no act.
    ((HELD_BACK, SOFTENED), "reported", "reported"),
    ((LAPSED, ACKNOWLEDGED), "acknowledged", "acknowledged"),
    ((LAPSED, SignalTakenUp()), "taken-up", "taken-up"),
    ((FeedbackLapsed(due_on=LEAD.happened_on), TOLD), "reported", "reported"),
    ((HELD_BACK, LAPSED), "held-back", "reported"),
    ((WITHDRAWN, LAPSED), "withdrawn", "reported"),
    # A read model follows the days: what was recorded before an ending may have happened after it.
    ((WITHDRAWN, SignalTakenUp()), "withdrawn", "taken-up"),
    ((MERGED, SOFTENED, HELD_BACK), "merged", "reported"),
    ((IN_EFFECT, TOLD, CLOSED, CLAIMED), "closed", "closed"),
    # Relief helps one citizen and an objection says something: neither moves the signal.
    ((IndividualReliefGiven(), CONTRADICTED), "reported", "reported"),
]


@pytest.mark.parametrize(("facts", "state", "progress"), STANDINGS)
def test_a_signal_stands_where_its_facts_put_it(
    facts: tuple[Fact | By, ...], state: str, progress: str
) -> None:
    signal = the(RAISED, *facts)
    assert (signal.state, signal.progress) == (state, progress)


def test_every_state_of_the_list_can_be_reached() -> None:
    assert {state for _, state, _ in STANDINGS} == set(SignalState)
