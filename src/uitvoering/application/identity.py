"""Ids, folds and envelopes: how events become state, and a decided fact becomes an event."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.events.signal import RegimeRaised
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Regime
from uitvoering.persistence.ids import event_id_of, new_event_id

NAMESPACE = UUID("6f1d3c52-7a53-5d0e-9a2b-0c54a1f6a3d4")
"""For ids that follow from something else: a register row's from its code, for one."""


S = TypeVar("S")


def fold(evolve: Callable[[S | None, Recorded[Any]], S], events: Iterable[AnyRecorded]) -> S:
    """The state a stream has come to; a stream has at least one event."""
    state: S | None = None
    for event in events:
        state = evolve(state, event)
    if state is None:
        raise ValueError("a stream starts with an event")
    return state


def derived_id(*parts: str) -> str:
    """The same parts give the same id on every machine."""
    return str(uuid5(NAMESPACE, "\x1f".join(parts)))


def envelope_of(event: Act, **changed: Any) -> Act:
    """The act behind an event, for what follows from it."""
    given = {name: getattr(event, name) for name in Act.model_fields}
    return Act.model_validate(given | changed)


def highest_regime(past: Sequence[AnyRecorded]) -> Regime:
    """The strictest regime a stream ever had: it only rises, so a later act does not lower it."""
    raised = (event.fact.to for event in past if isinstance(event.fact, RegimeRaised))
    return max((*(event.regime for event in past), *raised), key=list(Regime).index)


def derived_event_id(at: datetime, *parts: str) -> str:
    """A UUIDv7 of that moment whose other bits follow from the parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return event_id_of(int(at.timestamp() * 1000), int.from_bytes(digest[:10], "big"))


def _event_id(first: str | None, n: int, at: datetime) -> str:
    if first is None:
        return new_event_id()
    return first if n == 1 else derived_event_id(at, first, str(n))


def stamp(
    facts: Sequence[Fact],
    act: Act,
    stream: str,
    version: int,
    at: datetime,
    first: str | None = None,
) -> list[AnyRecorded]:
    """Facts in their whole envelope, next after `version`.

    `first` is the id of the first, and the others follow from it: what is derived or told from a
    source gets the same ids on every machine.
    """
    envelope = {name: getattr(act, name) for name in Act.model_fields}
    return [
        AnyRecorded.model_validate(
            {
                **envelope,
                "event_id": _event_id(first, n, at),
                "originator_id": stream,
                "originator_version": version + n,
                "timestamp": at,
                "fact": fact,
            }
        )
        for n, fact in enumerate(facts, start=1)
    ]
