"""What who verifies brings: checkpoints of others and a folder for his own. Used, or refused."""

import os
from pathlib import Path

from uitvoering.errors import InvalidError
from uitvoering.integrity.notes.note import NoteMalformedError, SignatureWrongError, as_sent
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.notes.proof_file import FORMAT
from uitvoering.integrity.verify.checkpoints import own_word

_SIGNATURE = "— ".encode()


class CheckpointUnusableError(InvalidError):
    code = "checkpoint-unusable"
    message = (
        "{file} is no checkpoint to compare a pack with: {cause}; nothing was verified, give"
        " another file or leave it out"
    )


class KeptNoFolderError(InvalidError):
    code = "kept-no-folder"
    message = (
        "no checkpoint can be kept in {folder}: {file} is no folder; nothing was verified, name"
        " another folder"
    )


def brought(file: str, data: bytes, policy: Policy) -> bytes:
    """The note of a checkpoint or of a proof, as its log signed it. CheckpointUnusableError.

    What was asked and cannot be compared must not seem to hold.
    """
    note = as_sent(data).strip() + b"\n"
    if note.startswith(FORMAT.encode() + b"\n"):
        note = note.partition(b"\n\n")[2]
    cause = _unsigned(note, policy)
    if cause is not None:
        raise CheckpointUnusableError(file=file, cause=cause)
    return note


def _unsigned(note: bytes, policy: Policy) -> str | None:
    """Why it is the word of no log that the policy names, if it is not."""
    if _SIGNATURE not in note:
        return "it holds no checkpoint: no line begins with —, as a signature does"
    try:
        judged = policy.judge(note)
    except NoteMalformedError as error:
        return error.values["cause"]
    except SignatureWrongError as error:
        name = error.values["name"]
        own = own_word(policy, note)
        return f"the signature of {name} does not belong to this text" if own is None else None
    origin = judged.checkpoint.origin
    if not judged.log_keys:
        return f"no key that your policy names for {origin} has signed it"
    return None


def refuse_unkeepable(folder: Path) -> None:
    """Where a file stands in the way no folder can be made. KeptNoFolderError."""
    found = next((place for place in (folder, *folder.parents) if os.path.lexists(place)), None)
    if found is not None and not found.is_dir():
        raise KeptNoFolderError(folder=folder, file=found)
