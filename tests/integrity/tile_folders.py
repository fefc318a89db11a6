"""Folders of tiles to test on, and a disk that fails at any step."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integrity.trees import leaves
from uitvoering.integrity.tree.tile_store import TileWriter

LARGE = 66_000
"""Leaves: over a full tile of the second level."""


def written(public: Path, *sizes: int, writer: TileWriter | None = None) -> TileWriter:
    """Each of the sizes sealed in turn, and what it leaves without use removed, as published."""
    public.mkdir(exist_ok=True)
    writer = writer or TileWriter(public)
    for size in sizes:
        writer.extend(writer.size, leaves(LARGE)[writer.size : size])
        writer.seal(size)
        writer.drop_partial(size)
    return writer


def files(public: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(public)): path.read_bytes()
        for path in public.rglob("*")
        if path.is_file()
    }


@contextmanager
def quick_folder() -> Iterator[Path]:
    """In memory where the system has that: thousands of small files come and go."""
    memory = Path("/dev/shm")  # noqa: S108 a directory of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


class CrashError(Exception):
    pass


class Disk:
    """Files as the program sees them, and what of them would be there after the power was cut.

    At the step `fails_at` it crashes: before the step, in the middle of it (half a file), or after
    it was done and before that was confirmed.
    """

    def __init__(self, public: Path, fails_at: int, when: str) -> None:
        self._public, self._fails_at, self._when = public, fails_at, when
        self.steps = 0
        self._contents: dict[int, bytes] = {}
        """By inode."""
        self._names: dict[Path, dict[str, int | None]] = {}
        """By directory."""
        for folder in self._folders():
            self._keep(folder)
            for path in folder.iterdir():
                if path.is_file():
                    self._contents[path.stat().st_ino] = path.read_bytes()

    @contextmanager
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        with monkeypatch.context() as patch:
            for name in ("fsync", "replace", "mkdir", "unlink", "rmdir"):
                patch.setattr(os, name, self._watched(name, getattr(os, name)))
            patch.setattr(Path, "write_bytes", self._watched("write", Path.write_bytes))
            yield

    def _watched(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def watched(target: Any, *args: Any, **named: Any) -> Any:
            step, self.steps = self.steps, self.steps + 1
            if step == self._fails_at and self._when != "after":
                if self._when == "halfway" and name == "write":
                    work(target, args[0][: len(args[0]) // 2])
                raise CrashError
            done = None if name == "fsync" else work(target, *args, **named)
            if name == "write":
                self._contents.pop(target.stat().st_ino, None)  # the number may be used again
            if name == "fsync":
                self._keep(Path(f"/proc/self/fd/{target}").readlink())
            if step == self._fails_at:
                raise CrashError
            return done

        return watched

    def cut_power(self, *, names_kept: bool) -> None:
        """Only what was synced is there; of all else a file may be empty, or its name be gone."""
        self._restore(self._public, names_kept=names_kept)

    def _restore(self, folder: Path, *, names_kept: bool) -> None:
        now = _names(folder)
        names = now if names_kept else self._names.get(folder, {})
        for name in now.keys() - names.keys():
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name, inode in names.items():
            path = folder / name
            if inode is None:
                path.mkdir(exist_ok=True)
                self._restore(path, names_kept=names_kept)
            else:
                path.unlink(missing_ok=True)
                path.write_bytes(self._contents.get(inode, b""))

    def _folders(self) -> list[Path]:
        return [self._public, *(path for path in self._public.rglob("*") if path.is_dir())]

    def _keep(self, path: Path) -> None:
        if path.is_dir():
            self._names[path] = _names(path)
        else:
            self._contents[path.stat().st_ino] = path.read_bytes()


def _names(folder: Path) -> dict[str, int | None]:
    """The inode of each file; none for a directory."""
    return {path.name: None if path.is_dir() else path.stat().st_ino for path in folder.iterdir()}
