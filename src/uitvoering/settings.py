"""The environment, read once into one frozen Settings; every setting says what it means."""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _default_store() -> str:
    return f"sqlite:///{user_data_path('uitvoering') / 'uitvoering.db'}"


def _default_witness() -> str:
    return str(user_data_path("uitvoering-witness"))


class Settings(BaseSettings):
    """Prefix `UITVOERING_`; `uitvoering settings` prints them."""

    model_config = SettingsConfigDict(env_prefix="UITVOERING_", frozen=True, extra="ignore")

    store: str = Field(
        default_factory=_default_store,
        description="where the events live: sqlite:///path/file.db or postgresql://user@host:port/db",
    )
    lang: Literal["nl", "en"] = Field(
        default="nl", description="language of tables, messages and help: nl or en"
    )
    organisation: str = Field(
        default="", description="organisation you act for on the command line, such as uwv"
    )
    level: str = Field(
        default="", description="level you act at on the command line, such as team-lead"
    )
    roles: str = Field(
        default="reporter,line",
        description="roles you act in on the command line, separated by commas",
    )
    pseudonym: str = Field(
        default="", description="pseudonym you act under on the command line; never a name"
    )
    public_url: str = Field(
        default="https://uitvoering.example.nl",
        description="address under which others reach this service, without /api/v1",
        pattern=r"^https://\S+$",
    )
    contact_name: str = Field(default="uitvoering", description="who answers questions on the API")
    contact_email: str = Field(
        default="uitvoering@example.nl", description="where questions on the API go"
    )
    contact_url: str = Field(
        default="https://uitvoering.example.nl/issues", description="issue tracker of the API"
    )
    cors_origins: str = Field(
        default="", description="origins that may call the API from a browser, by comma; none"
    )
    max_body_bytes: int = Field(
        default=1_048_576, ge=1_024, description="largest request body and import line, in bytes"
    )
    pool_size: int = Field(
        default=10, ge=2, le=100, description="database connections and request threads per process"
    )
    postgres_writers: Literal["", "serial", "parallel"] = Field(
        default="",
        description=(
            "how `migrate` lets many writers order events on PostgreSQL: serial or parallel;"
            " empty leaves it as it is, and a new store is serial"
        ),
    )
    postgres_role: str = Field(
        default="",
        description="role that `migrate` lets file and read on PostgreSQL, and nothing else",
    )
    tick_seconds: int = Field(
        default=60, ge=1, description="how often `serve` lets the clocks look for ended terms"
    )
    ledger: str = Field(
        default="",
        description=(
            "folder of the log that proves the history;"
            " empty: <store file>.ledger beside an SQLite store, none with PostgreSQL"
        ),
    )
    keys: str = Field(
        default="",
        description=(
            "folder of the signing keys;"
            " empty: <store file>.keys beside an SQLite store, none with PostgreSQL"
        ),
    )
    log_readers: Literal["public", "auditors"] = Field(
        default="public", description="who may read the log under /log/: public or auditors"
    )
    witness: str = Field(
        default_factory=_default_witness,
        description=(
            "folder of uitvoering-witness: its keys, its record and its evidence;"
            " only on a machine that is a witness"
        ),
    )


def sqlite_file(store: str) -> Path | None:
    """The file of an SQLite store, or None for PostgreSQL."""
    prefix = "sqlite:///"
    return Path(store.removeprefix(prefix)) if store.startswith(prefix) else None


def ledger_directory(settings: Settings) -> Path | None:
    """Where the log stands or would stand; None when nothing says so (PostgreSQL, no setting)."""
    return _beside(settings.store, settings.ledger, ".ledger")


def keys_directory(settings: Settings) -> Path | None:
    """Where the signing keys stand or would stand; None when nothing says so."""
    return _beside(settings.store, settings.keys, ".keys")


def report_file(settings: Settings) -> Path | None:
    """Where the monitor leaves its report: beside the store or the folder of the log, never in it.

    So that it outlives the log. None when nothing says where (PostgreSQL, no setting).
    """
    place = sqlite_file(settings.store) or ledger_directory(settings) or keys_directory(settings)
    if place is None:
        return None
    whole = place.absolute()  # of `.` too there is a folder around it
    return whole.with_name(f"{whole.name}.monitor.json")


def _beside(store: str, given: str, suffix: str) -> Path | None:
    if given:
        return Path(given)
    file = sqlite_file(store)
    return None if file is None else file.with_name(file.name + suffix)
