"""Which phases did the policy of a case go through, and between which days was one missing?"""

from collections.abc import Iterator
from datetime import date

from uitvoering.cases.case import CaseFact
from uitvoering.cases.told import Told
from uitvoering.domain.events.journey import Phase
from uitvoering.domain.values import Value


class PhaseSeen(Value):
    phase: str
    entered_on: date | None
    left_on: date | None
    missing_until: date | None
    days_missing: int


def phases(told: Told) -> Iterator[PhaseSeen]:
    """One row for each time a phase was entered, and one for each stretch in which it never was.

    Nobody tells that a phase was left: phases may run side by side, so `left_on` stays open.
    """
    entered = [fact for fact in told.facts if fact.kind == "phase-entered" and fact.phase]
    executed = [
        fact
        for fact in told.facts
        if fact.kind == "entered-into-force" or (fact in entered and fact.phase is Phase.EXECUTE)
    ]
    for phase in Phase if entered else ():
        if phase is not Phase.EVALUATE:
            yield from _before_the_next(phase, entered, told)
    if executed or entered:
        yield from _evaluations(entered, executed, told)


def _row(phase: Phase, entered: date | None, since: date | None, until: date | None) -> PhaseSeen:
    missing = since is not None and until is not None and until > since
    days = (until - since).days if missing and since is not None and until is not None else 0
    return PhaseSeen(
        phase=phase.value,
        entered_on=entered,
        left_on=None,
        missing_until=until if missing else None,
        days_missing=days,
    )


def _before_the_next(phase: Phase, entered: list[CaseFact], told: Told) -> Iterator[PhaseSeen]:
    """Missing from the phase before it until the one after it; entered later: until then."""
    order = list(Phase)
    visits = [fact.counts_from for fact in entered if fact.phase is phase]
    before = [
        fact.counts_from
        for fact in entered
        if fact.phase and order.index(fact.phase) < order.index(phase)
    ]
    after = [
        fact.counts_from
        for fact in entered
        if fact.phase and order.index(fact.phase) > order.index(phase)
    ]
    skipped = bool(after) and (not visits or visits[0] > after[0])
    since = min([*before, told.facts[0].counts_from])
    if before and after and before[0] < after[0]:
        since = max(day for day in before if day < after[0])
    if not visits:
        yield _row(phase, None, since if skipped else None, after[0] if after else None)
        return
    yield _row(phase, visits[0], since if skipped else None, visits[0])
    yield from (_row(phase, day, None, None) for day in visits[1:])


def _evaluations(
    entered: list[CaseFact], executed: list[CaseFact], told: Told
) -> Iterator[PhaseSeen]:
    """Missing from execution or entry into force until it was entered, else until the last fact.

    Carried out again after an evaluation, a policy is to be evaluated again. Where execution and
    entry into force fall on other days, there is a row from each: either makes it due.
    """
    last = told.facts[-1].counts_from
    waiting: list[date | None] = []
    either = {fact.n: fact for fact in (*entered, *executed)}
    for fact in sorted(either.values(), key=lambda f: (f.counts_from, f.n)):
        if fact.phase is Phase.EVALUATE and fact.kind == "phase-entered":
            for since in waiting or [None]:
                yield _row(Phase.EVALUATE, fact.counts_from, since, fact.counts_from)
            waiting = []
        elif fact in executed and fact.counts_from not in waiting:
            waiting.append(fact.counts_from)
    never = all(fact.phase is not Phase.EVALUATE for fact in entered)
    for since in waiting or ([None] if never else []):
        yield _row(Phase.EVALUATE, None, since, last)
