"""Files that are there whole or not at all, whenever the machine stops."""

import os
from pathlib import Path


def replaced(file: Path, data: bytes, mode: int = 0o644) -> None:
    """Write it new and give it the name of the old, both brought to disk.

    A crash before the rename leaves the old file and a `.new` beside it, which the next call
    overwrites; readers never see a part.
    """
    shown(file, data, mode)
    to_disk(file.parent)


def shown(file: Path, data: bytes, mode: int = 0o644) -> None:
    """The same for what is made again at every start: after a crash it may be the old file."""
    new = file.with_name(f".{file.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(descriptor, "wb") as written:  # noqa: PTH123 a descriptor, opened with its mode
        written.write(data)
        written.flush()
        os.fsync(written.fileno())
    new.replace(file)


def to_disk(path: Path) -> None:
    """A file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
