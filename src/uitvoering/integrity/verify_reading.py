"""Files of a pack, read only as far as the manifest says they go."""

import hashlib
from pathlib import Path

from uitvoering.integrity.pack import Listed
from uitvoering.integrity.verify_findings import Finding, broken

_BLOCK = 1 << 20


def read_listed(folder: Path, name: str, listed: Listed | None) -> bytes | Finding:
    """The bytes of a file if they are those of the manifest; else what is wrong with it."""
    if listed is None:
        return broken("file-missing", file=name)
    try:
        with (folder / name).open("rb") as file:
            # One byte more than there should be says that there are too many.
            data = file.read(listed.bytes + 1)
    except OSError:
        return broken("file-missing", file=name)
    if len(data) != listed.bytes or hashlib.sha256(data).hexdigest() != listed.sha256:
        return broken("file-changed", file=name)
    return data


def wrong_file(folder: Path, name: str, listed: Listed) -> Finding | None:
    """The same for a file of any size; nothing of it is kept."""
    try:
        with (folder / name).open("rb") as file:
            digest, size = hashlib.sha256(), 0
            while size <= listed.bytes and (block := file.read(_BLOCK)):
                digest.update(block)
                size += len(block)
    except OSError:
        return broken("file-missing", file=name)
    if size != listed.bytes or digest.hexdigest() != listed.sha256:
        return broken("file-changed", file=name)
    return None
