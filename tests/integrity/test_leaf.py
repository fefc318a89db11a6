"""The leaf of an event is made from its stored bytes alone, the same by everyone."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.integrity.make_golden_leaves import ORIGIN as GOLDEN_ORIGIN
from tests.integrity.make_golden_leaves import leaves
from tests.persistence.make_golden import lines
from uitvoering.integrity import fast_json
from uitvoering.integrity.tree.leaf import (
    DIGEST,
    MOST_COMMITS,
    LeafUnmadeError,
    commitment,
    continuation_leaf,
    leaf_of,
    opening_of,
)

ORIGIN = "log.example.nl/uitvoering"
STATE: dict[str, Any] = {
    "actor_pseudonym": "uwv-7",
    "actor_role": "reporter",
    "event_id": "0190163d-8694-7395-aa2a-d3c1e5b2a001",
    "fact": {"statement": {"text": "Drie huurders zijn uitgezet."}},
    "happened_on": "2026-01-05",
    "level": "team-lead",
    "organisation": "uwv",
    "originator_id": "7d0b9a52-1c11-4d0e-8a2b-0c54a1f6a3d4",
    "originator_version": 3,
    "proof": {
        "commits": [{"at": "/fact/statement/text", "hmac": "ab" * 32}],
        "opening": "cd" * 32,
        "schema_sha256": "ef" * 32,
        "seen": {"root": "01" * 32, "size": 12},
    },
    "regime": "internal",
    "timestamp": "2026-01-05T10:00:00Z",
}
TOPIC = "signal-restated"


def stored(**changed: Any) -> bytes:
    return fast_json.dumps(STATE | changed)


def leaf(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(leaf_of(ORIGIN, TOPIC, stored(**changed)))
    return found


def test_a_leaf_says_which_event_where_when_and_by_which_level() -> None:
    assert leaf() == {
        "eventId": STATE["event_id"],
        "happenedOn": "2026-01-05",
        "keyCommits": [],
        "level": "team-lead",
        "log": ORIGIN,
        "organisation": "uwv",
        "payloadSha256": hashlib.sha256(stored()).hexdigest(),
        "recordedAt": "2026-01-05T10:00:00Z",
        "role": "reporter",
        "schemaSha256": "ef" * 32,
        "seen": {"root": "01" * 32, "size": 12},
        "stream": STATE["originator_id"],
        "type": TOPIC,
        "version": 3,
        "wordingCommits": ["ab" * 32],
    }


def test_a_leaf_holds_no_words_and_nobody() -> None:
    made = leaf_of(ORIGIN, TOPIC, stored())
    assert b"huurders" not in made
    assert b"uwv-7" not in made
    assert b"cd" * 32 not in made
    assert len(made) < 2048


@pytest.mark.parametrize("regime", ["confidential", "wbk", "no-content", "no-record"])
def test_of_what_is_confidential_it_does_not_say_by_whom(regime: str) -> None:
    assert not {"role", "level", "organisation"} & leaf(regime=regime).keys()


def test_an_event_of_before_the_log_has_a_leaf_all_the_same() -> None:
    made = leaf(proof=None)
    assert not {"seen", "schemaSha256"} & made.keys()
    assert made["wordingCommits"] == []


def test_of_many_passages_a_leaf_holds_one_digest() -> None:
    commits = [{"at": f"/{n}", "hmac": f"{n:064x}"} for n in range(MOST_COMMITS + 1)]
    made = leaf(proof=STATE["proof"] | {"commits": commits})
    joined = "".join(commit["hmac"] for commit in commits).encode()
    assert made["wordingCommits"] == [DIGEST + hashlib.sha256(joined).hexdigest()]


def test_the_same_meaning_in_other_bytes_is_another_leaf() -> None:
    spaced = json.dumps(STATE, sort_keys=True).encode()
    assert leaf_of(ORIGIN, TOPIC, spaced) != leaf_of(ORIGIN, TOPIC, stored())


@pytest.mark.parametrize("bytes_", [b"", b"{}", b"[]", b"null", b'{"event_id": 1}', b"\xff"])
def test_of_bytes_that_are_no_event_no_leaf_is_made(bytes_: bytes) -> None:
    with pytest.raises(LeafUnmadeError):
        leaf_of(ORIGIN, TOPIC, bytes_)


_TEXT = st.text(st.characters(codec="ascii"), max_size=20)
_NUMBER = st.integers(-(2**53) + 1, 2**53 - 1)
_LEAVES = st.dictionaries(
    st.text(st.characters(codec="ascii", min_codepoint=33), max_size=9),
    _TEXT | _NUMBER | st.lists(_TEXT, max_size=3) | st.dictionaries(_TEXT, _NUMBER, max_size=3),
)


@given(_LEAVES)
def test_what_a_leaf_may_hold_has_the_bytes_of_rfc_8785(held: dict[str, Any]) -> None:
    assert fast_json.dumps(held) == rfc8785.dumps(held)
    assert fast_json.plain_dumps(held) == rfc8785.dumps(held)
    assert fast_json.loads(rfc8785.dumps(held)) == held


def test_a_log_that_follows_another_begins_with_its_last_checkpoint() -> None:
    note = "log.example.nl/old\n3\nAAAA\n\n— log.example.nl/old AAAAAAAA\n".encode()
    assert json.loads(continuation_leaf(ORIGIN, note)) == {
        "continues": note.decode(),
        "log": ORIGIN,
    }


@given(st.binary(min_size=32, max_size=32), st.text(), st.text())
def test_a_commitment_opens_to_its_text_and_to_no_other(
    secret: bytes, text: str, other: str
) -> None:
    one, two = opening_of(secret.hex(), "/a"), opening_of(secret.hex(), "/b")
    assert len(one) == len(two) == 32
    assert one != two
    assert (commitment(one, text) == commitment(one, other)) == (text == other)
    assert commitment(one, text) != commitment(two, text)


def test_a_leaf_has_the_same_bytes_for_ever() -> None:
    made = [leaf_of(GOLDEN_ORIGIN, line["topic"], line["state"].encode()) for line in lines()]
    assert made == leaves(), "run: python -m tests.integrity.make_golden_leaves"
    assert any(b'"seen"' in leaf for leaf in made)
