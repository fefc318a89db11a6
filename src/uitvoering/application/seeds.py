"""Which register rows does a fresh store start with, and on what ground?"""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from uitvoering.commands.registers import (
    AdoptHolidays,
    AdoptMethod,
    AdoptPolicy,
    AdoptTemplate,
    RegisterCommand,
    RegisterOrganisation,
    SetRoute,
)
from uitvoering.domain.acts import Source
from uitvoering.softening import method

SEED = "register-seed"
"""Who records the rows a fresh store starts with."""
_FILES: tuple[tuple[str, type[RegisterCommand]], ...] = (
    ("routes", SetRoute),  # before the bodies that name them
    ("organisations", RegisterOrganisation),
    ("templates", AdoptTemplate),
    ("policies", AdoptPolicy),
)


def seed_commands() -> Iterator[RegisterCommand]:
    """Yield each row as of the day it counts from; coming holidays are known from the act."""
    for name, command in _FILES:
        for row in _table(name)["rows"]:
            yield command.model_validate({**row, "happened_on": row["in_force_from"]})
    holidays = _table("holidays")
    for year, days in holidays["days"].items():
        yield AdoptHolidays(
            happened_on=holidays["happened_on"],
            year=int(year),
            days=tuple(days),
            source=Source.model_validate(holidays["source"]),
        )


def method_that_runs(on: date) -> AdoptMethod:
    """What a new store begins with; in any other it is adopted by those who decide on it."""
    return AdoptMethod(
        happened_on=on,
        method=method.METHOD_VERSION,
        digest=method.digest(),
        in_force_from=on,
        source=Source(title=f"uitvoering, {method.method()}"),
    )


def _table(name: str) -> dict[str, Any]:
    """Read one data file; TOML dates arrive as dates."""
    file = files("uitvoering.application").joinpath("data", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
