"""Is less asked than before: from stopping or repairing, to changing, to studying, to nothing?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from uitvoering.domain.values import Statement
from uitvoering.softening.asks import LONGEST, Ask, asks
from uitvoering.softening.facets import Dimension, DimensionResult, Result, as_json, bounded
from uitvoering.softening.lexicon import Category
from uitvoering.softening.numbers import Kind, Number
from uitvoering.softening.reading import Reading, read
from uitvoering.softening.verbs import AT_ONCE, DO
from uitvoering.softening.words import Word

_LEVELS = {"nothing": 0, "study": 1, "limit": 2, "change": 2, "remedy": 3, DO: 3}
_DONE = 2
"""Levels from here up do something for the citizen; below it, something is looked at or noted."""
_ONLY_SOME = "only-some"
_NEVER = 1e9
_DATED = 1e4
_NOW = 1.0
_FACTOR = 1.5
"""How many times longer a term in words must be to count as later."""
_PERIODS = {
    "etmaal": 1.0, "week": 7.0, "weekend": 7.0, "maand": 31.0, "month": 31.0,
    "kwartaal": 92.0, "quarter": 92.0,
    "jaar": 366.0, "year": 366.0, "zomer": 183.0, "voorjaar": 183.0, "najaar": 183.0,
    "winter": 183.0, "schooljaar": 366.0,
}  # fmt: skip
_THIS = frozenset({"deze", "dit", "this", "lopende", "dezelfde", "een", "a", "one", "same", "het"})
_TOMORROW = frozenset({"morgen", "morgenochtend", "tomorrow", "overmorgen"})
_BEFORE = frozenset({"voor", "uiterlijk", "before", "by", "in", "binnen", "within", "op", "vanaf"})
_DATES = frozenset({
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december", "january", "february", "march", "june", "july", "august",
    "october", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "kerst",
    "winter", "zomer", "vakantie", "zomervakantie", "summer", "christmas", "weekend",
    "jaarwisseling",
})  # fmt: skip
_ALL = frozenset(
    {"alle", "allen", "elk", "elke", "ieder", "iedere", "iedereen", "all", "every", "each"}
)
_NEAR = 2
_DEFINITE = frozenset({"de", "het", "deze", "die", "alle", "the", "these", "those", "all", "hun"})


@dataclass(frozen=True, slots=True)
class _Request:
    reading: Reading
    asks: tuple[Ask, ...]
    softeners: frozenset[str]
    within: float
    """Days, as far as the words say: 1 is at once."""


def action(before: Statement, after: Statement) -> DimensionResult:
    """An ask with an unknown verb is something to do, until there is a sign that it is less."""
    earlier, later = before.requested_action, after.requested_action
    result, strength, rule = _moved(earlier, later)
    return DimensionResult(
        dimension=Dimension.ACTION,
        result=result,
        strength=bounded(strength),
        rule=rule,
        before=as_json(earlier),
        after=as_json(later),
    )


def action_class(asked: str) -> str | None:
    """The class of the strongest ask, if the lexicon knows its verb."""
    found = asks(read(asked))
    kind = max((ask.kind for ask in found), key=_LEVELS.__getitem__, default=DO)
    return None if kind == DO else kind


def _moved(earlier: str | None, later: str | None) -> tuple[Result, float, str]:
    if earlier is None and later is None:
        return Result.UNCHANGED, 0, "action-equal"
    if later is None:
        return Result.MISSING, 3, "action-gone"
    if earlier is None:
        return Result.SHARPENED, 1, "action-new"
    before, after = _request(earlier), _request(later)
    if _words(before) == _words(after):
        return Result.UNCHANGED, 0, "action-equal"
    for measure, less, more in _MEASURES:
        moved = measure(before, after)
        if moved < 0:
            return Result.SOFTENED, -moved, less
        if moved > 0:
            return Result.SHARPENED, moved, more
    return Result.UNCHANGED, 0, "action-class-equal"


@lru_cache(maxsize=512)
def _request(asked: str) -> _Request:
    reading = read(asked)
    softeners = reading.of(Category.ACTION_SOFTENER)
    return _Request(
        reading=reading,
        asks=asks(reading),
        softeners=frozenset(cue.entry.name for cue in softeners),
        within=_within(reading),
    )


def _words(request: _Request) -> list[str]:
    return [token.word for token in request.reading.tokens]


def _class(before: _Request, after: _Request) -> int:
    """Coordinated asks count by the strongest."""
    had, has = _strongest(before), _strongest(after)
    return 0 if {had, has} == {DO, "change"} else _LEVELS[has] - _LEVELS[had]


def _strongest(request: _Request) -> str:
    return max((ask.kind for ask in request.asks), key=_LEVELS.__getitem__, default=DO)


def _reversed(before: _Request, after: _Request) -> int:
    """The same verb asked for on one side and, on the other, asked not to be done."""
    turned = any(
        one.verb == other.verb and one.negated != other.negated
        for one in before.asks
        for other in after.asks
    )
    return -3 if turned else 0


def _softness(before: _Request, after: _Request) -> int:
    return bool(before.softeners - {_ONLY_SOME}) - bool(after.softeners - {_ONLY_SOME})


def _extent(before: _Request, after: _Request) -> int:
    if _some_of(before, after):
        return -1
    limited = (_ONLY_SOME in before.softeners) - (_ONLY_SOME in after.softeners)
    if limited:
        return limited
    for kind in (Kind.EURO, Kind.PERCENTAGE, Kind.COUNT):
        had, has = _amounts(before, kind), _amounts(after, kind)
        if len(had) == len(has) == 1 and had[0].value != has[0].value:
            return 1 if has[0].value > had[0].value else -1
        if had and not has and not after.reading.numbers and not _definite(before, had[0]):
            return -1
    return 0


def _some_of(before: _Request, after: _Request) -> bool:
    """'All tenants' who have become 'tenants in need': neither all of them nor those known."""
    if any(token.word in _ALL for token in after.reading.tokens):
        return False
    tokens = before.reading.tokens
    at = next((at for at, token in enumerate(tokens) if token.word in _ALL), len(tokens))
    words = before.reading.vocabulary.words
    named = next((word for word in words if at < word.at <= at + _NEAR), None)
    return named is not None and any(
        not (named.keys.isdisjoint(other.keys) or _is_known(after, other.at))
        for other in after.reading.vocabulary.words
    )


def _is_known(request: _Request, at: int) -> bool:
    ahead = request.reading.tokens[max(0, at - 2) : at]
    return any(token.word in _DEFINITE or token.word[0].isdecimal() for token in ahead)


def _amounts(request: _Request, kind: Kind) -> list[Number]:
    """Not the number of a page or an article: that stands behind a noun."""
    named = {word.at for word in request.reading.vocabulary.words}
    verbs = {ask.first for ask in request.asks}
    return [
        number
        for number in request.reading.numbers
        if number.kind is kind and number.first - 1 not in named - verbs
    ]


def _definite(request: _Request, number: Number) -> bool:
    tokens = request.reading.tokens
    return number.first > 0 and tokens[number.first - 1].word in _DEFINITE


def _urgency(before: _Request, after: _Request) -> int:
    had, has = before.within, after.within
    if _DATED in {had, has} and _NEVER not in {had, has}:
        return 0
    if has >= had * _FACTOR:
        return -1
    return 1 if had >= has * _FACTOR else 0


def _within(reading: Reading) -> float:
    if any(cue.entry.name == AT_ONCE for cue in reading.of(Category.ACTION)):
        return _NOW
    terms = [number.value for number in reading.numbers if _is_a_term(reading, number)]
    dated = False
    for at, token in enumerate(reading.tokens):
        ahead = reading.tokens[at - 1].word if at else ""
        if token.word in _TOMORROW:
            terms.append(2 * _NOW)
        elif token.word in _PERIODS and ahead in _THIS:
            terms.append(_PERIODS[token.word])
        elif token.word in _DATES:
            dated = dated or any(one.word in _BEFORE for one in reading.tokens[max(0, at - 3) : at])
    return max(_NOW, min(terms)) if terms else _DATED if dated else _NEVER


def _is_a_term(reading: Reading, number: Number) -> bool:
    """'Within four weeks', not 'the limit of four weeks'."""
    ahead = reading.tokens[max(0, number.first - 2) : number.first]
    return number.kind is Kind.DAYS and any(token.word in _BEFORE for token in ahead)


def _parts(before: _Request, after: _Request) -> int:
    return _gone(after, before) - _gone(before, after)


def _gone(before: _Request, after: _Request) -> int:
    """Of several things to be done fewer are left, or one of them is now looked at."""
    had, has = _done(before), _done(after)
    lost = [
        ask for ask in had if _objects(before, ask) and not _shared(before, ask, after, after.asks)
    ]
    if len(has) < len(had) and 0 < len(lost) < len(had):
        return 1
    studied = [ask for ask in after.asks if ask not in has]
    if not studied or len(had) < len(before.asks):
        return 0
    return int(
        any(_shared(before, ask, after, studied) - _shared(before, ask, after, has) for ask in had)
    )


def _done(request: _Request) -> list[Ask]:
    return [ask for ask in request.asks if _LEVELS[ask.kind] >= _DONE]


def _objects(request: _Request, ask: Ask) -> list[Word]:
    words = request.reading.vocabulary.words[:LONGEST]
    return [word for word in words if ask.first <= word.at <= ask.last and word.lemma != ask.verb]


def _shared(before: _Request, ask: Ask, after: _Request, others: Sequence[Ask]) -> set[int]:
    """Which objects of an ask are objects of those others too."""
    keys = {key for other in others for word in _objects(after, other) for key in _keys(word)}
    return {word.at for word in _objects(before, ask) if not keys.isdisjoint(_keys(word))}


def _keys(word: Word) -> frozenset[str]:
    return word.keys.union(*word.parts)


_Measure = Callable[[_Request, _Request], int]
_MEASURES: tuple[tuple[_Measure, str, str], ...] = (
    (_class, "action-class-lower", "action-class-higher"),
    (_reversed, "action-reversed", ""),
    (_softness, "action-softener-added", "action-softener-gone"),
    (_extent, "action-extent-smaller", "action-extent-larger"),
    (_urgency, "action-later", "action-sooner"),
    (_parts, "action-part-gone", "action-part-added"),
)
"""In order of weight: the first that moved decides, so that nothing is netted."""
