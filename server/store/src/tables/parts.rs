//! What a table's page shows below its head: one statement for each kind of thing.

use crate::error::StoreError;
use crate::metadata::AnnotationRow;
use model::catalog::{
    ColumnDetail, ColumnStatistics, ConstraintDetail, IndexDetail, PARTITIONS_MAX, PartitionDetail,
    REFERENCES_IN_MAX, Reference,
};
use model::id::ColumnId;
use model::metadata::ColumnMetadata;
use model::schema::{IndexPart, ReferentialAction};
use sqlx::PgConnection;
use sqlx::types::Json;

/// No other part is listed beyond this; no table we know of comes near.
const PARTS_MAX: i64 = 10_000;

pub(crate) async fn columns(
    connection: &mut PgConnection,
    table_id: i64,
) -> Result<Vec<ColumnDetail>, StoreError> {
    let rows = sqlx::query!(
        r#"select c.id, c.column_name, c.data_type, c.is_nullable, c.is_primary_key, c.is_unique,
            c.is_indexed, c.default_value, c.generated_expression, c.identity_kind,
            c.source_comment, c.description, c.description_at, c.ai_description,
            c.ai_description_at, c.tags, c.revision, c.semantic_type,
            coalesce(nullif(w.full_name, ''), w.username) as description_by,
            array(select v.semantic_type from semantic_verdicts v where v.column_id = c.id
                order by 1) as "decided!: Vec<String>",
            c.statistics
        from columns c left join users w on w.id = c.description_by_user_id
        where c.table_id = $1 and c.gone_at is null
        order by c.column_position, c.id
        limit $2"#,
        table_id,
        PARTS_MAX
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ColumnDetail {
            id: ColumnId(row.id),
            name: row.column_name,
            data_type: row.data_type,
            nullable: row.is_nullable,
            primary_key: row.is_primary_key,
            unique: row.is_unique,
            indexed: row.is_indexed,
            default: row.default_value,
            generated: row.generated_expression,
            identity: row.identity_kind,
            comment: row.source_comment,
            metadata: ColumnMetadata {
                annotation: AnnotationRow {
                    revision: row.revision,
                    description: row.description,
                    description_by: row.description_by,
                    description_at: row.description_at,
                    ai_description: row.ai_description,
                    ai_description_at: row.ai_description_at,
                    tags: Some(row.tags),
                }
                .into(),
                semantic_type: row.semantic_type,
                decided: row.decided,
                proposal: None,
            },
            // Others may write statistics of a shape of their own; a page does without them.
            statistics: row
                .statistics
                .and_then(|value| serde_json::from_value::<ColumnStatistics>(value).ok()),
        })
        .collect())
}

/// A row of `foreign_keys` from one of its ends.
struct ReferenceRow {
    name: String,
    schema: String,
    table: String,
    known: bool,
    columns: Vec<String>,
    other_columns: Vec<String>,
    on_delete: String,
    on_update: String,
}

impl TryFrom<ReferenceRow> for Reference {
    type Error = StoreError;

    fn try_from(row: ReferenceRow) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.name,
            schema: row.schema,
            table: row.table,
            known: row.known,
            columns: row.columns,
            other_columns: row.other_columns,
            on_delete: read_action(&row.on_delete)?,
            on_update: read_action(&row.on_update)?,
        })
    }
}

fn read_action(words: &str) -> Result<ReferentialAction, StoreError> {
    ReferentialAction::from_sql(words).ok_or(StoreError::Unreadable {
        what: "action of a foreign key",
    })
}

pub(super) async fn references_out(
    connection: &mut PgConnection,
    table_id: i64,
) -> Result<Vec<Reference>, StoreError> {
    sqlx::query_as!(
        ReferenceRow,
        r#"select k.name, k.target_schema as schema, k.target_table as "table",
            (t.id is not null) as "known!", k.columns, k.target_columns as other_columns,
            k.on_delete, k.on_update
        from foreign_keys k
            left join tables t on t.id = k.target_table_id and t.gone_at is null
        where k.table_id = $1
        order by k.id
        limit $2"#,
        table_id,
        PARTS_MAX
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Reference::try_from)
    .collect()
}

/// Keys that partitions have from their parent are left out: the parent's stands for them.
pub(super) async fn references_in(
    connection: &mut PgConnection,
    table_id: i64,
) -> Result<Vec<Reference>, StoreError> {
    sqlx::query_as!(
        ReferenceRow,
        r#"select k.name, t.schema_name as schema, t.table_name as "table", true as "known!",
            k.target_columns as columns, k.columns as other_columns, k.on_delete, k.on_update
        from foreign_keys k join tables t on t.id = k.table_id
        where k.target_table_id = $1 and not k.is_inherited and t.gone_at is null
        order by t.schema_name, t.table_name, k.name, k.id
        limit $2"#,
        table_id,
        bound(REFERENCES_IN_MAX)
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Reference::try_from)
    .collect()
}

pub(super) async fn indexes(
    connection: &mut PgConnection,
    table_id: i64,
) -> Result<Vec<IndexDetail>, StoreError> {
    let rows = sqlx::query!(
        r#"select name, method, is_unique, parts as "parts: Json<Vec<IndexPart>>",
            include_columns, predicate, constraint_kind
        from table_indexes
        where table_id = $1
        order by constraint_kind = 'primary_key' desc nulls last, name, id
        limit $2"#,
        table_id,
        PARTS_MAX
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| IndexDetail {
            name: row.name,
            method: row.method,
            unique: row.is_unique,
            parts: row.parts.0.into_iter().map(|part| part.text).collect(),
            include: row.include_columns,
            predicate: row.predicate,
            constraint: row.constraint_kind,
        })
        .collect())
}

pub(super) async fn constraints(
    connection: &mut PgConnection,
    table_id: i64,
) -> Result<Vec<ConstraintDetail>, StoreError> {
    let rows = sqlx::query_as!(
        ConstraintDetail,
        r#"select name, kind, definition
        from table_constraints
        where table_id = $1 and kind <> 'primary_key'
        order by kind desc, name, id
        limit $2"#,
        table_id,
        PARTS_MAX
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

pub(super) async fn partitions(
    connection: &mut PgConnection,
    table_id: i64,
) -> Result<Vec<PartitionDetail>, StoreError> {
    let rows = sqlx::query_as!(
        PartitionDetail,
        r#"select schema_name as schema, table_name as name,
            coalesce(partition_bounds, '') as "bounds!"
        from tables
        where parent_table_id = $1 and gone_at is null
        order by schema_name, table_name
        limit $2"#,
        table_id,
        bound(PARTITIONS_MAX)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

pub(super) async fn triggers(
    connection: &mut PgConnection,
    table_id: i64,
) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query!(
        r#"select name, definition
        from table_triggers
        where table_id = $1
        order by name, id
        limit $2"#,
        table_id,
        PARTS_MAX
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.name, row.definition))
        .collect())
}

fn bound(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
