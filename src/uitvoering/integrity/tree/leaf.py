"""What the log says of an event: a leaf without personal data, made from its stored bytes alone.

Whoever has the log's name, the topic and the stored bytes makes the same leaf, byte for byte.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, cast

from uitvoering.errors import TamperedError
from uitvoering.integrity.fast_json import dumps, loads

OPENING_BYTES = 32
MOST_COMMITS = 16
"""So that a leaf stays under 2 KB; of an event with more passages, the leaf holds one digest."""
DIGEST = "sha256:"
"""Before that digest: no single passage can be opened with it."""
_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
_WITHOUT_ACTOR = frozenset({"confidential", "wbk", "no-content", "no-record"})
"""Regimes under which role, level and organisation stand in the stored bytes only."""


class LeafUnmadeError(TamperedError):
    code = "leaf-unmade"
    message = "no leaf can be made of a stored event of topic {topic}: {cause}; call an auditor"


def leaf_of(origin: str, topic: str, state: bytes) -> bytes:
    """Canonical JSON; `origin` names the log, `state` are the bytes as they stand in the store.

    LeafUnmadeError when the bytes are no event of ours.
    """
    try:
        held: dict[str, Any] = loads(state)
    except (ValueError, RecursionError) as error:
        raise LeafUnmadeError(topic=topic, cause=type(error).__name__) from error
    return leaf_from(origin, topic, held, hashlib.sha256(state).hexdigest())


def leaf_from(origin: str, topic: str, held: Any, sha256: str) -> bytes:
    """The same of the bytes as read, and their SHA-256, for who needs both already."""
    try:
        proof = cast(dict[str, Any], held.get("proof") or {})
        leaf: dict[str, Any] = {
            "eventId": held["event_id"],
            "happenedOn": held["happened_on"],
            "keyCommits": held.get("key_commits", []),
            "log": origin,
            "payloadSha256": sha256,
            "recordedAt": held["timestamp"],
            "stream": held["originator_id"],
            "type": topic,
            "version": held["originator_version"],
            "wordingCommits": _commits(proof.get("commits") or []),
        }
        if held["regime"] not in _WITHOUT_ACTOR:
            leaf["level"] = held["level"]
            leaf["organisation"] = held["organisation"]
            leaf["role"] = held["actor_role"]
        if "schema_sha256" in proof:
            leaf["schemaSha256"] = proof["schema_sha256"]
        if proof.get("seen"):
            seen: dict[str, Any] = proof["seen"]
            leaf["seen"] = {"root": seen["root"], "size": seen["size"]}
        return dumps(leaf)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise LeafUnmadeError(topic=topic, cause=type(error).__name__) from error


def continuation_leaf(origin: str, previous: bytes) -> bytes:
    """The first leaf of a log that follows another: the last checkpoint of that one, whole."""
    return dumps({"continues": previous.decode(), "log": origin})


def opening_of(opening: str, at: str) -> bytes:
    """What opens one passage: 32 bytes, made from the event's own opening (in hex).

    So one passage can be shown with its opening and another of the same event withheld.
    """
    return _hmac(bytes.fromhex(opening), at.encode())


def commitment(opening: bytes, text: str) -> str:
    """HMAC-SHA256 in hex: says nothing of the text without the opening, and fits no other text."""
    return _hmac(opening, text.encode()).hex()


def _hmac(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) for keys of our length alone; ValueError for another.

    The standard library's looks its hash up by name each time, which takes as long again as all
    the hashing; a verifier does this twice for every passage in a log.
    """
    if len(key) != OPENING_BYTES:
        raise ValueError(f"an opening has {OPENING_BYTES} bytes")
    block = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(block.translate(_INNER) + text).digest()
    return hashlib.sha256(block.translate(_OUTER) + inner).digest()


def _commits(commits: Sequence[Mapping[str, str]]) -> list[str]:
    held = [commit["hmac"] for commit in commits]
    if len(held) <= MOST_COMMITS:
        return held
    return [DIGEST + hashlib.sha256("".join(held).encode()).hexdigest()]
