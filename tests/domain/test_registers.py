"""Rows of the registers: dated, sourced, never removed; and the rows a fresh store starts with."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any, assert_never, get_args

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.given import By, Given, act, recorded
from uitvoering.application import registers
from uitvoering.application.context import Context
from uitvoering.application.registers import row_of
from uitvoering.application.seeds import seed_commands
from uitvoering.commands.command import Command
from uitvoering.commands.registers import (
    AdoptCosigningPolicy,
    AdoptHolidays,
    AdoptMethod,
    AdoptPolicy,
    AdoptTemplate,
    RegisterCommand,
    RegisterOrganisation,
    SetRoute,
)
from uitvoering.domain.acts import Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.registers import (
    CosigningPolicyAdopted,
    Form,
    HolidaysAdopted,
    MethodAdopted,
    OrganisationRegistered,
    PolicyAdopted,
    PolicyName,
    PolicyUnit,
    RouteSet,
    TemplateAdopted,
)
from uitvoering.domain.refusals_of_policies import (
    AspectRepeatedError,
    HolidayOutsideYearError,
    PolicyRangeError,
    PolicyUnitError,
    RouteDisorderedError,
)
from uitvoering.domain.registers import UNITS, RegisterEntry, evolve
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Level, Role
from uitvoering.errors import (
    RouteUnknownError,
)
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.projections import registers as view
from uitvoering.projections.documents import InMemory

SOURCE = Source(title="Organisatieregeling, art. 4")
DATED: dict[str, Any] = {"in_force_from": date(2026, 1, 1), "source": SOURCE}
DAY = {"happened_on": "2026-01-05"}
LEVELS = (Level.FRONTLINE, Level.TEAM_LEAD, Level.MINISTER)
HAND_ON = PolicyName.HAND_ON_WORKING_DAYS
WORKING_DAYS = PolicyUnit.WORKING_DAYS

ROUTE = RouteSet(route="waterschap", levels=LEVELS, **DATED)
BODY = OrganisationRegistered(
    organisation="vechtstromen", name="Vechtstromen", form=Form.MEDEOVERHEID, **DATED
)
TEMPLATE = TemplateAdopted(template="kort", name="Kort", mandatory=("keten",), **DATED)
POLICY = PolicyAdopted(name=HAND_ON, value=5, unit=WORKING_DAYS, **DATED)
HOLIDAYS = HolidaysAdopted(year=2026, days=(date(2026, 12, 25),), source=SOURCE)
METHOD = MethodAdopted(method="2", digest="0f" * 32, **DATED)
QUORUM = f"log {new_key('log.example.nl/uitvoering', Kind.ED25519).public}\nquorum none\n"
COSIGNING = CosigningPolicyAdopted(sha256=sha256(QUORUM.encode()).hexdigest(), text=QUORUM, **DATED)
ROWS: tuple[Fact, ...] = (ROUTE, BODY, TEMPLATE, POLICY, HOLIDAYS, METHOD, COSIGNING)

COMMANDS: tuple[Command, ...] = (
    SetRoute(**DAY, **DATED, route="waterschap", levels=LEVELS),
    RegisterOrganisation(
        **DAY,
        **DATED,
        organisation="vechtstromen",
        name_of_organisation="Vechtstromen",
        form=Form.MEDEOVERHEID,
    ),
    AdoptTemplate(**DAY, **DATED, template="kort", name_of_template="Kort", mandatory=("keten",)),
    AdoptPolicy(**DAY, **DATED, name_of_policy=HAND_ON, value=5, unit=WORKING_DAYS),
    AdoptHolidays(**DAY, year=2026, days=(date(2026, 12, 25),), source=SOURCE),
    AdoptMethod(**DAY, **DATED, method="2", digest="0f" * 32),
    AdoptCosigningPolicy(**DAY, **DATED, text=QUORUM),
)
PAIRS = tuple(zip(COMMANDS, ROWS, strict=True))


def given(*facts: Fact | By) -> Given[RegisterEntry]:
    return Given(evolve, facts)


def known(*facts: Fact) -> Context:
    documents = InMemory()
    for event in recorded(facts):
        view.fold(event, documents)
    return Context(documents=documents, terms=Terms(()))


def ask(command: Command, context: Context | None = None) -> Any:
    asked: Any = command
    by = act(happened_on=str(command.happened_on), role=Role.REGISTRAR)
    return lambda entry: registers.decide(entry, asked, by, context or known())


@pytest.mark.parametrize(("command", "row"), PAIRS, ids=lambda v: type(v).__name__)
def test_a_row_is_recorded(command: Command, row: Fact) -> None:
    given().when(ask(command)).then(row)


@pytest.mark.parametrize(("command", "row"), PAIRS, ids=lambda v: type(v).__name__)
def test_a_row_that_stands_records_nothing_whoever_asks(command: Command, row: Fact) -> None:
    given(row).when(ask(command)).then_nothing()
    elsewhere = By(row, act(Level.BOARD, happened_on="2020-02-02", organisation="svb"))
    given(elsewhere).when(ask(command)).then_nothing()


def test_a_later_row_follows_and_a_correction_replaces() -> None:
    shorter = POLICY.model_copy(update={"value": 3})
    later = POLICY.model_copy(update={"value": 3, "in_force_from": date(2027, 1, 1)})
    given(POLICY).when(lambda e: e.adopt(act(), later)).then(later)
    given(POLICY).when(lambda e: e.adopt(act(), shorter)).then(shorter)
    back = act(happened_on="2026-03-01")
    given(POLICY, shorter).when(lambda e: e.adopt(back, POLICY)).then(POLICY)
    given(POLICY, shorter).when(lambda e: e.adopt(act(), POLICY)).then_nothing()


def test_a_body_names_a_route_the_register_knows() -> None:
    command = COMMANDS[1].model_copy(update={"route": "waterschap"})
    row = BODY.model_copy(update={"route": "waterschap"})
    given().when(ask(command, known(ROUTE))).then(row)
    given().when(ask(command)).then_refused(
        RouteUnknownError, because="route waterschap is not in the register"
    )


@pytest.mark.parametrize(
    "levels",
    [
        (),
        (Level.TEAM_LEAD, Level.FRONTLINE),
        (Level.FRONTLINE, Level.FRONTLINE),
        (Level.FRONTLINE, Level.EXPERT, Level.MINISTER),
        (Level.OMBUDSMAN,),
    ],
)
def test_a_route_goes_up_the_line(levels: tuple[Level, ...]) -> None:
    command = SetRoute(**DAY, **DATED, route="krom", levels=levels)
    given().when(ask(command)).then_refused(
        RouteDisorderedError, because="each once and lowest first"
    )


def test_a_template_names_each_aspect_once() -> None:
    command = AdoptTemplate(
        **DAY,
        **DATED,
        template="kort",
        name_of_template="Kort",
        mandatory=("keten", "proces"),
        optional=("keten",),
    )
    given().when(ask(command)).then_refused(
        AspectRepeatedError, because="kort names more than once: keten"
    )


@pytest.mark.parametrize("value", [0, 2_601])
def test_a_policy_stays_in_range(value: int) -> None:
    command = AdoptPolicy(**DAY, **DATED, name_of_policy=HAND_ON, value=value, unit=WORKING_DAYS)
    given().when(ask(command)).then_refused(PolicyRangeError, because="give 1 to 2600")


def test_a_policy_keeps_its_unit() -> None:
    command = AdoptPolicy(**DAY, **DATED, name_of_policy=HAND_ON, value=5, unit=PolicyUnit.MONTHS)
    given().when(ask(command)).then_refused(
        PolicyUnitError, because="counted in working-days, not in months"
    )


def test_holidays_fall_in_their_year() -> None:
    command = AdoptHolidays(**DAY, year=2026, days=(date(2027, 1, 1),), source=SOURCE)
    given().when(ask(command)).then_refused(
        HolidayOutsideYearError, because="not in 2026: 2027-01-01"
    )


@pytest.mark.parametrize("command", get_args(RegisterCommand), ids=lambda c: c.name())
def test_a_row_has_a_source_and_an_example(command: type[Command]) -> None:
    assert {Role.REGISTRAR} == command.ROLES
    for example in command.model_json_schema()["examples"]:
        assert command.model_validate(example).source is not None
        del example["source"]
        with pytest.raises(ValidationError, match="source"):
            command.model_validate(example)


@any_given(st.lists(st.tuples(st.integers(1, 4), st.integers(2020, 2023)), max_size=12))
@settings(max_examples=60)
def test_any_history_rebuilds_and_a_retry_records_nothing(asked: Sequence[tuple[int, int]]) -> None:
    facts: list[Fact | By] = []
    for value, year in asked:
        command = AdoptPolicy(
            **DAY,
            name_of_policy=HAND_ON,
            value=value,
            unit=WORKING_DAYS,
            in_force_from=date(year, 1, 1),
            source=SOURCE,
        )
        outcome = given(*facts).when(ask(command)).outcome
        assert isinstance(outcome, tuple)
        facts += outcome
        given(*facts).when(ask(command)).then_nothing()
    entry: RegisterEntry | None = None
    for event in recorded(facts):
        entry = evolve(entry, event)
    assert entry == given(*facts).state


def test_the_seed_passes_its_own_rules_and_seeding_again_records_nothing() -> None:
    rows: list[Fact] = []
    entries: dict[tuple[str, str], RegisterEntry] = {}
    for command in seed_commands():
        stream = _stream(command)
        facts = ask(command, known(*rows))(entries.get(stream))
        assert facts == (row_of(command),)
        event = recorded([By(facts[0], act(happened_on=str(command.happened_on)))])[0]
        entries[stream] = evolve(entries.get(stream), event)
        rows += facts
    context = known(*rows)
    for command in seed_commands():
        assert ask(command, context)(entries[_stream(command)]) == ()


def _stream(command: RegisterCommand) -> tuple[str, str]:
    match command:
        case SetRoute():
            return command.KIND, command.route
        case RegisterOrganisation():
            return command.KIND, command.organisation
        case AdoptTemplate():
            return command.KIND, command.template
        case AdoptPolicy():
            return command.KIND, command.name_of_policy
        case AdoptHolidays():
            return command.KIND, str(command.year)
        case AdoptMethod() | AdoptCosigningPolicy():
            return command.KIND, ""
        case _:
            assert_never(command)


def test_the_seed_lies_in_the_past_so_that_any_store_takes_it() -> None:
    assert max(command.happened_on for command in seed_commands()) < date(2026, 1, 1)


def test_every_policy_has_a_seed_value_in_its_unit() -> None:
    seeded = {c.name_of_policy: c for c in seed_commands() if isinstance(c, AdoptPolicy)}
    assert set(seeded) == set(PolicyName) == set(UNITS)
    assert seeded[HAND_ON].value == 10
    assert seeded[PolicyName.SMALL_NUMBER_THRESHOLD].value == 10


@pytest.mark.parametrize(
    ("day", "because"),
    [
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2026-05-05", "Liberation Day"),
        ("2026-05-14", "Ascension"),
        ("2026-05-25", "Whit Monday"),
        ("2013-04-30", "Queen's Day"),
        ("2006-04-29", "Queen's Day on a Sunday"),
        ("2014-04-26", "King's Day on a Sunday"),
        ("2025-04-26", "King's Day on a Sunday"),
        ("2026-04-27", "King's Day"),
        ("2019-04-22", "Easter Monday"),
        ("2040-12-26", "Boxing Day"),
    ],
)
def test_the_holidays_are_those_of_the_act(day: str, because: str) -> None:
    years = {c.year: c.days for c in seed_commands() if isinstance(c, AdoptHolidays)}
    assert set(years) == set(range(2000, 2041))
    assert date.fromisoformat(day) in years[int(day[:4])], because
    assert date(2014, 4, 30) not in years[2014]
