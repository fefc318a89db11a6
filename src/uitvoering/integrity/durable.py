"""Files that are there whole or not at all, whenever the machine stops."""

import os
from pathlib import Path
from uuid import uuid4


def replaced(file: Path, data: bytes, mode: int = 0o644) -> None:
    """Write it new and give it the name of the old, both brought to disk.

    Readers never see a part, nor does one writer spoil what another writes. A crash before the
    rename leaves the old file, and beside it a hidden one that nobody reads.
    """
    shown(file, data, mode)
    to_disk(file.parent)


def shown(file: Path, data: bytes, mode: int = 0o644) -> None:
    """The same for what is made again at every start: after a crash it may be the old file."""
    new = file.with_name(f".{file.name}.{uuid4()}")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as written:  # noqa: PTH123 a descriptor, opened with its mode
            written.write(data)
            written.flush()
            os.fsync(written.fileno())
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def to_disk(path: Path) -> None:
    """A file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
