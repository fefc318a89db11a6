"""Facts in, register rows out: on any day, with what held before."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.given import recorded
from uitvoering.application.registers import row_of
from uitvoering.application.seeds import seed_commands
from uitvoering.domain.acts import Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.proposal import ProposalRegistered
from uitvoering.domain.events.registers import (
    Form,
    HolidaysAdopted,
    OrganisationRegistered,
    PolicyAdopted,
    PolicyName,
    PolicyUnit,
    RouteSet,
    TemplateAdopted,
)
from uitvoering.domain.values import Level
from uitvoering.labels.table import LANGUAGES, Labels
from uitvoering.projections import registers
from uitvoering.projections.documents import InMemory, Moment
from uitvoering.projections.registers import (
    HolidaysDocument,
    OrganisationDocument,
    PolicyDocument,
    RouteDocument,
    TemplateDocument,
    fold,
)

SOURCE = Source(title="Organisatieregeling, art. 4")
HAND_ON = PolicyName.HAND_ON_WORKING_DAYS


def route(code: str, *levels: Level, since: str = "2020-01-01") -> RouteSet:
    return RouteSet(
        route=code, levels=levels, in_force_from=date.fromisoformat(since), source=SOURCE
    )


def body(code: str, way: str | None, since: str = "2020-01-01") -> OrganisationRegistered:
    return OrganisationRegistered(
        organisation=code,
        name=code.upper(),
        form=Form.ZBO,
        route=way,
        in_force_from=date.fromisoformat(since),
        source=SOURCE,
    )


def policy(value: int, since: str) -> PolicyAdopted:
    return PolicyAdopted(
        name=HAND_ON,
        value=value,
        unit=PolicyUnit.WORKING_DAYS,
        in_force_from=date.fromisoformat(since),
        source=SOURCE,
    )


def folded(*facts: Fact) -> InMemory:
    documents = InMemory()
    for event in recorded(facts):
        fold(event, documents)
    return documents


def at(day: str) -> Moment:
    return Moment(now=datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC))


SHORT = route("kort", Level.FRONTLINE, Level.MINISTER)
LONG = route("lang", Level.FRONTLINE, Level.BOARD, Level.MINISTER)


def test_a_body_has_the_route_of_the_day() -> None:
    documents = folded(SHORT, LONG, body("uwv", "kort"), body("uwv", "lang", "2026-01-01"))
    then = registers.route_of(documents, "uwv", date(2025, 12, 31))
    now = registers.route_of(documents, "uwv")
    assert then is not None
    assert then.levels == SHORT.levels
    assert now is not None
    assert now.code == "lang"
    earliest = registers.route_of(documents, "uwv", date(1990, 1, 1))
    assert earliest == then


def test_a_body_outside_the_line_or_unknown_has_no_route() -> None:
    documents = folded(SHORT, body("ap", None))
    assert registers.route_of(documents, "ap") is None
    assert registers.route_of(documents, "onbekend") is None


def test_terms_hold_every_value_and_every_holiday() -> None:
    documents = folded(
        policy(10, "2000-01-01"),
        policy(5, "2026-07-01"),
        HolidaysAdopted(year=2026, days=(date(2026, 4, 6),), source=SOURCE),
        HolidaysAdopted(year=2027, days=(date(2027, 3, 29),), source=SOURCE),
    )
    terms = registers.terms(documents)
    assert terms.value(HAND_ON, date(2026, 6, 30)) == 10
    assert terms.value(HAND_ON, date(2026, 7, 1)) == 5
    assert not terms.is_working_day(date(2026, 4, 6))
    assert not terms.is_working_day(date(2027, 3, 29))


def test_a_later_list_of_holidays_replaces_that_of_the_same_year() -> None:
    documents = folded(
        HolidaysAdopted(year=2026, days=(date(2026, 4, 6),), source=SOURCE),
        HolidaysAdopted(year=2026, days=(date(2026, 4, 7),), source=SOURCE),
    )
    assert registers.terms(documents).holidays == {date(2026, 4, 7)}


def test_policies_show_the_value_of_the_day_and_their_history() -> None:
    documents = folded(policy(5, "2026-07-01"), policy(10, "2000-01-01"), policy(9, "2000-01-01"))
    (before,) = registers.policies(documents, at("2026-06-30"))
    (after,) = registers.policies(documents, at("2026-07-01"))
    assert (before.value, after.value) == (9, 5)
    assert [row.value for row in after.history] == [9, 5]
    assert before.model_dump(by_alias=True)["inForceFrom"] == date(2000, 1, 1)


def test_organisations_show_the_row_of_the_day_and_their_history() -> None:
    documents = folded(body("coa", "zbo"), body("coa", None, "2026-01-01"), body("uwv", "zbo"))
    coa, uwv = registers.organisations(documents, at("2025-05-05"))
    assert (coa.organisation, coa.route, uwv.organisation) == ("coa", "zbo", "uwv")
    assert [row.route for row in coa.history] == ["zbo", None]


def test_routes_and_templates_show_the_row_of_the_day() -> None:
    template = TemplateAdopted(
        template="kort",
        name="Kort",
        mandatory=("keten",),
        optional=("proces",),
        in_force_from=date(2020, 1, 1),
        source=SOURCE,
    )
    documents = folded(
        template, SHORT, route("kort", Level.FRONTLINE, Level.BOARD, since="2026-01-01")
    )
    (row,) = registers.routes(documents, at("2025-05-05"))
    assert row.levels == SHORT.levels
    (shown,) = registers.templates(documents, at("2025-05-05"))
    assert shown.mandatory == ("keten",)
    kept = documents.get(TemplateDocument, "kort")
    assert kept is not None
    assert (kept.mandatory, kept.optional) == (("keten",), ("proces",))


def test_facts_of_no_interest_change_nothing() -> None:
    documents = folded(ProposalRegistered(title="Wet"))
    assert not list(documents.all(RouteDocument))


SEED: tuple[Fact, ...] = tuple(row_of(command) for command in seed_commands())


@any_given(st.lists(st.sampled_from(SEED), max_size=25))
@settings(max_examples=30)
def test_folded_in_steps_is_the_same_as_folded_again(rows: list[Fact]) -> None:
    steps, again = folded(*rows), folded(*rows)
    for model in (
        RouteDocument,
        OrganisationDocument,
        TemplateDocument,
        PolicyDocument,
        HolidaysDocument,
    ):
        assert list(steps.all(model)) == list(again.all(model))
        for _, document in steps.all(model):
            assert model.model_validate_json(document.model_dump_json()) == document


def test_the_seed_gives_every_body_in_the_line_its_route() -> None:
    documents = folded(*SEED)
    rows = {row.organisation: row for row in registers.organisations(documents, at("2026-06-01"))}
    assert len(rows) == 31
    outside = {code for code, row in rows.items() if row.route is None}
    assert outside == {"adr", "algemene-rekenkamer", "ap", "nationale-ombudsman"}
    for code in set(rows) - outside:
        assert registers.route_of(documents, code) is not None
    assert rows["coa"].ministry == "Asiel en Migratie"
    assert rows["img"].ministry == "Binnenlandse Zaken en Koninkrijksrelaties"


def test_the_seed_gives_the_due_date_of_the_case_that_lapsed() -> None:
    terms = registers.terms(folded(*SEED))
    assert terms.working_days(HAND_ON, date(2017, 3, 14)) == date(2017, 3, 28)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_aspect_of_the_seed_has_a_label(lang: str) -> None:
    labels = Labels.load(lang)
    for row in SEED:
        if isinstance(row, TemplateAdopted):
            for aspect in (*row.mandatory, *row.optional):
                assert labels.label("aspect", aspect).meaning
