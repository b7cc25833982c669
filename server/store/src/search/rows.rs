//! What is known about the things found.

use super::candidates::Candidate;
use super::narrowing::Narrowing;
use super::terms::Terms;
use crate::error::StoreError;
use sqlx::PgConnection;

/// A table found, or a column of one.
pub(super) struct FoundRow {
    /// None for a dataset, and its name too.
    pub(super) database_id: Option<String>,
    pub(super) database_name: Option<String>,
    pub(super) table_id: i64,
    pub(super) schema_name: String,
    pub(super) table_name: String,
    pub(super) table_type: String,
    pub(super) references_in: i32,
    /// The table's.
    pub(super) tags: Vec<String>,
    /// The column's own, where it is a column.
    pub(super) column_tags: Vec<String>,
    pub(super) owner: Option<String>,
    pub(super) column_id: Option<i64>,
    pub(super) column_name: Option<String>,
    pub(super) data_type: Option<String>,
    pub(super) semantic_type: Option<String>,
    /// The column's own, where it is a column.
    pub(super) source_comment: Option<String>,
    pub(super) description: Option<String>,
}

/// A database found.
pub(super) struct DatabaseRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) provider: String,
    pub(super) table_count: i32,
    pub(super) tags: Vec<String>,
    pub(super) description: Option<String>,
}

/// Databases whose name contains the text, or whose texts hold the words; all that the filters
/// leave where there are none. Those that are called so come first.
pub(super) async fn databases(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: Option<&Terms>,
    limit: i64,
) -> Result<Vec<DatabaseRow>, StoreError> {
    Ok(sqlx::query_as!(
        DatabaseRow,
        r#"select id, name, provider, table_count, tags, left(description, 4000) as description
        from databases
        where ($1::text[] is null or id = any($1))
            and ($2::text[] is null or tags && $2)
            and ($3::text is null or lower(name) like lower($3)
                or ($4::text is not null and search_words @@ to_tsquery('simple', $4)))
        order by ($3 is null or lower(name) like lower($3)) desc, length(name), name, id
        limit $5"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        terms.map(|terms| terms.database_pattern.as_str()),
        terms.and_then(Terms::all_words),
        limit
    )
    .fetch_all(connection)
    .await?)
}

/// The candidates with what pages show of them, in the order given.
pub(super) async fn rows(
    connection: &mut PgConnection,
    candidates: &[Candidate],
) -> Result<Vec<FoundRow>, StoreError> {
    let table_ids: Vec<i64> = candidates.iter().map(|one| one.table_id).collect();
    let column_ids: Vec<Option<i64>> = candidates.iter().map(|one| one.column_id).collect();
    Ok(sqlx::query_as!(
        FoundRow,
        r#"select t.database_id, d.name as "database_name?", t.id as table_id, t.schema_name,
            t.table_name, t.table_type, t.references_in, coalesce(t.tags, '{}') as "tags!",
            coalesce(c.tags, '{}') as "column_tags!",
            u.username as "owner?", c.id as "column_id?", c.column_name as "column_name?",
            left(c.data_type, 400) as data_type, c.semantic_type as "semantic_type?",
            left(case when c.id is null then t.source_comment else c.source_comment end, 4000)
                as source_comment,
            left(case when c.id is null then t.description else c.description end, 4000)
                as description
        from unnest($1::bigint[], $2::bigint[]) with ordinality as f (table_id, column_id, place)
            join tables t on t.id = f.table_id
            left join databases d on d.id = t.database_id
            left join columns c on c.id = f.column_id
            left join users u on u.id = t.owner_user_id
        order by f.place"#,
        &table_ids,
        &column_ids as &[Option<i64>]
    )
    .fetch_all(connection)
    .await?)
}
