"""The signing keys of a log as files of their owner: made, listed, replaced and ended."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from uitvoering.integrity.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.key_errors import (
    KeyExistsError,
    KeyForAnotherError,
    KeyLastError,
    KeysMissingError,
    KeyUnknownError,
    KeyUnusedError,
)
from uitvoering.integrity.key_notes import Retirement, Rotation, retirement_of, signed
from uitvoering.integrity.keys import Kind, PrivateKey, PublicKey, new_key, private_key
from uitvoering.integrity.note import Note, parsed
from uitvoering.integrity.private_files import (
    PrivateFolder,
    made_private_folder,
    private_folder,
)
from uitvoering.integrity.promise import NAME as PROMISE

LAST_SIGNED = "last-signed"
RETIRED, ROTATIONS = "retired", "rotations"


class Use(StrEnum):
    """What a key signs; one key never signs two kinds of text."""

    CHECKPOINT = "checkpoint"
    PROMISE = "promise"
    WITNESS = "witness"


_KINDS = {
    Use.CHECKPOINT: {Kind.ED25519: "checkpoint-ed25519", Kind.MLDSA44: "checkpoint-mldsa44"},
    Use.PROMISE: {Kind.ED25519: "promise"},
    Use.WITNESS: {Kind.COSIGNATURE: "witness-ed25519", Kind.MLDSA44: "witness-mldsa44"},
}
_USES = {stem: use for use, stems in _KINDS.items() for stem in stems.values()}
_FILE = re.compile(r"([a-z]+(?:-[a-z0-9]+)?)(?:-n([1-9][0-9]{0,5}))?\.key")
_MADE = "made "


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
    """The folder as the sequencer uses it; read again each time, so that a new key signs at once."""

    def __init__(self, directory: Path, origin: str) -> None:
        self._directory = directory
        self._origin = origin

    def checkpoint_keys(self) -> Sequence[PrivateKey]:
        return signing_keys(self._directory, self._origin)

    def last_signed(self) -> bytes | None:
        return last_signed(self._directory)

    def keep_last_signed(self, note: bytes) -> None:
        keep_last_signed(self._directory, note)


def signing_keys(directory: Path, origin: str) -> list[PrivateKey]:
    """What a checkpoint of this log is signed with now: one key of each kind at least.

    KeysMissingError, KeyForAnotherError; a RefusedError when others could come at them.
    """
    return _all_kinds(directory, Use.CHECKPOINT, origin)


def witness_keys(directory: Path, name: str) -> list[PrivateKey]:
    """What this witness cosigns with. The errors of `signing_keys`."""
    return _all_kinds(directory, Use.WITNESS, name)


def promise_key(directory: Path, origin: str) -> PrivateKey | None:
    """The newest; None when there is none for this log, and then nothing is promised."""
    try:
        with private_folder(directory) as folder:
            held = _held(folder, Use.PROMISE)
    except KeysMissingError:
        return None
    own = [row.key for row in held if row.key.name == origin + PROMISE]
    return own[-1] if own else None


def last_signed(directory: Path) -> bytes | None:
    """The newest checkpoint these keys have signed; None before the first."""
    with private_folder(directory) as folder, suppress(KeysMissingError):
        return folder.read(LAST_SIGNED)
    return None


def keep_last_signed(directory: Path, note: bytes) -> None:
    """On disk when it returns."""
    with private_folder(directory) as folder:
        folder.write(LAST_SIGNED, note, replace=True)


def create(directory: Path, name: str, uses: Sequence[Use], now: datetime) -> list[ListedKey]:
    """The first keys of a log (`name` is its origin) or a witness; nothing is ever replaced.

    KeyExistsError before anything was made; KeyMalformedError for what cannot be a name.
    """
    named = {use: name + PROMISE if use is Use.PROMISE else name for use in uses}
    new = {use: [new_key(of, kind) for kind in _KINDS[use]] for use, of in named.items()}
    with made_private_folder(directory) as folder:
        for use, of in named.items():
            for row in _held(folder, use):
                if row.key.name == of:
                    raise KeyExistsError(file=directory / row.file)
        return [row for use, keys in new.items() for row in _kept(folder, use, keys, now)]


def listed(directory: Path) -> list[ListedKey]:
    """Keys in use and then those that were retired: no private half is in it."""
    with private_folder(directory) as folder:
        rows = [
            ListedKey(row.use, row.key.public, row.made_at)
            for use in Use
            for row in _held(folder, use)
        ]
        for note in _notes(folder, RETIRED).values():
            ended = retirement_of(note)
            use = _use_of(ended.key)
            rows.append(
                ListedKey(use, ended.key, ended.made_at, ended.retired_at, ended.last_size)
            )
    return rows


def evidence(directory: Path) -> dict[str, bytes]:
    """The notes by which anyone can follow the keys, by their path; none of it is secret."""
    with private_folder(directory) as folder:
        return {
            f"{within}/{name}": note
            for within in (ROTATIONS, RETIRED)
            for name, note in _notes(folder, within).items()
        }


def rotate(directory: Path, use: Use, now: datetime) -> Rotation:
    """New keys beside the old: from now on checkpoints are signed by both, until `retire`.

    A promise is signed by the newest alone. KeysMissingError when there are none to replace.
    """
    with private_folder(directory) as folder:
        folder.alone()
        held = _of_newest_name(_held(folder, use))
        if not held:
            raise KeysMissingError(file=directory / f"{use}.key")
        name = held[-1].key.name
        new = [new_key(name, kind) for kind in _KINDS[use]]
        last = _last_checkpoint(folder)
        rotation = Rotation(
            _moment(now),
            last.size if use is Use.CHECKPOINT and last and last.origin == name else None,
            tuple(row.key.public for row in held),
            tuple(key.public for key in new),
        )
        signers = [*(row.key for row in held), *new]
        # A crash after this leaves a note about keys that never signed; the other way round it
        # would leave keys that nobody vouched for.
        with folder.made_folder(ROTATIONS) as rotations:
            number = len(rotations.names()) + 1
            rotations.write(f"{number:04}.note", signed(rotation.text, signers))
        _kept(folder, use, new, now)
    return rotation


def retire(directory: Path, key_id: str, now: datetime) -> Retirement:
    """End a key: its last size is signed by those that go on, and its private half is deleted.

    Only while no sequencer runs: what is signed meanwhile would not be in the last size.
    KeyUnknownError; KeyLastError and KeyUnusedError when nothing could take its place.
    """
    with private_folder(directory) as folder:
        folder.alone()
        held = [row for use in Use for row in _held(folder, use)]
        ended = next((row for row in held if row.key.public.id.hex() == key_id), None)
        if ended is None:
            raise KeyUnknownError(id=key_id, known=[row.key.public.id.hex() for row in held])
        others = [row.key for row in held if row.use is ended.use and row is not ended]
        last = _last_note(folder)
        _refuse_last(ended, others, [row for row in held if row.use is ended.use], last)
        checkpoint = checkpoint_of(last.text) if last else None
        own = ended.use is Use.CHECKPOINT and checkpoint and checkpoint.origin == ended.key.name
        retirement = Retirement(
            ended.key.public,
            ended.made_at,
            _moment(now),
            checkpoint.size if own and checkpoint else None,
        )
        # From this note on the key is not used any more, whether or not its file is gone.
        with folder.made_folder(RETIRED) as retired:
            retired.write(f"{key_id}.note", signed(retirement.text, others))
        folder.remove(ended.file)
        folder.remove(ended.file.removesuffix(".key") + ".pub")
    return retirement
