"""A verdict of the method contested, decided by who stands apart, or withdrawn: each once."""

from typing import Any, get_args

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.given import By, Given, act, event_id, recorded
from uitvoering.commands.command import Command
from uitvoering.commands.verdict_challenge import VerdictChallengeCommand
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.verdict_challenge import (
    ChallengeState,
    ShouldBe,
    ShownResult,
    VerdictChallenged,
    VerdictChallengeRejected,
    VerdictChallengeUpheld,
    VerdictChallengeWithdrawn,
)
from uitvoering.domain.refusals_of_verdict_challenges import (
    MethodNotPresentError,
    NothingContestedError,
    PairNotComparedError,
    ReviewerIsPartyError,
    ReviewerNotApartError,
    VerdictAlreadyChallengedError,
    VerdictChallengeDecidedError,
    VerdictChallengeEndedError,
    VerdictChallengeNotYoursError,
    VerdictNotSaidError,
)
from uitvoering.domain.values import Level
from uitvoering.domain.verdict_challenge import (
    REVIEWERS,
    Party,
    VerdictChallenge,
    challenge,
    evolve,
)
from uitvoering.softening.facets import Result

METHOD = "1+abc"
FALSE_ALARM = VerdictChallenged(
    signal=event_id(100),
    from_event=event_id(101),
    to_event=event_id(102),
    dimension="wording",
    method=METHOD,
    shown=ShownResult.SOFTENED,
    should_be=ShouldBe.UNCHANGED,
    reason="Het zegt hetzelfde.",
)
MISS = FALSE_ALARM.model_copy(
    update={"shown": ShownResult.UNCHANGED, "should_be": ShouldBe.SOFTENED}
)
UPHELD = VerdictChallengeUpheld(reason="Beide noemen dezelfde termijn.")
REJECTED = VerdictChallengeRejected(reason="'Zou kunnen' stond er niet.")
WITHDRAWN = VerdictChallengeWithdrawn(reason="De weergave is aangepast.")
LEAD = act(Level.TEAM_LEAD)
QUALITY = act(Level.QUALITY, "2026-01-12", pseudonym="p-kwaliteit")
WORDS_OF = (Party(Level.FRONTLINE, "uwv"), Party(Level.EXPERT, "uwv"))
CHALLENGED = By(FALSE_ALARM, LEAD)


def given(*facts: Fact | By) -> Given[VerdictChallenge]:
    return Given(evolve, facts)


def contest(
    fact: VerdictChallenged = FALSE_ALARM,
    by: Act = LEAD,
    *,
    now: str = METHOD,
    says: ShownResult = ShownResult.SOFTENED,
) -> Any:
    return lambda c: challenge(c, by, fact, present_method=now, present=lambda: says)


def uphold(by: Act = QUALITY) -> Any:
    return lambda c: c.uphold(by, reason=UPHELD.reason, parties=WORDS_OF)


def reject(by: Act = QUALITY) -> Any:
    return lambda c: c.reject(by, reason=REJECTED.reason, parties=WORDS_OF)


def withdraw(by: Act = LEAD) -> Any:
    return lambda c: c.withdraw(by, reason=WITHDRAWN.reason)


def state(*facts: Fact | By) -> VerdictChallenge:
    found = given(*facts).state
    assert found is not None
    return found


def test_a_false_alarm_is_contested() -> None:
    given().when(contest()).then(FALSE_ALARM)


def test_a_miss_is_contested() -> None:
    given().when(contest(MISS, says=ShownResult.UNCHANGED)).then(MISS)


def test_a_change_in_the_wrong_direction_is_contested() -> None:
    turned = FALSE_ALARM.model_copy(update={"should_be": ShouldBe.SHARPENED})
    given().when(contest(turned)).then(turned)


def test_what_the_method_does_not_say_is_not_contested() -> None:
    given().when(contest(says=ShownResult.UNCHANGED)).then_refused(
        VerdictNotSaidError, because="calls wording here unchanged, not softened"
    )


def test_a_verdict_of_another_method_is_not_contested() -> None:
    given().when(contest(now="2+def")).then_refused(
        MethodNotPresentError, because="shown by method 1+abc and the method is now 2+def"
    )


@pytest.mark.parametrize(
    ("shown", "should_be"),
    [
        (ShownResult.UNCHANGED, ShouldBe.UNCHANGED),
        (ShownResult.SOFTENED, ShouldBe.SOFTENED),
        (ShownResult.MISSING, ShouldBe.SOFTENED),
        (ShownResult.SHARPENED, ShouldBe.SHARPENED),
    ],
)
def test_who_says_what_the_method_says_contests_nothing(
    shown: ShownResult, should_be: ShouldBe
) -> None:
    same = FALSE_ALARM.model_copy(update={"shown": shown, "should_be": should_be})
    given().when(contest(same, says=shown)).then_refused(
        NothingContestedError, because=f"{shown} is what the method says and {should_be}"
    )


def test_a_pair_that_is_not_compared_is_refused_and_a_retry_does_not_ask() -> None:
    def no_pair() -> ShownResult:
        raise PairNotComparedError(matter="signals", id="s", from_event="a", to_event="b")

    def contesting(c: VerdictChallenge | None) -> tuple[Fact, ...]:
        return challenge(c, LEAD, FALSE_ALARM, present_method=METHOD, present=no_pair)

    given().when(contesting).then_refused(
        PairNotComparedError, because="no verdict from event a to event b"
    )
    given(CHALLENGED).when(contesting).then_nothing()


def test_a_level_contests_a_verdict_once_at_a_time() -> None:
    other = FALSE_ALARM.model_copy(update={"reason": "En nog iets."})
    given(CHALLENGED).when(contest(other)).then_refused(
        VerdictAlreadyChallengedError, because="team-lead of uwv contests this verdict already"
    )


def test_after_withdrawing_the_level_may_contest_it_again() -> None:
    other = FALSE_ALARM.model_copy(update={"reason": "Toch wel."})
    history = (CHALLENGED, By(WITHDRAWN, LEAD))
    given(*history).when(contest(other)).then(other)
    assert state(*history, By(other, LEAD)).state is ChallengeState.OPEN


@pytest.mark.parametrize("decided", [UPHELD, REJECTED], ids=["upheld", "rejected"])
def test_a_decided_verdict_is_not_contested_again_by_that_level(decided: Fact) -> None:
    other = FALSE_ALARM.model_copy(update={"reason": "Nog eens."})
    given(CHALLENGED, By(decided, QUALITY)).when(contest(other)).then_refused(
        VerdictChallengeDecidedError, because="on 2026-01-12, and that is final for this verdict"
    )


def test_a_challenge_is_upheld_or_rejected_with_a_reason() -> None:
    given(CHALLENGED).when(uphold()).then(UPHELD)
    given(CHALLENGED).when(reject()).then(REJECTED)


@pytest.mark.parametrize("level", [level for level in Level if level not in REVIEWERS])
def test_no_level_of_the_line_and_no_other_outsider_decides(level: Level) -> None:
    by = act(level, organisation="szw", pseudonym="p-2")
    for decide in (uphold(by), reject(by)):
        given(CHALLENGED).when(decide).then_refused(
            ReviewerNotApartError, because="expert, quality, inspectorate, ombudsman, auditor"
        )


def test_who_contests_does_not_decide() -> None:
    by_quality = By(FALSE_ALARM, act(Level.QUALITY))
    given(by_quality).when(uphold()).then_refused(
        ReviewerIsPartyError, because="quality of uwv contested this verdict or spoke"
    )


def test_who_spoke_does_not_decide() -> None:
    expert = act(Level.EXPERT, pseudonym="p-2")
    given(CHALLENGED).when(reject(expert)).then_refused(
        ReviewerIsPartyError, because="have someone else decide"
    )
    elsewhere = act(Level.EXPERT, organisation="svb", pseudonym="p-2")
    given(CHALLENGED).when(reject(elsewhere)).then(REJECTED)


def test_one_person_at_two_levels_does_not_decide_on_the_own_challenge() -> None:
    given(CHALLENGED).when(uphold(act(Level.AUDITOR, organisation="ar"))).then_refused(
        ReviewerIsPartyError, because="auditor of ar"
    )


def test_a_whole_body_may_be_a_party() -> None:
    def by_the_tester(c: VerdictChallenge) -> tuple[Fact, ...]:
        return c.uphold(QUALITY, reason="ja", parties=(Party(None, "uwv"),))

    given(CHALLENGED).when(by_the_tester).then_refused(ReviewerIsPartyError, because="quality")


@pytest.mark.parametrize("decided", [UPHELD, REJECTED], ids=["upheld", "rejected"])
def test_a_challenge_is_decided_once(decided: Fact) -> None:
    later = act(Level.OMBUDSMAN, "2026-01-20", organisation="no", pseudonym="p-no")
    for decide in (uphold(later), reject(later)):
        given(CHALLENGED, By(decided, QUALITY)).when(decide).then_refused(
            VerdictChallengeDecidedError, because="on 2026-01-12"
        )


def test_a_decided_challenge_is_not_withdrawn() -> None:
    given(CHALLENGED, By(REJECTED, QUALITY)).when(withdraw()).then_refused(
        VerdictChallengeDecidedError, because="was rejected"
    )


def test_the_level_that_contests_withdraws() -> None:
    given(CHALLENGED).when(withdraw()).then(WITHDRAWN)


@pytest.mark.parametrize("by", [act(Level.DEPARTMENT), act(Level.TEAM_LEAD, organisation="svb")])
def test_another_level_or_body_does_not_withdraw_it(by: Act) -> None:
    given(CHALLENGED).when(withdraw(by)).then_refused(
        VerdictChallengeNotYoursError, because="is of team-lead of uwv"
    )


def test_what_was_withdrawn_is_neither_decided_nor_withdrawn() -> None:
    history = (CHALLENGED, By(WITHDRAWN, LEAD))
    later = act(Level.TEAM_LEAD, "2026-01-20")
    for act_on in (uphold(), reject(), withdraw(later)):
        given(*history).when(act_on).then_refused(
            VerdictChallengeEndedError, because="was withdrawn on 2026-01-05"
        )


def test_a_repeated_act_records_nothing() -> None:
    given(CHALLENGED).when(contest()).then_nothing()
    given(CHALLENGED).when(contest(now="2+def")).then_nothing()  # also after an upgrade
    given(CHALLENGED, By(UPHELD, QUALITY)).when(uphold()).then_nothing()
    given(CHALLENGED, By(REJECTED, QUALITY)).when(reject()).then_nothing()
    given(CHALLENGED, By(WITHDRAWN, LEAD)).when(withdraw()).then_nothing()


_LATER: tuple[By, ...] = (
    By(UPHELD, QUALITY),
    By(REJECTED, QUALITY),
    By(WITHDRAWN, LEAD),
    CHALLENGED,
)


@any_given(st.lists(st.sampled_from(_LATER)))
@settings(max_examples=50)
def test_any_history_folds_to_the_same_state_in_one_go_or_in_steps(facts: list[By]) -> None:
    found: VerdictChallenge | None = None
    for event in recorded([CHALLENGED, *facts]):
        found = evolve(found, event)
    assert found == state(CHALLENGED, *facts)
    assert found is not None
    assert found.version == 1 + len(facts)
    assert (found.ended_on is None) == (found.state is ChallengeState.OPEN)


@pytest.mark.parametrize("command", get_args(VerdictChallengeCommand), ids=lambda c: c.name())
def test_every_command_has_an_example_that_is_valid(command: type[Command]) -> None:
    for example in command.model_json_schema()["examples"]:
        assert str(command.model_validate(example).happened_on) == example["happenedOn"]


def test_what_may_be_shown_is_what_a_method_may_say() -> None:
    assert [said.value for said in ShownResult] == [said.value for said in Result]
