"""Did every level concerned get the same version of a finding before it was issued?

An outside body drafts a finding, puts the draft to one or more levels, and issues it in other
words. It is symmetric only if every level of the line that acted in the matter had the draft.
"""

from collections.abc import Iterator

from uitvoering.cases.told import Told
from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.signal import SignalRestated
from uitvoering.domain.values import Level, Value, Way


class ReplySeen(Value):
    fact: int
    of: int
    symmetric: bool


def replies(told: Told) -> Iterator[ReplySeen]:
    """Each final version against its draft, and each later fact that speaks of that version."""
    for n, event in told.events.items():
        draft = _draft_of(told, n)
        if draft is None:
            continue
        symmetric = _concerned(told, draft) <= _had(told, draft)
        yield ReplySeen(fact=n, of=draft, symmetric=symmetric)
        for later, fact in told.events.items():
            weighs = told.streams.fact(later).compares_with
            if later > n and weighs == n and fact.level is event.level:
                yield ReplySeen(fact=later, of=n, symmetric=symmetric)


def _draft_of(told: Told, n: int) -> int | None:
    """The finding that the same outside level restated in this fact."""
    event = told.events[n]
    if not isinstance(event.fact, SignalRestated) or event.level.way is not Way.EXTERNAL:
        return None
    draft = told.number(event.fact.previous)
    found = None if draft is None else told.events.get(draft)
    same = found is not None and found.level is event.level
    return draft if same and found is not None and isinstance(found.fact, FindingIssued) else None


def _had(told: Told, draft: int) -> frozenset[Level]:
    """Who got the draft: its addressee, and whoever the same body put the same draft to."""
    event = told.events[draft]
    return frozenset(
        other.fact.to
        for other in told.events.values()
        if isinstance(other.fact, FindingIssued)
        and other.fact.to is not None
        and other.level is event.level
        and other.fact.statement == getattr(event.fact, "statement", None)
    )


def _concerned(told: Told, draft: int) -> frozenset[Level]:
    """Levels of the line below parliament that acted in the matter before the draft."""
    return frozenset(
        event.level
        for n, event in told.events.items()
        if n < draft and event.level.way is Way.LINE and event.level is not Level.PARLIAMENT
    )
