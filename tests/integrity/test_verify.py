"""What an evidence pack proves, and that nothing in it can be changed unseen."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import uitvoering.integrity.verify.verify as verify_module
from tests.integrity.evidence import (
    AT,
    COSIGNED_AT,
    MADE_AT,
    NOW,
    ORIGIN,
    Event,
    Keys,
    Made,
    codes,
    events,
    judged,
    relisted,
    with_proof,
)
from uitvoering.application import evidence_replay
from uitvoering.integrity.fast_json import dumps, loads
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.tree.leaf import leaf_of
from uitvoering.integrity.tree.merkle import leaf_hash
from uitvoering.integrity.tree.tiles import ENTRIES, entry_bundle, tile_at
from uitvoering.integrity.verify.brought import CheckpointUnusableError, KeptNoFolderError
from uitvoering.integrity.verify.checkpoints import Fork, Source, fork_findings
from uitvoering.integrity.verify.findings import Report, Standing, broken, unchecked
from uitvoering.integrity.verify.kept import keep
from uitvoering.integrity.verify.moments import moment, newest_recorded, within
from uitvoering.integrity.verify.pack import (
    CHECKPOINT,
    MANIFEST,
    POLICY,
    Asked,
    Listed,
    checkpoint_path,
    events_path,
    manifest_of,
    schema_path,
)
from uitvoering.integrity.verify.texts import LANGUAGES, printable, texts
from uitvoering.persistence.event_schemas import newest

COUNT = 300
"""More than a full tile, so that there is a second level."""


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys()


@pytest.fixture(scope="session")
def facts() -> tuple[Event, ...]:
    return tuple(events(COUNT))


@pytest.fixture
def made(keys: Keys, facts: tuple[Event, ...]) -> Made:
    return Made(keys, list(facts), sizes=(0, 100, 256))


@pytest.fixture(scope="session")
def whole(keys: Keys, facts: tuple[Event, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read it, or copy it."""
    return Made(keys, list(facts), sizes=(0, 100, 256)).write(tmp_path_factory.mktemp("e") / "pack")


@pytest.fixture(scope="session")
def small(keys: Keys, facts: tuple[Event, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Soon verified, for a property to change and put back."""
    place = tmp_path_factory.mktemp("s") / "pack"
    return Made(keys, list(facts[:20]), sizes=(0, 9)).write(place)


@pytest.fixture
def pack(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "pack"))


def event_id(event: Event) -> str:
    return str(loads(event.state)["event_id"])


def changed(event: Event, **fields: Any) -> Event:
    held = loads(event.state)
    held["fact"] |= fields
    return with_proof(replace(event, state=dumps(held)))


def recorded(event: Event, moment: str) -> Event:
    held = loads(event.state)
    held["timestamp"] = moment
    return replace(event, state=dumps(held))


def reworded(event: Event) -> Event:
    return replace(event, state=event.state.replace(b"verliezen", b"behouden"))


def spaced(event: Event) -> Event:
    return replace(event, state=event.state.replace(b'","', b'", "', 1))


# --- what holds


def test_a_whole_pack_holds_and_says_what(pack: Path, keys: Keys) -> None:
    report = judged(pack, keys)
    assert not report.is_broken
    assert report.code == 0
    assert (report.origin, report.size) == (ORIGIN, COUNT)
    assert codes(report, Standing.HOLDS) == {
        "files",
        "events",
        "complete",
        "wordings",
        "schemas",
        "quorum",
        "tree",
        "checkpoints",
    }
    assert codes(report, Standing.UNCHECKED) == {"kept-unasked", "read-models-elsewhere", "truth"}
    assert report.first is None
    assert report.verdict == "holds-as-checked"
    assert "niet nagegaan: of er iets is herschreven" in report.lines("nl")[-1]


def test_the_verdict_promises_no_more_than_was_checked(keys: Keys) -> None:
    report = Report("pack")
    report.add(unchecked("truth"))
    assert report.verdict == "holds"
    assert report.lines("en")[-1] == "Outcome: the evidence holds."
    report.add(unchecked("quorum-none", size=3), unchecked("read-models-none"))
    assert report.lines("en")[-1] == (
        "Outcome: the evidence holds as far as it was checked; not checked: "
        "whether others saw the same history, the read models."
    )
    assert (report.code, report.verdict) == (0, "holds-as-checked")
    report.add(broken("bounds-differ"))
    assert (report.code, report.verdict) == (3, "broken")


def test_whatever_could_not_be_checked_is_named_in_the_verdict() -> None:
    source = Path(verify_module.__file__).parent
    files = [*source.glob("*.py"), Path(evidence_replay.__file__)]
    found = {
        code
        for file in files
        for code in re.findall(r'unchecked\(\s*"([a-z-]+)"', file.read_text())
    } | {"signature-wrong", "note-unreadable", "checkpoint-elsewhere"}
    assert len(found) > 20
    for code in found - {"truth"}:
        report = Report("pack")
        report.add(unchecked(code))
        assert len(report.open_topics) == 1
        for lang in LANGUAGES:
            assert texts()[f"topic-{report.open_topics[0]}"][lang]


def test_more_processes_find_the_same(pack: Path, keys: Keys) -> None:
    assert judged(pack, keys, jobs=3).told("en") == judged(pack, keys).told("en")


def test_several_files_of_events_are_one_history(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pack", "chunk", "files"):
        monkeypatch.setattr(f"uitvoering.integrity.verify.{name}.EVENTS_PER_FILE", 256)
    for name in ("chunk", "files"):
        monkeypatch.setattr(f"uitvoering.integrity.verify.{name}.BUNDLES_PER_FILE", 1)
    made = Made(keys, events(600), sizes=(256, 257, 511, 512, 513))
    folder = made.write(tmp_path / "pack")
    assert len([*(folder / "events").iterdir()]) == 3
    steps: list[tuple[int, int]] = []
    alone = judged(folder, keys, step=lambda done, of: steps.append((done, of)))
    assert not alone.is_broken
    assert steps == [(256, 600), (512, 600), (600, 600)]  # what a counter on a terminal shows
    assert judged(folder, keys, jobs=2).told("nl") == alone.told("nl")
    made.events[520] = reworded(made.events[520])
    report = judged(made.write(tmp_path / "other"), keys, jobs=2)
    assert report.first is not None
    assert report.first.index == 520


def test_an_empty_log_holds(keys: Keys, tmp_path: Path) -> None:
    report = judged(Made(keys, []).write(tmp_path / "pack"), keys)
    assert not report.is_broken
    assert report.size == 0


def test_the_checkpoint_is_kept_and_the_next_pack_must_extend_it(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    earlier = Made(keys, made.events[:200]).write(tmp_path / "earlier")
    assert "kept-none" in codes(judged(earlier, keys, kept=kept), Standing.UNCHECKED)
    later = judged(made.write(tmp_path / "later"), keys, kept=kept)
    assert "kept" in codes(later, Standing.HOLDS)
    assert len([*kept.rglob("*.note")]) == 2
    again = judged(tmp_path / "later", keys, kept=kept)
    assert not again.is_broken
    assert len([*kept.rglob("*.note")]) == 2


def test_a_checkpoint_that_is_brought_is_part_of_the_history(
    pack: Path, made: Made, keys: Keys
) -> None:
    report = judged(pack, keys, given={"mine": made.note(77)})
    assert not report.is_broken
    assert "given" in codes(report, Standing.HOLDS)


PROOF = b"c2sp.org/tlog-proof@v1\nextra eA==\nindex 3\n\n"


@pytest.mark.parametrize("before", [b"", PROOF], ids=["checkpoint", "proof"])
@pytest.mark.parametrize("coded", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n> "], ids=["plain", "windows", "quoted"])
def test_a_checkpoint_is_read_as_others_have_it(
    rewritten: Made, made: Made, keys: Keys, tmp_path: Path, before: bytes, coded: str, end: str
) -> None:
    sent = (before + made.note(200)).decode()
    mine = (end.lstrip() + sent + "\n").replace("\n", end).encode(coded)
    report = judged(
        rewritten.write(tmp_path / "pack"),
        keys,
        policy=keys.policy("none"),
        given={"mine": mine},
    )
    assert codes(report) == {"forked-given"}


UNUSABLE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "it holds no checkpoint"),
    "another text": (lambda _: b"no note", "it holds no checkpoint"),
    "half a proof": (lambda _: PROOF[:-1], "it holds no checkpoint"),
    "other dashes": (lambda note: note.replace("—".encode(), b"-"), "it holds no checkpoint"),
    "no empty line": (lambda note: note.replace(b"\n\n", b"\n"), "no signature lines follow"),
    "a letter": (lambda note: b"Dear,\n\n" + note, "after its root"),
    "another size": (lambda note: note.replace(b"\n77\n", b"\n78\n"), "does not belong to"),
}


@pytest.mark.parametrize(("change", "cause"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_was_asked_and_cannot_be_compared_is_refused_and_nothing_kept(
    small: Path,
    made: Made,
    keys: Keys,
    tmp_path: Path,
    change: Callable[[bytes], bytes],
    cause: str,
) -> None:
    kept = tmp_path / "kept"
    with pytest.raises(CheckpointUnusableError, match=cause) as caught:
        judged(small, keys, given={"mine": change(made.note(77))}, kept=kept)
    assert caught.value.values["file"] == "mine"
    assert not kept.exists()


@pytest.mark.parametrize("below", ["", "kept/deeper"])
def test_where_a_file_stands_nothing_can_be_kept_and_nothing_is_verified(
    small: Path, keys: Keys, tmp_path: Path, below: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(KeptNoFolderError, match=f"{file} is no folder"):
        judged(small, keys, kept=file / below)


def test_a_folder_that_cannot_be_written_is_said_and_breaks_nothing(
    pack: Path, keys: Keys, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    judged(pack, keys, kept=kept)
    [place] = kept.iterdir()
    shutil.rmtree(place)
    place.touch()
    report = judged(pack, keys, kept=kept)
    assert not report.is_broken
    assert "kept-unwritable" in codes(report, Standing.UNCHECKED)


# --- one event, tampered with by who has the pack and not the keys


Attack = Callable[[list[tuple[int, Event]]], list[tuple[int, Event]]]


def at(index: int, change: Callable[[Event], Event]) -> Attack:
    def attack(lines: list[tuple[int, Event]]) -> list[tuple[int, Event]]:
        lines[index] = (lines[index][0], change(lines[index][1]))
        return lines

    return attack


def swapped(lines: list[tuple[int, Event]]) -> list[tuple[int, Event]]:
    one, other = lines[40][1], lines[42][1]
    lines[40] = (40, replace(other, position=one.position))
    lines[42] = (42, replace(one, position=other.position))
    return lines


def shuffled(lines: list[tuple[int, Event]]) -> list[tuple[int, Event]]:
    lines[40], lines[42] = lines[42], lines[40]
    return lines


def removed(lines: list[tuple[int, Event]]) -> list[tuple[int, Event]]:
    return lines[:40] + lines[41:]


def another(event: Event) -> Event:
    return replace(events(1)[0], position=event.position)


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (at(40, reworded), "event-changed"),
        (at(40, spaced), "event-re-encoded"),
        (at(40, lambda e: replace(e, topic="signal-resolved")), "event-topic"),
        (at(40, lambda e: replace(e, topic='a"b\\c')), "event-topic"),
        (at(40, lambda e: replace(e, state=e.state[:-1])), "event-unreadable"),
        (at(40, lambda e: replace(e, state=e.state.replace(b"e", b"\n", 1))), "event-unreadable"),
        (at(40, lambda e: replace(e, state=b"[" * 100_000)), "event-unreadable"),
        (at(40, lambda e: replace(e, state=b"12")), "event-unreadable"),
        (at(40, another), "event-inserted"),
        (swapped, "event-moved"),
        (removed, "event-missing"),
    ],
)
def test_a_tampered_event_is_named(
    made: Made, keys: Keys, tmp_path: Path, attack: Attack, code: str
) -> None:
    lines = attack(list(enumerate(made.events)))
    report = judged(made.write(tmp_path / "pack", lines), keys)
    assert code in codes(report)
    assert report.code == 3
    assert report.first is not None
    assert report.first.code == code
    assert report.first.index == 40
    assert report.first.values["event"] == event_id(made.events[40])
    assert event_id(made.events[40]) in report.first.text("nl")


def test_events_out_of_the_order_of_the_log_are_named(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    report = judged(made.write(tmp_path / "pack", shuffled(list(enumerate(made.events)))), keys)
    assert {"event-out-of-order", "event-missing"} <= codes(report)


def test_an_event_that_moved_is_told_with_where_it_belongs(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    report = judged(made.write(tmp_path / "pack", swapped(list(enumerate(made.events)))), keys)
    moved = [found.values["belongs"] for found in report.findings if found.code == "event-moved"]
    assert moved == [42, 40]


def test_many_findings_are_counted_and_some_are_told(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    lines = [(index, reworded(event)) for index, event in enumerate(made.events)]
    report = judged(made.write(tmp_path / "pack", lines), keys)
    assert sum(found.code == "event-changed" for found in report.findings) == 20
    assert report.more() == {"event-changed": COUNT - 20}
    assert any("295" in line for line in report.lines("en"))


def test_an_event_that_was_never_logged_is_named(made: Made, keys: Keys, tmp_path: Path) -> None:
    strange = b'{"position":4,"topic":"a","event":{"event_id":"strange"}}\n'
    folder = made.write(tmp_path / "pack", further={"events/unlogged.jsonl": strange})
    report = judged(folder, keys)
    assert codes(report) == {"event-unlogged"}
    assert "strange" in report.findings[0].text("en") or "strange" in str(report.told("en"))


def test_a_leaf_written_anew_with_the_same_meaning_is_named(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    folder = made.write(tmp_path / "pack")
    leaves = [leaf_of(ORIGIN, event.topic, event.state) for event in made.events[:256]]
    leaves[7] = leaves[7].replace(b'","', b'", "', 1)
    (folder / "log" / tile_at(ENTRIES, 0, COUNT).path).write_bytes(entry_bundle(leaves))
    relisted(folder)
    report = judged(folder, keys)
    assert {"leaf-not-in-tile", "leaf-re-encoded"} <= codes(report)
    assert report.first is not None
    assert report.first.index == 7


def test_a_leaf_and_its_tiles_changed_together_do_not_give_the_signed_root(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    """All the operator can do without a key: the checkpoints tell between which leaves it lies."""
    signed = {size: made.note(size) for size in (0, 100, 256, COUNT)}
    made.events[130] = reworded(made.events[130])
    forged = Made(keys, made.events)
    folder = forged.write(tmp_path / "pack")
    for size, note in signed.items():
        (folder / checkpoint_path(size)).write_bytes(note)
    (folder / CHECKPOINT).write_bytes(signed[COUNT])
    relisted(folder)
    report = judged(folder, keys)
    assert "forked-pack" in codes(report)
    assert "wording-differs" in codes(report)
    forks = {f.values["size"]: f.values for f in report.findings if f.code == "forked-pack"}
    assert {size: (row["index"], row["last"]) for size, row in forks.items()} == {
        256: (100, 255),
        COUNT: (100, COUNT - 1),
    }


# --- the operator, who has the key of the log


@pytest.fixture
def rewritten(made: Made, facts: tuple[Event, ...]) -> Made:
    """From leaf 100 on, signed again with the true key; the witnesses do not sign."""
    later = [changed(event, reason="milder") for event in facts[100:]]
    return Made(made.keys, [*facts[:100], *later], sizes=(100, 256), cosigned=False)


def test_history_rewritten_and_signed_again_lacks_its_quorum(
    rewritten: Made, keys: Keys, tmp_path: Path
) -> None:
    report = judged(rewritten.write(tmp_path / "pack"), keys)
    assert codes(report) == {"quorum-missing"}
    assert "herschreven" in str(report.told("nl")["broken"])


def test_history_rewritten_after_the_last_quorum_is_told_from_there(
    rewritten: Made, made: Made, keys: Keys, tmp_path: Path
) -> None:
    folder = rewritten.write(tmp_path / "pack")
    (folder / checkpoint_path(100)).write_bytes(made.note(100))
    relisted(folder)
    report = judged(folder, keys)
    assert codes(report) == {"quorum-older"}
    assert report.first is not None
    assert report.first.index == 100


@pytest.mark.parametrize("source", ["given", "kept"])
def test_without_witnesses_a_kept_checkpoint_shows_that_history_was_rewritten(
    rewritten: Made, made: Made, keys: Keys, tmp_path: Path, source: str
) -> None:
    folder, kept = rewritten.write(tmp_path / "pack"), tmp_path / "kept"
    policy = keys.policy("none")
    more: dict[str, Any] = {"given": {"mine": made.note(200)}} if source == "given" else {}
    if source == "kept":
        judged(Made(keys, made.events[:200]).write(tmp_path / "old"), keys, kept=kept)
        more = {"kept": kept}
    assert codes(judged(folder, keys, policy=policy)) == set()
    report = judged(folder, keys, policy=policy, **more)
    assert codes(report) == {f"forked-{source}"}
    assert report.first is not None
    # Who rewrote signed what he liked: only what others hold says how far back.
    assert (report.first.index, report.first.values["last"]) == (0, 199)
    assert "lies in the leaves 0 to 199: " in "\n".join(report.lines("en"))
    assert "twee handtekeningen" in report.first.text("nl")
    assert sorted(path.name[:4] for path in kept.rglob("*.note")) == ["200-"] * (source == "kept")


def test_kept_checkpoints_bound_where_history_was_rewritten(
    rewritten: Made, made: Made, keys: Keys, tmp_path: Path
) -> None:
    report = judged(
        rewritten.write(tmp_path / "pack"),
        keys,
        policy=keys.policy("none"),
        given={"old": made.note(90), "new": made.note(130)},
    )
    assert report.first is not None
    assert (report.first.index, report.first.values["last"]) == (90, 129)


def test_an_event_removed_with_its_leaf_and_signed_again_is_caught(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    shorter = Made(keys, made.events[:150] + made.events[151:], cosigned=False)
    folder = shorter.write(tmp_path / "pack")
    assert codes(judged(folder, keys)) == {"quorum-missing"}
    report = judged(folder, keys, policy=keys.policy("none"), given={"mine": made.note(256)})
    assert codes(report) == {"forked-given"}


def test_a_tail_that_was_cut_off_is_caught_by_what_others_hold(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    shorter = Made(keys, made.events[:250]).write(tmp_path / "pack")
    assert not judged(shorter, keys).is_broken  # as old as it says, it was the whole log
    report = judged(shorter, keys, given={"mine": made.note()})
    assert codes(report) == {"tail-missing"}
    assert report.first is not None
    assert report.first.index == 250


@pytest.mark.parametrize("made_at", [MADE_AT, "2020-01-01T00:00:00Z", "no moment"])
@pytest.mark.parametrize("source", ["given", "kept"])
def test_a_pack_is_older_than_a_checkpoint_only_when_who_verifies_says_so(
    made: Made, keys: Keys, tmp_path: Path, source: str, made_at: str
) -> None:
    """Whoever cut off the tail writes what he likes into the manifest."""
    kept = tmp_path / "kept"
    judged(made.write(tmp_path / "new"), keys, kept=kept)
    shorter = Made(keys, made.events[:250]).write(tmp_path / "old")
    relisted(shorter, made_at=made_at)
    more: dict[str, Any] = {"kept": kept} if source == "kept" else {"given": {"a": made.note()}}
    report = judged(shorter, keys, **more)
    assert codes(report) == {"tail-missing"}
    assert report.code == 3
    report = judged(shorter, keys, older=True, **more)
    assert not report.is_broken
    assert "pack-older" in codes(report, Standing.UNCHECKED)
    assert "ouder" in str(report.told("nl")["unchecked"])


@pytest.mark.parametrize("source", ["given", "kept"])
@pytest.mark.parametrize("whose", ["log", "ministry"])
def test_a_wrong_line_under_a_forked_checkpoint_takes_nothing_from_it(
    rewritten: Made, made: Made, keys: Keys, tmp_path: Path, source: str, whose: str
) -> None:
    """Anybody can add a line with the name of a witness, and the log signed it all the same."""
    signer: PrivateKey = getattr(keys, whose)
    junk = signer.cosignature_line(Checkpoint(ORIGIN, 1, bytes(32)), COSIGNED_AT)
    note = made.note(200) + junk.encode()
    more: dict[str, Any] = {"given": {"mine": note}}
    if source == "kept":
        judged(Made(keys, made.events[:200]).write(tmp_path / "e"), keys, kept=tmp_path / "kept")
        [file] = (tmp_path / "kept").rglob("*.note")
        file.write_bytes(note)
        more = {"kept": tmp_path / "kept"}
    report = judged(rewritten.write(tmp_path / "pack"), keys, policy=keys.policy("none"), **more)
    assert codes(report) == {f"forked-{source}"}
    assert report.code == 3
    own = judged(made.write(tmp_path / "own"), keys, **more)
    assert not own.is_broken
    assert source in codes(own, Standing.HOLDS)
    assert own.verdict == "holds-as-checked"
    shorter = judged(Made(keys, made.events[:150]).write(tmp_path / "shorter"), keys, **more)
    assert codes(shorter) == {"tail-missing"}


def test_an_event_recorded_after_a_quorum_saw_it_is_named(
    facts: tuple[Event, ...], keys: Keys, tmp_path: Path
) -> None:
    """A cosignature that was back-dated, or a moment of recording that was made up."""
    seen = moment(COSIGNED_AT + 100)
    reports: list[Report] = []
    for minutes in (9, 15):
        late = datetime.fromtimestamp(COSIGNED_AT + 100 + 60 * minutes, UTC)
        told = [*facts]
        told[57] = recorded(told[57], late.isoformat().replace("+00:00", "Z"))
        made = Made(keys, told, sizes=(57, 58, 100))
        reports.append(judged(made.write(tmp_path / f"{minutes}"), keys))
    in_time, late_one = reports
    assert not in_time.is_broken
    assert codes(late_one) == {"recorded-after-cosigned"}
    found = {f.values["size"]: f for f in late_one.of(Standing.BROKEN)}
    assert {size: f.index for size, f in found.items()} == {58: 57, 100: 57, COUNT: 57}
    assert seen in found[100].text("en")


@given(st.lists(st.integers(0, 2**31), max_size=30), st.data())
def test_the_newest_event_of_every_size_is_found(moments: list[int], data: st.DataObject) -> None:
    forms = data.draw(st.lists(st.booleans(), min_size=len(moments), max_size=len(moments)))
    texts = [
        datetime.fromtimestamp(each, UTC).isoformat().replace("+00:00", "Z" if short else "+00:00")
        for each, short in zip(moments, forms, strict=True)
    ]
    leaves = [f'{{"recordedAt":"{text}"}}'.encode() for text in texts]
    sizes = range(1, len(moments) + 1)
    found = list(newest_recorded(leaves, 0, sizes))
    assert [(size, at) for size, at, _ in found] == [(size, max(moments[:size])) for size in sizes]
    assert all(moments[index] == at for _, at, index in found)


@pytest.mark.parametrize(
    ("earlier", "late"),
    [
        ("20260101T000000Z", "2026-12-30T00:00:00Z"),
        ("2026-12-30T00:00:00Z", "2026-12-30 23:59:59Z"),
        ("2027-01-01T00:00:00Z", "2026-W53-7T00:00:00Z"),
        ("9999-99-99T99:99:99Z", "2026-12-30T00:00:00Z"),
        ("2026-12-30T00:00:00Z", "2026-12-30T00:00:01.000000000000000000000000000000Z"),
        ("2026-12-30T00:00:00Z", "2026-12-29T20:00:00.0000000000000000000000000-05:00"),
    ],
)
def test_a_moment_in_another_form_hides_no_later_one(earlier: str, late: str) -> None:
    leaves = [f'{{"recordedAt":"{text}"}}'.encode() for text in (earlier, late, "2026-01-01")]
    [newest] = newest_recorded(leaves, 0, [3])
    assert newest == (3, int(datetime.fromisoformat(late).timestamp()), 1)


def test_the_examples_of_the_newest_event_are_right() -> None:
    texts = [datetime.fromtimestamp(each, UTC).isoformat() for each in (500, 700, 600)]
    leaves = [f'{{"recordedAt":"{text}"}}'.encode() for text in texts]
    assert list(newest_recorded(leaves, 10, [11, 13])) == [(11, 500, 10), (13, 700, 11)]
    assert within([100, 256, 300, 600], range(256, 512)) == (300, 512)


def test_checkpoints_of_the_pack_that_contradict_it_are_named(
    pack: Path, rewritten: Made, keys: Keys
) -> None:
    (pack / checkpoint_path(256)).write_bytes(rewritten.note(256))
    relisted(pack)
    assert codes(judged(pack, keys)) == {"forked-pack"}


def test_an_ended_checkpoint_beyond_the_pack_is_named(pack: Path, made: Made, keys: Keys) -> None:
    longer = Made(keys, [*made.events, *events(3)])
    (pack / checkpoint_path(COUNT + 3)).write_bytes(longer.note())
    relisted(pack)
    assert codes(judged(pack, keys)) == {"checkpoint-beyond"}


# --- who signed


def test_a_signature_that_does_not_hold_is_named(pack: Path, keys: Keys) -> None:
    note = (pack / CHECKPOINT).read_bytes()
    (pack / CHECKPOINT).write_bytes(note.replace(b"\n300\n", b"\n299\n"))
    relisted(pack)
    assert "signature-wrong" in codes(judged(pack, keys))


def test_a_checkpoint_nobody_known_signed_proves_nothing(made: Made, tmp_path: Path) -> None:
    stranger = replace(made.keys, log=new_key(ORIGIN, Kind.ED25519))
    folder = Made(stranger, made.events).write(tmp_path / "pack")
    assert "checkpoint-unsigned" in codes(judged(folder, made.keys))
    his = {"his": stranger.signed(made.tree, 9)}
    with pytest.raises(CheckpointUnusableError, match="no key that your policy names"):
        judged(made.write(tmp_path / "own"), made.keys, given=his)


def test_checkpoints_of_before_the_keys_were_replaced_are_told(
    pack: Path, made: Made, keys: Keys
) -> None:
    old = replace(keys, log=new_key(ORIGIN, Kind.ED25519))
    (pack / checkpoint_path(100)).write_bytes(old.signed(made.tree, 100))
    relisted(pack)
    report = judged(pack, keys)
    assert not report.is_broken
    assert "checkpoints-unknown" in codes(report, Standing.UNCHECKED)
    (pack / checkpoint_path(99)).write_bytes(old.signed(Made(keys, events(99)).tree, 99))
    relisted(pack)
    assert codes(judged(pack, keys)) == {"checkpoint-unsigned"}


@pytest.mark.parametrize("kind", [Kind.ED25519, Kind.MLDSA44])
def test_keys_that_were_replaced_without_a_note_are_told(
    pack: Path, keys: Keys, kind: Kind
) -> None:
    """A note that ends a key would have told what it may not have signed."""
    policy = f"log {new_key(ORIGIN, kind).public}\n".encode() + keys.policy()
    report = judged(pack, keys, policy=policy)
    assert not report.is_broken
    replaced = kind is Kind.ED25519  # a log signs with one key of each kind
    assert ("keys-untold" in codes(report, Standing.UNCHECKED)) == replaced
    assert ("handover" in report.open_topics) == replaced


@pytest.mark.parametrize(
    ("damaged", "code"), [(b"", "note-unreadable"), (b"78", "signature-wrong")]
)
def test_a_damaged_file_that_was_kept_says_nothing_of_the_pack(
    pack: Path, made: Made, keys: Keys, tmp_path: Path, damaged: bytes, code: str
) -> None:
    kept = tmp_path / "kept"
    keep(kept, made.note(77), NOW)
    [file] = kept.rglob("*.note")
    file.write_bytes(made.note(77).replace(b"\n77\n", b"\n%b\n" % damaged))
    report = judged(pack, keys, kept=kept)
    assert not report.is_broken
    assert code in codes(report, Standing.UNCHECKED)


def test_a_policy_for_another_log_does_not_accept_this_one(pack: Path, keys: Keys) -> None:
    other = new_key("log.example.nl/other", Kind.ED25519)
    policy = f"log {other.public}\nquorum none\n".encode()
    assert {"origin-unknown", "checkpoint-unsigned"} <= codes(judged(pack, keys, policy=policy))


def test_a_checkpoint_of_another_log_is_not_used(pack: Path, keys: Keys) -> None:
    other = new_key("log.example.nl/other", Kind.ED25519)
    checkpoint = Checkpoint(other.name, 5, bytes(32))
    note = formatted(checkpoint.text, [other.cosignature_line(checkpoint, 0)])
    policy = f"log {other.public}\n".encode() + keys.policy()
    report = judged(pack, keys, policy=policy, given={"other": note})
    assert not report.is_broken
    assert "checkpoint-elsewhere" in codes(report, Standing.UNCHECKED)
    (pack / checkpoint_path(5)).write_bytes(note)
    (pack / checkpoint_path(6)).write_bytes(b"no note")
    relisted(pack)
    assert codes(judged(pack, keys)) == {"checkpoint-elsewhere", "note-unreadable"}


def test_a_checkpoint_under_a_wrong_name_is_named(pack: Path, keys: Keys) -> None:
    (pack / checkpoint_path(100)).rename(pack / checkpoint_path(99))
    relisted(pack)
    assert codes(judged(pack, keys)) == {"checkpoint-misnamed"}


def test_a_policy_without_witnesses_always_warns(pack: Path, keys: Keys) -> None:
    report = judged(pack, keys, policy=keys.policy("none"))
    assert not report.is_broken
    assert {"quorum-none", "policy-differs"} <= codes(report, Standing.UNCHECKED)
    assert "quorum none" in str(report.told("en")["unchecked"])


def test_the_policy_of_the_pack_is_compared_and_never_used(
    rewritten: Made, keys: Keys, tmp_path: Path
) -> None:
    folder = rewritten.write(tmp_path / "pack")
    (folder / POLICY).write_bytes(keys.policy("none"))
    relisted(folder)
    report = judged(folder, keys)
    assert codes(report) == {"quorum-missing"}
    assert "policy-differs" in codes(report, Standing.UNCHECKED)


# --- what an event proves besides


def test_words_that_were_not_committed_to_are_named(
    facts: tuple[Event, ...], keys: Keys, tmp_path: Path
) -> None:
    """By a product that lied at the moment of filing: the author holds another opening."""
    wrong = [*facts]
    wrong[33] = with_proof(wrong[33], opening="ab" * 32)
    report = judged(Made(keys, wrong).write(tmp_path / "pack"), keys)
    assert codes(report) == {"wording-differs"}
    assert report.first is not None
    assert report.first.index == 33
    assert AT in report.first.text("nl")


@pytest.mark.parametrize(
    "proof",
    [
        {"opening": None},
        {"commits": [{"at": "/fact/nowhere/9/a", "hmac": "00"}]},
        {"commits": [{"at": "/fact/statement/affected_groups/7", "hmac": "00"}]},
    ],
)
def test_words_that_cannot_be_read_are_counted_apart(
    facts: tuple[Event, ...], keys: Keys, tmp_path: Path, proof: dict[str, Any]
) -> None:
    told = [*facts[:9], with_proof(facts[9], **proof)]
    report = judged(Made(keys, told).write(tmp_path / "pack"), keys)
    assert not report.is_broken
    assert "wordings-sealed" in codes(report, Standing.UNCHECKED)


def test_a_proof_of_another_shape_is_named(
    facts: tuple[Event, ...], keys: Keys, tmp_path: Path
) -> None:
    seen = {"root": "00", "size": "many"}
    told = [*facts[:9], with_proof(facts[9], seen=seen, schema_sha256=newest())]
    assert codes(judged(Made(keys, told).write(tmp_path / "pack"), keys)) == {"proof-unreadable"}


def test_what_an_author_saw_is_an_older_state_of_this_log(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    tree = made.tree
    told = list(made.events)
    for index, size in ((5, 5), (6, 5), (299, 257), (298, 0)):
        told[index] = with_proof(told[index], seen={"root": tree.root(size).hex(), "size": size})
    # The events before 298 are others now than in that tree, but for the first five.
    report = judged(Made(keys, told).write(tmp_path / "pack"), keys)
    assert codes(report) == {"seen-differs"}
    assert {f.index for f in report.of(Standing.BROKEN)} == {299}
    later = [*made.events[:9], with_proof(made.events[9], seen={"root": "00" * 32, "size": 11})]
    assert codes(judged(Made(keys, later).write(tmp_path / "later"), keys)) == {"seen-later"}


def test_the_schemas_that_events_name_are_there(pack: Path, keys: Keys) -> None:
    (pack / schema_path(newest())).write_bytes(b"{}")
    relisted(pack)
    assert codes(judged(pack, keys)) == {"schema-differs"}
    (pack / schema_path(newest())).unlink()
    relisted(pack)
    assert codes(judged(pack, keys)) == {"schema-missing"}


# --- packs that are made to harm who verifies


_ODD: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "link": lambda path: path.symlink_to(path.parent / "elsewhere"),
    "folder": Path.mkdir,
}


@pytest.mark.parametrize("kind", _ODD)
def test_what_is_no_plain_file_is_never_read(
    small: Path, keys: Keys, tmp_path: Path, kind: str
) -> None:
    for at, name in enumerate(_files(small)):
        copy = Path(shutil.copytree(small, tmp_path / f"{at}"))
        relisted(copy)
        file = copy / name
        if file.exists():
            file.rename(file.with_name("elsewhere"))
        _ODD[kind](file)
        assert judged(copy, keys, stamp_roots=[b"-"]).is_broken
        shutil.rmtree(copy)


@pytest.mark.parametrize("size", [2**63 - 1, 2**40, 0])
def test_the_size_in_a_manifest_asks_for_no_memory(
    small: Path, keys: Keys, tmp_path: Path, size: int
) -> None:
    copy = Path(shutil.copytree(small, tmp_path / "pack"))
    manifest = manifest_of((copy / MANIFEST).read_bytes())
    for name in manifest.files:
        files = {**manifest.files, name: replace(manifest.files[name], bytes=size)}
        (copy / MANIFEST).write_bytes(replace(manifest, files=files).encoded())
        assert "file-changed" in codes(judged(copy, keys))


_NUMBERS = st.integers(0, 2**63 - 1) | st.sampled_from([0, 1, 19, 20, 21, 8_192, 2**40])


@given(data=st.data())
def test_whatever_a_manifest_says_a_report_comes_of_it(
    small: Path, keys: Keys, data: st.DataObject
) -> None:
    before = (small / MANIFEST).read_bytes()
    manifest = manifest_of(before)
    names = st.sampled_from(sorted(manifest.files)) | st.sampled_from(
        ["stamps/1.tsr", "stamps/9" + "9" * 5_000 + ".tsr", "checkpoints/7.note", "keys/retired/a"]
    )
    listed = st.builds(Listed, _NUMBERS, st.sampled_from(["0" * 64, "f" * 64]))
    files = {**manifest.files, **data.draw(st.dictionaries(names, listed, max_size=3))}
    for name in data.draw(st.sets(names, max_size=3)):
        files.pop(name, None)
    bounds = st.none() | _NUMBERS
    asked = data.draw(
        st.just(manifest.asked)
        | st.builds(Asked, bounds, bounds)
        | st.builds(Asked, stream=st.text(st.characters(exclude_categories=["Cs"])))
    )
    told = replace(
        manifest,
        files=files,
        asked=asked,
        size=data.draw(st.just(manifest.size) | _NUMBERS),
        events=data.draw(st.just(manifest.events) | _NUMBERS),
        first_index=data.draw(bounds),
        last_index=data.draw(bounds),
        origin=data.draw(st.just(ORIGIN) | st.text(st.characters(exclude_categories=["Cs"]))),
    )
    try:
        (small / MANIFEST).write_bytes(told.encoded())
        judged(small, keys, stamp_roots=[b"-"])
    finally:
        (small / MANIFEST).write_bytes(before)


@pytest.mark.parametrize(
    ("source", "size", "between"),
    [
        (Source.PACK, 150, (100, 149)),
        (Source.PACK, 100, (50, 99)),  # the size itself does not agree with itself
        (Source.PACK, 0, (0, -1)),
        (Source.GIVEN, 150, (50, 149)),
        (Source.KEPT, 50, (0, 49)),
    ],
)
def test_a_fork_lies_after_the_last_size_that_agrees(
    source: Source, size: int, between: tuple[int, int]
) -> None:
    """For a checkpoint that others hold, a size counts only when others stand for it."""
    forks = [Fork(source, "a", size, signed=True), Fork(source, "b", size, signed=False)]
    signed, unsigned = fork_findings(forks, {100, 0, 50, 200}, {50, 0})
    assert (signed.code, unsigned.code) == (f"forked-{source.value}", "forked-unsigned")
    for found in (signed, unsigned):
        assert (found.index, found.values["last"]) == between


class Compared(int):
    """A size that counts how often it is compared."""

    count = 0

    def __lt__(self, other: int) -> bool:
        Compared.count += 1
        return int(self) < int(other)


def test_for_many_forks_not_every_size_is_looked_at_each_time() -> None:
    sizes = [Compared(size) for size in range(2_000)]
    forks = [Fork(Source.PACK, "a", size, signed=True) for size in sizes]
    found = list(fork_findings(forks, sizes, [0]))
    assert [finding.index for finding in found[1_000:1_003]] == [999, 1_000, 1_001]
    assert Compared.count < 20 * len(sizes)


_HARM = "x\x1b[2J\r\nUitkomst: het bewijs klopt.\u202e\x07\u2028\x9b"


@given(st.text())
def test_no_value_of_a_pack_ends_a_line_or_steers_a_terminal(value: str) -> None:
    assert printable(value).isprintable()
    assert not value.isprintable() or printable(value) == value
    report = Report("pack", origin=value + _HARM, size=3)
    report.add(broken("event-topic", 3, event=value, position=1, topic=_HARM, logged=value))
    for lang in LANGUAGES:
        assert all(line.isprintable() for line in report.lines(lang))
        assert dumps(report.told(lang)).isascii() or report.told(lang)


def test_a_topic_with_control_signs_is_shown_as_such(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    lines = list(enumerate(made.events))
    lines[40] = (40, replace(lines[40][1], topic=_HARM))
    report = judged(made.write(tmp_path / "pack", lines), keys)
    assert report.first is not None
    assert "x\\x1b[2J\\r\\nUitkomst" in report.first.text("nl")
    assert all(line.isprintable() for line in report.lines("nl"))


# --- files of the log


def test_a_tile_of_the_second_level_must_be_what_the_leaves_give(pack: Path, keys: Keys) -> None:
    tile = pack / "log" / tile_at(1, 0, COUNT).path
    tile.write_bytes(leaf_hash(b"other"))
    relisted(pack)
    assert codes(judged(pack, keys)) == {"tile-differs"}
    tile.unlink()
    relisted(pack)
    assert codes(judged(pack, keys)) == {"file-missing"}


def test_without_their_bundle_leaves_are_told_as_missing(pack: Path, keys: Keys) -> None:
    (pack / "log" / tile_at(ENTRIES, 0, COUNT).path).unlink()
    relisted(pack)
    report = judged(pack, keys)
    assert "file-missing" in codes(report)
    assert "tree-unmade" not in codes(report)  # the hashes of the leaves are there
    (pack / "log" / tile_at(0, 0, COUNT).path).unlink()
    relisted(pack)
    assert "tree-unmade" in codes(judged(pack, keys))


@pytest.mark.parametrize("size", [COUNT + 1, 10**6, 2**62])
def test_a_manifest_that_says_there_is_more_than_there_is_is_not_believed(
    pack: Path, keys: Keys, size: int
) -> None:
    relisted(pack, size=size)
    assert judged(pack, keys).is_broken


def test_a_manifest_written_otherwise_is_refused(pack: Path, keys: Keys) -> None:
    file = pack / MANIFEST
    file.write_bytes(file.read_bytes() + b" ")
    assert codes(judged(pack, keys)) == {"manifest-wrong"}
    file.unlink()
    assert codes(judged(pack, keys)) == {"manifest-wrong"}


def _files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@given(data=st.data())
def test_no_byte_of_a_pack_can_be_changed_unseen(
    small: Path, keys: Keys, data: st.DataObject
) -> None:
    file = small / data.draw(st.sampled_from(_files(small)))
    before = file.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    flipped = before[at] ^ data.draw(st.integers(1, 255))
    try:
        file.write_bytes(before[:at] + bytes([flipped]) + before[at + 1 :])
        assert judged(small, keys).code == 3
    finally:
        file.write_bytes(before)


@given(data=st.data())
def test_no_byte_can_be_changed_by_who_also_mends_the_manifest(
    small: Path, keys: Keys, data: st.DataObject
) -> None:
    """Of what the log proves: what lies beside it is the word of who made the pack."""
    proved = [name for name in _files(small) if name.startswith(("events", "log", "schemas"))]
    file = small / data.draw(st.sampled_from(proved))
    manifest = (small / MANIFEST).read_bytes()
    before = file.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    flipped = before[at] ^ data.draw(st.integers(1, 255))
    try:
        file.write_bytes(before[:at] + bytes([flipped]) + before[at + 1 :])
        relisted(small)
        report = judged(small, keys)
        # The position in the store is no part of the log: only its order is.
        assert report.is_broken or _is_position(before, at)
    finally:
        file.write_bytes(before)
        (small / MANIFEST).write_bytes(manifest)


def _is_position(text: bytes, at: int) -> bool:
    line = text[text.rfind(b"\n", 0, at) + 1 :]
    place = at - text.rfind(b"\n", 0, at) - 1
    start = line.index(b'"position":') + len(b'"position":')
    return start <= place < line.index(b",", start)


@given(data=st.data())
def test_a_pack_cut_off_anywhere_never_passes(small: Path, keys: Keys, data: st.DataObject) -> None:
    file = small / data.draw(st.sampled_from(_files(small)))
    before = file.read_bytes()
    try:
        file.write_bytes(before[: data.draw(st.integers(0, len(before) - 1))])
        assert judged(small, keys).code == 3
    finally:
        file.write_bytes(before)


@given(data=st.data())
def test_a_pack_of_which_files_were_lost_never_passes(
    small: Path, keys: Keys, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    names = _files(small)
    lost = data.draw(st.sets(st.sampled_from(names), min_size=1, max_size=len(names) - 1))
    copy = Path(shutil.copytree(small, tmp_path_factory.mktemp("lost") / "pack"))
    for name in lost:
        (copy / name).unlink()
    assert judged(copy, keys).code == 3
    if MANIFEST not in lost:
        relisted(copy)
        needed = {n for n in lost if n.startswith(("events", "log", "schemas"))}
        assert judged(copy, keys).is_broken == bool(needed)
    shutil.rmtree(copy)


def test_the_first_event_that_is_wrong_is_the_one_told(
    made: Made, keys: Keys, tmp_path: Path
) -> None:
    lines = list(enumerate(made.events))
    for index in (200, 120, 260):
        lines[index] = (index, reworded(lines[index][1]))
    report = judged(made.write(tmp_path / "pack", lines), keys)
    assert report.told("en")["first"]["index"] == 120
    assert events_path(120) == "events/000000001.jsonl"
