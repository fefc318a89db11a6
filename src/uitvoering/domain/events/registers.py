"""Facts of the registers: bodies, routes, templates, terms and methods, with source and date."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from uitvoering.domain.acts import Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import MAX_TEXT, VISIBLE, CalendarDate, Code, Level, Name

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PolicyText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=VISIBLE)]
"""A file as it is read by a machine, newlines and all: nobody's wording, so never sealed."""


class Form(StrEnum):
    """Legal form of a body."""

    DIENST = "dienst"
    AGENTSCHAP = "agentschap"
    ZBO = "zbo"
    MEDEOVERHEID = "medeoverheid"
    TOEZICHTHOUDER = "toezichthouder"
    MINISTERIE = "ministerie"
    EXTERNAL = "external"


class RouteSet(Fact):
    """The line levels of a kind of body in order (management chain)."""

    TOPIC: ClassVar[str] = "route-set"
    route: Code
    levels: tuple[Level, ...]
    in_force_from: CalendarDate
    source: Source


class OrganisationRegistered(Fact):
    """A body, with form, ministry and route as they stand from a date; a later one replaces it."""

    TOPIC: ClassVar[str] = "organisation-registered"
    organisation: Code
    name: Name
    form: Form
    ministry: Name | None = None
    route: Code | None = None
    identifier: Name | None = None
    """TOOI URI or OIN, where the public register gives one."""
    in_force_from: CalendarDate
    source: Source


class TemplateAdopted(Fact):
    """Which aspects a body's test asks, and which of them are mandatory."""

    TOPIC: ClassVar[str] = "template-adopted"
    template: Code
    name: Name
    mandatory: tuple[Code, ...]
    optional: tuple[Code, ...] = ()
    in_force_from: CalendarDate
    source: Source


class PolicyName(StrEnum):
    ACKNOWLEDGE_DAYS = "acknowledge_days"
    FEEDBACK_MONTHS = "feedback_months"
    HAND_ON_WORKING_DAYS = "hand_on_working_days"
    CONTRADICTION_WINDOW_WORKING_DAYS = "contradiction_window_working_days"
    CONTRADICTION_ANSWER_WORKING_DAYS = "contradiction_answer_working_days"
    LATE_REGISTRATION_DAYS = "late_registration_days"
    TEST_TERM_DAYS = "test_term_days"
    RESPONSE_MONTHS = "response_months"
    EVALUATION_MONTHS = "evaluation_months"
    POST_ENTRY_REVIEW_MONTHS = "post_entry_review_months"
    CONVERSATION_MONTHS = "conversation_months"
    REPLY_WORKING_DAYS = "reply_working_days"
    WOO_DAYS = "woo_days"
    WOO_EXTENSION_DAYS = "woo_extension_days"
    ACCESS_REQUEST_MONTHS = "access_request_months"
    ACCESS_REQUEST_EXTENSION_MONTHS = "access_request_extension_months"
    SMALL_NUMBER_THRESHOLD = "small_number_threshold"
    CHECKPOINT_HOURS = "checkpoint_hours"
    ARCHIVE_TRANSFER_YEARS = "archive_transfer_years"


class PolicyUnit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    COUNT = "count"


class PolicyAdopted(Fact):
    """A term or threshold counts from its date; running terms keep the value they started with."""

    TOPIC: ClassVar[str] = "policy-adopted"
    name: PolicyName
    value: Annotated[int, Field(ge=0, lt=2**31, strict=True)]
    unit: PolicyUnit
    in_force_from: CalendarDate
    source: Source


class HolidaysAdopted(Fact):
    """Public holidays of one year: days that are not working days."""

    TOPIC: ClassVar[str] = "holidays-adopted"
    year: Annotated[int, Field(ge=1900, le=2200, strict=True)]
    days: tuple[CalendarDate, ...]
    source: Source


class MethodAdopted(Fact):
    """Which method counts as the one that judges wording, from its date."""

    TOPIC: ClassVar[str] = "method-adopted"
    method: Code
    """Its version, as it stands before the + in every verdict."""
    digest: Sha256
    """Over all words and weights it leans on; a verdict shows how it begins, after the +."""
    in_force_from: CalendarDate
    source: Source


class CosigningPolicyAdopted(Fact):
    """Which bodies must have cosigned the log, from its date: the policy file as it stood."""

    TOPIC: ClassVar[str] = "cosigning-policy-adopted"
    sha256: Sha256
    """Of the bytes of the file."""
    text: PolicyText
    in_force_from: CalendarDate
    source: Source


RegisterFact = RouteSet | OrganisationRegistered | TemplateAdopted | PolicyAdopted | HolidaysAdopted
"""What decisions count with: asked for at every one of them."""
AdoptionFact = MethodAdopted | CosigningPolicyAdopted
"""What the product runs by; no decision counts with it, an auditor and the monitor do."""
