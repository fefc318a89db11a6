"""How does a fact become bytes, and bytes a fact again? The one place where that happens."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from pydantic import ValidationError

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import (
    IdsDifferError,
    SealingMissingError,
    StateUnreadableError,
    TopicUnknownError,
)
from uitvoering.persistence.sealing import Place, Sealing, marked_fields, open_sealed, seal
from uitvoering.persistence.shape import shape_of
from uitvoering.persistence.topics import Topics, recorded_type

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER | orjson.OPT_UTC_Z
"""Keys sorted, UTF-8, integers below 2^53: a second implementation can rebuild the bytes."""
_fields = attrgetter("__dict__")
"""What a model holds; `shape_of` sees to it that these are its fields, of types orjson writes."""


@dataclass(frozen=True, init=False)
class StoredFact(StoredEvent):
    """A stored event with its own id beside it, in a column the library does not know yet."""

    event_id: str

    def __init__(
        self,
        originator_id: UUID | str,
        originator_version: int,
        topic: str,
        state: bytes,
        event_id: str,
    ) -> None:
        # One of these is made per event; what a frozen dataclass makes of this costs twice as much.
        vars(self).update(
            originator_id=originator_id,
            originator_version=originator_version,
            topic=topic,
            state=state,
            event_id=event_id,
        )


class FactMapper(Mapper[str]):
    """Canonical bytes of the whole recorded fact, ids included; an old version is read as new."""

    def __init__(self, topics: Topics | None = None, sealing: Sealing | None = None) -> None:
        # The library's transcoder, compressor and cipher stay unused: one key for everything and
        # no associated data would let ciphertexts be swapped between rows unseen.
        super().__init__(JSONTranscoder())
        self._topics = topics or Topics()
        self._sealing = sealing
        self._written: set[type[Fact]] = set()
        """Kinds that were found fit to be written; looked into once."""
        self._straight: dict[str, Callable[..., AnyRecorded]] = {}
        """By topic, what is read from its bytes at once: nothing to open, nothing to upcast."""

    def to_stored_event(self, domain_event: Any) -> StoredFact:
        event: AnyRecorded = domain_event
        state, kind = self.plain(event), type(event.fact)
        if self._sealing is not None:
            held = orjson.loads(state)
            place = Place(event.event_id, event.originator_id, "")
            seal(held, recorded_type(kind), place, self._sealing)
            state = orjson.dumps(held, option=_CANONICAL)
        return StoredFact(
            event.originator_id, event.originator_version, kind.TOPIC, state, event.event_id
        )

    def plain(self, event: AnyRecorded) -> bytes:
        """The canonical bytes before anything in them is sealed."""
        kind = type(event.fact)
        if kind not in self._written:
            self._refuse_unfit(kind)
            self._written.add(kind)
        held = event.__dict__
        if event.timestamp.tzinfo is not UTC:
            if event.timestamp.utcoffset() is None:
                raise ValueError("the timestamp of a recorded fact has no time zone; give UTC")
            held = {**held, "timestamp": event.timestamp.astimezone(UTC)}
        if event.proof is None:  # as it was stored before there was a log
            held = {name: value for name, value in held.items() if name != "proof"}
        if kind.class_version > 1:
            held = {**held, "class_version": kind.class_version}
        return orjson.dumps(held, _fields, _CANONICAL)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The recorded fact; anything that is not as this product wrote it is `TamperedError`."""
        return self.decode(
            str(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
            stored_event.event_id if isinstance(stored_event, StoredFact) else None,
        )

    def decode(
        self, stream: str, version: int, topic: str, state: bytes, event_id: str | None
    ) -> AnyRecorded:
        """The same from the columns of a row, so that a replay makes nothing else per event."""
        straight = self._straight.get(topic)
        try:
            event: AnyRecorded
            if straight is None:
                event = self._read(stream, version, topic, state)
            else:
                event = straight(state, strict=True)
        except ValidationError as error:
            if self._sealing is None:
                _refuse_sealed(stream, version, state)
            # Names and kinds of defects only: a message may never carry what someone wrote.
            causes = sorted({f"{_dotted(e['loc'])} {e['type']}" for e in error.errors()})
            raise StateUnreadableError(cause=causes, stream=stream, version=version) from None
        except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
            cause = type(error).__name__
            raise StateUnreadableError(cause=cause, stream=stream, version=version) from error
        held = event.__dict__
        if held["originator_id"] != stream or held["originator_version"] != version:
            inside = f"{event.originator_id} {event.originator_version}"
            raise IdsDifferError(inside=inside, stream=stream, version=version)
        if held["event_id"] != event_id and event_id is not None:
            raise IdsDifferError(inside=event.event_id, stream=stream, version=version)
        return event

    def _read(self, stream: str, version: int, topic: str, state: bytes) -> AnyRecorded:
        kind = self._topics.kind(topic)
        if kind is None:
            raise TopicUnknownError(topic=topic, stream=stream, version=version)
        shape = shape_of(recorded_type(kind))
        event: AnyRecorded
        if kind.class_version == 1 and self._sealing is None:
            self._straight[topic] = shape.validate_json
            event = shape.validate_json(state, strict=True)
            return event
        if self._sealing is None:
            _refuse_sealed(stream, version, state)
        held = orjson.loads(state)
        if self._sealing is not None:
            open_sealed(held, Place(held["event_id"], stream, ""), self._sealing)
        for old in range(held.pop("class_version", 1), kind.class_version):
            getattr(kind, f"upcast_v{old}_v{old + 1}")(held["fact"])
        # Upcasts work on what JSON knows; only from bytes are dates and closed lists read strictly.
        event = shape.validate_json(orjson.dumps(held), strict=True)
        return event

    def _refuse_unfit(self, kind: type[Fact]) -> None:
        """What is not registered would never be read; what has no canonical bytes not proved."""
        if self._topics.kind(kind.TOPIC) is not kind:
            raise TypeError(f"{kind.__name__} is not the fact registered for topic {kind.TOPIC}")
        shape_of(recorded_type(kind))
        marked_fields(recorded_type(kind))


def _refuse_sealed(stream: str, version: int, state: bytes) -> None:
    with suppress(orjson.JSONDecodeError):
        held = orjson.loads(state)
        if isinstance(held, dict) and "sealed" in held:
            raise SealingMissingError(stream=stream, version=version)


def _dotted(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location) or "state"
