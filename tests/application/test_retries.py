"""A request sent again gets the answer it got, and records nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.application.desk import (
    COUNTER,
    DEPARTMENT,
    TEAM_LEAD,
    WORDS,
    Clock,
    day,
    handed_on,
    raised,
)
from tests.application.test_contention import Interfering, behind
from uitvoering.application.caller import IdempotencyKey, Outcome
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import AcknowledgeSignal, SignalHardship
from uitvoering.errors import IdempotencyKeyReusedError, RefusedError

KEY = IdempotencyKey("k-1", "a" * 64)
OTHER = IdempotencyKey("k-1", "b" * 64)
RAISE = SignalHardship(happened_on=day("2026-06-01"), statement=WORDS, body="uwv")


def test_the_same_key_and_request_get_the_same_answer(app: Uitvoering) -> None:
    first = app.handle(RAISE, COUNTER, idempotency=KEY)
    position = app.store.position()
    assert app.handle(RAISE, COUNTER, idempotency=KEY) == first
    assert app.store.position() == position
    assert first.version == 2  # the receipt follows in the same breath


def test_without_a_key_the_same_words_are_two_matters(app: Uitvoering) -> None:
    assert app.handle(RAISE, COUNTER).id != app.handle(RAISE, COUNTER).id


def test_a_key_used_for_another_request_is_refused_and_records_nothing(app: Uitvoering) -> None:
    app.handle(RAISE, COUNTER, idempotency=KEY)
    position = app.store.position()
    with pytest.raises(IdempotencyKeyReusedError, match="key k-1 was used for another request"):
        app.handle(RAISE, COUNTER, idempotency=OTHER)
    assert app.store.position() == position


def test_two_callers_may_choose_the_same_key(app: Uitvoering) -> None:
    first = app.handle(RAISE, COUNTER, idempotency=KEY)
    assert app.handle(RAISE, TEAM_LEAD, idempotency=OTHER).id != first.id


def test_the_answer_is_kept_in_the_transaction_of_its_events(app: Uitvoering) -> None:
    signal = raised(app)
    refused = AcknowledgeSignal(happened_on=day("2026-06-02"))
    with pytest.raises(RefusedError):
        app.handle(handed_on(on="2027-01-01"), TEAM_LEAD, subject=signal, idempotency=KEY)
    assert app.store.remembered(TEAM_LEAD.pseudonym, KEY.key) is None

    def interrupted() -> None:
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        behind(app, Interfering(app, interrupted)).handle(
            refused, TEAM_LEAD, subject=signal, idempotency=KEY
        )
    assert app.store.remembered(TEAM_LEAD.pseudonym, KEY.key) is None
    outcome = app.handle(refused, TEAM_LEAD, subject=signal, idempotency=KEY)
    kept = app.store.remembered(TEAM_LEAD.pseudonym, KEY.key)
    assert kept is not None
    assert Outcome.model_validate_json(kept.outcome_json) == outcome


def test_an_answer_that_recorded_nothing_is_kept_too(app: Uitvoering) -> None:
    signal = raised(app)
    app.handle(handed_on(), TEAM_LEAD, subject=signal)
    again = app.handle(handed_on(), TEAM_LEAD, subject=signal, idempotency=KEY)
    assert again.events == ()
    app.handle(AcknowledgeSignal(happened_on=day("2026-06-03")), TEAM_LEAD, subject=signal)
    assert app.handle(handed_on(), TEAM_LEAD, subject=signal, idempotency=KEY) == again


def test_a_key_used_twice_at_once_is_used_once(app: Uitvoering) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: app.handle(RAISE, COUNTER, idempotency=KEY), range(4)))
    assert len({outcome.id for outcome in outcomes}) == 1


def test_who_came_first_under_this_key_is_believed_after_a_conflict(app: Uitvoering) -> None:
    first: list[Outcome] = []

    def twin() -> None:
        first.append(app.handle(RAISE, COUNTER, idempotency=KEY))

    outcome = behind(app, Interfering(app, twin)).handle(RAISE, COUNTER, idempotency=KEY)
    assert [outcome] == first


def test_a_retry_is_recognised_on_a_signal_that_has_moved_on(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app)
    app.handle(handed_on(), TEAM_LEAD, subject=signal)
    clock.on("2026-07-01")
    app.handle(AcknowledgeSignal(happened_on=day("2026-06-20")), DEPARTMENT, subject=signal)
    position = app.store.position()
    again = app.handle(handed_on(), TEAM_LEAD, subject=signal)
    assert (again.version, again.events) == (4, ())
    assert app.store.position() == position
