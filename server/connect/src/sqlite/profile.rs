//! A close look at the values of one table, on demand. This is the one place that reads rows.

use super::connection::{Cells as _, Reading};
use crate::error::ConnectError;
use crate::identifier::quote;
use crate::introspection::Limits;
use crate::postgres::{ColumnProfile, TableProfile};
use model::schema::QualifiedName;
use sqlx::AssertSqlSafe;
use std::path::Path;

/// So many rows are read, in the order in which they lie in the file.
const MOST_ROWS: i64 = 100_000;

const COLUMNS: &str = "SELECT name AS name FROM pragma_table_xinfo(?1, 'main') WHERE hidden <> 1";

/// A value as text; bytes in hexadecimal digits.
const TEXT: &str = "CASE typeof(v) WHEN 'blob' THEN hex(substr(v, 1, 100)) ELSE substr(CAST(v AS TEXT), 1, 200) END";

/// Looks at the values of some columns of a table.
///
/// # Errors
/// What keeps the file from being read; changed when the table is gone, too slow when a look
/// takes longer than a statement may.
pub(crate) async fn profile(
    path: &Path,
    table: &QualifiedName,
    columns: &[String],
    limits: &Limits,
) -> Result<TableProfile, ConnectError> {
    let mut reading = Reading::open(path, limits).await?;
    let read = read(&mut reading, table, columns).await;
    reading.close().await;
    read
}

async fn read(
    reading: &mut Reading,
    table: &QualifiedName,
    columns: &[String],
) -> Result<TableProfile, ConnectError> {
    let mut known = Vec::new();
    for row in &reading.fetch_for(COLUMNS, &table.name).await? {
        known.push(row.text("name")?);
    }
    if known.is_empty() {
        return Err(ConnectError::Changed(sqlx::Error::RowNotFound));
    }
    let source = format!("main.{}", quote(&table.name));
    let mut profiles = Vec::new();
    for name in columns.iter().filter(|name| known.contains(name)) {
        profiles.push(column(reading, &source, name).await?);
    }
    Ok(TableProfile {
        sampled: profiles.iter().any(|profile| profile.rows >= MOST_ROWS),
        columns: profiles,
    })
}

async fn column(
    reading: &mut Reading,
    source: &str,
    name: &str,
) -> Result<ColumnProfile, ConnectError> {
    let rows = format!(
        "(SELECT {} AS v FROM {source} LIMIT {MOST_ROWS})",
        quote(name)
    );
    let lowest = format!("(SELECT {TEXT} FROM (SELECT min(v) AS v FROM {rows}))");
    let highest = format!("(SELECT {TEXT} FROM (SELECT max(v) AS v FROM {rows}))");
    let found = reading
        .fetch(AssertSqlSafe(format!(
            "SELECT count(*) AS number, count(*) - count(v) AS missing,
                    count(DISTINCT v) AS different, {lowest} AS lowest, {highest} AS highest
             FROM {rows}"
        )))
        .await?;
    let mut profile = ColumnProfile {
        column: name.to_owned(),
        rows: 0,
        nulls: 0,
        distinct: None,
        min: None,
        max: None,
        top: Vec::new(),
    };
    if let Some(row) = found.first() {
        profile.rows = row.number("number")?.unwrap_or_default();
        profile.nulls = row.number("missing")?.unwrap_or_default();
        profile.distinct = row.number("different")?;
        profile.min = row.maybe("lowest")?;
        profile.max = row.maybe("highest")?;
    }
    let top = reading
        .fetch(AssertSqlSafe(format!(
            "SELECT {TEXT} AS text, count(*) AS number FROM {rows} WHERE v IS NOT NULL
             GROUP BY v ORDER BY count(*) DESC, v LIMIT 10"
        )))
        .await?;
    for row in &top {
        let number = row.number("number")?.unwrap_or_default();
        profile.top.push((row.text("text")?, number));
    }
    Ok(profile)
}
