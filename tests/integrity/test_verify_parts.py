"""A pack with a part of the history: what was asked for, and what such a part can prove."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integrity.evidence import EVERYTHING, Keys, Made, codes, events, judged, relisted
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.verify.findings import Standing
from uitvoering.integrity.verify.pack import MANIFEST, Asked, AskedTwiceError

COUNT = 80
PART = Asked(first=43, last=122)


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys()


@pytest.fixture(scope="module")
def made(keys: Keys) -> Made:
    return Made(keys, events(COUNT))


def test_a_part_is_proved_against_the_whole_log(made: Made, keys: Keys, tmp_path: Path) -> None:
    part = list(enumerate(made.events))[20:60]
    folder = made.write(tmp_path / "pack", part, PART)
    report = judged(folder, keys, asked=PART)
    assert not report.is_broken
    assert "only-part" in codes(report, Standing.UNCHECKED)
    assert "complete-part" in codes(report, Standing.HOLDS)
    lacking = made.write(tmp_path / "lacking", part[:7] + part[8:], PART)
    report = judged(lacking, keys, asked=PART)
    assert codes(report) == {"event-missing"}
    assert report.first is not None
    assert report.first.index == 27


def test_positions_are_the_word_of_who_made_the_pack(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    """Older events, numbered as those that were asked for: no leaf states a position."""
    asked = Asked(1_000, 1_003)
    older = [(index, replace(made.events[index], position=1_000 + index)) for index in range(3)]
    report = judged(made.write(tmp_path / "pack", older, asked), keys, asked=asked)
    assert not report.is_broken
    assert "only-positions" in codes(report, Standing.UNCHECKED)
    [said] = [found for found in report.findings if found.code == "complete-part"]
    assert said.values == {"first": 0, "last": 2}
    assert "asked" not in said.text("en")
    [only] = [found for found in report.findings if found.code == "only-part"]
    assert only.values == {"first": 0, "last": 2, "before": 0, "after": COUNT - 3}


def test_of_a_stream_no_event_in_between_can_be_left_out(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    stream = str(loads(made.events[4].state)["originator_id"])
    part = [row for row in enumerate(made.events) if stream.encode() in row[1].state]
    assert [index for index, _ in part] == [4, 5, 6, 7]
    asked = Asked(stream=stream)
    report = judged(made.write(tmp_path / "pack", part, asked), keys, asked=asked)
    assert not report.is_broken
    assert "only-stream" in codes(report, Standing.UNCHECKED)
    assert "complete-stream" in codes(report, Standing.HOLDS)
    for left in range(4):
        lacking = made.write(tmp_path / f"{left}", part[:left] + part[left + 1 :], asked)
        report = judged(lacking, keys, asked=asked)
        assert codes(report) == {"event-missing"}
        assert report.first is not None
        assert report.first.index == 4 + left


@pytest.mark.parametrize("asked", [EVERYTHING, Asked(first=3, last=20), Asked(stream="other")])
def test_a_pack_of_other_events_than_were_asked_for_is_named(
    made: Made, keys: Keys, tmp_path: Path, asked: Asked
) -> None:
    part = list(enumerate(made.events))[20:60]
    folder = made.write(tmp_path / "pack", part, PART)
    assert codes(judged(folder, keys, asked=asked)) == {"asked-differs"}
    assert not judged(folder, keys, asked=PART).is_broken
    whole = made.write(tmp_path / "whole")
    found = codes(judged(whole, keys, asked=asked))
    assert found == (set() if asked.everything else {"asked-differs"})


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (slice(3), Asked(None, 9)),
        (slice(0), Asked(None, 9)),
        (slice(0), Asked(1, None)),
        (slice(0), Asked(stream="nobody")),
    ],
)
def test_who_names_nothing_asks_for_everything(
    made: Made, keys: Keys, tmp_path: Path, lines: slice, said: Asked
) -> None:
    """The operator leaves events out, and writes into the manifest that a part was asked for."""
    folder = made.write(tmp_path / "pack", list(enumerate(made.events))[lines], said)
    report = judged(folder, keys)
    assert report.code == 3
    assert "asked-differs" in codes(report)


def test_who_did_ask_for_a_part_is_told_how_to_say_so(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    for name, asked, options in (
        ("part", PART, "`export --from 43 --to 122`"),
        ("stream", Asked(stream="a b; c"), "`export --stream 'a b; c'`"),
    ):
        report = judged(made.write(tmp_path / name, [], asked), keys)
        [found] = [each for each in report.findings if each.code == "asked-differs"]
        for lang in ("nl", "en"):
            assert "`verify`" in found.text(lang)
            assert options in found.text(lang)


@pytest.mark.parametrize("asked", [Asked(first=3, last=9), Asked(stream="nobody")])
def test_a_part_without_events_does_not_hold(
    made: Made, keys: Keys, tmp_path: Path, asked: Asked
) -> None:
    report = judged(made.write(tmp_path / "pack", [], asked), keys, asked=asked)
    assert codes(report) == {"part-empty"}
    assert report.code == 3
    assert not {"complete-part", "complete-stream"} & codes(report, Standing.HOLDS)


def test_a_part_says_what_was_found_and_what_lies_outside_it(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    """The manifest bounds nothing: it says 1 to 900, and only so much of it is there."""
    asked = Asked(first=1, last=900)
    part = list(enumerate(made.events))[20:60]
    report = judged(made.write(tmp_path / "pack", part, asked), keys, asked=asked)
    [only] = [found for found in report.findings if found.code == "only-part"]
    assert only.values == {"first": 20, "last": 59, "before": 20, "after": COUNT - 60}


def test_a_part_with_other_bounds_than_its_manifest_says_is_named(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    part = list(enumerate(made.events))
    gap = made.write(tmp_path / "gap", part[20:25] + part[26:60], PART)
    relisted(gap, first_index=30, last_index=40)  # the gap is outside of what it bounds
    assert codes(judged(gap, keys, asked=PART)) == {"bounds-differ"}
    asked = Asked(first=53, last=122)
    outside = made.write(tmp_path / "outside", part[20:60], asked)
    assert codes(judged(outside, keys, asked=asked)) == {"bounds-differ"}


def test_a_stream_is_asked_for_whole_or_not_at_all(made: Made, keys: Keys, tmp_path: Path) -> None:
    """Bounded by positions, a stream could lose its end: nobody could tell."""
    for first, last in ((1, None), (None, 9), (1, 9)):
        with pytest.raises(AskedTwiceError):
            Asked(first, last, "a")
    folder = made.write(tmp_path / "pack")
    told = loads((folder / MANIFEST).read_bytes())
    told["asked"] = {"first": 1, "last": 5, "stream": "a"}
    (folder / MANIFEST).write_text(json.dumps(told))
    assert codes(judged(folder, keys)) == {"manifest-wrong"}
