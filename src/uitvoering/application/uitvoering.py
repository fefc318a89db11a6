"""Load, decide, save; when someone else was first, decide again. The one door to the store."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from uitvoering.application.caller import Caller, IdempotencyKey, Outcome, Receipt
from uitvoering.application.context import Context
from uitvoering.application.identity import highest_regime, stamp
from uitvoering.application.kinds import KINDS, Kind, own_stream
from uitvoering.application.known_registers import KnownRegisters, WithRegisters
from uitvoering.application.promises import Promises
from uitvoering.application.reactions import consequences
from uitvoering.application.reading import Reading
from uitvoering.application.references import refuse_loose_ends
from uitvoering.commands.command import Command
from uitvoering.domain.acts import Act
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Role
from uitvoering.errors import (
    BusyError,
    DateInFutureError,
    ForbiddenError,
    IdempotencyKeyReusedError,
    StaleVersionError,
    SubjectUnknownError,
    UitvoeringError,
)
from uitvoering.persistence.idempotency import Remembered
from uitvoering.persistence.ids import new_event_id
from uitvoering.persistence.store import ConflictError, Store

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SIGNALS = "signals"
"""The kind of stream a trail is about."""
_ATTEMPTS = 20
"""Each conflict means another writer got on; twenty in a row means the stream is overrun."""


@dataclass(frozen=True)
class Uitvoering:
    """Every command and every read of every interface goes through here."""

    store: Store
    clock: Callable[[], datetime]
    promises: Promises | None = None
    """None for a store without a log."""
    log_unreadable: UitvoeringError | None = None
    """Why a log that is there makes no promises."""
    line_secret: str | UitvoeringError = ""
    """What ids of imported lines are mixed with (see `line_ids.py`), or why it cannot be read."""
    monitored: Path | None = None
    """Where the monitor leaves its report."""

    @property
    def reading(self) -> Reading:
        return Reading(self.store, self.clock)

    def handle(
        self,
        command: Command,
        caller: Caller,
        *,
        subject: str | None = None,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
        recorded_at: datetime | None = None,
        first_event: str | None = None,
    ) -> Outcome:
        """Record what the command decides, or refuse and leave nothing behind.

        `subject` is the stream; for a command that starts one it may be chosen by the caller, so
        that a repeated import finds it again. `first_event` is the id of the first event recorded,
        for the same reason. `recorded_at` is for histories told from sources.
        """
        role = _role(command, caller)
        if recorded_at is None:  # a history may tell of a day announced before it came
            _refuse_future(command, self.clock())
        if idempotency is not None:
            earlier = self._remembered(caller, idempotency)
            if earlier is not None:
                return earlier
        for _ in range(_ATTEMPTS):
            try:
                return self._decide(
                    command,
                    caller,
                    role,
                    subject,
                    expected_version,
                    idempotency,
                    recorded_at,
                    first_event,
                )
            except ConflictError:
                if idempotency is not None:
                    earlier = self._remembered(caller, idempotency)
                    if earlier is not None:
                        return earlier
        raise BusyError(cause=f"{_ATTEMPTS} writers were first")

    def record(self, events: list[AnyRecorded]) -> None:
        """Facts the clocks found: append, or ConflictError when someone else was first."""
        self.store.append(self._proved(events))

    def _proved(self, events: list[AnyRecorded]) -> list[AnyRecorded]:
        if self.promises is None:
            return events
        return [self.promises.proved(event, self.store) for event in events]

    def _receipts(self, events: list[AnyRecorded]) -> tuple[Receipt, ...]:
        if self.promises is None:
            return ()
        # By the clock itself: an event told from a source is dated long ago.
        now = self.clock()
        made = (self.promises.receipt(event, self.store, now) for event in events)
        return tuple(receipt for receipt in made if receipt is not None)

    def context(self) -> Context:
        """What a decision may know now; of what is stored, only what it asks for is read."""
        known = self._registers.now()
        return Context(WithRegisters(known, self.reading.decided_on), known.terms)

    @cached_property
    def _registers(self) -> KnownRegisters:
        return KnownRegisters(self.store)

    def version(self, kind: str, stream: str) -> int:
        """The present version of a stream of that kind; a 404 otherwise."""
        return self._load(KINDS[kind], stream)[-1].originator_version

    def feed(self, after: int, limit: int) -> list[tuple[int, AnyRecorded]]:
        rows: Iterator[tuple[int, AnyRecorded]] = self.store.stream(after, page=limit)
        return [row for _, row in zip(range(limit), rows, strict=False)]

    def _load(self, kind: Kind, stream: str) -> list[AnyRecorded]:
        facts = self.store.facts(stream)
        if not facts or facts[0].fact.TOPIC not in kind.births:
            raise SubjectUnknownError(kind=kind.name, id=stream)
        return facts

    def _decide(
        self,
        command: Command,
        caller: Caller,
        role: Role,
        subject: str | None,
        expected_version: int | None,
        idempotency: IdempotencyKey | None,
        recorded_at: datetime | None,
        first_event: str | None,
    ) -> Outcome:
        kind = KINDS[command.KIND]
        named = own_stream(command, caller) or subject
        stream = named or str(uuid4())
        past: list[AnyRecorded] = []
        if command.PATH:
            past = self._load(kind, stream)
        elif named is not None:  # an id made just now has no past to look for
            past = self.store.facts(stream)
            if past and past[0].fact.TOPIC not in kind.births:
                raise SubjectUnknownError(kind=kind.name, id=stream)
        at = self._now(past) if recorded_at is None else recorded_at.astimezone(UTC)
        version = past[-1].originator_version if past else 0
        if expected_version is not None and expected_version != version:
            raise StaleVersionError(
                kind=kind.name, id=stream, version=version, expected=expected_version
            )
        state: Any = None
        for event in past:
            state = kind.evolve(state, event)
        context = self.context()
        act = act_of(command, caller, role, past, first_event)
        facts = kind.decide(state, command, act, context)
        if facts:
            refuse_loose_ends(command, context, self.store)
        events = self._proved(stamp(facts, act, stream, version, at, first_event))
        outcome = Outcome(
            kind=kind.name,
            id=stream,
            version=version + len(events),
            events=tuple(event.event_id for event in events),
            receipts=self._receipts(events),
        )
        further = self._proved(consequences(events, self.store, context, at))
        own_more = sum(event.originator_id == stream for event in further)
        outcome = outcome.model_copy(update={"version": outcome.version + own_more})
        remembered = None
        if idempotency is not None:
            remembered = Remembered(
                caller=caller.pseudonym,
                key=idempotency.key,
                fingerprint=idempotency.fingerprint,
                outcome_json=outcome.model_dump_json(),
                # By the clock itself: a stream that is ahead of it must not make others' expire.
                recorded_at=self.clock(),
            )
        if events or remembered:
            self.store.append([*events, *further], idempotency=remembered)
        return outcome

    def _now(self, past: list[AnyRecorded]) -> datetime:
        """Never before the last fact of the stream: as of any moment, facts have no gaps.

        Asked at every attempt, because another writer was first at the one before it.
        """
        return max([self.clock().astimezone(UTC), *(event.timestamp for event in past[-1:])])

    def _remembered(self, caller: Caller, idempotency: IdempotencyKey) -> Outcome | None:
        found = self.store.remembered(caller.pseudonym, idempotency.key)
        if found is None:
            return None
        if found.fingerprint != idempotency.fingerprint:
            raise IdempotencyKeyReusedError(key=idempotency.key)
        return Outcome.model_validate_json(found.outcome_json)


def _role(command: Command, caller: Caller) -> Role:
    role = caller.role_for(command.ROLES)
    if role is None:
        raise ForbiddenError(
            command=command.name(), roles=sorted(command.ROLES), held=sorted(caller.roles)
        )
    return role


def _refuse_future(command: Command, at: datetime) -> None:
    """Neither the act nor its arrival: terms run from arrival, and one to come would never end."""
    today = at.astimezone(AMSTERDAM).date()
    for on in (command.happened_on, getattr(command, "arrived_on", None)):
        if on is not None and on > today:
            raise DateInFutureError(happened_on=on, today=today)


def act_of(
    command: Command,
    caller: Caller,
    role: Role,
    past: list[AnyRecorded],
    first_event: str | None = None,
) -> Act:
    """The envelope: who from the caller, when from the command, threads from the stream's start."""
    return Act(
        happened_on=command.happened_on,
        happened_from=command.happened_from,
        actor_role=role,
        actor_pseudonym=caller.pseudonym,
        organisation=caller.organisation,
        level=caller.level,
        on_behalf_of=command.on_behalf_of,
        regime=command.regime
        or (highest_regime(past) if past else Act.model_fields["regime"].default),
        causation_id=command.causation_id or (past[-1].event_id if past else None),
        correlation_id=command.correlation_id
        or (past[0].correlation_id if past else first_event or new_event_id()),
        source=command.source,
        reply=command.reply,
    )
