"""Which verdicts of the method were contested, and what came of it? Facts in, answer out."""

from tests.given import act, event_id
from tests.projections.signal_story import (
    AMBER,
    DEPARTMENT,
    GREEN,
    LEAD,
    RAISED,
    RED,
    REPORTER,
    SIGNAL,
    Story,
    at,
)
from uitvoering.domain.events.signal import HandOnLapsed, SignalRestated
from uitvoering.domain.events.verdict_challenge import (
    ShouldBe,
    ShownResult,
    VerdictChallenged,
    VerdictChallengeUpheld,
    VerdictChallengeWithdrawn,
)
from uitvoering.domain.values import Level, Role
from uitvoering.projections.challenged_verdicts import ContestedVerdict, MethodError
from uitvoering.projections.compared_pairs import speakers_of, verdicts_about
from uitvoering.projections.documents import InMemory
from uitvoering.projections.read_models import fold
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.projections.verdict_challenge_counts import verdict_challenge_counts
from uitvoering.projections.verdict_challenges import verdict_challenges
from uitvoering.softening.compare import method

CHALLENGE = "00000000-0000-4000-8000-00000000000c"
NOW = at("2026-03-01")
QUALITY = act(Level.QUALITY, "2026-02-10")


def told_twice() -> tuple[Story, str, str, str]:
    """Red, then amber, then green: three statements and their events."""
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    amber = story.tell(SignalRestated(to=Level.DEPARTMENT, statement=AMBER), LEAD)
    green = story.tell(SignalRestated(to=Level.DIRECTORATE, statement=GREEN), DEPARTMENT)
    return story, raised, amber, green


def contested(earlier: str | None, later: str, **changed: object) -> VerdictChallenged:
    given = {
        "signal": SIGNAL,
        "from_event": earlier,
        "to_event": later,
        "dimension": "light",
        "method": method(),
        "shown": ShownResult.SOFTENED,
        "should_be": ShouldBe.UNCHANGED,
        "reason": "De kleuren zijn anders gaan heten.",
    }
    return VerdictChallenged.model_validate(given | changed)


def listed(story: Story) -> list[ContestedVerdict]:
    return verdict_challenges(story.told(), NOW)


def test_a_challenge_says_whether_the_method_still_says_what_was_contested() -> None:
    story, _, amber, green = told_twice()
    story.tell(contested(amber, green), act(Level.DEPARTMENT, "2026-02-01"), stream=CHALLENGE)
    (row,) = listed(story)
    assert (row.challenge, row.state, row.level) == (CHALLENGE, "open", "department")
    assert (row.role, row.claimed_error) == (Role.LINE, MethodError.FALSE_ALARM)
    assert (row.present_result, row.still_said) == (ShownResult.SOFTENED, True)


def test_a_dimension_the_present_method_does_not_know_keeps_its_name() -> None:
    story, _, amber, green = told_twice()
    older = contested(amber, green, dimension="tone", method="0+old")
    story.tell(older, act(Level.DEPARTMENT, "2026-02-01"), stream=CHALLENGE)
    (row,) = listed(story)
    assert (row.dimension, row.present_result, row.still_said) == ("tone", None, False)
    (count,) = verdict_challenge_counts(story.told(), NOW)
    assert (count.method, count.present, count.dimension, count.open) == ("0+old", False, "tone", 1)


def test_a_pair_that_a_late_registration_parted_is_still_shown() -> None:
    story, _, amber, green = told_twice()
    story.tell(contested(amber, green), act(Level.DEPARTMENT, "2026-02-01"), stream=CHALLENGE)
    between = SignalRestated(to=Level.DEPARTMENT, statement=RED)
    story.tell(between, act(Level.TEAM_LEAD, "2026-01-15"), recorded_on="2026-02-02")
    (row,) = listed(story)
    assert (row.present_result, row.still_said) == (None, False)
    last = signal_trail(story.told(), NOW, signal=SIGNAL)[-1]
    assert last.previous != amber
    assert [c.from_event for c in last.challenges] == [amber]


def test_a_decision_on_what_is_not_known_yet_changes_nothing() -> None:
    story, _, amber, green = told_twice()
    story.tell(contested(amber, green), act(Level.DEPARTMENT, "2026-02-01"), stream=CHALLENGE)
    story.tell(VerdictChallengeUpheld(reason="Ja."), QUALITY, stream=CHALLENGE)
    documents = InMemory()
    fold(story.events[-1], documents)
    assert verdict_challenges(documents, NOW) == []
    assert [row.state for row in listed(story)] == ["upheld"]


def test_what_is_contested_again_after_a_withdrawal_is_open_and_counted_once() -> None:
    story, _, amber, green = told_twice()
    by = act(Level.DEPARTMENT, "2026-02-01")
    story.tell(contested(amber, green), by, stream=CHALLENGE)
    story.tell(VerdictChallengeWithdrawn(reason="Toch niet."), by, stream=CHALLENGE)
    assert [(row.state, row.decision_reason) for row in listed(story)] == [
        ("withdrawn", "Toch niet.")
    ]
    story.tell(contested(amber, green, reason="Toch wel."), by, stream=CHALLENGE)
    assert [(row.state, row.reason, row.ended_on) for row in listed(story)] == [
        ("open", "Toch wel.", None)
    ]
    (count,) = verdict_challenge_counts(story.told(), NOW)
    assert (count.challenged, count.open, count.withdrawn) == (1, 1, 0)


def test_every_hop_and_every_drift_is_a_pair_and_a_lapse_is_none() -> None:
    story, raised, amber, green = told_twice()
    lapsed = HandOnLapsed(level=Level.DIRECTORATE, due_on=at("2026-02-02").today, of=green)
    story.tell(lapsed, act(Level.DIRECTORATE, "2026-02-03", Role.CLOCK))
    pairs = verdicts_about(story.told(), NOW, signal=SIGNAL, test=None)
    assert pairs is not None
    assert set(pairs) == {(raised, amber), (raised, green), (amber, green)}


def test_a_matter_that_is_not_on_file_has_no_pairs_and_no_speakers() -> None:
    documents = Story().told()
    for signal, test in ((SIGNAL, None), (None, SIGNAL), (None, None)):
        assert verdicts_about(documents, NOW, signal=signal, test=test) is None
        pair = (event_id(1), event_id(2))
        assert speakers_of(documents, signal=signal, test=test, pair=pair) == ()


def test_the_speakers_of_a_pair_are_the_levels_of_both_statements() -> None:
    story, _, amber, green = told_twice()
    assert speakers_of(story.told(), signal=SIGNAL, test=None, pair=(amber, green)) == (
        (Level.TEAM_LEAD, "uwv"),
        (Level.DEPARTMENT, "uwv"),
    )
