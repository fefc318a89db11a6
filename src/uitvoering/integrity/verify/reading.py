"""Files of a pack: none is opened that is no plain file, or read further than it may go."""

import hashlib
import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from uitvoering.integrity.verify.findings import Finding, broken
from uitvoering.integrity.verify.pack import MOST_LINE, Listed

MOST_FILE = 1 << 34
"""Of any file: those with events have some thousands, and one that grows on for ever is no file."""
MOST_READ = 1 << 25
"""Bytes that are taken into memory at once: a bundle of the largest leaves has half of it."""
_BLOCK = 1 << 20
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY")
_PLAIN_FILE = os.O_RDONLY | sum(getattr(os, name, 0) for name in _FLAGS)  # where it has them


class OddFileError(OSError):
    """A pipe, a device, a folder or a link: to read it may never end."""


def plain_file(path: Path) -> BinaryIO:
    """A plain file, without waiting for anybody. OSError; OddFileError."""
    try:
        handle = os.open(path, _PLAIN_FILE)
    except OSError as error:
        if path.is_symlink():
            raise OddFileError(error.errno, error.strerror, str(path)) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OddFileError(0, "no plain file", str(path))
    return os.fdopen(handle, "rb")


def taken(path: Path, most: int = MOST_READ) -> bytes:
    """At most so many bytes of a plain file. OSError."""
    with plain_file(path) as file:
        return file.read(most)


def read_listed(folder: Path, name: str, listed: Listed | None) -> bytes | Finding:
    """The bytes of a file if they are those of the manifest; else what is wrong with it."""
    if listed is None:
        return broken("file-missing", file=name)
    try:
        with plain_file(folder / name) as file:
            if _size(file) != listed.bytes or listed.bytes > MOST_READ:
                return broken("file-changed", file=name)
            data = file.read(listed.bytes)
    except OSError as error:
        return _unopened(name, error)
    if len(data) != listed.bytes or hashlib.sha256(data).hexdigest() != listed.sha256:
        return broken("file-changed", file=name)
    return data


def wrong_file(folder: Path, name: str, listed: Listed) -> Finding | None:
    """The same for a file of any size; nothing of it is kept."""
    try:
        with plain_file(folder / name) as file:
            if _size(file) != listed.bytes or listed.bytes > MOST_FILE:
                return broken("file-changed", file=name)
            digest, size = hashlib.sha256(), 0
            while size <= listed.bytes and (block := file.read(_BLOCK)):
                digest.update(block)
                size += len(block)
    except OSError as error:
        return _unopened(name, error)
    if size != listed.bytes or digest.hexdigest() != listed.sha256:
        return broken("file-changed", file=name)
    return None


def lines(folder: Path, name: str, listed: Listed | None) -> Iterator[bytes]:
    """As many as the manifest says there may be; what is wrong with the file was told before."""
    left = min(MOST_FILE, listed.bytes) + MOST_LINE if listed is not None else 0
    try:
        with plain_file(folder / name) as file:
            for line in iter(partial(file.readline, MOST_LINE), b""):
                left -= len(line)
                if left < 0:
                    return
                yield line
    except OSError:
        return


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _unopened(name: str, error: OSError) -> Finding:
    odd = isinstance(error, OddFileError)
    return broken("file-odd" if odd else "file-missing", file=name)
