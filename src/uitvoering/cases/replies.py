"""Did every level concerned get the same version of a finding before it was issued?

An outside body drafts a finding, puts the draft to one or more levels, and issues it in other
words. It is symmetric only if every level of the line that acted in the matter had the draft. A
body that puts one finding to another level in other words gives it another version; a body that
tells about its own finding tells about a version that some had and others had not.
"""

from collections.abc import Iterator

from uitvoering.cases.case import CaseFact
from uitvoering.cases.told import Told
from uitvoering.domain.values import Level, Statement, Value, Way

_LATER = frozenset({"disclosed", "finding-issued", "restated", "cited"})


class ReplySeen(Value):
    fact: int
    of: int
    symmetric: bool


def replies(told: Told) -> Iterator[ReplySeen]:
    """Each later version against its draft, and each later fact that speaks of that version."""
    for fact in told.facts:
        of = _goes_back_on(fact, told)
        if of is None:
            continue
        draft = _draft_of(of, told) or of
        if draft.to is None or told.level(draft.to).way is not Way.LINE:
            continue
        if fact.kind == "finding-issued" and not _is_draft(draft):
            symmetric = _same_words(fact, draft, told)
        else:
            symmetric = _concerned(told, draft) <= _had(told, draft)
        yield ReplySeen(fact=fact.n, of=of.n, symmetric=symmetric)


def _goes_back_on(fact: CaseFact, told: Told) -> CaseFact | None:
    """The version of its own finding that an outside body speaks of in this fact."""
    n = told.streams.referred(fact)
    if n is None or n not in told.events or fact.kind not in _LATER:
        return None
    of = told.case.fact(n)
    outside = told.level(fact.by).way is Way.EXTERNAL and of.by == fact.by
    issued = of.kind == "finding-issued" or _draft_of(of, told) is not None
    return of if outside and issued else None


def _draft_of(final: CaseFact, told: Told) -> CaseFact | None:
    """The finding that the same outside body issued in other words in this fact."""
    n = told.streams.referred(final)
    if n is None or n not in told.events or final.kind != "restated":
        return None
    draft = told.case.fact(n)
    return draft if draft.kind == "finding-issued" and draft.by == final.by else None


def _is_draft(finding: CaseFact) -> bool:
    said = finding.statement.text if finding.statement else finding.source.title
    return "concept" in said.casefold()


def _same_words(one: CaseFact, other: CaseFact, told: Told) -> bool:
    first, second = told.statements.get(one.n), told.statements.get(other.n)
    return _put(first) == _put(second)


def _put(statement: Statement | None) -> object:
    return statement and statement.model_dump(exclude={"quote", "coded"})


def _had(told: Told, draft: CaseFact) -> frozenset[Level]:
    """Who got the draft: its addressee, and whoever the same body put the same draft to."""
    return frozenset(
        told.level(other.to)
        for other in told.facts
        if other.kind == "finding-issued"
        and other.to is not None
        and other.by == draft.by
        and _same_words(other, draft, told)
    )


def _concerned(told: Told, draft: CaseFact) -> frozenset[Level]:
    """Levels of the line below parliament that acted in the matter before the draft."""
    acted = (
        told.level(fact.by)
        for fact in told.facts
        if fact.n != draft.n and fact.counts_from <= draft.counts_from
    )
    return frozenset(
        level for level in acted if level.way is Way.LINE and level is not Level.PARLIAMENT
    )
