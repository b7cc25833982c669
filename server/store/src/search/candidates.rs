//! What may fit, as ids: one statement for each way to fit.
//!
//! Each is bounded, and the planner sees the values (see `Store::search`), so that a filter that
//! is not set costs nothing and a narrow one leads.

use super::narrowing::Narrowing;
use super::terms::Terms;
use crate::error::StoreError;
use sqlx::PgConnection;

/// A table, or a column of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Candidate {
    pub(super) table_id: i64,
    pub(super) column_id: Option<i64>,
}

/// Of the tables that are used most so many show their columns first.
const USED_MAX: i64 = 200;

/// Tables whose name begins with the words, or whose schema and name fit both halves of `a.b`:
/// those called so first, then by use.
pub(super) async fn tables_named(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: &Terms,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    // A range stands where LIKE could, so that the index serves.
    Ok(sqlx::query_as!(
        Candidate,
        r#"select id as "table_id!", null::bigint as column_id from (
            (select t.id, t.search_key = lower($8) as same, t.references_in
            from searchable_tables($1, $2, $3, $4, $5, $6, $7) t
            where t.search_key >= lower($8) collate "C"
                and t.search_key < (lower($8) || chr(1114111)) collate "C"
            order by same desc, t.references_in desc, t.search_key, t.id
            limit $11)
            union
            (select t.id, t.search_key = lower($10) as same, t.references_in
            from searchable_tables($1, $2, $3, $4, $5, $6, $7) t
            where $9::text is not null
                and lower(t.schema_name collate "default") = lower($9)
                and t.search_key >= lower($10::text) collate "C"
                and t.search_key < (lower($10) || chr(1114111)) collate "C"
            order by same desc, t.references_in desc, t.search_key, t.id
            limit $11)
        ) as found
        order by same desc, references_in desc, id"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.kinds.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        terms.key,
        terms.qualifier,
        terms.rest,
        limit
    )
    .fetch_all(connection)
    .await?)
}

/// Columns whose name begins with the words, or whose table is called like the first half of
/// `a.b` and whose name begins with the second. Of names that many tables have (`id`) those of
/// the tables that are used most are among them.
pub(super) async fn columns_named(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: &Terms,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sqlx::query_as!(
        Candidate,
        r#"(select c.table_id as "table_id!", c.id as column_id
        from searchable_columns($1, $2, $3, $4, $5, $6, $7) c
        where c.search_key >= lower($8) collate "C"
            and c.search_key < (lower($8) || chr(1114111)) collate "C"
        order by c.search_key, c.id
        limit $11)
        union
        (select c.table_id, c.id
        from (
                select t.id from searchable_tables($1, $2, $3, $4, null, false, false) t
                order by t.references_in desc, t.id
                limit $12
            ) as used
            cross join lateral (
                select c.table_id, c.id
                from searchable_columns($1, $2, $3, $4, $5, $6, $7) c
                where c.table_id = used.id
                    and c.search_key >= lower($8) collate "C"
                    and c.search_key < (lower($8) || chr(1114111)) collate "C"
                limit 20
            ) as c
        limit $11)
        union
        (select c.table_id, c.id
        from searchable_columns($1, $2, $3, $4, $5, $6, $7) c
        where $9::text is not null
            and c.table_search_key = lower($9) collate "C"
            and c.search_key >= lower($10::text) collate "C"
            and c.search_key < (lower($10) || chr(1114111)) collate "C"
        limit $11)"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.type_patterns.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        terms.key,
        terms.qualifier,
        terms.rest,
        limit,
        USED_MAX
    )
    .fetch_all(connection)
    .await?)
}

/// Tables whose name contains the words in their order, or whose texts hold a beginning of each;
/// those used most.
pub(super) async fn tables_telling(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: &Terms,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sqlx::query_as!(
        Candidate,
        r#"(select t.id as "table_id!", null::bigint as column_id
        from searchable_tables($1, $2, $3, $4, $5, $6, $7) t
        where $8::text is not null and t.search_key like lower($8)
        order by t.references_in desc, t.id
        limit $10)
        union
        (select t.id, null
        from searchable_tables($1, $2, $3, $4, $5, $6, $7) t
        where $9::text is not null and t.search_words @@ to_tsquery('simple', $9)
        order by t.references_in desc, t.id
        limit $10)"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.kinds.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        terms.has_trigrams().then_some(&terms.pattern),
        terms.all_words(),
        limit
    )
    .fetch_all(connection)
    .await?)
}

/// Columns whose name contains the words in their order, first where a word begins with them, or
/// whose texts hold a beginning of each. Where more do than anybody would look at, some of them.
pub(super) async fn columns_telling(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: &Terms,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sqlx::query_as!(
        Candidate,
        r#"(select c.table_id as "table_id!", c.id as column_id
        from searchable_columns($1, $2, $3, $4, $5, $6, $7) c
        where $8::text is not null and c.search_key like lower($9)
        limit $11)
        union
        (select c.table_id, c.id
        from searchable_columns($1, $2, $3, $4, $5, $6, $7) c
        where $8 is not null and c.search_key like lower($8)
        limit $11)
        union
        (select c.table_id, c.id
        from searchable_columns($1, $2, $3, $4, $5, $6, $7) c
        where $10::text is not null and c.search_words @@ to_tsquery('simple', $10)
        limit $11)"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.type_patterns.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        terms.has_trigrams().then_some(&terms.pattern),
        terms.word_pattern,
        terms.all_words(),
        limit
    )
    .fetch_all(connection)
    .await?)
}

/// Columns that have some of the words while their table has the others: `customer email`. A tag
/// may be the table's or the column's.
pub(super) async fn columns_across(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: &Terms,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sqlx::query_as!(
        Candidate,
        r#"with words as materialized (
            select to_tsquery('simple', word) as word from unnest($8::text[]) as word
        ),
        named as materialized (
            select t.id, array(
                select w.word from words w where not t.search_words @@ w.word) as missing
            from searchable_tables($1, $2, null, $4, null, false, false) t
            where t.search_words @@ to_tsquery('simple', $9)
                and not t.search_words @@ to_tsquery('simple', $10)
                and ($3::text[] is null
                    or exists (select 1 from unnest(t.tags) as tag where lower(tag) = any($3))
                    or exists (
                        select 1 from columns own where own.table_id = t.id and own.tags && $3))
            order by t.references_in desc, t.id
            limit $12
        )
        select c.table_id as "table_id!", c.id as column_id
        from named
            cross join lateral (
                select c.table_id, c.id
                from searchable_columns($1, $2, $3, $4, $5, $6, $7) c
                where c.table_id = named.id
                    and not exists (
                        select 1 from unnest(named.missing) as word
                        where not c.search_words @@ word)
                limit 20
            ) as c
        limit $11"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.type_patterns.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        &terms.word_queries(),
        terms.any_word(),
        terms.all_words(),
        limit,
        USED_MAX
    )
    .fetch_all(connection)
    .await?)
}

/// Tables and columns whose name resembles the words: somebody mistyped it. By resemblance, of
/// which `likeness` (the part of the trigrams that are shared, from 0 to 1) is the least.
pub(super) async fn similar(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: &Terms,
    likeness: f32,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    sqlx::query!(
        "select set_config('pg_trgm.similarity_threshold', $1::real::text, true)",
        likeness
    )
    .fetch_one(&mut *connection)
    .await?;
    // The planner takes the comparison for cheap; over a hundred thousand names it is not.
    sqlx::query!("set local enable_seqscan = off")
        .execute(&mut *connection)
        .await?;
    Ok(sqlx::query_as!(
        Candidate,
        r#"select table_id as "table_id!", column_id from (
            (select t.id as table_id, null::bigint as column_id,
                similarity(t.search_key, lower($9)) as likeness, t.references_in
            from searchable_tables($1, $2, $3, $4, $5, $6, $7) t
            where $10 and t.search_key % lower($9)
            order by likeness desc, t.references_in desc, t.id
            limit $12)
            union all
            (select c.table_id, c.id, similarity(c.search_key, lower($9)) as likeness,
                c.references_in
            from searchable_columns($1, $2, $3, $4, $8, $6, $7) c
            where $11 and c.search_key % lower($9)
            order by likeness desc, c.references_in desc, c.id
            limit $12)
        ) as found
        order by likeness desc, column_id is not null, references_in desc, table_id, column_id"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.kinds.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        narrowing.type_patterns.as_deref() as Option<&[String]>,
        terms.rest.as_ref().unwrap_or(&terms.key),
        narrowing.wants_tables,
        narrowing.wants_columns,
        limit
    )
    .fetch_all(connection)
    .await?)
}

/// Tables that the filters leave, those used most.
pub(super) async fn tables_left(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sqlx::query_as!(
        Candidate,
        r#"select t.id as "table_id!", null::bigint as column_id
        from searchable_tables($1, $2, $3, $4, $5, $6, $7) t
        order by t.references_in desc, t.id
        limit $8"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.kinds.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        limit
    )
    .fetch_all(connection)
    .await?)
}

/// Columns that the filters leave, those of the tables used most. What a table's tag and what a
/// column's own finds are asked for apart, so that an index leads to either.
pub(super) async fn columns_left(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sqlx::query_as!(
        Candidate,
        r#"select table_id as "table_id!", column_id from (
            (select c.table_id, c.id as column_id, c.references_in
            from searchable_columns($1, $2, null, $4, $5, $6, $7) c
            where ($8::text is null or c.search_words @@ to_tsquery('simple', $8))
                and not $10
                and ($3::text[] is null or c.table_id in (
                    select t.id
                    from searchable_tables($1, $2, $3, $4, null, false, false) t))
            order by c.references_in desc, c.table_id, c.id
            limit $9)
            union
            (select c.table_id, c.id, c.references_in
            from searchable_columns($1, $2, null, $4, $5, $6, $7) c
            where $3 is not null and c.tags && $3
                and ($8 is null or c.search_words @@ to_tsquery('simple', $8))
            order by c.references_in desc, c.table_id, c.id
            limit $9)
        ) as found
        order by references_in desc, table_id, column_id
        limit $9"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        narrowing.type_patterns.as_deref() as Option<&[String]>,
        narrowing.noted,
        narrowing.undocumented,
        narrowing.type_words,
        limit,
        narrowing.own_tags
    )
    .fetch_all(connection)
    .await?)
}
