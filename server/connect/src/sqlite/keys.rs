//! Foreign keys.

use super::SCHEMA;
use super::connection::{Cells as _, Reading};
use super::names::{ConstraintNames, NamedKind};
use crate::error::ConnectError;
use model::schema::{ForeignKey, QualifiedName, ReferentialAction, Table};
use std::collections::{HashMap, HashSet};

/// The pragma lists keys from the last to the first.
const FOREIGN_KEYS: &str = "
    SELECT list.name AS table_name, key.id AS id, key.\"table\" AS target,
           key.\"from\" AS column_name, key.\"to\" AS target_column,
           key.on_update AS on_update, key.on_delete AS on_delete
    FROM pragma_table_list AS list
    JOIN pragma_foreign_key_list(list.name, 'main') AS key
    WHERE list.schema = 'main' AND list.type = 'table'
      AND list.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY list.name, key.id DESC, key.seq";

/// Reads the foreign keys of every table. Whether a key is deferred, no pragma tells.
pub(super) async fn read_foreign_keys(
    reading: &mut Reading,
    tables: &mut [Table],
    names: &HashMap<String, ConstraintNames>,
) -> Result<(), ConnectError> {
    // SQLite tells names apart without case, so a key may write its target in any.
    let places: HashMap<String, usize> = tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.name.name.to_lowercase(), place))
        .collect();
    let mut last = None;
    for row in &reading.fetch(FOREIGN_KEYS).await? {
        let written = row.text("target")?;
        let target = places
            .get(&written.to_lowercase())
            .and_then(|place| tables.get(*place));
        let name = target.map_or(written, |target| target.name.name.clone());
        let target_column = row.maybe("target_column")?.map(|column| {
            let found = target.and_then(|target| {
                let same = |name: &&String| name.eq_ignore_ascii_case(&column);
                target.columns.iter().map(|one| &one.name).find(same)
            });
            found.cloned().unwrap_or(column)
        });
        let key_columns = target
            .and_then(|target| target.primary_key.as_ref())
            .map(|key| key.columns.clone())
            .unwrap_or_default();

        let Some(place) = places.get(&row.text("table_name")?.to_lowercase()).copied() else {
            continue;
        };
        let Some(table) = tables.get_mut(place) else {
            continue;
        };
        let id = Some((place, row.number("id")?));
        if last != id {
            last = id;
            table.foreign_keys.push(ForeignKey {
                name: String::new(),
                columns: Vec::new(),
                target: QualifiedName::new(SCHEMA, name),
                // A key that names no columns means the target's primary key.
                target_columns: match target_column {
                    Some(_) => Vec::new(),
                    None => key_columns,
                },
                on_delete: action(&row.text("on_delete")?),
                on_update: action(&row.text("on_update")?),
                deferrable: false,
                inherited: false,
            });
        }
        if let Some(key) = table.foreign_keys.last_mut() {
            key.columns.push(row.text("column_name")?);
            key.target_columns.extend(target_column);
        }
    }
    for table in tables {
        let mut taken = HashSet::new();
        for key in &mut table.foreign_keys {
            let given = names
                .get(&table.name.name)
                .and_then(|names| names.find(NamedKind::ForeignKey, &key.columns));
            let made = given
                .unwrap_or_else(|| format!("{}_{}_fkey", table.name.name, key.columns.join("_")));
            let mut name = made.clone();
            let mut number = 1;
            while !taken.insert(name.clone()) {
                name = format!("{made}{number}");
                number += 1;
            }
            key.name = name;
        }
    }
    Ok(())
}

fn action(words: &str) -> ReferentialAction {
    ReferentialAction::from_sql(words).unwrap_or_default()
}
