"""What facts are made of: levels, statements and the closed lists of the domain (DOMAIN 3 to 8)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)
from pydantic.alias_generators import to_camel

MAX_TEXT = 200_000
"""Characters; 20,000 words of Dutch are about 130,000."""


@dataclass(frozen=True)
class Wording:
    """Marks words someone wrote: sealed under a document key, not a person's (INTEGRITY 8)."""


@dataclass(frozen=True)
class Personal:
    """Marks what leads to a person; `subject` names the field that identifies whose it is."""

    subject: str


def _only_iso_date(value: object) -> object:
    """Refuse numbers and other spellings: pydantic would read 0 as 1970-01-01."""
    if isinstance(value, datetime):
        raise ValueError("date_iso")  # noqa: TRY004 pydantic turns ValueError into a clear refusal
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return value
    raise ValueError("date_iso")


CalendarDate = Annotated[date, BeforeValidator(_only_iso_date)]
VISIBLE = r"[^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
"""At least one visible character, spelled out: what \\s covers differs between dialects."""
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=VISIBLE), Wording()
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=VISIBLE)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=VISIBLE)]
"""A locator, an id or a citation; never a person's name."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Id = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
]
"""The canonical lower-case form of a UUID."""


class Value(BaseModel):
    """A frozen value; unknown fields are refused. Stored in snake_case, spoken in camelCase."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=False,
    )


class Level(StrEnum):
    """A place in the line (ranked), beside it or outside it (DOMAIN 6)."""

    CITIZEN = "citizen"
    FRONTLINE = "frontline"
    TEAM_LEAD = "team-lead"
    DEPARTMENT = "department"
    DIRECTORATE = "directorate"
    BOARD = "board"
    PRINCIPAL = "principal"
    OFFICIAL_TOP = "official-top"
    MINISTER = "minister"
    PARLIAMENT = "parliament"
    EXPERT = "expert"
    PRIVACY_OFFICER = "privacy-officer"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    QUALITY = "quality"
    CONTROLLER = "controller"
    OWNER = "owner"
    CONFIDANT = "confidant"
    WORKS_COUNCIL = "works-council"
    INSPECTORATE = "inspectorate"
    OMBUDSMAN = "ombudsman"
    DATA_PROTECTION_AUTHORITY = "data-protection-authority"
    AUDITOR = "auditor"
    COUNCIL_OF_STATE = "council-of-state"
    COURT = "court"
    PARLIAMENTARY_INQUIRY = "parliamentary-inquiry"
    WHISTLEBLOWERS_AUTHORITY = "whistleblowers-authority"
    ASSOCIATION = "association"
    RESEARCHER = "researcher"
    PRESS = "press"

    @property
    def rank(self) -> int | None:
        """0 (citizen) to 9 (parliament) in the line; None beside or outside it."""
        position = list(Level).index(self)
        return position if position < LINE_LEVELS else None

    @property
    def way(self) -> "Way":
        position = list(Level).index(self)
        if position < LINE_LEVELS:
            return Way.LINE
        return Way.LATERAL if position < LINE_LEVELS + LATERAL_LEVELS else Way.EXTERNAL


LINE_LEVELS = 10
LATERAL_LEVELS = 8


class Way(StrEnum):
    """By which way a level first knew."""

    LINE = "line"
    LATERAL = "lateral"
    EXTERNAL = "external"


class Light(StrEnum):
    """The colour a document shows; `none`: no colour shown."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


class Recurrence(StrEnum):
    INCIDENT = "incident"
    RECURRENT = "recurrent"
    STRUCTURAL = "structural"


class Certainty(StrEnum):
    """How sure the speaker is."""

    SUSPECTED = "suspected"
    LIKELY = "likely"
    ESTABLISHED = "established"


class Cause(StrEnum):
    LAW = "law"
    POLICY = "policy"
    RULES = "rules"
    PROCESS = "process"
    IT = "it"
    CHAIN = "chain"
    STAFFING = "staffing"
    INDIVIDUAL = "individual"


class Legality(StrEnum):
    """`none`: said to be lawful; not stated is null."""

    NONE = "none"
    DOUBT = "doubt"
    UNLAWFUL = "unlawful"


class ReasonCode(StrEnum):
    """Why a level says it stated the matter weaker: the closed list of DOMAIN 5."""

    NEW_FACTS = "new-facts"
    DOUBLE_COUNT = "double-count"
    OUT_OF_COMPETENCE = "out-of-competence"
    ALREADY_RESOLVED = "already-resolved"
    ERROR_IN_SOURCE = "error-in-source"


class Regime(StrEnum):
    """Who may read it; only rises from open to wbk. `no-content` keeps only that and when."""

    OPEN = "open"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    WBK = "wbk"
    NO_CONTENT = "no-content"
    NO_RECORD = "no-record"


class Role(StrEnum):
    """In which capacity someone acts (DOMAIN 1, R16)."""

    REPORTER = "reporter"
    LINE = "line"
    TESTER = "tester"
    REQUESTER = "requester"
    JOURNEY_TEAM = "journey-team"
    AUDITOR = "auditor"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"
    CLOCK = "clock"


class EvidenceKind(StrEnum):
    DOCUMENT = "document"
    DATA = "data"
    INTERVIEW = "interview"
    OBSERVATION = "observation"
    RULING = "ruling"
    STUDY = "study"
    OTHER = "other"


class Evidence(Value):
    """A reference a statement leans on; compared by its locator."""

    kind: EvidenceKind = EvidenceKind.DOCUMENT
    locator: Reference
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    dated: CalendarDate | None = None
    level: Level | None = None
    """The level the evidence comes from, where it is another than the speaker's."""
    organisation: Code | None = None


def _locator_alone(value: object) -> object:
    return {"locator": value} if isinstance(value, str) else value


EvidenceReference = Annotated[
    Evidence, BeforeValidator(_locator_alone, json_schema_input_type=Evidence | Reference)
]


class StatementField(StrEnum):
    TEXT = "text"
    SEVERITY = "severity"
    LIGHT = "light"
    AFFECTED_GROUPS = "affected_groups"
    AFFECTED_COUNT = "affected_count"
    REQUESTED_ACTION = "requested_action"
    ACT_WITHIN_DAYS = "act_within_days"
    EVIDENCE = "evidence"
    RECURRENCE = "recurrence"
    CERTAINTY = "certainty"
    CAUSES = "causes"
    LEGALITY = "legality"
    CITIZEN_FRAME = "citizen_frame"
    OFFICIAL_FRAME = "official_frame"


class Statement(Value):
    """How one level puts the matter: text plus ordered fields (DOMAIN 4)."""

    text: Text
    severity: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    """1 annoyance, 2 burden, 3 harm, 4 serious harm, 5 life-disrupting; null: not stated."""
    light: Light = Light.NONE
    affected_groups: tuple[Name, ...] = ()
    affected_count: Annotated[int, Field(ge=0, lt=2**53, strict=True)] | None = None
    requested_action: Text | None = None
    act_within_days: Annotated[int, Field(ge=0, le=36_525, strict=True)] | None = None
    """Days; fewer is stronger; null: no term asked."""
    evidence: tuple[EvidenceReference, ...] = ()
    recurrence: Recurrence | None = None
    certainty: Certainty | None = None
    causes: tuple[Cause, ...] = ()
    legality: Legality | None = None
    citizen_frame: Text | None = None
    official_frame: Text | None = None
    quote: Text | None = None
    """A few words exactly as published; never compared."""
    coded: tuple[StatementField, ...] | None = None
    """Fields the source supports; the others could not be read and are not compared. Null: all."""

    @field_validator("causes", "coded")
    @classmethod
    def _as_a_set(cls, given: Sequence[StrEnum] | None) -> tuple[StrEnum, ...] | None:
        return None if given is None else tuple(sorted(set(given)))

    @field_validator("affected_groups")
    @classmethod
    def _each_group_once(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple({group.strip().casefold(): group.strip() for group in given}.values())

    def reads(self, field: StatementField) -> bool:
        """Whether the source supports this field, so that it may be compared."""
        return self.coded is None or field in self.coded
