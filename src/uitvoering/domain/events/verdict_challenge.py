"""Facts about a verdict of our comparison that a level calls wrong (betwisting van een oordeel)."""

from enum import StrEnum
from typing import ClassVar

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import Code, Id, Name, Text


class ShownResult(StrEnum):
    """What the method said of a dimension, as it was shown to who contests it (DOMAIN 4)."""

    SOFTENED = "softened"
    UNCHANGED = "unchanged"
    SHARPENED = "sharpened"
    MISSING = "missing"


class ShouldBe(StrEnum):
    """What it should have said, according to who contests it; a loss is a loss, missing or not."""

    UNCHANGED = "unchanged"
    SOFTENED = "softened"
    SHARPENED = "sharpened"


class ChallengeState(StrEnum):
    """How far it is; computed from the facts, never a fact of its own."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class VerdictChallenged(Fact):
    """About a verdict of the method: a statement is contradicted, a tester's verdict answered."""

    TOPIC: ClassVar[str] = "verdict-challenged"
    signal: Id | None = None
    """The matter both statements are about; of a test, this is null."""
    test: Id | None = None
    from_event: Id | None = None
    """The fact of the earlier statement; null for a rewritten passage, which brings both."""
    to_event: Id
    dimension: Code
    """A name and not today's closed list: the fact outlives the method it is about."""
    method: Name
    """Version of the method whose verdict was shown; of another it says nothing."""
    shown: ShownResult
    should_be: ShouldBe
    reason: Text


class VerdictChallengeUpheld(Fact):
    TOPIC: ClassVar[str] = "verdict-challenge-upheld"
    reason: Text


class VerdictChallengeRejected(Fact):
    TOPIC: ClassVar[str] = "verdict-challenge-rejected"
    reason: Text


class VerdictChallengeWithdrawn(Fact):
    TOPIC: ClassVar[str] = "verdict-challenge-withdrawn"
    reason: Text | None = None


VerdictChallengeFact = (
    VerdictChallenged
    | VerdictChallengeUpheld
    | VerdictChallengeRejected
    | VerdictChallengeWithdrawn
)
