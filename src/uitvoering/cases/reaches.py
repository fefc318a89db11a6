"""By which fact, and by which route, did each level first have the matter?

The rules are those of the read model `first_reach`, over every stream of the case: also a test and
a finding reach whoever they are put to.
"""

from collections.abc import Iterator
from datetime import date

from uitvoering.cases.case import CaseFact
from uitvoering.cases.streams import TEST_KINDS
from uitvoering.cases.told import Told
from uitvoering.domain.values import Level, Value, Way
from uitvoering.projections.first_reach import way_passed_on

_PASSED_ON = frozenset(
    {
        "signalled",
        "handed-on",
        "restated",
        "cited",
        "withheld-passages",
        "disclosed",
        "advice-asked",
        "advice-given",
        "contradiction-filed",
        "finding-issued",
        "verdict-given",
        "condition-stated",
        "recommendation-made",
    }
)
"""Silence, an answer, a measure, a request for a test or an entry do not show who had it."""

_Reach = tuple[date, int, Way]


class ReachSeen(Value):
    level: Level
    fact: int
    route: Way


def reaches(told: Told) -> Iterator[ReachSeen]:
    """Over all matters of the case together: the earliest by which each level had one."""
    earliest: dict[Level, _Reach] = {}
    for matter in _matters(told).values():
        for level, reach in _within(matter, told).items():
            known = earliest.get(level)
            if known is None or reach[:2] < known[:2]:
                earliest[level] = reach
    for level, (_, n, way) in sorted(earliest.items(), key=lambda item: item[1][:2]):
        yield ReachSeen(level=level, fact=n, route=way)


def _matters(told: Told) -> dict[str, list[CaseFact]]:
    """Each signal with the findings about it, and the tests; without a signal the case is one."""
    found: dict[str, list[CaseFact]] = {}
    for fact in told.facts:
        if fact.kind not in _PASSED_ON:
            continue
        if not told.streams.signals:
            matter: str | None = "case"
        elif fact.kind in TEST_KINDS:
            matter = "tests"
        elif fact.kind == "finding-issued":
            matter = told.streams.signal_named(fact)  # without one it is about something else
        else:
            matter = told.streams.of[fact.n]
        if matter is not None:
            found.setdefault(matter, []).append(fact)
    return found


def _within(facts: list[CaseFact], told: Told) -> dict[Level, _Reach]:
    reached: dict[Level, _Reach] = {}
    for fact in facts:
        by = told.level(fact.by)
        known = reached.get(by)
        if known is None or known[0] > fact.counts_from:
            reached[by] = (fact.counts_from, fact.n, by.way)
        if fact.to is None:
            continue
        to, on = told.level(fact.to), fact.starts_terms_on
        if to not in reached or on < reached[to][0]:
            reached[to] = (on, fact.n, way_passed_on(by, reached[by][2]))
    return reached
