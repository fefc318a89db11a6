"""Every read: from the stored views when it is about now, from a replay when it is about then."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

import orjson

from uitvoering.application.seeds import SEED
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Value
from uitvoering.errors import ReadModelUnknownError
from uitvoering.persistence.store import Store
from uitvoering.persistence.views import Views
from uitvoering.projections import adoptions, registers
from uitvoering.projections.documents import Documents, Moment, Projection
from uitvoering.projections.read_models import PROJECTIONS, READ_MODELS, fold
from uitvoering.softening.compare import method

_REGISTERS = registers.TOPICS | adoptions.TOPICS
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
Progress = Callable[[int, int], None]
"""Called with how many events were done and how many there are."""


class ReadModelDigest(Value):
    """Same events, same digest: on every machine and store."""

    name: str
    rows: int
    sha256: str


class Position(Value):
    """What an answer was computed from; the same three give the same bytes."""

    position: int
    method: str


@dataclass(frozen=True)
class Reading:
    """Reads never write, save for catching up the stored views."""

    store: Store
    clock: Callable[[], datetime]

    def moment(
        self,
        happened_as_of: datetime | None = None,
        recorded_as_of: datetime | None = None,
    ) -> Moment:
        return Moment(
            now=self.clock().astimezone(UTC),
            happened_as_of=happened_as_of and happened_as_of.astimezone(AMSTERDAM).date(),
            recorded_as_of=recorded_as_of and recorded_as_of.astimezone(UTC),
        )

    projections: ClassVar[Sequence[Projection]] = PROJECTIONS

    @property
    def views(self) -> Views:
        return self.store.views(self.projections)

    def documents(self, moment: Moment) -> Documents:
        """All documents as they stood at the moment; of a view that stopped, as far as it goes."""
        if moment.happened_as_of is None and moment.recorded_as_of is None:
            return self.views.documents(self.store.position())
        return self.replayed(moment)

    def decided_on(self) -> Documents:
        """What a decision may rest on: everything recorded until now, or a refusal.

        A kind of document is waited for when it is first asked for.
        """
        return self.views.documents(self.store.last_recorded(), whole=True)

    def replayed(self, moment: Moment, progress: Progress | None = None) -> Documents:
        """The same documents, folded from the events alone: flat in memory at any size."""
        documents, total = self.store.scratch(), self.store.position()
        for position, event in self.store.stream():
            if visible(event, moment):
                fold(event, documents)
            if progress is not None:
                progress(position, total)
        return documents

    def history(self, stream: str, moment: Moment) -> list[AnyRecorded]:
        return [event for event in self.store.facts(stream) if visible(event, moment)]

    def answered_from(self) -> Position:
        return Position(position=self.store.position(), method=method())

    @staticmethod
    def digests(
        documents: Documents, moment: Moment, progress: Progress | None = None
    ) -> list[ReadModelDigest]:
        """Row count and SHA-256 over the canonical rows of every read model, in order of name."""
        found: list[ReadModelDigest] = []
        for name in sorted(READ_MODELS):
            if progress is not None:
                progress(len(found), len(READ_MODELS))
            found.append(digest_of(name, documents, moment))
        return found

    def replay(self, moment: Moment, progress: Progress | None = None) -> list[ReadModelDigest]:
        """Rebuild every read model from the events; open terms count to the last recorded moment.

        Progress runs over the events first and over the read models then.
        """
        documents = self.replayed(moment, progress)
        return self.digests(documents, self.settled(moment), progress)

    def stored(self, progress: Progress | None = None) -> list[ReadModelDigest]:
        """The digests of the stored views, to hold against those of a replay."""
        moment = self.moment()
        return self.digests(self.documents(moment), self.settled(moment), progress)

    def settled(self, moment: Moment) -> Moment:
        """The same moment with `now` at the newest fact: digests do not drift with time.

        Register rows do not count: when a store was made says nothing about what is in it.
        """
        until = moment.recorded_as_of or moment.now
        known = (
            event.timestamp
            for _, event in self.store.stream()
            if event.timestamp <= until and event.fact.TOPIC not in _REGISTERS
        )
        newest = max(known, default=moment.now)
        return Moment(
            now=min(newest, moment.now),
            happened_as_of=moment.happened_as_of,
            recorded_as_of=moment.recorded_as_of,
        )

    def refuse_unknown(self, names: Sequence[str]) -> None:
        """ReadModelUnknownError for a name that is neither a read model nor a stored view."""
        known = {*READ_MODELS, *(projection.name for projection in PROJECTIONS)}
        for name in names:
            if name not in known:
                raise ReadModelUnknownError(name=name, known=tuple(sorted(known)))

    def rebuild(self, names: Sequence[str] = (), progress: Progress | None = None) -> int:
        """Build stored views beside the live ones from position 0 and switch.

        Read models share views: naming one that is not a view itself rebuilds all.
        """
        views = {projection.name for projection in PROJECTIONS}
        chosen = [name for name in names if name in views] if views.issuperset(names) else []
        return self.views.rebuild(chosen, progress)


def visible(event: AnyRecorded, moment: Moment) -> bool:
    """Register rows count from their own date in force, so when they happened is not asked.

    What a store starts with is known at every moment: a history told from sources is older than
    the store. A row adopted since is known from the day it was recorded, as every fact.
    """
    if event.fact.TOPIC in _REGISTERS:
        if event.actor_pseudonym == SEED:
            return True
    elif moment.happened_as_of is not None and event.happened_on > moment.happened_as_of:
        return False
    return moment.recorded_as_of is None or event.timestamp <= moment.recorded_as_of


def digest_of(name: str, documents: Documents, moment: Moment) -> ReadModelDigest:
    """Of one read model, by its name."""
    digest, rows = hashlib.sha256(), 0
    for rows, row in enumerate(READ_MODELS[name](documents, moment), start=1):  # noqa: B007 the count
        digest.update(canonical(row))
        digest.update(b"\n")
    return ReadModelDigest(name=name, rows=rows, sha256=digest.hexdigest())


def end_of_day(day: date) -> datetime:
    """A date means its end in Europe/Amsterdam (CONVENTIONS 5)."""
    return datetime.combine(day, time.max, tzinfo=AMSTERDAM)


def canonical(row: Value) -> bytes:
    """Keys sorted, UTF-8: the bytes a digest is taken over."""
    return orjson.dumps(row.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
