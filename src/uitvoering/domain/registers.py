"""Which rows has a register for one body, route, template, policy, year or method, and from when?

A register stores facts without behaviour: a later row with a later date follows the earlier one,
a later row with the same date replaces it, and none is ever removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
from uitvoering.domain.events.registers import (
    AdoptionFact,
    CosigningPolicyAdopted,
    HolidaysAdopted,
    MethodAdopted,
    OrganisationRegistered,
    PolicyAdopted,
    PolicyName,
    PolicyUnit,
    RegisterFact,
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

AnyRow = RegisterFact | AdoptionFact

UNITS: Mapping[PolicyName, PolicyUnit] = {
    PolicyName.ACKNOWLEDGE_DAYS: PolicyUnit.DAYS,
    PolicyName.FEEDBACK_MONTHS: PolicyUnit.MONTHS,
    PolicyName.HAND_ON_WORKING_DAYS: PolicyUnit.WORKING_DAYS,
    PolicyName.CONTRADICTION_WINDOW_WORKING_DAYS: PolicyUnit.WORKING_DAYS,
    PolicyName.CONTRADICTION_ANSWER_WORKING_DAYS: PolicyUnit.WORKING_DAYS,
    PolicyName.LATE_REGISTRATION_DAYS: PolicyUnit.DAYS,
    PolicyName.TEST_TERM_DAYS: PolicyUnit.DAYS,
    PolicyName.RESPONSE_MONTHS: PolicyUnit.MONTHS,
    PolicyName.EVALUATION_MONTHS: PolicyUnit.MONTHS,
    PolicyName.POST_ENTRY_REVIEW_MONTHS: PolicyUnit.MONTHS,
    PolicyName.CONVERSATION_MONTHS: PolicyUnit.MONTHS,
    PolicyName.REPLY_WORKING_DAYS: PolicyUnit.WORKING_DAYS,
    PolicyName.WOO_DAYS: PolicyUnit.DAYS,
    PolicyName.WOO_EXTENSION_DAYS: PolicyUnit.DAYS,
    PolicyName.ACCESS_REQUEST_MONTHS: PolicyUnit.MONTHS,
    PolicyName.ACCESS_REQUEST_EXTENSION_MONTHS: PolicyUnit.MONTHS,
    PolicyName.SMALL_NUMBER_THRESHOLD: PolicyUnit.COUNT,
    PolicyName.CHECKPOINT_HOURS: PolicyUnit.HOURS,
    PolicyName.ARCHIVE_TRANSFER_YEARS: PolicyUnit.YEARS,
}
"""DOMAIN 8: what each policy is counted in."""

RANGES: Mapping[PolicyUnit, tuple[int, int]] = {
    PolicyUnit.HOURS: (1, 744),
    PolicyUnit.DAYS: (1, 3_650),
    PolicyUnit.WORKING_DAYS: (1, 2_600),
    PolicyUnit.MONTHS: (1, 120),
    PolicyUnit.YEARS: (1, 100),
    PolicyUnit.COUNT: (1, 1_000),
}
"""Lowest and highest value. A choice: a month of hours, ten years of days, a century of years; what
lies outside is a slip of the pen, and a term of nothing would lapse on the day it starts."""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """All rows under one code; empty before the first."""

    id: str = ""
    version: int = 0
    said: frozenset[Saying] = frozenset()
    latest: tuple[tuple[date | None, AnyRow], ...] = ()
    """The row that stands, per date in force; holidays have none, their year is the code."""

    def adopt(self, act: Act, row: AnyRow) -> tuple[Fact, ...]:
        """Record a row; a row that stands as it is records nothing, whoever asks."""
        since = _in_force_from(row)
        if saying(row, act) in self.said or (since, row) in self.latest:
            return ()
        _refuse_if_wrong(row)
        return (row,)


def evolve(state: RegisterEntry | None, event: Recorded[Any]) -> RegisterEntry:
    row: AnyRow = event.fact
    before = state or RegisterEntry(id=event.originator_id)
    since = _in_force_from(row)
    others = tuple(pair for pair in before.latest if pair[0] != since)
    return replace(
        before,
        version=event.originator_version,
        said=before.said | {saying(row, event)},
        latest=(*others, (since, row)),
    )


def _in_force_from(row: AnyRow) -> date | None:
    return None if isinstance(row, HolidaysAdopted) else row.in_force_from


def _refuse_if_wrong(row: AnyRow) -> None:
    match row:
        case RouteSet():
            _refuse_disorder(row)
        case TemplateAdopted():
            _refuse_repeats(row)
        case PolicyAdopted():
            _refuse_wrong_value(row)
        case HolidaysAdopted():
            _refuse_other_years(row)
        case OrganisationRegistered():
            pass  # what it points at, its route, is in another stream: the application looks
        case MethodAdopted() | CosigningPolicyAdopted():
            pass  # what counts may differ from what runs: the monitor tells, nobody is kept from it
        case _:
            assert_never(row)


def _refuse_disorder(row: RouteSet) -> None:
    ranks = [level.rank for level in row.levels if level.rank is not None]
    if not ranks or len(ranks) < len(row.levels) or ranks != sorted(set(ranks)):
        raise RouteDisorderedError(levels=row.levels)


def _refuse_repeats(row: TemplateAdopted) -> None:
    aspects = (*row.mandatory, *row.optional)
    repeated = {aspect for aspect in aspects if aspects.count(aspect) > 1}
    if repeated:
        raise AspectRepeatedError(template=row.template, repeated=repeated)


def _refuse_wrong_value(row: PolicyAdopted) -> None:
    unit = UNITS[row.name]
    if row.unit is not unit:
        raise PolicyUnitError(policy=row.name, unit=row.unit, expected=unit)
    lowest, highest = RANGES[unit]
    if not lowest <= row.value <= highest:
        raise PolicyRangeError(
            policy=row.name, value=row.value, unit=unit, lowest=lowest, highest=highest
        )


def _refuse_other_years(row: HolidaysAdopted) -> None:
    elsewhere = tuple(day for day in row.days if day.year != row.year)
    if elsewhere:
        raise HolidayOutsideYearError(year=row.year, days=elsewhere)
