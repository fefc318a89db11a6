"""How keys are replaced and ended: the new beside the old, each vouching for the other."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from uitvoering.integrity.keys.errors import (
    KeyLastError,
    KeysMissingError,
    KeyUnknownError,
    KeyUnusedError,
)
from uitvoering.integrity.keys.key_files import (
    LAST_SIGNED,
    RETIRED,
    ROTATIONS,
    HeldKey,
    Use,
    forget_unused,
    held_keys,
    moment,
    new_keys,
    remove_key,
    write_keys,
)
from uitvoering.integrity.keys.private_files import PrivateFolder, private_folder
from uitvoering.integrity.notes.key_notes import Retirement, Rotation, signed
from uitvoering.integrity.notes.policy import Judgement, unwitnessed_policy


def rotate(directory: Path, use: Use, now: datetime) -> Rotation:
    """New keys beside the old: from now on checkpoints are signed by both, until `retire`.

    A promise is signed by the newest alone. KeysMissingError when there are none to replace.
    """
    with private_folder(directory) as folder:
        folder.alone()
        forget_unused(folder)
        held = held_keys(folder, use)
        if not held:
            raise KeysMissingError(file=directory / f"{use}.key")
        name = held[-1].key.name  # of a log that follows another in this folder, the newer one
        old = [row.key for row in held if row.key.name == name]
        new = new_keys(use, name)
        newest = _newest(folder, held[-1], held)
        rotation = Rotation(
            moment(now),
            newest.checkpoint.size if newest else None,
            tuple(key.public for key in old),
            tuple(key.public for key in new),
        )
        # A crash after this leaves a note about keys that never signed; the other way round it
        # would leave keys that nobody vouched for.
        with folder.made_folder(ROTATIONS) as rotations:
            number = sum(name.endswith(".note") for name in rotations.names()) + 1
            rotations.write(f"{number:04}.note", signed(rotation.text, [*old, *new]))
        write_keys(folder, use, new, now)
    return rotation


def retire(directory: Path, key_id: str, now: datetime) -> Retirement:
    """End a key: its last size is signed by those that go on, and its private half is deleted.

    Only while no sequencer runs: what it signs meanwhile would not be in the last size.
    KeyUnknownError; KeyLastError and KeyUnusedError when no other could take its place.
    """
    with private_folder(directory) as folder:
        folder.alone()
        forget_unused(folder)
        everything = [row for use in Use for row in held_keys(folder, use)]
        ended = next((row for row in everything if row.key.public.id.hex() == key_id), None)
        if ended is None:
            known = [row.key.public.id.hex() for row in everything]
            raise KeyUnknownError(id=key_id, known=known)
        held = [row for row in everything if row.use is ended.use]
        newest = _newest(folder, ended, held)
        _refuse_gap(ended, held, newest)
        size = newest.checkpoint.size if newest else None
        retirement = Retirement(ended.key.public, ended.made_at, moment(now), size)
        # From this note on the key is not used any more, whether or not its file is gone.
        with folder.made_folder(RETIRED) as retired:
            others = [row.key for row in held if row is not ended]
            retired.write(f"{key_id}.note", signed(retirement.text, others))
        remove_key(folder, ended)
    return retirement


def _newest(folder: PrivateFolder, row: HeldKey, held: Sequence[HeldKey]) -> Judgement | None:
    """The newest checkpoint of the log of this key, and which keys signed it."""
    if row.use is not Use.CHECKPOINT or LAST_SIGNED not in folder.names():
        return None
    policy = unwitnessed_policy(other.key.public for other in held)
    judgement = policy.judge(folder.read(LAST_SIGNED))
    return judgement if judgement.checkpoint.origin == row.key.name else None


def _refuse_gap(ended: HeldKey, held: Sequence[HeldKey], newest: Judgement | None) -> None:
    """Another of its kind must go on, and must have signed: only then do others know it."""
    key = ended.key
    if key.name != held[-1].key.name:
        return  # of a log that another has followed
    peers = [
        row.key
        for row in held
        if row is not ended and (row.key.name, row.key.kind) == (key.name, key.kind)
    ]
    if not peers:
        raise KeyLastError(id=key.public.id.hex(), kind=key.kind.name, name=key.name)
    if newest and not any(peer.public in newest.log_keys for peer in peers):
        raise KeyUnusedError(id=peers[-1].public.id.hex())
