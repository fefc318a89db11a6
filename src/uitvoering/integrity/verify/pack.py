"""The evidence pack: a folder with all an auditor needs, and the manifest that lists its files."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from uitvoering.errors import InvalidError, NotFoundError
from uitvoering.integrity.notes.checkpoint import size_of
from uitvoering.integrity.tree.tiles import WIDTH

FORMAT, VERSION = "uitvoering-evidence-pack", 1
MANIFEST = "manifest.json"
CHECKPOINT = "log/checkpoint"
POLICY = "policy"
READ_MODELS = "read-models.json"
README = "README.txt"
VERIFIER = "verify.pyz"
UNLOGGED = "events/unlogged.jsonl"
"""Events that stand in the store before the last logged one, and of which the log has no leaf."""
BUNDLES_PER_FILE = 32
EVENTS_PER_FILE = BUNDLES_PER_FILE * WIDTH
"""Leaves whose events stand in one file: so few that one is checked while others are read."""
MOST_LINE = 64 * 1024 * 1024
"""Bytes: no event comes near it, and a file without line ends must not fill the memory."""
_LINE = re.compile(
    rb'\{"index":(0|[1-9]\d{0,18}),"position":([1-9]\d{0,18}),'
    rb'"topic":"([^"\\]*(?:\\.[^"\\]*)*)","(event|hex)":'
)
_MOST_MANIFEST = 1 << 28
_MOST_TOPIC = 10_000
_NAME = re.compile(r"(?!/)(?:(?:^|/)[A-Za-z0-9_][A-Za-z0-9._-]*)+")
"""Below the pack, without a step up and in letters that every file system takes."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PACK_PARTS = ("events", "log", "checkpoints")
_UNLIKE_OURS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class PackUnknownError(NotFoundError):
    code = "pack-unknown"
    message = "{folder} is no evidence pack: {cause}; give the folder with manifest.json"


class PackMalformedError(InvalidError):
    code = "pack-malformed"
    message = "manifest.json is not as it was written: {cause}"


class AskedTwiceError(InvalidError):
    code = "asked-twice"
    message = "a pack holds all of a stream, or the events between two positions: ask one of both"


class Sink(Protocol):
    """A file being written."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True)
class Listed:
    """A file as the manifest has it."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Asked:
    """Which events were asked for; all of them when nothing is said."""

    first: int | None = None
    """Position in the store."""
    last: int | None = None
    stream: str | None = None

    @property
    def everything(self) -> bool:
        return self.first is None and self.last is None and self.stream is None

    def __post_init__(self) -> None:
        """All of a stream, as leaves name it: of a part of one, nobody can tell what lacks."""
        if self.stream is not None and (self.first is not None or self.last is not None):
            raise AskedTwiceError


@dataclass(frozen=True)
class Manifest:
    """What a pack says of itself; a verifier believes none of it."""

    origin: str
    size: int
    """Leaves in the log of the pack."""
    made_at: str
    events: int
    first_index: int | None
    """Leaf of the first event in the pack; None when it has no events."""
    last_index: int | None
    asked: Asked = Asked()
    files: dict[str, Listed] = field(default_factory=dict[str, Listed])

    def encoded(self) -> bytes:
        """Indented, to be read; with the digest of all the rest, so that a slip of a disk shows."""
        told: dict[str, Any] = {"format": FORMAT, "version": VERSION, **asdict(self)}
        told["sha256"] = hashlib.sha256(_written(told)).hexdigest()
        return _written(told)


def manifest_of(data: bytes) -> Manifest:
    """PackMalformedError when one byte is not as it was written."""
    try:
        told = cast(dict[str, Any], json.loads(data))
        found = Manifest(
            origin=_text(told["origin"]),
            size=_number(told["size"]),
            made_at=_text(told["made_at"]),
            events=_number(told["events"]),
            first_index=_perhaps(told["first_index"]),
            last_index=_perhaps(told["last_index"]),
            asked=_asked(told["asked"]),
            files={name: _listed(name, row) for name, row in told["files"].items()},
        )
        known = told["format"] == FORMAT and told["version"] == VERSION
        whole = known and found.encoded() == data
    except (AskedTwiceError, *_UNLIKE_OURS) as error:
        raise PackMalformedError(cause=type(error).__name__) from error
    if not known:
        raise PackMalformedError(cause=f"it is not {FORMAT} version {VERSION}")
    if not whole:
        raise PackMalformedError(cause="its bytes are others than its own digest says")
    return found


def manifest_in(folder: Path) -> Manifest:
    """PackUnknownError, PackMalformedError."""
    file = folder / MANIFEST
    if file.is_symlink() or not file.is_file():
        if file.is_symlink() or any((folder / part).is_dir() for part in _PACK_PARTS):
            raise PackMalformedError(cause="it is missing")
        packs = ", ".join(sorted(str(found.parent) for found in folder.glob(f"*/{MANIFEST}")))
        cause = f"a pack stands in {packs}" if packs else "it has no manifest.json"
        raise PackUnknownError(folder=folder, cause=cause)
    if file.stat().st_size > _MOST_MANIFEST:
        raise PackMalformedError(cause="it is too large")
    return manifest_of(file.read_bytes())


class PackWriter:
    """Writes a pack into an empty folder; the manifest comes last, so a part never passes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, Listed] = {}

    @contextmanager
    def file(self, name: str) -> Generator[Sink]:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as output:
            hashing = _Hashing(output)
            yield hashing
            output.flush()
            os.fsync(output.fileno())  # a disk that is full may say so only here
        self.files[name] = hashing.listed()

    def add(self, name: str, data: bytes) -> None:
        with self.file(name) as output:
            output.write(data)

    def finish(self, manifest: Manifest) -> None:
        with (self._folder / MANIFEST).open("xb") as output:
            output.write(manifest.encoded())
            output.flush()
            os.fsync(output.fileno())


class _Hashing:
    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._digest = hashlib.sha256()
        self._bytes = 0

    def write(self, data: bytes) -> object:
        self._digest.update(data)
        self._bytes += len(data)
        return self._output.write(data)

    def listed(self) -> Listed:
        return Listed(self._bytes, self._digest.hexdigest())


def events_path(index: int) -> str:
    """The file in which the event of this leaf stands."""
    return f"events/{index // EVENTS_PER_FILE + 1:09}.jsonl"


def checkpoint_path(size: int) -> str:
    return f"checkpoints/{size}.note"


def checkpoint_size(name: str) -> int | None:
    """Of the file that `checkpoint_path` names so; None for any other."""
    return _size_in(name, checkpoint_path)


def stamp_path(size: int) -> str:
    return f"stamps/{size}.tsr"


def stamp_size(name: str) -> int | None:
    """Of the file that `stamp_path` names so; None for any other."""
    return _size_in(name, stamp_path)


def _size_in(name: str, path_of: Callable[[int], str]) -> int | None:
    size = size_of(name.partition("/")[2].partition(".")[0])
    return size if size is not None and path_of(size) == name else None


def schema_path(sha256: str) -> str:
    return f"schemas/{sha256}.json"


def event_line(index: int | None, position: int, topic: str, state: bytes) -> bytes:
    """The stored bytes verbatim in a line of JSON; no index for what the log does not have.

    Bytes that do not fit on a line are no event of ours any more, and stand there in hex.
    """
    place = b"" if index is None else b'"index":%d,' % index
    head = b'{%b"position":%d,"topic":%b,' % (place, position, json.dumps(topic).encode())
    if b"\n" in state:
        return head + b'"hex":"%b"}\n' % state.hex().encode()
    return head + b'"event":' + state + b"}\n"


def line_parts(line: bytes) -> tuple[int, int, str, bytes] | None:
    """Index, position, topic and the stored bytes; None when it is no such line."""
    found = _LINE.match(line)
    if found is None or line[-2:] != b"}\n":
        return None
    index, position, topic, form = found.groups()
    state, short = line[found.end() : -2], len(topic) <= _MOST_TOPIC
    try:
        if form == b"hex":
            state = bytes.fromhex(state.strip(b'"').decode())
        return (int(index), int(position), _topic(topic), state) if short else None
    except ValueError:
        return None


@lru_cache(1_000)
def _topic(written: bytes) -> str:
    topic: str = json.loads(b'"%b"' % written)
    return topic


def _written(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise TypeError("no number")
    return value


def _perhaps(value: object) -> int | None:
    return None if value is None else _number(value)


def _asked(row: dict[str, Any]) -> Asked:
    stream = row["stream"]
    return Asked(
        _perhaps(row["first"]),
        _perhaps(row["last"]),
        None if stream is None else _text(stream),
    )


def _listed(name: str, row: dict[str, Any]) -> Listed:
    if not _NAME.fullmatch(name) or not _DIGEST.fullmatch(_text(row["sha256"])):
        raise ValueError("no file")
    return Listed(_number(row["bytes"]), row["sha256"])
