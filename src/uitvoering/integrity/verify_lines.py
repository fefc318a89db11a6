"""The events of a file, each against its leaf: bytes, place, wording, what its author saw."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, cast

from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.leaf import LeafUnmadeError, commitment, leaf_from, opening_of
from uitvoering.integrity.pack import MOST_LINE, line_parts
from uitvoering.integrity.verify_chunk import Checked, Chunk
from uitvoering.integrity.verify_diagnosis import difference, mapping_of, text_in
from uitvoering.integrity.verify_findings import Finding, broken

_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What a value of another kind than we wrote gives."""


def lines_checked(chunk: Chunk, name: str, leaves: Sequence[bytes | None], done: Checked) -> None:
    """Every line, in one pass; nothing is kept of what is right but counts."""
    start, stop = chunk.leaves.start, chunk.leaves.stop
    expected, last = start, 0
    try:
        with (chunk.folder / name).open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, MOST_LINE), b""), 1):
                parts = line_parts(line)
                if parts is None or not start <= parts[0] < stop:
                    done.add(broken("line-unreadable", file=name, line=number))
                    continue
                index, position, topic, state = parts
                if index < expected or position <= last:
                    done.add(_out_of_order(index, position, state))
                    continue
                if index > expected:
                    missing(chunk, leaves, range(expected, index), done)
                leaf = leaves[index - start]
                if leaf is not None:  # else it was told with its bundle
                    _event(chunk.origin, index, position, topic, state, leaf, done)
                expected, last = index + 1, position
                done.events += 1
                done.positions = (done.positions[0] if done.positions else position, position)
    except OSError:
        pass  # told where its digest was asked for
    missing(chunk, leaves, range(expected, stop), done)


def missing(chunk: Chunk, leaves: Sequence[bytes | None], gap: range, done: Checked) -> None:
    """What the log has in the gap and the pack should have had as well."""
    first, last = max(gap.start, chunk.wanted.start), min(gap.stop, chunk.wanted.stop)
    for index in range(first, last):
        leaf = leaves[index - chunk.leaves.start]
        if leaf is None:
            continue
        logged = mapping_of(leaf)
        if index == 0 and logged is not None and "continues" in logged:
            continue
        if chunk.stream is None or text_in(logged, "stream") == chunk.stream:
            done.add(broken("event-missing", index, event=text_in(logged, "eventId")))


def _out_of_order(index: int, position: int, state: bytes) -> Finding:
    event = text_in(mapping_of(state), "event_id")
    return broken("event-out-of-order", index, position=position, event=event)


def _event(
    origin: str, index: int, position: int, topic: str, state: bytes, leaf: bytes, done: Checked
) -> None:
    held: dict[str, Any] = {}
    try:
        held = loads(state)
        same = leaf == leaf_from(origin, topic, held, hashlib.sha256(state).hexdigest())
    except (LeafUnmadeError, ValueError, RecursionError):
        same = False
    if not same:
        done.add(difference(origin, index, position, topic, state, leaf))
    elif proof := held.get("proof"):
        try:
            _proof(held, proof, index, position, done)
        except _UNREADABLE:
            event = text_in(held, "event_id")
            done.add(broken("proof-unreadable", index, position=position, event=event))


def _proof(
    held: dict[str, Any], proof: dict[str, Any], index: int, position: int, done: Checked
) -> None:
    """The commitments against the wording; what the author had seen is looked up later."""
    opening, sealed = proof.get("opening"), held.get("sealed") or ()
    for commit in proof.get("commits") or ():
        at = commit["at"]
        text = _text_at(held, at)
        if not opening or text is None or at in sealed:
            done.unopened += 1
        elif commitment(opening_of(opening, at), text) == commit["hmac"]:
            done.commits += 1
        else:
            event = text_in(held, "event_id")
            done.add(broken("wording-differs", index, position=position, event=event, passage=at))
    schema = proof.get("schema_sha256")
    if schema:
        done.schemas.add(str(schema))
    seen = proof.get("seen")
    if seen:
        key = (int(seen["size"]), str(seen["root"]))
        if key not in done.seen:
            done.seen[key] = (index, text_in(held, "event_id"))


def _text_at(held: dict[str, Any], pointer: str) -> str | None:
    """What a JSON Pointer (RFC 6901) leads to; None when it is no text."""
    here: Any = held
    for step in _steps(pointer):
        if isinstance(here, dict):
            here = cast(dict[str, Any], here).get(step)
        elif isinstance(here, list) and step.isdecimal():
            items = cast(list[object], here)
            here = items[int(step)] if int(step) < len(items) else None
        else:
            return None
    return here if isinstance(here, str) else None


@lru_cache(1_000)
def _steps(pointer: str) -> tuple[str, ...]:
    """The same few pointers come back in every event of a kind."""
    steps = pointer.removeprefix("/").split("/")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)
