//! Indexes, and the primary keys and unique constraints that they are.

use super::connection::Session;
use super::expression;
use super::programs::quote;
use super::row::Cells as _;
use super::server::{Kind, Server};
use super::tables::Relations;
use crate::error::ConnectError;
use model::schema::{ConstraintKind, Index, IndexPart, Key, Table};
use sqlx::mysql::MySqlRow;

const INDEXES: &str = "
    SELECT table_name AS table_name, index_name AS name, CAST(non_unique AS CHAR) AS non_unique,
           column_name AS column_name, CAST(sub_part AS CHAR) AS prefix_length,
           collation AS direction, index_type AS method, NULL AS expression
    FROM information_schema.statistics
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))
    ORDER BY table_name, index_name, seq_in_index";

/// Parts that are expressions, which MySQL has since 8.0.13 and MariaDB has not.
const INDEXES_WITH_EXPRESSIONS: &str = "
    SELECT table_name AS table_name, index_name AS name, CAST(non_unique AS CHAR) AS non_unique,
           column_name AS column_name, CAST(sub_part AS CHAR) AS prefix_length,
           collation AS direction, index_type AS method, expression AS expression
    FROM information_schema.statistics
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))
    ORDER BY table_name, index_name, seq_in_index";

/// The name that every primary key has.
const PRIMARY: &str = "PRIMARY";

/// Reads the indexes of every table.
pub(super) async fn read(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<(), ConnectError> {
    let statement = if has_expressions(session.server()) {
        INDEXES_WITH_EXPRESSIONS
    } else {
        INDEXES
    };
    for row in &session.fetch(statement).await? {
        let Some(table) = relations.get_mut(&row.text("table_name")?) else {
            continue;
        };
        let name = row.text("name")?;
        let part = part(row)?;
        // The rows are sorted by a collation for which names may be the same that are not, so the
        // last index need not be the one.
        match table.indexes.iter_mut().rfind(|index| index.name == name) {
            Some(index) => index.parts.push(part),
            None => table.indexes.push(Index {
                unique: row.number("non_unique")? == Some(0),
                method: row.text("method")?.to_lowercase(),
                parts: vec![part],
                include: Vec::new(),
                predicate: None,
                constraint: None,
                name,
            }),
        }
    }
    for table in &mut relations.tables {
        settle(table);
    }
    Ok(())
}

fn has_expressions(server: &Server) -> bool {
    server.kind == Kind::MySql && server.version >= (8, 0, 13)
}

fn part(row: &MySqlRow) -> Result<IndexPart, ConnectError> {
    let column = row.maybe("column_name")?;
    let mut text = match (&column, row.filled("expression")?) {
        (Some(column), _) => quoted(column),
        (None, Some(expression)) => expression::clean(&expression, Kind::MySql),
        (None, None) => String::new(),
    };
    // Of a spatial index the server tells the length of its boxes.
    if let Some(length) = row.number("prefix_length")?
        && row.text("method")? != "SPATIAL"
    {
        text.push_str(&format!("({length})"));
    }
    if row.maybe("direction")?.as_deref() == Some("D") {
        text.push_str(" DESC");
    }
    Ok(IndexPart { column, text })
}

/// A name as a part of an index: between backticks where it needs them.
fn quoted(name: &str) -> String {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
        && !name.bytes().all(|byte| byte.is_ascii_digit());
    if plain { name.to_owned() } else { quote(name) }
}

/// Finds the keys among the indexes. A unique index of columns and a unique constraint are the
/// same thing here.
fn settle(table: &mut Table) {
    // The primary key first, then by name: the same order whatever the server's collation.
    table
        .indexes
        .sort_by(|a, b| (a.name != PRIMARY, &a.name).cmp(&(b.name != PRIMARY, &b.name)));
    for index in &mut table.indexes {
        if !index.unique {
            continue;
        }
        let columns: Option<Vec<String>> =
            index.parts.iter().map(|part| part.column.clone()).collect();
        let Some(columns) = columns else { continue };
        let key = Key {
            name: index.name.clone(),
            columns,
        };
        if index.name == PRIMARY {
            index.constraint = Some(ConstraintKind::PrimaryKey);
            table.primary_key = Some(key);
        } else {
            index.constraint = Some(ConstraintKind::Unique);
            table.unique_keys.push(key);
        }
    }
}
