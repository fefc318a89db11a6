"""Settings to running objects; the only place that builds things."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from uitvoering.application.caller import Caller
from uitvoering.application.seeds import SEED, method_that_runs, seed_commands
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.domain.values import Level, Role
from uitvoering.errors import StaleVersionError
from uitvoering.persistence import migrations
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import open_store
from uitvoering.settings import Settings

REGISTRAR = Caller(
    organisation="uitvoering",
    level=Level.EXPERT,
    roles=frozenset({Role.REGISTRAR}),
    pseudonym=SEED,
)


def utc_now() -> datetime:
    """The only clock of the running product."""
    return datetime.now(UTC)


@contextmanager
def running(settings: Settings) -> Generator[Uitvoering]:
    """The application on its store; refuses a store that was not migrated."""
    store = open_store(settings.store, pool_size=settings.pool_size)
    try:
        yield Uitvoering(store=store, clock=utc_now)
    finally:
        store.close()


def migrate(settings: Settings) -> int:
    """Make or upgrade the database and record the register seed; return the schema version."""
    version = migrations.migrate(
        settings.store,
        writers=Writers(settings.postgres_writers) if settings.postgres_writers else None,
        role=settings.postgres_role,
    )
    with running(settings) as app:
        seed(app)
    return version


def seed(app: Uitvoering) -> int:
    """Record the registers; rows that stand there already record nothing.

    The method that runs is adopted by an empty store alone, and first: in any other store another
    method than the adopted one would become the rule by an upgrade that nobody decided on.
    """
    adopted = 0
    if app.store.last_recorded() == 0:
        today = app.clock().astimezone(AMSTERDAM).date()
        with suppress(StaleVersionError):  # another process began the store, with its own method
            outcome = app.handle(method_that_runs(today), REGISTRAR, expected_version=0)
            adopted = len(outcome.events)
    return adopted + sum(len(app.handle(command, REGISTRAR).events) for command in seed_commands())


def demo_token(app: Uitvoering, level: Level) -> str:
    """A token for the demonstration store: UWV's frontline, team lead and so on, for a day."""
    now = utc_now()
    secret, _ = app.store.tokens().create(
        organisation="uwv",
        level=level,
        roles=frozenset({Role.REPORTER, Role.LINE}),
        pseudonym=f"demo-{level.value}",
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return secret
