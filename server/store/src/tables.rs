//! Tables, views and the like: lists and single ones.

mod cursor;
pub(crate) mod parts;

use crate::databases::read_database_id;
use crate::error::StoreError;
use crate::metadata::{AnnotationRow, custom_pairs, partitioning_text, person};
use crate::moment::timestamp;
use crate::pattern::containing;
use crate::store::Store;
use cursor::Cursor;
use model::access::DatabaseAccess;
use model::catalog::{Page, TableDetail, TableQuery, TableSort, TableSummary};
use model::id::{DatabaseId, TableId};
use model::metadata::TableMetadata;
use model::schema::{QualifiedName, TableKind};

/// A row of `tables` as lists show it.
struct TableRow {
    id: i64,
    schema_name: String,
    table_name: String,
    table_type: String,
    source_comment: Option<String>,
    column_count: i32,
    references_out: i32,
    references_in: i32,
    partition_count: i32,
    row_count: Option<i64>,
    file_size_bytes: Option<i64>,
}

impl From<TableRow> for TableSummary {
    fn from(row: TableRow) -> Self {
        Self {
            id: TableId(row.id),
            schema: row.schema_name,
            name: row.table_name,
            // What the catalog knows besides (files in a store of objects) reads like a table.
            kind: TableKind::from_word(&row.table_type).unwrap_or_default(),
            comment: row.source_comment,
            columns: row.column_count.unsigned_abs(),
            references_out: row.references_out.unsigned_abs(),
            references_in: row.references_in.unsigned_abs(),
            partitions: row.partition_count.unsigned_abs(),
            row_count: row.row_count,
            size_bytes: row.file_size_bytes,
        }
    }
}

/// What a list shall hold, in the terms of SQL.
struct Filter<'a> {
    database_id: &'a str,
    schema: Option<&'a str>,
    kind: Option<&'static str>,
    patterns: Vec<String>,
}

impl<'a> Filter<'a> {
    fn new(database_id: &'a DatabaseId, query: &'a TableQuery) -> Self {
        Self {
            database_id: database_id.as_str(),
            schema: query.schema.as_deref(),
            kind: query.kind.map(TableKind::as_str),
            patterns: query.text.split_whitespace().map(containing).collect(),
        }
    }
}

impl Store {
    /// A page of a database's tables in two statements; none when the database is not there.
    /// Each word of the query's text must stand in `schema.name` or in the source's comment,
    /// whatever its case.
    ///
    /// # Errors
    /// Invalid cursor, when `after` is not the end of a page in the same order.
    pub async fn table_list(
        &self,
        database_id: &DatabaseId,
        query: &TableQuery,
    ) -> Result<Option<Page<TableSummary>>, StoreError> {
        let filter = Filter::new(database_id, query);
        let after = query
            .after
            .as_deref()
            .map(|text| Cursor::read(text, query.sort))
            .transpose()?;
        let mut connection = self.pool.acquire().await?;
        let total = sqlx::query_scalar!(
            r#"select (
                select count(*) from tables t
                where t.database_id = d.id and t.gone_at is null
                    and (case when $3::text is null then t.table_type <> 'partition'
                        else t.table_type = $3 end)
                    and ($2::text is null or t.schema_name = $2)
                    and (cardinality($4::text[]) = 0
                        or lower((t.schema_name || '.' || t.table_name) collate "default" || ' '
                            || coalesce(t.source_comment, '')) like all (
                                select lower(pattern) from unnest($4::text[]) as pattern))
            ) as "total!"
            from databases d
            where d.id = $1"#,
            filter.database_id,
            filter.schema,
            filter.kind,
            &filter.patterns
        )
        .fetch_optional(&mut *connection)
        .await?;
        let Some(total) = total else { return Ok(None) };
        // One row more than asked for tells whether another page follows.
        let limit = i64::from(query.limit.max(1));
        let mut rows = match query.sort {
            TableSort::Name => rows_by_name(&mut connection, &filter, after, limit + 1).await?,
            TableSort::Rows | TableSort::Columns | TableSort::References => {
                rows_by_measure(&mut connection, &filter, query.sort, after, limit + 1).await?
            }
        };
        let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
        if more {
            rows.pop();
        }
        let rows: Vec<TableSummary> = rows.into_iter().map(TableSummary::from).collect();
        Ok(Some(Page {
            next: match rows.last() {
                Some(last) if more => Some(Cursor::after(last, query.sort).write()?),
                _ => None,
            },
            rows,
            total: total.unsigned_abs(),
        }))
    }

    /// One table with everything but its use, in eight statements; none when it or its database
    /// is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn table_fetch(
        &self,
        database_id: &DatabaseId,
        name: &QualifiedName,
    ) -> Result<Option<TableDetail>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let row = sqlx::query!(
            r#"select d.id as database_id, d.name as database_name, t.id, t.schema_name,
                t.table_name, t.table_type, t.source_comment, t.column_count, t.references_out,
                t.references_in, t.partition_count, t.row_count, t.file_size_bytes,
                t.refreshed_at, t.index_bytes, t.partition_key,
                t.parent_schema_name, t.parent_table_name, t.definition,
                t.description, t.description_at, t.ai_description, t.ai_description_at, t.tags,
                t.revision, t.storage_location, t.storage_format, t.partitioning_info,
                t.metadata -> 'custom' as custom, t.owner_user_id, o.username as "owner?",
                o.full_name as owner_name,
                coalesce(nullif(w.full_name, ''), w.username) as description_by,
                d.origin = 'connection' as "live!"
            from tables t join databases d on d.id = t.database_id
                left join users o on o.id = t.owner_user_id
                left join users w on w.id = t.description_by_user_id
            where t.database_id = $1 and t.schema_name = $2 and t.table_name = $3
                and t.gone_at is null"#,
            database_id.as_str(),
            name.schema,
            name.name
        )
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id = row.id;
        Ok(Some(TableDetail {
            access: DatabaseAccess::None,
            columns: parts::columns(&mut connection, id).await?,
            references_out: parts::references_out(&mut connection, id).await?,
            references_in: parts::references_in(&mut connection, id).await?,
            relations: Vec::new(),
            relations_pending: false,
            indexes: parts::indexes(&mut connection, id).await?,
            constraints: parts::constraints(&mut connection, id).await?,
            partitions: parts::partitions(&mut connection, id).await?,
            triggers: parts::triggers(&mut connection, id).await?,
            usage: None,
            live: row.live,
            profile: None,
            database_id: read_database_id(row.database_id)?,
            database_name: row.database_name,
            metadata: TableMetadata {
                annotation: AnnotationRow {
                    revision: row.revision,
                    description: row.description,
                    description_by: row.description_by,
                    description_at: row.description_at,
                    ai_description: row.ai_description,
                    ai_description_at: row.ai_description_at,
                    tags: row.tags,
                }
                .into(),
                owner: person(row.owner_user_id, row.owner, row.owner_name),
                storage_location: row.storage_location,
                storage_format: row.storage_format,
                partitioning: partitioning_text(row.partitioning_info),
                custom: custom_pairs(row.custom),
            },
            refreshed_at: timestamp(row.refreshed_at),
            index_bytes: row.index_bytes,
            partition_key: row.partition_key,
            partition_of: row.parent_schema_name.zip(row.parent_table_name),
            definition: row.definition,
            summary: TableRow {
                id,
                schema_name: row.schema_name,
                table_name: row.table_name,
                table_type: row.table_type,
                source_comment: row.source_comment,
                column_count: row.column_count,
                references_out: row.references_out,
                references_in: row.references_in,
                partition_count: row.partition_count,
                row_count: row.row_count,
                file_size_bytes: row.file_size_bytes,
            }
            .into(),
        }))
    }
}

/// A page by schema and name. Apart from the other orders, because an index has this one.
async fn rows_by_name(
    connection: &mut sqlx::PgConnection,
    filter: &Filter<'_>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TableRow>, StoreError> {
    let (schema, name) = after.map_or_else(Default::default, |after| (after.schema, after.name));
    let rows = sqlx::query_as!(
        TableRow,
        r#"select id, schema_name, table_name, table_type, source_comment, column_count,
            references_out, references_in, partition_count, row_count, file_size_bytes
        from tables
        where database_id = $1 and gone_at is null
            and (case when $3::text is null then table_type <> 'partition'
                else table_type = $3 end)
            and ($2::text is null or schema_name = $2)
            and (cardinality($4::text[]) = 0
                or lower((schema_name || '.' || table_name) collate "default" || ' '
                    || coalesce(source_comment, '')) like all (
                        select lower(pattern) from unnest($4::text[]) as pattern))
            and (schema_name, table_name) > ($5, $6)
        order by schema_name, table_name
        limit $7"#,
        filter.database_id,
        filter.schema,
        filter.kind,
        &filter.patterns,
        schema,
        name,
        limit
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// A page by a number, the greatest first, those without one last.
async fn rows_by_measure(
    connection: &mut sqlx::PgConnection,
    filter: &Filter<'_>,
    sort: TableSort,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TableRow>, StoreError> {
    let (measure, schema, name) = after.map_or_else(
        || (i64::MAX, String::new(), String::new()),
        |after| (after.measure, after.schema, after.name),
    );
    let rows = sqlx::query_as!(
        TableRow,
        r#"select id, schema_name, table_name, table_type, source_comment, column_count,
            references_out, references_in, partition_count, row_count, file_size_bytes
        from (
            select *, case $5::text
                    when 'rows' then coalesce(row_count, -1)
                    when 'columns' then column_count
                    else references_out + references_in
                end as measure
            from tables
            where database_id = $1 and gone_at is null
                and (case when $3::text is null then table_type <> 'partition'
                    else table_type = $3 end)
                and ($2::text is null or schema_name = $2)
                and (cardinality($4::text[]) = 0
                    or lower((schema_name || '.' || table_name) collate "default" || ' '
                        || coalesce(source_comment, '')) like all (
                            select lower(pattern) from unnest($4::text[]) as pattern))
        ) as measured
        where (-measure, schema_name, table_name) > (-$6::bigint, $7, $8)
        order by -measure, schema_name, table_name
        limit $9"#,
        filter.database_id,
        filter.schema,
        filter.kind,
        &filter.patterns,
        sort.as_str(),
        measure,
        schema,
        name,
        limit
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
