"""Which pairs of statements does the method judge in one matter, and whose words are they?"""

from collections.abc import Iterable

from uitvoering.domain.values import Level
from uitvoering.projections.challenged_verdicts import Pair, Verdicts
from uitvoering.projections.documents import Documents, Moment
from uitvoering.projections.findings import FindingDocument
from uitvoering.projections.implementation_tests import TestDocument
from uitvoering.projections.rules_in_force import RulesInForce
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.steps import Step, steps_of
from uitvoering.projections.test_rewrites import test_rewrites
from uitvoering.softening.facets import DimensionResult

Speaker = tuple[Level | None, str | None]
"""Level and body; without a level the whole body, without a body that level of any."""


def verdicts_in(steps: Iterable[Step], origin: str) -> Verdicts:
    """By hop and by drift, as the trail shows them; where both are one pair, the hop says it.

    A lapse follows a statement and holds none: what is not there is recorded, not compared.
    """
    found: dict[Pair, tuple[DimensionResult, ...]] = {}
    for step in steps:
        if step.drift is not None:
            found[origin, step.entry.event_id] = step.drift.dimensions
        if step.hop is not None and step.previous is not None and step.entry.statement:
            found[step.previous, step.entry.event_id] = step.hop.dimensions
    return found


def verdicts_about(
    documents: Documents, moment: Moment, *, signal: str | None, test: str | None
) -> Verdicts | None:
    """Every pair of the signal or the test; None where there is no such matter."""
    if signal is not None:
        dossier = documents.get(SignalDossier, signal)
        if dossier is None:
            return None
        steps = steps_of(dossier, documents, RulesInForce(documents), moment)
        return verdicts_in(steps, dossier.origin_event)
    if test is None or documents.get(TestDocument, test) is None:
        return None
    rows = test_rewrites(documents, moment, test=test)
    return {(row.from_event, row.event): row.results for row in rows}


def speakers_of(
    documents: Documents, *, signal: str | None, test: str | None, pair: Pair
) -> tuple[Speaker, ...]:
    """Whose statements the pair consists of; of a test also the whole body that tested."""
    known = documents.get(TestDocument, test) if test is not None else None
    if known is not None:
        return (
            (None, known.tester),
            *((c.level, c.organisation) for c in known.carriers if c.event in pair),
            *((r.asked_by, r.asked_by_organisation) for r in known.rewrites if r.event in pair),
        )
    dossier = documents.get(SignalDossier, signal) if signal is not None else None
    found = {e.event_id: (e.level, e.organisation) for e in dossier.entries} if dossier else {}
    if not found.keys() >= set(pair):  # a statement may follow one of a finding elsewhere
        found |= {
            finding.event: (finding.level, finding.organisation)
            for _, engagement in documents.all(FindingDocument)
            for finding in engagement.findings
        }
    return tuple(found[event] for event in pair if event in found)
