"""Is what is stored still what was recorded? Looked at from time to time, and kept for the health.

Three looks: the stored views against a replay, the events against the leaves of the log, and what
the product runs by against what was adopted. Each goes on where another met something unreadable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from uitvoering.application.monitor_report import (
    Difference,
    Findings,
    LogLook,
    Report,
    Unchecked,
    keep,
)
from uitvoering.application.monitored_log import look_at_log
from uitvoering.application.monitored_rules import (
    RunningMethod,
    look_at_method,
    look_at_policy,
)
from uitvoering.application.monitored_views import look_at_views
from uitvoering.application.reading import Progress
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.errors import TamperedError
from uitvoering.integrity.keys import PublicKey
from uitvoering.integrity.ledger import Ledger


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Monitoring:
    app: Uitvoering
    ledger: Ledger | None
    keys: Sequence[PublicKey] = ()
    """Of the log, in use and retired; without them its signature goes unchecked."""
    runs: RunningMethod = field(default_factory=RunningMethod.of_this_product)

    def look(self, progress: Progress = _quiet) -> Report:
        """All there is now, flat in memory; kept beside the log, where there is one.

        Progress runs over the events once for the views and once for the log.
        """
        findings, now = Findings(), self.app.clock()
        position = self.app.store.position()
        views = look_at_views(self.app.reading, findings, progress)
        log = self._log(findings, progress)
        self._rules(findings)
        report = Report(
            at=now,
            position=position,
            method=f"{self.runs.version}+{self.runs.digest[:12]}",
            views=views,
            log=log,
            alarms=tuple(findings.alarms),
            untold=findings.untold,
            unchecked=tuple(dict.fromkeys(findings.unchecked)),
        )
        if self.ledger is not None:
            keep(self.ledger.directory, report)
        return report

    def _log(self, findings: Findings, progress: Progress) -> LogLook | None:
        if self.ledger is None:
            findings.unchecked.append(Unchecked.NO_LOG)
            return None
        try:
            return look_at_log(self.app.store, self.ledger, self.keys, findings, progress)
        except TamperedError as error:
            findings.alarm(Difference.LOG_UNREADABLE, code=error.code, cause=str(error))
            return None

    def _rules(self, findings: Findings) -> None:
        store, today = self.app.store, self.app.clock().astimezone(AMSTERDAM).date()
        looks: list[Callable[[], None]] = [
            lambda: look_at_method(store, self.runs, today, findings)
        ]
        if self.ledger is not None:
            policy = self.ledger.policy
            looks.append(lambda: look_at_policy(store, policy, today, findings))
        for look in looks:
            try:
                look()
            except TamperedError as error:
                findings.alarm(Difference.RULES_UNREADABLE, code=error.code, cause=str(error))
