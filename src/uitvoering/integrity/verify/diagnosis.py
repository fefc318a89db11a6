"""What differs between an event and its leaf, in terms a reader can act on."""

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from uitvoering.integrity.fast_json import dumps, loads
from uitvoering.integrity.tree.leaf import LeafUnmadeError, leaf_of
from uitvoering.integrity.verify.findings import Finding, broken

_UNPARSED = (ValueError, TypeError, RecursionError)
"""What comes of bytes that are no JSON, or JSON that is no event."""


def mapping_of(data: bytes) -> Mapping[str, Any] | None:
    try:
        found = loads(data)
    except _UNPARSED:
        return None
    return cast(Mapping[str, Any], found) if isinstance(found, dict) else None


def text_in(held: object, name: str) -> str:
    """For a message; a question mark where there is none."""
    value = cast(dict[str, Any], held).get(name) if isinstance(held, dict) else None
    return str(value) if isinstance(value, (str, int)) else "?"


def difference(
    origin: str, index: int, position: int, topic: str, state: bytes, leaf: bytes
) -> Finding:
    """Why this event does not give this leaf; `event-other` when the log has another here."""
    logged, held = mapping_of(leaf), mapping_of(state)
    place = {"position": position, "event": text_in(logged, "eventId")}
    if logged is None:
        return broken("leaf-unreadable", index, position=position)
    if held is None:
        return broken("event-unreadable", index, **place)
    if text_in(held, "event_id") != place["event"]:
        found = text_in(held, "event_id")
        return broken("event-other", index, **place, found=found)
    try:
        return _other(origin, index, topic, state, logged, held, place)
    except RecursionError:  # nested deeper than anything we write
        return broken("event-unreadable", index, **place)


def _other(
    origin: str,
    index: int,
    topic: str,
    state: bytes,
    logged: Mapping[str, Any],
    held: Mapping[str, Any],
    place: dict[str, Any],
) -> Finding:
    if hashlib.sha256(state).hexdigest() != logged.get("payloadSha256"):
        return broken(_payload_code(held, logged), index, **place)
    if topic != logged.get("type"):
        return broken("event-topic", index, **place, topic=topic, logged=text_in(logged, "type"))
    try:
        made = leaf_of(origin, topic, state)
    except LeafUnmadeError:
        return broken("event-unreadable", index, **place)
    if _canonical(logged) == made:
        return broken("leaf-re-encoded", index, **place)
    own = mapping_of(made) or {}
    fields = sorted(name for name in {*own, *logged} if own.get(name) != logged.get(name))
    return broken("leaf-differs", index, **place, fields=", ".join(fields) or "-")


def _payload_code(held: Mapping[str, Any], logged: Mapping[str, Any]) -> str:
    """The store writes canonical JSON: written so again, the same meaning has the same digest."""
    canonical = _canonical(held)
    same = canonical is not None and hashlib.sha256(canonical).hexdigest()
    return "event-re-encoded" if same == logged.get("payloadSha256") else "event-changed"


def _canonical(held: Mapping[str, Any]) -> bytes | None:
    try:
        return dumps(dict(held))
    except _UNPARSED:
        return None
