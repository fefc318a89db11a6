"""Every kind of fact by its permanent topic: the closed list from which stored rows are read."""

from typing import get_args

from uitvoering.domain.events.audit import AuditFact
from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.events.follow_up import FollowUpFact
from uitvoering.domain.events.implementation_test import TestFact
from uitvoering.domain.events.journey import JourneyFact
from uitvoering.domain.events.proposal import ProposalFact
from uitvoering.domain.events.registers import AdoptionFact, RegisterFact
from uitvoering.domain.events.signal import SignalFact
from uitvoering.domain.events.verdict_challenge import VerdictChallengeFact

AnyFact = (
    SignalFact
    | TestFact
    | FollowUpFact
    | ProposalFact
    | JourneyFact
    | AuditFact
    | VerdictChallengeFact
    | RegisterFact
    | AdoptionFact
)
AnyRecorded = Recorded[Fact]

FACTS: dict[str, type[Fact]] = {kind.TOPIC: kind for kind in get_args(AnyFact)}
