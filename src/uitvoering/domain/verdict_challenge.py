"""Who may call a verdict of the comparison wrong, and who decides on it (betwisting)?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
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
from uitvoering.domain.refusals_of_verdict_challenges import (
    MethodNotPresentError,
    NothingContestedError,
    ReviewerIsPartyError,
    ReviewerNotApartError,
    VerdictAlreadyChallengedError,
    VerdictChallengeDecidedError,
    VerdictChallengeEndedError,
    VerdictChallengeNotYoursError,
    VerdictNotSaidError,
)
from uitvoering.domain.signal_objection import DELIBERATION
from uitvoering.domain.values import Level

REVIEWERS = (*DELIBERATION, Level.INSPECTORATE, Level.OMBUDSMAN, Level.AUDITOR)
"""A deliberation beside the line or supervision outside it; never a level of the line (choice)."""
_LOSSES = frozenset({ShownResult.SOFTENED, ShownResult.MISSING})


@dataclass(frozen=True, slots=True)
class Party:
    """A level whose words are judged; without a level: the whole body, without a body: any."""

    level: Level | None
    organisation: str | None

    def includes(self, act: Act) -> bool:
        return self.level in {None, act.level} and self.organisation in {None, act.organisation}


@dataclass(frozen=True, slots=True)
class VerdictChallenge:
    """One verdict (a pair, a dimension, a method version) contested by one level of one body."""

    id: str
    contested: VerdictChallenged
    challenger: Party
    pseudonym: str
    """Who contested it: one person may act at two levels, and nobody decides on their own."""
    challenged_on: date
    version: int = 0
    said: frozenset[Saying] = frozenset()
    state: ChallengeState = ChallengeState.OPEN
    ended_on: date | None = None

    def uphold(self, act: Act, *, reason: str, parties: tuple[Party, ...]) -> tuple[Fact, ...]:
        return self._decided(act, VerdictChallengeUpheld(reason=reason), parties)

    def reject(self, act: Act, *, reason: str, parties: tuple[Party, ...]) -> tuple[Fact, ...]:
        return self._decided(act, VerdictChallengeRejected(reason=reason), parties)

    def withdraw(self, act: Act, *, reason: str | None = None) -> tuple[Fact, ...]:
        fact = VerdictChallengeWithdrawn(reason=reason)
        if saying(fact, act) in self.said:
            return ()
        if not self.challenger.includes(act):
            raise VerdictChallengeNotYoursError(
                challenge=self.id,
                challenged_by=self.challenger.level,
                challenged_in=self.challenger.organisation,
                level=act.level,
                organisation=act.organisation,
            )
        self._refuse_unless_open()
        return (fact,)

    def challenge_again(self, act: Act, fact: VerdictChallenged) -> bool:
        """Whether this level may contest the same verdict once more: only what it withdrew."""
        if saying(fact, act) in self.said:
            return False
        if self.state is ChallengeState.OPEN:
            raise VerdictAlreadyChallengedError(
                challenge=self.id,
                level=self.challenger.level,
                organisation=self.challenger.organisation,
                challenged_on=self.challenged_on,
            )
        if self.state is not ChallengeState.WITHDRAWN:
            self._refuse_unless_open()
        return True

    def _decided(self, act: Act, fact: Fact, parties: tuple[Party, ...]) -> tuple[Fact, ...]:
        """Nobody judges their own case: not who contests, not who spoke, nor anyone above them."""
        if saying(fact, act) in self.said:
            return ()
        if act.level not in REVIEWERS:
            raise ReviewerNotApartError(
                level=act.level, organisation=act.organisation, reviewers=REVIEWERS
            )
        involved = any(party.includes(act) for party in (self.challenger, *parties))
        if involved or act.actor_pseudonym == self.pseudonym:
            raise ReviewerIsPartyError(
                level=act.level, organisation=act.organisation, reviewers=REVIEWERS
            )
        self._refuse_unless_open()
        return (fact,)

    def _refuse_unless_open(self) -> None:
        if self.state is ChallengeState.WITHDRAWN:
            raise VerdictChallengeEndedError(challenge=self.id, withdrawn_on=self.ended_on)
        if self.state is not ChallengeState.OPEN:
            raise VerdictChallengeDecidedError(
                challenge=self.id, state=self.state, decided_on=self.ended_on
            )


def challenge(
    state: VerdictChallenge | None,
    act: Act,
    fact: VerdictChallenged,
    *,
    present_method: str,
    present: Callable[[], ShownResult],
) -> tuple[Fact, ...]:
    """Contest what the present method says of the pair; what it does not say cannot be wrong.

    `present` looks that up and refuses a pair that is not compared; a retry does not ask.
    """
    if state is not None and not state.challenge_again(act, fact):
        return ()
    if _agrees(fact.shown, fact.should_be):
        raise NothingContestedError(shown=fact.shown, should_be=fact.should_be)
    if fact.method != present_method:
        raise MethodNotPresentError(shown_by=fact.method, present=present_method)
    said = present()
    if fact.shown is not said:
        raise VerdictNotSaidError(
            method=present_method, dimension=fact.dimension, present=said, shown=fact.shown
        )
    return (fact,)


def _agrees(shown: ShownResult, should_be: ShouldBe) -> bool:
    if should_be is ShouldBe.SOFTENED:
        return shown in _LOSSES
    return shown.value == should_be.value


def evolve(state: VerdictChallenge | None, event: Recorded[Any]) -> VerdictChallenge:
    fact: VerdictChallengeFact = event.fact
    on = event.happened_on
    before: frozenset[Saying] = frozenset() if state is None else state.said
    said = before | {saying(fact, event)}
    if isinstance(fact, VerdictChallenged):  # also again, after it was withdrawn
        return VerdictChallenge(
            id=event.originator_id,
            contested=fact,
            challenger=Party(event.level, event.organisation),
            pseudonym=event.actor_pseudonym,
            challenged_on=on,
            version=event.originator_version,
            said=said,
        )
    if state is None:
        raise ValueError("a stream starts with what was contested")
    after = replace(state, version=event.originator_version, said=said)
    match fact:
        case VerdictChallengeUpheld():
            return replace(after, state=ChallengeState.UPHELD, ended_on=on)
        case VerdictChallengeRejected():
            return replace(after, state=ChallengeState.REJECTED, ended_on=on)
        case VerdictChallengeWithdrawn():
            return replace(after, state=ChallengeState.WITHDRAWN, ended_on=on)
        case _:
            assert_never(fact)
