"""Terms: working days, months, and a changed policy that counts from its date (DOMAIN 8)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.refusals_of_policies import (
    PolicyMissingError,
)
from uitvoering.domain.routes import Route
from uitvoering.domain.terms import Terms, add_months
from uitvoering.domain.values import Level

HAND_ON = PolicyName.HAND_ON_WORKING_DAYS
EASTER_2026 = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
"""Good Friday and Easter Monday."""


def terms(*values: tuple[str, int]) -> Terms:
    return Terms(
        tuple((HAND_ON, date.fromisoformat(day), value) for day, value in values), EASTER_2026
    )


def test_working_days_pass_over_easter() -> None:
    # Wednesday 1 April: Thursday 2 is the first, Tuesday 7 the second, Wednesday 8 the third.
    assert terms(("2000-01-01", 3)).working_days(HAND_ON, date(2026, 4, 1)) == date(2026, 4, 8)


def test_a_term_that_starts_in_a_weekend_runs_from_monday() -> None:
    assert terms(("2000-01-01", 1)).working_days(HAND_ON, date(2026, 1, 10)) == date(2026, 1, 12)


def test_ten_working_days_without_holidays_are_two_weeks() -> None:
    # The lapse of case A: the memo arrived on Tuesday 14 March 2017, due on Tuesday 28 March.
    assert terms(("2000-01-01", 10)).working_days(HAND_ON, date(2017, 3, 14)) == date(2017, 3, 28)


def test_days_are_calendar_days() -> None:
    assert terms(("2000-01-01", 7)).days(HAND_ON, date(2026, 4, 1)) == date(2026, 4, 8)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2026-03-15", 120, "2036-03-15"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_its_last(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
@settings(max_examples=100)
def test_months_count_months(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day <= start.day


def test_a_changed_term_counts_from_its_date() -> None:
    changed = terms(("2000-01-01", 10), ("2026-07-01", 5))
    assert changed.value(HAND_ON, date(2026, 6, 30)) == 10
    assert changed.value(HAND_ON, date(2026, 7, 1)) == 5


def test_a_running_term_keeps_the_value_it_started_with() -> None:
    changed = terms(("2000-01-01", 10), ("2026-07-01", 5))
    assert changed.working_days(HAND_ON, date(2026, 6, 29)) == date(2026, 7, 13)
    assert changed.working_days(HAND_ON, date(2026, 7, 1)) == date(2026, 7, 8)


def test_of_two_values_from_the_same_date_the_later_recorded_wins() -> None:
    assert terms(("2000-01-01", 10), ("2000-01-01", 8)).value(HAND_ON, date(2026, 1, 1)) == 8


def test_the_order_of_recording_does_not_outdo_the_date_in_force() -> None:
    assert terms(("2026-07-01", 5), ("2000-01-01", 10)).value(HAND_ON, date(2026, 8, 1)) == 5


def test_before_the_first_value_the_first_counts() -> None:
    assert terms(("2010-01-01", 10), ("2020-01-01", 5)).value(HAND_ON, date(1999, 1, 1)) == 10


def test_a_policy_that_was_never_adopted_is_not_found() -> None:
    with pytest.raises(PolicyMissingError, match="policy response_months is not in the register"):
        terms(("2000-01-01", 3)).months(PolicyName.RESPONSE_MONTHS, date(2026, 1, 1))


ROUTE = Route("dienst", (Level.FRONTLINE, Level.TEAM_LEAD, Level.DIRECTORATE, Level.MINISTER))


def test_a_level_on_the_route_or_beside_the_line_may_restate() -> None:
    assert ROUTE.may_restate(Level.DIRECTORATE)
    assert ROUTE.may_restate(Level.PRIVACY_OFFICER)
    assert ROUTE.may_restate(Level.OMBUDSMAN)
    assert not ROUTE.may_restate(Level.BOARD)


def test_the_levels_above_are_those_of_the_route() -> None:
    assert ROUTE.above(Level.TEAM_LEAD) == (Level.DIRECTORATE, Level.MINISTER)
    assert ROUTE.above(Level.EXPERT) == ROUTE.levels


def test_a_level_passed_over_is_shown() -> None:
    assert ROUTE.skipped(Level.FRONTLINE, Level.MINISTER) == (Level.TEAM_LEAD, Level.DIRECTORATE)
    assert ROUTE.skipped(Level.FRONTLINE, Level.TEAM_LEAD) == ()
    assert ROUTE.skipped(Level.EXPERT, Level.MINISTER) == ()
