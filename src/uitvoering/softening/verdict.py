"""What did the twelve results come to, and by which words does a reader know them?"""

from enum import StrEnum

from uitvoering.domain.values import Cause, Statement, StatementField
from uitvoering.softening.action import action_class
from uitvoering.softening.compare import Comparison
from uitvoering.softening.facets import Dimension, Result, both_read
from uitvoering.softening.justification import Justification


class Overall(StrEnum):
    UNCHANGED = "unchanged"
    SHARPENED = "sharpened"
    SOFTENED = "softened"
    MIXED = "mixed"
    REASSESSED = "reassessed"


class Label(StrEnum):
    """Computed for readers; the last four come from lapses, withheld passages and bundles."""

    GREENED = "greened"
    HEDGED = "hedged"
    FRAMED = "framed"
    DE_SPECIFIED = "de-specified"
    REFERENCE_DROPPED = "reference-dropped"
    REMEDY_DROPPED = "remedy-dropped"
    DEFERRED_TO_RESEARCH = "deferred-to-research"
    INDIVIDUALISED = "individualised"
    NOT_HANDED_ON = "not-handed-on"
    DELAYED = "delayed"
    WITHHELD = "withheld"
    DILUTED_IN_BUNDLE = "diluted-in-bundle"


def overall(comparison: Comparison, justification: Justification) -> Overall:
    """Opposite changes are named mixed, never netted.

    What moves on listed grounds is reassessed, whichever way it moves. Evidence can change what is
    found, not excuse what is left out: that takes acceptance (decision 21).
    """
    lost, gained = bool(comparison.softened), bool(comparison.sharpened)
    moved = lost or any(dimension is not Dimension.EVIDENCE for dimension in comparison.sharpened)
    covered = justification is Justification.ACCEPTED or (
        justification is Justification.EVIDENCED and Dimension.OMISSION not in comparison.softened
    )
    if moved and covered:
        return Overall.REASSESSED
    if lost:
        return Overall.MIXED if gained else Overall.SOFTENED
    return Overall.SHARPENED if gained else Overall.UNCHANGED


def labels(
    comparison: Comparison, previous: Statement, following: Statement, outcome: Overall
) -> tuple[Label, ...]:
    """In the order of DOMAIN 5. A new official frame is shown, also when nothing else moved."""
    lost = frozenset(comparison.softened)
    fell_to_study = Dimension.ACTION in lost and _asks_for_study(following)
    blamed = Cause.INDIVIDUAL in set(following.causes) - set(previous.causes)
    held = {
        Label.GREENED: bool(lost & {Dimension.LIGHT, Dimension.SEVERITY}),
        Label.HEDGED: bool(lost & {Dimension.WORDING, Dimension.CERTAINTY}),
        Label.FRAMED: Dimension.CAUSE in lost or _newly_framed(previous, following),
        Label.DE_SPECIFIED: bool(lost & {Dimension.SCOPE, Dimension.OMISSION}),
        Label.REFERENCE_DROPPED: Dimension.EVIDENCE in lost,
        Label.REMEDY_DROPPED: comparison.of(Dimension.ACTION).result is Result.MISSING,
        Label.DEFERRED_TO_RESEARCH: fell_to_study,
        Label.INDIVIDUALISED: Dimension.RECURRENCE in lost or (Dimension.CAUSE in lost and blamed),
    }
    if outcome is Overall.UNCHANGED:
        held = {Label.FRAMED: held[Label.FRAMED]}
    return tuple(label for label, holds in held.items() if holds)


def _asks_for_study(statement: Statement) -> bool:
    return action_class(statement.requested_action or "-") == "study"


def _newly_framed(previous: Statement, following: Statement) -> bool:
    return (
        both_read(previous, following, StatementField.OFFICIAL_FRAME)
        and following.official_frame is not None
        and following.official_frame != previous.official_frame
    )
