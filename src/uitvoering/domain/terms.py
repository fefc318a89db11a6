"""When is something due? Terms are policy facts; working days exclude weekends and holidays."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.refusals_of_policies import (
    PolicyMissingError,
)


@dataclass(frozen=True)
class Terms:
    """The policies with their dates in force, and the holidays."""

    policies: tuple[tuple[PolicyName, date, int], ...]
    """Name, in force from, value; in the order of recording: the later of two wins."""
    holidays: frozenset[date] = frozenset()

    def value(self, name: PolicyName, on: date) -> int:
        """Return the value in force on that day; before the first, the first."""
        known = {since: value for n, since, value in self.policies if n == name}
        if not known:
            raise PolicyMissingError(policy=name)
        since = max((day for day in known if day <= on), default=min(known))
        return known[since]

    def days(self, name: PolicyName, start: date) -> date:
        return start + timedelta(days=self.value(name, start))

    def months(self, name: PolicyName, start: date) -> date:
        return add_months(start, self.value(name, start))

    def working_days(self, name: PolicyName, start: date) -> date:
        """Return the last day of a term that starts the day after `start`."""
        left, day = self.value(name, start), start
        while left:
            day += timedelta(days=1)
            if self.is_working_day(day):
                left -= 1
        return day

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < calendar.SATURDAY and day not in self.holidays


def add_months(start: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
