"""What changed between every two statements of a case?"""

from collections.abc import Iterator
from itertools import combinations

from pydantic import ConfigDict, Field

from uitvoering.cases.answers import follows
from uitvoering.cases.case import CaseFact
from uitvoering.cases.streams import SIGNAL_KINDS
from uitvoering.cases.told import Told
from uitvoering.domain.values import Value
from uitvoering.softening.compare import compare
from uitvoering.softening.justification import Justification
from uitvoering.softening.verdict import overall


class Compared(Value):
    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    from_: int = Field(serialization_alias="from")
    to: int
    kind: str
    overall: str
    justification: str
    dimensions: dict[str, str]


def comparisons(told: Told) -> Iterator[Compared]:
    """Every pair of statements, earlier to later."""
    contested = _contested(told)
    pairs = (_in_order(one, two, told) for one, two in combinations(sorted(told.statements), 2))
    for first, second in sorted(pairs):
        found = compare(told.statements[first], told.statements[second])
        why = Justification.CONTESTED if second in contested else Justification.NONE
        yield Compared(
            from_=first,
            to=second,
            kind=_kind(first, second, told),
            overall=overall(found, why).value,
            justification=why.value,
            dimensions={row.dimension.value: row.result.value for row in found.dimensions},
        )


def _in_order(one: int, two: int, told: Told) -> tuple[int, int]:
    """As numbered, unless the file or the days say that the other way round is sure."""
    first, second = told.case.fact(one), told.case.fact(two)
    if first.n in _roots(second, told):
        return one, two
    if second.n in _roots(first, told):
        return two, one
    begins = first.possible_from or first.counts_from
    return (two, one) if second.counts_from < begins else (one, two)


def _contested(told: Told) -> frozenset[int]:
    filed = [fact for fact in told.facts if fact.kind == "contradiction-filed"]
    against = {told.streams.contradicted(fact) for fact in filed}
    return frozenset(n for n in against if n is not None)


def _kind(first: int, second: int, told: Told) -> str:
    """hop: with the one it follows; drift: with the first about the same matter."""
    earlier = _earlier(told.case.fact(second), told)
    if not earlier:
        return "other"
    if first == earlier[-1]:
        return "hop"
    return "drift" if first == earlier[0] else "other"


def _earlier(fact: CaseFact, told: Told) -> list[int]:
    """Statements before it about the same matter: what it goes back on, else its own stream."""
    roots = [n for n in _roots(fact, told) if n in told.statements]
    if roots:
        return list(reversed(roots))
    mine = [
        other.n
        for other in told.facts
        if other.n in told.statements
        and _same_matter(fact, other, told)
        and (other.counts_from, other.n) < (fact.counts_from, fact.n)
    ]
    return [n for n in mine if n != fact.n]


def _same_matter(fact: CaseFact, other: CaseFact, told: Told) -> bool:
    """A signal is one matter; in a test each condition is one."""
    if told.streams.of[fact.n] != told.streams.of[other.n]:
        return False
    return fact.kind in SIGNAL_KINDS or (
        fact.kind == other.kind and fact.condition == other.condition
    )


def _roots(fact: CaseFact, told: Told) -> list[int]:
    """What the fact weighs or answers, what that one does, and so on."""
    found: list[int] = []
    n = told.answered.get(fact.n) or follows(fact, told.case)
    while n is not None and n not in found and n != fact.n:
        found.append(n)
        of = told.case.fact(n)
        n = told.answered.get(n) or follows(of, told.case)
    return found
