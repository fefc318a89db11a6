"""The directory of a log: begun once, by a command alone, and its rows are only added."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrity.sequenced import Desk, desk_in
from tests.integrity.watched import NOON, ORIGIN, witness_keys
from uitvoering.application.promises import Shown
from uitvoering.integrity.log import founding
from uitvoering.integrity.log.errors import (
    ContinuationMissingError,
    LedgerDamagedError,
    LedgerExistsError,
    LedgerMissingError,
    LedgerUnreadableError,
    LogForkedError,
    OriginUsedError,
)
from uitvoering.integrity.log.ledger import NAME, Ledger, readable, writable
from uitvoering.integrity.log.positions import Positions
from uitvoering.integrity.log.rows import Answer, LedgerRows
from uitvoering.integrity.notes.checkpoint import Checkpoint, OriginMalformedError, checkpoint_of
from uitvoering.integrity.notes.keys import PrivateKey
from uitvoering.integrity.notes.note import NoteMalformedError, formatted, parsed
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.integrity.tree.leaf import continuation_leaf
from uitvoering.integrity.tree.merkle import EMPTY_ROOT


def test_a_log_begins_with_an_empty_tree_that_every_key_signed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    made = desk.create()
    assert made.checkpoint == Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert desk.ledger.published().note == made.note == desk.signer.last_signed()
    note = parsed(made.note)
    for key, signature in zip(desk.signer.checkpoint_keys(), note.signatures, strict=True):
        assert key.public.cosigned(made.checkpoint, signature.value) in {0, NOON}


def test_without_create_there_is_no_log(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing", tmp_path / "nothing" / "at all"):
        with pytest.raises(LedgerMissingError, match="ledger create"):
            Ledger.opened(folder)


def test_a_log_is_begun_once(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    before = desk.ledger.published()
    with pytest.raises(LedgerExistsError, match=ORIGIN):
        desk.create()
    assert desk.ledger.published() == before


def test_a_creation_that_was_cut_off_is_no_log_and_is_made_anew(tmp_path: Path) -> None:
    """Its name is written last."""
    desk = desk_in(tmp_path)
    (tmp_path / "ledger" / "ledger.json").unlink()
    (tmp_path / "ledger" / founding.MARK).touch()
    (tmp_path / "ledger" / "positions").write_bytes(b"half")
    with pytest.raises(LedgerMissingError):
        desk.sequence()
    desk.create()
    assert desk.sequence(5).checkpoint.root == desk.shelf.tree().root()


@pytest.mark.parametrize(
    "origin", ["", "https://log.example.nl", "log.example.nl/", "a b", "a+b", "x" * 250]
)
def test_a_name_that_no_key_can_have_or_that_is_no_address_is_refused(
    tmp_path: Path, origin: str
) -> None:
    with pytest.raises(OriginMalformedError):
        founding.refuse_creation(Ledger(tmp_path / "ledger", origin, "2026-11-21T12:00:00Z"))


def test_a_policy_that_cannot_be_read_begins_nothing(tmp_path: Path) -> None:
    with pytest.raises(PolicyMalformedError):
        Desk(tmp_path).create(b"quorum everybody\n")
    assert not (tmp_path / "ledger").exists()


def test_a_name_that_signed_events_never_begins_anew(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    (tmp_path / "ledger").rename(tmp_path / "lost")
    with pytest.raises(OriginUsedError, match="over 3 leaves"):
        desk.create()


def test_a_log_that_follows_another_begins_with_its_last_checkpoint(tmp_path: Path) -> None:
    old = desk_in(tmp_path, 10)
    (tmp_path / "ledger").rename(tmp_path / "old")
    last = founding.last_checkpoint(tmp_path / "old")
    desk = Desk(tmp_path, "log.example.nl/second", old.shelf, old.clock)
    first = continuation_leaf(desk.origin, last.encode())
    assert desk.create(continues=last).checkpoint.size == 1
    del desk.shelf.events[8:]  # the store that was brought back is the shorter one
    assert desk.sequence(1).checkpoint.root == desk.shelf.tree([first]).root()
    ledger = desk.ledger
    assert ledger.tree(10).leaf(0) == first
    assert ledger.continues == last
    assert [ledger.positions.index_of(event.position, 10) for event in desk.shelf.events] == list(
        range(1, 10)
    )
    assert ledger.positions.index_of(0, 10) is None


@pytest.mark.parametrize("same", [True, False])
def test_a_log_that_was_begun_after_another_begins_with_the_note_it_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, same: bool
) -> None:
    """Given again, the last checkpoint of the old one may have a cosignature more."""
    old = desk_in(tmp_path, 10)
    (tmp_path / "ledger").rename(tmp_path / "old")
    note = founding.last_checkpoint(tmp_path / "old")
    desk = Desk(tmp_path, "log.example.nl/second", old.shelf, old.clock)
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "keep", killed)
        with pytest.raises(OSError, match="killed"):
            desk.create(continues=note)
    kept = desk.signer.last_signed()
    last = checkpoint_of(parsed(note.encode()).text)
    if not same:
        last = Checkpoint(last.origin, 11, bytes(32))
    again = formatted(last.text, note.splitlines(keepends=True)[4:]).decode()
    again += witness_keys()[0].cosignature_line(last, NOON)
    ledger = Ledger(tmp_path / "ledger", desk.origin, "2026-11-21T12:00:00Z", again)
    if not same:
        with pytest.raises(LogForkedError):
            founding.create(ledger, desk.signer, desk.clock)
        return
    assert founding.create(ledger, desk.signer, desk.clock).checkpoint == checkpoint_of(
        parsed(kept or b"").text
    )
    assert desk.ledger.continues == note
    assert desk.sequence(1).checkpoint.size == 12


def killed(_: Ledger) -> None:
    raise OSError("killed")


def test_a_log_follows_another_checkpoint_and_never_itself(tmp_path: Path) -> None:
    desk_in(tmp_path, 3)
    (tmp_path / "ledger").rename(tmp_path / "old")
    (tmp_path / "keys").rename(tmp_path / "old keys")
    (tmp_path / "note").write_bytes(b"\xff no checkpoint")
    with pytest.raises(NoteMalformedError):
        founding.last_checkpoint(tmp_path / "note")
    with pytest.raises(OriginUsedError):
        Desk(tmp_path).create(continues=founding.last_checkpoint(tmp_path / "old"))
    assert not (tmp_path / "ledger").exists()


def test_a_log_whose_keys_signed_another_says_where_that_one_ended(tmp_path: Path) -> None:
    old = desk_in(tmp_path, 4)
    earlier = old.ledger.published().note
    old.sequence(4)
    (tmp_path / "ledger").rename(tmp_path / "old")
    for given_, why in ((None, "over 8 leaves"), (earlier, "over 8 leaves")):
        desk = Desk(tmp_path, "log.example.nl/second")
        founding_note = None if given_ is None else given_.decode()
        ledger = Ledger(tmp_path / "ledger", desk.origin, "2026-11-21T12:00:00Z", founding_note)
        with pytest.raises(ContinuationMissingError, match=why):
            founding.create(ledger, desk.signer, desk.clock)
        assert not (tmp_path / "ledger").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET number = number + 1",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ],
)
@pytest.mark.parametrize("table", ["checkpoint", "answer", "stamp"])
def test_a_row_is_never_changed_removed_or_replaced(
    tmp_path: Path, table: str, statement: str
) -> None:
    desk = desk_in(tmp_path, 2)
    with closing(desk.ledger.rows()) as rows:
        rows.add_answer(Answer("ministry", 1, ("— a b\n",)))
        rows.add_stamp(1, "authority", b"stamp", NOON)
    with (
        closing(sqlite3.connect(desk.ledger.rows_file)) as beside,
        pytest.raises(sqlite3.IntegrityError, match=r"never|gives out"),
    ):
        beside.execute(statement.format(table=table))


def noted(size: int, root: bytes) -> bytes:
    return formatted(Checkpoint(ORIGIN, size, root).text, ["— x AAAAAAAA\n"])


def test_a_row_that_takes_something_back_is_refused(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 5)
    same = desk.signed()[-1].checkpoint.root
    with closing(desk.ledger.rows()) as rows:
        for size, root in ((4, same), (5, bytes(32)), (0, EMPTY_ROOT)):
            with pytest.raises(LedgerDamagedError, match="extends the last"):
                rows.add_checkpoint(noted(size, root), NOON)
        rows.add_checkpoint(noted(5, same), NOON)
        rows.add_checkpoint(noted(6, bytes(32)), NOON)
        assert [found.checkpoint.size for found in rows.checkpoints()] == [0, 5, 5, 6]
        assert [found.number for found in rows.of_size(5)] == [2, 3]


def test_rows_that_are_gone_or_no_rows_are_told_as_damage(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with pytest.raises(LedgerDamagedError, match="not there"):
        LedgerRows(file)
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(LedgerDamagedError):
        LedgerRows(file).newest()
    file.unlink()
    sqlite3.connect(file).close()
    with pytest.raises(LedgerDamagedError):
        LedgerRows(file).newest()


def test_a_checkpoint_that_cannot_be_opened_now_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in(tmp_path, 2)
    desk.ledger.cosigned_file.write_bytes(desk.ledger.published().note)

    def out_of_files(_: Path) -> bytes:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", out_of_files)
        for look in (desk.ledger.published, desk.ledger.cosigned):
            with pytest.raises(LedgerUnreadableError, match="Too many open files"):
                look()
        assert Shown(desk.ledger).newest().size == 0  # what is filed then goes on
    desk.ledger.checkpoint_file.unlink()
    with pytest.raises(LedgerDamagedError, match="not there"):
        desk.ledger.published()
    desk.ledger.checkpoint_file.write_bytes(b"no note")
    with pytest.raises(LedgerDamagedError, match="no checkpoint"):
        desk.ledger.published()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"origin": "x"}', "no json"])
def test_a_name_file_that_is_none_is_told_as_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / "ledger.json").write_text(text)
    with pytest.raises(LedgerDamagedError, match=r"ledger\.json"):
        Ledger.opened(tmp_path)


def test_a_fork_that_was_told_while_the_folder_went_away_is_a_fork(tmp_path: Path) -> None:
    ledger = desk_in(tmp_path).ledger

    def forked() -> None:
        (ledger.directory / NAME).unlink()
        raise LogForkedError(holder="one", size=3)

    for within in (writable, readable):
        with pytest.raises(LogForkedError), within(ledger):
            forked()
        ledger.keep()


def test_positions_that_are_gone_are_told_as_damage(tmp_path: Path) -> None:
    positions = Positions(tmp_path / "positions")
    for look in (
        lambda: positions.at(0),
        lambda: positions.index_of(5, 3),
        lambda: list(positions.between(0, 3)),
    ):
        with pytest.raises(LedgerDamagedError, match="not there"):
            look()


def cosigned(key: PrivateKey, checkpoint: Checkpoint, time: int) -> str:
    return key.cosignature_line(checkpoint, time)


def test_below_a_checkpoint_stands_the_newest_line_of_each_key(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 2)
    one, other = witness_keys("one.example.nl")[0], witness_keys("other.example.nl")[0]
    with closing(desk.ledger.rows()) as rows:
        newest = rows.newest()
        assert newest is not None
        lines = [
            (cosigned(key, newest.checkpoint, time),)
            for key, time in ((one, 10), (other, 20), (one, 30))
        ]
        for name, line in zip(("one", "other", "one"), lines, strict=True):
            rows.add_answer(Answer(name, newest.number, line))
        found = rows.newest()
        assert found is not None
        assert found.cosignatures == (*lines[2], *lines[1])
        assert parsed(found.note).text == parsed(newest.signed).text
        assert checkpoint_of(parsed(found.note).text) == newest.checkpoint
        assert rows.sizes_cosigned() == {"one": 2, "other": 2}


@settings(max_examples=25)
@given(
    steps=st.lists(st.integers(1, 5_000), min_size=1, max_size=60), begins=st.sampled_from([1, 0])
)
def test_from_a_position_follows_the_leaf_and_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], begins: int
) -> None:
    positions = Positions(tmp_path_factory.mktemp("positions") / "positions")
    given_ = [0] * begins  # where leaf 0 stands for no event
    for step in steps:
        given_.append((given_[-1] if given_ else 0) + step)
    positions.append(given_[:3])
    positions.append(given_[3:])
    assert len(positions) == len(given_)
    for index, position in enumerate(given_):
        assert positions.at(index) == position
        for size in {index, index + 1, len(given_)}:
            expected = index if position and index < size else None
            assert positions.index_of(position, size) == expected
    missing = set(range(given_[-1] + 2)) - set(given_)
    assert all(
        positions.index_of(position, len(given_)) is None for position in sorted(missing)[:50]
    )
    with pytest.raises(LedgerDamagedError, match="shorter"):
        positions.at(len(given_))
    with pytest.raises(LedgerDamagedError, match="shorter"):
        positions.index_of(given_[-1] + 1, len(given_) + 1)
    positions.cut(len(given_) - 1)
    assert len(positions) == len(given_) - 1
