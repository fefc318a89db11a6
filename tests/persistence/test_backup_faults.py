"""A backup or a restore that cannot be whole is nothing at all, and says why and what to do."""

import os
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.as_nobody import as_nobody
from tests.persistence import keeping
from tests.persistence.facts import stream
from tests.persistence.keeping import MADE_AT
from tests.persistence.processes import finish, start
from uitvoering.errors import (
    FileUnknownError,
    FileUnwritableError,
    SchemaMissingError,
    SchemaNewerError,
    StoreCorruptError,
    TopicUnknownError,
    UitvoeringError,
)
from uitvoering.persistence import backup as backing_up
from uitvoering.persistence.backup import backup, restore
from uitvoering.persistence.backup_errors import (
    BackupDamagedError,
    BackupExistsError,
    BackupUnknownError,
    FileUnreadableError,
    StoreInUseError,
)
from uitvoering.persistence.backup_file import Manifest, opened
from uitvoering.persistence.migrations import sqlite_file
from uitvoering.persistence.store import migrate, open_store

EVENTS = 60


@pytest.fixture
def kept(sqlite_url: str, tmp_path: Path) -> Path:
    """A sound backup."""
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        store.append([*stream(1, EVENTS - 10), *stream(2, 10)])
    file = tmp_path / "sound.backup"
    backup(sqlite_url, file, MADE_AT)
    return file


def held_in(url: str) -> int:
    """How many events there are; none when there is no store."""
    try:
        with closing(open_store(url)) as store:
            return len(list(store.stream()))
    except SchemaMissingError:
        return 0


def nothing_is_left_and_a_sound_one_goes_in(url: str, kept: Path) -> None:
    assert held_in(url) == 0
    file = sqlite_file(url)
    assert file is None or not file.exists()
    restore(url, kept)
    assert held_in(url) == EVENTS


@pytest.mark.parametrize("lost", [0.001, 0.05, 0.3, 0.7, 0.999, 1.0])
def test_a_backup_that_was_cut_off_is_refused(target_url: str, kept: Path, lost: float) -> None:
    whole = kept.read_bytes()
    cut = kept.with_name("cut.backup")
    cut.write_bytes(whole[: len(whole) - int(lost * len(whole))])
    with pytest.raises((BackupDamagedError, BackupUnknownError)):
        restore(target_url, cut)
    nothing_is_left_and_a_sound_one_goes_in(target_url, kept)


def test_one_changed_letter_in_an_event_is_found(target_url: str, kept: Path) -> None:
    whole = kept.read_bytes()
    words = "om één fout".encode()
    assert words in whole
    bad = kept.with_name("changed.backup")
    bad.write_bytes(whole.replace(words, b"om geen  fout", 1))
    with pytest.raises(BackupDamagedError, match=r"60 events, sha256 .* where 60 events") as found:
        restore(target_url, bad)
    assert str(found.value).endswith("was written; use another copy")
    nothing_is_left_and_a_sound_one_goes_in(target_url, kept)


def test_any_flipped_byte_is_found_or_does_no_harm(kept: Path, tmp_path: Path) -> None:
    """Not every byte of a file is in use; what is restored is always what was backed up."""
    whole = kept.read_bytes()
    with opened(kept) as (_, manifest):
        pass
    places = [*range(0, 100, 7), *range(100, len(whole), len(whole) // 50)]
    outcomes = {flipped_at(place, whole, manifest, tmp_path) for place in places}
    assert outcomes == {"refused", "restored"}


def flipped_at(place: int, whole: bytes, manifest: Manifest, folder: Path) -> str:
    file, target = folder / f"flipped-{place}", folder / f"restored-{place}.db"
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
    url = f"sqlite:///{target}"
    try:
        found = restore(url, file)
    except UitvoeringError:
        assert not target.exists()
        return "refused"
    assert found == manifest
    assert held_in(url) == EVENTS
    with closing(open_store(url)) as store:
        assert store.append(stream(1, 1, after=EVENTS - 10)) == [EVENTS + 1]
    return "restored"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE backup_manifest SET manifest = replace(manifest, '60', '59')",
        "UPDATE backup_manifest SET sha256 = 'x'",
        "UPDATE backup_manifest SET manifest = NULL",
        "DELETE FROM backup_manifest",
        "DROP TABLE schema_version",
        "INSERT INTO token VALUES ('i', 'h', 'uwv', 'board', 'line', 'p', 'c', 'e', NULL)",
        "DROP TRIGGER event_is_not_removed; DELETE FROM event WHERE position = 60",
        "DROP TRIGGER event_is_not_changed; UPDATE event SET state = 7 WHERE position = 6",
        "DROP TRIGGER event_is_not_changed; UPDATE event SET position = 99 WHERE position = 60",
        "DROP TRIGGER event_is_not_changed; UPDATE event SET event_id = NULL WHERE position = 6",
    ],
)
def test_a_change_made_on_purpose_is_found_too(target_url: str, kept: Path, change: str) -> None:
    bad = kept.with_name("changed.backup")
    bad.write_bytes(kept.read_bytes())
    with closing(sqlite3.connect(bad)) as held:
        held.executescript(change)
    with pytest.raises(BackupDamagedError, match="does not hold what was backed up"):
        restore(target_url, bad)
    nothing_is_left_and_a_sound_one_goes_in(target_url, kept)


def test_a_backup_of_a_newer_version_is_refused(target_url: str, kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as held:
        held.executescript("INSERT INTO schema_version VALUES (99, 'later')")
    with pytest.raises(SchemaNewerError, match="schema version 99 and this version knows 1"):
        restore(target_url, kept)
    assert held_in(target_url) == 0


def test_what_is_no_backup_is_refused(target_url: str, sqlite_url: str, tmp_path: Path) -> None:
    migrate(sqlite_url)
    (tmp_path / "text").write_text("not a store at all, whatever its name is" * 100)
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.executescript("CREATE TABLE event (position integer)")
    (tmp_path / "empty").touch()
    for name in ("text", "other", "empty", "uitvoering.db"):
        with pytest.raises(BackupUnknownError, match="was not made by `uitvoering backup`"):
            restore(target_url, tmp_path / name)
    with pytest.raises(FileUnknownError, match="check the name"):
        restore(target_url, tmp_path / "nowhere")
    with pytest.raises(FileUnreadableError, match="Is a directory"):
        restore(target_url, tmp_path)
    assert held_in(target_url) == 0


def test_a_store_that_is_there_is_never_replaced(target_url: str, kept: Path) -> None:
    migrate(target_url)
    with closing(open_store(target_url)) as store:
        store.append(stream(3, 2))
    with pytest.raises(StoreInUseError, match="move it away, or name another in UITVOERING_STORE"):
        restore(target_url, kept)
    assert held_in(target_url) == 2


def test_a_restore_again_is_refused_and_changes_nothing(target_url: str, kept: Path) -> None:
    restore(target_url, kept)
    with pytest.raises(StoreInUseError):
        restore(target_url, kept)
    assert held_in(target_url) == EVENTS


def test_an_empty_server_store_takes_a_restore(postgres_url: str, kept: Path) -> None:
    migrate(postgres_url)
    restore(postgres_url, kept)
    assert held_in(postgres_url) == EVENTS


@pytest.mark.parametrize("left", ["-wal", "-journal"])
def test_a_journal_left_without_its_file_is_refused(kept: Path, left: str) -> None:
    """It would be played into the restored file."""
    target = kept.with_name("new.db")
    Path(f"{target}{left}").touch()
    with pytest.raises(StoreInUseError):
        restore(f"sqlite:///{target}", kept)
    assert not target.exists()


def test_a_file_that_is_there_is_never_replaced(store_url: str, tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("mine")
    with pytest.raises(BackupExistsError, match="a backup replaces nothing; name another file"):
        backup(store_url, file, MADE_AT)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_nor_one_that_came_while_the_backup_was_made(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """Also where the file system has no hard links."""
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    file, first = tmp_path / "mine", tmp_path / "first"
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 3))
    backup(store_url, first, MADE_AT)
    assert held_by(first) == 3

    def meanwhile(_done: int, _total: int) -> None:
        file.write_text("mine")

    with pytest.raises(BackupExistsError):
        backup(store_url, file, MADE_AT, meanwhile)
    assert file.read_text() == "mine"
    assert not list(tmp_path.glob("*.part*"))


def no_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def held_by(file: Path) -> int:
    with opened(file) as (content, _):
        return sum(1 for _ in content.events())


def test_a_place_that_cannot_be_written_is_refused(
    store_url: str, kept: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileUnwritableError, match="No such file or directory; choose another"):
        backup(store_url, tmp_path / "no" / "such" / "folder", MADE_AT)
    with pytest.raises(FileUnwritableError, match="Not a directory"):
        restore(f"sqlite:///{kept}/new.db", kept)


def test_without_permission_nothing_is_written_or_read(
    sqlite_url: str, kept: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o500)
    kept.chmod(0o000)
    # The folders above are for their owner alone: nobody must get that far.
    above = [path for path in tmp_path.parents if path.stat().st_uid == os.geteuid()]
    opened_up = [path for path in above if path.stat().st_mode & 0o777 == 0o700]
    for path in (tmp_path, *opened_up):
        path.chmod(0o755)
    for path in tmp_path.glob("uitvoering.db*"):
        path.chmod(0o666)
    tmp_path.chmod(0o777)
    try:
        with as_nobody():
            with pytest.raises(FileUnwritableError, match="Permission denied"):
                backup(sqlite_url, folder / "one", MADE_AT)
            with pytest.raises(FileUnwritableError, match="Permission denied"):
                restore(f"sqlite:///{folder / 'new.db'}", sound_copy(sqlite_url, tmp_path))
            with pytest.raises(FileUnreadableError, match="Permission denied; ask for access"):
                restore(f"sqlite:///{tmp_path / 'new.db'}", kept)
    finally:
        for path in opened_up:
            path.chmod(0o700)
    assert list(folder.iterdir()) == []


def sound_copy(url: str, folder: Path) -> Path:
    backup(url, folder / "copy", MADE_AT)
    return folder / "copy"


def test_a_full_disk_leaves_no_backup(store_url: str, tmp_path: Path) -> None:
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 500))
    file, said = tmp_path / "one.backup", tmp_path / "said"
    work = start(keeping.back_up_on_a_full_disk, store_url, str(file), str(said))
    assert finish([work]) == [0]
    assert re.fullmatch(
        rf"file {file} cannot be written: (No space left on device|File too large);"
        " choose another place",
        said.read_text(),
    )
    assert not list(tmp_path.glob("one.backup*"))
    assert backup(store_url, file, MADE_AT).tally.events == 500


def test_a_full_disk_leaves_no_restored_store(sqlite_url: str, tmp_path: Path) -> None:
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        store.append(stream(1, 500))
    file, said, target = tmp_path / "one.backup", tmp_path / "said", tmp_path / "new.db"
    backup(sqlite_url, file, MADE_AT)
    work = start(keeping.restore_on_a_full_disk, f"sqlite:///{target}", str(file), str(said))
    assert finish([work]) == [0]
    assert f"file {target} cannot be written" in said.read_text()
    assert not list(tmp_path.glob("new.db*"))
    restore(f"sqlite:///{target}", file)
    assert held_in(f"sqlite:///{target}") == 500


@pytest.mark.parametrize("moment", [1, 3, 8, 12])
def test_a_backup_killed_at_any_moment_is_no_backup(
    store_url: str, tmp_path: Path, moment: int
) -> None:
    with closing(open_store(store_url)) as store:
        store.append(stream(1, EVENTS))
    file = tmp_path / "one.backup"
    killed_at(moment, keeping.back_up_until, store_url, file, tmp_path)
    assert not file.exists()
    assert backup(store_url, file, MADE_AT).tally.events == EVENTS


@pytest.mark.parametrize("moment", [1, 7, 13, 18])
def test_a_restore_killed_at_any_moment_left_nothing(
    target_url: str, kept: Path, tmp_path: Path, moment: int
) -> None:
    killed_at(moment, keeping.restore_until, target_url, kept, tmp_path)
    assert held_in(target_url) == 0
    restore(target_url, kept)
    assert held_in(target_url) == EVENTS


def killed_at(moment: int, work: object, url: str, file: Path, folder: Path) -> None:
    assert callable(work)
    reached = folder / "reached"
    process = start(work, url, str(file), moment, str(reached))
    while not reached.exists():
        assert process.is_alive(), "it was over before that moment came"
        time.sleep(0.01)
    process.kill()
    finish([process])


def test_an_interruption_leaves_no_part_of_a_file(store_url: str, tmp_path: Path) -> None:
    def interrupted(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with closing(open_store(store_url)) as store:
        store.append(stream(1, 3))
    with pytest.raises(KeyboardInterrupt):
        backup(store_url, tmp_path / "one.backup", MADE_AT, interrupted)
    assert not list(tmp_path.glob("one.backup*"))


def test_a_damaged_store_is_told_when_it_is_backed_up(sqlite_url: str, tmp_path: Path) -> None:
    """And not kept as if it were sound."""
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        store.append(stream(1, 300))
    file = sqlite_file(sqlite_url)
    assert file is not None
    with closing(sqlite3.connect(file)) as held:
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        row = held.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()
    with file.open("r+b") as bytes_of:
        bytes_of.seek((row[0] - 1) * 4096)
        bytes_of.write(b"\xff" * 64)
    with pytest.raises(StoreCorruptError, match="stop writing, keep the file"):
        backup(sqlite_url, tmp_path / "one.backup", MADE_AT)
    assert not list(tmp_path.glob("one.backup*"))


def test_an_event_that_cannot_be_read_is_told_before_the_store_is_there(
    target_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    """Tampered before the backup was made: the digest is right, and the event is not ours."""
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        store.append(stream(1, 3))
    file = sqlite_file(sqlite_url)
    assert file is not None
    with closing(sqlite3.connect(file)) as held:
        held.executescript(
            "DROP TRIGGER event_is_not_changed; UPDATE event SET topic = 'x' WHERE position = 2"
        )
    backup(sqlite_url, tmp_path / "one.backup", MADE_AT)
    with pytest.raises(TopicUnknownError, match="has topic x, which is not ours"):
        restore(target_url, tmp_path / "one.backup")
    assert held_in(target_url) == 0


def test_a_copy_that_differs_from_its_source_is_not_kept(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_copy = backing_up._finish  # noqa: SLF001 the fault happens between writing and reading back

    def faulty(part: Path, manifest: Manifest, source: str) -> None:
        finish_copy(part, manifest, source)
        with closing(sqlite3.connect(part)) as copy:
            copy.executescript("DROP TRIGGER event_is_not_removed; DELETE FROM event")

    monkeypatch.setattr(backing_up, "_finish", faulty)
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 3))
    with pytest.raises(BackupDamagedError):
        backup(store_url, tmp_path / "one.backup", MADE_AT)
    assert not list(tmp_path.glob("one.backup*"))
