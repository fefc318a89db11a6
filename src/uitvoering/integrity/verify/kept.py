"""The checkpoints that verifications keep for the next: what is extended was not rewritten."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from uitvoering.integrity.durable import replaced
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.verify.checkpoints import HeldCheckpoint, Source
from uitvoering.integrity.verify.reading import taken

_KEPT = re.compile(r"(\d{1,19})-([0-9a-f]{16})-(\d{1,12})\.note")
MOST_NOTE = 1_000_000


def kept_of(folder: Path, origin: str) -> Iterator[HeldCheckpoint]:
    """What earlier verifications kept of this log."""
    place = _kept_place(folder, origin)
    if not place.is_dir():
        return
    for file in sorted(place.iterdir()):
        if _KEPT.fullmatch(file.name):
            yield HeldCheckpoint(Source.KEPT, str(file), taken(file, MOST_NOTE + 1))


def keep(folder: Path, note: bytes, now: int) -> None:
    """For the next time; one that is there already stays as it was. OSError."""
    checkpoint = checkpoint_of(parsed(note).text)
    place = _kept_place(folder, checkpoint.origin)
    name = f"{checkpoint.size}-{checkpoint.root.hex()[:16]}"
    place.mkdir(parents=True, exist_ok=True)
    if not any(place.glob(f"{name}-*.note")):
        replaced(place / f"{name}-{now}.note", note)


def _kept_place(folder: Path, origin: str) -> Path:
    return folder / hashlib.sha256(origin.encode()).hexdigest()[:32]
