"""`export`, `verify`: hand over what an auditor needs, and check it without whoever handed it over."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer
from platformdirs import user_data_path

from uitvoering.application.evidence_pack import Evidence, Exported
from uitvoering.application.evidence_pack import export as exported
from uitvoering.application.evidence_replay import replayed
from uitvoering.cli.console import (
    Json,
    application,
    note,
    print_json,
    progress,
    refusals,
    say,
    settings,
    tell,
)
from uitvoering.errors import FileUnknownError
from uitvoering.integrity.key_files import RETIRED, ROTATIONS, notes_in
from uitvoering.integrity.ledger import Ledger
from uitvoering.integrity.ledger_errors import LedgerUnplacedError
from uitvoering.integrity.pack import Asked, Manifest
from uitvoering.integrity.pack_program import verifier
from uitvoering.integrity.private_files import private_folder
from uitvoering.integrity.verify import Asking, Progress
from uitvoering.integrity.verify import verify as verified
from uitvoering.integrity.verify_findings import Finding, unchecked
from uitvoering.persistence.backup_errors import FileUnreadableError
from uitvoering.settings import Settings, keys_directory, ledger_directory
from uitvoering.wiring import utc_now
