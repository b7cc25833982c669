//! A close look at the values of one table, on demand. This is the one place that reads rows.

use super::connection::Session;
use super::programs::quote;
use super::row::Cells as _;
use crate::error::ConnectError;
use crate::introspection::Limits;
use crate::postgres::{ColumnProfile, TableProfile};
use crate::target::ServerTarget;
use model::schema::QualifiedName;

/// So many rows are read, in the order in which the server gives them.
const MOST_ROWS: i64 = 100_000;
/// Types whose values have no order, or are no texts.
const WITHOUT_ORDER: [&str; 12] = [
    "blob",
    "geometry",
    "geometrycollection",
    "json",
    "linestring",
    "longblob",
    "mediumblob",
    "multilinestring",
    "multipoint",
    "multipolygon",
    "point",
    "polygon",
];

const COLUMNS: &str = "
    SELECT column_name AS name, data_type AS data_type
    FROM information_schema.columns
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))
      AND table_name = ? AND CAST(table_name AS BINARY) = CAST(? AS BINARY)";

/// Looks at the values of some columns of a table.
///
/// # Errors
/// What keeps the login from reading it; changed when the table is gone, too slow when a look
/// takes longer than a statement may.
pub(crate) async fn profile(
    target: &ServerTarget,
    table: &QualifiedName,
    columns: &[String],
    limits: &Limits,
) -> Result<TableProfile, ConnectError> {
    let mut session = Session::open(target, limits).await?;
    session.begin().await?;
    let read = read(&mut session, table, columns).await;
    session.close().await;
    read
}

async fn read(
    session: &mut Session,
    table: &QualifiedName,
    columns: &[String],
) -> Result<TableProfile, ConnectError> {
    let mut known = Vec::new();
    for row in &session.fetch_for(COLUMNS, &table.name).await? {
        known.push((row.text("name")?, row.text("data_type")?.to_lowercase()));
    }
    if known.is_empty() {
        return Err(ConnectError::Changed(sqlx::Error::RowNotFound));
    }
    let source = format!("{}.{}", quote(session.schema()), quote(&table.name));
    let mut profiles = Vec::new();
    for name in columns {
        let Some((_, data_type)) = known.iter().find(|(known, _)| known == name) else {
            continue;
        };
        let ordered = !WITHOUT_ORDER.contains(&data_type.as_str());
        profiles.push(column(session, &source, name, ordered).await?);
    }
    Ok(TableProfile {
        sampled: profiles.iter().any(|profile| profile.rows >= MOST_ROWS),
        columns: profiles,
    })
}

async fn column(
    session: &mut Session,
    source: &str,
    name: &str,
    ordered: bool,
) -> Result<ColumnProfile, ConnectError> {
    let rows = format!(
        "(SELECT {} AS v FROM {source} LIMIT {MOST_ROWS}) AS sample",
        quote(name)
    );
    let of_values = if ordered {
        "CAST(COUNT(DISTINCT v) AS CHAR) AS different,
         LEFT(CAST(MIN(v) AS CHAR), 200) AS lowest, LEFT(CAST(MAX(v) AS CHAR), 200) AS highest"
    } else {
        "NULL AS different, NULL AS lowest, NULL AS highest"
    };
    let found = session
        .fetch_text(format!(
            "SELECT CAST(COUNT(*) AS CHAR) AS number,
                    CAST(COUNT(*) - COUNT(v) AS CHAR) AS missing, {of_values} FROM {rows}"
        ))
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
    if ordered {
        let top = session
            .fetch_text(format!(
                "SELECT LEFT(CAST(v AS CHAR), 200) AS val, CAST(COUNT(*) AS CHAR) AS number
                 FROM {rows} WHERE v IS NOT NULL
                 GROUP BY v ORDER BY COUNT(*) DESC, v LIMIT 10"
            ))
            .await?;
        for row in &top {
            let number = row.number("number")?.unwrap_or_default();
            profile.top.push((row.text("val")?, number));
        }
    }
    Ok(profile)
}
