"""What other processes do with a backup: stop at a chosen moment, or run into a full disk."""

import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from uitvoering.errors import UitvoeringError
from uitvoering.persistence import backup_content
from uitvoering.persistence.backup import backup, restore
from uitvoering.persistence.backup_content import Progress

MADE_AT = datetime(2026, 3, 5, 22, tzinfo=UTC)


def small_pages() -> None:
    """So that a short history takes many steps."""
    backup_content.PAGE = 10


def back_up_until(url: str, file: str, moment: int, reached: str) -> None:
    small_pages()
    backup(url, Path(file), MADE_AT, _stop_at(moment, reached))


def restore_until(url: str, file: str, moment: int, reached: str) -> None:
    small_pages()
    restore(url, Path(file), _stop_at(moment, reached))


def _stop_at(moment: int, reached: str) -> Progress:
    """Says that it came to this step, and then waits to be killed."""
    steps = 0

    def step(_done: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == moment:
            Path(reached).touch()
            time.sleep(60)

    return step


def back_up_on_a_full_disk(url: str, file: str, said: str) -> None:
    _with_little_room()
    try:
        backup(url, Path(file), MADE_AT)
    except UitvoeringError as refused:
        Path(said).write_text(str(refused))


def restore_on_a_full_disk(url: str, file: str, said: str) -> None:
    _with_little_room()
    try:
        restore(url, Path(file))
    except UitvoeringError as refused:
        Path(said).write_text(str(refused))


def _with_little_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (160 * 1024, 160 * 1024))
