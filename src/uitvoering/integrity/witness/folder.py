"""Where a witness lives: `keys`, `witness.db` and `evidence` in one folder, made once."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from uitvoering.errors import InvalidError, NotFoundError, RefusedError
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.errors import KeyExistsError, KeysMissingError, KeysUnwritableError
from uitvoering.integrity.keys.key_files import Use
from uitvoering.integrity.notes.checkpoint import is_origin
from uitvoering.integrity.witness.store import WitnessStore
from uitvoering.integrity.witness.witness import Witness

_KEYS, _RECORD, _EVIDENCE = "keys", "witness.db", "evidence"


class WitnessNameError(InvalidError):
    code = "witness-name"
    message = (
        "{name} cannot be the name of a witness; give an address without https:// and without a "
        "trailing slash, such as witness.example.nl"
    )


class WitnessMissingError(NotFoundError):
    code = "witness-missing"
    message = (
        "there is no witness in {directory}; make one with `uitvoering-witness create`, or set "
        "UITVOERING_WITNESS to its folder"
    )


class WitnessExistsError(RefusedError):
    code = "witness-exists"
    message = (
        "witness {name} stands in {directory}; set UITVOERING_WITNESS to another folder for a new "
        "one"
    )


def create_witness(directory: Path, name: str, clock: Callable[[], int]) -> Witness:
    """The record first: with keys and without it, what was cosigned would be forgotten."""
    if not is_origin(name):
        raise WitnessNameError(name=name)
    keys = directory / _KEYS
    held = _names(keys)
    if held - {name}:
        raise WitnessExistsError(name=held, directory=directory)
    if not held:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            WitnessStore.create(directory / _RECORD)
        except (OSError, sqlite3.DatabaseError) as error:
            raise KeysUnwritableError(path=directory, cause=error) from error
    try:
        key_files.create(keys, name, [Use.WITNESS], datetime.fromtimestamp(clock(), UTC))
    except KeyExistsError as error:
        raise WitnessExistsError(name=name, directory=directory) from error
    return open_witness(directory, clock)


def open_witness(directory: Path, clock: Callable[[], int]) -> Witness:
    """WitnessMissingError; WitnessRecordLostError; and those of keys that others can come at."""
    names = _names(directory / _KEYS)
    if not names:
        raise WitnessMissingError(directory=directory)
    keys = key_files.witness_keys(directory / _KEYS, min(names))
    return Witness(WitnessStore(directory / _RECORD), directory / _EVIDENCE, keys, clock)


def evidence_folder(directory: Path) -> Path:
    return directory / _EVIDENCE


def _names(keys: Path) -> set[str]:
    try:
        return {row.key.name for row in key_files.listed(keys) if row.use is Use.WITNESS}
    except KeysMissingError:
        return set()
