"""Every fold and every read model: what a replay rebuilds and what the stored views hold."""

from collections.abc import Callable, Mapping, Sequence

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.projections import (
    advice,
    findings,
    follow_ups,
    implementation_tests,
    indicators,
    journeys,
    proposals,
    registers,
    signals,
)
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.read_models_policy import POLICY_READ_MODELS
from uitvoering.projections.read_models_signals import SIGNAL_READ_MODELS

FOLD_VERSION = 1
"""Raised when a fold or a document changes, so that stored views are built anew."""

READ_MODELS: Mapping[str, Callable[[Documents, Moment], Sequence[Row]]] = {
    **SIGNAL_READ_MODELS,
    **POLICY_READ_MODELS,
}


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Take one fact into every document it concerns; facts of no interest change nothing."""
    for projection in (
        registers,
        signals,
        implementation_tests,
        advice,  # before follow_ups, which reads from it whose advice it answers
        follow_ups,
        proposals,
        journeys,
        findings,
        indicators,
    ):
        projection.fold(event, documents)
