"""Who may read is judged as it stands now, whatever moment is asked for."""

from tests.application.desk import COUNTER, TEAM_LEAD, Clock, caller, day, raised
from uitvoering.application.reading import end_of_day
from uitvoering.application.scope import visible_at
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import RaiseRegime
from uitvoering.domain.values import Level, Regime, Role
from uitvoering.projections.signal_trail import signal_trail

ELSEWHERE = caller(Level.DEPARTMENT, Role.LINE, organisation="svb")


def test_what_became_confidential_is_not_read_as_of_an_earlier_day(
    app: Uitvoering, clock: Clock
) -> None:
    clock.on("2026-06-02")
    signal = raised(app)
    clock.on("2026-06-10")
    rise = RaiseRegime(happened_on=day("2026-06-10"), to=Regime.CONFIDENTIAL)
    app.handle(rise, TEAM_LEAD, subject=signal)
    earlier = end_of_day(day("2026-06-05"))
    for moment in (
        app.reading.moment(),
        app.reading.moment(recorded_as_of=earlier),
        app.reading.moment(happened_as_of=earlier),
    ):
        shown = visible_at(app, ELSEWHERE, moment)
        assert not shown.shows(signal)
        assert signal_trail(shown, moment, signal=signal) == []
        assert signal_trail(visible_at(app, COUNTER, moment), moment, signal=signal)
