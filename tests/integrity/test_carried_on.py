"""What changes while a sequencer works stops it before it signs again, as it would at a start."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.integrity.sequenced import DAY, Desk, desk_in
from tests.integrity.test_asking import asks, told
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.key_files import KeyFiles, Use
from uitvoering.integrity.log import founding, sequencer
from uitvoering.integrity.log.errors import (
    EventNotAsLoggedError,
    KeysOfAnotherLogError,
    LedgerUnwritableError,
    LogForkedError,
    StoreDiffersError,
)
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.opening import opened
from uitvoering.integrity.log.rows import Answer, LedgerRows
from uitvoering.integrity.tree.tiles import tile_of, tiles_of
from uitvoering.wiring import utc_now

NOW = "2026-11-21T12:00:00Z"


def stopped(desk: Desk, change: Callable[[], object], kind: type[UitvoeringError]) -> None:
    """By what changes while it works; nothing was signed over it, by no key and in no row."""
    with desk.opened() as working:
        desk.shelf.file(1)
        assert working.step(DAY) is not None
        before = desk.signed(), desk.ledger.published()
        change()
        desk.clock.now += int(DAY)
        with pytest.raises(kind):
            working.step(DAY)
    assert (desk.signed(), desk.ledger.published()) == before


def test_a_store_put_back_and_filed_in_again_is_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 9)

    def put_back() -> None:
        lost = desk.shelf.events[6:]
        desk.shelf.events[6:] = [event._replace(leaf=b"another") for event in lost]
        desk.shelf.file(1)

    stopped(desk, put_back, EventNotAsLoggedError)


@pytest.mark.parametrize("more", [0, 1])
def test_a_store_put_back_is_found_also_where_a_checkpoint_is_only_signed_again(
    tmp_path: Path, more: int
) -> None:
    desk = desk_in(tmp_path, 9)

    def put_back() -> None:
        position = desk.shelf.events[-1].position
        del desk.shelf.events[6:]
        if more:
            desk.shelf.file(1)
            desk.shelf.events[-1] = desk.shelf.events[-1]._replace(position=position + 1)

    stopped(desk, put_back, StoreDiffersError)


def test_an_event_that_was_taken_out_is_missed_at_the_next_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "COUNT_SECONDS", 0.0)
    desk = desk_in(tmp_path, 9)
    stopped(desk, lambda: desk.shelf.events.pop(3), StoreDiffersError)


def test_a_wrong_store_leaves_no_tile_of_its_own(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 9)

    def put_back() -> None:
        desk.shelf.events[9] = desk.shelf.events[9]._replace(leaf=b"another")
        desk.shelf.file(3)

    stopped(desk, put_back, EventNotAsLoggedError)
    assert not (desk.ledger.public / "tile/0/000.p/13").exists()


def test_the_store_is_counted_now_and_then_and_looked_at_for_every_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in(tmp_path, 9)
    asked = list[str]()

    def heard(name: str, look: Callable[[int], object], at: int) -> object:
        asked.append(name)
        return look(at)

    for name in ("count", "leaf_at"):
        monkeypatch.setattr(desk.shelf, name, partial(heard, name, getattr(desk.shelf, name)))
    with desk.opened() as working:
        at_the_start = len(asked)
        for _ in range(3):
            desk.shelf.file(1)
            assert working.step(DAY) is not None
            assert working.step(DAY) is None
    assert asked[at_the_start:] == ["leaf_at"] * 3


def test_a_log_that_was_ended_signs_no_more_under_the_keys_of_the_next(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 9)
    second = "log.example.nl/second"
    key_files.create(desk.keys, second, [Use.CHECKPOINT], utc_now())
    signer = KeyFiles(desk.keys, second)

    def ended() -> None:
        last = founding.last_checkpoint(desk.ledger.directory)
        founding.create(Ledger(tmp_path / "next", second, NOW, last), signer, desk.clock)

    stopped(desk, ended, KeysOfAnotherLogError)
    with opened(Ledger.opened(tmp_path / "next"), signer, desk.shelf, desk.clock) as after:
        found = after.step(DAY)
    assert found is not None
    assert found.checkpoint.size == len(desk.shelf.events) + 1


def test_a_fork_that_another_process_was_told_stops_it(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 9)
    asks(desk, "one", "two")

    def forked() -> None:
        told(desk, Answer("one", 1, refused="log-forked", fork=True))
        told(desk, Answer("two", 1, refused="witness-unreachable"))

    stopped(desk, forked, LogForkedError)


def test_a_witness_that_refuses_is_no_fork(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 9)
    asks(desk, "one")
    with desk.opened() as working:
        for _ in range(2):
            told(desk, Answer("one", 1, refused="witness-refused 403 who are you"))
            desk.shelf.file(1)
            assert working.step(DAY) is not None


def test_a_folder_that_is_away_is_waited_for(tmp_path: Path) -> None:
    """A disk that was let go of: an empty folder stands in its place, or none."""
    desk = desk_in(tmp_path, 250)
    ledger, away = desk.ledger, tmp_path / "away"

    def open_it() -> None:
        with opened(ledger, desk.signer, desk.shelf, desk.clock):
            raise AssertionError("it was opened")

    with desk.opened() as working:
        desk.shelf.file(9)
        ledger.directory.rename(away)
        with pytest.raises(LedgerUnwritableError):
            working.step(DAY)
    with pytest.raises(LedgerUnwritableError):
        open_it()
    ledger.directory.mkdir()
    with pytest.raises(LedgerUnwritableError):
        open_it()
    assert list(ledger.directory.iterdir()) == []
    ledger.directory.rmdir()
    away.rename(ledger.directory)
    assert desk.sequence(1).checkpoint.size == 260


# --- tiles of what is published


def unreachable(desk: Desk) -> list[str]:
    """Tiles of the published size that a plain web server over the folder has not under their path.

    Full tiles that no checkpoint speaks of yet are not shown.
    """
    size, public = desk.ledger.published().checkpoint.size, desk.ledger.public
    return [tile.path for tile in tiles_of(size) if not (public / tile.path).exists()]


@pytest.mark.parametrize("dies_at", ["add_checkpoint", "newest"])
def test_tiles_of_what_is_published_stay_when_the_next_checkpoint_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    """Killed before the row is there, or after it and before it is published."""
    desk = desk_in(tmp_path, 200)
    desk.shelf.file(100)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with desk.opened() as working, monkeypatch.context() as patched:
        patched.setattr(LedgerRows, dies_at, killed)
        with pytest.raises(KeyboardInterrupt):
            working.step(DAY)
    assert desk.ledger.published().checkpoint.size == 200
    assert (desk.ledger.public / "tile/0/000").exists()
    assert unreachable(desk) == []
    desk.sequence()
    assert desk.ledger.published().checkpoint.size == 300
    assert unreachable(desk) == []


def test_partial_tiles_go_when_a_checkpoint_over_the_full_one_is_published(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    with desk.opened() as working:
        for count in (100, 100, 40):
            desk.shelf.file(count)
            working.step(DAY)
    assert len(list(desk.ledger.public.rglob("000.p/*"))) == 6
    desk.sequence(60)
    found = {
        path.relative_to(desk.ledger.public).as_posix()
        for path in (desk.ledger.public / "tile").rglob("*")
        if path.is_file()
    }
    assert {tile_of(path) for path in found} == set(tiles_of(300))


def test_the_rows_tell_of_a_fork_once(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    with closing(desk.ledger.rows()) as rows:
        assert rows.fork_told(0) == (False, 0)
        told(desk, Answer("one", 1, refused="log-forked", fork=True))
        assert rows.fork_told(0) == (True, 1)
        assert rows.fork_told(1) == (False, 1)
