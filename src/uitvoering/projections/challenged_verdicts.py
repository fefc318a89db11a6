"""Which verdicts were contested and with what outcome, and does the method still say so?"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, assert_never

from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.events.verdict_challenge import (
    ChallengeState,
    ShouldBe,
    ShownResult,
    VerdictChallenged,
    VerdictChallengeFact,
    VerdictChallengeRejected,
    VerdictChallengeUpheld,
    VerdictChallengeWithdrawn,
)
from uitvoering.domain.values import Code, Id, Level, Name, Role, Text
from uitvoering.projections.documents import Document, Documents, Row
from uitvoering.softening.compare import method
from uitvoering.softening.facets import DimensionResult

Pair = tuple[str | None, str]
"""The events of the earlier and the later statement; a rewritten passage brings both itself."""
Verdicts = Mapping[Pair, tuple[DimensionResult, ...]]
"""What the present method says of every pair of one matter."""


class MethodError(StrEnum):
    """What the method did wrong, if the challenge is right."""

    FALSE_ALARM = "false-alarm"
    MISS = "miss"
    WRONG_DIRECTION = "wrong-direction"


class VerdictChallengeDocument(Document):
    """One verdict contested by one level, and what was decided."""

    VIEW: ClassVar[str] = "verdict-challenges"

    signal: Id | None
    test: Id | None
    from_event: Id | None
    to_event: Id
    dimension: Code
    method: Name
    shown: ShownResult
    should_be: ShouldBe
    reason: Text
    organisation: Code
    level: Level
    role: Role
    challenged_on: date
    state: ChallengeState = ChallengeState.OPEN
    ended_on: date | None = None
    """The day of the decision or the withdrawal."""
    decided_by: Level | None = None
    decided_by_organisation: Code | None = None
    decision_reason: Text | None = None
    """Of the decision, or of the withdrawal where one is given."""

    @property
    def matter(self) -> str:
        """The stream both statements are about."""
        return self.signal or self.test or ""

    @property
    def claimed_error(self) -> MethodError:
        if self.should_be is ShouldBe.UNCHANGED:
            return MethodError.FALSE_ALARM
        missed = self.shown is ShownResult.UNCHANGED
        return MethodError.MISS if missed else MethodError.WRONG_DIRECTION


class ChallengedMatter(Document):
    """The challenges about one signal or test: the trail asks for these alone."""

    VIEW: ClassVar[str] = "challenged-matters"

    challenges: tuple[Id, ...] = ()


class ContestedVerdict(Row):
    """As it was contested; the last three are computed anew whenever it is read."""

    challenge: Id
    signal: Id | None
    test: Id | None
    from_event: Id | None
    to_event: Id
    dimension: Code
    method: Name
    shown: ShownResult
    should_be: ShouldBe
    claimed_error: MethodError
    reason: Text
    organisation: Code
    level: Level
    role: Role
    challenged_on: date
    state: ChallengeState
    ended_on: date | None
    decided_by: Level | None
    decided_by_organisation: Code | None
    decision_reason: Text | None
    present_method: Name
    present_result: ShownResult | None
    """Null: these two are no longer compared, or the method no longer knows the dimension."""
    still_said: bool
    """False: the present method no longer says what was contested."""


def fold(event: AnyRecorded, documents: Documents) -> None:
    """Skip a decision on a challenge that is not visible at the moment asked."""
    fact = event.fact
    if not isinstance(fact, VerdictChallengeFact):
        return
    key = event.originator_id
    if isinstance(fact, VerdictChallenged):
        document = _challenged(event, fact)
        documents.put(key, document)
        known = documents.get(ChallengedMatter, document.matter) or ChallengedMatter()
        if key not in known.challenges:
            documents.put(document.matter, ChallengedMatter(challenges=(*known.challenges, key)))
        return
    before = documents.get(VerdictChallengeDocument, key)
    if before is not None:
        documents.put(key, before.model_copy(update=_ended(event, fact)))


def _challenged(event: AnyRecorded, fact: VerdictChallenged) -> VerdictChallengeDocument:
    return VerdictChallengeDocument(
        signal=fact.signal,
        test=fact.test,
        from_event=fact.from_event,
        to_event=fact.to_event,
        dimension=fact.dimension,
        method=fact.method,
        shown=fact.shown,
        should_be=fact.should_be,
        reason=fact.reason,
        organisation=event.organisation,
        level=event.level,
        role=event.actor_role,
        challenged_on=event.happened_on,
    )


def _ended(
    event: AnyRecorded,
    fact: VerdictChallengeUpheld | VerdictChallengeRejected | VerdictChallengeWithdrawn,
) -> dict[str, object]:
    decided = {
        "ended_on": event.happened_on,
        "decided_by": event.level,
        "decided_by_organisation": event.organisation,
        "decision_reason": fact.reason,
    }
    match fact:
        case VerdictChallengeUpheld():
            return {**decided, "state": ChallengeState.UPHELD}
        case VerdictChallengeRejected():
            return {**decided, "state": ChallengeState.REJECTED}
        case VerdictChallengeWithdrawn():
            return {
                "ended_on": event.happened_on,
                "decision_reason": fact.reason,
                "state": ChallengeState.WITHDRAWN,
            }
        case _:
            assert_never(fact)


def contested(key: str, document: VerdictChallengeDocument, verdicts: Verdicts) -> ContestedVerdict:
    """Hold it against what the method says now: of another version than its own it says nothing."""
    present = result_of(verdicts, (document.from_event, document.to_event), document.dimension)
    return ContestedVerdict(
        challenge=key,
        **{name: getattr(document, name) for name in VerdictChallengeDocument.model_fields},
        claimed_error=document.claimed_error,
        present_method=method(),
        present_result=present,
        still_said=present is document.shown,
    )


def contested_in(documents: Documents, matter: str, verdicts: Verdicts) -> list[ContestedVerdict]:
    """Every contested verdict of one signal or test, in the order in which they were contested."""
    known = documents.get(ChallengedMatter, matter)
    found = [
        (key, document)
        for key in (known.challenges if known is not None else ())
        if (document := documents.get(VerdictChallengeDocument, key)) is not None
    ]
    return in_order(contested(key, document, verdicts) for key, document in found)


def in_order(rows: Iterator[ContestedVerdict]) -> list[ContestedVerdict]:
    return sorted(rows, key=lambda row: (row.challenged_on, row.challenge))


def result_of(verdicts: Verdicts, pair: Pair, dimension: str) -> ShownResult | None:
    return next(
        (
            ShownResult(row.result.value)
            for row in verdicts.get(pair, ())
            if row.dimension.value == dimension
        ),
        None,
    )
