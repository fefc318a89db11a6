"""Are all files of a pack there, as they were written, and nothing else?"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from uitvoering.integrity.tree.tiles import ENTRIES, WIDTH, tile_at, tiles_of
from uitvoering.integrity.verify.chunk import Chunk
from uitvoering.integrity.verify.findings import Finding, broken, unchecked
from uitvoering.integrity.verify.moments import marked, within
from uitvoering.integrity.verify.pack import (
    BUNDLES_PER_FILE,
    EVENTS_PER_FILE,
    MANIFEST,
    UNLOGGED,
    Manifest,
    events_path,
    schema_path,
)
from uitvoering.integrity.verify.reading import wrong_file
from uitvoering.integrity.verify.tree import LOG

_PROVED = ("events/", f"{LOG}/")
_KNOWN = ("checkpoints/", "stamps/", "schemas/", "labels/", "keys/")
_SINGLE = frozenset(
    {f"{LOG}/checkpoint", "policy", "read-models.json", "README.txt", "verify.pyz", UNLOGGED}
)


def presence(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """What the manifest lists and is not there, and the reverse."""
    found: set[str] = set()
    for above, folders, names in os.walk(folder):
        place = Path(above)
        for name in names + [each for each in folders if (place / each).is_symlink()]:
            path = place / name
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file():
                yield broken("file-odd", file=shown)
            found.add(shown)
    found.discard(MANIFEST)
    for name in sorted(manifest.files.keys() - found):
        yield broken("file-missing", file=name)
    for name in sorted(found - manifest.files.keys()):
        yield broken("file-extra", file=name)


def chunks(folder: Path, manifest: Manifest) -> Iterator[Chunk]:
    """The parts in which leaves and events are checked, in order."""
    wanted, sizes = range(manifest.size), marked(manifest)
    if manifest.asked.first is not None or manifest.asked.last is not None:
        first, last = manifest.first_index, manifest.last_index
        wanted = range(0) if first is None or last is None else range(first, last + 1)
    for number in range(-(-manifest.size // EVENTS_PER_FILE)):
        names = _chunk_names(number, manifest.size)
        listed = {name: manifest.files[name] for name in names if name in manifest.files}
        made = Chunk(
            folder, number, manifest.size, manifest.origin, listed, wanted, manifest.asked.stream
        )
        yield replace(made, sizes=within(sizes, made.leaves))


def can_be_whole(manifest: Manifest) -> bool:
    """Whether the manifest lists enough files to hold so many leaves at all."""
    return -(-manifest.size // WIDTH) <= len(manifest.files)


def beside(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """What is wrong with the bytes of every file that is no part of a chunk."""
    in_chunks: set[str] = set()
    for number in range(-(-manifest.size // EVENTS_PER_FILE)):
        in_chunks.update(_chunk_names(number, manifest.size))
    for name, listed in sorted(manifest.files.items()):
        wrong = None if name in in_chunks else wrong_file(folder, name, listed)
        # One that is not there was told where all files were looked for.
        if wrong is not None and wrong.code != "file-missing":
            yield wrong


def unknown(manifest: Manifest) -> Iterator[Finding]:
    """Files that are whole, and have no place in a pack of this size that we know of."""
    tiles = {f"{LOG}/{tile.path}" for tile in tiles_of(manifest.size)}
    known = _SINGLE | tiles | {*event_files(manifest)}
    for name in sorted(manifest.files.keys() - known):
        if name.startswith(_PROVED):  # beside what is proved, it would pass for it
            yield broken("file-strange", file=name, size=manifest.size)
        elif not name.startswith(_KNOWN):
            yield unchecked("file-unknown", file=name)


def event_files(manifest: Manifest) -> Iterator[str]:
    """Those with the events of leaves, in order."""
    for first in range(0, manifest.size, EVENTS_PER_FILE):
        if events_path(first) in manifest.files:
            yield events_path(first)


def schemas(manifest: Manifest, named: Iterable[str]) -> Iterator[Finding]:
    """The schemas that events name by their digest; an event names one in its proved bytes."""
    for sha256 in sorted(named):
        listed = manifest.files.get(schema_path(sha256))
        if listed is None:
            yield broken("schema-missing", schema=sha256)
        elif listed.sha256 != sha256:
            yield broken("schema-differs", schema=sha256)


def _chunk_names(number: int, size: int) -> Iterator[str]:
    yield events_path(number * EVENTS_PER_FILE)
    first = number * BUNDLES_PER_FILE
    for bundle in range(first, min(first + BUNDLES_PER_FILE, -(-size // WIDTH))):
        for level in (ENTRIES, 0):
            yield f"{LOG}/{tile_at(level, bundle, size).path}"
