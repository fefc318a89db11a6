"""Is a number of one text found back among those of another, in whatever notation?"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import attrgetter

from uitvoering.softening.numbers import Kind, Number

_OTHER_UNIT = 0.08
"""Half a year is six months, three months thirteen weeks."""
_WORKING_DAYS = 0.3
"""Four days are told as four working days."""
_ROUNDING = 0.015
"""1.115 is told as 1.100, a third as 33 per cent (SOFTENING 3)."""
_ROUGHLY = 0.05
"""Room a number gets that is called about, nearly or over."""
_ROUNDED_FROM = 100
_FEW = 12
"""Numbers up to here stand in any text: found back by itself, not by a number with another unit."""
_PAIRED = 40
"""Numbers of one kind looked at in pairs: enough for any passage, and bounded for a long text."""
_LOOKED_AT = 16
_YEAR = 365
_SAME = 1e-6
_KINDS = tuple(Kind)
_value = attrgetter("value")


class NumberPool:
    """The numbers of one statement, ready to be asked about those of the other."""

    def __init__(
        self,
        numbers: Iterable[Number],
        implied: Iterable[Number] = (),
        told: Iterable[Number] = (),
    ) -> None:
        """`implied` are only met exactly; `told` are the numbers that will be asked about."""
        self._named, self._asked = tuple(numbers), tuple(told)
        self._sorted: dict[Kind, list[Number]] = {kind: [] for kind in _KINDS}
        self._hinted: set[tuple[Kind, int]] = set()
        self._written: set[float] = set()
        self._alone: set[float] = set()
        self._bare: set[float] = set()
        self._ages: set[float] = set()
        self._counts: set[float] = set()
        self._money: set[float] = set()
        for number in self._named:
            self._add(number)
        for number in implied:
            self._hinted.add(_key(number.kind, number.value))
            if number.kind is Kind.DAYS and number.bare:
                self._sorted[Kind.DAYS].append(number)
            elif number.kind is Kind.COUNT:
                self._counts.add(number.value)
        for row in self._sorted.values():
            row.sort(key=_value)
        self._values = {kind: [n.value for n in row] for kind, row in self._sorted.items()}

    def _add(self, number: Number) -> None:
        self._sorted[number.kind].append(number)
        written = number.bare or number.value
        self._written.add(written)
        if number.alone:
            self._alone.add(written)
        if number.kind is Kind.DAYS:
            if number.bare > _FEW:
                self._bare.add(number.bare)
            if number.bare and number.value / number.bare > _YEAR:
                self._ages.add(number.bare)
        elif number.kind is Kind.COUNT:
            self._counts.add(number.value)
        elif number.kind is Kind.EURO:
            self._money.add(number.value)

    @cached_property
    def _derived(self) -> frozenset[tuple[Kind, int]]:
        """Asked last, for it takes longest to know."""
        return _derived(self._named, self._asked)

    def holds(self, number: Number) -> bool:
        return (
            self._near(number)
            or _key(number.kind, number.value) in self._hinted
            or self._without_its_unit(number)
            or _key(number.kind, number.value) in self._derived
        )

    def _near(self, number: Number) -> bool:
        values, there = self._values[number.kind], self._sorted[number.kind]
        room = _WORKING_DAYS if number.kind is Kind.DAYS else _ROUGHLY
        at = bisect_left(values, number.value * (1 - room) - _SAME)
        until = bisect_left(values, number.value * (1 + 2 * room) + _SAME)
        exact = bisect_left(values, number.value - _SAME)
        if exact < len(values) and abs(values[exact] - number.value) <= _SAME:
            return True
        return any(_same(number, other) for other in there[at:until][:_LOOKED_AT])

    def _without_its_unit(self, number: Number) -> bool:
        written = number.bare or number.value
        if written in self._alone or (number.alone and written in self._written):
            return True
        if number.kind is Kind.COUNT:
            return (
                number.value in self._bare
                or number.value in self._ages
                or (number.value > _FEW and number.value in self._money)
            )
        if number.kind is Kind.DAYS:
            return number.bare > 0 and number.bare in self._counts
        return number.kind is Kind.EURO and number.value in self._counts


def _key(kind: Kind, value: float) -> tuple[Kind, int]:
    return kind, round(value * 1000)


def _same(one: Number, other: Number) -> bool:
    low, high = sorted((one.value, other.value))
    apart = (high - low) / high if high else 0.0
    if one.approximate or other.approximate:
        return apart <= _ROUGHLY
    if one.kind is Kind.DAYS:
        if one.bare == other.bare > 0:  # days and working days
            return apart <= _WORKING_DAYS
        return apart <= _OTHER_UNIT and not _one_unit(one, other)
    if one.kind is Kind.PERCENTAGE:
        return apart <= _ROUNDING and not (low.is_integer() and high.is_integer())
    return high >= _ROUNDED_FROM and apart <= _ROUNDING and (low % 10 == 0 or high % 10 == 0)


def _one_unit(one: Number, other: Number) -> bool:
    return (
        one.bare * other.bare > 0 and abs(one.value / one.bare - other.value / other.bare) < _SAME
    )


def _derived(named: Sequence[Number], told: Sequence[Number]) -> frozenset[tuple[Kind, int]]:
    """What a new number gives together with another: of 330 'forty not' keeps the told 290.

    At least one of the two must be new, or any two numbers that stayed would cover for a third.
    """
    if not told:
        return frozenset()
    known = {_key(n.kind, n.value) for n in told}
    found: set[tuple[Kind, int]] = set()
    for kind in _KINDS:
        new = [n.value for n in named if n.kind is kind and _key(kind, n.value) not in known][
            :_PAIRED
        ]
        others = [n.value for n in (*named, *told) if n.kind is kind][: 2 * _PAIRED]
        for value in new:
            for other in others:
                if abs(value - 2 * other) < _SAME:
                    continue  # 82 less 41 is 41, which says nothing of the 41
                found |= {_key(kind, value + other), _key(kind, abs(value - other))}
            if kind is Kind.PERCENTAGE:
                found.add(_key(kind, 100 - value))
    return frozenset(found | _parts(named, told))


def _parts(named: Sequence[Number], told: Sequence[Number]) -> set[tuple[Kind, int]]:
    """'Half of the 156' is the 78 told before, and the other way round."""
    shares = [n.value for n in (*named, *told) if n.kind is Kind.PERCENTAGE][:_PAIRED]
    counts = [n.value for n in named if n.kind is Kind.COUNT][:_PAIRED]
    found = {_key(Kind.COUNT, count * share / 100) for count in counts for share in shares}
    whole = [n.value for n in (*named, *told) if n.kind is Kind.COUNT][:_PAIRED]
    for low in counts:
        for high in whole:
            if 0 < low < high:
                share = 100 * low / high
                found |= {_key(Kind.PERCENTAGE, share), _key(Kind.PERCENTAGE, 100 - share)}
    return found
