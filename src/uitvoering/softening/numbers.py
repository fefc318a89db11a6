"""Which numbers does a text name, in figures or in Dutch or English words, and of what?"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from uitvoering.softening.tokens import Token


class Kind(StrEnum):
    COUNT = "n"
    PERCENTAGE = "percentage"
    DAYS = "days"
    EURO = "euro"


@dataclass(frozen=True, slots=True)
class Number:
    kind: Kind
    value: float
    start: int
    end: int
    last: int
    """Position of its last token: what stands behind it says of whom it is."""
    approximate: bool = False
    bare: float = 0.0
    """The value as written, without its unit: 'fourteen-year' is found back in 'fourteen'."""


_UNITS = {
    "nul": 0, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8,
    "negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14,
    "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
}  # fmt: skip
_TENS = {
    "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70,
    "tachtig": 80, "negentig": 90,
}  # fmt: skip
_ENGLISH = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "honderd": 100, "thousand": 1_000, "duizend": 1_000,
    "million": 1_000_000, "miljoen": 1_000_000, "billion": 1e9, "miljard": 1e9,
}  # fmt: skip
_DAYS = {
    "uur": 1 / 24, "uren": 1 / 24, "hour": 1 / 24, "hours": 1 / 24, "dag": 1, "dagen": 1,
    "day": 1, "days": 1, "werkdag": 1.4, "werkdagen": 1.4, "week": 7, "weken": 7, "weeks": 7,
    "maand": 30.44, "maanden": 30.44, "month": 30.44, "months": 30.44, "jaar": 365.25,
    "jaren": 365.25, "year": 365.25, "years": 365.25, "kwartaal": 91.3,
}  # fmt: skip
_MONTHS = frozenset({
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december", "january", "february", "march", "may", "june",
    "july", "august", "october",
})  # fmt: skip
_PERCENT = frozenset({"%", "procent", "percent"})
_EURO = frozenset({"€", "euro", "euros", "eur"})
_MEASURED = frozenset(_DAYS) | _EURO
_FRACTIONS = {"driekwart": 75.0, "helft": 50.0, "tweederde": 66.7}
_OUT_OF = frozenset({"op", "out", "in"})
_ABOUT = frozenset({"ongeveer", "circa", "ruim", "bijna", "zo'n", "meer", "about", "some", "over"})
_NOT_TEN = frozenset({
    "onrechte", "minste", "behoeve", "opzichte", "aanzien", "slotte", "eerste", "tweede",
    "derde", "gevolge", "einde", "name", "hoogste", "laatste", "tijde", "noorden", "zuiden",
    "oosten", "westen", "dode", "koste", "laste", "goede", "kwade", "volle",
})  # fmt: skip
"""Dutch words behind 'ten' that make it a preposition, not the English number."""
_SUFFIXES = ("jarigen", "jarige", "jarig", "maal", "plussers", "plusser", "tal", "en")
_YEARS = range(1900, 2101)
_TENS_FROM = 20


@lru_cache(maxsize=4096)
def in_words(word: str) -> float | None:
    """The value of one written number: 'driehonderdtien', 'zesjarige', 'forty'; else None."""
    if word in _ENGLISH:
        return _ENGLISH[word]
    value = _dutch(word)
    if value is None:
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) > len(suffix):
                return _dutch(word.removesuffix(suffix))
    return value


def _dutch(word: str) -> int | None:
    if word in _UNITS:
        return _UNITS[word]
    if word in _TENS:
        return _TENS[word]
    for scale, size in (("duizend", 1000), ("honderd", 100)):
        if scale in word:
            head, _, tail = word.partition(scale)
            times = _dutch(head) if head else 1
            rest = _dutch(tail.removeprefix("en") or tail) if tail else 0
            return None if times is None or rest is None else times * size + rest
    for tens, value in _TENS.items():
        unit = word.removesuffix(tens).removesuffix("en")
        if word.endswith(tens):
            small = 1 if unit == "een" else _UNITS.get(unit)
            return None if small is None else value + small
    return 1 if word == "een" and len(word) > len("een") else None


def _figures(word: str) -> float | None:
    if not word[0].isdecimal() or not word.isascii():
        return None
    plain = word.replace("\u00a0", "")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain):
        return float(re.sub(r"[.,]", "", plain))
    whole = plain.replace(".", "") if "," in plain else plain
    return float(whole.replace(",", "."))


def read_numbers(tokens: Sequence[Token]) -> tuple[Number, ...]:
    """Numbers in order; years, dates, ordinals and a bare 'een' are not counts."""
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        number, after = _number(tokens, at)
        if number is not None:
            found.append(number)
        at = after
    return tuple(found)


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _number(tokens: Sequence[Token], at: int) -> tuple[Number | None, int]:
    special = _in_a_phrase(tokens, at)
    if special is not None:
        return special, special.last + 1
    word = tokens[at].word
    if word == "ten" and _word(tokens, at + 1) in _NOT_TEN:
        return None, at + 1
    value = _figures(word)
    written = value is None
    if value is None:
        value = in_words(word)
    if value is None and word in _SCALES and word not in {"hundred", "thousand"}:
        value = _SCALES[word]
    if value is None:
        return None, at + 1
    last, value = _grown(tokens, at, value)
    if not written and last == at and _is_a_date(tokens, at, value):
        return None, at + 1
    return _with_unit(tokens, at, last, value)


def _grown(tokens: Sequence[Token], at: int, value: float) -> tuple[int, float]:
    """'forty' 'four', 'two' 'hundred', '3,7' 'miljoen' are one number."""
    last = at
    if _word(tokens, at) in _ENGLISH and value >= _TENS_FROM:
        behind = _word(tokens, at + 1)
        unit = 1 if behind == "one" else _ENGLISH.get(behind, 10)
        if 0 < unit < 10:  # noqa: PLR2004 a unit behind a ten: forty-four
            last, value = at + 1, value + unit
    while _word(tokens, last + 1) in _SCALES:
        last, value = last + 1, value * _SCALES[_word(tokens, last + 1)]
    return last, value


def _is_a_date(tokens: Sequence[Token], at: int, value: float) -> bool:
    word, behind = tokens[at].word, _word(tokens, at + 1)
    year = value in _YEARS and word.isdecimal() and behind not in _MEASURED
    if year and (at == 0 or _word(tokens, at - 1) not in _EURO):
        return True
    return value <= 31 and (behind in _MONTHS or _word(tokens, at - 1) in {"artikel", "article"})  # noqa: PLR2004 days in a month


def _with_unit(
    tokens: Sequence[Token], at: int, last: int, value: float
) -> tuple[Number | None, int]:
    behind, ahead = _word(tokens, last + 1), _word(tokens, at - 1)
    start, end, until = tokens[at].start, tokens[last].end, last
    kind, bare = Kind.COUNT, value
    if behind in _PERCENT:
        kind, until = Kind.PERCENTAGE, last + 1
    elif behind in _EURO:
        kind, until = Kind.EURO, last + 1
    elif ahead in _EURO:
        kind, start = Kind.EURO, tokens[at - 1].start
    elif behind in _DAYS:
        kind, until, value = Kind.DAYS, last + 1, value * _DAYS[behind]
    if until > last:
        end = tokens[until].end
    if kind is Kind.COUNT and value == 1:
        return None, last + 1
    return Number(kind, value, start, end, until, ahead in _ABOUT, bare), until + 1


def _in_a_phrase(tokens: Sequence[Token], at: int) -> Number | None:
    """'drie op de vijf', 'driekwart', 'de helft', 'anderhalf jaar', 'half jaar'."""
    word, behind = tokens[at].word, _word(tokens, at + 1)
    if word in _FRACTIONS:
        return Number(Kind.PERCENTAGE, _FRACTIONS[word], tokens[at].start, tokens[at].end, at)
    part = {"anderhalf": 1.5, "anderhalve": 1.5, "half": 0.5, "halve": 0.5}.get(word)
    if part is not None and behind in _DAYS:
        return Number(Kind.DAYS, part * _DAYS[behind], tokens[at].start, tokens[at + 1].end, at + 1)
    if behind in _OUT_OF and word[0].isalnum():
        share = 1.0 if word in {"een", "one", "1"} else _figures(word) or in_words(word)
        far = at + (3 if _word(tokens, at + 2) in {"de", "of", "every", "elke"} else 2)
        whole = _figures(_word(tokens, far) or "-") or in_words(_word(tokens, far))
        if share and whole and share < whole <= 10:  # noqa: PLR2004 "one in ten" is a share, "3 in 300" is not
            value = 100 * share / whole
            return Number(Kind.PERCENTAGE, value, tokens[at].start, tokens[far].end, far)
    return None


_TOLERANCE = {Kind.DAYS: 0.08}
"""Half a year is six months; other kinds differ by rounding only, 1.5 % (SOFTENING 3)."""
_ROUNDING = 0.015
_ROUGHLY = 0.05
"""Room a number gets that is called about, nearly or over."""
_COUPLE = 2
_PAIRED = 40
"""Numbers of one kind looked at in pairs: enough for any passage, and bounded for a long text."""


class NumberPool:
    """The numbers of one statement, ready to be asked about many."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        self._exact: dict[Kind, list[float]] = {kind: [] for kind in Kind}
        self._rough: dict[Kind, list[float]] = {kind: [] for kind in Kind}
        self._written: set[float] = set()
        self._bare: set[float] = set()
        for number in numbers:
            there = self._rough if number.approximate else self._exact
            there[number.kind].append(number.value)
            self._written.add(number.value)
            self._bare.add(number.bare)
        self._paired = {kind: _pairs(values) for kind, values in self._exact.items()}
        for values in (*self._exact.values(), *self._rough.values()):
            values.sort()

    def holds(self, number: Number) -> bool:
        """Itself, or as the sum or difference of two others: 'forty of the 330 not' keeps 290."""
        tolerance = _TOLERANCE.get(number.kind, _ROUNDING)
        return (
            number.value in self._bare
            or (number.bare > 0 and number.bare in self._written)
            or _near(self._exact[number.kind], number.value, tolerance)
            or _near(self._rough[number.kind], number.value, max(tolerance, _ROUGHLY))
            or number.value in self._paired[number.kind]
        )


def _near(values: Sequence[float], wanted: float, tolerance: float) -> bool:
    at = bisect_left(values, wanted * (1 - tolerance))
    return at < len(values) and values[at] * (1 - tolerance) <= wanted


def _pairs(values: Sequence[float]) -> frozenset[float]:
    few = values[:_PAIRED]
    if len(few) < _COUPLE:
        return frozenset()
    both = [(a, b) for at, a in enumerate(few) for b in few[at + 1 :]]
    return frozenset({a + b for a, b in both} | {abs(a - b) for a, b in both})
