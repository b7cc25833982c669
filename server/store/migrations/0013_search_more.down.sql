drop function searchable_columns;
drop type searchable_column;
drop function searchable_tables;
drop index idx_tables_datasets;
alter table databases drop column search_words;
alter table columns drop column search_words;

-- As 0009 has them.
alter table columns add column search_words tsvector not null
    generated always as (to_tsvector('simple', translate(
        column_name || ' ' || left(data_type, 200) || ' ' || coalesce(semantic_type, '')
            || ' ' || coalesce(left(source_comment, 4000), '')
            || ' ' || coalesce(left(description, 4000), ''),
        '_.,:;-/\|@#&<>()[]{}"''`+=*%$!?~^',
        '                                 '))) stored;
create index idx_columns_search_words on columns using gin (search_words);

-- Tables that a search may find, under its filters; null for a filter that is not set. Partitions
-- are folded, and what has no database has no page yet: here is the place to let it in.
-- The planner takes the function apart, so a filter that is null costs nothing.
create function searchable_tables(
    in_databases text[], in_schemas text[], in_tags text[], in_owners bigint[], in_kinds text[],
    noted boolean, undocumented boolean
) returns setof tables
    language sql stable parallel safe as
$$
    select t.* from tables t
    where t.gone_at is null and t.database_id is not null and t.table_type <> 'partition'
        and (in_databases is null or t.database_id = any(in_databases))
        and (in_schemas is null or lower(t.schema_name collate "default") = any(in_schemas))
        and (in_tags is null or exists (
            select 1 from unnest(t.tags) as tag where lower(tag) = any(in_tags)))
        and (in_owners is null or t.owner_user_id = any(in_owners))
        and (in_kinds is null or t.table_type = any(in_kinds))
        and (not noted or t.description is not null)
        and (not undocumented or (t.description is null and t.source_comment is null))
$$;

create type searchable_column as (
    id bigint,
    table_id bigint,
    search_key text collate "C",
    search_words tsvector,
    references_in integer,
    table_search_key text collate "C",
    table_search_words tsvector
);

-- The same for columns: filters on tables hold for the table that a column is in.
create function searchable_columns(
    in_databases text[], in_schemas text[], in_tags text[], in_owners bigint[],
    type_patterns text[], noted boolean, undocumented boolean
) returns setof searchable_column
    language sql stable parallel safe as
$$
    select c.id, c.table_id, c.search_key, c.search_words, t.references_in,
        t.search_key, t.search_words
    from columns c
        join searchable_tables(in_databases, in_schemas, in_tags, in_owners, null, false, false) t
            on t.id = c.table_id
    where c.gone_at is null
        and (type_patterns is null or lower(c.data_type) like any(type_patterns)
            or lower(c.semantic_type) like any(type_patterns))
        and (not noted or c.description is not null)
        and (not undocumented or (c.description is null and c.source_comment is null))
$$;
