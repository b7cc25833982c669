//! Tables, views, virtual tables and triggers.

use super::SCHEMA;
use super::connection::{Cells as _, Reading};
use super::declaration::{self, Declaration};
use super::names::{ConstraintNames, NamedKind};
use crate::error::ConnectError;
use crate::introspection::Unreadable;
use model::schema::{Column, Key, QualifiedName, Table, TableKind, Trigger};
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// SQLite's own tables and those in which a virtual table keeps its data are left out.
const LIST: &str = "
    SELECT list.name AS name, list.type AS kind, list.wr AS without_rowid, object.sql AS text
    FROM pragma_table_list AS list
    JOIN main.sqlite_schema AS object
      ON object.name = list.name AND object.type IN ('table', 'view')
    WHERE list.schema = 'main' AND list.type <> 'shadow'
      AND list.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY list.name";

const COLUMNS: &str = "
    SELECT list.name AS table_name, info.name AS name, info.type AS data_type,
           info.\"notnull\" AS not_null, info.dflt_value AS default_text,
           info.pk AS key_place, info.hidden AS hidden
    FROM pragma_table_list AS list
    JOIN pragma_table_xinfo(list.name, 'main') AS info
    WHERE list.schema = 'main' AND list.type = 'table'
      AND list.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY list.name, info.cid";

/// Views and virtual tables: one that is broken, or whose module is missing, ends the statement.
const FRAGILE_COLUMNS: &str = "
    SELECT list.name AS table_name, info.name AS name, info.type AS data_type,
           info.\"notnull\" AS not_null, info.dflt_value AS default_text,
           info.pk AS key_place, info.hidden AS hidden
    FROM pragma_table_list AS list
    JOIN pragma_table_xinfo(list.name, 'main') AS info
    WHERE list.schema = 'main' AND list.type IN ('view', 'virtual')
    ORDER BY list.name, info.cid";

const ONE_FRAGILE: &str = "
    SELECT ?1 AS table_name, info.name AS name, info.type AS data_type,
           info.\"notnull\" AS not_null, info.dflt_value AS default_text,
           info.pk AS key_place, info.hidden AS hidden
    FROM pragma_table_xinfo(?1, 'main') AS info
    ORDER BY info.cid";

const TRIGGERS: &str = "
    SELECT name AS name, tbl_name AS table_name, sql AS text
    FROM main.sqlite_schema WHERE type = 'trigger' ORDER BY tbl_name, name";

/// A table as the file lists it.
pub(super) struct Listed {
    name: String,
    kind: TableKind,
    is_virtual: bool,
    without_rowid: bool,
    text: String,
}

/// Reads which tables there are.
pub(super) async fn list(reading: &mut Reading) -> Result<Vec<Listed>, ConnectError> {
    reading
        .fetch(LIST)
        .await?
        .iter()
        .map(|row| {
            let kind = row.text("kind")?;
            Ok(Listed {
                name: row.text("name")?,
                kind: if kind == "view" {
                    TableKind::View
                } else {
                    TableKind::Table
                },
                is_virtual: kind == "virtual",
                without_rowid: row.is("without_rowid")?,
                text: row.text("text")?,
            })
        })
        .collect()
}

/// The names that constraints are given, by table.
pub(super) fn constraint_names(listed: &[Listed]) -> HashMap<String, ConstraintNames> {
    listed
        .iter()
        .filter(|one| one.kind == TableKind::Table && !one.is_virtual)
        .map(|one| (one.name.clone(), ConstraintNames::read(&one.text)))
        .collect()
}

/// Reads their columns and keys.
pub(super) async fn read(
    reading: &mut Reading,
    listed: &[Listed],
    names: &HashMap<String, ConstraintNames>,
    unreadable: &mut Vec<Unreadable>,
) -> Result<Vec<Table>, ConnectError> {
    let mut rows = reading.fetch(COLUMNS).await?;
    match reading.fetch(FRAGILE_COLUMNS).await {
        Ok(more) => rows.extend(more),
        Err(ConnectError::Statement(_)) => {
            for table in listed
                .iter()
                .filter(|one| one.is_virtual || one.kind == TableKind::View)
            {
                match reading.fetch_for(ONE_FRAGILE, &table.name).await {
                    Ok(more) => rows.extend(more),
                    Err(ConnectError::Statement(_)) => unreadable.push(broken(table)),
                    Err(error) => return Err(error),
                }
            }
        }
        Err(error) => return Err(error),
    }
    let mut columns: HashMap<String, Vec<SqliteRow>> = HashMap::new();
    for row in rows {
        columns
            .entry(row.text("table_name")?)
            .or_default()
            .push(row);
    }
    listed
        .iter()
        .map(|one| {
            let mut table = table(one, &columns.remove(&one.name).unwrap_or_default())?;
            if let Some(key) = &mut table.primary_key
                && let Some(name) = names
                    .get(&one.name)
                    .and_then(|names| names.find(NamedKind::PrimaryKey, &key.columns))
            {
                key.name = name;
            }
            Ok(table)
        })
        .collect()
}

fn broken(table: &Listed) -> Unreadable {
    let (what, reason) = if table.is_virtual {
        ("virtual table", "its module is not part of Crowfoot")
    } else {
        ("view", "it reads what is no longer there")
    };
    Unreadable {
        what: format!("{what} {}", table.name),
        reason: reason.to_owned(),
    }
}

fn table(listed: &Listed, rows: &[SqliteRow]) -> Result<Table, ConnectError> {
    let mut table = Table::new(QualifiedName::new(SCHEMA, &listed.name), listed.kind);
    let mut declared = if listed.kind == TableKind::Table && !listed.is_virtual {
        declaration::read(&listed.name, &listed.text)
    } else {
        Declaration::default()
    };
    if listed.kind == TableKind::View {
        table.definition = declaration::view_query(&listed.text);
    }
    let mut key: Vec<(i64, String)> = Vec::new();
    for row in rows {
        // 1 is a virtual table's hidden column; 2 and 3 are generated ones.
        if row.number("hidden")? == Some(1) {
            continue;
        }
        let name = row.text("name")?;
        let said = declared
            .columns
            .remove(&name.to_lowercase())
            .unwrap_or_default();
        let place = row.number("key_place")?.unwrap_or_default();
        if place > 0 {
            key.push((place, name.clone()));
        }
        table.columns.push(Column {
            data_type: row.text("data_type")?,
            nullable: !row.is("not_null")?,
            default: row.maybe("default_text")?,
            generated: said.generated,
            identity: said.autoincrement.then(|| "by default".to_owned()),
            collation: said.collation,
            comment: None,
            name,
        });
    }
    table.checks = declared.checks;
    key.sort();
    let key: Vec<String> = key.into_iter().map(|(_, column)| column).collect();
    // The one other name of a row's number is never null. Of all other primary keys SQLite lets
    // nulls through, unless the table is kept by its key.
    if let [only] = key.as_slice()
        && let Some(column) = table.columns.iter_mut().find(|one| one.name == *only)
        && (listed.without_rowid || column.data_type.eq_ignore_ascii_case("INTEGER"))
    {
        column.nullable = false;
    }
    if !key.is_empty() {
        table.primary_key = Some(Key {
            name: format!("{}_pkey", listed.name),
            columns: key,
        });
    }
    Ok(table)
}

/// Reads triggers.
pub(super) async fn triggers(reading: &mut Reading) -> Result<Vec<Trigger>, ConnectError> {
    reading
        .fetch(TRIGGERS)
        .await?
        .iter()
        .map(|row| {
            Ok(Trigger {
                name: row.text("name")?,
                table: QualifiedName::new(SCHEMA, row.text("table_name")?),
                definition: row.text("text")?,
            })
        })
        .collect()
}
