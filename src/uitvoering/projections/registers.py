"""Which bodies, routes, templates, terms and holidays hold on a day, and what held before?"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import ClassVar, Protocol, TypeVar, assert_never, cast

from uitvoering.domain.acts import Source
from uitvoering.domain.events.registers import (
    Form,
    HolidaysAdopted,
    OrganisationRegistered,
    PolicyAdopted,
    PolicyName,
    PolicyUnit,
    RegisterFact,
    RouteSet,
    TemplateAdopted,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.routes import Route
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Level
from uitvoering.projections.documents import Document, Documents, Moment, Row

TOPICS = frozenset(
    kind.TOPIC
    for kind in (RouteSet, OrganisationRegistered, TemplateAdopted, PolicyAdopted, HolidaysAdopted)
)


class _Dated(Protocol):
    @property
    def in_force_from(self) -> date: ...


R = TypeVar("R", bound=_Dated)


def standing(rows: Sequence[R]) -> dict[date, R]:
    """Keep, per date in force and oldest first, the row recorded last."""
    return dict(sorted({row.in_force_from: row for row in rows}.items()))


def in_force(rows: Sequence[R], on: date | None) -> R:
    """Choose the row in force on that day, or the newest; before the first, the first."""
    dated = standing(rows)
    known = list(dated) if on is None else [since for since in dated if since <= on]
    return dated[max(known, default=min(dated))]


class RouteDocument(Document):
    VIEW: ClassVar[str] = "routes"
    rows: tuple[RouteSet, ...]
    """In the order of recording, as in every document here."""

    def on(self, day: date | None = None) -> RouteSet:
        return in_force(self.rows, day)


class OrganisationDocument(Document):
    VIEW: ClassVar[str] = "organisations"
    rows: tuple[OrganisationRegistered, ...]

    def on(self, day: date | None = None) -> OrganisationRegistered:
        return in_force(self.rows, day)


class TemplateDocument(Document):
    VIEW: ClassVar[str] = "templates"
    rows: tuple[TemplateAdopted, ...]

    def on(self, day: date | None = None) -> TemplateAdopted:
        return in_force(self.rows, day)

    @property
    def mandatory(self) -> tuple[str, ...]:
        return self.on().mandatory

    @property
    def optional(self) -> tuple[str, ...]:
        return self.on().optional


class PolicyDocument(Document):
    VIEW: ClassVar[str] = "policies"
    rows: tuple[PolicyAdopted, ...]

    def on(self, day: date | None = None) -> PolicyAdopted:
        return in_force(self.rows, day)


class HolidaysDocument(Document):
    VIEW: ClassVar[str] = "holidays"
    rows: tuple[HolidaysAdopted, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The list adopted last: it replaces an earlier one of the same year."""
        return self.rows[-1].days


def fold(event: AnyRecorded, documents: Documents) -> None:
    if event.fact.TOPIC not in TOPICS:
        return
    fact = cast("RegisterFact", event.fact)
    match fact:
        case RouteSet(route=code) as row:
            route = documents.get(RouteDocument, code)
            rows = route.rows if route else ()
            documents.put(code, RouteDocument(rows=(*rows, row)))
        case OrganisationRegistered(organisation=code) as row:
            body = documents.get(OrganisationDocument, code)
            documents.put(code, OrganisationDocument(rows=(*(body.rows if body else ()), row)))
        case TemplateAdopted(template=code) as row:
            template = documents.get(TemplateDocument, code)
            earlier = template.rows if template else ()
            documents.put(code, TemplateDocument(rows=(*earlier, row)))
        case PolicyAdopted(name=name) as row:
            policy = documents.get(PolicyDocument, name.value)
            values = policy.rows if policy else ()
            documents.put(name.value, PolicyDocument(rows=(*values, row)))
        case HolidaysAdopted(year=year) as row:
            holidays = documents.get(HolidaysDocument, str(year))
            lists = holidays.rows if holidays else ()
            documents.put(str(year), HolidaysDocument(rows=(*lists, row)))
        case _:
            assert_never(fact)


def terms(documents: Documents) -> Terms:
    return Terms(
        policies=tuple(
            (row.name, row.in_force_from, row.value)
            for _, policy in documents.all(PolicyDocument)
            for row in policy.rows
        ),
        holidays=frozenset(
            day for _, holidays in documents.all(HolidaysDocument) for day in holidays.days
        ),
    )


def route_of(documents: Documents, organisation: str, on: date | None = None) -> Route | None:
    """Return the line of that body on that day, or now; None when it has none or is unknown."""
    body = documents.get(OrganisationDocument, organisation)
    return line_of(body, lambda code: documents.get(RouteDocument, code), on)


def line_of(
    body: OrganisationDocument | None,
    lines: Callable[[str], RouteDocument | None],
    on: date | None,
) -> Route | None:
    code = body.on(on).route if body else None
    route = lines(code) if code else None
    return Route(code=route.on(on).route, levels=route.on(on).levels) if route else None


class OrganisationRow(Row):
    organisation: str
    name: str
    form: Form
    ministry: str | None
    route: str | None
    identifier: str | None
    in_force_from: date
    source: Source
    history: tuple[OrganisationRegistered, ...]


class RouteRow(Row):
    route: str
    levels: tuple[Level, ...]
    in_force_from: date
    source: Source


class TemplateRow(Row):
    template: str
    name: str
    mandatory: tuple[str, ...]
    optional: tuple[str, ...]
    in_force_from: date
    source: Source


class HolidaysRow(Row):
    """The public holidays of one year, as adopted last."""

    year: int
    days: tuple[date, ...]
    source: Source


class PolicyValueRow(Row):
    """One value of a policy, from the day it counts."""

    value: int
    in_force_from: date
    source: Source


class PolicyRow(Row):
    name: PolicyName
    value: int
    unit: PolicyUnit
    in_force_from: date
    source: Source
    history: tuple[PolicyValueRow, ...]
    """Every value that stands, oldest first, with those still to come."""


def organisations(documents: Documents, moment: Moment) -> tuple[OrganisationRow, ...]:
    return tuple(
        OrganisationRow.model_validate(
            dict(document.on(moment.today)) | {"history": tuple(standing(document.rows).values())}
        )
        for _, document in documents.all(OrganisationDocument)
    )


def routes(documents: Documents, moment: Moment) -> tuple[RouteRow, ...]:
    return tuple(
        RouteRow.model_validate(dict(document.on(moment.today)))
        for _, document in documents.all(RouteDocument)
    )


def templates(documents: Documents, moment: Moment) -> tuple[TemplateRow, ...]:
    return tuple(
        TemplateRow.model_validate(dict(document.on(moment.today)))
        for _, document in documents.all(TemplateDocument)
    )


def policies(documents: Documents, moment: Moment) -> tuple[PolicyRow, ...]:
    return tuple(
        PolicyRow.model_validate(
            dict(document.on(moment.today))
            | {
                "history": tuple(
                    PolicyValueRow(
                        value=row.value, in_force_from=row.in_force_from, source=row.source
                    )
                    for row in standing(document.rows).values()
                )
            }
        )
        for _, document in documents.all(PolicyDocument)
    )


def holidays(documents: Documents, moment: Moment) -> tuple[HolidaysRow, ...]:  # noqa: ARG001 a list counts from its adoption, whatever the day
    return tuple(
        HolidaysRow(year=row.year, days=row.days, source=row.source)
        for _, document in documents.all(HolidaysDocument)
        for row in document.rows[-1:]
    )
