"""Tell a history of signals and read it back: facts in, answer out."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from tests.given import By, act, event_id
from uitvoering.domain.acts import Act, Source
from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.events.registers import (
    Form,
    HolidaysAdopted,
    OrganisationRegistered,
    PolicyAdopted,
    PolicyName,
    PolicyUnit,
    RouteSet,
)
from uitvoering.domain.events.signal import HardshipSignalled
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Evidence, Level, Light, Role, Statement
from uitvoering.projections.documents import InMemory, Moment
from uitvoering.projections.read_models import fold

SIGNAL = "00000000-0000-4000-8000-00000000000a"
OTHER_SIGNAL = "00000000-0000-4000-8000-00000000000b"
FINDING = "00000000-0000-4000-8000-00000000000f"
REPORTER = act(Level.FRONTLINE, "2026-01-05", Role.REPORTER, pseudonym="p-melder")
LEAD = act(Level.TEAM_LEAD, "2026-01-12")
DEPARTMENT = act(Level.DEPARTMENT, "2026-01-19")
RED = Statement(
    text="Ouders raken hun huis kwijt door de terugvordering.",
    severity=4,
    light=Light.RED,
    affected_groups=("ouders",),
    affected_count=300,
    requested_action="Stop de terugvordering.",
    evidence=(Evidence(locator="dossier 1", dated=date(2026, 1, 2)),),
)
AMBER = RED.model_copy(update={"light": Light.AMBER})
GREEN = RED.model_copy(update={"light": Light.GREEN})
RAISED = HardshipSignalled(statement=RED, body="uwv", to=Level.TEAM_LEAD)
NEWER = Evidence(locator="telling van februari", dated=date(2026, 1, 10))

_SOURCE = Source(title="test")
_VALUES = {
    PolicyName.ACKNOWLEDGE_DAYS: 7,
    PolicyName.FEEDBACK_MONTHS: 3,
    PolicyName.HAND_ON_WORKING_DAYS: 10,
    PolicyName.CONTRADICTION_WINDOW_WORKING_DAYS: 10,
    PolicyName.CONTRADICTION_ANSWER_WORKING_DAYS: 10,
    PolicyName.LATE_REGISTRATION_DAYS: 30,
    PolicyName.RESPONSE_MONTHS: 3,
    PolicyName.SMALL_NUMBER_THRESHOLD: 10,
}
_REGISTERS: tuple[Fact, ...] = (
    RouteSet(
        route="zbo",
        levels=(
            Level.FRONTLINE,
            Level.TEAM_LEAD,
            Level.DEPARTMENT,
            Level.DIRECTORATE,
            Level.BOARD,
            Level.PRINCIPAL,
            Level.OFFICIAL_TOP,
            Level.MINISTER,
            Level.PARLIAMENT,
        ),
        in_force_from=date(2000, 1, 1),
        source=_SOURCE,
    ),
    OrganisationRegistered(
        organisation="uwv",
        name="UWV",
        form=Form.ZBO,
        route="zbo",
        in_force_from=date(2000, 1, 1),
        source=_SOURCE,
    ),
    HolidaysAdopted(year=2026, days=(), source=_SOURCE),
    *(
        PolicyAdopted(
            name=name,
            value=value,
            unit=PolicyUnit.DAYS,
            in_force_from=date(2000, 1, 1),
            source=_SOURCE,
        )
        for name, value in _VALUES.items()
    ),
)


@dataclass
class Story:
    """Facts in the order in which they were recorded; each gets the id of its number, from 1."""

    events: list[AnyRecorded] = field(default_factory=list)

    def tell(
        self, fact: Fact, by: Act, *, stream: str = SIGNAL, recorded_on: str | None = None
    ) -> str:
        """Record one fact; on the day it happened unless another day is given. Return its id."""
        n = len(self.events) + 1
        day = date.fromisoformat(recorded_on) if recorded_on else by.happened_on
        self.events.append(
            Recorded[Fact].model_construct(
                **{name: getattr(by, name) for name in Act.model_fields},
                event_id=event_id(n),
                originator_id=stream,
                originator_version=1 + sum(e.originator_id == stream for e in self.events),
                timestamp=datetime.combine(day, time(12), tzinfo=UTC),
                fact=fact,
            )
        )
        return event_id(n)

    def told(self) -> InMemory:
        """All documents after every fact so far."""
        documents = registers_alone()
        for event in self.events:
            fold(event, documents)
        return documents


def registers_alone() -> InMemory:
    documents = InMemory()
    for n, fact in enumerate(_REGISTERS, start=1):
        fold(_register_row(n, fact), documents)
    return documents


def _register_row(n: int, fact: Fact) -> AnyRecorded:
    by = By(fact, act(Level.BOARD, "2000-01-01", Role.REGISTRAR))
    return Recorded[Fact].model_construct(
        **{name: getattr(by.act, name) for name in Act.model_fields},
        event_id=event_id(900_000 + n),
        originator_id=event_id(800_000 + n),
        originator_version=1,
        timestamp=datetime(2000, 1, 1, tzinfo=UTC),
        fact=fact,
    )


def at(day: str) -> Moment:
    """Noon of that day."""
    return Moment(now=datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC))
