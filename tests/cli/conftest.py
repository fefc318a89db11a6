"""One migrated store with the FSV case in it, read by many tests; and a fresh one for the rest."""

from pathlib import Path

import pytest

from tests.cli.command import Command


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Read it, never write to it."""
    command = Command(tmp_path_factory.mktemp("loaded"), {"UITVOERING_LANG": "en"})
    assert command("migrate").code == 0
    assert command("case", "load", "b-fsv").code == 0
    return command


@pytest.fixture(scope="session")
def signal(loaded: Command) -> str:
    found: str = loaded("case", "load", "b-fsv", "--json").json["signals"][0]
    return found


@pytest.fixture
def fresh(tmp_path: Path) -> Command:
    command = Command(
        tmp_path,
        {
            "UITVOERING_LANG": "en",
            "UITVOERING_ORGANISATION": "uwv",
            "UITVOERING_LEVEL": "team-lead",
        },
    )
    assert command("migrate").code == 0
    return command


@pytest.fixture
def empty(tmp_path: Path) -> Command:
    """No store at all yet."""
    return Command(tmp_path, {"UITVOERING_LANG": "en"})
