//! What the server already knows about its own contents: the planner's statistics and sizes.
//! Nothing here reads a table's rows, except to count those of small tables.

use crate::error::ConnectError;
use crate::identifier::{literal, quote};
use crate::source::Source;
use futures_util::TryStreamExt;
use model::catalog::ColumnStatistics;
use model::schema::QualifiedName;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::HashMap;
use std::time::Duration;

/// One statement's limit while reading.
const READ_LIMIT: Duration = Duration::from_secs(30);
/// A table of up to this size on disk is counted; a larger one is taken at the planner's word.
const COUNT_MAX_BYTES: i64 = 8 * 1024 * 1024;
/// At most so many tables are counted; beyond, estimates do.
const COUNT_MAX_TABLES: usize = 300;
/// A value is an example, not a copy: it is cut after so many characters.
const VALUE_MAX_CHARS: usize = 200;

/// What is known of one column's values.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnFacts {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: String,
    /// What is known.
    pub statistics: ColumnStatistics,
}

/// How large a table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSize {
    /// The table.
    pub table: QualifiedName,
    /// Rows: counted for small tables, estimated for large ones, none where nobody knows.
    pub row_count: Option<i64>,
    /// Bytes on disk without indexes.
    pub size_bytes: i64,
    /// Bytes of its indexes.
    pub index_bytes: i64,
}

const STATISTICS: &str = "
    SELECT stats.schemaname::text AS schema_name, stats.tablename::text AS table_name,
           stats.attname::text AS column_name,
           stats.null_frac::float8 AS null_fraction,
           CASE WHEN stats.n_distinct < 0
                THEN round(-stats.n_distinct::numeric * greatest(class.reltuples, 0)::numeric)
                ELSE stats.n_distinct::numeric
           END::int8 AS distinct_count,
           CASE WHEN listable THEN (stats.most_common_vals::text::text[])[1:20] END AS common_values,
           CASE WHEN listable THEN (stats.most_common_freqs::float8[])[1:20] END AS common_shares,
           bounds.texts[1] AS lowest, bounds.texts[bounds.number] AS highest,
           ARRAY(SELECT bounds.texts[1 + (bounds.number - 1) * step / least(bounds.number - 1, 10)]
                 FROM generate_series(0, least(bounds.number - 1, 10)) AS step
                 WHERE bounds.number > 1) AS bounds,
           stats.correlation::float8 AS correlation
    FROM pg_catalog.pg_stats AS stats
    JOIN pg_catalog.pg_namespace AS namespace ON namespace.nspname = stats.schemaname
    JOIN pg_catalog.pg_class AS class
      ON class.relnamespace = namespace.oid AND class.relname = stats.tablename
    JOIN pg_catalog.pg_attribute AS attribute
      ON attribute.attrelid = class.oid AND attribute.attname = stats.attname
    JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
    CROSS JOIN LATERAL (
        -- A list of arrays, or of a type with another separator, does not read back as a list of
        -- texts.
        SELECT type.typcategory <> 'A' AND type.typdelim = ',' AS listable
    ) AS reading
    CROSS JOIN LATERAL (
        -- Long lists are read once, however often they are used above.
        SELECT list.texts, cardinality(list.texts) AS number
        FROM (SELECT CASE WHEN listable THEN stats.histogram_bounds::text::text[] END AS texts
              OFFSET 0) AS list
    ) AS bounds
    WHERE stats.schemaname NOT IN ('pg_catalog', 'information_schema')
      -- A parent's own rows and those with its children are told apart; of a partitioned table
      -- only the second exist.
      AND stats.inherited = (class.relkind = 'p')
    ORDER BY 1, 2, attribute.attnum";

const SIZES: &str = "
    SELECT namespace.nspname::text AS schema_name, class.relname::text AS table_name,
           class.reltuples::int8 AS estimate,
           class.relkind = 'p' AS partitioned,
           has_table_privilege(class.oid, 'SELECT') AS readable,
           sizes.table_bytes::int8 AS table_bytes, sizes.index_bytes::int8 AS index_bytes
    FROM pg_catalog.pg_class AS class
    JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(pg_table_size(part.oid)), 0) AS table_bytes,
               coalesce(sum(pg_indexes_size(part.oid)), 0) AS index_bytes
        FROM (
            SELECT class.oid WHERE class.relkind <> 'p'
            UNION ALL
            SELECT tree.relid FROM pg_catalog.pg_partition_tree(class.oid) AS tree
            WHERE class.relkind = 'p' AND tree.isleaf
        ) AS part
    ) AS sizes
    WHERE class.relkind IN ('r', 'p', 'm')
      AND namespace.nspname <> 'information_schema'
      AND namespace.nspname NOT LIKE 'pg\\_%'
    ORDER BY 1, 2";

impl Source {
    /// What the planner knows of each column's values. Columns it knows nothing of are left out.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn statistics(&self) -> Result<Vec<ColumnFacts>, ConnectError> {
        let mut connection = self.connect(READ_LIMIT).await?;
        let mut transaction = connection.begin_with("BEGIN READ ONLY").await?;
        let facts = statistics_on_conn(&mut transaction).await?;
        transaction.commit().await?;
        connection.close().await?;
        Ok(facts)
    }

    /// Rows and bytes of each table and materialised view, in at most two statements.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn table_sizes(&self) -> Result<Vec<TableSize>, ConnectError> {
        let mut connection = self.connect(READ_LIMIT).await?;
        // One snapshot, so that what is counted is what was listed.
        let mut transaction = connection
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .await?;
        let rows = sqlx::query(SIZES).fetch_all(&mut *transaction).await?;
        let mut sizes = Vec::with_capacity(rows.len());
        let mut countable = Vec::new();
        for row in &rows {
            let size = table_size(row)?;
            let partitioned: bool = row.try_get("partitioned")?;
            let readable: bool = row.try_get("readable")?;
            if !partitioned && readable && size.size_bytes <= COUNT_MAX_BYTES {
                countable.push(size.table.clone());
            }
            sizes.push(size);
        }
        countable.truncate(COUNT_MAX_TABLES);
        let counts = count_on_conn(&mut transaction, &countable).await?;
        transaction.commit().await?;
        connection.close().await?;
        for size in &mut sizes {
            if let Some(count) = counts.get(&size.table) {
                size.row_count = Some(*count);
            }
        }
        Ok(sizes)
    }
}

/// What the planner knows of each column's values.
pub(crate) async fn statistics_on_conn(
    connection: &mut PgConnection,
) -> Result<Vec<ColumnFacts>, sqlx::Error> {
    let mut rows = sqlx::query(STATISTICS).persistent(false).fetch(connection);
    let mut facts = Vec::new();
    while let Some(row) = rows.try_next().await? {
        facts.push(column_facts(&row)?);
    }
    Ok(facts)
}

/// Counts the rows of several tables in one statement.
async fn count_on_conn(
    connection: &mut PgConnection,
    tables: &[QualifiedName],
) -> Result<HashMap<QualifiedName, i64>, ConnectError> {
    if tables.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = tables
        .iter()
        .map(|table| {
            format!(
                "SELECT {} AS schema_name, {} AS table_name, count(*) AS rows FROM {}.{}",
                literal(&table.schema),
                literal(&table.name),
                quote(&table.schema),
                quote(&table.name)
            )
        })
        .collect::<Vec<_>>()
        .join(" UNION ALL ");
    let rows = sqlx::query(AssertSqlSafe(statement))
        .persistent(false)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let table = table_name(row)?;
            Ok((table, row.try_get("rows")?))
        })
        .collect()
}

fn table_name(row: &PgRow) -> Result<QualifiedName, sqlx::Error> {
    let schema: String = row.try_get("schema_name")?;
    let name: String = row.try_get("table_name")?;
    Ok(QualifiedName { schema, name })
}

fn table_size(row: &PgRow) -> Result<TableSize, sqlx::Error> {
    let estimate: i64 = row.try_get("estimate")?;
    Ok(TableSize {
        table: table_name(row)?,
        // −1 stands for "never looked at".
        row_count: (estimate >= 0).then_some(estimate),
        size_bytes: row.try_get("table_bytes")?,
        index_bytes: row.try_get("index_bytes")?,
    })
}

fn column_facts(row: &PgRow) -> Result<ColumnFacts, sqlx::Error> {
    let values: Option<Vec<Option<String>>> = row.try_get("common_values")?;
    let shares: Option<Vec<f64>> = row.try_get("common_shares")?;
    let lowest: Option<String> = row.try_get("lowest")?;
    let highest: Option<String> = row.try_get("highest")?;
    let histogram: Vec<Option<String>> = row.try_get("bounds")?;
    let most_common = values
        .unwrap_or_default()
        .into_iter()
        .zip(shares.unwrap_or_default())
        .filter_map(|(value, share)| Some((cut(value?), share)))
        .collect();
    Ok(ColumnFacts {
        table: table_name(row)?,
        column: row.try_get("column_name")?,
        statistics: ColumnStatistics {
            null_fraction: row.try_get("null_fraction")?,
            distinct_count: row.try_get("distinct_count")?,
            min: lowest.map(cut),
            max: highest.map(cut),
            most_common,
            histogram: histogram.into_iter().flatten().map(cut).collect(),
            correlation: row.try_get("correlation")?,
        },
    })
}

/// Cuts a long value.
pub(crate) fn cut(value: String) -> String {
    match value.char_indices().nth(VALUE_MAX_CHARS) {
        None => value,
        Some((end, _)) => {
            let mut short: String = value.get(..end).unwrap_or_default().to_owned();
            short.push('…');
            short
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_at_a_character() {
        assert_eq!(cut("short".to_owned()), "short");
        let long = cut("é".repeat(300));
        assert_eq!(long.chars().count(), VALUE_MAX_CHARS + 1);
        assert!(long.ends_with('…'));
    }
}
