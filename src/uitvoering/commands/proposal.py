"""What may be asked about a bill, decree or measure and its versions (voorstel)."""

from typing import ClassVar

from pydantic import ConfigDict, StrictBool

from uitvoering.commands.command import Command
from uitvoering.domain.events.proposal import VersionKind
from uitvoering.domain.values import CalendarDate, Level, Name, Reference, Role, Statement, Text

PROPOSERS = frozenset({Role.REQUESTER, Role.JOURNEY_TEAM})
"""The directorate that answers for the proposal, and the team that makes it."""


class RegisterProposal(Command):
    KIND: ClassVar[str] = "proposals"
    PATH: ClassVar[str] = ""
    ROLES: ClassVar[frozenset[Role]] = PROPOSERS
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2025-09-16",
                    "title": "Wet vereenvoudiging bijverdienen naast de uitkering",
                    "locator": "https://www.internetconsultatie.nl/bijverdienen",
                }
            ]
        }
    )

    title: Name
    locator: Reference | None = None


class AddVersion(Command):
    """A version is immutable: a new text is a new version."""

    KIND: ClassVar[str] = "proposals"
    PATH: ClassVar[str] = "versions"
    ROLES: ClassVar[frozenset[Role]] = PROPOSERS
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2025-10-01",
                    "version": "concept 1",
                    "kind": "concept",
                    "locator": "https://www.internetconsultatie.nl/bijverdienen/document/1",
                }
            ]
        }
    )

    version: Name
    kind: VersionKind
    locator: Reference | None = None


class WithdrawVersion(Command):
    KIND: ClassVar[str] = "proposals"
    PATH: ClassVar[str] = "version-withdrawals"
    ROLES: ClassVar[frozenset[Role]] = PROPOSERS
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2025-11-12",
                    "version": "concept 1",
                    "reason": "De inkomensgrens wordt na de consultatie opnieuw berekend.",
                }
            ]
        }
    )

    version: Name
    reason: Text | None = None


class AmendProposal(Command):
    """A material amendment after a concluded test makes a retest due."""

    KIND: ClassVar[str] = "proposals"
    PATH: ClassVar[str] = "amendments"
    ROLES: ClassVar[frozenset[Role]] = PROPOSERS
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-01-20",
                    "version": "nota van wijziging 1",
                    "material": True,
                    "summary": "De verrekening gaat per maand in plaats van per jaar.",
                }
            ]
        }
    )

    version: Name
    material: StrictBool
    summary: Text


class SetEntryIntoForce(Command):
    """The day foreseen; it may be set again, and the last one counts."""

    KIND: ClassVar[str] = "proposals"
    PATH: ClassVar[str] = "entry-dates"
    ROLES: ClassVar[frozenset[Role]] = PROPOSERS
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happenedOn": "2026-02-03", "entryOn": "2026-07-01"}]}
    )

    entry_on: CalendarDate


class EnterIntoForce(Command):
    """Blocked by nothing; open conditions and retests become facts of their own."""

    KIND: ClassVar[str] = "proposals"
    PATH: ClassVar[str] = "entries-into-force"
    ROLES: ClassVar[frozenset[Role]] = PROPOSERS
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-07-01",
                    "to": "parliament",
                    "statement": {
                        "text": "De wet is vandaag in werking getreden; UWV voert haar uit.",
                        "light": "amber",
                    },
                }
            ]
        }
    )

    statement: Statement | None = None
    to: Level | None = None


ProposalCommand = (
    RegisterProposal
    | AddVersion
    | WithdrawVersion
    | AmendProposal
    | SetEntryIntoForce
    | EnterIntoForce
)
