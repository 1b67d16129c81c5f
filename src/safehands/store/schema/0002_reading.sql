-- Who may read what. Nobody but the owner has a right to write to any table, and the owner cannot log in.
-- Row-level security is forced on every table: even the owner passes only through a policy that stands here.

do $$
declare
    name text;
begin
    for name in
        select c.relname from pg_class c
        where c.relnamespace = 'safehands'::regnamespace and c.relkind = 'r' order by c.relname
    loop
        execute format('alter table safehands.%I enable row level security', name);
        execute format('alter table safehands.%I force row level security', name);
        execute format('create policy owner_all on safehands.%I to :"owner" using (true) with check (true)', name);
        execute format(
            'create policy whole_reads on safehands.%I for select to :"worker", :"auditor" using (true)', name);
        execute format('grant select on safehands.%I to :"worker", :"auditor"', name);
    end loop;
end
$$;

-- A key is not something to read about.
revoke select on safehands.vault_key, safehands.vault_master from :"auditor";

-- The application reads as one agency, named for one transaction. With nothing named it sees nothing of any stream.
create function safehands.has_standing(p_case uuid) returns boolean
    language sql stable security definer set search_path = safehands, pg_temp
    return exists (
        select from safehands.standing_picture s
        where s.case_id = p_case and s.agency = nullif(current_setting('safehands.agency', true), ''));
revoke all on function safehands.has_standing(uuid) from public;
grant execute on function safehands.has_standing(uuid) to :"application";

-- Where an agency has standing it also sees who else has. The first half answers the policies below without a call.
create policy agency_reads on safehands.standing_picture for select to :"application"
    using (agency = nullif(current_setting('safehands.agency', true), '') or safehands.has_standing(case_id));

-- A value and not `exists`: before a table has its statistics the planner reads an `exists` as "collect every case of this
-- agency first", once for each table that asks this policy, and one case costs what all of them cost (measured).
create policy agency_reads on safehands.stream for select to :"application" using (
    case when case_id is not null
        then (
            select true from safehands.standing_picture s
            where s.case_id = stream.case_id and s.agency = nullif(current_setting('safehands.agency', true), ''))
        else nullif(current_setting('safehands.agency', true), '') is not null
            and (name = 'node' or name like 'pathway/%'
                or name = 'agency/' || current_setting('safehands.agency', true)
                or starts_with(name, 'agency/' || current_setting('safehands.agency', true) || '/'))
    end);

do $$
declare
    name text;
begin
    -- Rows of a case: the agency has standing in it.
    foreach name in array array[
        'case_picture', 'holding_picture', 'offer_picture', 'task_picture', 'clock_picture', 'concern_picture',
        'contact_picture', 'link_picture', 'presence_picture', 'fact'
    ] loop
        execute format(
            'create policy agency_reads on safehands.%1$I for select to :"application" using (exists ('
            'select from safehands.standing_picture s where s.case_id = %1$I.case_id '
            'and s.agency = nullif(current_setting(''safehands.agency'', true), '''')))', name);
    end loop;
    -- Rows of a stream: the stream can be read.
    foreach name in array array['entry', 'vault_key', 'snapshot', 'command'] loop
        execute format(
            'create policy agency_reads on safehands.%1$I for select to :"application" using (exists ('
            'select from safehands.stream s where s.name = %1$I.stream))', name);
    end loop;
    -- Nothing personal: sizes, hashes, signatures.
    foreach name in array array['head', 'node', 'checkpoint'] loop
        execute format('create policy everyone_reads on safehands.%I for select to :"application" using (true)', name);
    end loop;
    foreach name in array array[
        'stream', 'entry', 'vault', 'vault_key', 'snapshot', 'command', 'head', 'node', 'checkpoint',
        'fact', 'case_picture', 'holding_picture', 'offer_picture', 'task_picture', 'clock_picture', 'concern_picture',
        'standing_picture', 'contact_picture', 'link_picture', 'presence_picture'
    ] loop
        execute format('grant select on safehands.%I to :"application"', name);
    end loop;
end
$$;

create policy agency_reads on safehands.vault for select to :"application"
    using (exists (select from safehands.entry e where e.position = vault.position));

grant usage on schema safehands to :"application", :"worker", :"auditor";
