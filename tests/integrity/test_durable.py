"""A file is there whole or not at all, whoever else writes it."""

import errno
import os
from pathlib import Path

import pytest

from uitvoering.integrity.durable import replaced, shown


def test_a_write_that_finds_no_room_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "checkpoint"
    shown(file, b"old", 0o600)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            shown(file, b"new")
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"old", [file])
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_who_write_at_once_never_write_into_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, whole = tmp_path / "checkpoint", os.fsync
    with monkeypatch.context() as patched:

        def meanwhile(descriptor: int) -> None:
            patched.setattr(os, "fsync", whole)
            shown(file, b"of the other")
            assert file.read_bytes() == b"of the other"
            whole(descriptor)

        patched.setattr(os, "fsync", meanwhile)
        replaced(file, b"ours")
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"ours", [file])
