//! Tables and views, their sizes, the queries behind views and the keys of partitioned tables.

use super::connection::Session;
use super::row::Cells as _;
use crate::error::ConnectError;
use crate::introspection::{TableFacts, Unreadable};
use model::schema::{QualifiedName, Table, TableKind};
use std::collections::HashMap;

/// Names are compared by the server without case, while two tables may differ in case alone
/// where the file system tells them apart. Each statement therefore asks twice: once as the
/// server can look it up, once to the letter.
const TABLES: &str = "
    SELECT table_name AS name, table_type AS kind, engine AS engine, table_comment AS note,
           table_collation AS collation_name,
           CAST(table_rows AS CHAR) AS row_estimate,
           CAST(data_length AS CHAR) AS size_bytes,
           CAST(index_length AS CHAR) AS index_bytes
    FROM information_schema.tables
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))";

const VIEWS: &str = "
    SELECT table_name AS name, view_definition AS definition
    FROM information_schema.views
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))";

const PARTITIONS: &str = "
    SELECT DISTINCT table_name AS name, partition_method AS method,
           partition_expression AS expression, subpartition_method AS submethod,
           subpartition_expression AS subexpression
    FROM information_schema.partitions
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))
      AND partition_method IS NOT NULL";

/// Engines whose tables are windows on another server or a file.
const FOREIGN_ENGINES: [&str; 4] = ["CONNECT", "FEDERATED", "S3", "SPIDER"];

/// The relations of one database, found by name.
#[derive(Debug, Default)]
pub(super) struct Relations {
    /// In the order of their names.
    pub(super) tables: Vec<Table>,
    pub(super) facts: Vec<TableFacts>,
    pub(super) sequences: Vec<String>,
    pub(super) unreadable: Vec<Unreadable>,
    by_name: HashMap<String, usize>,
    collations: HashMap<String, String>,
}

impl Relations {
    /// The relation of exactly that name.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Table> {
        let place = *self.by_name.get(name)?;
        self.tables.get_mut(place)
    }

    /// The relation of exactly that name.
    pub(super) fn get(&self, name: &str) -> Option<&Table> {
        self.tables.get(*self.by_name.get(name)?)
    }

    /// The collation that a table's columns have unless they say otherwise.
    pub(super) fn collation(&self, table: &str) -> Option<&str> {
        self.collations.get(table).map(String::as_str)
    }
}

/// Reads which relations there are.
pub(super) async fn read(session: &mut Session) -> Result<Relations, ConnectError> {
    let rows = session.fetch(TABLES).await?;
    let schema = session.schema().to_owned();
    let mut relations = Relations::default();
    for row in &rows {
        let name = row.text("name")?;
        let kind = match row.text("kind")?.as_str() {
            "SEQUENCE" => {
                relations.sequences.push(name);
                continue;
            }
            "VIEW" | "SYSTEM VIEW" => TableKind::View,
            _ => match row.maybe("engine")? {
                Some(engine) if FOREIGN_ENGINES.contains(&engine.to_uppercase().as_str()) => {
                    TableKind::ForeignTable
                }
                _ => TableKind::Table,
            },
        };
        let mut table = Table::new(QualifiedName::new(&schema, &name), kind);
        let note = row.filled("note")?;
        if kind == TableKind::View {
            // A view's note is the word VIEW, or why it no longer works.
            if let Some(reason) = note.filter(|note| note != "VIEW") {
                relations.unreadable.push(Unreadable {
                    what: format!("view {name}"),
                    reason,
                });
            }
        } else {
            table.comment = note;
            relations.facts.push(TableFacts {
                table: table.name.clone(),
                owner: None,
                row_estimate: row.number("row_estimate")?,
                size_bytes: row.number("size_bytes")?,
                index_bytes: row.number("index_bytes")?,
            });
            if let Some(collation) = row.maybe("collation_name")? {
                relations.collations.insert(name, collation);
            }
        }
        relations.tables.push(table);
    }
    relations.tables.sort_by(|a, b| a.name.cmp(&b.name));
    relations.facts.sort_by(|a, b| a.table.cmp(&b.table));
    relations.sequences.sort();
    relations.by_name = relations
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.name.name.clone(), place))
        .collect();
    Ok(relations)
}

/// Reads the queries that define views.
pub(super) async fn read_views(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<(), ConnectError> {
    let mut hidden = 0_usize;
    for row in &session.fetch(VIEWS).await? {
        let definition = row.filled("definition")?;
        if definition.is_none() {
            hidden += 1;
        }
        if let Some(view) = relations.get_mut(&row.text("name")?) {
            view.definition = definition;
        }
    }
    if hidden > 0 {
        relations.unreadable.push(Unreadable {
            what: "definitions of views".to_owned(),
            reason: format!("the login may not see {hidden} of them (SHOW VIEW)"),
        });
    }
    Ok(())
}

/// Reads by what tables are partitioned. Partitions have no names that a query could use, so they
/// are no relations of their own.
pub(super) async fn read_partitions(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<(), ConnectError> {
    for row in &session.fetch(PARTITIONS).await? {
        let mut key = key_text(&row.text("method")?, row.maybe("expression")?);
        if let Some(method) = row.filled("submethod")? {
            key.push_str(" SUBPARTITION BY ");
            key.push_str(&key_text(&method, row.maybe("subexpression")?));
        }
        if let Some(table) = relations.get_mut(&row.text("name")?) {
            table.partition_key = Some(key);
        }
    }
    Ok(())
}

/// The method with its expression. A key without columns means the primary key.
fn key_text(method: &str, expression: Option<String>) -> String {
    format!("{method} ({})", expression.unwrap_or_default())
}
