"""Which verdicts of the method were contested, and what came of it?"""

from uitvoering.domain.events.verdict_challenge import ChallengeState
from uitvoering.domain.values import Level
from uitvoering.projections.challenged_verdicts import (
    ContestedVerdict,
    VerdictChallengeDocument,
    Verdicts,
    contested,
    in_order,
)
from uitvoering.projections.compared_pairs import verdicts_about
from uitvoering.projections.documents import Documents, Moment
from uitvoering.softening.facets import Dimension


def verdict_challenges(
    documents: Documents,
    moment: Moment,
    *,
    state: ChallengeState | None = None,
    method: str | None = None,
    dimension: Dimension | None = None,
    organisation: str | None = None,
    level: Level | None = None,
    signal: str | None = None,
    test: str | None = None,
) -> list[ContestedVerdict]:
    """By the day they were contested. Costs the comparisons of each matter concerned, once."""
    asked = {
        "state": state,
        "method": method,
        "dimension": dimension,
        "organisation": organisation,
        "level": level,
        "signal": signal,
        "test": test,
    }
    chosen = [
        (key, document)
        for key, document in documents.all(VerdictChallengeDocument)
        if all(value in {None, getattr(document, name)} for name, value in asked.items())
    ]
    said: dict[str, Verdicts] = {}
    for _, document in chosen:
        if document.matter not in said:
            found = verdicts_about(documents, moment, signal=document.signal, test=document.test)
            said[document.matter] = found or {}
    return in_order(contested(key, document, said[document.matter]) for key, document in chosen)
