"""In which order do readers see the events of many writers, and how does the database keep to it?

Two modes, kept in the database, so that no process can hold another opinion.

Serial: one append at a time. The lock is held through the commit, so positions become visible in
their own order, and a reader may see all there is.

Parallel: appends do not wait for each other. A position is made of the number of the transaction
(xid8), so a reader must know which numbers can still appear. It reads below the horizon: the first
position of the oldest transaction that had not ended in its snapshot. Nothing is skipped, because

1. position(xid) = base + (xid - xid_base) * 4096 + place, place < 4096: one transaction owns a
   range, and a later number owns a later range;
2. every transaction that has not ended in a snapshot, or that begins later, has a number of at
   least pg_snapshot_xmin of that snapshot: its rows stand at the horizon or above it, for ever;
3. every committed row below the horizon is of a transaction that had ended in that snapshot: it is
   seen. Horizon and rows are taken in one statement, hence in one snapshot;
4. a later fact of a stream stands above an earlier one, as `append_event` refuses it otherwise.

The mode, base and xid_base change only under a lock that waits for every append under way and
keeps new ones out; an append reads them after it has its own lock. Afterwards all new positions
are above all old ones: base is above the last, and a transaction numbered below xid_base may not
append. Positions stay below 2^53 for 2^41 writing transactions of the whole cluster: at a thousand
a second, day and night, 69 years.
"""

from enum import StrEnum

from uitvoering.persistence.postgres_listening import CHANNEL
from uitvoering.persistence.transactions import Statements

EVENT_LOCK = 0x7569_7476_6F65_7265
"""Held by an append until its commit: alone in serial mode, shared in parallel mode. The number is
`uitvoere` in ASCII: one lock per database."""
LARGEST_APPEND = 4096
"""Events in one transaction in parallel mode."""
HORIZON = "position < (SELECT event_horizon())"
"""As a subquery it is asked once in a statement, and in the snapshot of that statement."""


class Writers(StrEnum):
    SERIAL = "serial"
    PARALLEL = "parallel"


_TABLE = """CREATE TABLE event_order (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        writers text NOT NULL CHECK (writers IN ('serial', 'parallel')),
        base bigint NOT NULL,
        xid_base bigint NOT NULL
    )"""
_BEGIN = "INSERT INTO event_order (writers, base, xid_base) VALUES ('serial', 0, 0)"

# The first position that a transaction not ended yet can have; in serial mode beyond the last. A
# transaction below xid_base cannot append any more, so base is always safe to read up to.
_HORIZON_FUNCTION = f"""CREATE FUNCTION event_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
        SELECT CASE writers WHEN 'serial' THEN 9007199254740992 ELSE greatest(base, base
            + (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - xid_base) * {LARGEST_APPEND})
        END FROM @.event_order $$"""

# The answer to the request rides in the same call: a key that was used within 24 hours is refused,
# a few that have expired are removed (bounded, and without waiting for another append that removes
# the same).
_APPEND_FUNCTION = f"""CREATE FUNCTION append_event(
        ids text[], versions bigint[], topics text[], states bytea[], event_ids text[],
        given_caller text DEFAULT NULL, given_key text DEFAULT NULL,
        given_fingerprint text DEFAULT NULL, given_outcome text DEFAULT NULL,
        given_at text DEFAULT NULL, expired_before text DEFAULT NULL
    ) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        ordered record;
        events CONSTANT bigint := cardinality(ids);
        appended_before boolean;
        complete boolean;
        xid bigint;
        first bigint;
    BEGIN
        IF events > 0 THEN
            -- With an older snapshot than its lock, an append could miss a change of the order.
            IF current_setting('transaction_isolation') <> 'read committed' THEN
                RAISE EXCEPTION 'events are appended at the isolation level read committed'
                    USING ERRCODE = 'serialization_failure';
            END IF;
            -- From here the order cannot be set anew before this transaction ends.
            LOCK TABLE @.event IN ROW EXCLUSIVE MODE;
            SELECT writers, base, xid_base INTO STRICT ordered FROM @.event_order;
            IF ordered.writers = 'serial' THEN
                PERFORM pg_advisory_xact_lock({EVENT_LOCK});
                NOTIFY {CHANNEL};
            ELSE
                PERFORM pg_advisory_xact_lock_shared({EVENT_LOCK});
                IF current_setting('uitvoering.order_is_sound', true) IS DISTINCT FROM 'yes' THEN
                    PERFORM @.refuse_unsound_order();
                END IF;
                appended_before := pg_current_xact_id_if_assigned() IS NOT NULL;
                xid := pg_current_xact_id()::text::bigint;
                IF xid < ordered.xid_base THEN
                    RAISE EXCEPTION 'the order was set anew after this transaction began'
                        USING ERRCODE = 'serialization_failure';
                END IF;
                first := ordered.base + (xid - ordered.xid_base) * {LARGEST_APPEND};
                IF appended_before THEN
                    first := coalesce((SELECT max(position) + 1 FROM @.event
                        WHERE position >= first AND position < first + {LARGEST_APPEND}), first);
                END IF;
                IF first + events > ordered.base + (xid - ordered.xid_base + 1) * {LARGEST_APPEND}
                THEN
                    RAISE EXCEPTION 'more events than one transaction can order'
                        USING ERRCODE = 'program_limit_exceeded';
                END IF;
            END IF;
            IF events = 1 THEN
                first := coalesce(first, nextval('@.event_position_seq'));
                INSERT INTO @.event
                    (position, originator_id, originator_version, topic, state, event_id)
                    VALUES (first, ids[1], versions[1], topics[1], states[1], event_ids[1]);
                complete := versions[1] <= 1 OR EXISTS (
                    SELECT 1 FROM @.event WHERE originator_id = ids[1]
                    AND originator_version = versions[1] - 1 AND position < first);
            ELSE
                INSERT INTO @.event
                    (position, originator_id, originator_version, topic, state, event_id)
                    SELECT coalesce(first + given.place - 1, nextval('@.event_position_seq')),
                        given.id, given.version, given.topic, given.state, given.event_id
                    FROM (
                        SELECT generate_series(1, events) AS place, unnest(ids) AS id,
                            unnest(versions) AS version, unnest(topics) AS topic,
                            unnest(states) AS state, unnest(event_ids) AS event_id
                    ) AS given;
                first := coalesce(first, currval('@.event_position_seq') - events + 1);
                -- Within the append a version follows the one before it, or else a stored event.
                complete := NOT EXISTS (
                    SELECT 1 FROM (
                        SELECT given.id, given.version,
                            lag(given.version) OVER (PARTITION BY given.id ORDER BY given.place)
                                AS before
                        FROM unnest(ids, versions) WITH ORDINALITY AS given (id, version, place)
                    ) AS next
                    WHERE next.version > 1 AND next.before IS DISTINCT FROM next.version - 1
                    AND NOT EXISTS (
                        SELECT 1 FROM @.event WHERE originator_id = next.id
                        AND originator_version = next.version - 1 AND position < first));
            END IF;
            IF NOT complete THEN
                RAISE EXCEPTION 'a version of the stream is missing'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END IF;
        IF given_key IS NOT NULL THEN
            DELETE FROM @.idempotency WHERE (caller, key) IN (
                SELECT caller, key FROM @.idempotency WHERE recorded_at < expired_before
                ORDER BY recorded_at LIMIT 10 FOR UPDATE SKIP LOCKED);
            INSERT INTO @.idempotency AS standing (caller, key, fingerprint, outcome, recorded_at)
                VALUES (given_caller, given_key, given_fingerprint, given_outcome, given_at)
                ON CONFLICT (caller, key) DO UPDATE SET fingerprint = excluded.fingerprint,
                    outcome = excluded.outcome, recorded_at = excluded.recorded_at
                WHERE standing.recorded_at < expired_before;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'this key was used' USING ERRCODE = 'unique_violation';
            END IF;
        END IF;
        RETURN first;
    END $$"""

# Asked before the transaction has a number: all that was stored before stands below that number,
# unless it was restored from a cluster that had counted further. A session does not outlive its
# cluster, so once in a session is enough.
_SOUND_FUNCTION = f"""CREATE FUNCTION refuse_unsound_order() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
            RAISE EXCEPTION 'the first append of a session comes first in its transaction'
                USING ERRCODE = 'serialization_failure';
        END IF;
        IF (SELECT max(position) FROM @.event) >= (SELECT base
            + (pg_snapshot_xmax(pg_current_snapshot())::text::bigint - xid_base) * {LARGEST_APPEND}
            FROM @.event_order)
        THEN
            RAISE EXCEPTION 'the log was ordered by another cluster'
                USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        PERFORM set_config('uitvoering.order_is_sound', 'yes', false);
    END $$"""

SCHEMA = "@."
"""Stands before every name inside a function: `migrate` writes the schema there that it made the
tables in, so that they are found whatever the caller's search path says. A SET clause on the
function does the same for 20 microseconds a call."""

DDL = (_TABLE, _BEGIN, _HORIZON_FUNCTION, _SOUND_FUNCTION, _APPEND_FUNCTION)


def set_order(statements: Statements, writers: Writers | None, highest: int = 0) -> None:
    """Apply a mode, and see to it that the next position is above every stored one and `highest`.

    Nothing is locked when all is well already. Else it waits for the appends under way, and those
    that come meanwhile wait for it.
    """
    if not _is_set(statements, writers, highest):
        statements.execute("LOCK TABLE event IN EXCLUSIVE MODE")
        last = "greatest(?, (SELECT max(position) FROM event), 0)"
        statements.one(
            f"SELECT setval('event_position_seq', greatest({last}, last_value, 1),"
            f" is_called OR {last} > 0) FROM event_position_seq",
            (highest, highest),
        )
        statements.execute(
            "UPDATE event_order SET writers = coalesce(?::text, writers),"
            f" base = {last} + 1, xid_base = pg_current_xact_id()::text::bigint",
            (writers, highest),
        )


def _is_set(statements: Statements, writers: Writers | None, highest: int) -> bool:
    row = statements.one(
        "SELECT writers = coalesce(?::text, writers)"
        " AND greatest(?, (SELECT max(position) FROM event), 0) < CASE writers"
        " WHEN 'serial' THEN (SELECT last_value + is_called::integer FROM event_position_seq)"
        " ELSE base + (pg_snapshot_xmax(pg_current_snapshot())::text::bigint - xid_base)"
        f" * {LARGEST_APPEND} END FROM event_order",
        (writers, highest),
    )
    return row is not None and bool(row[0])
