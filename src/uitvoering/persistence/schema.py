"""The tables of both stores, a tuple of statements per schema version; a version never changes."""

from uitvoering.persistence import postgres_order
from uitvoering.persistence.postgres_order import EVENT_LOCK

MIGRATION_LOCK = EVENT_LOCK + 1

SQLITE_EXISTS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'"
POSTGRES_EXISTS = (
    "SELECT 1 FROM pg_tables WHERE tablename = 'schema_version' AND schemaname = current_schema()"
)

_BESIDE_THE_EVENTS = (
    """CREATE TABLE schema_version (version integer PRIMARY KEY, applied_at text NOT NULL)""",
    # `outcome` is what the first request was answered; it rides in the transaction of its events.
    """CREATE TABLE idempotency (
        caller text NOT NULL,
        key text NOT NULL,
        fingerprint text NOT NULL,
        outcome text NOT NULL,
        recorded_at text NOT NULL,
        PRIMARY KEY (caller, key)
    )""",
    """CREATE INDEX idempotency_recorded_at ON idempotency (recorded_at)""",
    """CREATE TABLE token (
        id text PRIMARY KEY,
        sha256 text NOT NULL UNIQUE,
        organisation text NOT NULL,
        level text NOT NULL,
        roles text NOT NULL,
        pseudonym text NOT NULL,
        created_at text NOT NULL,
        expires_at text NOT NULL,
        revoked_at text
    )""",
)

# Every decision first asks whether the registers changed. They are a handful of rows among
# millions, and an index on every topic would be paid for by every append. Not among them: the
# adopted method and cosigning policy. No decision counts with these, and each has one stream.
_REGISTERS = """CREATE INDEX event_of_registers ON event (position) WHERE topic IN
    ('holidays-adopted', 'organisation-registered', 'policy-adopted', 'route-set',
     'template-adopted')"""

# AUTOINCREMENT: a position is never given out twice, not even after a restore.
_SQLITE_1 = (
    *_BESIDE_THE_EVENTS,
    """CREATE TABLE event (
        position integer PRIMARY KEY AUTOINCREMENT NOT NULL CHECK (position > 0),
        originator_id text NOT NULL,
        originator_version integer NOT NULL,
        topic text NOT NULL,
        state blob NOT NULL,
        event_id text UNIQUE,
        UNIQUE (originator_id, originator_version)
    )""",
    _REGISTERS,
    """CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END""",
    """CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END""",
    # INSERT OR REPLACE removes rows without asking the trigger above, so it is refused here. One
    # look at the end of the stream refuses a version that is there as well as one that skips; a
    # stream begins with version 0 or 1. Nobody but the store gives out positions: before a row has
    # one, SQLite shows -1, and the CHECK refuses that as a position somebody gave. Which of these
    # it was is only looked up for the message: every look costs an append a microsecond.
    """CREATE TRIGGER event_is_next_in_line BEFORE INSERT ON event
        WHEN NEW.originator_version IS NOT coalesce(
            (SELECT originator_version + 1 FROM event WHERE originator_id = NEW.originator_id
                ORDER BY originator_version DESC LIMIT 1),
            min(NEW.originator_version, 1))
        OR NEW.position > 0
        OR EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id)
        BEGIN
            SELECT RAISE(ABORT, 'this event is there already')
            WHERE EXISTS (SELECT 1 FROM event WHERE originator_id = NEW.originator_id
                AND originator_version = NEW.originator_version)
            OR EXISTS (SELECT 1 FROM event WHERE position = NEW.position)
            OR EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id);
            SELECT RAISE(ABORT, 'the store gives out positions') WHERE NEW.position > 0;
            SELECT RAISE(ABORT, 'a version of the stream is missing');
        END""",
    """CREATE TABLE view_generation (
        generation integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        name text NOT NULL,
        version integer NOT NULL,
        live integer NOT NULL,
        position integer NOT NULL,
        stopped_at integer,
        stopped_by text,
        runner text,
        leased_until integer,
        UNIQUE (name, version, live)
    )""",
    """CREATE TABLE view_document (
        generation integer NOT NULL,
        kind text NOT NULL,
        key text NOT NULL,
        document text NOT NULL,
        PRIMARY KEY (generation, kind, key)
    )""",
)

# COLLATE "C": keys in the order of their bytes, on every machine and as SQLite has them.
_POSTGRES_1 = (
    *_BESIDE_THE_EVENTS,
    """CREATE TABLE event (
        position bigserial NOT NULL UNIQUE CHECK (position BETWEEN 1 AND 9007199254740991),
        originator_id text COLLATE "C" NOT NULL,
        originator_version bigint NOT NULL,
        topic text NOT NULL,
        state bytea NOT NULL,
        event_id text COLLATE "C" UNIQUE,
        PRIMARY KEY (originator_id, originator_version)
    )""",
    _REGISTERS,
    """CREATE FUNCTION event_stands_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'an event is never changed or removed'
                USING ERRCODE = 'restrict_violation';
        END $$""",
    """CREATE TRIGGER event_stands_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION event_stands_for_ever()""",
    # Also for a session that says it is a replica.
    """ALTER TABLE event ENABLE ALWAYS TRIGGER event_stands_for_ever""",
    *postgres_order.DDL,
    """CREATE TABLE view_generation (
        generation bigserial PRIMARY KEY,
        name text NOT NULL,
        version integer NOT NULL,
        live bigint NOT NULL,
        position bigint NOT NULL,
        stopped_at bigint,
        stopped_by text,
        runner text,
        leased_until bigint,
        UNIQUE (name, version, live)
    )""",
    """CREATE TABLE view_document (
        generation bigint NOT NULL,
        kind text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        document text NOT NULL,
        PRIMARY KEY (generation, kind, key)
    )""",
)

SQLITE = (_SQLITE_1,)
POSTGRES = (_POSTGRES_1,)
VERSION = len(SQLITE)
"""What this product knows; both stores always have as many versions."""
