"""A verdict of the trail or of the rewrites is contested on the real application, on each store."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tests.application.desk import (
    COUNTER,
    DEPARTMENT,
    MINISTRY,
    OMBUDSMAN,
    TEAM_LEAD,
    TESTER,
    UNKNOWN,
    WORDS,
    Clock,
    caller,
    day,
    proposed,
    raised,
    requested,
)
from uitvoering.application import verdict_challenges
from uitvoering.application.caller import Caller, Outcome
from uitvoering.application.importing import LineOutcome, Refusal, land_all, land_none_or_all
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.implementation_test import RewritePassage
from uitvoering.commands.signal import Restate
from uitvoering.commands.verdict_challenge import (
    ChallengeVerdict,
    RejectVerdictChallenge,
    UpholdVerdictChallenge,
    WithdrawVerdictChallenge,
)
from uitvoering.domain.refusals_of_verdict_challenges import (
    MethodNotPresentError,
    PairNotComparedError,
    ReviewerIsPartyError,
    VerdictAlreadyChallengedError,
    VerdictNotSaidError,
)
from uitvoering.domain.values import Level, Role, Statement
from uitvoering.errors import ForbiddenError, SubjectUnknownError
from uitvoering.projections import test_rewrites as rewrites
from uitvoering.projections.challenged_verdicts import ContestedVerdict
from uitvoering.projections.signal_trail import TrailRow, signal_trail
from uitvoering.projections.test_rewrites import RewrittenPassage
from uitvoering.projections.verdict_challenge_counts import (
    VerdictChallengeCount,
    verdict_challenge_counts,
)
from uitvoering.projections.verdict_challenges import verdict_challenges as listed
from uitvoering.softening.compare import method

MILDER = WORDS.model_copy(update={"severity": 2})
ON = day("2026-06-10")
QUALITY = caller(Level.QUALITY, Role.LINE)
LIMIT = 65_536


def rows(app: Uitvoering, signal: str) -> list[TrailRow]:
    moment = app.reading.moment()
    return signal_trail(app.reading.documents(moment), moment, signal=signal)


def softened(app: Uitvoering, *further: Statement) -> str:
    """A signal that one level restated milder, and others after it."""
    signal = raised(app)
    for n, said in enumerate((MILDER, *further), start=2):
        who = (TEAM_LEAD, DEPARTMENT)[n % 2]
        to = (Level.DEPARTMENT, Level.DIRECTORATE)[n % 2]
        told = Restate(happened_on=day(f"2026-06-0{n}"), to=to, statement=said)
        app.handle(told, who, subject=signal)
    return signal


def against(row: TrailRow, **changed: Any) -> ChallengeVerdict:
    """What contests the severity of the hop of a row as a false alarm."""
    given = {
        "happened_on": ON,
        "signal": row.signal,
        "from_event": row.previous,
        "to_event": row.event_id,
        "dimension": "severity",
        "method": row.method,
        "shown": "softened",
        "should_be": "unchanged",
        "reason": "De schade is intussen vergoed.",
    }
    return ChallengeVerdict.model_validate(given | changed)


def challenged(app: Uitvoering, who: Caller = TEAM_LEAD, **changed: Any) -> Outcome:
    return app.handle(against(rows(app, softened(app))[-1], **changed), who)


def decided(app: Uitvoering, challenge: str, who: Caller = QUALITY, *, wrong: bool = True) -> None:
    kind = UpholdVerdictChallenge if wrong else RejectVerdictChallenge
    app.handle(kind(happened_on=ON, reason="Gewogen."), who, subject=challenge)


def every(app: Uitvoering, **chosen: Any) -> list[ContestedVerdict]:
    moment = app.reading.moment()
    return listed(app.reading.documents(moment), moment, **chosen)


def counts(app: Uitvoering, **chosen: Any) -> list[VerdictChallengeCount]:
    moment = app.reading.moment()
    return verdict_challenge_counts(app.reading.documents(moment), moment, **chosen)


def test_the_trail_shows_what_is_contested_and_what_came_of_it(app: Uitvoering) -> None:
    signal = softened(app)
    before = rows(app, signal)
    outcome = app.handle(against(before[-1]), TEAM_LEAD)
    assert [c.state for c in rows(app, signal)[-1].challenges] == ["open"]
    decided(app, outcome.id)
    *others, last = rows(app, signal)
    (shown,) = last.challenges
    assert (shown.challenge, shown.state, shown.decided_by) == (outcome.id, "upheld", "quality")
    assert (shown.from_event, shown.dimension, shown.still_said) == (
        last.previous,
        "severity",
        True,
    )
    assert all(row.challenges == () for row in others)
    assert (last.hop, last.overall) == (before[-1].hop, before[-1].overall), "stays computed"


def test_the_drift_is_contested_apart_from_the_hop(app: Uitvoering) -> None:
    origin, _, last = rows(app, softened(app, MILDER))
    assert last.previous != origin.event_id
    with pytest.raises(VerdictNotSaidError, match="calls severity here unchanged, not softened"):
        app.handle(against(last), DEPARTMENT)
    outcome = app.handle(against(last, from_event=origin.event_id), DEPARTMENT)
    (shown,) = rows(app, last.signal)[-1].challenges
    assert (shown.challenge, shown.from_event) == (outcome.id, origin.event_id)


def test_a_miss_is_contested_where_nothing_was_seen(app: Uitvoering) -> None:
    missed = {"dimension": "urgency", "shown": "unchanged", "should_be": "softened"}
    outcome = challenged(app, COUNTER, **missed)
    decided(app, outcome.id)
    (row,) = counts(app)
    assert (row.dimension, row.upheld_misses, row.upheld_false_alarms) == ("urgency", 1, 0)


@pytest.mark.parametrize(
    "pair",
    [
        {"from_event": UNKNOWN},
        {"to_event": UNKNOWN},
        {"from_event": None},
    ],
    ids=["no such earlier", "no such later", "one statement alone"],
)
def test_two_statements_that_are_not_compared_are_no_pair(
    app: Uitvoering, pair: dict[str, Any]
) -> None:
    with pytest.raises(PairNotComparedError, match="take both events from one row"):
        challenged(app, **pair)


def test_the_pair_is_not_turned_around(app: Uitvoering) -> None:
    row = rows(app, softened(app))[-1]
    turned = against(row, from_event=row.event_id, to_event=row.previous)
    with pytest.raises(PairNotComparedError):
        app.handle(turned, TEAM_LEAD)


def test_a_matter_that_does_not_exist_is_not_found(app: Uitvoering) -> None:
    for unknown in ({"signal": UNKNOWN}, {"signal": None, "test": UNKNOWN}):
        with pytest.raises(SubjectUnknownError):
            challenged(app, **unknown)
    with pytest.raises(SubjectUnknownError):
        app.handle(WithdrawVerdictChallenge(happened_on=ON), TEAM_LEAD, subject=raised(app))


def test_a_challenge_is_about_one_matter() -> None:
    told = {
        "happened_on": "2026-06-10",
        "to_event": UNKNOWN,
        "dimension": "light",
        "method": "1",
        "shown": "softened",
        "should_be": "unchanged",
        "reason": "r",
    }
    for matters in ({}, {"signal": UNKNOWN, "test": UNKNOWN}):
        with pytest.raises(ValidationError, match="signal_or_test"):
            ChallengeVerdict.model_validate(told | matters)
    with pytest.raises(ValidationError, match="reason"):
        ChallengeVerdict.model_validate(told | {"signal": UNKNOWN, "reason": " "})


def test_what_another_method_showed_is_not_contested(app: Uitvoering) -> None:
    with pytest.raises(MethodNotPresentError, match="shown by method 0\\+old"):
        challenged(app, method="0+old")


def test_each_level_of_each_body_has_a_challenge_of_its_own(app: Uitvoering) -> None:
    row = rows(app, softened(app))[-1]
    first = app.handle(against(row), TEAM_LEAD)
    again = app.handle(against(row), TEAM_LEAD)
    assert (again.id, again.events) == (first.id, ())
    with pytest.raises(VerdictAlreadyChallengedError, match=first.id):
        app.handle(against(row, reason="Anders gezegd."), TEAM_LEAD)
    others = {
        app.handle(against(row), who).id
        for who in (DEPARTMENT, caller(Level.TEAM_LEAD, Role.LINE, organisation="svb"))
    }
    other_dimension = app.handle(
        against(row, dimension="light", shown="unchanged", should_be="softened"), TEAM_LEAD
    )
    assert len({first.id, other_dimension.id, *others}) == 4


def test_of_two_who_contest_at_once_one_is_recorded(app: Uitvoering) -> None:
    row = rows(app, softened(app))[-1]
    reasons = [f"reden {n}" for n in range(4)]

    def contest(reason: str) -> int:
        try:
            return len(app.handle(against(row, reason=reason), TEAM_LEAD).events)
        except VerdictAlreadyChallengedError:
            return 0

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(contest, reasons)) == 1
    assert len(every(app)) == 1


def test_who_spoke_in_the_pair_does_not_decide(app: Uitvoering) -> None:
    signal = raised(app)
    told = Restate(happened_on=day("2026-06-02"), to=Level.DEPARTMENT, statement=MILDER)
    app.handle(told, QUALITY, subject=signal)
    outcome = app.handle(against(rows(app, signal)[-1]), TEAM_LEAD)
    with pytest.raises(ReviewerIsPartyError, match="quality of uwv"):
        decided(app, outcome.id)
    decided(app, outcome.id, OMBUDSMAN)


def test_an_administrator_contests_nothing(app: Uitvoering) -> None:
    with pytest.raises(ForbiddenError):
        challenged(app, caller(Level.BOARD, Role.ADMINISTRATOR))


def test_a_rewritten_passage_of_a_test_is_contested_too(app: Uitvoering) -> None:
    test = app.handle(requested(proposed(app)), MINISTRY).id
    rewrite = RewritePassage(
        happened_on=day("2026-02-02"),
        before=WORDS,
        after=MILDER,
        asked_by=Level.PRINCIPAL,
        asked_by_organisation="szw",
        reason="toon",
    )
    app.handle(rewrite, TESTER, subject=test)

    def passage() -> RewrittenPassage:
        moment = app.reading.moment()
        (row,) = rewrites.test_rewrites(app.reading.documents(moment), moment, test=test)
        return row

    contest = ChallengeVerdict(
        happened_on=ON,
        test=test,
        to_event=passage().event,
        dimension="severity",
        method=method(),
        shown="softened",
        should_be="unchanged",
        reason="De toetser stelde de ernst zelf bij.",
    )
    outcome = app.handle(contest, MINISTRY)
    assert [c.state for c in passage().challenges] == ["open"]
    with pytest.raises(ReviewerIsPartyError):
        decided(app, outcome.id, QUALITY)
    decided(app, outcome.id, OMBUDSMAN, wrong=False)
    assert [c.state for c in passage().challenges] == ["rejected"]
    assert [row.test for row in every(app, test=test)] == [test]


def test_the_list_is_cut_by_state_method_dimension_and_who(app: Uitvoering) -> None:
    row = rows(app, softened(app))[-1]
    lead = app.handle(against(row), TEAM_LEAD).id
    floor = app.handle(against(row), COUNTER).id
    decided(app, lead, wrong=False)
    assert {r.challenge for r in every(app)} == {lead, floor}
    assert [r.challenge for r in every(app, state="open")] == [floor]
    assert [r.challenge for r in every(app, state="rejected", level="team-lead")] == [lead]
    assert [r.challenge for r in every(app, organisation="uwv", level="frontline")] == [floor]
    assert len(every(app, method=method(), dimension="severity", signal=row.signal)) == 2
    for nothing in ({"method": "0"}, {"dimension": "light"}, {"organisation": "svb"}):
        assert every(app, **nothing) == []


def test_upheld_challenges_count_as_errors_of_the_method(app: Uitvoering) -> None:
    row = rows(app, softened(app))[-1]
    turned = against(row, should_be="sharpened")
    other = caller(Level.CONTROLLER, Role.LINE)
    upheld = [app.handle(against(row), TEAM_LEAD).id, app.handle(turned, other).id]
    rejected = app.handle(against(row), COUNTER).id
    withdrawn = app.handle(against(row), DEPARTMENT).id
    app.handle(against(row), caller(Level.DIRECTORATE, Role.LINE))
    for challenge in upheld:
        decided(app, challenge)
    decided(app, rejected, wrong=False)
    app.handle(WithdrawVerdictChallenge(happened_on=ON), DEPARTMENT, subject=withdrawn)
    (count,) = counts(app, dimension="severity")
    assert count == VerdictChallengeCount(
        method=method(),
        present=True,
        dimension="severity",
        challenged=5,
        open=1,
        upheld_false_alarms=1,
        upheld_misses=0,
        upheld_wrong_directions=1,
        rejected=1,
        withdrawn=1,
    )
    assert counts(app, method="0") == []
    assert counts(app, dimension="light") == []


def test_an_upheld_challenge_says_nothing_of_another_method(
    app: Uitvoering, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rows(app, softened(app))[-1]
    with monkeypatch.context() as then:
        # What an older installation would have recorded: its method had another name and result.
        then.setattr(verdict_challenges, "method", lambda: "0+old")
        then.setattr(verdict_challenges, "result_of", lambda *_: against(row).shown)
        older = {"method": "0+old", "dimension": "light"}
        outcome = app.handle(against(row, **older), TEAM_LEAD)
        decided(app, outcome.id)
    (shown,) = every(app)
    assert (shown.method, shown.shown) == ("0+old", "softened")
    assert (shown.present_method, shown.present_result, shown.still_said) == (
        method(),
        "unchanged",
        False,
    )
    assert [c.still_said for c in rows(app, row.signal)[-1].challenges] == [False]
    (count,) = counts(app)
    assert (count.method, count.present, count.upheld_false_alarms) == ("0+old", False, 1)


def test_events_alone_rebuild_what_is_contested(app: Uitvoering) -> None:
    decided(app, challenged(app).id)
    assert app.reading.stored() == app.reading.replay(app.reading.moment())
    app.reading.rebuild(["verdict-challenges"])
    assert app.reading.stored() == app.reading.replay(app.reading.moment())


def test_before_it_was_recorded_nothing_was_contested(app: Uitvoering, clock: Clock) -> None:
    row = rows(app, softened(app))[-1]
    then = clock.on("2026-06-16")
    clock.on("2026-06-17")
    challenge = app.handle(against(row), TEAM_LEAD).id
    clock.on("2026-06-18")
    decided(app, challenge)
    for moment, states in (
        (app.reading.moment(recorded_as_of=then), []),
        (app.reading.moment(recorded_as_of=then + timedelta(days=1)), ["open"]),
        (app.reading.moment(), ["upheld"]),
    ):
        assert [r.state for r in listed(app.reading.documents(moment), moment)] == states


def line(identifier: str, name: str, **fields: Any) -> str:
    return json.dumps({"id": identifier, "command": name, "happened_on": "2026-06-10"} | fields)


def contesting_line(row: TrailRow) -> dict[str, Any]:
    told = against(row).model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in told.items() if name != "happened_on"}


def test_lines_contest_decide_and_are_told_twice_without_a_trace(app: Uitvoering) -> None:
    row = rows(app, softened(app))[-1]
    lines = [
        line("c-1", "challenge-verdict", **contesting_line(row), level="team-lead"),
        line(
            "d-1",
            "uphold-verdict-challenge",
            subject="c-1",
            reason="Ja.",
            level="quality",
            pseudonym="p-k",
        ),
    ]
    who = TEAM_LEAD
    for land in (land_none_or_all, land_all):
        landed = list(land(app, lines, who, LIMIT))
        assert all(isinstance(found, LineOutcome) for found in landed), landed
    assert [r.state for r in every(app)] == ["upheld"]
    position = app.store.position()
    list(land_all(app, lines, who, LIMIT))
    assert app.store.position() == position
    (refused,) = land_all(
        app, [line("d-2", "reject-verdict-challenge", subject="c-2", reason="Nee.")], who, LIMIT
    )
    assert isinstance(refused, Refusal)
    assert isinstance(refused.error, SubjectUnknownError)
