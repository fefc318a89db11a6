"""A log begins in a folder of its own: what stood there before is nobody's to clear away."""

import shutil
from pathlib import Path

import pytest

from tests.integrity.sequenced import Desk, desk_in
from uitvoering.integrity.log.errors import LedgerFolderTakenError
from uitvoering.integrity.log.founding import MARK


def held(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", ["public/index.html", "policy", "positions", "notes.txt"])
def test_a_folder_that_holds_what_is_of_others_is_refused_and_left_as_it_is(
    tmp_path: Path, name: str
) -> None:
    file = tmp_path / "ledger" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(b"of somebody else")
    with pytest.raises(LedgerFolderTakenError, match=Path(name).parts[0]):
        Desk(tmp_path).create()
    assert held(tmp_path / "ledger") == {name: b"of somebody else"}


def test_a_file_is_no_folder_for_a_log(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_bytes(b"a file")
    with pytest.raises(LedgerFolderTakenError):
        Desk(tmp_path).create()


@pytest.mark.parametrize("marked", [False, True])
def test_a_log_that_lost_its_name_is_never_cleared(tmp_path: Path, *, marked: bool) -> None:
    """Nor where the mark of its creation is still there: its rows say that it was in use."""
    desk_in(tmp_path, 3)
    shutil.rmtree(tmp_path / "keys")  # else they would say that the name was used
    (tmp_path / "ledger" / "ledger.json").unlink()
    if marked:
        (tmp_path / "ledger" / MARK).touch()
    before = held(tmp_path / "ledger")
    with pytest.raises(LedgerFolderTakenError, match=r"ledger\.json"):
        Desk(tmp_path).create()
    after = held(tmp_path / "ledger")
    assert {name: after[name] for name in before if "-shm" not in name and "-wal" not in name} == {
        name: data for name, data in before.items() if "-shm" not in name and "-wal" not in name
    }


def test_an_empty_folder_will_do_and_no_mark_stays(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    desk = desk_in(tmp_path, 2)
    assert MARK not in {path.name for path in desk.ledger.directory.iterdir()}
