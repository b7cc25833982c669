-- What people write about databases, tables and columns: who wrote it and when, tags, and a
-- revision by which a form knows that somebody else was faster. A revision grows with what people
-- write and with nothing else, so that a refresh gets in nobody's way.
--
-- `ai_description` is a machine's draft. It stands apart from `description` for good.

alter table databases
    add column description text,
    add column description_by_user_id bigint references users (id) on delete set null,
    add column description_at timestamptz,
    add column ai_description text,
    add column ai_description_at timestamptz,
    add column tags text[] not null default '{}',
    add column revision integer not null default 0;

alter table tables
    add column description_by_user_id bigint references users (id) on delete set null,
    add column description_at timestamptz,
    add column ai_description text,
    add column ai_description_at timestamptz,
    add column revision integer not null default 0;

alter table columns
    add column description_by_user_id bigint references users (id) on delete set null,
    add column description_at timestamptz,
    add column ai_description text,
    add column ai_description_at timestamptz,
    add column tags text[] not null default '{}',
    add column revision integer not null default 0;

create index idx_databases_tags on databases using gin (tags);
create index idx_columns_tags on columns using gin (tags);
create index idx_columns_semantic_type on columns (semantic_type) where semantic_type is not null;
-- A person who is deleted must be found in what they wrote.
create index idx_databases_description_by_user_id on databases (description_by_user_id)
    where description_by_user_id is not null;
create index idx_tables_description_by_user_id on tables (description_by_user_id)
    where description_by_user_id is not null;
create index idx_columns_description_by_user_id on columns (description_by_user_id)
    where description_by_user_id is not null;

-- What people said to a proposed meaning of a column, so that nobody is asked twice.
create table semantic_verdicts (
    column_id bigint not null references columns (id) on delete cascade,
    semantic_type varchar(100) not null,
    is_accepted boolean not null,
    decided_by_user_id bigint references users (id) on delete set null,
    decided_at timestamptz not null default current_timestamp,
    primary key (column_id, semantic_type)
);

create index idx_semantic_verdicts_decided_by_user_id on semantic_verdicts (decided_by_user_id);
