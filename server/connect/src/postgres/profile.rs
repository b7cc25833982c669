//! A close look at the values of one table, on demand. This is the one place that reads rows.

use super::session::Session;
use crate::error::ConnectError;
use crate::identifier::{literal, quote};
use crate::introspection::Limits;
use crate::target::ServerTarget;
use model::schema::QualifiedName;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::HashSet;

/// A table of up to this size on disk is read whole; of a larger one about as much is sampled.
const WHOLE_BYTES: i64 = 64 * 1024 * 1024;
/// Of what has no blocks to sample (a view, a foreign table) so many rows are read.
const MOST_ROWS: i64 = 100_000;
/// So many columns are looked at with one reading of the table.
const COLUMNS_AT_ONCE: usize = 32;

/// What a look at a table's rows has found.
#[derive(Debug, Clone, PartialEq)]
pub struct TableProfile {
    /// Whether only a part of the rows was read.
    pub sampled: bool,
    /// The columns, in the order in which they were asked for. Those that are gone are left out.
    pub columns: Vec<ColumnProfile>,
}

/// What a look at a column's values has found, among the rows that were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnProfile {
    /// The column.
    pub column: String,
    /// How many rows were read.
    pub rows: i64,
    /// How many of them are null.
    pub nulls: i64,
    /// How many different values; none where the type has no order, such as JSON.
    pub distinct: Option<i64>,
    /// The smallest value as text, cut after 200 characters.
    pub min: Option<String>,
    /// The largest value as text, cut after 200 characters.
    pub max: Option<String>,
    /// The ten most common values with their number of rows, most common first.
    pub top: Vec<(String, i64)>,
}

/// The table: its kind and its bytes on disk, with all partitions.
const TABLE: &str = "
    SELECT class.relkind::text AS kind,
           (SELECT coalesce(sum(pg_relation_size(part.oid)), 0)::int8
            FROM (SELECT class.oid WHERE class.relkind IN ('r', 'm')
                  UNION ALL
                  SELECT tree.relid FROM pg_partition_tree(class.oid) AS tree
                  WHERE class.relkind = 'p' AND tree.isleaf) AS part) AS size_bytes,
           ARRAY(SELECT attribute.attname::text FROM pg_attribute AS attribute
                 WHERE attribute.attrelid = class.oid AND attribute.attnum > 0
                   AND NOT attribute.attisdropped) AS columns,
           -- Types with an order: those of an operator class, enumerated types, ranges, and what
           -- stands in for one of them.
           ARRAY(SELECT attribute.attname::text
                 FROM pg_attribute AS attribute
                 JOIN pg_type AS type ON type.oid = attribute.atttypid
                 JOIN pg_type AS base
                   ON base.oid = CASE type.typtype WHEN 'd' THEN type.typbasetype ELSE type.oid END
                 WHERE attribute.attrelid = class.oid AND attribute.attnum > 0
                   AND NOT attribute.attisdropped
                   AND (base.typtype IN ('e', 'r') OR base.oid = 'varchar'::regtype
                        OR EXISTS (SELECT FROM pg_opclass AS sorting
                                   JOIN pg_am AS method ON method.oid = sorting.opcmethod
                                   WHERE method.amname = 'btree' AND sorting.opcdefault
                                     AND sorting.opcintype = base.oid))) AS ordered
    FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE namespace.nspname = $1 AND class.relname = $2
      AND class.relkind IN ('r', 'p', 'v', 'm', 'f')";

/// Looks at the values of some columns of a table.
///
/// # Errors
/// What keeps the login from reading it; changed when the table is gone, too slow when even a
/// sample takes longer than a statement may.
pub async fn profile(
    target: &ServerTarget,
    table: &QualifiedName,
    columns: &[String],
    limits: &Limits,
) -> Result<TableProfile, ConnectError> {
    let mut session = Session::open(target, limits).await?;
    let found = session
        .fetch_named(TABLE, &table.schema, &table.name)
        .await?;
    let Some(found) = found else {
        session.close().await;
        return Err(ConnectError::Changed(sqlx::Error::RowNotFound));
    };
    let kind: String = found.try_get("kind")?;
    let size: i64 = found.try_get("size_bytes")?;
    let known: HashSet<String> = found
        .try_get::<Vec<String>, _>("columns")?
        .into_iter()
        .collect();
    let ordered: HashSet<String> = found
        .try_get::<Vec<String>, _>("ordered")?
        .into_iter()
        .collect();
    let has_blocks = matches!(kind.as_str(), "r" | "p" | "m");
    let rows = if !has_blocks {
        format!("LIMIT {MOST_ROWS}")
    } else if size > WHOLE_BYTES {
        #[expect(clippy::cast_precision_loss, reason = "a share needs no precision")]
        let percent = 100.0 * WHOLE_BYTES as f64 / size as f64;
        // The same rows each time, so that a second look finds the same.
        format!("TABLESAMPLE SYSTEM ({percent}) REPEATABLE (0)")
    } else {
        String::new()
    };
    let asked: Vec<&String> = columns
        .iter()
        .filter(|name| known.contains(*name))
        .collect();
    let mut profiles = Vec::with_capacity(asked.len());
    for part in asked.chunks(COLUMNS_AT_ONCE) {
        let sql = statement(table, part, &ordered, &rows);
        for row in session.fetch_text(sql).await? {
            profiles.push(column_profile(&row)?);
        }
    }
    session.close().await;
    let cut = !has_blocks && profiles.iter().any(|profile| profile.rows >= MOST_ROWS);
    Ok(TableProfile {
        sampled: cut || (has_blocks && size > WHOLE_BYTES),
        columns: profiles,
    })
}

/// One statement for several columns, that reads the table once.
fn statement(
    table: &QualifiedName,
    columns: &[&String],
    ordered: &HashSet<String>,
    rows: &str,
) -> String {
    let list: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(at, name)| format!("{} AS c{at}", quote(name)))
        .collect();
    let parts: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let of_values = match ordered.contains(*name) {
                true => format!(
                    "count(DISTINCT c{at}) AS distinct_count,
                     (SELECT left(c{at}::text, 200) FROM rows WHERE c{at} IS NOT NULL
                      ORDER BY c{at} LIMIT 1) AS lowest,
                     (SELECT left(c{at}::text, 200) FROM rows WHERE c{at} IS NOT NULL
                      ORDER BY c{at} DESC LIMIT 1) AS highest,
                     ARRAY(SELECT left(c{at}::text, 200) FROM rows WHERE c{at} IS NOT NULL
                           GROUP BY c{at} ORDER BY count(*) DESC, c{at} LIMIT 10) AS top_values,
                     ARRAY(SELECT count(*) FROM rows WHERE c{at} IS NOT NULL
                           GROUP BY c{at} ORDER BY count(*) DESC, c{at} LIMIT 10) AS top_counts"
                ),
                false => {
                    "NULL::int8 AS distinct_count, NULL::text AS lowest, NULL::text AS highest,
                          ARRAY[]::text[] AS top_values, ARRAY[]::int8[] AS top_counts"
                        .to_owned()
                }
            };
            format!(
                "SELECT {at} AS place, {} AS column_name, count(*) AS number,
                 count(*) - count(c{at}) AS nulls, {of_values} FROM rows",
                literal(name)
            )
        })
        .collect();
    format!(
        "WITH rows AS MATERIALIZED (SELECT {} FROM {}.{} {rows}) {} ORDER BY place",
        list.join(", "),
        quote(&table.schema),
        quote(&table.name),
        parts.join(" UNION ALL ")
    )
}

fn column_profile(row: &PgRow) -> Result<ColumnProfile, sqlx::Error> {
    let values: Vec<String> = row.try_get("top_values")?;
    let counts: Vec<i64> = row.try_get("top_counts")?;
    Ok(ColumnProfile {
        column: row.try_get("column_name")?,
        rows: row.try_get("number")?,
        nulls: row.try_get("nulls")?,
        distinct: row.try_get("distinct_count")?,
        min: row.try_get("lowest")?,
        max: row.try_get("highest")?,
        top: values.into_iter().zip(counts).collect(),
    })
}
