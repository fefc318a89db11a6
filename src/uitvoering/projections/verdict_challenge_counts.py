"""How often was each version of the method contested on each dimension, and found wrong?

Counts verdicts of our own method, not acts of a level or a body, so that none is suppressed.
"""

from collections import Counter

from uitvoering.domain.events.verdict_challenge import ChallengeState
from uitvoering.domain.values import Code, Name
from uitvoering.projections.challenged_verdicts import MethodError, VerdictChallengeDocument
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.softening.compare import method as present_method
from uitvoering.softening.facets import Dimension


class VerdictChallengeCount(Row):
    method: Name
    present: bool
    """Whether this version is the method of now; of another version these figures say nothing."""
    dimension: Code
    challenged: int
    """Challenges in all: open, upheld, rejected and withdrawn together."""
    open: int
    upheld_false_alarms: int
    """The method saw a change, and the statements said the same."""
    upheld_misses: int
    """The method saw no change, and there was one."""
    upheld_wrong_directions: int
    """The method saw the opposite change."""
    rejected: int
    withdrawn: int


def verdict_challenge_counts(
    documents: Documents,
    moment: Moment,  # noqa: ARG001 every read model is asked at a moment; this one has no terms
    *,
    method: str | None = None,
    dimension: Dimension | None = None,
) -> list[VerdictChallengeCount]:
    """By method version, then dimension."""
    counts: dict[tuple[str, str], Counter[ChallengeState | MethodError]] = {}
    for _, document in documents.all(VerdictChallengeDocument):
        if method not in {None, document.method} or dimension not in {None, document.dimension}:
            continue
        count = counts.setdefault((document.method, document.dimension), Counter())
        upheld = document.state is ChallengeState.UPHELD
        count[document.claimed_error if upheld else document.state] += 1
    return [_row(*key, counts[key]) for key in sorted(counts)]


def _row(
    version: str, dimension: str, count: Counter[ChallengeState | MethodError]
) -> VerdictChallengeCount:
    return VerdictChallengeCount(
        method=version,
        present=version == present_method(),
        dimension=dimension,
        challenged=count.total(),
        open=count[ChallengeState.OPEN],
        upheld_false_alarms=count[MethodError.FALSE_ALARM],
        upheld_misses=count[MethodError.MISS],
        upheld_wrong_directions=count[MethodError.WRONG_DIRECTION],
        rejected=count[ChallengeState.REJECTED],
        withdrawn=count[ChallengeState.WITHDRAWN],
    )
