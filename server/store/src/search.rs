//! Finding databases, tables and columns by name.
//!
//! Names that are the text or begin with it come from B-trees. Only where these leave room, the
//! slower trigrams are asked: for names that contain the text, and last for names that resemble
//! it. Each question is bounded before anything is joined to its answer.

mod found;
mod text;

use crate::error::StoreError;
use crate::store::Store;
use found::{Found, FoundRow};
use model::catalog::SearchHit;
use sqlx::{Connection as _, PgConnection};
use text::SearchText;

/// Of names that contain the text so many of each kind are put in order.
const CANDIDATES_MAX: i64 = 200;

impl Store {
    /// Databases, tables and columns whose name fits the text, the best first: those that are
    /// it, begin with it, have a word that begins with it, contain it, resemble it. `a.b` finds
    /// also the table b of the schema a and the column b of the table a. Partitions are folded,
    /// so they are not found. Two questions at the most, a third where nothing was found.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search(&self, text: &str, limit: u32) -> Result<Vec<SearchHit>, StoreError> {
        let Some(text) = SearchText::read(text) else {
            return Ok(Vec::new());
        };
        let limit = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let mut connection = self.pool.acquire().await?;
        let mut found = Found::default();
        found.extend(named(&mut connection, &text, limit).await?, &text);
        if found.len() < limit && text.has_trigrams() {
            found.extend(containing(&mut connection, &text).await?, &text);
            if found.is_empty() {
                found.extend(resembling(&mut connection, &text, limit).await?, &text);
            }
        }
        found.hits(limit)
    }
}

/// Databases by any part of their name; tables and columns by their name's beginning, or by both
/// halves of `a.b`.
async fn named(
    connection: &mut PgConnection,
    text: &SearchText,
    limit: usize,
) -> Result<Vec<FoundRow>, StoreError> {
    // A range stands where LIKE could, so that the index serves whatever plan is cached.
    let rows = sqlx::query_as!(
        FoundRow,
        r#"with found_tables as (
            (select t.id from tables t
            where t.search_key >= lower($1) collate "C"
                and t.search_key < (lower($1) || chr(1114111)) collate "C"
                and t.gone_at is null and t.database_id is not null and t.table_type <> 'partition'
            order by t.search_key, t.id
            limit $5)
            union
            (select t.id from tables t
            where $2::text is not null
                and lower(t.schema_name collate "default") = lower($2)
                and t.search_key >= lower($3::text) collate "C"
                and t.search_key < (lower($3) || chr(1114111)) collate "C"
                and t.gone_at is null and t.database_id is not null and t.table_type <> 'partition'
            order by t.search_key, t.id
            limit $5)
        ),
        found_columns as (
            (select c.id, c.table_id from columns c join tables t on t.id = c.table_id
            where c.search_key >= lower($1) collate "C"
                and c.search_key < (lower($1) || chr(1114111)) collate "C"
                and c.gone_at is null
                and t.gone_at is null and t.database_id is not null and t.table_type <> 'partition'
            order by c.search_key, c.id
            limit $5)
            union
            (select c.id, c.table_id from tables t join columns c on c.table_id = t.id
            where $2 is not null and t.search_key = lower($2) collate "C"
                and c.search_key >= lower($3) collate "C"
                and c.search_key < (lower($3) || chr(1114111)) collate "C"
                and c.gone_at is null
                and t.gone_at is null and t.database_id is not null and t.table_type <> 'partition'
            order by c.search_key, c.id
            limit $5)
        ),
        found as (
            (select d.id as database_id, null::bigint as table_id, null::bigint as column_id
            from databases d
            where lower(d.name) like lower($4)
            order by length(d.name), d.name, d.id
            limit $5)
            union all
            select t.database_id, t.id, null from found_tables f join tables t on t.id = f.id
            union all
            select t.database_id, t.id, f.id from found_columns f join tables t on t.id = f.table_id
        )
        select d.id as database_id, d.name as database_name, d.provider, d.table_count,
            t.id as "table_id?", t.schema_name as "schema_name?", t.table_name as "table_name?",
            t.table_type as "table_type?", t.source_comment, t.references_in as "references_in?",
            c.id as "column_id?", c.column_name as "column_name?", c.data_type as "data_type?"
        from found f
            join databases d on d.id = f.database_id
            left join tables t on t.id = f.table_id
            left join columns c on c.id = f.column_id"#,
        text.key,
        text.qualifier,
        text.rest,
        text.database_pattern,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Tables and columns whose name contains the text. Where more do than anybody would look at,
/// some of them: first those where a word begins with it.
async fn containing(
    connection: &mut PgConnection,
    text: &SearchText,
) -> Result<Vec<FoundRow>, StoreError> {
    let rows = sqlx::query_as!(
        FoundRow,
        r#"with found_tables as (
            (select t.id from tables t
            where t.search_key like lower($2) and t.gone_at is null
                and t.database_id is not null and t.table_type <> 'partition'
            limit $3)
            union
            (select t.id from tables t
            where t.search_key like lower($1) and t.gone_at is null
                and t.database_id is not null and t.table_type <> 'partition'
            limit $3)
        ),
        found_columns as (
            (select c.id, c.table_id from columns c join tables t on t.id = c.table_id
            where c.search_key like lower($2) and c.gone_at is null and t.gone_at is null
                and t.database_id is not null and t.table_type <> 'partition'
            limit $3)
            union
            (select c.id, c.table_id from columns c join tables t on t.id = c.table_id
            where c.search_key like lower($1) and c.gone_at is null and t.gone_at is null
                and t.database_id is not null and t.table_type <> 'partition'
            limit $3)
        ),
        found as (
            select id as table_id, null::bigint as column_id from found_tables
            union all
            select table_id, id from found_columns
        )
        select d.id as database_id, d.name as database_name, d.provider, d.table_count,
            t.id as "table_id?", t.schema_name as "schema_name?", t.table_name as "table_name?",
            t.table_type as "table_type?", t.source_comment, t.references_in as "references_in?",
            c.id as "column_id?", c.column_name as "column_name?", c.data_type as "data_type?"
        from found f
            join tables t on t.id = f.table_id
            join databases d on d.id = t.database_id
            left join columns c on c.id = f.column_id"#,
        text.pattern,
        text.word_pattern,
        CANDIDATES_MAX
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Tables and columns whose name resembles the text: somebody mistyped it.
async fn resembling(
    connection: &mut PgConnection,
    text: &SearchText,
    limit: usize,
) -> Result<Vec<FoundRow>, StoreError> {
    let mut transaction = connection.begin().await?;
    // Two letters of six that changed places are a resemblance of 0.27; the default is 0.3.
    sqlx::query!("set local pg_trgm.similarity_threshold = 0.25")
        .execute(&mut *transaction)
        .await?;
    // The planner takes the comparison for cheap; over a hundred thousand names it is not.
    sqlx::query!("set local enable_seqscan = off")
        .execute(&mut *transaction)
        .await?;
    let rows = sqlx::query_as!(
        FoundRow,
        r#"with found_tables as (
            select t.id from tables t
            where t.search_key % lower($1) and t.gone_at is null
                and t.database_id is not null and t.table_type <> 'partition'
            order by similarity(t.search_key, lower($1)) desc, t.search_key, t.id
            limit $2
        ),
        found_columns as (
            select c.id, c.table_id from columns c join tables t on t.id = c.table_id
            where c.search_key % lower($1) and c.gone_at is null and t.gone_at is null
                and t.database_id is not null and t.table_type <> 'partition'
            order by similarity(c.search_key, lower($1)) desc, c.search_key, c.id
            limit $2
        ),
        found as (
            select id as table_id, null::bigint as column_id from found_tables
            union all
            select table_id, id from found_columns
        )
        select d.id as database_id, d.name as database_name, d.provider, d.table_count,
            t.id as "table_id?", t.schema_name as "schema_name?", t.table_name as "table_name?",
            t.table_type as "table_type?", t.source_comment, t.references_in as "references_in?",
            c.id as "column_id?", c.column_name as "column_name?", c.data_type as "data_type?"
        from found f
            join tables t on t.id = f.table_id
            join databases d on d.id = t.database_id
            left join columns c on c.id = f.column_id
        order by similarity(coalesce(c.search_key, t.search_key), lower($1)) desc"#,
        text.rest.as_ref().unwrap_or(&text.key),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(rows)
}
