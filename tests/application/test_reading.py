"""Both clocks: what had happened by then, and what was known by then."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.application.desk import (
    DEPARTMENT,
    TEAM_LEAD,
    UNKNOWN,
    WORDS,
    Clock,
    day,
    handed_on,
    raised,
    topics,
)
from uitvoering.application.clocks import Clocks
from uitvoering.application.reading import end_of_day
from uitvoering.application.seeds import seed_commands
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import AcknowledgeSignal, Restate
from uitvoering.domain.acts import Source
from uitvoering.domain.values import Level
from uitvoering.errors import ReadModelUnknownError
from uitvoering.persistence.store import open_store
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.wiring import seed

MILDER = WORDS.model_copy(update={"text": "Enkele uitkeringen zijn mogelijk stopgezet."})


def trail(app: Uitvoering, signal: str, happened: str = "", recorded: str = "") -> list[str]:
    """The topics of the trail, in the order in which it happened."""
    moment = app.reading.moment(
        happened_as_of=end_of_day(day(happened)) if happened else None,
        recorded_as_of=end_of_day(day(recorded)) if recorded else None,
    )
    documents = app.reading.documents(moment)
    known = [row.topic for row in signal_trail(documents, moment, signal=signal)]
    return [topic for topic in known if topic != "receipt-issued"]


@pytest.fixture
def signal(app: Uitvoering, clock: Clock) -> str:
    """Raised on 1 June; restated on the 4th, which is filed on the 12th, after a hand-on."""
    clock.on("2026-06-02")
    made = raised(app, on="2026-06-01")
    clock.on("2026-06-09")
    passed = handed_on(on="2026-06-08", to=Level.DIRECTORATE)
    app.handle(passed, DEPARTMENT, subject=made)
    clock.on("2026-06-12")
    late = Restate(happened_on=day("2026-06-04"), to=Level.DEPARTMENT, statement=MILDER)
    app.handle(late, TEAM_LEAD, subject=made)
    clock.on("2026-06-15")
    return made


RAISED, RESTATED, PASSED = "hardship-signalled", "signal-restated", "signal-handed-on"


def test_a_late_registration_falls_into_its_place(app: Uitvoering, signal: str) -> None:
    assert trail(app, signal) == [RAISED, RESTATED, PASSED]
    assert topics(app.store.facts(signal))[-1] == RESTATED


def test_by_the_day_it_happened(app: Uitvoering, signal: str) -> None:
    assert trail(app, signal, happened="2026-06-03") == [RAISED]
    assert trail(app, signal, happened="2026-06-04") == [RAISED, RESTATED]
    assert trail(app, signal, happened="2026-06-08") == [RAISED, RESTATED, PASSED]


def test_by_the_day_it_was_recorded(app: Uitvoering, signal: str) -> None:
    assert trail(app, signal, recorded="2026-06-01") == []
    assert trail(app, signal, recorded="2026-06-02") == [RAISED]
    assert trail(app, signal, recorded="2026-06-11") == [RAISED, PASSED]
    assert trail(app, signal, recorded="2026-06-12") == [RAISED, RESTATED, PASSED]


def test_by_both_clocks_together(app: Uitvoering, signal: str) -> None:
    assert trail(app, signal, happened="2026-06-04", recorded="2026-06-11") == [RAISED]
    assert trail(app, signal, happened="2026-06-04", recorded="2026-06-12") == [RAISED, RESTATED]


def test_a_history_shows_what_the_moment_shows(app: Uitvoering, signal: str) -> None:
    known = app.reading.moment(recorded_as_of=end_of_day(day("2026-06-11")))
    assert topics(app.reading.history(signal, known)) == [RAISED, "receipt-issued", PASSED]
    assert app.reading.history(UNKNOWN, known) == []


def test_the_same_moment_gives_the_same_digests_whatever_came_after(
    app: Uitvoering, clock: Clock, signal: str
) -> None:
    then = app.reading.moment(recorded_as_of=end_of_day(day("2026-06-11")))
    before = app.reading.replay(then)
    clock.on("2026-09-01")
    app.handle(AcknowledgeSignal(happened_on=day("2026-08-01")), TEAM_LEAD, subject=signal)
    Clocks(app).tick(clock.now)
    assert app.reading.replay(then) == before
    assert app.reading.replay(app.reading.moment()) != before


def test_stored_views_say_what_a_replay_says_and_catch_up_once(
    app: Uitvoering, signal: str
) -> None:
    stored = app.reading.stored()
    assert stored == app.reading.replay(app.reading.moment())
    app.reading.rebuild()
    assert app.reading.stored() == stored


def test_an_answer_says_how_far_it_read(app: Uitvoering, signal: str) -> None:
    assert app.reading.answered_from().position == app.store.position()


def test_the_feed_gives_every_event_once_page_by_page(app: Uitvoering, signal: str) -> None:
    seen, after = [], 0
    while page := app.feed(after, 10):
        assert len(page) <= 10
        seen += page
        after = page[-1][0]
    assert seen == list(app.store.stream())


def test_a_read_model_that_is_not_there_is_named(app: Uitvoering) -> None:
    app.reading.refuse_unknown(["signal_trail"])
    with pytest.raises(ReadModelUnknownError, match="no read model spoor"):
        app.reading.refuse_unknown(["spoor"])


def test_the_registers_are_seeded_once(app: Uitvoering) -> None:
    position = app.store.position()
    assert position == 1 + sum(1 for _ in seed_commands())  # and the method that runs
    assert seed(app) == 0
    assert app.store.position() == position


def test_a_history_told_from_sources_keeps_both_its_days(app: Uitvoering, clock: Clock) -> None:
    signal = raised(app)
    published = datetime(2026, 6, 10, 9, tzinfo=UTC)
    told = Restate(
        happened_on=day("2026-06-04"),
        happened_from=day("2026-06-02"),
        to=Level.DEPARTMENT,
        statement=MILDER,
        source=Source(title="Kamerstuk", locator="blg-1"),
    )
    app.handle(told, TEAM_LEAD, subject=signal, recorded_at=published)
    event = app.store.facts(signal)[-1]
    assert (event.timestamp, event.happened_from) == (published, day("2026-06-02"))
    assert event.source == told.source
    assert app.handle(told, TEAM_LEAD, subject=signal).events == ()


def test_what_was_known_is_known_after_a_restart(seeded_url: str, clock: Clock) -> None:
    with closing(open_store(seeded_url)) as store:
        app = Uitvoering(store=store, clock=clock)
        signal = raised(app)
        digests, events = app.reading.stored(), store.facts(signal)
    clock.now += timedelta(days=1)
    with closing(open_store(seeded_url)) as store:
        again = Uitvoering(store=store, clock=clock)
        assert again.store.facts(signal) == events
        assert again.reading.stored() == digests == again.reading.replay(again.reading.moment())
        assert again.version("signals", signal) == 2


def test_digests_as_of_a_day_do_not_hang_on_what_was_recorded_after_it(
    app: Uitvoering, clock: Clock, signal: str
) -> None:
    """Nothing was recorded between the 15th and the day asked for: later events fill that gap."""
    clock.on("2026-07-20")
    then = app.reading.moment(recorded_as_of=end_of_day(day("2026-07-10")))
    before = app.reading.replay(then)
    app.handle(AcknowledgeSignal(happened_on=day("2026-07-19")), TEAM_LEAD, subject=signal)
    assert app.reading.replay(then) == before
