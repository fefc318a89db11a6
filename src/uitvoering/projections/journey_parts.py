"""The parts of what is known of a policy journey: visits, findings, help, trials, evaluations."""

from datetime import date
from enum import StrEnum

from uitvoering.domain.events.journey import (
    ChallengeFound,
    ChallengeKind,
    OpportunityFound,
    Phase,
    UserStoryAdded,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Statement, Value


class FoundKind(StrEnum):
    """What stands on the board."""

    OPPORTUNITY = "opportunity"
    CHALLENGE = "challenge"
    USER_STORY = "user-story"
    RECOMMENDATION = "recommendation"
    PROTOTYPE = "prototype"
    TRIAL = "trial"


class Visit(Value):
    """One stay in a phase; a revisit has its reason."""

    event: str
    phase: Phase
    entered_on: date
    left_on: date | None = None
    revisit_reason: str | None = None
    statement: Statement | None = None


class Skip(Value):
    """A phase left out on purpose."""

    phase: Phase
    skipped_on: date
    reason: str


class Found(Value):
    """A user story, opportunity or challenge of one phase."""

    kind: FoundKind
    code: str
    phase: Phase
    text: str
    found_on: date
    challenge_kind: ChallengeKind | None = None
    basis: str | None = None
    """Of a user story: `consent` or `synthetic`."""


class Help(Value):
    """A recommendation with the instruments and colleagues (roles) that can help."""

    recommendation: str
    phase: Phase
    text: str
    finding: str | None
    given_on: date
    instruments: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()

    @property
    def actionable(self) -> bool:
        """A recommendation without any help asks for nothing that can be started."""
        return bool(self.instruments or self.colleagues)

    def with_help(self, *, instrument: str | None, colleague: str | None) -> "Help":
        return self.model_copy(
            update={
                "instruments": (*self.instruments, *([instrument] if instrument else [])),
                "colleagues": (*self.colleagues, *([colleague] if colleague else [])),
            }
        )


class Prototype(Value):
    """A first working out."""

    prototype: str
    text: str
    made_on: date


class Trial(Value):
    """A small trial, failed ones included."""

    event: str
    trial: str
    outcome: str
    area: str | None
    """Where it was tried: what works here may not work there."""
    lesson: str | None
    side_effects: str | None
    run_on: date


class Evaluation(Value):
    """What an evaluation found, and where it can be read."""

    event: str
    findings: str
    locator: str | None
    evaluated_on: date


class EvaluationTerm(Value):
    """An evaluation owed, from the entry into execute or the entry into force."""

    since: str
    """`phase` or `entry`."""
    started_on: date
    due_on: date
    lapsed: bool = False


def story_in(event: AnyRecorded, fact: UserStoryAdded) -> Found:
    return Found(
        kind=FoundKind.USER_STORY,
        code=fact.story,
        phase=fact.phase,
        text=fact.text,
        found_on=event.happened_on,
        basis=fact.basis,
    )


def opportunity_in(event: AnyRecorded, fact: OpportunityFound) -> Found:
    return Found(
        kind=FoundKind.OPPORTUNITY,
        code=fact.finding,
        phase=fact.phase,
        text=fact.text,
        found_on=event.happened_on,
    )


def challenge_in(event: AnyRecorded, fact: ChallengeFound) -> Found:
    return Found(
        kind=FoundKind.CHALLENGE,
        code=fact.finding,
        phase=fact.phase,
        text=fact.text,
        found_on=event.happened_on,
        challenge_kind=fact.kind,
    )
