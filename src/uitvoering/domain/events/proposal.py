"""Facts about a bill, decree or measure and its versions (voorstel, versie)."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import CalendarDate, Level, Name, Reference, Statement, Text


class VersionKind(StrEnum):
    IDEE = "idee"
    CONCEPT = "concept"
    CONSULTATIE = "consultatie"
    MINISTERRAAD = "ministerraad"
    RAAD_VAN_STATE = "raad-van-state"
    INGEDIEND = "ingediend"
    NOTA_VAN_WIJZIGING = "nota-van-wijziging"
    AMENDEMENT = "amendement"
    AANGENOMEN = "aangenomen"
    STAATSBLAD = "staatsblad"


class ProposalRegistered(Fact):
    TOPIC: ClassVar[str] = "proposal-registered"
    title: Name
    locator: Reference | None = None


class VersionAdded(Fact):
    TOPIC: ClassVar[str] = "version-added"
    version: Name
    kind: VersionKind
    locator: Reference | None = None


class VersionWithdrawn(Fact):
    TOPIC: ClassVar[str] = "version-withdrawn"
    version: Name
    reason: Text | None = None


class ProposalAmended(Fact):
    TOPIC: ClassVar[str] = "proposal-amended"
    version: Name
    """The version the amendment leads to."""
    material: bool
    summary: Text


class RetestFellDue(Fact):
    """A material amendment came after a concluded test: the version it leads to is to be tested."""

    TOPIC: ClassVar[str] = "retest-fell-due"
    version: Name


class RetestLapsed(Fact):
    """The proposal entered into force and the version was not tested again."""

    TOPIC: ClassVar[str] = "retest-lapsed"
    version: Name
    entered_on: date


class EntryIntoForceSet(Fact):
    TOPIC: ClassVar[str] = "entry-into-force-set"
    entry_on: CalendarDate


class EnteredIntoForce(Fact):
    TOPIC: ClassVar[str] = "entered-into-force"
    statement: Statement | None = None
    to: Level | None = None


ProposalFact = (
    ProposalRegistered
    | VersionAdded
    | VersionWithdrawn
    | ProposalAmended
    | RetestFellDue
    | RetestLapsed
    | EntryIntoForceSet
    | EnteredIntoForce
)
