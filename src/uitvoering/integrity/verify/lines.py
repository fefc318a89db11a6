"""The events of a file, each against its leaf: bytes, place, wording, what its author saw."""

from collections.abc import Sequence
from functools import lru_cache, reduce
from hashlib import sha256
from operator import getitem
from typing import Any

from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.tree.leaf import LeafUnmadeError, commitment, leaf_from, opening_of
from uitvoering.integrity.verify.chunk import Checked, Chunk
from uitvoering.integrity.verify.diagnosis import difference, mapping_of, text_in
from uitvoering.integrity.verify.findings import Finding, broken
from uitvoering.integrity.verify.pack import line_parts
from uitvoering.integrity.verify.reading import lines

_UNREADABLE = (
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
)
"""What a value of another kind than we wrote gives."""


def lines_checked(chunk: Chunk, name: str, leaves: Sequence[bytes | None], done: Checked) -> None:
    """Every line, in one pass; nothing is kept of what is right but counts."""
    origin, start, stop = chunk.origin, chunk.leaves.start, chunk.leaves.stop
    expected, first, last, count, place = start, 0, 0, 0, start
    for number, line in enumerate(lines(chunk.folder, name, chunk.files.get(name)), 1):
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
            _event(origin, index, position, topic, state, leaf, done)
        place = place if count else index
        expected, first, last, count = index + 1, first or position, position, count + 1
    done.events += count
    if count:
        done.positions, done.places = (first, last), (place, expected - 1)
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
    try:
        held: dict[str, Any] = loads(state)
        if leaf == leaf_from(origin, topic, held, sha256(state).hexdigest()):
            proof = held.get("proof")
            if proof:
                _proof(held, proof, index, position, done)
            return
    except (LeafUnmadeError, ValueError, RecursionError):
        pass  # said in full below
    done.add(difference(origin, index, position, topic, state, leaf))


def _proof(
    held: dict[str, Any], proof: dict[str, Any], index: int, position: int, done: Checked
) -> None:
    """The commitments against the wording; what the author had seen is looked up later."""
    event = held["event_id"]
    try:
        opening, sealed = proof.get("opening"), held.get("sealed") or ()
        for commit in proof.get("commits") or ():
            at = commit["at"]
            text = _text_at(held, at)
            if not opening or text is None or at in sealed:
                done.unopened += 1
            elif commitment(opening_of(opening, at), text) == commit["hmac"]:
                done.commits += 1
            else:
                told = {"position": position, "event": event, "passage": at}
                done.add(broken("wording-differs", index, **told))
        schema = proof.get("schema_sha256")
        if schema:
            done.schemas.add(str(schema))
        seen = proof.get("seen")
        if seen:
            done.seen.setdefault((int(seen["size"]), str(seen["root"])), (index, event))
    except _UNREADABLE:
        done.add(broken("proof-unreadable", index, position=position, event=event))


def _text_at(held: dict[str, Any], pointer: str) -> str | None:
    """What a JSON Pointer (RFC 6901) leads to; None when it is no text."""
    steps = _steps(pointer)
    try:
        found: object = reduce(getitem, steps, held)
    except (LookupError, TypeError):  # through a list, or nowhere
        found = _through_lists(held, steps)
    return found if isinstance(found, str) else None


def _through_lists(held: dict[str, Any], steps: tuple[str, ...]) -> object:
    here: Any = held
    try:
        for step in steps:
            here = here[int(step) if type(here) is list else step]
    except (LookupError, TypeError, ValueError):
        return None
    return here


@lru_cache(1_000)
def _steps(pointer: str) -> tuple[str, ...]:
    """The same few pointers come back in every event of a kind."""
    steps = pointer.removeprefix("/").split("/")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)
