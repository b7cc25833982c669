//! What the server knows of values: MySQL's histograms, MariaDB's own statistics.

use super::connection::Session;
use super::histogram;
use super::row::Cells as _;
use super::server::Kind;
use super::tables::Relations;
use crate::error::ConnectError;
use crate::statistics::ColumnFacts;
use crate::statistics::cut;
use model::catalog::ColumnStatistics;
use sqlx::mysql::MySqlRow;

const HISTOGRAMS: &str = "
    SELECT table_name AS table_name, column_name AS column_name, histogram AS histogram
    FROM information_schema.column_statistics
    WHERE schema_name = ?
      AND (@@lower_case_table_names <> 0 OR CAST(schema_name AS BINARY) = CAST(? AS BINARY))
    ORDER BY table_name, column_name";

/// The least and greatest value are kept as text; how often a value occurs on average gives how
/// many there are.
const COLUMN_STATS: &str = "
    SELECT stats.table_name AS table_name, stats.column_name AS column_name,
           stats.min_value AS lowest, stats.max_value AS highest,
           CAST(stats.nulls_ratio AS CHAR) AS null_fraction,
           CAST(ROUND(sizes.cardinality * (1 - stats.nulls_ratio)
                      / NULLIF(stats.avg_frequency, 0)) AS CHAR) AS distinct_count
    FROM mysql.column_stats AS stats
    LEFT JOIN mysql.table_stats AS sizes
      ON sizes.db_name = stats.db_name AND sizes.table_name = stats.table_name
    WHERE stats.db_name = ?
      AND (@@lower_case_table_names <> 0 OR CAST(stats.db_name AS BINARY) = CAST(? AS BINARY))
    ORDER BY stats.table_name, stats.column_name";

/// Reads what is known. Columns nothing is known of are left out.
pub(super) async fn read(
    session: &mut Session,
    relations: &Relations,
) -> Result<Vec<ColumnFacts>, ConnectError> {
    let kind = session.server().kind;
    let rows = match kind {
        Kind::MariaDb => session.fetch(COLUMN_STATS).await?,
        Kind::MySql => session.fetch(HISTOGRAMS).await?,
    };
    let mut facts = Vec::with_capacity(rows.len());
    for row in &rows {
        let column = row.text("column_name")?;
        // Statistics may outlive what they are of.
        let Some(table) = relations.get(&row.text("table_name")?) else {
            continue;
        };
        if table.column(&column).is_none() {
            continue;
        }
        let statistics = match kind {
            Kind::MariaDb => Some(from_row(row)?),
            Kind::MySql => histogram::read(&row.text("histogram")?),
        };
        if let Some(statistics) = statistics {
            facts.push(ColumnFacts {
                table: table.name.clone(),
                column,
                statistics,
            });
        }
    }
    Ok(facts)
}

fn from_row(row: &MySqlRow) -> Result<ColumnStatistics, ConnectError> {
    Ok(ColumnStatistics {
        null_fraction: row.fraction("null_fraction")?,
        distinct_count: row
            .fraction("distinct_count")?
            .map(|count| count.round() as i64),
        min: row.maybe("lowest")?.map(cut),
        max: row.maybe("highest")?.map(cut),
        ..ColumnStatistics::default()
    })
}
