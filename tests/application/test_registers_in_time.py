"""A register row counts from its date, and is known from the day it was recorded."""

from datetime import UTC, datetime

import pytest

from tests.application.desk import (
    REGISTRAR,
    TEAM_LEAD,
    WORDS,
    Clock,
    day,
    raised,
)
from uitvoering.application.reading import end_of_day
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.registers import AdoptPolicy, SetRoute
from uitvoering.commands.signal import Restate
from uitvoering.domain.acts import Source
from uitvoering.domain.events.registers import PolicyName, PolicyUnit
from uitvoering.domain.refusals_of_signals import LevelNotOnRouteError
from uitvoering.domain.values import Level
from uitvoering.projections import registers

UP = Level.DEPARTMENT


def without_team_lead(app: Uitvoering, since: str) -> None:
    levels = (Level.FRONTLINE, Level.DEPARTMENT, Level.BOARD, Level.MINISTER, Level.PARLIAMENT)
    app.handle(
        SetRoute(
            happened_on=day("2026-06-01"),
            route="zbo",
            levels=levels,
            in_force_from=day(since),
            source=Source(title="Besluit"),
        ),
        REGISTRAR,
    )


def restated(on: str) -> Restate:
    return Restate(happened_on=day(on), to=UP, statement=WORDS)


def test_a_route_counts_from_its_date_and_not_before(app: Uitvoering, clock: Clock) -> None:
    clock.on("2026-08-01")
    signal = raised(app)
    without_team_lead(app, "2026-07-01")
    app.handle(restated("2026-06-10"), TEAM_LEAD, subject=signal)
    with pytest.raises(LevelNotOnRouteError):
        app.handle(restated("2026-07-02"), TEAM_LEAD, subject=signal)


def test_a_level_skipped_under_the_old_route_stays_shown(app: Uitvoering, clock: Clock) -> None:
    clock.on("2026-08-01")
    raised(app, to=UP)
    before = app.reading.digests(app.reading.documents(app.reading.moment()), app.reading.moment())
    without_team_lead(app, "2026-07-01")
    after = app.reading.digests(app.reading.documents(app.reading.moment()), app.reading.moment())
    assert after == before


def test_a_term_adopted_later_was_not_known_before(app: Uitvoering, clock: Clock) -> None:
    raised(app, on="2026-06-01")
    then = app.reading.moment(recorded_as_of=end_of_day(day("2026-06-15")))
    known = app.reading.replay(then)
    clock.on("2026-09-01")
    app.handle(
        AdoptPolicy(
            happened_on=day("2026-08-30"),
            name_of_policy=PolicyName.ACKNOWLEDGE_DAYS,
            value=3,
            unit=PolicyUnit.DAYS,
            in_force_from=day("2026-05-01"),
            source=Source(title="Besluit"),
        ),
        REGISTRAR,
    )
    assert app.reading.replay(then) == known


def test_the_terms_a_store_starts_with_hold_for_every_moment(app: Uitvoering) -> None:
    long_ago = app.reading.moment(recorded_as_of=datetime(2014, 1, 1, tzinfo=UTC))
    documents = app.reading.documents(long_ago)
    assert registers.policies(documents, long_ago) == registers.policies(
        app.reading.documents(app.reading.moment()), long_ago
    )
