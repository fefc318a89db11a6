"""What another process does with a witness: answers one request, and dies at a chosen step."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.killing import Life, mortal
from uitvoering.integrity.notes.keys import PrivateKey
from uitvoering.integrity.witness.folder import open_witness


def answer_until_dead(directory: str, body: bytes, steps: int, said: str) -> None:
    """A step is a statement of SQLite, a signature, a file brought to disk or given its name."""
    life = mortal()
    here = pytest.MonkeyPatch()  # for as long as this process lives
    here.setattr(PrivateKey, "cosignature_line", _after(life, PrivateKey.cosignature_line))
    here.setattr(os, "fsync", _after(life, os.fsync))
    here.setattr(Path, "rename", _after(life, Path.rename))
    witness = open_witness(Path(directory), lambda: 1_795_262_400)
    life.spend(steps)
    answer = witness.add_checkpoint(body)
    life.step()
    Path(said).write_text(f"{answer.status.value} {answer.body}", encoding="utf-8")


def _after(life: Life, done: Callable[..., Any]) -> Callable[..., Any]:
    def stepped(*given: Any, **more: Any) -> Any:
        life.step()
        return done(*given, **more)

    return stepped
