"""Which facts a command about a contested verdict comes to."""

from datetime import UTC, datetime, time
from typing import assert_never

from uitvoering.application.context import Context
from uitvoering.commands.verdict_challenge import (
    ChallengeVerdict,
    RejectVerdictChallenge,
    UpholdVerdictChallenge,
    VerdictChallengeCommand,
    WithdrawVerdictChallenge,
)
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.verdict_challenge import ShownResult, VerdictChallenged
from uitvoering.domain.refusals_of_verdict_challenges import PairNotComparedError
from uitvoering.domain.verdict_challenge import Party, VerdictChallenge, challenge, evolve
from uitvoering.errors import SubjectUnknownError
from uitvoering.projections.challenged_verdicts import result_of
from uitvoering.projections.compared_pairs import speakers_of, verdicts_about
from uitvoering.projections.documents import Moment
from uitvoering.softening.compare import method

__all__ = ["decide", "evolve"]


def decide(
    state: VerdictChallenge | None, command: VerdictChallengeCommand, act: Act, context: Context
) -> tuple[Fact, ...]:
    if isinstance(command, ChallengeVerdict):
        return _challenge(state, command, act, context)
    if state is None:
        raise SubjectUnknownError(kind=command.KIND, id="-")
    match command:
        case UpholdVerdictChallenge(reason=reason):
            return state.uphold(act, reason=reason, parties=_parties(state, context))
        case RejectVerdictChallenge(reason=reason):
            return state.reject(act, reason=reason, parties=_parties(state, context))
        case WithdrawVerdictChallenge(reason=reason):
            return state.withdraw(act, reason=reason)
        case _:
            assert_never(command)


def _challenge(
    state: VerdictChallenge | None, command: ChallengeVerdict, act: Act, context: Context
) -> tuple[Fact, ...]:
    fact = VerdictChallenged(
        signal=command.signal,
        test=command.test,
        from_event=command.from_event,
        to_event=command.to_event,
        dimension=command.dimension.value,
        method=command.method,
        shown=command.shown,
        should_be=command.should_be,
        reason=command.reason,
    )
    return challenge(
        state,
        act,
        fact,
        present_method=method(),
        present=lambda: _said_now(command, act, context),
    )


def _said_now(command: ChallengeVerdict, act: Act, context: Context) -> ShownResult:
    """What the trail or the rewrites of the matter say now of the pair."""
    # Terms and windows move a justification, never what two statements say of each other.
    moment = Moment(now=datetime.combine(act.happened_on, time.max, tzinfo=UTC))
    matter = "signals" if command.signal is not None else "implementation-tests"
    verdicts = verdicts_about(context.documents, moment, signal=command.signal, test=command.test)
    if verdicts is None:
        raise SubjectUnknownError(kind=matter, id=command.signal or command.test)
    pair = (command.from_event, command.to_event)
    said = result_of(verdicts, pair, command.dimension.value)
    if said is None:
        raise PairNotComparedError(
            matter=matter,
            id=command.signal or command.test,
            from_event=command.from_event or "-",
            to_event=command.to_event,
        )
    return said


def _parties(state: VerdictChallenge, context: Context) -> tuple[Party, ...]:
    """Whose statements are judged, as far as they are on file."""
    contested = state.contested
    return tuple(
        Party(level, organisation)
        for level, organisation in speakers_of(
            context.documents,
            signal=contested.signal,
            test=contested.test,
            pair=(contested.from_event, contested.to_event),
        )
    )
