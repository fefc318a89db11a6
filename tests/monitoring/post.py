"""A store with its log, and who watches both."""

from dataclasses import dataclass
from pathlib import Path

from tests.monitoring.intruder import Intruder
from uitvoering.application.monitor_report import (
    Alarm,
    Difference,
    Report,
)
from uitvoering.application.monitoring import Monitoring
from uitvoering.application.sequencing import Sequencing
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.integrity.keys.key_files import KeyFiles
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.labels.table import Labels

ORIGIN = "log.example.nl/uitvoering"
NOBODY = "00000000-0000-4000-8000-00000000dead"
STRANGER = "01900000-0000-7000-8000-00000000beef"
GAP = 3


@dataclass(frozen=True)
class Post:
    """A store with its log, and who watches both."""

    app: Uitvoering
    monitoring: Monitoring
    intruder: Intruder
    keys: Path
    signals: tuple[str, ...]

    @property
    def ledger(self) -> Ledger:
        assert self.monitoring.ledger is not None
        return self.monitoring.ledger

    @property
    def report(self) -> Path:
        """Where what was found is kept."""
        assert self.monitoring.kept_in is not None
        return self.monitoring.kept_in

    def sequence(self) -> None:
        def told(error: Exception) -> None:
            raise error

        Sequencing(self.app, self.ledger, KeyFiles(self.keys, ORIGIN), told).once()

    def look(self) -> Report:
        return self.monitoring.look()

    def found(self, *differences: Difference) -> list[Alarm]:
        """The alarms of those kinds, and every alarm reads as a line in both languages."""
        report = self.look()
        for alarm in report.alarms:
            for lang in ("nl", "en"):
                assert Labels.load(lang).text(f"monitor.{alarm.difference}", **alarm.values)
        return [alarm for alarm in report.alarms if alarm.difference in differences]

    def position_of(self, topic: str) -> int:
        """Of the first event with that topic."""
        [(found,)] = self.intruder("SELECT min(position) FROM event WHERE topic = ?", topic)
        position: int = found
        return position


def kinds(report: Report) -> set[Difference]:
    return {alarm.difference for alarm in report.alarms}
