//! Indexes, and the unique constraints behind them.

use super::connection::{Cells as _, Reading};
use super::declaration;
use super::names::{ConstraintNames, NamedKind};
use crate::error::ConnectError;
use model::schema::{ConstraintKind, Index, IndexPart, Key, Table};
use std::collections::HashMap;

const INDEXES: &str = "
    SELECT list.name AS table_name, found.name AS name, found.\"unique\" AS is_unique,
           found.origin AS origin, part.seqno AS place, part.name AS column_name,
           part.\"desc\" AS descending, object.sql AS text
    FROM pragma_table_list AS list
    JOIN pragma_index_list(list.name, 'main') AS found
    JOIN pragma_index_xinfo(found.name, 'main') AS part
    LEFT JOIN main.sqlite_schema AS object
      ON object.type = 'index' AND object.name = found.name
    WHERE list.schema = 'main' AND list.type = 'table' AND part.key
      AND list.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY list.name, found.name, part.seqno";

/// Reads the indexes of every table.
pub(super) async fn read(
    reading: &mut Reading,
    tables: &mut [Table],
    names: &HashMap<String, ConstraintNames>,
) -> Result<(), ConnectError> {
    let places: HashMap<String, usize> = tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.name.name.clone(), place))
        .collect();
    let mut texts = Vec::new();
    for row in &reading.fetch(INDEXES).await? {
        let Some(table) = places
            .get(&row.text("table_name")?)
            .and_then(|place| tables.get_mut(*place))
        else {
            continue;
        };
        let name = row.text("name")?;
        if table.indexes.last().is_none_or(|last| last.name != name) {
            let (parts, predicate) = declaration::index_parts(&row.text("text")?);
            texts = parts;
            table.indexes.push(Index {
                name,
                method: "btree".to_owned(),
                unique: row.is("is_unique")?,
                parts: Vec::new(),
                include: Vec::new(),
                predicate,
                constraint: match row.text("origin")?.as_str() {
                    "pk" => Some(ConstraintKind::PrimaryKey),
                    "u" => Some(ConstraintKind::Unique),
                    _ => None,
                },
            });
        }
        let place = row.number("place")?.unwrap_or_default();
        let column = row.maybe("column_name")?;
        // An expression stands in the text alone. A column's own text may be quoted.
        let text = match &column {
            Some(column) if row.is("descending")? => format!("{column} DESC"),
            Some(column) => column.clone(),
            None => usize::try_from(place)
                .ok()
                .and_then(|place| texts.get(place).cloned())
                .unwrap_or_default(),
        };
        if let Some(index) = table.indexes.last_mut() {
            index.parts.push(IndexPart { column, text });
        }
    }
    for table in tables {
        settle(table, names.get(&table.name.name));
    }
    Ok(())
}

/// Finds the keys among the indexes. One that nobody named is called as its index is.
fn settle(table: &mut Table, names: Option<&ConstraintNames>) {
    for index in &table.indexes {
        let columns: Vec<String> = index
            .parts
            .iter()
            .filter_map(|part| part.column.clone())
            .collect();
        let given = |kind| names.and_then(|names| names.find(kind, &columns));
        match index.constraint {
            Some(ConstraintKind::Unique) => {
                let name = given(NamedKind::Unique).unwrap_or_else(|| index.name.clone());
                table.unique_keys.push(Key { name, columns });
            }
            Some(ConstraintKind::PrimaryKey) => {
                if let Some(key) = &mut table.primary_key
                    && given(NamedKind::PrimaryKey).is_none()
                {
                    key.name.clone_from(&index.name);
                }
            }
            _ => {}
        }
    }
}
