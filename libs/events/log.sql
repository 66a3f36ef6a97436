-- The log of one service: its truth. Positions are gapless and in commit order; rows are never changed.

CREATE TABLE events (
    position    bigint      PRIMARY KEY,
    stream_id   uuid        NOT NULL,
    version     int         NOT NULL CHECK (version > 0),
    type        text        NOT NULL,
    owner       uuid        NOT NULL,
    data        bytea       NOT NULL,
    meta        bytea       NOT NULL,
    recorded_at timestamptz NOT NULL,
    UNIQUE (stream_id, version)
);

-- What a repeated command is answered from. The fingerprint tells a repeat from another request under the same key.
-- `position` is that of the last event of its unit.
CREATE TABLE commands (
    id          uuid        PRIMARY KEY,
    fingerprint bytea       NOT NULL,
    status      int         NOT NULL,
    location    text        NOT NULL,
    stream_id   uuid        NOT NULL,
    version     int         NOT NULL,
    position    bigint      NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- A row here stops every append of every process: this topic holds what the log does not (see Relay).
CREATE TABLE closed (topic text PRIMARY KEY);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log only grows: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER events_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commands_only_grow BEFORE UPDATE OR TRUNCATE ON commands FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What is asked for: an event, with the number of its unit and the version that its stream is expected to have before the unit; a unit's
-- command, with the place of the unit's last event in the call. The caller gives at most one unit per stream and per command id, events in
-- the order of their units, and in a unit the versions of a stream one after the other.
CREATE TYPE new_event AS (stream uuid, version int, type text, owner uuid, data bytea, meta bytea, unit int, before int);
CREATE TYPE new_command AS (unit int, last int, id uuid, fingerprint bytea, status int, location text, stream uuid, version int);

-- Appends units all at once: `head` is the position before the call, and the events follow it in the order given. Raises an integrity
-- violation when any of them cannot be taken: the log is closed, a stream is not at the expected version or belongs to another owner, a
-- command is known. `append` finds out which and why.
-- READ COMMITTED only: the lock is a statement of its own, so that the reads after it see every append before it.
CREATE FUNCTION append_all(at timestamptz, new_events new_event[], new_commands new_command[]) RETURNS bigint LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan  -- planning anew took half of each call
  SET enable_seqscan = off                  -- and a plan made while a table was small must serve it when it is large
AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    is_closed boolean;
    taken int;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append needs READ COMMITTED';
    END IF;
    PERFORM pg_advisory_xact_lock(4157);
    SELECT coalesce((SELECT max(position) FROM events), 0), EXISTS (SELECT FROM closed) INTO head, is_closed;
    IF is_closed THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'the log is closed';
    END IF;

    INSERT INTO events (position, stream_id, version, type, owner, data, meta, recorded_at)
    SELECT head + e.nr, e.stream, e.version, e.type, e.owner, e.data, e.meta, at
    FROM unnest(new_events) WITH ORDINALITY AS e(stream, version, type, owner, data, meta, unit, before, nr)
    WHERE e.before = 0 OR (SELECT owner FROM events WHERE stream_id = e.stream AND version = e.before) = e.owner;
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken < cardinality(new_events) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a stream is not at the expected version, or belongs to another owner';
    END IF;

    INSERT INTO commands (id, fingerprint, status, location, stream_id, version, position, recorded_at)
    SELECT c.id, c.fingerprint, c.status, c.location, c.stream, c.version, head + c.last, at FROM unnest(new_commands) AS c;
    RETURN head;
END $$;

-- The same with a look at each unit before: `left_out` are the numbers of units that cannot be taken, each with its reason: 'repeat' (the
-- command id is known), 'conflict' (stream `detail` is not at the expected version), 'owner' (stream `detail` belongs to somebody else),
-- 'closed'. Then nothing is written: the caller calls again without them.
CREATE FUNCTION append(
    at timestamptz, new_events new_event[], new_commands new_command[],
    OUT head bigint, OUT left_out int[], OUT reasons text[], OUT details uuid[]
) LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(4157);

    -- Repeats come first: a repeat is called a repeat although its stream has moved on since.
    SELECT array_agg(unit), array_agg(reason), array_agg(detail) INTO left_out, reasons, details FROM (
        SELECT e.unit, 'closed' AS reason, NULL::uuid AS detail FROM unnest(new_events) AS e WHERE EXISTS (SELECT FROM closed)
        UNION ALL
        SELECT c.unit, 'repeat', NULL FROM unnest(new_commands) AS c WHERE (SELECT true FROM commands WHERE id = c.id)
        UNION ALL
        SELECT e.unit, CASE WHEN coalesce(last.version, 0) <> e.before THEN 'conflict' ELSE 'owner' END, e.stream
        FROM unnest(new_events) AS e
        LEFT JOIN LATERAL (SELECT version, owner FROM events WHERE stream_id = e.stream ORDER BY version DESC LIMIT 1) AS last ON true
        WHERE coalesce(last.version, 0) <> e.before OR last.owner <> e.owner
    ) AS found;
    IF left_out IS NULL THEN
        head := append_all(at, new_events, new_commands);
    END IF;
END $$;
