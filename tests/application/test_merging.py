"""A signal goes on in one that can still be acted on; otherwise the matter would end nowhere."""

import pytest

from tests.application.desk import COUNTER, TEAM_LEAD, day, facts, raised
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import MergeSignal, WithdrawSignal
from uitvoering.domain.refusals_of_signals import SignalIsMergedError, SignalIsWithdrawnError


def test_two_signals_are_not_merged_into_each_other(app: Uitvoering) -> None:
    one, other = raised(app), raised(app)
    merged = MergeSignal(happened_on=day("2026-06-05"), into=other)
    app.handle(merged, TEAM_LEAD, subject=one)
    with pytest.raises(SignalIsMergedError):
        app.handle(MergeSignal(happened_on=day("2026-06-05"), into=one), TEAM_LEAD, subject=other)
    assert facts(app, other, "signal-merged") == []
    assert app.handle(merged, TEAM_LEAD, subject=one).events == ()


def test_a_signal_does_not_go_on_in_one_that_was_withdrawn(app: Uitvoering) -> None:
    one, other = raised(app), raised(app)
    app.handle(WithdrawSignal(happened_on=day("2026-06-05")), COUNTER, subject=other)
    with pytest.raises(SignalIsWithdrawnError):
        app.handle(MergeSignal(happened_on=day("2026-06-06"), into=other), TEAM_LEAD, subject=one)
