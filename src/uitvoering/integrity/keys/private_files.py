"""A folder for its owner alone: refused when others could come at it, 0600 from the first byte."""

import errno
import fcntl
import os
import re
import stat
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from uitvoering.integrity.keys.errors import (
    KeyExistsError,
    KeysAwayError,
    KeysExposedError,
    KeysForeignError,
    KeysLinkedError,
    KeysMissingError,
    KeysUnwritableError,
)

_FOLDER, _FILE = 0o700, 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""A named pipe put in the place of a key must not keep us waiting."""
_OPEN_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def part_of(name: str) -> str:
    """A file while it is written; after a kill it may be a second name of the whole."""
    return f".{name}.part"


class PrivateFolder:
    """Opened once: whatever becomes of the path meanwhile, it is this folder that was checked."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    def names(self) -> list[str]:
        with _explained(self.path):
            return sorted(os.listdir(self._descriptor))  # noqa: PTH208 of what was opened, not of a path

    def read(self, name: str) -> bytes:
        """KeysMissingError; KeysExposedError, KeysForeignError and KeysLinkedError."""
        path = self.path / name
        with _explained(path):
            descriptor = os.open(name, _OPEN_FILE, dir_fd=self._descriptor)
            try:
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode):
                    raise KeysLinkedError(path=path)
                _refuse_shared(path, found, _FILE)
                return os.read(descriptor, found.st_size)
            finally:
                os.close(descriptor)

    def write(self, name: str, data: bytes, *, replace: bool = False) -> None:
        """Whole and on disk when it returns. KeyExistsError, unless it may be replaced."""
        part = part_of(name)
        with _explained(self.path / name):
            with suppress(FileNotFoundError):  # of a process that was killed here
                os.unlink(part, dir_fd=self._descriptor)
            descriptor = os.open(part, _OPEN_NEW, _FILE, dir_fd=self._descriptor)
            with open(descriptor, "wb") as file:  # noqa: PTH123 a descriptor, opened within the folder
                os.fchmod(descriptor, _FILE)  # a umask may have taken too much away
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            at = self._descriptor
            try:
                if replace:
                    os.rename(part, name, src_dir_fd=at, dst_dir_fd=at)
                else:
                    os.link(part, name, src_dir_fd=at, dst_dir_fd=at)  # a rename would replace
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(part, dir_fd=at)
            os.fsync(at)

    def remove(self, name: str) -> None:
        """Without complaint when it is not there; with what a write that was killed left of it."""
        with _explained(self.path / name):
            for each in (name, part_of(name)):
                with suppress(FileNotFoundError):
                    os.unlink(each, dir_fd=self._descriptor)
            os.fsync(self._descriptor)

    @contextmanager
    def folder(self, name: str) -> Generator["PrivateFolder | None"]:
        """A folder in this one; None when it is not there."""
        if name not in self.names():
            yield None
            return
        with _opened(self.path / name, name, self._descriptor) as found:
            yield found

    @contextmanager
    def made_folder(self, name: str) -> Generator["PrivateFolder"]:
        with _explained(self.path / name), suppress(FileExistsError):
            os.mkdir(name, _FOLDER, dir_fd=self._descriptor)
            os.chmod(name, _FOLDER, dir_fd=self._descriptor)
            os.fsync(self._descriptor)
        with _opened(self.path / name, name, self._descriptor) as found:
            yield found

    def alone(self) -> None:
        """Wait for whoever is changing this folder; held until it is closed."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)


@contextmanager
def private_folder(path: Path) -> Generator[PrivateFolder]:
    """KeysMissingError; KeysExposedError, KeysForeignError and KeysLinkedError."""
    with _opened(path, path, None) as found:
        yield found


@contextmanager
def private_folder_in_use(path: Path, ours: re.Pattern[str]) -> Generator[PrivateFolder]:
    """KeysAwayError while it is not there, or no name in it is ours; else as `private_folder`.

    So looks the place of a disk that is not mounted: nobody took anything out of it.
    """
    with ExitStack() as opened:
        try:
            folder = opened.enter_context(private_folder(path))
        except KeysMissingError as error:
            raise KeysAwayError(directory=path) from error
        if not any(map(ours.fullmatch, folder.names())):
            raise KeysAwayError(directory=path)
        yield folder


@contextmanager
def made_private_folder(path: Path) -> Generator[PrivateFolder]:
    """For one who writes, alone; made when it is not there."""
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            path.mkdir(_FOLDER)
            path.chmod(_FOLDER)  # a umask may have taken too much away
    with _opened(path, path, None) as found:
        found.alone()
        yield found


@contextmanager
def _opened(path: Path, name: Path | str, within: int | None) -> Generator[PrivateFolder]:
    with _explained(path):
        descriptor = os.open(name, _OPEN_FOLDER, dir_fd=within)
    try:
        _refuse_shared(path, os.fstat(descriptor), _FOLDER)
        yield PrivateFolder(path, descriptor)
    finally:
        os.close(descriptor)


def _refuse_shared(path: Path, found: os.stat_result, wanted: int) -> None:
    if found.st_uid != os.geteuid():
        raise KeysForeignError(path=path, owner=found.st_uid, user=os.geteuid())
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS:
        raise KeysExposedError(path=path, mode=f"{mode:04o}", wanted=f"{wanted:04o}")


@contextmanager
def _explained(path: Path) -> Generator[None]:
    try:
        yield
    except FileExistsError as error:
        raise KeyExistsError(file=path) from error
    except FileNotFoundError as error:
        raise KeysMissingError(file=path) from error
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise KeysLinkedError(path=path) from error
        raise KeysUnwritableError(path=path, cause=error.strerror) from error
