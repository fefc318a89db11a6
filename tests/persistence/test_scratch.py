"""A replay keeps its documents in memory while they are few, and loses none beyond that."""

import random

import pytest

from tests.persistence.facts import Tally, Total
from uitvoering.persistence import scratch
from uitvoering.persistence.scratch import ScratchDocuments, ScratchFailedError


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_it_holds_what_was_put_last_under_each_key(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "MOST_IN_MEMORY", most)
    chance, expected = random.Random(7), dict[str, int]()  # noqa: S311 no secret
    documents = ScratchDocuments()
    for _ in range(200):
        key = chance.choice("abcdefghij")
        before = documents.get(Tally, key)
        assert (before.count if before else None) == expected.get(key)
        expected[key] = expected.get(key, 0) + 1
        documents.put(key, Tally(count=expected[key]))
        documents.put(key, Total(streams=1))
    assert [(key, tally.count) for key, tally in documents.all(Tally)] == sorted(expected.items())
    assert [key for key, _ in documents.all(Total)] == sorted(expected)
    assert documents.get(Tally, "z") is None


def test_no_more_is_held_in_memory_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "MOST_IN_MEMORY", 100)
    documents = ScratchDocuments()
    held = documents.__dict__["_recent"]
    for n in range(1_000):
        documents.put(f"{n:06}", Tally(count=n))
        assert len(held) <= 100
    for n in range(1_000):
        assert documents.get(Tally, f"{n:06}") == Tally(count=n)
        assert len(held) <= 100
    assert sum(1 for _ in documents.all(Tally)) == 1_000


def test_a_file_that_finds_no_room_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "MOST_IN_MEMORY", 2)
    documents = ScratchDocuments()
    documents.hold([])
    documents.__dict__["_file"].execute("PRAGMA max_page_count = 2")
    for key in ("a", "b"):
        documents.put(key * 9_000, Tally(count=1))
    for asked in ("c", "d"):
        with pytest.raises(ScratchFailedError, match="make room"):
            documents.get(Tally, asked)
