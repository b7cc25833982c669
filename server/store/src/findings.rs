//! What the catalog knows of a database besides its structure, as far as it decides what is worth
//! a second look.

use crate::error::StoreError;
use crate::store::Store;
use model::catalog::{ColumnStatistics, Coverage};
use model::id::DatabaseId;
use model::schema::QualifiedName;
use sqlx::types::Json;
use std::collections::HashMap;

/// Columns with statistics of interest are read up to so many.
const COLUMNS_MAX: i64 = 20_000;

impl Store {
    /// How much of a database is described, by people or by the source itself. Partitions are
    /// not counted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn coverage(&self, id: &DatabaseId) -> Result<Coverage, StoreError> {
        let row = sqlx::query!(
            r#"with own as (
                select id, coalesce(nullif(description, ''), nullif(source_comment, '')) is not null
                        as is_described
                from tables
                where database_id = $1 and gone_at is null and table_type <> 'partition'
            )
            select (select count(*) from own) as "tables!",
                (select count(*) from own where is_described) as "tables_described!",
                count(c.id) as "columns!",
                count(c.id) filter (
                    where coalesce(nullif(c.description, ''), nullif(c.source_comment, ''))
                        is not null
                ) as "columns_described!"
            from columns c join own on own.id = c.table_id
            where c.gone_at is null"#,
            id.as_str()
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Coverage {
            tables: row.tables.unsigned_abs(),
            tables_described: row.tables_described.unsigned_abs(),
            columns: row.columns.unsigned_abs(),
            columns_described: row.columns_described.unsigned_abs(),
        })
    }

    /// Statistics of the columns that are null in at least that share of the rows.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn columns_mostly_null(
        &self,
        id: &DatabaseId,
        share: f64,
    ) -> Result<HashMap<(QualifiedName, String), ColumnStatistics>, StoreError> {
        let rows = sqlx::query!(
            r#"select t.schema_name, t.table_name, c.column_name,
                c.statistics as "statistics!: Json<ColumnStatistics>"
            from columns c join tables t on t.id = c.table_id
            where t.database_id = $1 and t.gone_at is null and c.gone_at is null
                and (c.statistics ->> 'null_fraction')::float8 >= $2
            limit $3"#,
            id.as_str(),
            share,
            COLUMNS_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let table = QualifiedName::new(row.schema_name, row.table_name);
                ((table, row.column_name), row.statistics.0)
            })
            .collect())
    }
}
