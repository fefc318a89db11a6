"""What may be asked of the registers: bodies, routes, templates, terms, holidays and methods."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from uitvoering.commands.command import Command
from uitvoering.domain.acts import Source
from uitvoering.domain.events.registers import Form, PolicyName, PolicyText, PolicyUnit, Sha256
from uitvoering.domain.values import CalendarDate, Code, Level, Name, Role


class RegisterRow(Command):
    """A row of a register; asked again with a later date it follows the earlier row."""

    PATH: ClassVar[str] = ""
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.REGISTRAR})

    source: Source = Field()  # pyright: ignore[reportIncompatibleVariableOverride] frozen: a register row without a source is refused
    """Where the row can be checked."""


class SetRoute(RegisterRow):
    KIND: ClassVar[str] = "routes"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-01-01",
                    "route": "waterschap",
                    "levels": ["frontline", "team-lead", "department", "board", "minister"],
                    "inForceFrom": "2026-01-01",
                    "source": {"title": "Organisatieregeling waterschap, art. 4"},
                }
            ]
        }
    )

    route: Code
    levels: tuple[Level, ...]
    in_force_from: CalendarDate


class RegisterOrganisation(RegisterRow):
    KIND: ClassVar[str] = "organisations"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2002-01-01",
                    "organisation": "uwv",
                    "name": "Uitvoeringsinstituut Werknemersverzekeringen",
                    "form": "zbo",
                    "ministry": "Sociale Zaken en Werkgelegenheid",
                    "route": "zbo",
                    "inForceFrom": "2002-01-01",
                    "source": {"title": "Wet SUWI", "locator": "BWBR0013060"},
                }
            ]
        }
    )

    organisation: Code
    name_of_organisation: Name = Field(validation_alias="name", serialization_alias="name")
    form: Form
    ministry: Name | None = None
    route: Code | None = None
    identifier: Name | None = None
    in_force_from: CalendarDate


class AdoptTemplate(RegisterRow):
    KIND: ClassVar[str] = "templates"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-01-01",
                    "template": "huf",
                    "name": "HUF-toets",
                    "mandatory": ["handhaafbaar", "uitvoerbaar", "fraudebestendig"],
                    "inForceFrom": "2026-01-01",
                    "source": {"title": "Kenniskaart HUF-toets", "publisher": "Toezichttafel"},
                }
            ]
        }
    )

    template: Code
    name_of_template: Name = Field(validation_alias="name", serialization_alias="name")
    mandatory: tuple[Code, ...]
    optional: tuple[Code, ...] = ()
    in_force_from: CalendarDate


class AdoptPolicy(RegisterRow):
    """A term or threshold from a date on; running terms keep the value they started with."""

    KIND: ClassVar[str] = "policies"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-01-01",
                    "name": "hand_on_working_days",
                    "value": 5,
                    "unit": "working-days",
                    "inForceFrom": "2026-02-01",
                    "source": {"title": "Besluit raad van bestuur, 2025-12-15"},
                }
            ]
        }
    )

    name_of_policy: PolicyName = Field(validation_alias="name", serialization_alias="name")
    value: Annotated[int, Field(ge=0, lt=2**31, strict=True)]
    unit: PolicyUnit
    in_force_from: CalendarDate


class AdoptHolidays(RegisterRow):
    """The public holidays of one year; a later list for the same year replaces it."""

    KIND: ClassVar[str] = "holidays"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-01-01",
                    "year": 2041,
                    "days": ["2041-01-01", "2041-04-19", "2041-04-22", "2041-12-25"],
                    "source": {"title": "Algemene termijnenwet, art. 3", "locator": "BWBR0002448"},
                }
            ]
        }
    )

    year: Annotated[int, Field(ge=1900, le=2200, strict=True)]
    days: tuple[CalendarDate, ...]


class AdoptMethod(RegisterRow):
    """The method that judges wording, from a date on; one may be adopted before it runs."""

    KIND: ClassVar[str] = "methods"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-01-01",
                    "method": "2",
                    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "inForceFrom": "2026-02-01",
                    "source": {"title": "Besluit raad van bestuur, 2025-12-15"},
                }
            ]
        }
    )

    method: Code
    digest: Sha256
    in_force_from: CalendarDate


class AdoptCosigningPolicy(RegisterRow):
    """Which bodies must cosign the log, from a date on: the text of the policy file."""

    KIND: ClassVar[str] = "cosigning-policies"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-01-01",
                    "text": "log example.com/foo+530d903a+"
                    "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\nquorum none\n",
                    "inForceFrom": "2026-02-01",
                    "source": {"title": "Besluit raad van bestuur, 2025-12-15"},
                }
            ]
        }
    )

    text: PolicyText
    in_force_from: CalendarDate


RegisterCommand = (
    SetRoute
    | RegisterOrganisation
    | AdoptTemplate
    | AdoptPolicy
    | AdoptHolidays
    | AdoptMethod
    | AdoptCosigningPolicy
)
