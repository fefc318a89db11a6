"""Every fold and every read model: what a replay rebuilds and what the stored views hold."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.projections import (
    adoptions,
    advice,
    challenged_verdicts,
    findings,
    follow_ups,
    implementation_tests,
    indicators,
    journeys,
    proposals,
    registers,
    signals,
)
from uitvoering.projections.documents import Document, Documents, Moment, Projection, Row
from uitvoering.projections.read_models_policy import POLICY_READ_MODELS
from uitvoering.projections.read_models_signals import SIGNAL_READ_MODELS

READ_MODELS: Mapping[str, Callable[[Documents, Moment], Iterable[Row]]] = {
    **SIGNAL_READ_MODELS,
    **POLICY_READ_MODELS,
}


def _advice_and_follow_up(event: AnyRecorded, documents: Documents) -> None:
    """Fold what belongs together: a follow-up reads whose advice or test it answers."""
    implementation_tests.fold(event, documents)
    advice.fold(event, documents)
    follow_ups.fold(event, documents)


def _projection(
    name: str,
    fold: Callable[[AnyRecorded, Documents], None],
    *kinds: type[Document],
    version: int = 1,
) -> Projection:
    return Projection(name, version, frozenset(kind.VIEW for kind in kinds), fold)


PROJECTIONS: Sequence[Projection] = (
    _projection(
        "registers",
        registers.fold,
        registers.OrganisationDocument,
        registers.RouteDocument,
        registers.TemplateDocument,
        registers.PolicyDocument,
        registers.HolidaysDocument,
    ),
    _projection(
        "adoptions",
        adoptions.fold,
        adoptions.MethodDocument,
        adoptions.CosigningPolicyDocument,
    ),
    _projection("signals", signals.fold, signals.SignalDossier),
    _projection(
        "follow-ups",
        _advice_and_follow_up,
        implementation_tests.TestDocument,
        advice.AdviceDocument,
        follow_ups.FollowUpDocument,
    ),
    _projection("proposals", proposals.fold, proposals.ProposalDocument),
    _projection("journeys", journeys.fold, journeys.JourneyDocument),
    _projection("findings", findings.fold, findings.FindingDocument),
    _projection(
        "verdict-challenges",
        challenged_verdicts.fold,
        challenged_verdicts.VerdictChallengeDocument,
        challenged_verdicts.ChallengedMatter,
    ),
    _projection("indicators", indicators.fold, indicators.IndicatorDocument),
)
"""Each stands on its own: one that stops at a fact leaves the others going."""


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Take one fact into every document it concerns; facts of no interest change nothing."""
    for projection in PROJECTIONS:
        projection.fold(event, documents)
