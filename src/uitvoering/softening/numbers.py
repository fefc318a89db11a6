"""Which numbers does a text name, in figures or in Dutch or English words, and of what?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from uitvoering.softening.namings import (
    MONTHS,
    Text,
    is_a_date,
    is_a_label,
    is_a_number,
    is_a_time,
    names_a_thing,
)
from uitvoering.softening.number_words import (
    DAYS,
    EURO,
    HOUR,
    ONE,
    PERCENT,
    SCALES,
    WHOLE,
    added,
    figures,
    implied,
    in_words,
    part,
    rank,
    value_of,
)
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
    first: int = 0
    """Position of its first token."""
    alone: bool = False
    """Nothing behind it says of what it is: the 71 of 'from 71 to 44 per cent'."""


_EACH = frozenset({"de", "elke", "iedere", "every", "each"})
_ABOUT = frozenset({
    "ongeveer", "circa", "ca", "ruim", "bijna", "zo'n", "zowat", "pakweg", "rond", "rondom",
    "krap", "dik", "meer", "dan", "minstens", "minste", "zeker", "about", "some", "over", "around",
    "nearly", "almost", "roughly", "approximately", "than", "least", "most",
})  # fmt: skip
_PART_OF = frozenset({
    "van", "deel", "minder", "meer", "lager", "hoger", "te", "of", "less", "more", "fewer", "",
})  # fmt: skip
_SAYS_NOTHING = frozenset({"", "naar", "tot", "van", "of", "to", "from", "en", "and"})
_HALF = frozenset({"half", "halve"})
_AFTER_ONE = frozenset({"op", "out", "in", "half"})
_NOT_BY_ITSELF = frozenset({"hundred", "thousand", "dozen"})
_SHARED = 1000
"""Largest whole of a share 'one in ...'."""


def read_numbers(tokens: Sequence[Token]) -> tuple[Number, ...]:
    """Numbers in order; years, dates, hours, ordinals, labels and a bare 'een' count nothing."""
    found: list[Number] = []
    text = Text(tokens)
    at = 0
    while at < len(tokens):
        if _may_start(text.words[at], text[at + 1]):
            number, at = _number(text, at)
            if number is not None:
                found.append(number)
        else:
            at += 1
    return tuple(found)


@lru_cache(maxsize=8192)
def _may_start(word: str, behind: str) -> bool:
    """Most words and most words 'een' do not; asked once per word and its neighbour."""
    if word in ONE:
        return (
            behind in _AFTER_ONE or behind in SCALES or behind in DAYS or rank(behind) is not None
        )
    return (
        word[0].isdecimal()
        or word in SCALES
        or word in {"half", "halve", "anderhalf", "anderhalve", "halfuur", "halfjaar", "kwartier"}
        or in_words(word) is not None
        or part(word) is not None
        or (word.endswith("en") and in_words(word.removesuffix("en")) is not None)
    )


def _number(text: Text, at: int) -> tuple[Number | None, int]:
    found = _share(text, at) or _piece(text, at)
    if found is not None:
        return found, found.last + 1
    word = text[at]
    if word[0].isdecimal() and is_a_label(text, at):
        return None, at + 1
    if word in {"acht", "achten", "ten"} and not is_a_number(text, at):
        return None, at + 1
    value = value_of(word)
    if value is None and word.endswith("en"):
        return _together(text, at)
    if value is None and word in SCALES and word not in _NOT_BY_ITSELF:
        value = float(SCALES[word])
    if value is None or (word in {"a", "an"} and text[at + 1] not in SCALES):
        return None, at + 1
    last, value = _grown(text, at, value)
    if last == at and (is_a_date(text, at, value) or names_a_thing(text, at, value)):
        return None, at + 1
    if is_a_time(text, at, last, value):
        return None, last + 1
    return _with_unit(text, at, last, value)


def _together(text: Text, at: int) -> tuple[Number | None, int]:
    """'Met zijn vieren'; 'na tienen' is a time and 'achten' a verb."""
    value = in_words(text[at].removesuffix("en"))
    if value is None or text[at - 2] != "met":
        return None, at + 1
    token = text.tokens[at]
    return Number(Kind.COUNT, value, token.start, token.end, at, bare=value, first=at), at + 1


def _grown(text: Text, at: int, value: float) -> tuple[int, float]:
    """'forty' 'four', 'one hundred and fifty', 'tweeduizend driehonderd', '3,7 miljoen'."""
    last, done, now = at, 0.0, value
    written = not text[at][0].isdecimal()
    while True:
        step = 2 if text[last + 1] == "and" and written and (now >= 100 or done) else 1  # noqa: PLR2004 'hundred and five'
        word = text[last + step]
        if step == 1 and word in SCALES:
            size = SCALES[word]
            done, now = (done, now * size) if size == 100 else (done + now * size, 0.0)  # noqa: PLR2004 a hundred is not closed
        elif written and (more := added(word, now, done)):
            now += more
        else:
            return last, done + now
        last += step


def _with_unit(text: Text, at: int, last: int, value: float) -> tuple[Number | None, int]:
    if text[last + 1] in {"and", "en"} and text[last + 2] in ONE and text[last + 3] in _HALF:
        last, value = last + 3, value + 0.5
    first, until, kind, bare = at, last, Kind.COUNT, value
    behind, ahead = text[last + 1], text[at - 1]
    if behind in PERCENT:
        kind, until = Kind.PERCENTAGE, last + 1
    elif behind == "per" and text[last + 2] == "cent":
        kind, until = Kind.PERCENTAGE, last + 2
    elif behind in EURO:
        kind, until = Kind.EURO, last + 1
    elif ahead in EURO:
        kind, first = Kind.EURO, at - 1
    else:
        until, days = _days(text, last, value)
        if until > last and not (value == 1 and until <= last + 2):
            kind, value = Kind.DAYS, days
    if kind is Kind.COUNT and value == 1:
        return None, last + 1
    about = text[first - 1] in _ABOUT
    return _made(text, kind, value, (first, until), about=about, bare=bare), until + 1


def _days(text: Text, last: int, value: float) -> tuple[int, float]:
    """Where a length of time ends and how many days it is: 'drie uur en tien minuten'."""
    unit = last + 2 if text[last + 1] in WHOLE else last + 1
    size = DAYS.get(text[unit])
    if size is None:
        return last, value
    days = value * size
    linked = text.behind(unit) in {"en", "and"}
    close = unit + 1 < len(text.tokens) and text.tokens[unit + 1].start - text.tokens[unit].end == 1
    if not linked and not close:
        return unit, days
    more = unit + 2 if linked else unit + 1
    smaller = DAYS.get(text[more + 1], size)
    extra = value_of(text[more])
    if extra is not None and smaller < size:
        return more + 1, days + extra * smaller
    if linked and text[more + 1] in {"half", "halve"}:
        return more + 1, days + size / 2
    return unit, days


def _made(
    text: Text,
    kind: Kind,
    value: float,
    places: tuple[int, int],
    *,
    about: bool = False,
    bare: float = 0.0,
) -> Number:
    first, last = places
    start, end = text.tokens[first].start, text.tokens[last].end
    alone = kind is Kind.COUNT and text.behind(last) in _SAYS_NOTHING
    return Number(kind, value, start, end, last, about, bare, first, alone)


def _share(text: Text, at: int) -> Number | None:
    """'Drie op de vijf', 'one in ten', 'twee derde', 'een kwart', 'driekwart', 'de helft'."""
    word, behind = text[at], text[at + 1]
    whole = part(word)
    if whole is not None:
        other = word in {"half", "halve"} or text[at - 1] in {"tweede", "eerste", "andere"}
        return (
            None
            if other or (word == "kwart" and behind in {"over", "voor"})
            else _made(text, Kind.PERCENTAGE, whole, (at, at))
        )
    count = 1.0 if word in ONE else value_of(word)
    if not count:
        return None
    if behind in {"op", "out", "in"}:
        far = at + (3 if text[at + 2] in _EACH or behind == "out" else 2)
        of = value_of(text[far])
        sure = behind == "out" or (far == at + 3 and behind == "op") or (of or 0) <= 10  # noqa: PLR2004 '3 in 300' is no share
        if of and count < of <= _SHARED and sure and text[far + 1] not in MONTHS:
            return _made(text, Kind.PERCENTAGE, 100 * count / of, (at, far))
    of = rank(behind) if behind else None
    if of and count < of and (count > 1 or of == 4 or text[at + 2] in _PART_OF):  # noqa: PLR2004 'een kwart'
        if text[at + 2] in {"uur", "eeuw", "keer", "maal"} or behind == "second":
            return None
        return _made(text, Kind.PERCENTAGE, 100 * count / of, (at, at + 1))
    return None


def _piece(text: Text, at: int) -> Number | None:
    """'Anderhalf jaar', 'half uur', 'een kwartier', 'half a year'."""
    word = text[at]
    if word in {"halfuur", "halfjaar", "kwartier"}:
        return _made(text, Kind.DAYS, DAYS[word], (at, at))
    count = {"anderhalf": 1.5, "anderhalve": 1.5, "half": 0.5, "halve": 0.5}.get(word)
    if count is None:
        return None
    unit = at + 2 if text[at + 1] in {"a", "an"} else at + 1
    if text[unit] in DAYS:
        return _made(text, Kind.DAYS, count * DAYS[text[unit]], (at, unit))
    if text[unit] in SCALES and text[unit] not in {"hundred", "thousand"}:
        number, _ = _with_unit(text, at, unit, count * SCALES[text[unit]])
        return number
    return None


def implied_numbers(tokens: Sequence[Token]) -> tuple[Number, ...]:
    """What a reader fills in: 'een jaar', 'beide', 'de vierde keer', 'halve', '21.00 uur', 'geen'.

    Enough to find a number back by, too little to be missed itself.
    """
    text, found = Text(tokens), list[Number]()
    for at, word in enumerate(text.words):
        places = at, at
        if word in ONE and text[at + 1] in DAYS:
            until, days = _days(text, at, 1)
            found.append(_made(text, Kind.DAYS, days, (at, until), bare=1))
        value = implied(word)
        if value is not None:
            found.append(_made(text, Kind.COUNT, value, places, bare=value))
            share = (
                100 / value
                if rank(word)
                else 100.0
                if "dubbel" in word or "doubl" in word
                else None
            )
            if share is not None:
                found.append(_made(text, Kind.PERCENTAGE, share, places))
        if (share := part(word)) is not None:
            found.append(_made(text, Kind.PERCENTAGE, share, places))
        if (hour := figures(word)) and text[at + 1] in {"uur", "u"} and hour <= 24:  # noqa: PLR2004 hours of a day
            found.extend(
                _made(text, Kind.DAYS, one * HOUR, places) for one in (hour, hour - 12, hour + 12)
            )
    return tuple(found)
