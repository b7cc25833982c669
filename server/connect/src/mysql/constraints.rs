//! Check constraints and foreign keys.

use super::connection::Session;
use super::expression::{clean, without_outer_parentheses};
use super::row::Cells as _;
use super::server::Kind;
use super::tables::Relations;
use crate::error::ConnectError;
use model::schema::{Check, ForeignKey, QualifiedName, ReferentialAction};
use std::collections::HashMap;

const CHECKS_MARIADB: &str = "
    SELECT table_name AS table_name, constraint_name AS name, check_clause AS clause
    FROM information_schema.check_constraints
    WHERE constraint_schema = ?
      AND (@@lower_case_table_names <> 0
           OR CAST(constraint_schema AS BINARY) = CAST(? AS BINARY))
    ORDER BY table_name, constraint_name";

/// MySQL keeps the table in another view. A constraint's name is unique in its schema there.
const CHECKS_MYSQL: &str = "
    SELECT owner.table_name AS table_name, clause.constraint_name AS name,
           clause.check_clause AS clause
    FROM information_schema.check_constraints AS clause
    JOIN information_schema.table_constraints AS owner
      ON owner.constraint_schema = clause.constraint_schema
     AND owner.constraint_name = clause.constraint_name
     AND owner.constraint_type = 'CHECK'
    WHERE clause.constraint_schema = ?
      AND (@@lower_case_table_names <> 0
           OR CAST(clause.constraint_schema AS BINARY) = CAST(? AS BINARY))
    ORDER BY owner.table_name, clause.constraint_name";

/// One list of two kinds of rows: a join of the two views would compare each row with each in
/// MariaDB. The views' collations differ in MySQL, and casts make them the same.
const FOREIGN_KEYS: &str = "
    SELECT CAST(table_name AS CHAR) AS table_name, CAST(constraint_name AS CHAR) AS name,
           0 AS position, NULL AS column_name,
           NULL AS target_schema, NULL AS target_table, NULL AS target_column,
           delete_rule AS on_delete, update_rule AS on_update
    FROM information_schema.referential_constraints
    WHERE constraint_schema = ?
      AND (@@lower_case_table_names <> 0
           OR CAST(constraint_schema AS BINARY) = CAST(? AS BINARY))
    UNION ALL
    SELECT CAST(table_name AS CHAR), CAST(constraint_name AS CHAR), ordinal_position, column_name,
           referenced_table_schema, referenced_table_name, referenced_column_name, NULL, NULL
    FROM information_schema.key_column_usage
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))
      AND referenced_table_name IS NOT NULL
    ORDER BY table_name, name, position";

/// Reads check constraints, where the server has them.
pub(super) async fn read_checks(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<(), ConnectError> {
    let server = session.server().clone();
    let statement = match server.kind {
        Kind::MariaDb => CHECKS_MARIADB,
        // Older ones read the words and forget them.
        Kind::MySql if server.version < (8, 0, 16) => return Ok(()),
        Kind::MySql => CHECKS_MYSQL,
    };
    for row in &session.fetch(statement).await? {
        let clause = clean(&row.text("clause")?, server.kind);
        if let Some(table) = relations.get_mut(&row.text("table_name")?) {
            table.checks.push(Check {
                name: row.text("name")?,
                expression: without_outer_parentheses(&clause).to_owned(),
            });
        }
    }
    Ok(())
}

/// Reads foreign keys, with their columns in order and what they do.
pub(super) async fn read_foreign_keys(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<(), ConnectError> {
    let mut actions = HashMap::new();
    for row in &session.fetch(FOREIGN_KEYS).await? {
        let table_name = row.text("table_name")?;
        let name = row.text("name")?;
        let Some(column) = row.maybe("column_name")? else {
            let done = (
                action(&row.text("on_delete")?),
                action(&row.text("on_update")?),
            );
            actions.insert((table_name, name), done);
            continue;
        };
        let Some(table) = relations.get_mut(&table_name) else {
            continue;
        };
        let target_column = row.text("target_column")?;
        match table.foreign_keys.iter_mut().rfind(|key| key.name == name) {
            Some(key) => {
                key.columns.push(column);
                key.target_columns.push(target_column);
            }
            None => table.foreign_keys.push(ForeignKey {
                name,
                columns: vec![column],
                target: QualifiedName::new(row.text("target_schema")?, row.text("target_table")?),
                target_columns: vec![target_column],
                on_delete: ReferentialAction::NoAction,
                on_update: ReferentialAction::NoAction,
                deferrable: false,
                inherited: false,
            }),
        }
    }
    for table in &mut relations.tables {
        for key in &mut table.foreign_keys {
            let owner = (table.name.name.clone(), key.name.clone());
            if let Some((on_delete, on_update)) = actions.get(&owner) {
                key.on_delete = *on_delete;
                key.on_update = *on_update;
            }
        }
    }
    Ok(())
}

fn action(words: &str) -> ReferentialAction {
    ReferentialAction::from_sql(words).unwrap_or_default()
}
