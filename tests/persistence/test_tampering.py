"""History that was touched is refused by the database, or found when it is read."""

import sqlite3
from contextlib import closing

import orjson
import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from tests.persistence.facts import stream, stream_id
from uitvoering.errors import IdsDifferError, StateUnreadableError, TopicUnknownError
from uitvoering.persistence.serialisation import FactMapper, StoredFact
from uitvoering.persistence.store import Store, migrate, open_store

TOUCHES = [
    "UPDATE event SET topic = 'signal-closed'",
    "UPDATE event SET state = state WHERE position = 1",
    "DELETE FROM event WHERE position = 2",
    "DELETE FROM event",
]
REPLACES = [
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE position = 1",
    (
        "REPLACE INTO event (originator_id, originator_version, topic, state) "
        "SELECT originator_id, originator_version, 'signal-closed', state FROM event"
    ),
]


def touch(url: str, statement: str) -> None:
    """From outside the product, with the rights of its owner."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute(statement)
    else:
        with psycopg.connect(url) as server:
            server.execute(statement.encode())


@pytest.mark.parametrize("statement", TOUCHES)
def test_an_event_is_never_changed_or_removed(store: Store, store_url: str, statement: str) -> None:
    store.append(stream(1, 2))
    before = store.facts(stream_id(1))
    refused = (sqlite3.IntegrityError, psycopg.IntegrityError)
    with pytest.raises(refused, match=r"never (changed|removed)"):
        touch(store_url, statement)
    assert store.facts(stream_id(1)) == before


@pytest.mark.parametrize("statement", REPLACES)
def test_sqlite_replaces_no_event(sqlite_url: str, statement: str) -> None:
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        store.append(stream(1, 2))
        with pytest.raises(sqlite3.IntegrityError, match="there already"):
            touch(sqlite_url, statement)


@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("REPLACE INTO event SELECT 2, 's', 1, topic, state, 'e' FROM event LIMIT 1", "already"),
        ("REPLACE INTO event SELECT NULL, 's', 1, topic, state, event_id FROM event", "already"),
        ("INSERT INTO event VALUES (9, 's', 1, 'topic', '', 'e')", "gives out positions"),
        ("INSERT INTO event VALUES (-1, 's', 1, 'topic', '', 'e')", "CHECK constraint failed"),
        ("INSERT OR IGNORE INTO event VALUES (NULL, 's', 2, 'topic', '', 'e')", "is missing"),
    ],
)
def test_sqlite_takes_nothing_but_the_next_event_at_the_next_position(
    sqlite_url: str, statement: str, because: str
) -> None:
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        events = stream(1, 2)
        store.append(events)
        with pytest.raises(sqlite3.IntegrityError, match=because):
            touch(sqlite_url, statement)
        assert [event for _, event in store.stream()] == events


def test_postgres_truncates_no_event(postgres_url: str) -> None:
    migrate(postgres_url)
    with closing(open_store(postgres_url)) as store:
        store.append(stream(1, 2))
        with pytest.raises(psycopg.IntegrityError, match="never changed or removed"):
            touch(postgres_url, "TRUNCATE event")
        assert store.position() == 2


STORED = FactMapper().to_stored_event(stream(1, 1)[0])


def changed(**columns: object) -> StoredFact:
    given = {name: getattr(STORED, name) for name in StoredFact.__dataclass_fields__}
    return StoredFact(**(given | columns))


def test_an_unknown_topic_is_never_imported() -> None:
    with pytest.raises(TopicUnknownError, match="subprocess:Popen"):
        FactMapper().to_domain_event(changed(topic="subprocess:Popen"))


@pytest.mark.parametrize(
    "columns",
    [
        {"originator_id": stream_id(2)},
        {"originator_version": 2},
        {"event_id": "0190163d-8694-7395-aa2a-d3c1e5b2a001"},
    ],
    ids=str,
)
def test_ids_in_the_state_that_differ_from_the_columns_are_found(
    columns: dict[str, object],
) -> None:
    with pytest.raises(IdsDifferError, match="says of itself"):
        FactMapper().to_domain_event(changed(**columns))


@pytest.mark.parametrize(
    "state",
    [b"", b"{", b"[]", b'"text"', b"\xff", STORED.state[:-1], STORED.state + b"x"],
    ids=["empty", "brace", "list", "string", "no UTF-8", "cut off", "added to"],
)
def test_a_state_that_is_no_fact_is_found(state: bytes) -> None:
    with pytest.raises(StateUnreadableError, match="cannot be read"):
        FactMapper().to_domain_event(changed(state=state))


def test_an_unreadable_state_is_told_without_what_someone_wrote() -> None:
    state = orjson.loads(STORED.state)
    state["fact"]["statement"]["severity"] = "heel erg geheim"
    with pytest.raises(StateUnreadableError) as refused:
        FactMapper().to_domain_event(changed(state=orjson.dumps(state)))
    assert "fact.statement.severity" in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_row_written_past_the_product_is_found_on_reading(store: Store, store_url: str) -> None:
    touch(
        store_url,
        "INSERT INTO event (originator_id, originator_version, topic, state)"
        f" VALUES ('{stream_id(1)}', 1, 'os:system', '{{}}')",
    )
    with pytest.raises(TopicUnknownError, match="os:system"):
        store.facts(stream_id(1))
    with pytest.raises(TopicUnknownError):
        list(store.stream())


def test_a_plain_stored_event_is_read_too() -> None:
    plain = StoredEvent(STORED.originator_id, STORED.originator_version, STORED.topic, STORED.state)
    assert FactMapper().to_domain_event(plain).event_id == STORED.event_id
