"""Which advice was given again, and which hard aim was steered on while soft signals were red?"""

from collections.abc import Iterator

from uitvoering.cases.case import CaseFact
from uitvoering.cases.told import Told
from uitvoering.domain.values import Light, Statement, Value
from uitvoering.projections.kpi_tension import SERIOUS

_ADVICE = frozenset({"recommendation-made", "advice-given", "condition-stated", "finding-issued"})
_SOFT = frozenset({"signalled", "handed-on", "restated"})
_AIMS = frozenset(
    {"measure-decided", "measure-in-effect", "test-requested", "verdict-given", "finding-issued"}
)


class AdviceSeen(Value):
    facts: tuple[int, ...]
    days: int


class TensionSeen(Value):
    soft: tuple[int, ...]
    hard: int


def repeated(told: Told) -> Iterator[AdviceSeen]:
    """The same theme, or condition where no theme is named, by the same level on a later day."""
    given: dict[tuple[str, str], list[CaseFact]] = {}
    for fact in told.facts:
        about = fact.theme or fact.condition
        if fact.kind in _ADVICE and about is not None:
            given.setdefault((fact.by, " ".join(about.split()).casefold()), []).append(fact)
    for facts in given.values():
        days = (facts[-1].counts_from - facts[0].counts_from).days
        if days > 0:
            yield AdviceSeen(facts=tuple(sorted(fact.n for fact in facts)), days=days)


def tensions(told: Told) -> Iterator[TensionSeen]:
    """Every hard aim with the signals that were red or heavy by that day."""
    for hard in told.facts:
        if not _is_hard(hard, told.statements.get(hard.n)):
            continue
        soft = [
            fact.n
            for fact in told.facts
            if fact.kind in _SOFT
            and fact.n != hard.n
            and fact.counts_from <= hard.counts_from
            and _is_heavy(told.statements.get(fact.n))
        ]
        if soft:
            yield TensionSeen(soft=tuple(sorted(soft)), hard=hard.n)


def _is_heavy(put: Statement | None) -> bool:
    return put is not None and (put.light is Light.RED or (put.severity or 0) >= SERIOUS)


def _is_hard(fact: CaseFact, put: Statement | None) -> bool:
    """A green light; or an aim on a theme or with a term, that is not itself red or heavy."""
    if put is None:
        return False
    if put.light is Light.GREEN:
        return True
    aim = fact.theme is not None or put.act_within_days is not None
    return fact.kind in _AIMS and aim and not _is_heavy(put)
