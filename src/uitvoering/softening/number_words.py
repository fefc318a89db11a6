"""Which value or unit does one word name, in Dutch or English: itself, its rank, by implication?"""

import re
from functools import lru_cache

SCALES = {
    "hundred": 100, "honderd": 100, "thousand": 1_000, "duizend": 1_000, "million": 1_000_000,
    "miljoen": 1_000_000, "mln": 1_000_000, "mio": 1_000_000, "billion": 1e9, "miljard": 1e9,
    "mld": 1e9, "mrd": 1e9, "dozen": 12, "dozijn": 12,
}  # fmt: skip
ENGLISH = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_UNITS = {
    "nul": 0, "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7,
    "acht": 8, "negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14,
    "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
}  # fmt: skip
_TENS = {
    "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70,
    "tachtig": 80, "negentig": 90,
}  # fmt: skip
_ATTACHED = (
    "jarigen", "jarige", "jarig", "maal", "keer", "plussers", "plusser", "tal", "tallen", "koppige",
    "persoons", "daagse", "maandse", "wekelijkse",
)  # fmt: skip
"""What is written onto a number without making it another number."""
_RANKS = {
    "derde": 3, "achtste": 8, "first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8,
    "ninth": 9, "twelfth": 12, "kwart": 4, "quarter": 4,
}  # fmt: skip
_FOLDS = (
    "voudigen", "voudigde", "voudigd", "voudige", "voudig", "voud", "dubbele", "dubbel", "fold",
)  # fmt: skip
_IMPLIED = {
    "beide": 2, "beiden": 2, "allebei": 2, "paar": 2, "koppel": 2, "echtpaar": 2, "stel": 2,
    "duo": 2, "tweeling": 2, "drieling": 3, "trio": 3, "both": 2, "pair": 2, "couple": 2,
    "twins": 2, "either": 2, "dubbel": 2, "dubbele": 2, "dubbelen": 2, "verdubbeld": 2,
    "verdubbelde": 2, "verdubbelt": 2, "verdubbelen": 2, "verdubbeling": 2, "tweevoud": 2,
    "double": 2, "doubled": 2, "doubling": 2, "twice": 2, "triple": 3, "tripled": 3, "thrice": 3,
    "geen": 0, "niemand": 0, "nooit": 0, "niets": 0,
    "zonder": 0, "no": 0, "none": 0, "nobody": 0, "never": 0, "not": 0, "niet": 0,
}  # fmt: skip
_MINUTE, HOUR, _WEEK, _MONTH, _YEAR = 1 / 1440, 1 / 24, 7, 365.25 / 12, 365.25
DAYS = {
    "minuut": _MINUTE, "minuten": _MINUTE, "minute": _MINUTE, "minutes": _MINUTE,
    "kwartier": 15 * _MINUTE, "uur": HOUR, "uren": HOUR, "uurtje": HOUR, "hour": HOUR,
    "hours": HOUR, "halfuur": HOUR / 2, "dag": 1, "dagen": 1, "day": 1, "days": 1, "etmaal": 1,
    "etmalen": 1, "lesdagen": 1, "schooldagen": 1, "werkdag": 1.4, "werkdagen": 1.4, "week": _WEEK,
    "weken": _WEEK, "weeks": _WEEK, "fortnight": 14, "fortnights": 14, "maand": _MONTH,
    "maanden": _MONTH, "month": _MONTH, "months": _MONTH, "kwartaal": 91.3, "kwartalen": 91.3,
    "halfjaar": _YEAR / 2, "jaar": _YEAR, "jaren": _YEAR, "year": _YEAR, "years": _YEAR,
    "schooljaren": _YEAR, "decennium": 10 * _YEAR, "decennia": 10 * _YEAR, "decade": 10 * _YEAR,
    "decades": 10 * _YEAR, "eeuw": 100 * _YEAR, "eeuwen": 100 * _YEAR, "century": 100 * _YEAR,
}  # fmt: skip
WHOLE = frozenset(
    {"extra", "hele", "volle", "lange", "volledige", "full", "whole", "long", "entire"}
)
"""Words between a number and its unit of time."""
PERCENT = frozenset({"%", "procent", "percent", "procentpunt", "pct", "promille"})
EURO = frozenset({"€", "euro", "euros", "euro's", "eur"})
ONE = frozenset({"een", "one", "a", "an", "1"})


@lru_cache(maxsize=8192)
def in_words(word: str) -> float | None:
    """The value of one written number: 'driehonderdtien', 'zesjarige', 'forty'; else None."""
    value: float | None = ENGLISH.get(word)
    if value is None:
        value = _dutch(word)
    if value is None:
        for suffix in _ATTACHED:
            if word.endswith(suffix) and len(word) > len(suffix):
                return _dutch(word.removesuffix(suffix))
    return value


def _dutch(word: str) -> float | None:
    if word in _UNITS:
        return _UNITS[word]
    if word in _TENS:
        return _TENS[word]
    for half in ("eneenhalf", "eneenhalve", "enhalf", "enhalve"):
        if word.endswith(half):
            whole = _UNITS.get(word.removesuffix(half))
            return None if whole is None else whole + 0.5
    for scale, size in (("duizend", 1000), ("honderd", 100)):
        if scale in word:
            head, _, tail = word.partition(scale)
            times = _dutch(head) if head else 1
            rest = _behind(tail) if tail else 0
            return None if not times or rest is None else times * size + rest
    for tens, value in _TENS.items():
        if word.endswith(tens):
            unit = word.removesuffix(tens)
            small = _UNITS.get(unit[:-2]) if unit.endswith("en") else None
            return value + small if small and small <= 9 else None  # noqa: PLR2004 a unit before a ten: vierendertig
    return None


def _behind(tail: str) -> float | None:
    """'honderdvier', 'honderdenvier'."""
    value = _dutch(tail)
    return _dutch(tail.removeprefix("en")) if value is None and tail.startswith("en") else value


@lru_cache(maxsize=8192)
def rank(word: str) -> float | None:
    """The value of an ordinal, which is also the name of a part: 'negende', 'ninth', 'thirds'."""
    one = word.removesuffix("s")
    if one in _RANKS:
        return _RANKS[one]
    for ending in ("de", "ste"):
        if word.endswith(ending) and (value := _dutch(word.removesuffix(ending))) is not None:
            return value if value > 1 else None
    if one.endswith("tieth"):
        return ENGLISH.get(one.removesuffix("ieth") + "y")
    return ENGLISH.get(one.removesuffix("th")) if one.endswith("th") else None


@lru_cache(maxsize=8192)
def part(word: str) -> float | None:
    """A share in one word, as a percentage: 'helft', 'driekwart', 'viervijfde', 'tweederde'."""
    if word in {"helft", "half", "halve"}:
        return 50.0
    if word in {"kwart", "quarter"}:
        return 25.0
    for count in (2, 3, 4, 5):
        name = next(name for name, value in _UNITS.items() if value == count)
        whole = rank(word.removeprefix(name)) if word.startswith(name) else None
        if whole is not None and whole > count:
            return 100 * count / whole
    return None


@lru_cache(maxsize=8192)
def implied(word: str) -> float | None:
    """What a word lets a reader fill in: 'beide' two, 'verdrievoudigd' three, 'vierde' four."""
    if word in _IMPLIED:
        return _IMPLIED[word]
    value = rank(word)
    if value is not None:
        return value
    for ending in ("ers", "er"):
        if word.endswith(ending) and word.removesuffix(ending) in _TENS:
            return _TENS[word.removesuffix(ending)]
    for fold in _FOLDS:
        if word.endswith(fold):
            times = word.removesuffix(fold).removeprefix("ver")
            return in_words(times) if times else None
    return None


@lru_cache(maxsize=8192)
def figures(word: str) -> float | None:
    if not word or not word[0].isdecimal() or not word.isascii():
        return None
    plain = word.replace("\u00a0", "")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain):
        return float(re.sub(r"[.,]", "", plain))
    whole = plain.replace(".", "") if "," in plain else plain
    return float(whole.replace(",", "."))


def value_of(word: str) -> float | None:
    value = figures(word)
    return in_words(word) if value is None and word else value


def added(word: str, now: float, done: float) -> float:
    """What a following word adds: a unit to a ten, anything smaller to a hundred or a thousand."""
    value = in_words(word) if word not in ONE or word == "one" else None
    if not value:
        return 0.0
    if word in ENGLISH:
        ten = now >= 20 and now % 10 == 0 and now % 100 and value < 10  # noqa: PLR2004 a unit behind a ten
        hundred = now >= 100 and now % 100 == 0 and value < 100  # noqa: PLR2004 tens behind a hundred
        return value if ten or hundred or (done and not now) else 0.0
    thousand = (done and not now) or (now >= 1000 and now % 1000 == 0)  # noqa: PLR2004 Dutch has a space behind duizend only
    return value if thousand and value < 1000 else 0.0  # noqa: PLR2004 the rest behind a thousand
