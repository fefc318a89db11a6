"""Is what is stored still what was recorded? Looked at from time to time, and kept for the health.

Three looks: the stored views against a replay, the events against the leaves of the log, and what
the product runs by against what was adopted. Each goes on where another met something unreadable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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
from uitvoering.application.monitored_signing import (
    LastSigned,
    look_at_waiting,
    look_for_a_lost_log,
    newest_signed,
    not_readable,
)
from uitvoering.application.monitored_views import look_at_views
from uitvoering.application.reading import Progress
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.errors import TamperedError
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.keys import PublicKey


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Monitoring:
    app: Uitvoering
    ledger: Ledger | None
    keys: Sequence[PublicKey] = ()
    """Of the log, in use and retired; without them its signature goes unchecked."""
    last_signed: LastSigned = not_readable
    """What stands beside the keys, apart from log and store."""
    runs: RunningMethod = field(default_factory=RunningMethod.of_this_product)

    def look(self, progress: Progress = _quiet) -> Report:
        """All there is now, flat in memory; kept beside the log, where there is one.

        Progress runs over the events once for the views and once for the log.
        """
        findings, now = Findings(), self.app.clock()
        position = self.app.store.position()
        views = look_at_views(self.app.reading, findings, progress)
        log = self._log(now, findings, progress)
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
        # A log may have been taken away since this began.
        if self.ledger is not None and self.ledger.directory.is_dir():
            keep(self.ledger.directory, report)
        return report

    def _log(self, now: datetime, findings: Findings, progress: Progress) -> LogLook | None:
        store, ledger = self.app.store, self.ledger
        try:
            if ledger is None:
                findings.unchecked.append(Unchecked.NO_LOG)
                look_for_a_lost_log(store, self.last_signed, findings)
                return None
            newest = newest_signed(ledger, self.keys, self.last_signed, findings)
            look_at_waiting(store, ledger, newest.size, now, findings)
            return look_at_log(store, ledger, newest, findings, progress)
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
