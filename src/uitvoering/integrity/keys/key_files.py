"""The signing keys of a log as files of their owner: made, listed, replaced and ended."""

import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from uitvoering.integrity.keys.errors import KeyExistsError, KeyForAnotherError, KeysMissingError
from uitvoering.integrity.keys.private_files import (
    PrivateFolder,
    made_private_folder,
    private_folder,
    private_folder_in_use,
)
from uitvoering.integrity.notes.checkpoint import OriginMalformedError, is_origin
from uitvoering.integrity.notes.key_notes import retirement_of
from uitvoering.integrity.notes.keys import Kind, PrivateKey, PublicKey, new_key, private_key
from uitvoering.integrity.notes.note import KeyMalformedError, is_name
from uitvoering.integrity.notes.promise import PROMISE_SUFFIX

LAST_SIGNED = "last-signed"
LINES_MIXED_WITH = "lines.secret"
_SECRET_BYTES = 32
RETIRED, ROTATIONS = "retired", "rotations"


class Use(StrEnum):
    """What a key signs beside notes on the keys themselves: never two kinds of text."""

    CHECKPOINT = "checkpoint"
    PROMISE = "promise"
    WITNESS = "witness"


_KINDS = {
    Use.CHECKPOINT: {Kind.ED25519: "checkpoint-ed25519", Kind.MLDSA44: "checkpoint-mldsa44"},
    Use.PROMISE: {Kind.ED25519: "promise"},
    Use.WITNESS: {Kind.COSIGNATURE: "witness-ed25519", Kind.MLDSA44: "witness-mldsa44"},
}
_STEMS = "|".join(stem for stems in _KINDS.values() for stem in stems.values())
_FILE = re.compile(rf"({_STEMS})(?:-([1-9][0-9]{{0,5}}))?\.key")
_IN_USE = re.compile(rf"{_FILE.pattern}|{LAST_SIGNED}")
_PART = re.compile(r"\.(.+)\.part")
_PRIVATE, _PUBLIC = ".key", ".pub"
_MADE = "made "
"""The second line of a file: a copy has another date than the key."""


@dataclass(frozen=True)
class HeldKey:
    """A key in use and the file it stands in."""

    file: str
    use: Use
    generation: int
    """1 for the first; a key that takes over has the next number."""
    made_at: str
    key: PrivateKey


@dataclass(frozen=True)
class ListedKey:
    """What may be known of a key by everyone."""

    use: Use
    key: PublicKey
    made_at: str
    retired_at: str | None = None
    last_size: int | None = None
    """Of a key that was retired: it signs no larger tree."""


class KeyFiles:
    """The folder as the sequencer uses it, read each time, so that a new key signs at once."""

    def __init__(self, directory: Path, origin: str) -> None:
        self._directory = directory
        self._origin = origin

    def checkpoint_keys(self) -> Sequence[PrivateKey]:
        return signing_keys(self._directory, self._origin)

    def known_keys(self) -> Sequence[PublicKey]:
        """All that ever signed a checkpoint of this log and are known here: ended ones too."""
        rows = [row for row in listed(self._directory) if row.use is Use.CHECKPOINT]
        return [row.key for row in rows if row.key.name == self._origin]

    def last_signed(self) -> bytes | None:
        return last_signed(self._directory)

    def keep_last_signed(self, note: bytes) -> None:
        keep_last_signed(self._directory, note)


def signing_keys(directory: Path, origin: str) -> list[PrivateKey]:
    """What a checkpoint of this log is signed with now: one key of each kind at least.

    KeysAwayError, KeysMissingError, KeyForAnotherError; a RefusedError when others could come at
    them.
    """
    with private_folder_in_use(directory, _IN_USE) as folder:
        return _all_kinds(folder, Use.CHECKPOINT, origin)


def witness_keys(directory: Path, name: str) -> list[PrivateKey]:
    """What this witness cosigns with. The errors of `signing_keys`, but never KeysAwayError."""
    with private_folder(directory) as folder:
        return _all_kinds(folder, Use.WITNESS, name)


def promise_key(directory: Path, origin: str) -> PrivateKey | None:
    """The newest; None when there is none for this log, and then nothing is promised."""
    try:
        with private_folder(directory) as folder:
            held = held_keys(folder, Use.PROMISE)
    except KeysMissingError:
        return None
    own = [row.key for row in held if row.key.name == origin + PROMISE_SUFFIX]
    return own[-1] if own else None


def line_secret(directory: Path, *, begins: bool) -> str:
    """64 digits that never change, made when they are first asked for by who `begins` with them.

    Empty without the folder, and as long as nobody began.
    """
    try:
        with private_folder(directory) as folder:
            if LINES_MIXED_WITH in folder.names():
                return folder.read(LINES_MIXED_WITH).decode()
        if not begins:
            return ""
        with made_private_folder(directory) as folder:
            if LINES_MIXED_WITH not in folder.names():
                folder.write(LINES_MIXED_WITH, secrets.token_hex(_SECRET_BYTES).encode())
            return folder.read(LINES_MIXED_WITH).decode()
    except KeysMissingError:
        return ""


def last_signed(directory: Path) -> bytes | None:
    """The newest checkpoint these keys have signed; None before the first. KeysAwayError."""
    with private_folder_in_use(directory, _IN_USE) as folder, suppress(KeysMissingError):
        return folder.read(LAST_SIGNED)
    return None


def keep_last_signed(directory: Path, note: bytes) -> None:
    """On disk when it returns. KeysAwayError."""
    with private_folder_in_use(directory, _IN_USE) as folder:
        folder.write(LAST_SIGNED, note, replace=True)


def create(directory: Path, name: str, uses: Sequence[Use], now: datetime) -> list[ListedKey]:
    """The first keys of a log (`name` is its origin) or a witness; nothing is ever replaced.

    OriginMalformedError, KeyExistsError before anything was made. Called again after a crash, it
    makes the keys that are not there yet.
    """
    longest = name if Use.WITNESS in uses else name + PROMISE_SUFFIX  # that key may be made later
    if not is_origin(name) or not is_name(longest):
        raise OriginMalformedError(origin=name)
    named = {use: name + PROMISE_SUFFIX if use is Use.PROMISE else name for use in uses}
    new = {use: new_keys(use, of) for use, of in named.items()}
    made: list[ListedKey] = []
    with made_private_folder(directory) as folder:
        forget_unused(folder)
        for use, of in named.items():
            held = {row.key.kind: row for row in held_keys(folder, use) if row.key.name == of}
            if held.keys() >= _KINDS[use].keys():
                raise KeyExistsError(file=directory / next(iter(held.values())).file)
            new[use] = [key for key in new[use] if key.kind not in held]
        for use, keys in new.items():
            made += write_keys(folder, use, keys, now)
    return made


def listed(directory: Path) -> list[ListedKey]:
    """Keys in use and then those that were retired: no private half is in it."""
    with private_folder(directory) as folder:
        rows = [
            ListedKey(row.use, row.key.public, row.made_at)
            for use in Use
            for row in held_keys(folder, use)
        ]
        for note in notes_in(folder, RETIRED).values():
            ended = retirement_of(note)
            use = _use_of(ended.key)
            rows.append(ListedKey(use, ended.key, ended.made_at, ended.retired_at, ended.last_size))
    return rows


def evidence(directory: Path) -> dict[str, bytes]:
    """The notes by which anyone can follow the keys, by their path; none of it is secret."""
    with private_folder(directory) as folder:
        return {
            f"{within}/{name}": note
            for within in (ROTATIONS, RETIRED)
            for name, note in notes_in(folder, within).items()
        }


def held_keys(folder: PrivateFolder, use: Use) -> list[HeldKey]:
    """Those in use, the oldest first. KeyMalformedError, which never shows a key."""
    ended = {name.removesuffix(".note") for name in notes_in(folder, RETIRED)}
    return [row for row in _stored(folder, use) if row.key.public.id.hex() not in ended]


def forget_unused(folder: PrivateFolder) -> None:
    """Delete private halves that a process that was killed left behind; for one who is alone."""
    for name in folder.names():
        if (part := _PART.fullmatch(name)) is not None and _FILE.fullmatch(part[1]):
            folder.remove(name)
    ended = {name.removesuffix(".note") for name in notes_in(folder, RETIRED)}
    for row in [row for use in Use for row in _stored(folder, use)]:
        if row.key.public.id.hex() in ended:
            remove_key(folder, row)


def remove_key(folder: PrivateFolder, row: HeldKey) -> None:
    folder.remove(row.file)
    folder.remove(row.file.removesuffix(_PRIVATE) + _PUBLIC)


def write_keys(
    folder: PrivateFolder, use: Use, keys: Sequence[PrivateKey], now: datetime
) -> list[ListedKey]:
    """As the next generation of this use."""
    number = max((row.generation for row in _stored(folder, use)), default=0) + 1
    rows: list[ListedKey] = []
    for key in keys:
        stem = _KINDS[use][key.kind] + (f"-{number}" if number > 1 else "")
        text = f"{key.encoded()}\n{_MADE}{moment(now)}\n"
        folder.write(stem + _PRIVATE, text.encode())
        folder.write(stem + _PUBLIC, f"{key.public}\n".encode(), replace=True)
        rows.append(ListedKey(use, key.public, moment(now)))
    return rows


def new_keys(use: Use, name: str) -> list[PrivateKey]:
    """One of each kind that this use asks for."""
    return [new_key(name, kind) for kind in _KINDS[use]]


def notes_in(folder: PrivateFolder, name: str) -> dict[str, bytes]:
    with folder.folder(name) as found:
        if found is None:
            return {}
        return {file: found.read(file) for file in found.names() if file.endswith(".note")}


def kind_name(key: PublicKey) -> str:
    """The algorithm, as people know it."""
    return "ml-dsa-44" if key.kind is Kind.MLDSA44 else "ed25519"


def moment(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _stored(folder: PrivateFolder, use: Use) -> list[HeldKey]:
    rows: list[HeldKey] = []
    for file in folder.names():
        found = _FILE.fullmatch(file)
        if found is None or found[1] not in _KINDS[use].values():
            continue
        first, _, rest = folder.read(file).decode("ascii", "replace").partition("\n")
        key = private_key(first)
        # One key never signs two kinds of text, whatever a file was renamed to.
        if _KINDS[use].get(key.kind) != found[1] or (use is Use.PROMISE) != _promises(key.public):
            raise KeyMalformedError(key=folder.path / file, cause="its file is named for another")
        made_at = rest.removeprefix(_MADE).rstrip("\n")
        rows.append(HeldKey(file, use, int(found[2] or 1), made_at, key))
    return sorted(rows, key=lambda row: (row.generation, row.key.kind))


def _all_kinds(folder: PrivateFolder, use: Use, name: str) -> list[PrivateKey]:
    held = held_keys(folder, use)
    own = [row.key for row in held if row.key.name == name]
    for kind, stem in _KINDS[use].items():
        if all(key.kind is not kind for key in own):
            if held and not own:
                names = {row.key.name for row in held}
                raise KeyForAnotherError(directory=folder.path, names=names, wanted=name)
            raise KeysMissingError(file=folder.path / (stem + _PRIVATE))
    return own


def _use_of(key: PublicKey) -> Use:
    """Of a key that was retired; a witness key is not, for it has none beside it."""
    return Use.PROMISE if _promises(key) else Use.CHECKPOINT


def _promises(key: PublicKey) -> bool:
    return key.name.endswith(PROMISE_SUFFIX)
