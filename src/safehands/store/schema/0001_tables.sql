-- The tables. Written once, by the owner; afterwards only the functions of 0003 write to them.

-- One row for each stream. A case's stream is case/<uuid>; others are pathway/<name>, agency/<code>, node, ...
-- number is what an exclusion constraint can compare without an extension.
create table safehands.stream (
    number   bigint generated always as identity,
    name     text   not null,
    case_id  uuid   generated always as (case when name like 'case/%' then substr(name, 6)::uuid end) stored,
    version  integer not null,
    erased   boolean not null default false,
    constraint stream_pkey primary key (name),
    constraint stream_number_key unique (number),
    constraint stream_case_id_key unique (case_id),
    constraint stream_version_check check (version > 0)
) with (fillfactor = 80);

-- The ledger: the leaf of each entry. position is the leaf's index, from 0, without gaps, in the order of commits.
create table safehands.entry (
    position   bigint  not null,
    stream     text    not null,
    version    integer not null,
    commitment bytea   not null,
    constraint entry_pkey primary key (position),
    constraint entry_stream_version_key unique (stream, version),
    constraint entry_position_check check (position >= 0),
    constraint entry_commitment_check check (octet_length(commitment) = 33)
);

-- What the leaf commits to, encrypted. Erasure deletes the row; the entry stays.
create table safehands.vault (
    position   bigint not null,
    nonce      bytea  not null,
    ciphertext bytea  not null,
    constraint vault_pkey primary key (position),
    constraint vault_nonce_check check (octet_length(nonce) = 12)
);

-- The key of each stream, wrapped by one that is made of the master key and a slot, both outside the database.
create table safehands.vault_key (
    stream  text   not null,
    slot    bigint not null,
    wrapped bytea  not null,
    constraint vault_key_pkey primary key (stream)
);

-- Which master key wraps the keys, and the key of the blind index, wrapped by it. One row.
create table safehands.vault_master (
    one    boolean not null default true,
    master text    not null,
    blind  bytea   not null,
    constraint vault_master_pkey primary key (one),
    constraint vault_master_one_check check (one)
);

-- Slots whose content is to be overwritten: written with the erasure, so that a crash cannot forget it.
create table safehands.shred (
    slot        bigint not null,
    shredded_at timestamptz,
    constraint shred_pkey primary key (slot)
);

-- Slot numbers are never used twice.
create sequence safehands.slot as bigint minvalue 0 start 0;

-- A stream's folded state, encrypted: a cache that may be deleted at any time.
create table safehands.snapshot (
    stream  text    not null,
    version integer not null,
    nonce   bytea   not null,
    ciphertext bytea not null,
    constraint snapshot_pkey primary key (stream)
);

-- What each command wrote to each stream: a second time it writes nothing.
create table safehands.command (
    command text    not null,
    stream  text    not null,
    first   bigint  not null,
    count   integer not null,
    constraint command_pkey primary key (command, stream)
);

-- How many entries there are. One row, locked by whoever appends, until the commit.
create table safehands.head (
    one  boolean not null default true,
    size bigint  not null,
    constraint head_pkey primary key (one),
    constraint head_one_check check (one)
);
insert into safehands.head (size) values (0);

-- The hashes of complete subtrees: level 0 is a leaf hash.
create table safehands.node (
    level smallint not null,
    idx   bigint   not null,
    hash  bytea    not null,
    constraint node_pkey primary key (level, idx),
    constraint node_hash_check check (octet_length(hash) = 32)
);

-- Signed checkpoints, each longer than the one before.
create table safehands.checkpoint (
    size      bigint not null,
    root      bytea  not null,
    signed    text   not null,
    sealed_at timestamptz not null,
    constraint checkpoint_pkey primary key (size),
    constraint checkpoint_root_check check (octet_length(root) = 32)
);

-- Pictures: rows that are a function of one case's folded state. Coded values and references only.
create table safehands.case_picture (
    case_id         uuid not null,
    reference       text,
    pathway         text,
    status          text,
    holder          text,
    keeper          text,
    receiver        text,
    concluded       bigint,
    row_id          text,
    decided         bigint,
    opened_at       timestamptz,
    closed_at       timestamptz,
    last_at         timestamptz,
    next_due_at     timestamptz,
    next_clock      text,
    offers_open     bigint,
    concerns_open   bigint,
    worst_concern   bigint,
    version         bigint,
    constraint case_picture_pkey primary key (case_id),
    constraint case_picture_reference_key unique (reference)
) with (fillfactor = 80);
create index case_picture_holder on safehands.case_picture (holder, next_due_at);

-- Who held the case, and when: [held_from, held_until). Two holders at once are impossible.
-- The check waits for the end of the append, so that a boundary may move between two rows.
create table safehands.holding_picture (
    case_id    uuid   not null,
    n          bigint not null,
    agency     text   not null,
    held_from  timestamptz not null,
    held_until timestamptz,
    case_no    bigint not null,
    during     tstzrange generated always as (tstzrange(held_from, held_until, '[)')) stored,
    constraint holding_picture_pkey primary key (case_id, n),
    constraint holding_picture_one_holder
        exclude using gist (int8range(case_no, case_no, '[]') with &&, during with &&) deferrable initially deferred
);
create index holding_picture_agency on safehands.holding_picture (agency, held_from);

create table safehands.offer_picture (
    offer_id        text not null,
    case_id         uuid not null,
    kind            text,
    from_agency     text,
    to_agency       text,
    desk            text,
    status          text,
    offered_at      timestamptz,
    due_at          timestamptz,
    acknowledged_at timestamptz,
    settled_at      timestamptz,
    by_word         boolean,
    confirmed       boolean,
    late            boolean,
    constraint offer_picture_pkey primary key (offer_id)
);
create index offer_picture_case on safehands.offer_picture (case_id);
create index offer_picture_to on safehands.offer_picture (to_agency, status, due_at);

create table safehands.task_picture (
    task_id    text not null,
    case_id    uuid not null,
    kind       text,
    assignee   text,
    status     text,
    added_at   timestamptz,
    due_at     timestamptz,
    settled_at timestamptz,
    constraint task_picture_pkey primary key (task_id)
);
create index task_picture_case on safehands.task_picture (case_id);

create table safehands.clock_picture (
    case_id    uuid not null,
    clock      text not null,
    spec       text,
    status     text,
    started_at timestamptz,
    due_at     timestamptz,
    next_step  text,
    next_at    timestamptz,
    constraint clock_picture_pkey primary key (case_id, clock)
) with (fillfactor = 80);
create index clock_picture_next on safehands.clock_picture (next_at) where next_at is not null;

create table safehands.concern_picture (
    case_id    uuid not null,
    concern    text not null,
    rule       text,
    grade      bigint,
    raised_at  timestamptz,
    cleared_at timestamptz,
    constraint concern_picture_pkey primary key (case_id, concern)
);

-- Which agencies may read a case: the reading policies of 0002 ask this table.
create table safehands.standing_picture (
    case_id uuid not null,
    agency  text not null,
    since   timestamptz,
    constraint standing_picture_pkey primary key (case_id, agency)
);
create index standing_picture_agency on safehands.standing_picture (agency);

create table safehands.contact_picture (
    contact_id    text not null,
    case_id       uuid not null,
    channel       text,
    reporter_type text,
    taken_by      text,
    received_at   timestamptz,
    dropped_at    timestamptz,
    constraint contact_picture_pkey primary key (contact_id)
);
create index contact_picture_case on safehands.contact_picture (case_id);

create table safehands.link_picture (
    case_id    uuid not null,
    other_case uuid not null,
    linked_at  timestamptz,
    constraint link_picture_pkey primary key (case_id, other_case)
);

create table safehands.presence_picture (
    case_id     uuid not null,
    responder   text not null,
    agency      text,
    arrived_at  timestamptz,
    released_at timestamptz,
    constraint presence_picture_pkey primary key (case_id, responder)
);

-- Facts: insert-only rows, each of the entry at position; n counts the facts of one entry from 0.
create table safehands.fact (
    position     bigint  not null,
    n            integer not null,
    case_id      uuid,
    kind         text    not null,
    happened_at  timestamptz,
    day          text,
    hour         bigint,
    about        text,
    agency       text,
    other_agency text,
    code         text,
    name         text,
    provenance   text,
    row_id       text,
    outcome      bigint,
    seconds      double precision,
    count        bigint,
    constraint fact_pkey primary key (position, n)
);
create index fact_kind on safehands.fact (kind, happened_at);
create index fact_case on safehands.fact (case_id);

-- What people and places are found by, keyed and hashed. A token belongs to the entries of its append.
create table safehands.blind_index (
    kind         text    not null,
    token        bytea   not null,
    stream       text    not null,
    from_version integer not null,
    to_version   integer not null,
    constraint blind_index_pkey primary key (kind, token, stream, from_version)
);
create index blind_index_stream on safehands.blind_index (stream);

-- What must be told outside, in the order of commits, and what was told.
create table safehands.outbox (
    number    bigint generated always as identity,
    position  bigint not null,
    channel   text   not null,
    recipient text   not null,
    about     text   not null,
    body      jsonb  not null,
    constraint outbox_pkey primary key (number)
);
create table safehands.outbox_told (
    number  bigint not null,
    told_at timestamptz not null,
    constraint outbox_told_pkey primary key (number)
);

-- The log of looking: who asked whether a person or place is known elsewhere, why, and which cases they were shown.
create table safehands.look (
    number bigint generated always as identity,
    at     timestamptz not null,
    actor  text   not null,
    agency text   not null,
    reason text   not null,
    kinds  text[] not null,
    shown  uuid[] not null,
    constraint look_pkey primary key (number)
);

-- Which due clocks a worker has taken in hand, and until when others leave them alone.
create table safehands.due_lease (
    case_id uuid not null,
    clock   text not null,
    until   timestamptz not null,
    constraint due_lease_pkey primary key (case_id, clock)
);
