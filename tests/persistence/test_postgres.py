"""What the server itself refuses, what a serving role may do, and who hears of a commit."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.faults.promises import until
from tests.persistence.facts import NOON, remembered, stream, stream_id
from tests.persistence.folding import CountingView
from uitvoering.domain.values import Level, Role
from uitvoering.persistence import postgres_listening
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import Store, migrate, open_store

CHANGES = (
    "UPDATE event SET topic = 'x'",
    "DELETE FROM event",
    "TRUNCATE event",
    "TRUNCATE event CASCADE",
)
POWERS = (
    *CHANGES,
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP TRIGGER event_stands_for_ever ON event",
    "ALTER TABLE event ADD COLUMN note text",
    "DROP TABLE event",
    "UPDATE event_order SET writers = 'serial'",
    "DELETE FROM event_order",
    "INSERT INTO schema_version VALUES (99, '')",
    "DELETE FROM token",
    "CREATE FUNCTION append_event() RETURNS void LANGUAGE sql AS ''",
    "CREATE OR REPLACE FUNCTION event_horizon() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "DROP FUNCTION event_stands_for_ever() CASCADE",
    "CREATE TABLE aside (a integer)",
    "SELECT setval('event_position_seq', 1)",
    "SET session_replication_role = replica",
)


@pytest.fixture
def migrated_url(postgres_url: str) -> str:
    migrate(postgres_url)
    return postgres_url


@pytest.fixture(params=list(Writers))
def serving_url(postgres_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The store as its serving role reaches it, in either mode."""
    role = f"serving_{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN".encode())
        migrate(postgres_url, writers=request.param, role=role)
        yield postgres_url.replace("postgres@", f"{role}@")
        owner.execute(f"DROP OWNED BY {role}".encode())
        owner.execute(f"DROP ROLE {role}".encode())


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("replica", [False, True])
def test_not_even_the_owner_changes_an_event(
    migrated_url: str, change: str, *, replica: bool
) -> None:
    with closing(open_store(migrated_url)) as store:
        store.append(stream(1, 2))
        with psycopg.connect(migrated_url) as owner:
            if replica:
                owner.execute("SET session_replication_role = replica")
            with pytest.raises(psycopg.errors.RestrictViolation, match="never changed or removed"):
                owner.execute(change.encode())
        assert len(store.facts(stream_id(1))) == 2


def test_a_serving_role_files_reads_folds_and_lets_in(serving_url: str) -> None:
    with closing(open_store(serving_url)) as store:
        store.append(stream(1, 2), idempotency=remembered())
        assert store.remembered("p-1", "k1") == remembered()
        tokens = store.tokens()
        bearer, token = tokens.create(
            organisation="uwv",
            level=Level.EXPERT,
            roles=[Role.LINE],
            pseudonym="p-1",
            created_at=NOON,
            expires_at=NOON + timedelta(days=1),
        )
        assert tokens.find(bearer, NOON) == token
        tokens.revoke(token.id, NOON)
        view = store.views([CountingView()])
        # Another transaction of this server may hold readers back for a while.
        until(lambda: view.catch_up() == 2)
        view.rebuild()


@pytest.mark.parametrize("power", POWERS)
def test_a_serving_role_has_no_other_power(serving_url: str, power: str) -> None:
    with (
        psycopg.connect(serving_url) as serving,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        serving.execute(power.encode())


def test_a_search_path_of_the_caller_leads_nowhere_else(migrated_url: str) -> None:
    with psycopg.connect(migrated_url, autocommit=True) as caller:
        caller.execute("CREATE TEMPORARY TABLE event (LIKE public.event INCLUDING DEFAULTS)")
        caller.execute("CREATE TEMPORARY TABLE event_order (LIKE public.event_order)")
        caller.execute(
            "SELECT append_event(ARRAY['s'], ARRAY[1::bigint], ARRAY['t'], ARRAY['{}'::bytea],"
            " ARRAY['e'])"
        )
        assert caller.execute("SELECT count(*) FROM public.event").fetchone() == (1,)
        assert caller.execute("SELECT count(*) FROM pg_temp.event").fetchone() == (0,)


@pytest.mark.parametrize("versions", [(2,), (1, 3), (2, 1), (1, 1)])
def test_versions_come_without_a_gap_and_in_order(
    migrated_url: str, versions: tuple[int, ...]
) -> None:
    statement = b"SELECT append_event(%s, %s, %s, %s, %s)"
    rows = (
        ["s"] * len(versions),
        list(versions),
        ["t"] * len(versions),
        [b"{}"] * len(versions),
        [str(n) for n, _ in enumerate(versions)],
    )
    with (
        psycopg.connect(migrated_url) as server,
        pytest.raises(psycopg.IntegrityError),
    ):
        server.execute(statement, rows)


def test_expired_answers_go_a_few_at_a_time_and_their_keys_come_free(migrated_url: str) -> None:
    with closing(open_store(migrated_url)) as store:
        for n in range(12):
            store.append([], idempotency=remembered(f"k{n}"))
        later = NOON + timedelta(hours=25)
        store.append([], idempotency=remembered("k11", outcome="new", at=later))
        found = store.remembered("p-1", "k11")
        assert found is not None
        assert found.outcome_json == "new"
        assert [n for n in range(11) if store.remembered("p-1", f"k{n}")] == [10]


@pytest.mark.parametrize("write", ["append", "fold"])
def test_a_commit_elsewhere_is_told_and_rings_the_bell(
    migrated_url: str, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By itself it looks at the beginning and never again: what it hears it was told.
    monkeypatch.setattr(postgres_listening, "_LONGEST_SECONDS", 3_600)
    listening, other = open_recorder(migrated_url), open_store(migrated_url)
    with closing(listening), closing(other):
        other.append(stream(1, 1))
        listening.listen()
        listening.listen()
        until(lambda: listening.bell.rung == 1)  # it listens, and has looked
        if write == "append":
            other.append(stream(2, 1))
        else:
            other.views([CountingView()]).catch_up()
        until(lambda: listening.bell.rung > 1)


def test_a_listener_whose_connection_was_ended_hears_again(migrated_url: str) -> None:
    listening, other = open_recorder(migrated_url), open_store(migrated_url)
    with closing(listening), closing(other):
        listening.listen()
        until(lambda: listening.bell.rung > 0)
        end_connections(migrated_url)
        until(lambda: listening.bell.rung > 1)  # for what it may have missed
        rung = listening.bell.rung
        other.append(stream(1, 1))
        until(lambda: listening.bell.rung > rung)


def test_connections_that_died_while_idle_are_never_noticed(migrated_url: str) -> None:
    store: Store = open_store(migrated_url)
    with closing(store):
        store.append(stream(1, 1))
        end_connections(migrated_url)
        assert len(store.facts(stream_id(1))) == 1
        end_connections(migrated_url)
        store.append(stream(1, 1, after=1))
        end_connections(migrated_url)
        assert store.views([CountingView()]).catch_up() == 2
        end_connections(migrated_url)
        assert [position for position, _ in store.stream()] == [1, 2]


def end_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
