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
CREATE INDEX commands_by_age ON commands (recorded_at);

-- A row here stops every append of every process: this topic holds what the log does not (see Relay).
CREATE TABLE closed (topic text PRIMARY KEY);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log only grows: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER events_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commands_only_grow BEFORE UPDATE OR TRUNCATE ON commands FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Appends many units at once, each all or nothing, and answers one row a unit, in order. The caller gives at most one unit per stream
-- and per command id, events in the order of their units. Outcomes: 'ok'; 'repeat' (the command id is known);
-- 'conflict' (stream `detail` is not at the expected version); 'owner' (stream `detail` belongs to somebody else); 'closed'.
-- `head` is the position before the call: the events of the units that are 'ok' follow it in the order given.
-- READ COMMITTED only: the lock is a statement of its own, so that the reads after it see every append before it.
CREATE FUNCTION append(
    units int, at timestamptz,
    expected_unit int[], expected_stream uuid[], expected_version int[],
    event_unit int[], event_stream uuid[], event_version int[], event_type text[], event_owner uuid[], event_data bytea[], event_meta bytea[],
    command_unit int[], command_id uuid[], command_fingerprint bytea[], command_status int[], command_location text[],
    command_stream uuid[], command_version int[]
) RETURNS TABLE (outcome text, detail uuid, head bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    before bigint;
    outcomes text[] := array_fill('ok'::text, ARRAY[units]);
    details uuid[] := array_fill(NULL::uuid, ARRAY[units]);
    bad record;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append needs READ COMMITTED';
    END IF;
    PERFORM pg_advisory_xact_lock(4157);
    IF EXISTS (SELECT FROM closed) THEN
        RETURN QUERY SELECT 'closed', NULL::uuid, 0::bigint FROM generate_series(1, units);
        RETURN;
    END IF;
    SELECT coalesce(max(position), 0) INTO before FROM events;

    FOR bad IN
        SELECT e.unit, e.stream FROM unnest(expected_unit, expected_stream, expected_version) AS e(unit, stream, version)
        WHERE e.version <> coalesce((SELECT version FROM events WHERE stream_id = e.stream ORDER BY version DESC LIMIT 1), 0)
    LOOP
        outcomes[bad.unit] := 'conflict';
        details[bad.unit] := bad.stream;
    END LOOP;
    FOR bad IN
        SELECT e.unit, e.stream FROM unnest(event_unit, event_stream, event_owner) AS e(unit, stream, owner)
        WHERE e.owner <> (SELECT owner FROM events WHERE stream_id = e.stream AND version = 1)
    LOOP
        outcomes[bad.unit] := 'owner';
        details[bad.unit] := bad.stream;
    END LOOP;
    FOR bad IN  -- last: a repeat is called a repeat although its stream has moved on since
        SELECT c.unit FROM unnest(command_unit, command_id) AS c(unit, id) JOIN commands ON commands.id = c.id
    LOOP
        outcomes[bad.unit] := 'repeat';
        details[bad.unit] := NULL;
    END LOOP;

    INSERT INTO events (position, stream_id, version, type, owner, data, meta, recorded_at)
    SELECT before + row_number() OVER (ORDER BY e.nr), e.stream, e.version, e.type, e.owner, e.data, e.meta, at
    FROM unnest(event_unit, event_stream, event_version, event_type, event_owner, event_data, event_meta)
        WITH ORDINALITY AS e(unit, stream, version, type, owner, data, meta, nr)
    WHERE outcomes[e.unit] = 'ok';

    IF cardinality(command_unit) > 0 THEN
        INSERT INTO commands (id, fingerprint, status, location, stream_id, version, position, recorded_at)
        SELECT c.id, c.fingerprint, c.status, c.location, c.stream, c.version, last.position, at
        FROM unnest(command_unit, command_id, command_fingerprint, command_status, command_location, command_stream, command_version)
            AS c(unit, id, fingerprint, status, location, stream, version)
        JOIN (SELECT unit, before + sum(count(*)) OVER (ORDER BY unit) AS position
              FROM unnest(event_unit) AS e(unit) WHERE outcomes[unit] = 'ok' GROUP BY unit) AS last USING (unit);
    END IF;

    RETURN QUERY SELECT o, d, before FROM unnest(outcomes, details) WITH ORDINALITY AS r(o, d, nr) ORDER BY nr;
END $$;
