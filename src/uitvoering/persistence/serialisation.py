"""How does a fact become bytes, and bytes a fact again? The one place where that happens."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

import orjson
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from pydantic import ValidationError

from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import (
    IdsDifferError,
    SealingMissingError,
    StateUnreadableError,
    TopicUnknownError,
)
from uitvoering.persistence.sealing import Place, Sealing, marked_fields, open_sealed, seal
from uitvoering.persistence.topics import Topics, recorded_type

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
"""Keys sorted, UTF-8, integers below 2^53: a second implementation can rebuild the bytes."""


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """A stored event with its own id beside it, in a column the library does not know yet."""

    event_id: str


class FactMapper(Mapper[str]):
    """Canonical bytes of the whole recorded fact, ids included; an old version is read as new."""

    def __init__(self, topics: Topics | None = None, sealing: Sealing | None = None) -> None:
        # The library's transcoder, compressor and cipher stay unused: one key for everything and
        # no associated data would let ciphertexts be swapped between rows unseen.
        super().__init__(JSONTranscoder())
        self._topics = topics or Topics()
        self._sealing = sealing

    def to_stored_event(self, domain_event: Any) -> StoredFact:
        event: AnyRecorded = domain_event
        fact = event.fact
        kind = type(fact)
        if self._topics.kind(fact.TOPIC) is not kind:
            raise TypeError(f"{kind.__name__} is not the fact registered for topic {fact.TOPIC}")
        model = recorded_type(kind)
        marked_fields(model)  # refuses, once per class, what has no canonical bytes
        if event.timestamp.utcoffset() is None:
            raise ValueError("the timestamp of a recorded fact has no time zone; give UTC")
        state = event.model_dump(mode="json", by_alias=False, exclude={"fact", "timestamp"})
        state["timestamp"] = event.timestamp.astimezone(UTC)
        # Dumped on its own, because the envelope may be typed by no more than `Fact`.
        state["fact"] = fact.model_dump(mode="json", by_alias=False)
        if self._sealing is not None:
            place = Place(event.event_id, event.originator_id, "")
            seal(state, model, place, self._sealing)
        if kind.class_version > 1:
            state["class_version"] = kind.class_version
        return StoredFact(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=fact.TOPIC,
            state=orjson.dumps(state, option=_CANONICAL | orjson.OPT_UTC_Z),
            event_id=event.event_id,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The recorded fact; anything that is not as this product wrote it is `TamperedError`."""
        kind = self._topics.kind(stored_event.topic)
        where = {"stream": stored_event.originator_id, "version": stored_event.originator_version}
        if kind is None:
            raise TopicUnknownError(topic=stored_event.topic, **where)
        try:
            event = self._read(kind, stored_event)
        except ValidationError as error:
            # Names and kinds of defects only: a message may never carry what someone wrote.
            causes = sorted({f"{_dotted(e['loc'])} {e['type']}" for e in error.errors()})
            raise StateUnreadableError(cause=causes, **where) from None
        except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
            raise StateUnreadableError(cause=type(error).__name__, **where) from error
        held = (event.originator_id, event.originator_version)
        if held != (stored_event.originator_id, stored_event.originator_version):
            raise IdsDifferError(inside=f"{held[0]} {held[1]}", **where)
        if isinstance(stored_event, StoredFact) and event.event_id != stored_event.event_id:
            raise IdsDifferError(inside=event.event_id, **where)
        return event

    def _read(self, kind: type[Fact], stored: StoredEvent) -> Recorded[Any]:
        model = recorded_type(kind)
        if kind.class_version == 1 and self._sealing is None:
            try:
                return model.model_validate_json(stored.state)
            except ValidationError:
                self._refuse_sealed(stored)
                raise
        state = orjson.loads(stored.state)
        if self._sealing is not None:
            place = Place(state["event_id"], str(stored.originator_id), "")
            open_sealed(state, place, self._sealing)
        else:
            self._refuse_sealed(stored)
        for version in range(state.pop("class_version", 1), kind.class_version):
            getattr(kind, f"upcast_v{version}_v{version + 1}")(state["fact"])
        return model.model_validate(state)

    def _refuse_sealed(self, stored: StoredEvent) -> None:
        state = orjson.loads(stored.state)
        if isinstance(state, dict) and "sealed" in state:
            raise SealingMissingError(
                stream=stored.originator_id, version=stored.originator_version
            )


def _dotted(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location) or "state"
