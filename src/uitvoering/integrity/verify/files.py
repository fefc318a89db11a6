"""Are all files of a pack there, as they were written, and nothing else?"""

import os
import re
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
    checkpoint_size,
    events_path,
    schema_path,
    stamp_size,
)
from uitvoering.integrity.verify.reading import wrong_file
from uitvoering.integrity.verify.texts import LANGUAGES
from uitvoering.integrity.verify.tree import LOG

_FOLDERS = ("events/", f"{LOG}/", "checkpoints/", "stamps/", "schemas/", "labels/", "keys/")
"""Of which every name is known: what else stood there would pass for what does."""
_SCHEMA = re.compile(r"schemas/([0-9a-f]{64})\.json")
_KNOWN = re.compile(
    rf"{_SCHEMA.pattern}|labels/(?:{'|'.join(LANGUAGES)})\.toml"
    r"|keys/(?:rotations|retired)/[\w.-]+\.note"
)
_SINGLE = frozenset(
    {f"{LOG}/checkpoint", "policy", "read-models.json", "README.txt", "verify.pyz", UNLOGGED}
)
_LITTER = re.compile(r"\.DS_Store|\._.*|Thumbs\.db|desktop\.ini")
"""What Finder and Explorer leave in a folder that is opened; none of ours is called so."""
_DEEPEST = 16
"""Folders in each other; on the way to a tile of the largest log there are ten."""


def presence(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """What the manifest lists and is not there, and the reverse."""
    found, litter = set[str](), set[str]()
    for name, is_plain in _standing(folder):
        if not is_plain:
            yield broken("file-odd", file=name)
        is_litter = is_plain and _LITTER.fullmatch(name.rpartition("/")[2]) is not None
        (litter if is_litter else found).add(name)
    found.discard(MANIFEST)
    found |= litter & manifest.files.keys()
    litter -= found
    for name in sorted(manifest.files.keys() - found):
        yield broken("file-missing", file=name)
    for name in sorted(found - manifest.files.keys()):
        yield broken("file-extra", file=name)
    if litter:
        yield unchecked("file-litter", files=", ".join(sorted(litter)))


def _standing(folder: Path) -> Iterator[tuple[str, bool]]:
    """Everything in it but folders, and whether it is a plain file; through no link.

    Also a folder that is not entered: it cannot be read, or lies deeper than any of ours.
    """
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(folder.joinpath(*place)) as entries:
                here = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield "/".join(place) or ".", False
            continue
        for entry in here:
            path = (*place, entry.name)
            if entry.is_dir(follow_symlinks=False) and len(path) <= _DEEPEST:
                waiting.append(path)
            else:
                yield "/".join(path), entry.is_file(follow_symlinks=False)


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
        if _is_known(name):
            continue
        if name.startswith(_FOLDERS):
            yield broken("file-strange", file=name, size=manifest.size)
        else:
            yield unchecked("file-unknown", file=name)


def _is_known(name: str) -> bool:
    sized = checkpoint_size(name) is not None or stamp_size(name) is not None
    return sized or _KNOWN.fullmatch(name) is not None


def event_files(manifest: Manifest) -> Iterator[str]:
    """Those with the events of leaves, in order."""
    for first in range(0, manifest.size, EVENTS_PER_FILE):
        if events_path(first) in manifest.files:
            yield events_path(first)


def schemas(manifest: Manifest, named: Iterable[str]) -> Iterator[Finding]:
    """Named after their digest, by which an event names one in its proved bytes."""
    for sha256 in sorted(named):
        if schema_path(sha256) not in manifest.files:
            yield broken("schema-missing", schema=sha256)
    for name, listed in sorted(manifest.files.items()):
        found = _SCHEMA.fullmatch(name)
        if found is not None and found[1] != listed.sha256:
            yield broken("schema-differs", schema=found[1])


def _chunk_names(number: int, size: int) -> Iterator[str]:
    yield events_path(number * EVENTS_PER_FILE)
    first = number * BUNDLES_PER_FILE
    for bundle in range(first, min(first + BUNDLES_PER_FILE, -(-size // WIDTH))):
        for level in (ENTRIES, 0):
            yield f"{LOG}/{tile_at(level, bundle, size).path}"
