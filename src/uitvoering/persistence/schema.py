"""The tables of both stores, a tuple of statements per schema version; a version never changes."""

from uitvoering.persistence.postgres import EVENT_LOCK

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

# AUTOINCREMENT: a position is never given out twice, not even after a restore.
_SQLITE_1 = (
    *_BESIDE_THE_EVENTS,
    """CREATE TABLE event (
        position integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        originator_id text NOT NULL,
        originator_version integer NOT NULL,
        topic text NOT NULL,
        state blob NOT NULL,
        event_id text UNIQUE,
        UNIQUE (originator_id, originator_version)
    )""",
    """CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END""",
    """CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END""",
    # INSERT OR REPLACE removes rows without asking the trigger above, so it is refused here.
    """CREATE TRIGGER event_is_next_in_line BEFORE INSERT ON event
        BEGIN
            SELECT RAISE(ABORT, 'this event is there already')
            WHERE EXISTS (SELECT 1 FROM event WHERE originator_id = NEW.originator_id
                AND originator_version = NEW.originator_version)
            OR EXISTS (SELECT 1 FROM event WHERE position = NEW.position)
            OR EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id);
            SELECT RAISE(ABORT, 'a version of the stream is missing')
            WHERE NEW.originator_version > 1 AND NOT EXISTS (
                SELECT 1 FROM event WHERE originator_id = NEW.originator_id
                AND originator_version = NEW.originator_version - 1);
        END""",
    """CREATE TABLE view_generation (
        generation integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        version integer NOT NULL,
        live integer NOT NULL,
        position integer NOT NULL,
        UNIQUE (version, live)
    )""",
    """CREATE TABLE view_document (
        generation integer NOT NULL,
        view text NOT NULL,
        key text NOT NULL,
        document text NOT NULL,
        PRIMARY KEY (generation, view, key)
    ) WITHOUT ROWID""",
)

# COLLATE "C": keys in the order of their bytes, on every machine and as SQLite has them.
_POSTGRES_1 = (
    *_BESIDE_THE_EVENTS,
    """CREATE TABLE event (
        position bigserial NOT NULL UNIQUE,
        originator_id text COLLATE "C" NOT NULL,
        originator_version bigint NOT NULL,
        topic text NOT NULL,
        state bytea NOT NULL,
        event_id text COLLATE "C" UNIQUE,
        PRIMARY KEY (originator_id, originator_version)
    )""",
    """CREATE FUNCTION event_stands_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'an event is never changed or removed'
                USING ERRCODE = 'restrict_violation';
        END $$""",
    """CREATE TRIGGER event_stands_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION event_stands_for_ever()""",
    # The lock is held through the commit: positions become visible in their own order. The
    # function is named after its table, so that no second table can replace it.
    f"""CREATE FUNCTION append_event(text[], bigint[], text[], bytea[], text[])
        RETURNS SETOF bigint LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock({EVENT_LOCK});
            RETURN QUERY
                INSERT INTO event (originator_id, originator_version, topic, state, event_id)
                SELECT given.id, given.version, given.topic, given.state, given.event_id
                FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY
                    AS given (id, version, topic, state, event_id, place)
                ORDER BY given.place
                RETURNING position;
            IF EXISTS (
                SELECT 1 FROM unnest($1, $2) AS given (id, version)
                WHERE given.version > 1 AND NOT EXISTS (
                    SELECT 1 FROM event WHERE originator_id = given.id
                    AND originator_version = given.version - 1)
            ) THEN
                RAISE EXCEPTION 'a version of the stream is missing'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END $$""",
    """CREATE TABLE view_generation (
        generation bigserial PRIMARY KEY,
        version integer NOT NULL,
        live integer NOT NULL,
        position bigint NOT NULL,
        UNIQUE (version, live)
    )""",
    """CREATE TABLE view_document (
        generation bigint NOT NULL,
        view text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        document text NOT NULL,
        PRIMARY KEY (generation, view, key)
    )""",
)

SQLITE = (_SQLITE_1,)
POSTGRES = (_POSTGRES_1,)
VERSION = len(SQLITE)
"""What this product knows; both stores always have as many versions."""
