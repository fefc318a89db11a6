"""Settings to running objects; the only place that builds things."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from uitvoering.application.caller import Caller
from uitvoering.application.monitor_report import Failure, keep_failure
from uitvoering.application.monitoring import Monitoring
from uitvoering.application.promises import Promises
from uitvoering.application.seeds import SEED, method_that_runs, seed_commands
from uitvoering.application.sequencing import Sequencing
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.domain.values import Level, Role
from uitvoering.errors import BusyError, StaleVersionError, TamperedError, UitvoeringError
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.errors import KeyExistsError
from uitvoering.integrity.keys.key_files import KeyFiles, Use
from uitvoering.integrity.log import founding
from uitvoering.integrity.log.errors import LedgerMissingError, LedgerUnplacedError
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.publishing import policy_in
from uitvoering.integrity.log.rows import SignedCheckpoint
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.policy_file import MOST_ASKED, policy_of
from uitvoering.integrity.witness.asking import clients_of
from uitvoering.persistence import migrations
from uitvoering.persistence.failures import failures_explained
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import open_store
from uitvoering.settings import Settings, keys_directory, ledger_directory, report_file

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
        ledger, unreadable = _log_in(settings)
        yield Uitvoering(
            store=store,
            clock=utc_now,
            promises=None if ledger is None else _promises(settings, ledger),
            log_unreadable=unreadable,
            line_secret=_line_secret(settings, begins=ledger is not None),
            monitored=report_file(settings),
        )
    finally:
        store.close()


def _log_in(settings: Settings) -> tuple[Ledger | None, UitvoeringError | None]:
    """The log, or why one that is there cannot be opened; neither where none was created."""
    directory = ledger_directory(settings)
    if directory is None:
        return None, None
    try:
        return Ledger.opened(directory), None
    except LedgerMissingError:
        return None, None
    except UitvoeringError as error:
        return None, error


def _promises(settings: Settings, ledger: Ledger) -> Promises:
    """Without the key for it, events are logged unpromised."""
    keys = keys_directory(settings)
    if keys is None:
        return Promises.of(ledger, None)
    try:
        return Promises.of(ledger, key_files.promise_key(keys, ledger.origin))
    except UitvoeringError as error:
        return replace(Promises.of(ledger, None), unusable=error)


def _line_secret(settings: Settings, *, begins: bool) -> str | UitvoeringError:
    """Made with the first log, and used ever after, whatever becomes of that log."""
    keys = keys_directory(settings)
    if keys is None:
        return ""
    try:
        return key_files.line_secret(keys, begins=begins)
    except UitvoeringError as error:
        return error


def places(settings: Settings) -> tuple[Path, Path]:
    """Where log and keys stand or would stand; LedgerUnplacedError when nothing says so."""
    ledger, keys = ledger_directory(settings), keys_directory(settings)
    if ledger is None or keys is None:
        raise LedgerUnplacedError
    return ledger, keys


def create_ledger(
    settings: Settings, origin: str, policy: bytes | None = None, after: Path | None = None
) -> SignedCheckpoint:
    """Begin a log, with keys of its own where there are none of this name yet."""
    directory, keys = places(settings)
    continues = None if after is None else founding.last_checkpoint(after)
    now = utc_now()
    ledger = Ledger(directory, origin, now.isoformat().replace("+00:00", "Z"), continues)
    founding.refuse_creation(ledger)
    if policy is not None:  # before there are keys
        clients_of(policy_of(policy, MOST_ASKED))
    for use in (Use.CHECKPOINT, Use.PROMISE):
        with suppress(KeyExistsError):
            key_files.create(keys, origin, [use], now)
    return founding.create(ledger, KeyFiles(keys, origin), lambda: int(now.timestamp()), policy)


@contextmanager
def sequencing(
    settings: Settings, tell: Callable[[UitvoeringError], None]
) -> Generator[Sequencing]:
    """The sequencer on its store and log: it holds no promise key and opens nothing."""
    directory, keys = places(settings)
    ledger = Ledger.opened(directory)
    store = open_store(settings.store, pool_size=settings.pool_size)
    try:
        app = Uitvoering(store=store, clock=utc_now)
        yield Sequencing(app, ledger, KeyFiles(keys, ledger.origin), tell)
    finally:
        store.close()


@contextmanager
def monitoring(settings: Settings, every: float | None = None) -> Generator[Monitoring]:
    """The monitor on store and log as they are now; a reader's rights on both, and to report.

    `every`: seconds until the next look, where there is to be one.
    """
    ledger, unreadable = _log_in(settings)
    kept_in = report_file(settings)
    try:
        with failures_explained():
            store = open_store(settings.store, pool_size=settings.pool_size)
    except UitvoeringError as error:  # a look that could not begin
        looked_before = kept_in is not None and kept_in.exists()
        # Of a store that was never made there is nobody to tell it to.
        if looked_before or isinstance(error, (BusyError, TamperedError)):
            keep_failure(kept_in, Failure.of(error, utc_now()))
        raise
    try:
        app = Uitvoering(store=store, clock=utc_now)
        keys = () if ledger is None else _log_keys(settings, ledger)
        yield Monitoring(
            app,
            ledger,
            keys,
            lambda: _last_signed(settings),
            unreadable=unreadable,
            kept_in=kept_in,
            every=every,
        )
    finally:
        store.close()


def _last_signed(settings: Settings) -> bytes | None:
    """What stands beside the keys; None where it is not there, or not for us to read."""
    directory = keys_directory(settings)
    if directory is not None:
        with suppress(UitvoeringError, OSError):  # the folder is its owner's alone
            return key_files.last_signed(directory)
    return None


def _log_keys(settings: Settings, ledger: Ledger) -> list[PublicKey]:
    """What the checkpoint may be signed with: by the policy file, and by the folder of the keys."""
    found: list[PublicKey] = []
    with suppress(UitvoeringError, OSError):  # one that cannot be read is told by the look at it
        policy = policy_in(ledger)
        found += [] if policy is None else [log.key for log in policy.logs]
    directory = keys_directory(settings)
    if directory is not None:
        with suppress(UitvoeringError, OSError):  # the folder is its owner's alone
            found += [row.key for row in key_files.listed(directory) if row.use is Use.CHECKPOINT]
    return [key for key in dict.fromkeys(found) if key.name == ledger.origin]


def checkpoint_keys_within_reach(settings: Settings) -> Path | None:
    """The folder where this process can read what signs the log; None when it cannot.

    They belong to the sequencer alone: who takes over a service that answers others should not be
    able to sign another history (docs/operations.md, Signing keys).
    """
    directory = keys_directory(settings)
    if directory is None:
        return None
    with suppress(UitvoeringError, OSError):
        rows = key_files.listed(directory)
        if any(row.use is Use.CHECKPOINT and row.retired_at is None for row in rows):
            return directory
    return None


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
