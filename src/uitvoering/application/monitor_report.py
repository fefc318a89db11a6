"""What did the monitor find? Kept apart from the log, where the health of the service looks."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from uitvoering.domain.values import Value
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.durable import replaced

MOST_TOLD = 20
"""Of one kind of difference: of a history rewritten from its start the rest is counted."""
UNREADABLE = "unreadable"


class Difference(StrEnum):
    """What is not as it should be: each of them is an alarm."""

    DOCUMENT_DIFFERS = "document-differs"
    DOCUMENT_GONE = "document-gone"
    DOCUMENT_UNFOUNDED = "document-unfounded"
    READ_MODEL_DIFFERS = "read-model-differs"
    VIEW_UNREADABLE = "view-unreadable"
    VIEW_AHEAD = "view-ahead"
    REPLAY_STOPPED = "replay-stopped"
    EVENT_CHANGED = "event-changed"
    EVENT_ELSEWHERE = "event-elsewhere"
    EVENT_DELETED = "event-deleted"
    EVENT_INSERTED = "event-inserted"
    EVENT_UNREADABLE = "event-unreadable"
    LEAF_DIFFERS = "leaf-differs"
    TILE_DIFFERS = "tile-differs"
    ROOT_DIFFERS = "root-differs"
    POSITIONS_DISORDERED = "positions-disordered"
    CHECKPOINT_UNSIGNED = "checkpoint-unsigned"
    CHECKPOINT_CONTRADICTED = "checkpoint-contradicted"
    PUBLISHED_DIFFERS = "published-differs"
    LAST_SIGNED_DIFFERS = "last-signed-differs"
    EVENTS_UNLOGGED = "events-unlogged"
    LOG_GONE = "log-gone"
    LOG_UNREADABLE = "log-unreadable"
    RULES_UNREADABLE = "rules-unreadable"
    METHOD_DIFFERS = "method-differs"
    METHOD_UNADOPTED = "method-unadopted"
    POLICY_DIFFERS = "policy-differs"
    POLICY_GONE = "policy-gone"
    POLICY_UNADOPTED = "policy-unadopted"


class Unchecked(StrEnum):
    """What could not be looked at, and so is not said to be right."""

    NO_LOG = "no-log"
    NO_KEYS = "no-keys"
    NO_LAST_SIGNED = "no-last-signed"
    NO_POLICY = "no-policy"
    NOT_LOGGED = "not-logged"
    VIEWS_CUT_OFF = "views-cut-off"
    VIEWS_UNBUILT = "views-unbuilt"


class Alarm(Value):
    difference: Difference
    values: Mapping[str, str | int]
    """Where it is and what differs; the texts of the labels name them."""


class ViewLook(Value):
    """One stored view held against a replay of the same events."""

    name: str
    position: int
    documents: int
    stored_sha256: str
    replayed_sha256: str


class LogLook(Value):
    origin: str
    size: int
    """Leaves in the checkpoint that was looked at."""
    right: int
    """Events that are what their leaf says."""
    root: str
    """In hex, over the leaves as they stand."""


class Failure(Value):
    """A look, or a part of one, that came to no end: nothing was found and nothing holds."""

    at: datetime
    code: str
    values: Mapping[str, str]
    """The label of the code names them."""

    @classmethod
    def of(cls, error: UitvoeringError, at: datetime) -> "Failure":
        return cls(at=at, code=error.code, values=error.values)


class Report(Value):
    at: datetime
    position: int
    """The newest event when the look began."""
    method: str
    """The one that runs, as it stands beside every verdict."""
    views: tuple[ViewLook, ...]
    log: LogLook | None
    alarms: tuple[Alarm, ...]
    untold: Mapping[Difference, int]
    """How many more there are of a kind than were told."""
    unchecked: tuple[Unchecked, ...]
    failed: Failure | None = None
    """Of this look, or of one that was begun after it."""
    due: datetime | None = None
    """When the next look has ended at the latest; None where nobody said that there will be one."""

    @property
    def differences(self) -> int:
        return len(self.alarms) + sum(self.untold.values())


class Findings:
    """Gathers while the monitor looks; flat in memory whatever it meets."""

    def __init__(self) -> None:
        self.alarms: list[Alarm] = []
        self.unchecked: list[Unchecked] = []
        self.failed: UitvoeringError | None = None
        self._counts: Counter[Difference] = Counter()

    def alarm(self, difference: Difference, **values: str | int) -> None:
        self._counts[difference] += 1
        if self._counts[difference] <= MOST_TOLD:
            self.alarms.append(Alarm(difference=difference, values=values))

    def count(self, difference: Difference) -> int:
        return self._counts[difference]

    @property
    def untold(self) -> dict[Difference, int]:
        return {
            difference: count - MOST_TOLD
            for difference, count in self._counts.items()
            if count > MOST_TOLD
        }


_KEPT: TypeAdapter[Report | Failure] = TypeAdapter(Report | Failure)
"""What the file holds: a failure alone until a look has come to an end."""


def keep(file: Path, found: Report | Failure) -> None:
    """Whole or not at all, also beside another who looks; the one before it is gone."""
    replaced(file, found.model_dump_json(indent=1).encode() + b"\n")


def keep_failure(file: Path | None, failure: Failure) -> None:
    """Beside what was found last: who reads that it was right then reads this too."""
    if file is None:
        return
    with suppress(OSError, ValidationError):  # a report that cannot be read is told as such
        found = _kept(file)
        beside = found.model_copy(update={"failed": failure}) if isinstance(found, Report) else None
        keep(file, beside or failure)


def _kept(file: Path) -> Report | Failure | None:
    """None before the first look."""
    try:
        return _KEPT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return None


class MonitorStanding(Value):
    """The monitor as an operator and a load balancer watch it."""

    age_seconds: int | None
    """Since it last looked; None where no look came to an end, and of a report that cannot be
    read, as of another version."""
    alarms: int
    """How many differences it found then; each is to be looked into before filing goes on."""
    differences: tuple[str, ...]
    """Their kinds."""
    failed: str | None = None
    """The code of why it could not look at everything, then or since."""
    late_seconds: int | None = None
    """How long ago it should have looked again; None where it did, or need not."""


def monitor_standing(file: Path, now: datetime) -> MonitorStanding | None:
    """None before the first look."""
    try:
        found = _kept(file)
    except (OSError, ValidationError):
        return MonitorStanding(age_seconds=None, alarms=0, differences=(UNREADABLE,))
    if found is None:
        return None
    if isinstance(found, Failure):
        return MonitorStanding(age_seconds=None, alarms=0, differences=(), failed=found.code)
    late = 0 if found.due is None else int((now - found.due).total_seconds())
    return MonitorStanding(
        age_seconds=max(0, int((now - found.at).total_seconds())),
        alarms=found.differences,
        differences=tuple(dict.fromkeys(alarm.difference.value for alarm in found.alarms)),
        failed=None if found.failed is None else found.failed.code,
        late_seconds=late if late > 0 else None,
    )
