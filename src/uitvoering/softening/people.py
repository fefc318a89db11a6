"""Of how many people, and of which, does a text speak in its words alone?"""

from collections.abc import Sequence

from uitvoering.softening.facets import Result, Side, Span
from uitvoering.softening.findings import Finding, Known, spans
from uitvoering.softening.lexicon import Category, Cue
from uitvoering.softening.number_pool import NumberPool
from uitvoering.softening.numbers import Kind, Number
from uitvoering.softening.reading import Reading

_REACH = 4
"""Words behind a number or a quantifier in which the people it is about are named."""
_APART = frozenset({
    "keer", "maal", "times", "graden", "degrees", "meter", "kilometer", "uur", "dag", "dagen",
    "week", "weken", "maand", "maanden", "jaar", "euro", "procent", "een", "het", "in", "op", "bij",
    "met", "voor", "aan", "door", "naar", "en", "of", "die", "dat", "waar", "is", "zijn", "was",
    "waren", "wordt", "worden", "heeft", "hebben", "werd", "werden", "and", "or", "with", "for",
    "by", "at", "on", "to", "that", "who", "are", "were", "has", "have", "a",
})  # fmt: skip
"""Words behind which another thing begins: 'three times a man', '46 degrees for people'."""
_PEOPLE_ENDINGS = (
    "gezinnen", "families", "huishoudens", "ouders", "moeders", "vaders", "kinderen", "jongens",
    "meisjes", "vrouwen", "mannen", "mensen", "burgers", "bewoners", "huurders", "gebruikers",
    "werkers", "nemers", "houders", "verleners", "meesters", "gerechtigden", "aanvragers",
    "patienten", "clienten", "leerlingen", "studenten", "slachtoffers", "reizigers", "plussers",
    "zoekers", "lieden", "slapers", "rijders", "dragers", "lozen", "ontvangers", "krachten",
    "migranten", "verlaters", "betalers", "genoten", "kundigen", "agenten", "gasten", "workers",
    "holders", "seekers", "people", "women", "children", "families", "households", "parents",
)  # fmt: skip
"""Last parts of compounds that name people: 'kermisfamilies', 'bijstandsmoeders'."""
_PEOPLE_THEMSELVES = frozenset({
    "enkelen", "sommigen", "weinigen", "enkeling", "enkelingen", "menigeen", "velen",
})  # fmt: skip
_THEM = frozenset({"hen", "hun", "ons", "them", "us"})
_NO_AMOUNT = frozenset({"minder", "minst", "minste", "meer", "less", "least", "more"})
"""Forms of 'few' and 'many' that compare; they name no part of a group."""
_THE_NUMBER = frozenset({"het", "dit", "dat", "the", "this", "hun", "ons"})
_DEFINITE = frozenset({"de", "het", "deze", "die", "alle", "the", "these", "those", "all"})
_GROUP = frozenset({"groep", "group"})
_CASES = "cases"
"""The entry of files and homes, which stand for people but are not people."""
_VAGUE = frozenset({"few", "number"})
_PARTLY = frozenset({"few", "number", "not-all", "sometimes", "many"})


def scope_in_words(before: Reading, after: Reading, fields: Known) -> Finding:
    """Fewer people in the text alone, whatever the fields say."""
    gone = _count_gone(before, after, fields)
    if gone is not None:
        return gone
    was, now = _amounts(before), _amounts(after)
    if was and now:
        high, low = _most(was), _most(now)
        moved = low.entry.weight - high.entry.weight
        words = (*spans(before, Side.ORIGINAL, [high]), *spans(after, Side.RESTATED, [low]))
        if moved < 0:
            return Finding(Result.SOFTENED, -moved, "fewer-in-words", words)
        if moved > 0:
            return Finding(Result.SHARPENED, moved, "more-in-words", words)
    blurred = _blurred(before, after)
    if blurred:
        return Finding(Result.SOFTENED, 1, "count-blurred-in-words", blurred)
    vague = [cue for cue in now if cue.entry.name in _VAGUE]
    if vague and not _partly(before):
        return Finding(
            Result.SOFTENED, 1, "part-of-them-in-words", spans(after, Side.RESTATED, vague)
        )
    vague = [cue for cue in was if cue.entry.name in _VAGUE]
    if (
        vague
        and not now
        and not _partly(after, loosely=False)
        and _same_people(before, vague, after)
    ):
        return Finding(
            Result.SHARPENED, 1, "all-of-them-in-words", spans(before, Side.ORIGINAL, vague)
        )
    return Finding(rule="scope-even")


def _blurred(before: Reading, after: Reading) -> tuple[Span, ...]:
    """'41 of the cases' became 'a number of cases'."""
    vague = [
        cue
        for cue in after.of(Category.QUANTIFIER)
        if cue.entry.name in _VAGUE and _is_an_amount(after, cue)
    ]
    if not vague or _partly(before):
        return ()
    there = NumberPool(after.numbers, after.implied, before.numbers)
    for number in before.numbers:
        if number.kind not in {Kind.COUNT, Kind.PERCENTAGE} or there.holds(number):
            continue
        if _people_behind(before, number.last) is None:
            continue
        of = _things_behind(before, number.last)
        for cue in vague:
            if of & _things_behind(after, cue.last):
                return (
                    *spans(before, Side.ORIGINAL, [number]),
                    *spans(after, Side.RESTATED, [cue]),
                )
    return ()


def _things_behind(reading: Reading, last: int) -> frozenset[str]:
    """What a number or an amount is of, in dictionary forms."""
    near = reading.vocabulary.near(last + 1, last + _REACH - 1)
    return frozenset(word.lemma for word in near)


def _count_gone(before: Reading, after: Reading, fields: Known) -> Finding | None:
    """The highest count of people that is known to be the one, or stands before people."""
    known = [n for n in before.numbers if n.kind is Kind.COUNT and n.value == fields.count_before]
    counted = known or [
        n for n in before.numbers if n.kind is Kind.COUNT and _people_behind(before, n.last)
    ]
    if not counted:
        return None
    most = max(counted, key=lambda number: number.value)
    if not known and not _spoken_of(before, after, most):
        return None  # with them their whole story went: an omission, no smaller group
    if NumberPool(after.numbers, after.implied, before.numbers).holds(most):
        return None
    there = NumberPool(before.numbers)
    higher = [n for n in after.counted if n.value > most.value and not there.holds(n)]
    if higher:
        return Finding(
            Result.SHARPENED, 1, "higher-count-in-words", spans(after, Side.RESTATED, higher)
        )
    amounts = _amounts(after)
    if fields.same_count and not amounts and _still_named(before, after, most):
        return Finding(rule="count-kept-in-field")  # 'the parents' with the count beside it
    words = (
        *spans(before, Side.ORIGINAL, [most]),
        *spans(after, Side.RESTATED, [*after.counted, *amounts]),
    )
    return Finding(Result.SOFTENED, 1 if after.counted else 2, "count-gone-in-words", words)


def _spoken_of(before: Reading, after: Reading, count: Number) -> bool:
    noun = _named_behind(before, count)
    kinds = {cue.entry.name for cue in after.of(Category.PEOPLE)}
    return bool(_amounts(after)) or (noun is not None and noun.entry.name in kinds)


def _still_named(before: Reading, after: Reading, count: Number) -> bool:
    """The very people that were counted, named as known: 'the parents', not 'some parents'."""
    noun = _named_behind(before, count)
    if noun is None:
        return False
    name = before.vocabulary.lemmas[noun.last]
    return any(
        after.vocabulary.lemmas[cue.last] == name and _as_known(after, cue.first)
        for cue in after.of(Category.PEOPLE)
    )


def _as_known(reading: Reading, at: int) -> bool:
    """'The parents', 'all parents', or 'Parents ...' of whom the whole sentence speaks."""
    tokens = reading.tokens
    opens = at == 0 or tokens[at - 1].sentence != tokens[at].sentence
    return opens or tokens[at - 1].word in _DEFINITE


def _named_behind(reading: Reading, number: Number) -> Cue | None:
    """Who this number counts, when they are named before another thing begins."""
    at = _people_behind(reading, number.last)
    return reading.people.get(at) if at is not None else None


def _people_behind(reading: Reading, last: int) -> int | None:
    """Where people are named before another thing begins, by an entry or as a compound."""
    people, tokens = reading.people, reading.tokens
    for at in range(last + 1, min(last + 1 + _REACH, len(tokens))):
        if (
            tokens[at].start - tokens[at - 1].end > 1
            or tokens[at].sentence != tokens[last].sentence
        ):
            return None
        if at in people or tokens[at].word.endswith(_PEOPLE_ENDINGS):
            return at
        if tokens[at].word in _APART:
            return None
    return None


def _amounts(reading: Reading) -> tuple[Cue, ...]:
    """'Some tenants' and 'a part of them', not 'some time', 'fewer costs' or 'the number of'."""
    return tuple(
        cue
        for cue in reading.of(Category.QUANTIFIER)
        if cue.entry.name not in {"none", "sometimes"}
        and _is_an_amount(reading, cue)
        and (_people_behind(reading, cue.last) is not None or _of_them(reading, cue))
    )


def _is_an_amount(reading: Reading, cue: Cue) -> bool:
    word = reading.tokens[cue.first].word
    ahead = reading.tokens[cue.first - 1].word if cue.first else ""
    if ahead in {"te", "too"}:
        return False
    inside = {token.word for token in reading.tokens[cue.first : cue.last + 1]}
    if inside & _GROUP and any(
        n.first in range(cue.last + 1, cue.last + 4) for n in reading.numbers
    ):
        return False  # 'a group of sixty'
    return word not in _NO_AMOUNT and not (word in {"aantal", "number"} and ahead in _THE_NUMBER)


def _of_them(reading: Reading, cue: Cue) -> bool:
    behind = [token.word for token in reading.tokens[cue.last : cue.last + 3]]
    return bool(_THEM & set(behind))


def _partly(reading: Reading, *, loosely: bool = True) -> bool:
    """Whether any word says that it is not about all; strictly, not of some other thing."""
    return any(
        cue.entry.name in _PARTLY
        and _is_an_amount(reading, cue)
        and (loosely or cue.entry.name not in _VAGUE or _by_itself(reading, cue))
        for cue in reading.of(Category.QUANTIFIER)
    )


def _by_itself(reading: Reading, cue: Cue) -> bool:
    """'A part says so', not 'some centimetres'."""
    at = cue.last + 1
    if reading.tokens[cue.last].word in _PEOPLE_THEMSELVES:
        return True
    return at >= len(reading.tokens) or reading.tokens[at].word in _APART


def _same_people(before: Reading, amounts: Sequence[Cue], after: Reading) -> bool:
    people = before.people
    behind = (_people_behind(before, cue.last) for cue in amounts)
    named = {people[at].entry.name for at in behind if at is not None and at in people} - {_CASES}
    return any(cue.entry.name in named for cue in after.of(Category.PEOPLE))


def _most(cues: Sequence[Cue]) -> Cue:
    return max(cues, key=lambda cue: cue.entry.weight)
