"""What changed between a test's draft and the law, and at whose asking?"""

from datetime import date
from enum import StrEnum

from uitvoering.domain.events.implementation_test import CarrierStage
from uitvoering.domain.values import Level, Statement
from uitvoering.projections.challenged_verdicts import ContestedVerdict, contested_in
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.implementation_test_parts import Carried, Rewrite
from uitvoering.projections.implementation_tests import TestDocument
from uitvoering.softening.compare import compare
from uitvoering.softening.facets import DimensionResult
from uitvoering.softening.justification import Justification
from uitvoering.softening.verdict import Label, Overall, labels, overall


class PassageKind(StrEnum):
    """What is compared with what."""

    REWRITE = "rewrite"
    """A passage before and after someone asked for a change."""
    HOP = "hop"
    """A document with the one before it on the way from draft to parliament."""
    DRIFT = "drift"
    """A document with the first one."""


class RewrittenPassage(Row):
    """Two statements of one test side by side, with all twelve results."""

    test: str
    proposal: str
    kind: PassageKind
    happened_on: date
    event: str
    """The fact that brought the later statement."""
    from_event: str | None
    """The fact of the earlier statement; null for a rewrite, which brings both."""
    from_stage: CarrierStage | None
    to_stage: CarrierStage | None
    from_carrier: str | None
    carrier: str | None
    before: Statement
    after: Statement
    asked_by: Level | None
    """Null: nobody is recorded as having asked."""
    asked_by_organisation: str | None
    reason: str | None
    """As given, in free words; without a code it justifies nothing (DOMAIN 5)."""
    overall: Overall
    labels: tuple[Label, ...]
    results: tuple[DimensionResult, ...]
    challenges: tuple[ContestedVerdict, ...] = ()
    """Of these results; the verdict itself stays computed."""
    method: str


def test_rewrites(
    documents: Documents,
    moment: Moment,  # noqa: ARG001 every read model is asked at a moment; this one has no terms
    *,
    test: str | None = None,  # noqa: PT028 a read model by the name DOMAIN 9 gives it, no test
    proposal: str | None = None,  # noqa: PT028 the same
) -> list[RewrittenPassage]:
    """List by test: rewritten passages first, then each document with the one before and the first.

    Costs one comparison per row.
    """
    return [
        row
        for key, known in documents.all(TestDocument)
        if test in (None, key) and proposal in (None, known.proposal)
        for row in _passages(key, known, documents)
    ]


def _passages(key: str, test: TestDocument, documents: Documents) -> list[RewrittenPassage]:
    rows = (*_rewrites(key, test), *_chain(key, test))
    said = {(row.from_event, row.event): row.results for row in rows}
    contested = contested_in(documents, key, said)
    return [
        row.model_copy(
            update={
                "challenges": tuple(
                    c
                    for c in contested
                    if (c.from_event, c.to_event) == (row.from_event, row.event)
                )
            }
        )
        for row in rows
    ]


def _rewrites(key: str, test: TestDocument) -> list[RewrittenPassage]:
    in_order = sorted(test.rewrites, key=lambda r: r.rewritten_on)
    return [_rewritten(key, test, rewrite) for rewrite in in_order]


def _chain(key: str, test: TestDocument) -> list[RewrittenPassage]:
    """Give the second document its hop alone: its drift would be the same comparison."""
    stages = list(CarrierStage)
    chain = sorted(test.carriers, key=lambda c: (stages.index(c.stage), c.stated_on))
    rows: list[RewrittenPassage] = []
    for n, carried in enumerate(chain[1:], start=1):
        rows.append(_carried(key, test, PassageKind.HOP, chain[n - 1], carried))
        if n > 1:
            rows.append(_carried(key, test, PassageKind.DRIFT, chain[0], carried))
    return rows


def _rewritten(key: str, test: TestDocument, rewrite: Rewrite) -> RewrittenPassage:
    return _row(
        key,
        test,
        kind=PassageKind.REWRITE,
        event=rewrite.event,
        happened_on=rewrite.rewritten_on,
        before=rewrite.before,
        after=rewrite.after,
        carrier=rewrite.carrier,
        asked_by=rewrite.asked_by,
        asked_by_organisation=rewrite.asked_by_organisation,
        reason=rewrite.reason,
    )


def _carried(
    key: str, test: TestDocument, kind: PassageKind, earlier: Carried, later: Carried
) -> RewrittenPassage:
    return _row(
        key,
        test,
        kind=kind,
        event=later.event,
        happened_on=later.stated_on,
        before=earlier.statement,
        after=later.statement,
        carrier=later.carrier,
        earlier=earlier,
        to_stage=later.stage,
    )


def _row(
    key: str,
    test: TestDocument,
    *,
    kind: PassageKind,
    event: str,
    happened_on: date,
    before: Statement,
    after: Statement,
    carrier: str | None,
    earlier: Carried | None = None,
    to_stage: CarrierStage | None = None,
    asked_by: Level | None = None,
    asked_by_organisation: str | None = None,
    reason: str | None = None,
) -> RewrittenPassage:
    comparison = compare(before, after)
    outcome = overall(comparison, Justification.NONE)
    return RewrittenPassage(
        test=key,
        proposal=test.proposal,
        kind=kind,
        happened_on=happened_on,
        event=event,
        from_event=earlier.event if earlier else None,
        from_stage=earlier.stage if earlier else None,
        to_stage=to_stage,
        from_carrier=earlier.carrier if earlier else None,
        carrier=carrier,
        before=before,
        after=after,
        asked_by=asked_by,
        asked_by_organisation=asked_by_organisation,
        reason=reason,
        overall=outcome,
        labels=labels(comparison, before, after, outcome),
        results=comparison.dimensions,
        method=comparison.method,
    )
