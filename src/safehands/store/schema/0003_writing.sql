-- All writing. Each function belongs to the owner and runs as the owner (security definer); nobody else can write.
-- SQLSTATEs of our own: SH001 stale (detail: one "stream<TAB>version" a line), SH002 refused as inconsistent, SH003 another
-- master key is in force.

-- Write picture rows (p_rows) and remove others (p_removed): both {"table": [row, ...]}. Only for the functions below.
create function safehands.put_pictures(p_rows jsonb, p_removed jsonb) returns void
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
declare
    v_written bigint;
begin
    -- Removals first: a row that goes makes room for one that comes.
    if p_removed ? 'case_picture' then
        delete from safehands.case_picture t
        using jsonb_populate_recordset(null::safehands.case_picture, p_removed -> 'case_picture') r
        where (t.case_id) = (r.case_id);
    end if;
    if p_removed ? 'holding_picture' then
        delete from safehands.holding_picture t
        using jsonb_populate_recordset(null::safehands.holding_picture, p_removed -> 'holding_picture') r
        where (t.case_id, t.n) = (r.case_id, r.n);
    end if;
    if p_removed ? 'offer_picture' then
        delete from safehands.offer_picture t
        using jsonb_populate_recordset(null::safehands.offer_picture, p_removed -> 'offer_picture') r
        where (t.offer_id) = (r.offer_id);
    end if;
    if p_removed ? 'task_picture' then
        delete from safehands.task_picture t
        using jsonb_populate_recordset(null::safehands.task_picture, p_removed -> 'task_picture') r
        where (t.task_id) = (r.task_id);
    end if;
    if p_removed ? 'clock_picture' then
        delete from safehands.clock_picture t
        using jsonb_populate_recordset(null::safehands.clock_picture, p_removed -> 'clock_picture') r
        where (t.case_id, t.clock) = (r.case_id, r.clock);
    end if;
    if p_removed ? 'concern_picture' then
        delete from safehands.concern_picture t
        using jsonb_populate_recordset(null::safehands.concern_picture, p_removed -> 'concern_picture') r
        where (t.case_id, t.concern) = (r.case_id, r.concern);
    end if;
    if p_removed ? 'standing_picture' then
        delete from safehands.standing_picture t
        using jsonb_populate_recordset(null::safehands.standing_picture, p_removed -> 'standing_picture') r
        where (t.case_id, t.agency) = (r.case_id, r.agency);
    end if;
    if p_removed ? 'contact_picture' then
        delete from safehands.contact_picture t
        using jsonb_populate_recordset(null::safehands.contact_picture, p_removed -> 'contact_picture') r
        where (t.contact_id) = (r.contact_id);
    end if;
    if p_removed ? 'link_picture' then
        delete from safehands.link_picture t
        using jsonb_populate_recordset(null::safehands.link_picture, p_removed -> 'link_picture') r
        where (t.case_id, t.other_case) = (r.case_id, r.other_case);
    end if;
    if p_removed ? 'presence_picture' then
        delete from safehands.presence_picture t
        using jsonb_populate_recordset(null::safehands.presence_picture, p_removed -> 'presence_picture') r
        where (t.case_id, t.responder) = (r.case_id, r.responder);
    end if;
    if p_rows ? 'case_picture' then
        insert into safehands.case_picture (case_id, reference, pathway, status, holder, keeper, receiver, concluded,
            row_id, decided, opened_at, closed_at, last_at, next_due_at, next_clock, offers_open, concerns_open,
            worst_concern, version)
        select r.case_id, r.reference, r.pathway, r.status, r.holder, r.keeper, r.receiver, r.concluded, r.row_id,
            r.decided, r.opened_at, r.closed_at, r.last_at, r.next_due_at, r.next_clock, r.offers_open, r.concerns_open,
            r.worst_concern, r.version
        from jsonb_populate_recordset(null::safehands.case_picture, p_rows -> 'case_picture') r
        on conflict (case_id) do update set
            (reference, pathway, status, holder, keeper, receiver, concluded, row_id, decided, opened_at, closed_at,
            last_at, next_due_at, next_clock, offers_open, concerns_open, worst_concern, version) =
            (excluded.reference, excluded.pathway, excluded.status, excluded.holder, excluded.keeper, excluded.receiver,
            excluded.concluded, excluded.row_id, excluded.decided, excluded.opened_at, excluded.closed_at,
            excluded.last_at, excluded.next_due_at, excluded.next_clock, excluded.offers_open, excluded.concerns_open,
            excluded.worst_concern, excluded.version);
    end if;
    if p_rows ? 'holding_picture' then
        insert into safehands.holding_picture (case_id, n, agency, held_from, held_until, case_no)
        select r.case_id, r.n, r.agency, r.held_from, r.held_until, s.number
        from jsonb_populate_recordset(null::safehands.holding_picture, p_rows -> 'holding_picture') r
        join safehands.stream s on s.case_id = r.case_id
        on conflict (case_id, n) do update set
            (agency, held_from, held_until) =
            (excluded.agency, excluded.held_from, excluded.held_until);
        get diagnostics v_written = row_count;
        if v_written <> jsonb_array_length(p_rows -> 'holding_picture') then
            raise exception 'a holding without its case' using errcode = 'SH002';
        end if;
        set constraints safehands.holding_picture_one_holder immediate;
        set constraints safehands.holding_picture_one_holder deferred;
    end if;
    if p_rows ? 'offer_picture' then
        insert into safehands.offer_picture (offer_id, case_id, kind, from_agency, to_agency, desk, status, offered_at,
            due_at, acknowledged_at, settled_at, by_word, confirmed, late)
        select r.offer_id, r.case_id, r.kind, r.from_agency, r.to_agency, r.desk, r.status, r.offered_at, r.due_at,
            r.acknowledged_at, r.settled_at, r.by_word, r.confirmed, r.late
        from jsonb_populate_recordset(null::safehands.offer_picture, p_rows -> 'offer_picture') r
        on conflict (offer_id) do update set
            (case_id, kind, from_agency, to_agency, desk, status, offered_at, due_at, acknowledged_at, settled_at,
            by_word, confirmed, late) =
            (excluded.case_id, excluded.kind, excluded.from_agency, excluded.to_agency, excluded.desk, excluded.status,
            excluded.offered_at, excluded.due_at, excluded.acknowledged_at, excluded.settled_at, excluded.by_word,
            excluded.confirmed, excluded.late);
    end if;
    if p_rows ? 'task_picture' then
        insert into safehands.task_picture (task_id, case_id, kind, assignee, status, added_at, due_at, settled_at)
        select r.task_id, r.case_id, r.kind, r.assignee, r.status, r.added_at, r.due_at, r.settled_at
        from jsonb_populate_recordset(null::safehands.task_picture, p_rows -> 'task_picture') r
        on conflict (task_id) do update set
            (case_id, kind, assignee, status, added_at, due_at, settled_at) =
            (excluded.case_id, excluded.kind, excluded.assignee, excluded.status, excluded.added_at, excluded.due_at,
            excluded.settled_at);
    end if;
    if p_rows ? 'clock_picture' then
        insert into safehands.clock_picture (case_id, clock, spec, status, started_at, due_at, next_step, next_at)
        select r.case_id, r.clock, r.spec, r.status, r.started_at, r.due_at, r.next_step, r.next_at
        from jsonb_populate_recordset(null::safehands.clock_picture, p_rows -> 'clock_picture') r
        on conflict (case_id, clock) do update set
            (spec, status, started_at, due_at, next_step, next_at) =
            (excluded.spec, excluded.status, excluded.started_at, excluded.due_at, excluded.next_step,
            excluded.next_at);
    end if;
    if p_rows ? 'concern_picture' then
        insert into safehands.concern_picture (case_id, concern, rule, grade, raised_at, cleared_at)
        select r.case_id, r.concern, r.rule, r.grade, r.raised_at, r.cleared_at
        from jsonb_populate_recordset(null::safehands.concern_picture, p_rows -> 'concern_picture') r
        on conflict (case_id, concern) do update set
            (rule, grade, raised_at, cleared_at) =
            (excluded.rule, excluded.grade, excluded.raised_at, excluded.cleared_at);
    end if;
    if p_rows ? 'standing_picture' then
        insert into safehands.standing_picture (case_id, agency, since)
        select r.case_id, r.agency, r.since
        from jsonb_populate_recordset(null::safehands.standing_picture, p_rows -> 'standing_picture') r
        on conflict (case_id, agency) do update set
            since = excluded.since;
    end if;
    if p_rows ? 'contact_picture' then
        insert into safehands.contact_picture (contact_id, case_id, channel, reporter_type, taken_by, received_at,
            dropped_at)
        select r.contact_id, r.case_id, r.channel, r.reporter_type, r.taken_by, r.received_at, r.dropped_at
        from jsonb_populate_recordset(null::safehands.contact_picture, p_rows -> 'contact_picture') r
        on conflict (contact_id) do update set
            (case_id, channel, reporter_type, taken_by, received_at, dropped_at) =
            (excluded.case_id, excluded.channel, excluded.reporter_type, excluded.taken_by, excluded.received_at,
            excluded.dropped_at);
    end if;
    if p_rows ? 'link_picture' then
        insert into safehands.link_picture (case_id, other_case, linked_at)
        select r.case_id, r.other_case, r.linked_at
        from jsonb_populate_recordset(null::safehands.link_picture, p_rows -> 'link_picture') r
        on conflict (case_id, other_case) do update set
            linked_at = excluded.linked_at;
    end if;
    if p_rows ? 'presence_picture' then
        insert into safehands.presence_picture (case_id, responder, agency, arrived_at, released_at)
        select r.case_id, r.responder, r.agency, r.arrived_at, r.released_at
        from jsonb_populate_recordset(null::safehands.presence_picture, p_rows -> 'presence_picture') r
        on conflict (case_id, responder) do update set
            (agency, arrived_at, released_at) =
            (excluded.agency, excluded.arrived_at, excluded.released_at);
    end if;
end
$$;

-- Raise SH003 unless keys are wrapped under this master key, and keep it in force until the end of the transaction.
create function safehands.check_master(p_master text) returns void
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
begin
    perform from safehands.vault_master m where m.master = p_master for share;
    if not found then
        raise exception 'another master key is in force' using errcode = 'SH003';
    end if;
end
$$;

-- A batch of appends, all or nothing, in one round trip.
--
-- For each append: p_command, p_of (index of its stream in the arrays below, from 1), p_count (its entries).
-- p_master: which master key the new keys are wrapped under.
-- For each stream: p_stream, p_expected (0: must not exist), p_slot, p_wrapped (null unless the stream is new),
-- p_snapshot_nonce and p_snapshot (null: leave as it is).
-- For each entry, in order: p_entry_of (index of its stream), p_commitment, p_nonce, p_ciphertext.
-- p_facts: [{"entry": index from 0, "n": ..., columns}].
-- p_outbox: [{"entry", "channel", "recipient", "about", "body"}].
-- For each token: p_token_of (index of its append), p_token_kind, p_token.
--
-- Where any command was done before, nothing is written and the receipts of those are answered, marked repeated.
create function safehands.append(
    p_command text[], p_of integer[], p_count integer[],
    p_master text, p_stream text[], p_expected integer[], p_slot bigint[], p_wrapped bytea[],
    p_snapshot_nonce bytea[], p_snapshot bytea[],
    p_entry_of integer[], p_commitment bytea[], p_nonce bytea[], p_ciphertext bytea[],
    p_rows jsonb, p_removed jsonb, p_facts jsonb, p_outbox jsonb,
    p_token_of integer[], p_token_kind text[], p_token bytea[]
) returns table (command text, stream text, first bigint, count integer, repeated boolean)
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
#variable_conflict use_column
declare
    v_first bigint;
    v_written bigint;
    v_existing bigint;
    v_stale text;
begin
    return query
        select c.command, c.stream, c.first, c.count, true
        from unnest(p_command, p_of) with ordinality as a (command, of, n)
        join safehands.command c on c.command = a.command and c.stream = p_stream[a.of]
        order by a.n;
    if found then
        return;
    end if;

    -- The streams, locked in the order of their names so that two batches cannot wait for each other.
    perform from safehands.stream s where s.name = any (p_stream) order by s.name for update;
    insert into safehands.stream (name, version)
        select p.name, a.total
        from unnest(p_stream, p_expected) with ordinality p (name, expected, n)
        join (select a.of, sum(a.count) as total from unnest(p_of, p_count) a (of, count) group by a.of) a on a.of = p.n
        where p.expected = 0
        order by p.name
        on conflict (name) do nothing;
    get diagnostics v_written = row_count;
    v_existing := cardinality(p_stream) - cardinality(array_positions(p_expected, 0));
    if v_existing > 0 then
        update safehands.stream s set version = s.version + p.total
            from (
                select p.name, p.expected, p.slot, a.total
                from unnest(p_stream, p_expected, p_slot) with ordinality p (name, expected, slot, n)
                join (
                    select a.of, sum(a.count) as total from unnest(p_of, p_count) a (of, count) group by a.of
                ) a on a.of = p.n
                where p.expected > 0
            ) p
            join safehands.vault_key k on k.stream = p.name and k.slot = p.slot
            where s.name = p.name and s.version = p.expected;
        get diagnostics v_existing = row_count;
    end if;
    if v_written + v_existing <> cardinality(p_stream) then
        select string_agg(p.name || E'\t' || coalesce(s.version, 0), E'\n') into v_stale
            from unnest(p_stream, p_expected) p (name, expected)
            left join safehands.stream s on s.name = p.name;
        raise exception 'stale' using errcode = 'SH001', detail = coalesce(v_stale, '');
    end if;
    if v_written > 0 then
        perform safehands.check_master(p_master);
    end if;
    insert into safehands.vault_key (stream, slot, wrapped)
        select p.name, p.slot, p.wrapped
        from unnest(p_stream, p_expected, p_slot, p_wrapped) p (name, expected, slot, wrapped)
        where p.expected = 0;
    insert into safehands.snapshot (stream, version, nonce, ciphertext)
        select p.name, s.version, p.nonce, p.ciphertext
        from unnest(p_stream, p_snapshot_nonce, p_snapshot) p (name, nonce, ciphertext)
        join safehands.stream s on s.name = p.name
        where p.ciphertext is not null
        on conflict (stream) do update set
            (version, nonce, ciphertext) = (excluded.version, excluded.nonce, excluded.ciphertext);
    if p_rows <> '{}' or p_removed <> '{}' then
        perform safehands.put_pictures(p_rows, p_removed);
    end if;
    if cardinality(p_token_of) > 0 then
        insert into safehands.blind_index (kind, token, stream, from_version, to_version)
            select t.kind, t.token, p_stream[a.of], a.until - a.count + 1, a.until
            from unnest(p_token_of, p_token_kind, p_token) t (append, kind, token)
            join (
                select a.n, a.of, a.count,
                    p_expected[a.of] + sum(a.count) over (partition by a.of order by a.n) as until
                from unnest(p_of, p_count) with ordinality a (of, count, n)
            ) a on a.n = t.append
            on conflict (kind, token, stream, from_version) do nothing;
    end if;

    -- From here to the commit everybody else who writes waits.
    update safehands.head set size = size + cardinality(p_commitment)
        returning size - cardinality(p_commitment) into v_first;
    insert into safehands.entry (position, stream, version, commitment)
        select v_first + e.n - 1, p_stream[e.of],
            p_expected[e.of] + row_number() over (partition by e.of order by e.n), e.commitment
        from unnest(p_entry_of, p_commitment) with ordinality e (of, commitment, n)
        order by e.n;
    insert into safehands.vault (position, nonce, ciphertext)
        select v_first + e.n - 1, e.nonce, e.ciphertext
        from unnest(p_nonce, p_ciphertext) with ordinality e (nonce, ciphertext, n);
    if p_facts <> '[]' then
        insert into safehands.fact (position, n, case_id, kind, happened_at, day, hour, about, agency, other_agency,
            code, name, provenance, row_id, outcome, seconds, count)
        select v_first + f.entry, f.n, f.case_id, f.kind, f.happened_at, f.day, f.hour, f.about, f.agency,
            f.other_agency, f.code, f.name, f.provenance, f.row_id, f.outcome, f.seconds, f.count
        from jsonb_to_recordset(p_facts) f (entry bigint, n integer, case_id uuid, kind text, happened_at timestamptz,
            day text, hour bigint, about text, agency text, other_agency text, code text, name text, provenance text,
            row_id text, outcome bigint, seconds double precision, count bigint);
    end if;
    if p_outbox <> '[]' then
        insert into safehands.outbox (position, channel, recipient, about, body)
        select v_first + o.entry, o.channel, o.recipient, o.about, o.body
        from jsonb_to_recordset(p_outbox) o (entry bigint, channel text, recipient text, about text, body jsonb);
    end if;
    return query
        insert into safehands.command (command, stream, first, count)
        select a.command, p_stream[a.of], v_first + sum(a.count) over (order by a.n) - a.count, a.count
        from unnest(p_command, p_of, p_count) with ordinality a (command, of, count, n)
        order by a.n
        returning command, stream, first, count, false;
end
$$;

-- Lock what a command must not share with another at the same moment: the keys of its subject and place.
create function safehands.lock_tokens(p_token bytea[]) returns void
    language sql security definer set search_path = safehands, pg_temp
as $$
    select pg_advisory_xact_lock(key)
    from (
        select distinct ('x' || encode(substr(t, 1, 8), 'hex'))::bit(64)::bigint as key
        from unnest(p_token) t order by 1
    ) keys;
$$;

-- What is known elsewhere about the same person or place: stubs, never content. Writes the log of looking.
create function safehands.stubs(
    p_kind text[], p_token bytea[], p_actor text, p_agency text, p_reason text, p_at timestamptz, p_since timestamptz
) returns table (
    case_id uuid, reference text, matched text[], status text, holder text, opened_at timestamptz, last_at timestamptz
)
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
#variable_conflict use_column
declare
    v_shown uuid[];
begin
    select coalesce(array_agg(distinct s.case_id), '{}') into v_shown
        from unnest(p_kind, p_token) t (kind, token)
        join safehands.blind_index b on b.kind = t.kind and b.token = t.token
        join safehands.stream s on s.name = b.stream
        join safehands.case_picture c on c.case_id = s.case_id
        where c.closed_at is null or c.last_at >= p_since;
    insert into safehands.look (at, actor, agency, reason, kinds, shown)
        values (p_at, p_actor, p_agency, p_reason,
            (select coalesce(array_agg(distinct k order by k), '{}') from unnest(p_kind) k), v_shown);
    return query
        select c.case_id, c.reference,
            (select array_agg(distinct t.kind order by t.kind)
             from unnest(p_kind, p_token) t (kind, token)
             join safehands.blind_index b on b.kind = t.kind and b.token = t.token
             where b.stream = 'case/' || c.case_id),
            c.status, c.holder, c.opened_at, c.last_at
        from safehands.case_picture c
        where c.case_id = any (v_shown)
        order by c.last_at desc, c.case_id;
end
$$;

-- Nodes that came to be between p_from and p_size, and the signed checkpoint of p_size. Only ever forward.
create function safehands.seal(
    p_from bigint, p_size bigint, p_level smallint[], p_first_idx bigint[], p_hashes bytea[],
    p_root bytea, p_signed text, p_at timestamptz
) returns void
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
declare
    v_sealed bigint;
    v_written bigint;
    v_needed bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('safehands.seal', 0));
    select coalesce(max(c.size), 0) into v_sealed from safehands.checkpoint c;
    if v_sealed <> p_from or p_size <= p_from or p_size > (select h.size from safehands.head h) then
        raise exception 'a checkpoint of % after % does not go on from % sealed entries', p_size, p_from, v_sealed
            using errcode = 'SH002';
    end if;
    -- One element of p_hashes holds the hashes of a level, side by side.
    insert into safehands.node (level, idx, hash)
        select r.level, r.first_idx + i, substr(r.hashes, i * 32 + 1, 32)
        from unnest(p_level, p_first_idx, p_hashes) r (level, first_idx, hashes),
            generate_series(0, octet_length(r.hashes) / 32 - 1) i;
    get diagnostics v_written = row_count;
    select sum((p_size >> level) - (p_from >> level)) into v_needed from generate_series(0, 62) level;
    if v_written <> v_needed then
        raise exception 'from % to % a tree gains % nodes, not %', p_from, p_size, v_needed, v_written
            using errcode = 'SH002';
    end if;
    insert into safehands.checkpoint (size, root, signed, sealed_at) values (p_size, p_root, p_signed, p_at);
end
$$;

-- Slot numbers for keys of new streams: p_count in a row.
create function safehands.take_slots(p_count integer) returns bigint
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
declare
    v_first bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('safehands.slot', 0));
    v_first := nextval('safehands.slot');
    if p_count > 1 then
        perform setval('safehands.slot', v_first + p_count - 1);
    end if;
    return v_first;
end
$$;

-- Erase content of a stream: everything that stays is written anew under a key in a new slot (p_kept_*: all of it),
-- the old slot is noted to be overwritten. The caller appends the entry that says so in the same transaction.
create function safehands.erase(
    p_stream text, p_expected integer, p_erased integer[], p_master text, p_slot bigint, p_wrapped bytea,
    p_kept_position bigint[], p_kept_nonce bytea[], p_kept_ciphertext bytea[]
) returns bigint
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
declare
    v_version integer;
    v_old bigint;
    v_left bigint;
    v_kept bigint;
begin
    select s.version into v_version from safehands.stream s where s.name = p_stream for update;
    if v_version is distinct from p_expected then
        raise exception 'stale' using errcode = 'SH001', detail = p_stream || E'\t' || coalesce(v_version, 0);
    end if;
    delete from safehands.vault v using safehands.entry e
        where e.stream = p_stream and e.version = any (p_erased) and v.position = e.position;
    update safehands.vault v set (nonce, ciphertext) = (k.nonce, k.ciphertext)
        from unnest(p_kept_position, p_kept_nonce, p_kept_ciphertext) k (position, nonce, ciphertext)
        join safehands.entry e on e.position = k.position and e.stream = p_stream
        where v.position = k.position;
    get diagnostics v_kept = row_count;
    select count(*) into v_left
        from safehands.entry e join safehands.vault v on v.position = e.position where e.stream = p_stream;
    if v_kept <> v_left or v_kept <> cardinality(p_kept_position) then
        raise exception 'an erasure in % would lose what is to stay', p_stream using errcode = 'SH002';
    end if;
    perform safehands.check_master(p_master);
    select k.slot into v_old from safehands.vault_key k where k.stream = p_stream for update;
    update safehands.vault_key k set (slot, wrapped) = (p_slot, p_wrapped) where k.stream = p_stream;
    insert into safehands.shred (slot) values (v_old);
    delete from safehands.snapshot s where s.stream = p_stream;
    delete from safehands.blind_index b
        where b.stream = p_stream
        and exists (select from unnest(p_erased) v where v between b.from_version and b.to_version);
    update safehands.stream s set erased = true where s.name = p_stream;
    return v_old;
end
$$;

-- Slots whose content waits to be overwritten, and: they have been.
create function safehands.to_shred() returns setof bigint
    language sql stable security definer set search_path = safehands, pg_temp
as $$
    select s.slot from safehands.shred s where s.shredded_at is null order by s.slot;
$$;

create function safehands.shredded(p_slot bigint[], p_at timestamptz) returns void
    language sql security definer set search_path = safehands, pg_temp
as $$
    update safehands.shred s set shredded_at = p_at where s.slot = any (p_slot) and s.shredded_at is null;
$$;

-- All keys wrapped anew under another master key, at once.
create function safehands.rewrap(
    p_old text, p_new text, p_blind bytea, p_stream text[], p_slot bigint[], p_wrapped bytea[]
) returns void
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
declare
    v_written bigint;
begin
    lock table safehands.vault_key in share row exclusive mode;
    update safehands.vault_master m set (master, blind) = (p_new, p_blind) where m.master = p_old;
    if not found then
        raise exception 'stale' using errcode = 'SH001', detail = '';
    end if;
    update safehands.vault_key k set wrapped = p.wrapped
        from unnest(p_stream, p_slot, p_wrapped) p (stream, slot, wrapped)
        where k.stream = p.stream and k.slot = p.slot;
    get diagnostics v_written = row_count;
    if v_written <> (select count(*) from safehands.vault_key) then
        raise exception 'stale' using errcode = 'SH001', detail = '';
    end if;
end
$$;

-- Due clocks. With a lease they are taken: another worker passes over them until the lease ends.
create function safehands.due(p_now timestamptz, p_limit integer, p_lease interval)
    returns table (case_id uuid, clock text, next_step text, next_at timestamptz)
    language plpgsql security definer set search_path = safehands, pg_temp
as $$
#variable_conflict use_column
begin
    if p_lease <= interval '0' then
        return query
            select c.case_id, c.clock, c.next_step, c.next_at
            from safehands.clock_picture c
            where c.next_at <= p_now
            order by c.next_at, c.case_id, c.clock limit p_limit;
        return;
    end if;
    return query
        with taken as (
            select c.case_id, c.clock, c.next_step, c.next_at
            from safehands.clock_picture c
            where c.next_at <= p_now and not exists (
                select from safehands.due_lease l
                where l.case_id = c.case_id and l.clock = c.clock and l.until > p_now)
            order by c.next_at, c.case_id, c.clock limit p_limit
            for update of c skip locked
        ), leased as (
            -- A lease given since this statement began is not seen above; here it is.
            insert into safehands.due_lease (case_id, clock, until)
            select t.case_id, t.clock, p_now + p_lease from taken t
            on conflict (case_id, clock) do update set until = excluded.until where due_lease.until <= p_now
            returning case_id, clock
        )
        select t.case_id, t.clock, t.next_step, t.next_at
        from taken t join leased l on l.case_id = t.case_id and l.clock = t.clock
        order by t.next_at, t.case_id, t.clock;
end
$$;

-- Messages of the outbox that were told outside.
create function safehands.told(p_number bigint[], p_at timestamptz) returns void
    language sql security definer set search_path = safehands, pg_temp
as $$
    insert into safehands.outbox_told (number, told_at)
    select n, p_at from unnest(p_number) n on conflict (number) do nothing;
$$;

-- Empty every picture, before they are written anew from the ledger in the same transaction.
create function safehands.clear_pictures() returns void
    language sql security definer set search_path = safehands, pg_temp
as $$
    delete from safehands.case_picture;
    delete from safehands.holding_picture;
    delete from safehands.offer_picture;
    delete from safehands.task_picture;
    delete from safehands.clock_picture;
    delete from safehands.concern_picture;
    delete from safehands.standing_picture;
    delete from safehands.contact_picture;
    delete from safehands.link_picture;
    delete from safehands.presence_picture;
$$;

-- A stream ready to fold, and what the command did if it was done before, in one round trip. Runs as the caller: the
-- reading policies hold. p_agency is set for this transaction only.
create function safehands.load(p_agency text, p_stream text, p_command text)
    returns table (
        version integer, erased boolean, slot bigint, wrapped bytea,
        snapshot_version integer, snapshot_nonce bytea, snapshot bytea,
        positions bigint[], versions integer[], commitments bytea[], nonces bytea[], ciphertexts bytea[],
        done_stream text, done_first bigint, done_count integer
    )
    language plpgsql set search_path = safehands, pg_temp
as $$
#variable_conflict use_column
begin
    perform set_config('safehands.agency', coalesce(p_agency, ''), true);
    return query
        select s.version, s.erased, k.slot, k.wrapped, n.version, n.nonce, n.ciphertext,
            t.positions, t.versions, t.commitments, t.nonces, t.ciphertexts, d.stream, d.first, d.count
        from (select) one
        left join safehands.stream s on s.name = p_stream
        left join safehands.vault_key k on k.stream = s.name
        left join safehands.snapshot n on n.stream = s.name
        left join lateral (
            select array_agg(e.position order by e.version) as positions,
                array_agg(e.version order by e.version) as versions,
                array_agg(e.commitment order by e.version) as commitments,
                array_agg(v.nonce order by e.version) as nonces,
                array_agg(v.ciphertext order by e.version) as ciphertexts
            from safehands.entry e left join safehands.vault v on v.position = e.position
            where e.stream = s.name and e.version > coalesce(n.version, 0)
        ) t on true
        left join lateral (
            select c.stream, c.first, c.count from safehands.command c
            where c.command = p_command order by c.first limit 1
        ) d on true;
end
$$;

revoke all on all functions in schema safehands from public;
grant execute on function
    safehands.append, safehands.lock_tokens, safehands.stubs, safehands.seal, safehands.take_slots, safehands.erase,
    safehands.to_shred, safehands.shredded, safehands.load
    to :"application";
grant execute on function
    safehands.append, safehands.lock_tokens, safehands.stubs, safehands.seal, safehands.take_slots, safehands.erase,
    safehands.to_shred, safehands.shredded, safehands.load,
    safehands.rewrap, safehands.due, safehands.told, safehands.clear_pictures, safehands.put_pictures
    to :"worker";
