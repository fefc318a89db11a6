"""Is what is stored still what was recorded? Looked at from time to time, and kept for the health.

Three looks: the stored views against a replay, the events against the leaves of the log, and what
the product runs by against what was adopted. Each goes on where another met something unreadable.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from uitvoering.application.monitor_report import (
    Difference,
    Failure,
    Findings,
    LogLook,
    Report,
    Unchecked,
    keep,
    keep_failure,
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
from uitvoering.errors import BusyError, FileUnwritableError, UitvoeringError
from uitvoering.integrity.log.errors import (
    LedgerAwayError,
    LedgerUnreadableError,
    LedgerUnwritableError,
)
from uitvoering.integrity.log.ledger import Ledger, readable
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.persistence.failures import StoredUnreadableError, failures_explained


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
    unreadable: UitvoeringError | None = None
    """Why a log that is there could not be opened."""
    kept_in: Path | None = None
    """The file of the report, where the health looks; None to keep none."""
    every: float | None = None
    """Seconds until the next look; None where nobody said that there will be one."""
    runs: RunningMethod = field(default_factory=RunningMethod.of_this_product)

    def look(self, progress: Progress = _quiet) -> Report:
        """All there is now, flat in memory; kept for the health, as is that a look failed.

        Progress runs over the events once for the views and once for the log. BusyError of a store
        that is away, and of whatever else fails without saying anything of what is stored.
        """
        try:
            with failures_explained():
                report = self._looked(progress)
        except UitvoeringError as error:
            keep_failure(self.kept_in, Failure.of(error, self.app.clock()))
            raise
        return self._kept(report)

    def _kept(self, report: Report) -> Report:
        """What was found is told, also where it cannot be kept."""
        if self.kept_in is None:
            return report
        try:
            keep(self.kept_in, report)
        except OSError as error:
            unkept = FileUnwritableError(file=self.kept_in, cause=error.strerror)
            return report.model_copy(update={"failed": Failure.of(unkept, report.at)})
        return report

    def _looked(self, progress: Progress) -> Report:
        findings, now = Findings(), self.app.clock()
        position = self.app.store.position()
        views = look_at_views(self.app.reading, findings, progress)
        log = self._log(now, findings, progress)
        self._rules(findings)
        return Report(
            at=now,
            position=position,
            method=f"{self.runs.version}+{self.runs.digest[:12]}",
            views=views,
            log=log,
            alarms=tuple(findings.alarms),
            untold=findings.untold,
            unchecked=tuple(dict.fromkeys(findings.unchecked)),
            failed=None if findings.failed is None else Failure.of(findings.failed, now),
            due=self._due(now),
        )

    def _due(self, begun: datetime) -> datetime | None:
        if self.every is None:
            return None
        ended = self.app.clock()
        # Twice, so that neither a look that takes longer than this one nor one that failed is late.
        return ended + 2 * (timedelta(seconds=self.every) + (ended - begun))

    def _log(self, now: datetime, findings: Findings, progress: Progress) -> LogLook | None:
        store, ledger = self.app.store, self.ledger
        if self.unreadable is not None:
            _tell_unreadable(self.unreadable, findings)
            return None
        if ledger is None:
            findings.unchecked.append(Unchecked.NO_LOG)
            with _told(findings, Difference.LOG_UNREADABLE):
                look_for_a_lost_log(store, self.last_signed, findings)
            return None
        looks: list[LogLook] = []
        with _told(findings, Difference.LOG_UNREADABLE), readable(ledger):
            newest = newest_signed(ledger, self.keys, self.last_signed, now, findings)
            with _told(findings, Difference.LOG_UNREADABLE), readable(ledger):
                look_at_waiting(store, ledger, newest.size, now, findings)
            looks.append(look_at_log(store, ledger, newest, findings, progress))
        return looks[0] if looks else None

    def _rules(self, findings: Findings) -> None:
        today = self.app.clock().astimezone(AMSTERDAM).date()
        looks: list[Callable[[date, Findings], None]] = [self._method, self._policy]
        for look in looks:
            with _told(findings, Difference.RULES_UNREADABLE):
                look(today, findings)

    def _method(self, today: date, findings: Findings) -> None:
        look_at_method(self.app.store, self.runs, today, findings)

    def _policy(self, today: date, findings: Findings) -> None:
        if self.ledger is not None:
            with readable(self.ledger):
                file = self.ledger.policy
                held = file.read_bytes() if file.exists() else None
            look_at_policy(self.app.store, file, held, today, findings)


@contextmanager
def _told(findings: Findings, difference: Difference) -> Generator[None]:
    """What a look meets that it cannot go on from; a store that is away ends them all."""
    try:
        with failures_explained():
            yield
    except BusyError as error:
        if not isinstance(error, (LedgerUnreadableError, LedgerUnwritableError)):
            raise
        _tell_unreadable(error, findings, difference)
    except Exception as error:  # noqa: BLE001 whatever was written there, a look is never silent
        _tell_unreadable(error, findings, difference)


def _tell_unreadable(
    error: Exception, findings: Findings, difference: Difference = Difference.LOG_UNREADABLE
) -> None:
    """What was changed is an alarm, and a log that is gone, for somebody may have taken it.

    Files out of reach say nothing of what is in them.
    """
    gone = isinstance(error, LedgerAwayError) and difference is Difference.LOG_UNREADABLE
    if isinstance(error, BusyError) and not gone:
        findings.failed = error
        return
    if not isinstance(error, UitvoeringError):  # its message may hold what stands there
        error = StoredUnreadableError(cause=type(error).__name__)
    findings.alarm(difference, code=error.code, cause=str(error))
