"""What a witness keeps of a refusal, as files for an auditor: both checkpoints and the proof."""

import json
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from uitvoering.integrity.witness.request import request_of
from uitvoering.integrity.witness.store import Refused


def folder_of(evidence: Path, number: int) -> Path:
    return evidence / f"{number:06d}"


def keep_evidence(evidence: Path, refused: Refused, held: bytes) -> None:
    """One folder per refusal, whole or not there; nothing is written over.

    `held` is the checkpoint it stands against, with the signatures of the log and ours; empty
    when none was cosigned. OSError.
    """
    folder = folder_of(evidence, refused.id)
    if folder.exists():
        return
    files = {
        "offered": refused.request.partition(b"\n\n")[2],
        "held": held,
        "request": refused.request,
        "refusal.json": _told(refused),
    }
    evidence.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".", dir=evidence))
    try:
        for name, content in files.items():
            with (making / name).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        making.rename(folder)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        if not folder.exists():  # or else another request was first, with the same bytes
            raise


def _told(refused: Refused) -> bytes:
    told = {
        "answered": refused.status,
        "at": datetime.fromtimestamp(refused.at, UTC).isoformat().replace("+00:00", "Z"),
        "held": {"root": refused.held.root.hex(), "size": refused.held.size},
        "offered": {"root": refused.root.hex(), "size": refused.size},
        "old": request_of(refused.request).old,
        "origin": refused.origin,
        "reason": refused.reason,
    }
    return (json.dumps(told, indent=2) + "\n").encode()
