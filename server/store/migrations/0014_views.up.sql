-- Views: diagrams that somebody arranged, named and kept.

create table diagram_views (
    id text primary key constraint diagram_views_id_check check (id ~ '^vw_[a-z0-9]{10}$'),
    database_id text not null references databases (id) on delete cascade,
    -- A path of folders, ` / ` between them; empty for none.
    folder text not null default '',
    name text not null constraint diagram_views_name_check check (name <> ''),
    owner_user_id bigint references users (id) on delete set null,
    is_shared boolean not null default false,
    may_embed boolean not null default false,
    -- What the address of the diagram would say.
    query jsonb not null default '{}',
    -- Counts changes of the arrangement and of the query.
    revision bigint not null default 1,
    -- The revision that brought the query.
    query_revision bigint not null default 1,
    changed_at timestamptz not null default current_timestamp,
    changed_by_user_id bigint references users (id) on delete set null,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp
);

create unique index diagram_views_name_key
    on diagram_views (database_id, coalesce(owner_user_id, 0), lower(folder), lower(name));
create index idx_diagram_views_owner_user_id on diagram_views (owner_user_id);
create index idx_diagram_views_changed_by_user_id on diagram_views (changed_by_user_id);
create trigger update_diagram_views_updated_at before update on diagram_views
    for each row execute function update_updated_at_column();

alter table databases
    add column default_view_id text references diagram_views (id) on delete set null;
create index idx_databases_default_view_id on databases (default_view_id)
    where default_view_id is not null;

-- What was arranged, one row for each thing. What was taken back keeps its row without a value, so
-- that others learn of it.
create table diagram_view_parts (
    view_id text not null references diagram_views (id) on delete cascade,
    kind varchar(10) not null constraint diagram_view_parts_kind_check
        check (kind in ('place', 'pin', 'hide', 'colour', 'area', 'memo')),
    -- A table's id, or the name of an area or a memo within its view. No reference to the table: it
    -- keeps its row for life, and what is arranged of one that is not there means nothing.
    subject text collate "C" not null,
    value jsonb,
    -- The view's revision that brought it.
    revision bigint not null,
    changed_by_user_id bigint references users (id) on delete set null,
    changed_at timestamptz not null default current_timestamp,
    primary key (view_id, kind, subject)
);

create index idx_diagram_view_parts_revision on diagram_view_parts (view_id, revision);
create index idx_diagram_view_parts_changed_by_user_id on diagram_view_parts (changed_by_user_id);

-- Views as they were before somebody began to change them.
create table diagram_view_snapshots (
    view_id text not null references diagram_views (id) on delete cascade,
    number integer not null,
    query jsonb not null,
    -- Read and written whole.
    arrangement json not null,
    -- Who had brought the view to this state, and when.
    changed_by_user_id bigint references users (id) on delete set null,
    changed_at timestamptz not null,
    created_at timestamptz not null default current_timestamp,
    primary key (view_id, number)
);

create index idx_diagram_view_snapshots_changed_by_user_id
    on diagram_view_snapshots (changed_by_user_id);
