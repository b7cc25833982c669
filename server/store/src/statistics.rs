//! What a live database knows of its rows.

use crate::error::StoreError;
use crate::store::Store;
use model::catalog::ColumnStatistics;
use model::id::DatabaseId;
use model::schema::QualifiedName;
use serde_json::Value;
use sqlx::PgConnection;

/// How large a table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSize {
    /// The table.
    pub table: QualifiedName,
    /// Its rows, estimated.
    pub row_count: Option<i64>,
    /// Its size in bytes without indexes.
    pub bytes: Option<i64>,
    /// The size of its indexes in bytes.
    pub index_bytes: Option<i64>,
}

/// What is known of a column's values.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnStatisticsRow {
    /// The table.
    pub table: QualifiedName,
    /// The column's name.
    pub column: String,
    /// What is known.
    pub statistics: ColumnStatistics,
}

impl Store {
    /// Writes statistics of columns over those from before, where they differ. Returns how many
    /// columns got new ones; what the catalog does not have is passed over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn statistics_write(
        &self,
        database_id: &DatabaseId,
        rows: &[ColumnStatisticsRow],
    ) -> Result<u64, StoreError> {
        let mut connection = self.pool.acquire().await?;
        statistics_write_in_txn(&mut connection, database_id, rows).await
    }

    /// Writes sizes of tables over those from before, where they differ. Returns how many tables
    /// got a new one; what the catalog does not have is passed over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn table_sizes_write(
        &self,
        database_id: &DatabaseId,
        rows: &[TableSize],
    ) -> Result<u64, StoreError> {
        let mut connection = self.pool.acquire().await?;
        table_sizes_write_in_txn(&mut connection, database_id, rows).await
    }
}

/// As [`Store::statistics_write`].
pub(crate) async fn statistics_write_in_txn(
    connection: &mut PgConnection,
    database_id: &DatabaseId,
    rows: &[ColumnStatisticsRow],
) -> Result<u64, StoreError> {
    let schemas: Vec<&str> = rows.iter().map(|row| row.table.schema.as_str()).collect();
    let tables: Vec<&str> = rows.iter().map(|row| row.table.name.as_str()).collect();
    let columns: Vec<&str> = rows.iter().map(|row| row.column.as_str()).collect();
    let statistics = rows
        .iter()
        .map(|row| serde_json::to_value(&row.statistics))
        .collect::<Result<Vec<Value>, _>>()?;
    let done = sqlx::query!(
        r#"update columns c set statistics = s.statistics
        from unnest($2::text[], $3::text[], $4::text[], $5::jsonb[])
                as s (schema_name, table_name, column_name, statistics)
            join tables t on t.database_id = $1 and t.schema_name = s.schema_name
                and t.table_name = s.table_name
        where c.table_id = t.id and c.column_name = s.column_name
            and c.statistics is distinct from s.statistics"#,
        database_id.as_str(),
        &schemas as &[&str],
        &tables as &[&str],
        &columns as &[&str],
        &statistics
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// As [`Store::table_sizes_write`].
pub(crate) async fn table_sizes_write_in_txn(
    connection: &mut PgConnection,
    database_id: &DatabaseId,
    rows: &[TableSize],
) -> Result<u64, StoreError> {
    let schemas: Vec<&str> = rows.iter().map(|row| row.table.schema.as_str()).collect();
    let tables: Vec<&str> = rows.iter().map(|row| row.table.name.as_str()).collect();
    let row_counts: Vec<Option<i64>> = rows.iter().map(|row| row.row_count).collect();
    let bytes: Vec<Option<i64>> = rows.iter().map(|row| row.bytes).collect();
    let index_bytes: Vec<Option<i64>> = rows.iter().map(|row| row.index_bytes).collect();
    let done = sqlx::query!(
        r#"update tables t
        set row_count = s.row_count, file_size_bytes = s.bytes, index_bytes = s.index_bytes
        from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
            as s (schema_name, table_name, row_count, bytes, index_bytes)
        where t.database_id = $1 and t.schema_name = s.schema_name
            and t.table_name = s.table_name
            and (t.row_count, t.file_size_bytes, t.index_bytes)
                is distinct from (s.row_count, s.bytes, s.index_bytes)"#,
        database_id.as_str(),
        &schemas as &[&str],
        &tables as &[&str],
        &row_counts as &[Option<i64>],
        &bytes as &[Option<i64>],
        &index_bytes as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
